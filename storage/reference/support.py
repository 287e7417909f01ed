"""Help lines and charities for people in music, by country.

Show name, phone, hours, country and link together. A number may have changed since the year of the page it came from:
show the year, and confirm the numbers with the services before each release.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from storage.reference.countries import code_of
from storage.reference.reading import BadRow, Row, read
from storage.reference.sources import Confidence, Source


@dataclass(frozen=True, kw_only=True, slots=True)
class HelpLine:
    """One service that somebody can turn to."""

    id: str
    name: str
    #: ISO 3166 two-letter code; numbers are as dialled inside it.
    country: str
    audience: str
    service: str
    #: As published, letters and spaces kept; None: reached through the link only.
    phone: str | None
    text_number: str | None
    contact_url: str | None
    #: None: the source gives no hours, which is not the same as always open.
    hours: str | None
    cost: str | None
    #: Open to people in crisis.
    crisis_line: bool
    #: Year of the page the number was read on; None: undated.
    source_year: int | None
    source: Source
    confidence: Confidence
    notes: str | None

    @property
    def link(self) -> str:
        """The service's own page, or else the page the number was read on."""
        return self.contact_url or self.source.url or ""


def from_row(row: Row) -> HelpLine:
    """One line of support.csv. Raises BadRow, also when a line gives no way at all to get in touch."""
    if row.maybe("phone") is None and row.maybe("contact_url") is None:
        raise BadRow(f"support.csv {row.id}: phone: neither a number nor a link")
    return HelpLine(
        id=row.text("id"),
        name=row.text("name"),
        country=row.text("country"),
        audience=row.text("audience"),
        service=row.text("service"),
        phone=row.maybe("phone"),
        text_number=row.maybe("text_number"),
        contact_url=row.maybe("contact_url"),
        hours=row.maybe("hours"),
        cost=row.maybe("cost"),
        crisis_line=row.yes("crisis_line"),
        source_year=row.whole("source_year"),
        source=row.source(),
        confidence=row.confidence(),
        notes=row.maybe("notes"),
    )


@cache
def everything() -> tuple[HelpLine, ...]:
    """Every row, unconfirmed numbers too: for checks, not for showing."""
    return tuple(from_row(row) for row in read("support"))


@cache
def countries() -> tuple[str, ...]:
    """The countries for which at least one line may be shown, so that somebody elsewhere can be offered a choice."""
    return tuple(dict.fromkeys(line.country for line in everything() if line.confidence is not Confidence.LOW))


def lines_for(country: str) -> tuple[HelpLine, ...]:
    """The lines of one country, those open to people in crisis first; never one of low confidence.

    country: two-letter code, or a name such as "UK". Returns () where none is known: say so, and offer `countries()`.
    """
    code = code_of(country)
    known = [line for line in everything() if line.country == code and line.confidence is not Confidence.LOW]
    return tuple(sorted(known, key=lambda line: not line.crisis_line))
