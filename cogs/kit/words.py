"""Lines of text as meaning: spans that each surface draws and escapes in its own way.

A feature has no way to write markup: what people typed is a `Plain` span, and the renderer escapes it, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from storage.records.money import Money
from storage.records.people import Words
from storage.records.times import utc


@dataclass(frozen=True, slots=True)
class Plain:
    """Text as it is; anything in it that looks like markup or a mention is shown, not obeyed."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Text that carries the line: bold where the surface has bold."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Text to be copied exactly: ids, commands, references."""

    text: str


@dataclass(frozen=True, slots=True)
class Web:
    """Words that open an address. Only http and https; a surface without links shows the address behind the words."""

    text: str
    url: str

    def __post_init__(self) -> None:
        if not self.url.startswith(("https://", "http://")):
            raise ValueError(f"not a web address: {self.url!r}")


class Shown(StrEnum):
    """How much of a moment is shown."""

    FULL = "full"  # Sat 28 Nov 2026, 19:30 Europe/London, in 5 days
    SHORT = "short"  # Sat 28 Nov, 19:30
    DISTANCE = "distance"  # in 5 days
    CLOCK = "clock"  # 19:30


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant. `zone` is the place whose clock is written out (a gig's venue, else the reader's)."""

    at: datetime
    zone: str
    shown: Shown = Shown.FULL

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", utc(self.at))


@dataclass(frozen=True, slots=True)
class Day:
    """A whole calendar day, the same in every zone."""

    day: date
    shown: Shown = Shown.FULL


@dataclass(frozen=True, slots=True)
class Pay:
    """An amount of money, drawn in the reader's locale."""

    money: Money


@dataclass(frozen=True, slots=True)
class Who:
    """A person by name. Never pings; a surface may make it a silent mention."""

    person_id: int
    name: str


Span = Plain | Strong | Code | Web | Moment | Day | Pay | Who
Line = tuple[Span, ...]


def line(*parts: Span | str | Money) -> Line:
    """A line of spans: bare text becomes `Plain`, bare money `Pay`."""
    return tuple(Plain(p) if isinstance(p, str) else Pay(p) if isinstance(p, Money) else p for p in parts)


_US = {
    "dep": "sub",
    "deps": "subs",
    "fixer": "contractor",
    "pencil": "hold",
    "pencilled": "on hold",
    "ink": "confirm",
    "inked": "confirmed",
    "porterage": "cartage",
    "doubling": "doubles",
    "MU rate": "scale",
    "call": "service",
    "worksheet": "day sheet",
    "get-in": "load-in",
    "get-out": "load-out",
}


def term(uk: str, words: Words | None) -> str:
    """The trade word as this reader's community says it: `term("dep", Words.US)` is "sub". Unknown words stay."""
    return _US.get(uk, uk) if words is Words.US else uk
