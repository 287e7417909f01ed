"""Published guidance on hearing, breaks, practice, strain, eyes and sleep.

Signs of strain are a reason to rest and to seek advice, never a diagnosis. Formulas are shown as text; the arithmetic
belongs to the feature that uses it, with this row as its source.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

from storage.reference.reading import Row, read
from storage.reference.sources import Confidence, PartialDate, Source


class WellnessTopic(StrEnum):
    """What a piece of guidance is about."""

    HEARING = "hearing"
    BREAKS = "breaks"
    PRACTICE = "practice"
    INJURY = "injury"
    EYES = "eyes"
    SLEEP = "sleep"


class LegalStatus(StrEnum):
    """How binding it is, and only for whom `applies_to` names."""

    LAW = "law"
    AGREEMENT = "collective agreement"
    RECOMMENDATION = "recommendation"
    GUIDANCE = "guidance"


@dataclass(frozen=True, kw_only=True, slots=True)
class Guidance:
    """One limit, habit or warning sign, and who says so."""

    id: str
    topic: WellnessTopic
    label: str
    #: In `unit`; None where the label says it all or the value is a date.
    value: Decimal | None
    #: The day something came into force, for the rows whose value is a date.
    since: PartialDate | None
    unit: str | None
    #: As text, with L the level in dB(A): `T_minutes = 480 / 2^((L-85)/3)`.
    formula: str | None
    #: Two-letter code, "world", or a code with a town.
    jurisdiction: str
    authority: str
    #: None for a formula, which is neither law nor advice.
    legal_status: LegalStatus | None
    applies_to: str | None
    source: Source
    confidence: Confidence
    notes: str | None


def from_row(row: Row) -> Guidance:
    """One line of wellness.csv. Raises BadRow."""
    is_date = row.maybe("unit") == "date"
    return Guidance(
        id=row.text("id"),
        topic=row.choice("topic", WellnessTopic),
        label=row.text("label"),
        value=None if is_date else row.number("value"),
        since=row.partial("value") if is_date else None,
        unit=row.maybe("unit"),
        formula=row.maybe("formula"),
        jurisdiction=row.text("jurisdiction"),
        authority=row.text("authority"),
        legal_status=row.maybe_choice("legal_status", LegalStatus),
        applies_to=row.maybe("applies_to"),
        source=row.source(),
        confidence=row.confidence(),
        notes=row.maybe("notes"),
    )


@cache
def everything() -> tuple[Guidance, ...]:
    """Every row, in the order of the table."""
    return tuple(from_row(row) for row in read("wellness"))


@cache
def by_topic(topic: WellnessTopic) -> tuple[Guidance, ...]:
    """What is published on one topic, without low confidence, in the order of the table."""
    return tuple(row for row in everything() if row.topic is topic and row.confidence is not Confidence.LOW)


def by_id(id: str) -> Guidance:
    """One row by its id ("niosh-rel"), for a feature that cites it. Raises KeyError."""
    return _index()[id]


@cache
def _index() -> dict[str, Guidance]:
    return {row.id: row for row in everything()}
