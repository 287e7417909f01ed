"""Reports, batches, figures, floors and added references, on every engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from storage.engine import Storage
from storage.records.fee import Unit
from storage.records.gig import KindOfWork
from storage.records.money import Money
from storage.records.rate import (
    COMMUNITY_RATES,
    Counted,
    Level,
    Measure,
    OwnReference,
    RateCell,
    RateFamily,
    RateFloor,
    RateReport,
    UnionStatus,
    Years,
)
from storage.records.times import milliseconds
from storage.work import Work

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
WEEK = timedelta(days=7)
pytestmark = pytest.mark.usefixtures("anywhere")


async def hall(work: Work, *names: str) -> tuple[int, list[int]]:
    """A community with people who joined now."""
    community = await work.communities.greet("console", "hall", "The hall", NOW)
    people = []
    for name in names:
        person = await work.people.add(name, NOW)
        await work.communities.join(person.id, community.id, NOW)
        people.append(person.id)
    return community.id, people


def report(person_id: int, community_id: int, minor: int = 20_000) -> RateReport:
    return RateReport(
        person_id=person_id,
        community_id=community_id,
        role="violin",
        kind=KindOfWork.SESSION,
        unit=Unit.CALL,
        base=Money(minor, "GBP"),
        extras=Money(3_000, "GBP"),
        city="Leeds",
        city_key="GB/leeds",
        region="Yorkshire",
        region_key="GB/yorkshire",
        country="GB",
        month=date(2026, 10, 1),
        union=UnionStatus.UNION,
        years=Years.FROM_5,
        made_at=NOW,
        changed_at=NOW,
    )


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
        made_at=NOW,
    )


async def test_a_report_is_its_owners_to_read_change_withdraw_and_restore(storage: Storage) -> None:
    async with storage.open_work() as work:
        here, (ada, bob) = await hall(work, "Ada", "Bob")
        kept = await work.rates.add(report(ada, here))
        assert await work.rates.get(kept.id, ada) == kept == replace(report(ada, here), id=kept.id)
        assert await work.rates.get(kept.id, bob) is None
        changed = replace(kept, base=Money(21_000, "GBP"), extras=None)
        assert await work.rates.change(replace(changed, person_id=bob)) is None
        assert await work.rates.change(changed) == changed
        assert await work.rates.withdraw(kept.id, bob, NOW) is None
        assert await work.rates.withdraw(kept.id, ada, NOW) is not None
        assert await work.rates.of(ada) == []
        assert await work.rates.restore(kept.id, bob, NOW) is None
        back = await work.rates.restore(kept.id, ada, NOW + timedelta(minutes=9))
        assert back is not None and back.changed_at == NOW + timedelta(minutes=9)
        assert await work.rates.withdraw(kept.id, ada, NOW) is not None
        assert await work.rates.restore(kept.id, ada, NOW + WEEK) is None


async def test_a_batch_counts_who_was_there_and_spoke_before_it_began(storage: Storage) -> None:
    later = NOW + WEEK
    async with storage.open_work() as work:
        here, (ada, bob, cy, di) = await hall(work, "Ada", "Bob", "Cy", "Di")
        counted = await work.rates.add(report(ada, here))
        await work.rates.add(replace(report(bob, here), changed_at=later))
        await work.rates.add(replace(report(cy, here), month=date(2024, 1, 1)))
        gone = await work.rates.add(report(di, here))
        await work.rates.withdraw(gone.id, di, NOW)
        await work.rates.add(replace(report(di, here), base=Money(1, "EUR"), extras=None))
        family = counted.family
        since = date(2025, 1, 1)
        found = await work.rates.counting(family, before=later, since=since, joined_before=NOW)
        place, at = ("GB", "GB/yorkshire", "GB/leeds"), milliseconds(NOW)
        assert found == ([Counted(ada, 20_000, 3_000, *place, 2026, "union", "5_to_14", at)], None)
        early = NOW - timedelta(seconds=1)
        assert await work.rates.counting(family, before=later, since=since, joined_before=early) == ([], None)
        assert await work.rates.counting(family, before=later, since=since, joined_before=NOW, after=ada) == ([], None)


async def test_a_large_family_is_read_person_by_person(storage: Storage) -> None:
    async with storage.open_work() as work:
        here, people = await hall(work, "Ada", "Bob", "Cy", "Di", "Eve")
        for person in [*people, *people, *people[1:2] * 3]:
            kept = await work.rates.add(report(person, here, 20_000 + person))
        pages: list[list[int]] = []
        after: int | None = 0
        while after is not None:
            page, after = await work.rates.counting(
                kept.family, before=NOW + WEEK, since=date(2025, 1, 1), joined_before=NOW, after=after, n=4
            )
            pages.append([one.person_id - people[0] for one in page])
        assert pages == [[0, 0], [1, 1, 1, 1, 1], [2, 2], [3, 3], [4, 4]]


async def test_the_floors_of_several_people_are_found_together(storage: Storage) -> None:
    async with storage.open_work() as work:
        _, (ada, bob, cy) = await hall(work, "Ada", "Bob", "Cy")
        floors = [
            RateFloor(person_id=person, unit=unit, least=Money(minor, "GBP"), set_at=NOW)
            for person, unit, minor in ((ada, Unit.CALL, 15_000), (ada, Unit.HOUR, 4_000), (cy, Unit.FLAT, 20_000))
        ]
        for floor in floors:
            await work.rates.set_floor(floor)
        assert await work.rates.floors_of([ada, bob]) == {ada: floors[:2]}
        assert await work.rates.floors_of([ada, bob, cy]) == {ada: floors[:2], cy: floors[2:]}
        assert await work.rates.floors_of([]) == {}


async def test_a_family_is_due_once_a_batch(storage: Storage) -> None:
    async with storage.open_work() as work:
        here, (ada,) = await hall(work, "Ada")
        family = (await work.rates.add(report(ada, here))).family
        await work.rates.add(report(ada, here))
        assert await work.rates.due(NOW) == [family]
        assert await work.rates.due(NOW, community_id=here, role="violin") == [family]
        assert await work.rates.due(NOW, community_id=here, role="viola") == []
        assert await work.rates.claim(family, NOW)
        assert not await work.rates.claim(family, NOW)
        assert await work.rates.due(NOW) == []
        assert await work.rates.due(NOW + WEEK) == [family]


async def test_the_nearest_figure_stands_beside_a_fee(storage: Storage) -> None:
    async with storage.open_work() as work:
        here, _ = await hall(work)
        family = RateFamily(community_id=here, role="violin", kind=KindOfWork.SESSION, unit=Unit.CALL, currency="GBP")
        country, region = cell(Level.COUNTRY, "GB"), cell(Level.REGION, "GB/yorkshire")
        parts = [cell(Level.CITY, "GB/leeds", "union:union"), cell(Level.CITY, "GB/leeds", "", Measure.EXTRAS)]
        await work.rates.replace_cells(family, [country, region, *parts])
        assert await work.rates.range_for(family, "The Wardrobe, Leeds", None) == region
        assert await work.rates.range_for(family, "Bristol", "GB") == country
        assert await work.rates.range_for(family, None, "GB") == country
        assert await work.rates.range_for(family, "Berlin", "GB") is None
        assert await work.rates.range_for(replace(family, unit=Unit.DAY), "Leeds", "GB") is None
        await work.rates.replace_cells(family, [country])
        assert await work.rates.cells(family) == [country]
        assert await work.rates.others(here, "violin") == []
        await work.communities.set_setting(here, COMMUNITY_RATES, False)
        assert await work.rates.range_for(family, "Leeds", "GB") is None


async def test_floors_are_one_a_unit(storage: Storage) -> None:
    async with storage.open_work() as work:
        _, (ada, bob) = await hall(work, "Ada", "Bob")
        floor = RateFloor(person_id=ada, unit=Unit.CALL, least=Money(15_000, "GBP"), set_at=NOW)
        await work.rates.set_floor(floor)
        await work.rates.set_floor(replace(floor, least=Money(16_000, "EUR")))
        assert await work.rates.floors(ada) == [replace(floor, least=Money(16_000, "EUR"))]
        assert await work.rates.floors(bob) == []
        assert await work.rates.drop_floor(ada, Unit.CALL)
        assert not await work.rates.drop_floor(ada, Unit.CALL)


async def test_added_references_are_the_communitys_own(storage: Storage) -> None:
    async with storage.open_work() as work:
        here, _ = await hall(work)
        said = OwnReference(
            community_id=here,
            body="Local 9",
            kind=KindOfWork.LIVE,
            covers="Three hours",
            unit="per gig",
            value=Money(20_000, "GBP"),
            value_max=Money(25_000, "GBP"),
            url="https://example.org",
            since=date(2026, 1, 1),
            made_at=NOW,
        )
        kept = await work.rates.add_reference(said)
        assert kept == replace(said, id=kept.id)
        assert await work.rates.references(here, KindOfWork.LIVE) == [kept]
        assert await work.rates.references(here, KindOfWork.SESSION) == []
        assert await work.rates.remove_reference(kept.id, here + 1, NOW) is None
        assert await work.rates.remove_reference(kept.id, here, NOW) is not None
        assert await work.rates.remove_reference(kept.id, here, NOW) is None
        assert await work.rates.references(here) == []
        assert await work.rates.remove_reference(kept.id, here, None) == kept
