"""What a break timer does next. Pure: a timer and a moment in, the timer as it is then out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.records.availability import Stretch, wall
from storage.records.wellness import EVERY_DAY, BreakMode, BreakPlan, BreakTimer, Phase

#: Minutes of work and rest. Practice: BAPAM, five minutes every half hour. Rehearsal: AFM Local 76-493, ten minutes an
#: hour. Session: AFM SRLA, two rests of ten minutes in three hours. Desk: HSE, five to ten minutes an hour rather than
#: more at once. The first three are rows of wellness.csv: bapam-break, l76-rehearsal, srla-rest.
MODES = {
    BreakMode.PRACTICE: (25, 5),
    BreakMode.REHEARSAL: (50, 10),
    BreakMode.SESSION: (80, 10),
    BreakMode.DESK: (55, 5),
}
#: What somebody may set themselves, in minutes.
LEAST_PLAY, MOST_PLAY = 5, 240
LEAST_REST, MOST_REST = 1, 120
#: A word before the break, where there is time for one.
WARN = timedelta(minutes=2)
WARN_FROM = 10
#: How long a timer runs that nobody stops; at a desk the hours of the plan do that.
RUNS_FOR = timedelta(hours=6)
#: What Snooze puts a break off by.
SNOOZE = 10
#: A break that is nearly over is announced no more.
WORTH_SAYING = timedelta(minutes=1)

_MINUTE = timedelta(minutes=1)
_DAY_MINUTES = 24 * 60


def begun(timer: BreakTimer, at: datetime) -> BreakTimer:
    """The timer with a fresh stretch of work from `at` on."""
    return replace(
        timer, phase=Phase.WORK, turn=timer.turn + 1, began_at=at, ends_at=at + _MINUTE * timer.play, ended_at=None
    )


def followed(timer: BreakTimer, now: datetime) -> BreakTimer:
    """The timer after what it counted is over: rest after work, work after rest. Long after, it begins afresh.

    Whole rounds that nobody was told of (the program was away) are passed over, so that their breaks come on time.
    """
    at = timer.ends_at
    round_ = _MINUTE * (timer.play + timer.rest)
    if now - at >= round_:
        at += (now - at) // round_ * round_
    timer = _next(timer, at)
    return _next(timer, timer.ends_at) if timer.ends_at <= now else timer


def _next(timer: BreakTimer, at: datetime) -> BreakTimer:
    if timer.phase is Phase.REST:
        return begun(timer, at)
    return replace(timer, phase=Phase.REST, turn=timer.turn + 1, began_at=at, ends_at=at + _MINUTE * timer.rest)


def put_off(timer: BreakTimer, now: datetime, minutes: int) -> BreakTimer:
    """The coming break comes so much later; one that has begun ends, and comes again then."""
    later = _MINUTE * minutes
    if timer.phase is Phase.REST:
        return replace(timer, phase=Phase.WORK, turn=timer.turn + 1, began_at=now, ends_at=now + later)
    return replace(timer, turn=timer.turn + 1, ends_at=max(timer.ends_at, now) + later)


def warns_at(timer: BreakTimer, now: datetime) -> datetime | None:
    """When a word goes before the break; None: there is no time for one."""
    at = timer.ends_at - WARN
    return (
        at if timer.phase is Phase.WORK and timer.ends_at - timer.began_at >= _MINUTE * WARN_FROM and at > now else None
    )


# --- when a timer may speak -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Silence:
    """Everything that may keep a person's own timer silent.

    quiet: their quiet hours, wall clock from and to; None: breaks may come in them. calls: stretches of their diary.
    """

    zone: str
    plan: BreakPlan | None = None
    quiet: tuple[time, time] | None = None
    calls: tuple[Stretch, ...] = ()

    def until(self, at: datetime) -> datetime | None:
        """When the timer may speak again; None when it may at `at`."""
        free = at
        for _ in range(60):  # what ends may run into the next: a call into the night into the weekend
            ends = self._one_until(free)
            if ends is None or ends <= free:
                break
            free = ends
        return free if free > at else None

    def _one_until(self, at: datetime) -> datetime | None:
        plan = self.plan
        if plan is not None and plan.silent_until is not None and at < plan.silent_until:
            return plan.silent_until
        for begins, ends in self.calls:
            if begins <= at < ends:
                return ends
        if self.quiet is not None:
            begins_at, ends_at = self.quiet
            asleep = opens_at(at, self.zone, EVERY_DAY, _minutes(ends_at), _minutes(begins_at))
            if asleep is not None:
                return asleep
        if plan is not None:
            return opens_at(at, plan.zone, plan.days, plan.begins, plan.ends)
        return None


def opens_at(at: datetime, zone: str, days: int, begins: int, ends: int) -> datetime | None:
    """When the hours begin that `at` lies outside of; None inside them.

    days: on which they begin, bit 0 for Monday; 0 counts as every day. begins, ends: minutes after midnight; they may
    pass it; the same twice: all day. Found on the wall clock of `zone`, over its changes.
    """
    place = ZoneInfo(zone)
    days = days or EVERY_DAY
    length = (ends - begins) % _DAY_MINUTES or _DAY_MINUTES
    today = at.astimezone(place).date()
    for ahead in range(-1, 9):
        day = today + timedelta(days=ahead)
        if not days >> day.weekday() & 1:
            continue
        opens, closes = wall(day, begins, place), wall(day, begins + length, place)
        if opens <= at < closes:
            return None
        if opens > at:
            return opens
    return None


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


# --- reading days and hours -------------------------------------------------------------------------------------------

_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SETS = {
    "every day": EVERY_DAY, "everyday": EVERY_DAY, "daily": EVERY_DAY, "all": EVERY_DAY, "any": EVERY_DAY,
    "weekdays": 0b0011111, "weekday": 0b0011111, "workdays": 0b0011111, "weekend": 0b1100000, "weekends": 0b1100000,
}  # fmt: skip
_DAYS = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*(?:\s*(?:-|–|to)\s*(mon|tue|wed|thu|fri|sat|sun)[a-z]*)?")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?\s*(am|pm)?", re.IGNORECASE)


_HOURS = re.compile(
    r"(?:\bfrom\s+)?(?<![\w-])(\d{1,2}(?:[:.]\d{2})?\s*(?:am|pm)?)\s*(?:-|–|\bto\b|\buntil\b|\btill\b)\s*"
    r"(\d{1,2}(?:[:.]\d{2})?\s*(?:am|pm)?)(?!\w)",
    re.IGNORECASE,
)


def find_from(text: str) -> tuple[int, int, str] | None:
    """The first clock of "9-17"; it stays in the line for `find_to`. A nine-to-five is one of the day."""
    match = _HOURS.search(text)
    return None if match is None else (match.start(), match.start(), match[1].strip())


def find_to(text: str) -> tuple[int, int, str] | None:
    """The second clock of "9-17", in the afternoon where it stands bare behind a later one: "9-5"."""
    match = _HOURS.search(text)
    if match is None:
        return None
    first, last = read_clock(match[1]), read_clock(match[2])
    bare = match[2].strip().isdigit() and match[1].strip().isdigit()
    late = bare and first is not None and last is not None and 0 < last < first and last <= 11 * 60
    return (*match.span(), f"{match[2].strip()}pm" if late else match[2].strip())


def read_days(text: str) -> int | None:
    """Days of the week out of "mon-fri", "tue, thu", "weekdays"; bit 0 is Monday; None when it cannot be read."""
    said = " ".join(text.casefold().split())
    if said in _SETS:
        return _SETS[said]
    found = 0
    for first, last in _DAYS.findall(said):
        start = _NAMES.index(first)
        end = _NAMES.index(last) if last else start
        for step in range((end - start) % 7 + 1):
            found |= 1 << (start + step) % 7
    left = re.sub(r"[\s,;&+]|and", "", _DAYS.sub("", said))
    return found if found and not left else None


def days_text(days: int) -> str:
    """ "Mon to Fri", "Tue, Thu"; what `read_days` reads back."""
    if days == EVERY_DAY:
        return "every day"
    if days == 0b0011111:
        return "weekdays"
    if days == 0b1100000:
        return "weekend"
    return ", ".join(name.capitalize() for bit, name in enumerate(_NAMES) if days >> bit & 1)


def read_clock(text: str) -> int | None:
    """Minutes after midnight out of "9", "9:30", "6pm", "24:00"; None when it is no clock."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").casefold()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return None
    return (hour * 60 + minute) % _DAY_MINUTES


def clock_text(minutes: int) -> str:
    """ "09:30"."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def overlapping(stretches: Iterable[Stretch], at: datetime) -> tuple[Stretch, ...]:
    """Those that have not ended at `at`, and do not last for days: a tour is no single call."""
    return tuple(one for one in stretches if one[1] > at and one[1] - one[0] <= timedelta(hours=14))


def ends_by_itself(mode: BreakMode, now: datetime) -> datetime | None:
    """When a timer stops that was given no end."""
    return None if mode is BreakMode.DESK else (now + RUNS_FOR).astimezone(UTC)
