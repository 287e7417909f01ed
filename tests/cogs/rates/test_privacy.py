"""The privacy model, attacked: what a figure may depend on, and what sequences of deeds can bring out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cogs.rates import privacy
from cogs.rates.privacy import FEWEST, CellId, batch_of, on_grid
from storage.records.fee import Unit
from storage.records.gig import KindOfWork
from storage.records.money import Money
from storage.records.rate import Counted, Level, Measure, RateCell, RateReport, UnionStatus, Years
from storage.records.times import milliseconds

MONDAY = datetime(2026, 11, 23, 4, tzinfo=UTC)
WEEK = timedelta(days=7)
EVERYWHERE = CellId(Level.ALL, "")
LONDON = CellId(Level.CITY, "GB/london")
TOWNS = {"London": "London", "Leeds": "Yorkshire", "York": "Yorkshire"}


def report(
    person: int, paid: int, town: str = "London", *, at: datetime = MONDAY - WEEK, id: int = 0, **rest: Any
) -> RateReport:
    made = RateReport(
        id=id,
        person_id=person,
        community_id=1,
        role="violin",
        kind=KindOfWork.SESSION,
        unit=Unit.CALL,
        base=Money(paid, "GBP"),
        city=town,
        city_key=f"GB/{town.casefold()}",
        region=TOWNS[town],
        region_key=f"GB/{TOWNS[town].casefold()}",
        country="GB",
        month=date(2026, 10, 1),
        made_at=at,
        changed_at=at,
    )
    return replace(made, **rest)


def counted(report: RateReport) -> Counted:
    """What a batch reads of it."""
    return Counted(
        person_id=report.person_id,
        base=report.base.minor,
        extras=None if report.extras is None else report.extras.minor,
        country=report.country,
        region_key=report.region_key,
        city_key=report.city_key,
        year=report.month.year,
        union=report.union,
        years=report.years,
        changed_at=milliseconds(report.changed_at),
    )


def publish(reports: Iterable[RateReport], before: Iterable[RateCell], batch: datetime) -> dict[CellId, RateCell]:
    return privacy.publish(map(counted, reports), before, batch)


def first(reports: Sequence[RateReport]) -> dict[CellId, RateCell]:
    return publish(reports, (), MONDAY)


# --- the grid ---------------------------------------------------------------------------------------------------------


@given(st.integers(0, 10**11), st.integers(0, 10**11))
def test_the_grid_keeps_order_and_rounds_to_itself(one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert on_grid(low) <= on_grid(high)
    assert on_grid(on_grid(one)) == on_grid(one)


@given(st.integers(1_000, 10**11))
def test_a_line_of_the_grid_is_never_further_than_an_eighth(minor: int) -> None:
    assert abs(on_grid(minor) - minor) * 8 <= minor


def test_the_lines_of_the_grid_are_coarse() -> None:
    lines = sorted({on_grid(minor) for minor in range(10_000, 100_001)})
    assert lines == [
        *range(10_000, 20_000, 2_500), *range(20_000, 50_000, 5_000), *range(50_000, 100_001, 10_000)
    ]  # fmt: skip
    assert all((after - before) * 10 >= before for before, after in pairwise(lines))


# --- how many, and how much of it -------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(1, 14), st.integers(5_000, 60_000)), max_size=60))
def test_a_figure_needs_five_people_and_quartiles_ten(said: list[tuple[int, int]]) -> None:
    reports = [report(person, paid) for person, paid in said]
    people = {person for person, _ in said}
    cell = first(reports).get(EVERYWHERE)
    if len(people) < 5:
        assert cell is None
    if cell is not None:
        assert 5 <= cell.people <= len(people)
        assert cell.people % 5 == 0
        assert (cell.low is not None) is (cell.people >= 10)
        assert on_grid(cell.middle) == cell.middle


@given(st.integers(10_000, 50_000), st.integers(2, 300))
def test_however_often_somebody_speaks_they_weigh_once(paid: int, often: int) -> None:
    others = [report(person, 20_000 + person * 1_000) for person in range(2, 8)]
    once = first([*others, report(1, paid)])
    often_said = first([*others, *(report(1, paid) for _ in range(often))])
    assert once == often_said
    alone = [report(1, paid) for _ in range(often)]
    assert first(alone) == {}


def test_five_to_nine_have_a_median_alone_and_ten_the_middle_half() -> None:
    nine = first([report(n, 10_000 + n * 2_500) for n in range(9)])[EVERYWHERE]
    assert (nine.people, nine.low, nine.middle, nine.high) == (5, None, 20_000, None)
    sums = [20_000, 20_000, 20_000, 25_000, 25_000, 25_000, 30_000, 30_000, 30_000, 35_000]
    ten = first([report(n, paid) for n, paid in enumerate(sums)])[EVERYWHERE]
    assert (ten.people, ten.low, ten.middle, ten.high) == (10, 20_000, 25_000, 30_000)


def test_a_sum_far_from_the_others_is_held_back() -> None:
    usual = [report(n, 20_000) for n in range(5)]
    cell = first([*usual, report(5, 2_000_000), report(6, 100)])[EVERYWHERE]
    assert (cell.middle, cell.people, cell.counted) == (20_000, 5, 7)
    four = [report(n, 20_000) for n in range(4)]
    assert first([*four, report(5, 2_000_000)]) == {}


# --- differences ------------------------------------------------------------------------------------------------------


def test_nobody_stands_alone_between_a_town_and_what_it_lies_in() -> None:
    leeds = [report(n, 20_000, "Leeds") for n in range(6)]
    with_one = first([*leeds, report(9, 30_000, "York")])
    assert CellId(Level.REGION, "GB/yorkshire") in with_one
    assert CellId(Level.CITY, "GB/leeds") not in with_one
    five_more = [report(10 + n, 30_000, "York") for n in range(5)]
    both = first([*leeds, *five_more])
    assert {CellId(Level.CITY, "GB/leeds"), CellId(Level.CITY, "GB/york")} <= both.keys()


UNION = "union:union"


def _town(first: int, town: str, union: int, others: int) -> list[RateReport]:
    """So many people of a town under a union agreement, and so many who said nothing of it."""
    return [
        report(first + n, 20_000, town, union=UnionStatus.UNION if n < union else None) for n in range(union + others)
    ]


def test_a_part_of_a_town_stands_only_where_it_hides_in_that_part_of_the_region() -> None:
    leeds = CellId(Level.CITY, "GB/leeds", UNION)
    alone = first([*_town(0, "Leeds", 6, 6), *_town(50, "York", 1, 6)])
    assert CellId(Level.REGION, "GB/yorkshire", UNION) in alone
    assert leeds not in alone
    assert leeds in first([*_town(0, "Leeds", 6, 6), *_town(50, "York", 5, 6)])


def test_two_towns_taken_together_leave_nobody_alone_in_a_part_of_the_region() -> None:
    hull = [
        replace(one, city="Hull", city_key="GB/hull", region="Yorkshire", region_key="GB/yorkshire")
        for one in _town(90, "Leeds", 1, 6)
    ]
    shown = first([*_town(0, "Leeds", 7, 6), *_town(30, "York", 6, 6), *hull])
    assert CellId(Level.REGION, "GB/yorkshire", UNION) in shown
    both = {CellId(Level.CITY, "GB/leeds", UNION), CellId(Level.CITY, "GB/york", UNION)}
    assert len(both & shown.keys()) == 1


_people = st.lists(
    st.tuples(
        st.integers(1, 25),
        st.sampled_from(sorted(TOWNS)),
        st.sampled_from([None, *UnionStatus]),
        st.sampled_from([None, *Years]),
        st.sampled_from([2025, 2026]),
        st.sampled_from([None, 3_000]),
    ),
    max_size=60,
)


@given(_people)
@settings(max_examples=150, deadline=None)
def test_no_two_nested_figures_differ_by_fewer_than_five_people(
    said: list[tuple[int, str, UnionStatus | None, Years | None, int, int | None]],
) -> None:
    reports = [
        report(
            person,
            20_000,
            town,
            union=union,
            years=years,
            month=date(year, 3, 1),
            extras=None if extras is None else Money(extras, "GBP"),
        )
        for person, town, union, years, year, extras in said
    ]
    members = privacy._members(map(counted, reports))
    shown = first(reports)
    for wide in shown:
        inside = [id for id in shown if id != wide and _lies_in(id, wide, reports)]
        for narrow in inside:
            rest = members[wide].keys() - members[narrow].keys()
            assert len(rest) not in range(1, 5), (wide, narrow)


def _lies_in(narrow: CellId, wide: CellId, reports: Sequence[RateReport]) -> bool:
    """Whether all that is counted in one is counted in the other as well, by what the two are."""
    if narrow.measure is not wide.measure or narrow.part != wide.part:
        return (
            narrow.measure is wide.measure
            and wide.part == ""
            and (narrow.level, narrow.place)
            == (
                wide.level,
                wide.place,
            )
        )
    of_narrow = [one for one in reports if (narrow.level, narrow.place) in privacy.places_of(counted(one))]
    return all((wide.level, wide.place) in privacy.places_of(counted(one)) for one in of_narrow)


# --- time -------------------------------------------------------------------------------------------------------------


@given(st.integers(0, 3_000_000).map(lambda minutes: MONDAY + timedelta(minutes=minutes - 1_500_000)))
def test_batches_begin_on_mondays_and_last_a_week(now: datetime) -> None:
    begun = batch_of(now)
    assert begun <= now < begun + WEEK
    assert (begun.weekday(), begun.hour, begun.minute) == (0, 4, 0)


@pytest.mark.parametrize("changes", range(9))
def test_fewer_than_five_changes_change_nothing(changes: int) -> None:
    old = [report(n, 20_000) for n in range(12)]
    before = first(old)
    later = [*(report(n, 35_000, at=MONDAY + WEEK / 2) for n in range(changes)), *old[changes:]]
    after = publish(later, before.values(), MONDAY + WEEK)
    assert (after == before) is (changes < 5)


@given(st.integers(10_000, 90_000))
def test_one_who_joins_or_leaves_cannot_be_read_off(paid: int) -> None:
    old = [report(n, 15_000 + n * 1_000) for n in range(8)]
    before = first(old)
    joined = publish([*old, report(99, paid, at=MONDAY + WEEK / 2)], before.values(), MONDAY + WEEK)
    left = publish(old[1:], before.values(), MONDAY + WEEK)
    assert joined[EVERYWHERE] == before[EVERYWHERE] == left[EVERYWHERE]


def test_too_few_left_are_shown_no_more() -> None:
    old = [report(n, 20_000) for n in range(5)]
    assert publish(old[1:], first(old).values(), MONDAY + WEEK) == {}


# --- colluders --------------------------------------------------------------------------------------------------------

#: What four people who act together may do in a week: (who, sum or None to withdraw, town, union).
_deeds = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.one_of(st.none(), st.integers(5_000, 60_000)),
        st.sampled_from(sorted(TOWNS)),
        st.sampled_from([None, *UnionStatus]),
    ),
    max_size=6,
)


class World:
    """Weeks of batches, with what is shown after each."""

    def __init__(self, honest: list[RateReport]) -> None:
        self.standing = {one.id: one for one in honest}
        self.shown: dict[CellId, RateCell] = {}
        self.transcript: list[dict[CellId, RateCell]] = []
        self.batch = MONDAY
        self._next = 1_000

    def week(self, deeds: list[tuple[int, int | None, str, UnionStatus | None]]) -> None:
        at = self.batch - timedelta(days=3)
        for who, paid, town, union in deeds:
            if paid is None:
                self.standing = {id: one for id, one in self.standing.items() if one.person_id != 500 + who}
                continue
            self._next += 1
            self.standing[self._next] = report(500 + who, paid, town, at=at, id=self._next, union=union)
        reports = sorted(self.standing.values(), key=lambda one: (one.person_id, one.id))
        self.shown = publish(reports, self.shown.values(), self.batch)
        self.transcript.append(self.shown)
        self.batch += WEEK


@given(
    honest=st.lists(st.tuples(st.integers(5_000, 60_000), st.sampled_from(sorted(TOWNS))), min_size=1, max_size=9),
    other=st.integers(5_000, 60_000),
    weeks=st.lists(_deeds, min_size=1, max_size=6),
    leaves=st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_four_colluders_never_learn_more_than_the_rounded_sum(
    honest: list[tuple[int, str]],
    other: int,
    weeks: list[list[tuple[int, int | None, str, UnionStatus | None]]],
    leaves: bool,
) -> None:
    """Two worlds that differ in one person's exact sum look the same for ever, if it rounds to the same."""
    exact, town = honest[0]
    twin = other if on_grid(other) == on_grid(exact) else on_grid(exact)
    assume(on_grid(twin) == on_grid(exact))
    worlds = []
    for victims in (exact, twin):
        people = [(victims, town), *honest[1:]]
        world = World([report(n, paid, where, id=n) for n, (paid, where) in enumerate(people)])
        for number, deeds in enumerate(weeks):
            if leaves and number == len(weeks) // 2:
                world.standing.pop(0, None)
            world.week(deeds)
        worlds.append(world.transcript)
    assert worlds[0] == worlds[1]


