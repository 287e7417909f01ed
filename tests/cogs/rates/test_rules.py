"""Months, places and choosing a figure: pure."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.rates import rules
from storage.records.rate import Level, Measure, RateCell, UnionStatus, Years
from storage.reference.regions import Place, place_of

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("said", "month"),
    [
        ("Oct 2026", (2026, 10)),
        ("october", (2026, 10)),
        ("December", (2025, 12)),
        ("2026-10", (2026, 10)),
        ("10/2026", (2026, 10)),
        ("this month", (2026, 11)),
        ("last month", (2026, 10)),
        ("2026-10-28", (2026, 10)),
        ("Dec 2024", (2024, 12)),
    ],
)
def test_months_as_people_write_them(said: str, month: tuple[int, int]) -> None:
    assert rules.month_of(said, TODAY) == date(*month, 1)


@pytest.mark.parametrize("said", ["Nov 2024", "Dec 2026", "2027-01", "13/2026", "0/2026", "soon", "", "1", "x" * 200])
def test_other_months_are_refused_with_a_reason(said: str) -> None:
    with pytest.raises(rules.NoMonth):
        rules.month_of(said, TODAY)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_month_or_refused(said: str) -> None:
    try:
        month = rules.month_of(said, TODAY)
    except rules.NoMonth:
        return
    assert month.day == 1
    assert date(2024, 12, 1) <= month <= TODAY


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Leeds", Place("Leeds", "Yorkshire", "GB")),
        ("the Sage, Gateshead", Place("Gateshead", "North East", "GB")),
        ("london", Place("London", "London", "GB")),
        ("Yorkshire", Place(None, "Yorkshire", "GB")),
        ("UK", Place(None, None, "GB")),
        ("NYC", Place("New York City", "New York", "US")),
        ("new york", Place("New York City", "New York", "US")),
        ("Berlin", Place("Berlin", None, "DE")),
        ("little snoring", Place("Little Snoring", None, "GB")),
        ("Leeds, UK", Place("Leeds", "Yorkshire", "GB")),
    ],
)
def test_a_place_has_a_region_and_a_country(text: str, place: Place) -> None:
    assert place_of(text, "GB") == place


@given(st.text(max_size=130))
def test_any_text_is_some_place(text: str) -> None:
    place_of(text, "GB")
    place_of(text)


def cell(level: Level, place: str, part: str = "", measure: Measure = Measure.BASE) -> RateCell:
    return RateCell(
        level=level,
        place=place,
        part=part,
        measure=measure,
        middle=20_000,
        low=None,
        high=None,
        people=5,
        counted=6,
        made_at=datetime(2026, 11, 23, 4, tzinfo=UTC),
    )


LEEDS = rules.ladder(place_of("Leeds", "GB"))
COUNTRY = cell(Level.COUNTRY, "GB")
REGION = cell(Level.REGION, "GB/yorkshire")
CITY_OF_UNION = cell(Level.CITY, "GB/leeds", "union:union")


def test_the_nearest_figure_answers() -> None:
    chosen = rules.choose([COUNTRY, REGION, cell(Level.ALL, "")], LEEDS)
    assert chosen is not None
    assert chosen.cell == REGION
    assert rules.choose([cell(Level.CITY, "GB/york")], LEEDS) is None
    assert rules.choose([cell(Level.CITY, "GB/leeds", "", Measure.EXTRAS)], LEEDS) is None


def test_a_wish_that_cannot_be_met_is_said() -> None:
    chosen = rules.choose([CITY_OF_UNION, REGION], LEEDS, union=UnionStatus.UNION, years=Years.FROM_15)
    assert chosen is not None
    assert (chosen.cell, chosen.dropped) == (CITY_OF_UNION, ("15 years or more",))
    chosen = rules.choose([CITY_OF_UNION, REGION], LEEDS, union=UnionStatus.NON_UNION)
    assert chosen is not None
    assert (chosen.cell, chosen.dropped) == (REGION, ("non-union",))


def test_a_year_is_shown_beside_and_never_instead() -> None:
    year = cell(Level.REGION, "GB/yorkshire", "year:2026")
    assert rules.choose([year], LEEDS) is None
    chosen = rules.choose([year, REGION], LEEDS)
    assert chosen is not None
    assert chosen.by_year == ((2026, year),)
