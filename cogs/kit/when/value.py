"""What reading a time phrase gives back: one frozen value, whatever the phrase was.

A moment carries a fixed offset, the one in force in its zone at that moment, and never a `ZoneInfo`: two moments
can then be compared and subtracted without the traps Python sets around the night the clocks change. Add days only
through the zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    """What sort of answer a phrase got."""

    #: One moment; `start` is it.
    INSTANT = "instant"
    #: One whole day; `start` is it.
    DATE = "date"
    #: Two moments, half-open, or two days, the last included. An open side is None.
    RANGE = "range"
    #: Something that repeats: `start` (and `end`) are its first occurrence, `rrule` the rule.
    RECURRENCE = "recurrence"
    #: About time, and a question is needed first; `options` are answers to offer.
    AMBIGUOUS = "ambiguous"
    #: No time in it, or one that cannot be.
    INVALID = "invalid"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hook:
    """How a phrase hangs on an event that only the caller knows ("the evening before G1")."""

    #: Whole days from the day of the event; negative is before.
    days: int = 0
    #: Calendar months from the day of the event, clamped to the last day of a short month.
    months: int = 0
    #: Elapsed seconds from the moment of the event ("2 hours before call"); negative is before.
    seconds: int = 0
    #: Part of the day named: `morning`, `lunchtime`, `afternoon`, `evening` or `night`. None: none was.
    part: str | None = None
    #: Wall clock named, in seconds after midnight. None: none was, and the event's own clock is kept.
    clock: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class When:
    """One phrase, read: an answer, a question with its options, or a refusal."""

    kind: Kind
    #: Aware moment (fixed offset) or whole day. None for a question, a refusal, or an open start.
    start: datetime | date | None = None
    #: As `start`. Of a range of days: the last day, included. None where there is no end, or it is open.
    end: datetime | date | None = None
    #: RFC 5545 rule without `RRULE:`, for a recurrence only.
    rrule: str | None = None
    #: Every moment a phrase names, in the order written, where it names several (call and downbeat, two shows).
    parts: tuple[datetime, ...] = ()
    #: Noun the phrase hangs on, lower case, without article ("gig", "due", "g12"); None when it hangs on nothing.
    anchor: str | None = None
    #: Signed ISO 8601 duration from the anchor: days ("-P3D"), months ("P1M") or hours and minutes ("-PT2H").
    offset: str | None = None
    #: Two to four complete answers to offer as buttons, soonest first; empty where nothing sensible can be offered.
    options: tuple[When, ...] = ()
    #: Words and numbers the reading could not use, as folded (lower case, no accents); empty when all was used.
    unread: str = ""
    #: Part of the day or clock that goes with `anchor`; `cogs.kit.when.hang` settles it.
    hook: Hook | None = None
    #: Of a repeat whose first clock is skipped in spring: the clock that was said, in seconds after midnight. None: the
    #: start shows it. The repeat goes on at the clock that was said.
    wall: int | None = None
    #: Whether more was said than a clock; only `cogs.kit.moments.read_when` tells.
    day_said: bool = True

    @property
    def has_clock(self) -> bool:
        """Whether the answer names moments rather than whole days."""
        return isinstance(self.start, datetime) or isinstance(self.end, datetime)

    @property
    def is_answer(self) -> bool:
        """Whether the phrase was settled: neither a question nor a refusal."""
        return self.kind is not Kind.AMBIGUOUS and self.kind is not Kind.INVALID

    def as_dict(self) -> dict[str, object]:
        """Plain values under the eight keys of the policy; moments and days as ISO 8601 text, lists for tuples."""
        return {
            "kind": str(self.kind),
            "start": _iso(self.start),
            "end": _iso(self.end),
            "rrule": self.rrule,
            "parts": [part.isoformat() for part in self.parts],
            "anchor": self.anchor,
            "offset": self.offset,
            "options": [option.as_dict() for option in self.options],
        }


def _iso(point: date | None) -> str | None:
    return None if point is None else point.isoformat()


#: The refusal, shared: it holds nothing of the phrase.
INVALID = When(kind=Kind.INVALID)