@pytest.mark.parametrize("paid", [18_000, 21_000, 22_499, 30_000, 44_000])
def test_all_but_one_of_five_learn_the_rounded_sum_and_that_is_all(paid: int) -> None:
    """What the model admits: around the fifth's sum, two below and two above, the median is theirs, rounded."""
    low, high = on_grid(paid) * 8 // 10, on_grid(paid) * 12 // 10
    shown = first([report(0, paid), report(1, low), report(2, low), report(3, high), report(4, high)])
    assert shown[EVERYWHERE].middle == on_grid(paid)


@given(st.lists(st.integers(5_000, 60_000), min_size=10, max_size=30), st.integers(0, 9))
def test_quartiles_say_no_more_either(sums: list[int], who: int) -> None:
    moved = [on_grid(paid) if n == who else paid for n, paid in enumerate(sums)]
    assert first([report(n, paid) for n, paid in enumerate(sums)]) == first(
        [report(n, paid) for n, paid in enumerate(moved)]
    )


def test_extras_are_counted_apart_and_by_the_same_rules() -> None:
    some = [report(n, 20_000, extras=Money(3_000, "GBP") if n < 4 else None) for n in range(10)]
    assert CellId(Level.ALL, "", "", Measure.EXTRAS) not in first(some)
    more = [report(n, 20_000, extras=Money(3_000, "GBP") if n < 5 else None) for n in range(10)]
    assert first(more)[CellId(Level.ALL, "", "", Measure.EXTRAS)].middle == 3_000
    assert first(more)[EVERYWHERE].middle == 20_000


def test_a_large_family_is_counted_breath_by_breath() -> None:
    """Never much work between two breaths: at least one for each report, and one for each figure."""
    breaths = 0

    def breathe() -> None:
        nonlocal breaths
        breaths += 1

    reports = [counted(report(n, 20_000, town)) for n in range(50) for town in TOWNS]
    shown = privacy.publish(reports, (), MONDAY, breathe)
    assert breaths >= len(reports) + len(shown)
    at_first, breaths = breaths, 0
    privacy.publish(reports, shown.values(), MONDAY + WEEK, breathe)
    assert breaths >= at_first + len(shown) * FEWEST
