"""Stretches of time. Inside, every moment is aware and in UTC; a zone travels beside it for showing and repeating."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def utc(moment: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a naive moment: nobody can say when that is."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970-01-01T00:00Z: how moments are kept on disk and compared there."""
    return (utc(moment) - _EPOCH) // _MILLISECOND


def from_milliseconds(count: int) -> datetime:
    """The moment that `milliseconds` counted."""
    return _EPOCH + _MILLISECOND * count


def local_midnight(day: date, zone: str) -> datetime:
    """The UTC instant at which `day` begins in `zone`; where midnight does not exist, the offset before the change."""
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to, not including, `end`; `zone` is the place whose wall clock it was said in.

    end: None when nobody said how long.
    whole_days: days without a clock ("Sat 28 Nov"): start is the first local midnight, end the one after the last day.
    """

    start: datetime
    end: datetime | None
    zone: str
    whole_days: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", utc(self.start))
        if self.end is not None:
            object.__setattr__(self, "end", utc(self.end))
            if self.end < self.start:
                raise ValueError("a span ends before it starts")

    @classmethod
    def of_days(cls, first: date, last: date, zone: str) -> Span:
        """Whole days from `first` to `last`, both included, in `zone`."""
        return cls(local_midnight(first, zone), local_midnight(last + timedelta(days=1), zone), zone, whole_days=True)

    @property
    def first_day(self) -> date:
        """The calendar day on which it starts, in its own zone."""
        return self.start.astimezone(ZoneInfo(self.zone)).date()

    @property
    def last_day(self) -> date:
        """The calendar day on which its last moment falls, in its own zone."""
        last = self.start if self.end is None or self.end == self.start else self.end - timedelta(microseconds=1)
        return last.astimezone(ZoneInfo(self.zone)).date()

    def until(self, *, unsaid: timedelta = timedelta(hours=3)) -> datetime:
        """When it is over; a span without an end is taken to last `unsaid` (one call is three hours by custom)."""
        return self.end if self.end is not None else self.start + unsaid

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a moment; touching ends do not clash."""
        return self.start < other.until() and other.start < self.until()


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
