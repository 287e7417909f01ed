"""Where a published fact was read, how sure we are of it, and dates as precise as the publisher gave them."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Confidence(StrEnum):
    """How far the figure can be trusted to be what the source published for its period.

    It says nothing about whether the figure is still in force: that is `rates.Freshness` and the row's dates.
    """

    #: The publisher's own page or legal text, or two independent sources that agree.
    HIGH = "high"
    #: A copy, an undated page, one good second-hand source, or a date that had to be inferred.
    MEDIUM = "medium"
    #: One weak source. Hidden unless asked for, and then shown as "not confirmed".
    LOW = "low"


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """The page a fact was read on. Whoever shows the fact shows this with it."""

    title: str
    #: None where the table does not name one (instruments, kinds of work).
    publisher: str | None
    #: http or https. None only for editorial rows of instruments and kinds of work, which hold no figures.
    url: str | None
    #: The day the row was last compared with a copy of the page, which may be older than the live page.
    checked_on: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PartialDate:
    """A date known to the year, the month or the day, exactly as published.

    `or_later` marks an announcement without an end ("2027 or later").
    """

    year: int
    month: int | None = None
    day: int | None = None
    or_later: bool = False

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day needs a month")
        if 0 in (self.month, self.day):
            raise ValueError("months and days count from 1")
        self.first_day()  # an impossible month or day is refused here, not when somebody reads it

    def first_day(self) -> date:
        """The earliest day it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    def last_day(self) -> date:
        """The latest day it can mean; date.max when it has no end."""
        if self.or_later:
            return date.max
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def __str__(self) -> str:
        parts = [f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part is not None)]
        return "-".join(parts) + (" or later" if self.or_later else "")


_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?( or later)?", re.ASCII)


def partial_date(text: str) -> PartialDate:
    """Reads `2024`, `2024-04`, `2024-04-06` or `2027 or later`. Raises ValueError for anything else."""
    match = _PARTIAL.fullmatch(text)
    if match is None:
        raise ValueError(f"not a date of the form YYYY, YYYY-MM or YYYY-MM-DD: {text!r}")
    year, month, day, later = match.groups()
    return PartialDate(
        year=int(year),
        month=int(month) if month else None,
        day=int(day) if day else None,
        or_later=later is not None,
    )


def within_term(on: date, start: PartialDate | None, end: PartialDate | None) -> bool:
    """Whether the day falls inside a published term; a missing end is open."""
    return (start is None or start.first_day() <= on) and (end is None or on <= end.last_day())
