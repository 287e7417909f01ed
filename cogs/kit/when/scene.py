"""The moment and place a phrase was typed in, and the three ways a reading can stop short.

A reading that meets a fork asks the scene to choose. Unasked, the scene raises `Ask`; the caller then reads the
phrase again once for every choice, and the results become the options of one question.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

#: One day, in seconds of wall clock.
DAY = 86_400
_ONE_DAY = timedelta(days=1)
_MIDNIGHT = time()
_FIXED: dict[timedelta, timezone] = {}  # bounded: there are fewer than 3,000 whole-minute offsets
_FIXED_MOST = 3_000


class Ask(Exception):
    """The phrase forks, and nobody has chosen yet: `key` names the fork, `values` the ways on."""

    def __init__(self, key: str, values: Sequence[str]) -> None:
        super().__init__(key)
        self.key = key
        self.values = tuple(values)


class Unsure(Exception):
    """About time, but not to be trusted: `unread` is what the reading could not use."""

    def __init__(self, unread: str = "") -> None:
        super().__init__(unread)
        self.unread = unread


class Impossible(Exception):
    """A day or clock that does not exist (30 February, 25:00), or no time at all."""


class Scene:
    """Now, here, and the choices made so far."""

    __slots__ = ("choices", "clock", "dayfirst", "home", "now", "patient", "today", "zone")

    def __init__(self, now: datetime, home: tzinfo, *, dayfirst: bool, clock: int | None) -> None:
        self.now = now
        #: The user's zone: it decides which day is today, whatever zone a clock is in.
        self.home = home
        #: Zone the clocks are in: the user's, unless the phrase names another.
        self.zone = home
        self.dayfirst = dayfirst
        self.clock = clock
        self.today: date = now.astimezone(home).date()
        self.choices: dict[str, str] = {}
        #: True while reading days of a repeat, which is never asked about for falling on today.
        self.patient = False

    def chose(self, key: str, value: str) -> Scene:
        """The same scene with one more choice made."""
        other = Scene.__new__(Scene)
        other.now, other.home, other.zone = self.now, self.home, self.home
        other.dayfirst, other.clock, other.today = self.dayfirst, self.clock, self.today
        other.choices = {**self.choices, key: value}
        other.patient = False
        return other

    def choose(self, key: str, *values: str) -> str:
        """The way chosen at this fork; raises Ask while nobody has."""
        made = self.choices.get(key)
        if made is None:
            raise Ask(key, values)
        return made

    def at(self, day: date, seconds: int) -> datetime:
        """The moment a wall clock shows so many seconds after this day's midnight, in the zone of the clocks.

        A clock skipped in spring is read with the offset before the change; one shown twice in autumn is the first.
        """
        wall = datetime.combine(day, _MIDNIGHT) + timedelta(seconds=seconds)
        # fold stays 0: that is both the offset before a gap and the first of a pair.
        return self.seen(wall.replace(tzinfo=self.zone).astimezone(UTC))

    def seen(self, moment: datetime) -> datetime:
        """The same moment with the offset in force in the zone of the clocks, fixed."""
        local = moment.astimezone(self.zone)
        offset = local.utcoffset() or timedelta()
        fixed = _FIXED.get(offset)
        if fixed is None:
            fixed = timezone(offset)
            if len(_FIXED) < _FIXED_MOST:
                _FIXED[offset] = fixed
        return local.replace(tzinfo=fixed, fold=0)

    def passed(self, day: date, seconds: int) -> bool:
        """Whether that wall clock on that day is not after now."""
        return self.at(day, seconds) <= self.now

    def coming(self, seconds: int) -> date:
        """The first day on which that wall clock is strictly after now."""
        day = self.now.astimezone(self.zone).date() - _ONE_DAY
        while self.passed(day, seconds):
            day += _ONE_DAY
        return day


def weeks_monday(day: date) -> date:
    """The Monday of the week a day is in; weeks run Monday to Sunday for everybody."""
    return day - timedelta(days=day.weekday())


def month_length(year: int, month: int) -> int:
    """How many days a month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def add_months(day: date, months: int) -> date:
    """The same day of another month, clamped to the length of a short one; raises OverflowError past year 9999."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if not 1 <= year <= 9999:
        raise OverflowError("outside the calendar")
    return date(year, month, min(day.day, month_length(year, month)))
