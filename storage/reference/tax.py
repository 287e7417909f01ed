"""Tax dates, thresholds, rates and the official names of expense categories, by country.

General information, not tax advice. Amounts that change every year carry an end date and are gone after it. Weekend
rules are applied; public holidays are not known here, so a date moved by one can be a day later than shown, never
earlier.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache

from storage.reference.countries import code_of
from storage.reference.reading import BadRow, Row, read
from storage.reference.sources import Confidence, PartialDate, Source, within_term


class TaxType(StrEnum):
    """What a row tells."""

    DEADLINE = "deadline"
    THRESHOLD = "threshold"
    RATE = "rate"
    FACT = "fact"
    EXPENSE_CATEGORY = "expense_category"


@dataclass(frozen=True, kw_only=True, slots=True)
class TaxRow:
    """One date, amount or category name."""

    id: str
    #: ISO 3166 two-letter code.
    country: str
    type: TaxType
    label: str
    #: The fixed part of a date. Month None with a day: that day of every month. Both None: not a date.
    month: int | None
    day: int | None
    #: What happens at weekends, or what the date hangs on, in the source's terms.
    date_rule: str | None
    applies_to: str | None
    #: In `unit`; money in major units of `currency`.
    value: Decimal | None
    currency: str | None
    unit: str | None
    #: Year or years the row is about, in words; a bare year means that year alone.
    tax_year: str | None
    effective_from: PartialDate | None
    effective_to: PartialDate | None
    #: The form's own words, and where on the form they stand.
    official_name: str | None
    form_line: str | None
    #: This project's examples, not the source's.
    musician_examples: str | None
    source: Source
    confidence: Confidence
    notes: str | None

    @property
    def moves_off_weekends(self) -> bool:
        """Whether a date on a weekend moves to the next working day."""
        return self.date_rule is not None and ("weekend" in self.date_rule or "Saturday" in self.date_rule)

    def dates_between(self, first: date, last: date) -> tuple[date, ...]:
        """The days this falls on, both ends included, in order, already moved off weekends where the rule says so.

        () for a row that is not a date. A row about one tax year falls once, in the year its term ends.
        """
        if self.day is None or first > last:
            return ()
        found = []
        # A date can be moved up to two days, so the year or month before `first` may still reach into the window.
        for year in range(max(first.year - 1, date.min.year), last.year + 1):
            for month in (self.month,) if self.month else range(1, 13):
                plain = date(year, month, min(self.day, calendar.monthrange(year, month)[1]))
                if self._holds_on(plain):
                    found.append(self._off_weekend(plain))
        return tuple(day for day in found if first <= day <= last)

    def _holds_on(self, day: date) -> bool:
        if self.tax_year is not None and self.tax_year.isdigit():
            due = self.effective_to.year if self.effective_to else int(self.tax_year) + 1
            if day.year != due:
                return False
        return within_term(day, self.effective_from, self.effective_to)

    def _off_weekend(self, day: date) -> date:
        if self.moves_off_weekends and day.weekday() >= calendar.SATURDAY:
            return day + timedelta(days=7 - day.weekday())
        return day


def from_row(row: Row) -> TaxRow:
    """One line of tax_calendar.csv. Raises BadRow, also for a month or day no calendar has."""
    month, day = row.whole("month"), row.whole("day")
    if (month is not None and not 1 <= month <= 12) or (
        day is not None and not 1 <= day <= calendar.monthrange(2024, month or 1)[1]
    ):
        raise BadRow(f"tax_calendar.csv {row.id}: day: {month}-{day} is not a day of the year")
    kind = row.choice("type", TaxType)
    if kind is TaxType.DEADLINE and day is None:
        raise BadRow(f"tax_calendar.csv {row.id}: day: a deadline needs one")
    return TaxRow(
        id=row.text("id"),
        country=row.text("country"),
        type=kind,
        label=row.text("label"),
        month=month,
        day=day,
        date_rule=row.maybe("date_rule"),
        applies_to=row.maybe("applies_to"),
        value=row.number("value"),
        currency=row.maybe("currency"),
        unit=row.maybe("unit"),
        tax_year=row.maybe("tax_year"),
        effective_from=row.partial("effective_from"),
        effective_to=row.partial("effective_to"),
        official_name=row.maybe("official_name"),
        form_line=row.maybe("form_line"),
        musician_examples=row.maybe("musician_examples"),
        source=row.source(),
        confidence=row.confidence(),
        notes=row.maybe("notes"),
    )


@cache
def everything() -> tuple[TaxRow, ...]:
    """Every row, ended and unconfirmed ones too."""
    return tuple(from_row(row) for row in read("tax_calendar"))


def _of(country: str, kinds: tuple[TaxType, ...], on: date | None) -> tuple[TaxRow, ...]:
    code = code_of(country)
    return tuple(
        row
        for row in everything()
        if row.country == code
        and row.type in kinds
        and row.confidence is not Confidence.LOW
        and (on is None or within_term(on, row.effective_from, row.effective_to))
    )


def deadlines(country: str) -> tuple[TaxRow, ...]:
    """The dates of one country, in the order of the table. For the days themselves use `upcoming`."""
    return _of(country, (TaxType.DEADLINE,), None)


def upcoming(country: str, first: date, last: date) -> tuple[tuple[date, TaxRow], ...]:
    """Which deadlines fall on which days, both ends included, soonest first. `applies_to` says who they concern."""
    due = [(day, row) for row in deadlines(country) for day in row.dates_between(first, last)]
    return tuple(sorted(due, key=lambda pair: pair[0]))


def categories(country: str) -> tuple[TaxRow, ...]:
    """The official names for expenses in one country; () where no list is shipped (only the US and the UK have one)."""
    return _of(country, (TaxType.EXPENSE_CATEGORY,), None)


def figures(country: str, on: date) -> tuple[TaxRow, ...]:
    """Thresholds, rates and facts in force on the day; a yearly amount is gone the day after its year."""
    return _of(country, (TaxType.THRESHOLD, TaxType.RATE, TaxType.FACT), on)
