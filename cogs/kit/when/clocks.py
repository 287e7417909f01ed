"""Settle which hour was meant: am or pm, by what is written, by the part of the day, by the neighbours.

A settled clock is a number of seconds after the midnight that begins its day; at or above 86,400 it is on the next
day. "Hard" readings are written out (5pm, 19:30, noon); "soft" ones are habits (5 is the afternoon, doors 7 the
evening), and give way to a hard neighbour.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from cogs.kit.when.scene import DAY, Impossible, Scene

_NOON: Final = DAY // 2
#: Hours a part of the day covers with no clock, in seconds after midnight, end excluded.
PARTS: Final[dict[str, tuple[int, int]]] = {
    "morning": (6 * 3600, 12 * 3600),
    "lunchtime": (12 * 3600, 14 * 3600),
    "afternoon": (12 * 3600, 18 * 3600),
    "evening": (18 * 3600, 24 * 3600),
    "night": (18 * 3600, 24 * 3600),
}
#: Hours a written clock may have beside a part of the day before the two contradict each other.
_AGREES: Final[dict[str, tuple[int, int]]] = {
    "morning": (0, 12 * 3600),
    "lunchtime": (11 * 3600, 15 * 3600),
    "afternoon": (12 * 3600, 24 * 3600 - 1),
    "evening": (12 * 3600, 24 * 3600 - 1),
    "night": (12 * 3600, 24 * 3600 - 1),
}


class Clock:
    """A clock as written."""

    __slots__ = ("german", "half", "hour", "midnight", "minute", "noon", "second", "wide", "written")

    def __init__(
        self, hour: int, minute: int = 0, second: int = 0, half: str = "", *, wide: bool = False, written: bool = False
    ) -> None:
        if minute > 59 or second > 59:
            raise Impossible
        if hour > 23 and not (hour == 24 and minute == second == 0 and not half):
            raise Impossible
        if half and not 1 <= hour <= 12:
            raise Impossible
        self.hour = hour
        self.minute = minute
        self.second = second
        #: "am", "pm" or "".
        self.half = half
        #: Written on the 24-hour clock.
        self.wide = wide or hour > 12 or (hour == 0 and not half)
        #: Written with its minutes ("9:30"), which a 24-hour profile reads as they stand.
        self.written = written
        self.midnight = False
        self.noon = False
        #: On the 24-hour clock by a word ("Uhr", "h"), which a part of the day may still move to the evening.
        self.german = False

    @property
    def stands(self) -> bool:
        """Whether am or pm is written, or said by noon and midnight."""
        return bool(self.half) or self.midnight or self.noon

    @property
    def rest(self) -> int:
        """Minutes and seconds, in seconds."""
        return self.minute * 60 + self.second

    def am(self) -> int:
        """The reading before noon."""
        return self.hour % 12 * 3600 + self.rest

    def plain(self) -> int:
        """The reading on the 24-hour clock."""
        return self.hour * 3600 + self.rest

    def readings(self) -> tuple[int, ...]:
        """Every time of day the clock can show."""
        if self.half:
            return (self.am() + (_NOON if self.half == "pm" else 0),)
        if self.wide:
            return (self.plain(),)
        return self.am(), self.am() + _NOON


def noon() -> Clock:
    """Twelve in the day."""
    clock = Clock(12, half="pm")
    clock.noon = True
    return clock


def midnight() -> Clock:
    """Twelve in the night."""
    clock = Clock(0, wide=True)
    clock.midnight = True
    return clock


def _hard(scene: Scene, clock: Clock, part: str | None) -> int | None:
    if clock.half or clock.wide:
        settled = clock.readings()[0]
        if part is not None and clock.german and clock.hour < 12 and part != "morning":
            settled += _NOON
        return settled
    return None if part is None else _by_part(scene, clock, part)


def _by_part(scene: Scene, clock: Clock, part: str) -> int:
    early = clock.am()
    if part == "morning":
        return early
    if part == "lunchtime":
        return early if clock.hour in (10, 11) else early + _NOON
    if part == "night" and (clock.hour == 12 or clock.hour <= 4):
        # "12 tonight", "friday night at 1": the small hours belong to the day after.
        return early + DAY if scene.choose("small hours", "after", "before") == "after" else early + _NOON
    if part == "evening" and clock.hour == 12:
        return early + DAY if scene.choose("small hours", "after", "before") == "after" else early + _NOON
    return early + _NOON


def _soft(clock: Clock, evening: bool) -> int | None:
    if clock.hour == 12:
        return _NOON + clock.rest
    if 1 <= clock.hour <= 6:
        return clock.am() + _NOON
    return clock.am() + _NOON if evening else None


def _next(clock: Clock, after: int) -> int:
    """The next such clock strictly after a time of day."""
    return min(after + ((reading - after) % DAY or DAY) for reading in clock.readings())


def _latest(clock: Clock, before: int) -> int:
    """The latest such clock strictly before a time of day."""
    return max(before - ((before - reading) % DAY or DAY) for reading in clock.readings())


def agreed(scene: Scene, settled: int, part: str | None) -> int:
    """The same clock where it fits the part of the day named beside it; else asked about."""
    if part is None or settled >= DAY:
        return settled
    earliest, latest = _AGREES[part]
    if earliest <= settled <= latest:
        return settled
    return settled + DAY if scene.choose("small hours", "after", "before") == "after" else settled


def settle(
    scene: Scene, clocks: Sequence[Clock], part: str | None, evenings: Sequence[bool], *, today: bool, dated: bool
) -> list[int]:
    """Settle clocks on one day in the order written, each later than the one before.

    evenings: for each clock, whether a word before it (show, doors) puts a bare 7 to 11 in the evening.
    today: the day is an explicit "today". dated: the phrase names a day, so that midnight could be either end of it.
    """
    settled: list[int | None] = [None] * len(clocks)
    first = _anchor(scene, clocks, part, evenings, settled, today=today, dated=dated)
    for index in range(first + 1, len(clocks)):
        settled[index] = _following(scene, clocks[index], settled[index - 1] or 0)
    for index in range(first - 1, -1, -1):
        settled[index] = _latest(clocks[index], settled[index + 1] or 0)
    whole = [value or 0 for value in settled]
    if whole[0] < 0:
        whole = [value + DAY for value in whole]
    if len(whole) == 1 or part != "morning":
        whole[0] = agreed(scene, whole[0], part) if not clocks[0].midnight else whole[0]
    return whole


def _anchor(
    scene: Scene,
    clocks: Sequence[Clock],
    part: str | None,
    evenings: Sequence[bool],
    settled: list[int | None],
    *,
    today: bool,
    dated: bool,
) -> int:
    """Settle one clock that the others are counted from; its place."""
    for index, clock in enumerate(clocks):
        if clock.midnight:
            if index > 0:
                settled[index] = DAY
            elif dated:
                settled[index] = DAY if scene.choose("midnight", "start", "end") == "end" else 0
            else:
                settled[index] = 0
            return index
        hard = _hard(scene, clock, part)
        if hard is not None:
            settled[index] = hard
            return index
    for index, clock in enumerate(clocks):
        soft = _soft(clock, evenings[index])
        if soft is not None:
            settled[index] = soft
            return index
    settled[0] = _by_asking(scene, clocks[0], today=today)
    return 0


def _by_asking(scene: Scene, clock: Clock, *, today: bool) -> int:
    if today:
        ahead = [reading for reading in clock.readings() if not scene.passed(scene.today, reading)]
        if len(ahead) == 1:
            return ahead[0]
    if scene.clock == 24 and clock.written:
        return clock.plain()
    return clock.am() if scene.choose("hour", "am", "pm") == "am" else clock.am() + _NOON


def _following(scene: Scene, clock: Clock, before: int) -> int:
    following = _next(clock, before)
    if following - before >= _NOON and (clock.half or clock.wide) and not clock.midnight and before >= 6 * 3600:
        # "show 8pm, load-in 4pm": written out of order, or the next day? One of the two costs a gig.
        earlier = clock.readings()[0]
        if earlier < before and scene.choose("order", "before", "after") == "before":
            return earlier
    return following


def settle_range(
    scene: Scene, start: Clock, end: Clock, part: str | None, *, evening: bool, dated: bool
) -> tuple[int, int]:
    """Settle the two ends of a range of clocks; the end is after the start, at most a day later."""
    begins, ends = _ends(scene, start, end, part, evening=evening, dated=dated)
    if ends <= begins:
        ends += DAY
    if begins < 0:
        begins, ends = begins + DAY, ends + DAY
    if part is not None and not start.midnight:
        shifted = agreed(scene, begins, part)
        begins, ends = shifted, ends + shifted - begins
    return begins, ends


def _ends(scene: Scene, start: Clock, end: Clock, part: str | None, *, evening: bool, dated: bool) -> tuple[int, int]:
    finish = DAY if end.midnight else end.readings()[0]
    if start.stands:
        if start.midnight and dated and scene.choose("midnight", "start", "end") == "end":
            begins = DAY
        else:
            begins = start.readings()[0]
        if end.stands or end.wide:
            return begins, finish + (DAY if begins >= DAY else 0)
        return begins, _next(end, begins)
    if end.stands:
        if start.wide:
            return start.plain(), finish
        if part is not None and (part != "night" or start.hour not in (12, 1, 2, 3, 4)):
            begins = _by_part(scene, start, part)
            return begins, begins + ((finish - begins) % DAY or DAY)
        return _latest(start, finish), finish
    if start.wide or end.wide:
        return _both_wide(scene, start, end, part)
    begins = _bare_start(scene, start, end, part, evening=evening)
    return begins, _next(end, begins)


def _both_wide(scene: Scene, start: Clock, end: Clock, part: str | None) -> tuple[int, int]:
    begins, ends = start.plain(), end.plain()
    if part in ("evening", "night", "afternoon") and begins < _NOON and (start.german or end.german):
        begins = begins + _NOON
        return begins, _next(end, begins) if not end.wide or end.german else ends
    if ends <= begins and not end.wide and end.hour >= 7 and ends + _NOON > begins:
        # "19:30-10": ten the next morning by the rule, ten that evening to anybody on a stage.
        return (begins, ends) if scene.choose("end", "wide", "evening") == "wide" else (begins, ends + _NOON)
    return begins, ends


def _bare_start(scene: Scene, start: Clock, end: Clock, part: str | None, *, evening: bool) -> int:
    if part is not None:
        return _by_part(scene, start, part)
    soft = _soft(start, False)
    if soft is not None:
        return soft
    crosses = end.hour == 12 or 1 <= end.hour <= 6
    if crosses and not evening:
        return start.am()
    if evening and not crosses:
        return start.am() + _NOON
    if scene.clock == 24 and start.written and end.written:
        return start.plain()
    # Both ends 7 to 11, or an evening word before a range that crosses noon ("gig 9-1").
    return start.am() if scene.choose("hour", "am", "pm") == "am" else start.am() + _NOON


def coming(scene: Scene, seconds: int) -> datetime:
    """The next moment, strictly after now, at which a wall clock shows this."""
    return scene.at(scene.coming(seconds), seconds)
