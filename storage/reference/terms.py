"""What a booking should say: contract checklist, cancellation positions, file delivery, session rules.

Union positions come first; examples from single acts are examples, not norms, and their labels say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from storage.reference.reading import Row, read
from storage.reference.sources import Confidence, Source


class TermGroup(StrEnum):
    """What a row is for."""

    #: A line of the checklist for an agreement; `options` are choices to offer.
    CONTRACT_FIELD = "contract_field"
    CANCELLATION = "cancellation"
    #: How files are handed over, for remote recording and for mixing.
    DELIVERY = "delivery"
    RULE = "rule"


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """One usual term of work."""

    id: str
    group: TermGroup
    label: str
    description: str
    #: As published: a number ("50"), a range ("-6 to -3") or words ("48 kHz / 24 bit"); never for arithmetic.
    value: str | None
    unit: str | None
    #: Choices to offer, in the order of the table; () when the answer is free.
    options: tuple[str, ...]
    #: Two-letter code, or "any".
    jurisdiction: str
    source: Source
    confidence: Confidence
    notes: str | None


def from_row(row: Row) -> Term:
    """One line of terms.csv. Raises BadRow."""
    return Term(
        id=row.text("id"),
        group=row.choice("group", TermGroup),
        label=row.text("label"),
        description=row.text("description"),
        value=row.maybe("value"),
        unit=row.maybe("unit"),
        options=row.many("options"),
        jurisdiction=row.text("jurisdiction"),
        source=row.source(),
        confidence=row.confidence(),
        notes=row.maybe("notes"),
    )


@cache
def everything() -> tuple[Term, ...]:
    """Every row, in the order of the table."""
    return tuple(from_row(row) for row in read("terms"))


@cache
def by_group(group: TermGroup) -> tuple[Term, ...]:
    """The terms of one group, without low confidence, in the order of the table."""
    return tuple(row for row in everything() if row.group is group and row.confidence is not Confidence.LOW)


def by_id(id: str) -> Term:
    """One row by its id ("field-fee"). Raises KeyError."""
    return _index()[id]


@cache
def _index() -> dict[str, Term]:
    return {row.id: row for row in everything()}
