"""Dates as exact as they were published, and cells as typed as they claim."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.reference.reading import BadRow, Row, read, rows_from
from storage.reference.sources import Confidence, PartialDate, partial_date, within_term


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-04-06", date(2024, 4, 6), date(2024, 4, 6)),
        ("2027 or later", date(2027, 1, 1), date.max),
    ],
)
def test_a_partial_date_means_every_day_it_can(text: str, first: date, last: date) -> None:
    day = partial_date(text)
    assert (day.first_day(), day.last_day()) == (first, last)
    assert str(day) == text


@pytest.mark.parametrize("text", ["", "2024-13", "2024-00", "2023-02-29", "2024-4", "May 2024", "２０２４", "0000"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        partial_date(text)


def test_a_day_without_a_month_is_refused() -> None:
    with pytest.raises(ValueError):
        PartialDate(year=2024, day=3)


@given(st.dates(), st.sampled_from([1, 2, 3]))
def test_writing_a_date_and_reading_it_gives_it_back(day: date, precision: int) -> None:
    known = PartialDate(
        year=day.year,
        month=day.month if precision > 1 else None,
        day=day.day if precision > 2 else None,
    )
    assert partial_date(str(known)) == known
    assert known.first_day() <= day <= known.last_day()


def test_a_term_holds_on_its_first_and_last_day_and_not_beside_them() -> None:
    start, end = partial_date("2025-02"), partial_date("2025")
    assert not within_term(date(2025, 1, 31), start, end)
    assert within_term(date(2025, 2, 1), start, end)
    assert within_term(date(2025, 12, 31), start, end)
    assert not within_term(date(2025, 12, 31) + timedelta(days=1), start, end)
    assert within_term(date(1900, 1, 1), None, end)


def _row(**cells: str) -> Row:
    return Row("sample", {"id": "one", **cells})


def test_an_empty_cell_is_none_and_never_zero() -> None:
    row = _row(value="", many="", when="")
    assert row.number("value") is None
    assert row.maybe("value") is None
    assert row.many("many") == ()
    assert row.partial("when") is None


def test_a_number_keeps_its_digits() -> None:
    assert str(_row(value="434.10").number("value")) == "434.10"
    assert _row(value="0.725").figure("value") == Decimal("0.725")


@pytest.mark.parametrize(
    ("column", "cell", "ask"),
    [
        ("value", "1,5", "number"),
        ("value", "NaN", "number"),
        ("value", "Infinity", "number"),
        ("value", "", "figure"),
        ("name", "  ", "text"),
        ("flag", "maybe", "yes"),
        ("confidence", "certain", "confidence"),
        ("month", "May", "whole"),
        ("day", "2024-04", "day"),
        ("when", "soon", "partial"),
    ],
)
def test_a_cell_that_does_not_fit_names_file_row_and_column(column: str, cell: str, ask: str) -> None:
    row = _row(**{column: cell})
    with pytest.raises(BadRow, match=rf"sample\.csv one: {column}: "):
        getattr(row, ask)(*(() if ask == "confidence" else (column,)))


def test_a_column_that_is_missing_is_not_an_empty_cell() -> None:
    with pytest.raises(BadRow, match="no such column"):
        _row().maybe("currency")


_CITED = {
    "source_title": "A page",
    "publisher": "A union",
    "source_url": "https://example.org/a",
    "checked_on": "2026-11-23",
}


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("source_url", "example.org/a"),
        ("source_url", "ftp://example.org/a"),
        ("source_url", "https://"),
        ("source_url", ""),
        ("publisher", ""),
        ("checked_on", ""),
        ("checked_on", "2026-11"),
    ],
)
def test_a_figure_without_a_full_citation_is_refused(column: str, cell: str) -> None:
    assert _row(**_CITED).source().url == "https://example.org/a"
    with pytest.raises(BadRow, match=column):
        _row(**{**_CITED, column: cell}).source()


def test_only_editorial_words_may_lack_a_link() -> None:
    assert _row(source_title="editorial: common usage", source_url="").source_of_words().url is None
    with pytest.raises(BadRow, match="not editorial"):
        _row(source_title="A glossary", source_url="").source_of_words()


@pytest.mark.parametrize("line", ["one,2,3", "one"])
def test_a_line_with_too_many_or_too_few_cells_is_refused(line: str) -> None:
    with pytest.raises(BadRow, match="line 2"):
        rows_from("sample", ["id,value", line])


def test_a_table_is_read_from_disk_once() -> None:
    assert read("rates") is read("rates")


def test_confidence_reads_the_three_words() -> None:
    assert [_row(confidence=word).confidence() for word in ("high", "medium", "low")] == list(Confidence)
