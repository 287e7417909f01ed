"""The arithmetic of ears, and what in a diary says that rest is short. Pure.

Sound: the dose of NIOSH, from `storage.reference.wellness` ("niosh-formula", "niosh-rel"). A full dose is what its
recommended limit allows in a day: 8 hours at 85 dB(A), half the time for each 3 dB more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.records.times import Span
from storage.records.wellness import HearingLog, Hint

#: NIOSH: limit in dB(A), minutes at it, and dB that halve the time (wellness.csv: niosh-rel, niosh-exchange).
LIMIT_DB = 85
LIMIT_MINUTES = 480
HALVING_DB = 3
#: Days of full dose in a week: the limit is made for a week of forty hours.
WORKING_DAYS = 5
#: Levels that somebody can mean: a quiet room, and what hurts at once.
LEAST_DB, MOST_DB = 40, 140

_DAY = timedelta(days=1)


def allowed_minutes(level: float) -> float:
    """Minutes at a level that make a full dose. level: dB(A) at the ear."""
    return float(LIMIT_MINUTES / 2 ** ((level - LIMIT_DB) / HALVING_DB))


def dose(logs: Iterable[HearingLog]) -> float:
    """The dose of these, in percent of a full day's."""
    return sum(100 * log.minutes / allowed_minutes(log.at_the_ear) for log in logs)


def week_dose(logs: Iterable[HearingLog]) -> float:
    """The dose of a week, in percent of five full days."""
    return dose(logs) / WORKING_DAYS


def minutes_left(level: float, percent: float) -> int:
    """Whole minutes at a level before the day's dose is full, when `percent` of it is used; never below 0."""
    return max(0, int((100 - percent) / 100 * allowed_minutes(level) + 1e-6))


def daily(logs: Iterable[HearingLog], first: date, days: int = 7) -> list[float]:
    """The dose of each day from `first` on, in percent."""
    by_day: dict[date, list[HearingLog]] = {}
    for log in logs:
        by_day.setdefault(log.day, []).append(log)
    return [dose(by_day.get(first + _DAY * n, ())) for n in range(days)]


# --- rest -------------------------------------------------------------------------------------------------------------

#: What is said of: the third double day in a row, and a fortnight without a day off.
DOUBLES_IN_A_ROW = 3
DAYS_WITHOUT_ONE_OFF = 14
#: A call that ends from this hour on is a night's, one that begins before that hour is early (wall clock).
LATE_FROM = time(22)
EARLY_UNTIL = time(10)
#: Hours of rest that a day should hold: Directive 2003/88/EC, Article 3 (eleven consecutive hours in 24).
NIGHT_HOURS = 11
#: How far back a row of days may have begun, and how far ahead it is looked for.
BACK = timedelta(days=DAYS_WITHOUT_ONE_OFF + 1)
AHEAD = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Tired:
    """Something about rest. day: the first day of the row, or that of the early call; last: the day it comes true."""

    hint: Hint
    day: date
    last: date
    ends: datetime | None = None
    begins: datetime | None = None


def tired(calls: Sequence[Span], zone: str, today: date) -> list[Tired]:
    """What a diary says about rest on days that have not passed, soonest first.

    calls: everything the person plays, in any order. A gig of several whole days counts as one call on each of them.
    """
    counts: dict[date, int] = {}
    place = ZoneInfo(zone)
    for call in calls:
        for day in _days(call, place):
            counts[day] = counts.get(day, 0) + 1
    found = [
        *_rows(counts, Hint.DOUBLES, DOUBLES_IN_A_ROW, 2),
        *_rows(counts, Hint.NO_DAY_OFF, DAYS_WITHOUT_ONE_OFF, 1),
    ]
    found += _short_nights([call for call in calls if not call.whole_days], place)
    return sorted((one for one in found if one.last >= today), key=lambda one: (one.last, one.hint))


def _days(call: Span, place: ZoneInfo) -> list[date]:
    """The days a call counts for: each of whole days; else the one it begins on, even when it ends after midnight."""
    if not call.whole_days:
        return [call.start.astimezone(place).date()]
    return [call.first_day + _DAY * n for n in range((call.last_day - call.first_day).days + 1)]


def _rows(counts: dict[date, int], hint: Hint, length: int, at_least: int) -> list[Tired]:
    """Rows of days with that many calls each that reach `length`, once for each row."""
    found: list[Tired] = []
    run = 0
    before: date | None = None
    for day in sorted(day for day, count in counts.items() if count >= at_least):
        run = run + 1 if before is not None and day - before == _DAY else 1
        if run == length:
            found.append(Tired(hint, day - _DAY * (length - 1), day))
        before = day
    return found


def _short_nights(calls: Sequence[Span], place: ZoneInfo) -> list[Tired]:
    """A call that ends late, and one that begins early less than eleven hours after it."""
    found: list[Tired] = []
    ordered = sorted(calls, key=lambda call: call.start)
    for early in ordered:
        begins = early.start.astimezone(place)
        ends = max((call.until() for call in ordered if call.until() <= early.start), default=None)
        if ends is None or begins.time() >= EARLY_UNTIL:
            continue
        late = ends.astimezone(place)
        night = late.time() >= LATE_FROM or late.time() < time(6)
        if night and early.start - ends < timedelta(hours=NIGHT_HOURS):
            found.append(Tired(Hint.SHORT_NIGHT, begins.date(), begins.date(), ends=ends, begins=early.start))
    return found


def longest_row(calls: Sequence[Span], zone: str, today: date) -> int:
    """Days in a row with a call that today stands in; 0 when today is off."""
    place = ZoneInfo(zone)
    busy = {day for call in calls for day in _days(call, place)}
    if today not in busy:
        return 0
    first = last = today
    while first - _DAY in busy:
        first -= _DAY
    while last + _DAY in busy:
        last += _DAY
    return (last - first).days + 1


def next_day_off(calls: Sequence[Span], zone: str, today: date) -> date:
    """The first day from today on without a call."""
    place = ZoneInfo(zone)
    busy = {day for call in calls for day in _days(call, place)}
    day = today
    while day in busy:
        day += _DAY
    return day
