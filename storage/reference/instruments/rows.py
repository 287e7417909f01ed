"""Instruments, voices, ensembles and musical roles, as the table lists them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from storage.reference.reading import BadRow, Row, read
from storage.reference.sources import Confidence, Source


class InstrumentType(StrEnum):
    """What a row stands for."""

    #: Played or sung by one person.
    INSTRUMENT = "instrument"
    ROLE = "role"
    ENSEMBLE = "ensemble"
    #: Several chairs booked together: strings, horns.
    SECTION = "section"


class Family(StrEnum):
    """The family a row belongs to."""

    STRINGS = "strings"
    GUITAR = "guitar"
    BASS = "bass"
    KEYBOARDS = "keyboards"
    ELECTRONIC = "electronic"
    PERCUSSION = "percussion"
    WOODWIND = "woodwind"
    BRASS = "brass"
    VOICE = "voice"
    ENSEMBLE = "ensemble"
    MUSIC_ROLE = "role_music"
    PRODUCTION_ROLE = "role_production"


@dataclass(frozen=True, kw_only=True, slots=True)
class Instrument:
    """What a chair can be: an instrument, a voice, a section, an ensemble or a role."""

    #: Stable; kept in records.
    id: str
    name: str
    type: InstrumentType
    family: Family
    abbr: str | None
    score_abbr: str | None
    #: Lower-case forms that people type.
    aliases: tuple[str, ...]
    #: (language code, word) in other languages.
    other_names: tuple[tuple[str, str], ...]
    #: What the row's shorter names may mean as well, in words; () when they are plain.
    ambiguous_with: tuple[str, ...]
    ambiguity_rule: str | None
    #: The UK union's porterage group, A to D; None: carried without extra pay.
    porterage_group: str | None
    source: Source
    confidence: Confidence
    notes: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ambiguous:
    """A word that musicians use for several chairs. Ask; never guess."""

    #: The word as typed.
    text: str
    #: Likeliest first, at least two.
    choices: tuple[Instrument, ...]
    #: One short question.
    question: str


def _named(row: Row, cell: str) -> tuple[str, str]:
    language, colon, word = cell.partition(":")
    if not colon or len(language) != 2 or not word:
        raise BadRow(f"instruments.csv {row.id}: aliases_other: {cell!r} is not language:word")
    return language, word


def from_row(row: Row) -> Instrument:
    """One line of instruments.csv. Raises BadRow."""
    group = row.maybe("porterage_group")
    if group not in (None, "A", "B", "C", "D"):
        raise BadRow(f"instruments.csv {row.id}: porterage_group: {group!r} is not A to D")
    return Instrument(
        id=row.text("id"),
        name=row.text("name"),
        type=row.choice("type", InstrumentType),
        family=row.choice("family", Family),
        abbr=row.maybe("abbr"),
        score_abbr=row.maybe("score_abbr"),
        aliases=row.many("aliases"),
        other_names=tuple(_named(row, cell) for cell in row.many("aliases_other")),
        ambiguous_with=tuple(part.strip() for part in (row.maybe("ambiguous_with") or "").split(";") if part.strip()),
        ambiguity_rule=row.maybe("ambiguity_rule"),
        porterage_group=group,
        source=row.source_of_words(),
        confidence=row.confidence(),
        notes=row.maybe("notes"),
    )


@cache
def everything() -> tuple[Instrument, ...]:
    """Every row, in the order of the table: families together."""
    return tuple(from_row(row) for row in read("instruments"))


def by_id(id: str) -> Instrument:
    """The instrument a record names. Raises KeyError."""
    return _index()[id]


@cache
def _index() -> dict[str, Instrument]:
    return {row.id: row for row in everything()}
