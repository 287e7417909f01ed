"""What people say about their time, kept as patterns, and what else fills it: gigs and imported calendars."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from storage.records.times import Span

#: Minutes of a wall-clock day.
DAY_MINUTES = 1440
#: Every day of the week; bit 0 is Monday.
EVERY_DAY = 0b1111111
#: Entries that nobody confirmed for this long are asked about once; product numbers.
STALE_AFTER = timedelta(days=60)

#: The person's setting that says how many minutes of travel between two calls a warning counts with.
TRAVEL_SETTING = "avail.travel"

Stretch = tuple[datetime, datetime]


class Free(StrEnum):
    """What somebody says about a time."""

    FREE = "free"
    MAYBE = "maybe"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing said: "every Tuesday evening no until June". Where two speak of one time, the later said counts.

    zone: whose wall clock was meant; it keeps to that clock over clock changes.
    first, last: days on which it begins, both included; last None: for ever.
    begins, ends: minutes after the midnight that begins such a day; past 1440 it runs into the next days.
    days: of the week, bit 0 for Monday. every: of how many weeks, counted from the week of `first`.
    listed: the very days, in order, where no weekly pattern names them ("first Monday of every month"); `days` and
    `every` say nothing then. but: days left out.
    region: only there. note: for the owner alone.
    said_at: when it was last said or confirmed, by which it goes stale. asked_at: when its owner was asked about it.
    """

    id: int
    person_id: int
    state: Free
    zone: str
    first: date
    last: date | None
    begins: int = 0
    ends: int = DAY_MINUTES
    days: int = EVERY_DAY
    every: int = 1
    listed: tuple[date, ...] = ()
    but: tuple[date, ...] = ()
    region: str | None = None
    note: str | None = None
    made_at: datetime
    said_at: datetime
    asked_at: datetime | None = None
    deleted_at: datetime | None = None

    @property
    def ref(self) -> str:
        """Its short id."""
        return f"A{self.id}"

    @property
    def whole_days(self) -> bool:
        """Whether it is said of days without a clock."""
        return self.begins == 0 and self.ends == DAY_MINUTES

    @property
    def repeats(self) -> bool:
        """Whether it names days by a pattern, and not a date or a range of dates."""
        return bool(self.listed) or self.every > 1 or self.days != EVERY_DAY or self.last is None

    def stale_at(self) -> datetime:
        """From when on it is too old to be relied upon."""
        return self.said_at + STALE_AFTER

    def begins_on(self, day: date) -> bool:
        """Whether one of its stretches begins on that day of its own calendar."""
        if day < self.first or (self.last is not None and day > self.last) or day in self.but:
            return False
        if self.listed:
            return day in self.listed
        if not self.days >> day.weekday() & 1:
            return False
        if self.every == 1:
            return True
        monday = self.first - timedelta(days=self.first.weekday())
        return (day - monday).days // 7 % self.every == 0

    def stretches(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        """The stretches that share a moment with [start, end), in UTC, not cut, in order."""
        place = ZoneInfo(self.zone)
        day = start.astimezone(place).date() - timedelta(days=(self.ends + DAY_MINUTES - 1) // DAY_MINUTES)
        until = end.astimezone(place).date()
        day = max(day, self.first)
        if self.last is not None:
            until = min(until, self.last)
        while day <= until:
            if self.begins_on(day):
                begins, ends = wall(day, self.begins, place), wall(day, self.ends, place)
                if begins < end and start < ends:
                    yield begins, ends
            day += timedelta(days=1)


def wall(day: date, minutes: int, place: ZoneInfo) -> datetime:
    """The moment at which the wall clock of `place` shows so many minutes after the midnight that begins `day`.

    What the clock shows twice is the first time; what it never shows is read with the offset before the change.
    """
    days, rest = divmod(minutes, DAY_MINUTES)
    return datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), place).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A gig in somebody's diary: their answer stands pencilled or inked, and the gig has not been called off."""

    gig_id: int
    person_id: int
    inked: bool
    span: Span

    def stretch(self) -> Stretch:
        """From when to when it keeps them."""
        return self.span.start, self.span.until()


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """A stretch in which an imported calendar has something; what, is not kept.

    floating: the two are readings of a wall clock without a zone, written as if in UTC, and mean the clock of whoever
    looks: whole days, and times without a zone.
    """

    person_id: int
    start: datetime
    end: datetime
    floating: bool = False

    def stretch(self, zone: str) -> Stretch:
        """From when to when, for somebody who lives by that zone."""
        if not self.floating:
            return self.start, self.end
        place = ZoneInfo(zone)
        return self.start.replace(tzinfo=place).astimezone(UTC), self.end.replace(tzinfo=place).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A calendar somebody imported.

    url: where it is read again from time to time; None: it came as a file, once.
    until: how far ahead it was read. next_at: when it is read again. trouble: why the last reading failed.
    failures: readings that failed one after the other.
    """

    id: int
    person_id: int
    url: str | None
    until: datetime
    made_at: datetime
    read_at: datetime
    next_at: datetime | None
    failures: int = 0
    trouble: str | None = None


class FeedShow(StrEnum):
    """What a calendar feed says of each gig."""

    BUSY = "busy"
    STATES = "states"


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFeed:
    """The feed by which calendar programs read somebody's gigs. secret_hash: SHA-256 of the secret, in hex."""

    person_id: int
    secret_hash: str
    show: FeedShow
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Diary:
    """Everything that bears on one person's time in some stretch."""

    person_id: int
    entries: tuple[Entry, ...] = ()
    bookings: tuple[Booking, ...] = ()
    busy: tuple[Stretch, ...] = ()


class Candidate(NamedTuple):
    """Somebody who plays what is looked for, with what they said of their time, packed (`storage.records.packs`).

    name_key: by which names are sorted. contacts_only: only those who worked with them may find them.
    is_double: not their first instrument. zones, entries, odd: None where they said nothing.
    """

    person_id: int
    name_key: str
    region: str | None
    radius_km: int | None
    contacts_only: bool
    is_double: bool
    zones: str | None
    entries: bytes | None
    odd: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clashes:
    """What in somebody's own diary stands against a time; for nobody but them.

    bookings: gigs at that time, or closer to it than the travel they asked for. busy: something in an imported
    calendar. entries: what they themselves said no to.
    """

    bookings: tuple[Booking, ...] = ()
    busy: bool = False
    entries: tuple[Entry, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.bookings or self.busy or self.entries)
