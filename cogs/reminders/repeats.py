"""Which moments a repeat names: on the wall clock of its zone, over clock changes, gaps and repeated hours. Pure.

A clock that is skipped in spring is read with the offset before the change; one that is shown twice in autumn is the
first. Hours and minutes are elapsed time, everything slower is counted on the calendar.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from storage.records.reminder import Timing

#: Steps of elapsed time; everything else is a calendar's.
_ELAPSED = {"SECONDLY": timedelta(seconds=1), "MINUTELY": timedelta(minutes=1), "HOURLY": timedelta(hours=1)}

#: No zone's clock is further from another reading of the same wall time than this.
_SLACK = timedelta(days=1)

#: Times compared to find the shortest stretch between two of a repeat.
_COMPARED = 60


def occurrences(timing: Timing, after: datetime) -> Iterator[datetime]:
    """The times strictly after a moment, in UTC, in order; one at most when it does not repeat."""
    if timing.rrule is None:
        if timing.at > after:
            yield timing.at
        return
    step = elapsed_step(timing.rrule)
    yield from _counted(timing, step, after) if step is not None else _on_the_wall(timing, after)


def next_after(timing: Timing, after: datetime) -> datetime | None:
    """The first time strictly after a moment; None when there is none left."""
    return next(occurrences(timing, after), None)


def latest(timing: Timing, after: datetime, until: datetime) -> datetime | None:
    """The last time after `after` and not after `until`; None when there was none."""
    found = None
    for at in occurrences(timing, after):
        if at > until:
            break
        found = at
    return found


def first_wall(timing: Timing) -> datetime | None:
    """What the wall clock shows at the first time of a calendar repeat, naive; None for a rule that names no day."""
    return next(iter(_rule(timing)), None)


def shortest_gap(timing: Timing) -> timedelta | None:
    """The shortest stretch between two times, as far as the first sixty tell; None when there is only one."""
    times = list(islice(occurrences(timing, timing.at - timedelta(microseconds=1)), _COMPARED))
    return min((late - early for early, late in pairwise(times)), default=None)


def elapsed_step(rule: str) -> timedelta | None:
    """How far apart the times of "every 2 hours" are; None for a rule of the calendar."""
    parts = rule_parts(rule)
    unit = _ELAPSED.get(parts["FREQ"])
    return None if unit is None else unit * int(parts.get("INTERVAL", "1"))


def rule_parts(rule: str) -> dict[str, str]:
    """A rule taken apart: {"FREQ": "WEEKLY", "BYDAY": "TU"}."""
    return dict(part.split("=", 1) for part in rule.split(";"))


def rule_text(parts: dict[str, str]) -> str:
    """The rule again."""
    return ";".join(f"{name}={value}" for name, value in parts.items())


def ending(rule: str, until: datetime | None) -> str:
    """The rule with another end, an aware moment that still counts; None: without any end. A count goes too."""
    parts = {name: value for name, value in rule_parts(rule).items() if name not in ("UNTIL", "COUNT")}
    if until is not None:
        parts["UNTIL"] = f"{until.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return rule_text(parts)


def last_day(timing: Timing) -> date | None:
    """The day named as the last one; None where none was."""
    until = _until(timing)
    return None if until is None else until.date()


def moment(wall: datetime, zone: str) -> datetime | None:
    """The UTC moment of a wall clock; None outside the calendar."""
    try:
        # fold=0 is both the offset before a gap and the first of two equal clocks.
        return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
    except OverflowError:
        return None


def _on_the_wall(timing: Timing, after: datetime) -> Iterator[datetime]:
    before = after
    for wall in _walls(timing, after.astimezone(ZoneInfo(timing.zone)).replace(tzinfo=None) - _SLACK):
        at = moment(wall, timing.zone)
        if at is None:
            return
        if at > before:
            yield at
            before = at


def _walls(timing: Timing, begin: datetime) -> Iterator[datetime]:
    """What the wall clock shows at the times after `begin`."""
    try:
        yield from _rule(timing).xafter(begin)
    except ValueError:  # the library counts a week on past the end of the calendar
        return


def _counted(timing: Timing, step: timedelta, after: datetime) -> Iterator[datetime]:
    """The times of a rule in elapsed time, found by division however long it has been going."""
    assert timing.rrule is not None
    count = rule_parts(timing.rrule).get("COUNT")
    until = _until(timing)
    end = None if until is None else moment(until, timing.zone)
    number = max(0, (after - timing.at) // step + 1) if after >= timing.at else 0
    while count is None or number < int(count):
        try:
            at = timing.at + number * step
        except OverflowError:
            return
        if end is not None and at > end:
            return
        yield at
        number += 1


def _rule(timing: Timing) -> rrule:
    """The rule on naive wall clocks. Its end, which is kept in UTC, is turned into what the wall clock shows then."""
    assert timing.rrule is not None
    parts = rule_parts(timing.rrule)
    parts.pop("UNTIL", None)
    made = rrulestr(rule_text(parts), dtstart=timing.wall)
    assert isinstance(made, rrule)
    until = _until(timing)
    return made if until is None else made.replace(until=until)


def _until(timing: Timing) -> datetime | None:
    """The end of a rule on the wall clock, naive; of a whole day its last second."""
    text = rule_parts(timing.rrule).get("UNTIL") if timing.rrule is not None else None
    if text is None:
        return None
    if "T" not in text:
        return datetime.combine(datetime.strptime(text, "%Y%m%d").date(), time(23, 59, 59))  # noqa: DTZ007  # a day
    end = datetime.strptime(text.rstrip("Z"), "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return end.astimezone(ZoneInfo(timing.zone)).replace(tzinfo=None)


def weekdays(rule: str) -> tuple[str, ...]:
    """The days of the week that a weekly rule names: ("TU", "TH"); none for any other rule."""
    parts = rule_parts(rule)
    return tuple(parts["BYDAY"].split(",")) if parts["FREQ"] == "WEEKLY" and "BYDAY" in parts else ()


def on_weekday(rule: str, day: str) -> str:
    """A weekly rule on another day of the week: "FR"."""
    return rule_text(rule_parts(rule) | {"BYDAY": day})
