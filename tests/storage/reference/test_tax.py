"""Tax dates fall on the right days, and yearly amounts disappear with their year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.reference import tax
from storage.reference.sources import Confidence
from storage.reference.tax import TaxRow, TaxType


def _row(id: str) -> TaxRow:
    return next(row for row in tax.everything() if row.id == id)


def _upcoming(country: str, first: date, last: date) -> list[tuple[str, str]]:
    return [(day.isoformat(), row.id) for day, row in tax.upcoming(country, first, last)]


def test_us_estimated_tax_moves_off_a_weekend() -> None:
    # 15 June 2025 is a Sunday, 15 June 2024 a Saturday; 2026's is a Monday.
    june = _row("us-est-2")
    assert june.dates_between(date(2024, 1, 1), date(2026, 12, 31)) == (
        date(2024, 6, 17),
        date(2025, 6, 16),
        date(2026, 6, 15),
    )


def test_the_uk_january_date_stays_on_a_sunday() -> None:
    assert _row("gb-sa-online").dates_between(date(2027, 1, 1), date(2027, 12, 31)) == (date(2027, 1, 31),)
    assert date(2027, 1, 31).weekday() == 6


def test_a_date_moved_past_new_year_or_month_end_is_not_lost() -> None:
    # 31 January 2026 is a Saturday: the form is due on Monday 2 February.
    assert ("2026-02-02", "us-1099nec-date") in _upcoming("US", date(2026, 2, 1), date(2026, 2, 28))


def test_a_date_moved_into_the_new_year_is_found_there() -> None:
    year_end = replace(_row("us-est-2"), month=12, day=31)
    # 31 December 2022 is a Saturday.
    assert year_end.dates_between(date(2023, 1, 1), date(2023, 1, 31)) == (date(2023, 1, 2),)


def test_both_ends_of_the_window_count() -> None:
    day = date(2027, 4, 15)
    assert _upcoming("US", day, day) == [("2027-04-15", "us-est-1")]
    assert _upcoming("US", day, day - timedelta(days=1)) == []


def test_a_monthly_date_comes_every_month() -> None:
    assert len(_row("de-ksk-monthly").dates_between(date(2026, 1, 1), date(2026, 12, 31))) == 12


def test_a_date_about_one_tax_year_falls_once() -> None:
    assert _row("de-est-2025-adv").dates_between(date(2020, 1, 1), date(2035, 1, 1)) == (date(2027, 3, 1),)


def test_making_tax_digital_starts_when_it_starts() -> None:
    assert _row("gb-mtd-q-8").dates_between(date(2024, 1, 1), date(2026, 12, 31)) == (date(2026, 8, 7),)


def test_upcoming_is_in_order_of_days() -> None:
    days = [day for day, _ in _upcoming("DE", date(2026, 11, 23), date(2028, 11, 23))]
    assert days == sorted(days)
    assert len(days) > 50


@given(
    st.sampled_from([row for row in tax.everything() if row.day is not None]),
    st.dates(date(2020, 1, 1), date(2034, 1, 1)),
    st.integers(0, 800),
    st.integers(0, 800),
)
def test_two_windows_side_by_side_find_what_one_finds(row: TaxRow, first: date, left: int, right: int) -> None:
    middle, last = first + timedelta(days=left), first + timedelta(days=left + right + 1)
    parts = row.dates_between(first, middle) + row.dates_between(middle + timedelta(days=1), last)
    assert parts == row.dates_between(first, last)
    assert not any(row.moves_off_weekends and day.weekday() >= 5 for day in parts)


def test_a_window_at_the_ends_of_the_calendar_is_read() -> None:
    row = _row("us-est-1")
    assert row.dates_between(date.min, date(1, 12, 31)) == (date(1, 4, 16),)
    assert row.dates_between(date(9999, 1, 1), date.max) == (date(9999, 4, 15),)


def test_expense_categories_are_the_forms_own() -> None:
    lines = {row.form_line: row.official_name for row in tax.categories("US")}
    assert lines["Schedule C line 22"] == "Supplies"
    assert len(tax.categories("GB")) == 10
    assert tax.categories("DE") == ()
    assert all(row.official_name for country in ("US", "GB") for row in tax.categories(country))


def test_a_yearly_amount_is_gone_the_day_after_its_year() -> None:
    assert "us-mileage-2026" in {row.id for row in tax.figures("US", date(2026, 12, 31))}
    assert "us-mileage-2026" not in {row.id for row in tax.figures("US", date(2027, 1, 1))}


def test_a_threshold_to_come_is_not_shown_before_its_day() -> None:
    assert "gb-mtd-2027" not in {row.id for row in tax.figures("GB", date(2027, 4, 5))}
    assert "gb-mtd-2027" in {row.id for row in tax.figures("GB", date(2027, 4, 6))}


def test_weak_rows_are_hidden() -> None:
    assert _row("de-ksk-bagatelle").confidence is Confidence.LOW
    assert "de-ksk-bagatelle" not in {row.id for row in tax.figures("DE", date(2026, 6, 1))}


@pytest.mark.parametrize("country", ["US", "GB", "CA", "DE", "AU"])
def test_every_country_of_the_table_has_dates(country: str) -> None:
    rows = tax.deadlines(country)
    assert rows
    assert {row.type for row in rows} == {TaxType.DEADLINE}


def test_a_country_without_rows_has_none() -> None:
    assert tax.deadlines("FR") == ()
    assert tax.figures("FR", date(2026, 1, 1)) == ()
