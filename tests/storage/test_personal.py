"""A person can have everything that is kept about them, and can have it erased, from every table there is."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, Table, func, insert, select

from storage.engine import Storage
from storage.faults import Gone
from storage.tables.base import METADATA
from storage.tables.columns import own_id
from storage.work import OpenWork, Work
from tests.conftest import MovableClock
from tests.storage.rows import one_of_each

PEOPLE = METADATA.tables["people"]

#: Columns whose rows are erased with somebody but not exported to them: packed, they only repeat what another table
#: says; and who stands on whose call list is its owner's alone.
NOT_TOLD = {"availability_packs.person_id", "call_lists.person_id"}


def points_at_people() -> list[Column[Any]]:
    return [column for table in METADATA.sorted_tables for column in table.c if column.references(PEOPLE.c.id)]


def test_a_column_named_for_a_person_points_at_people() -> None:
    """Without the foreign key nobody would notice a row left behind."""
    for table in METADATA.sorted_tables:
        for column in table.c:
            assert column.name != "person_id" or column.references(PEOPLE.c.id), str(column)


@pytest.mark.usefixtures("anywhere")
async def test_forgetting_leaves_no_row_and_counts_what_went(storage: Storage) -> None:
    """Everything there is belongs to one person."""
    async with storage.open_work() as work:
        for table, values in one_of_each().items():
            await work.connection.execute(insert(table), values)
        before = await counts(work)
        mine = await work.export(1)
        erased = await work.forget(1)
        after = await counts(work)
        await work.commit()
    gone = {name: before[name] - after[name] for name in before if before[name] != after[name]}
    assert {name: count for name, count in erased.items() if count} == gone
    assert gone["people"] == 1
    told = {column.table.name for column in points_at_people() if str(column) not in NOT_TOLD}
    assert told <= {name for name, rows in mine.items() if rows}
    async with storage.open_work(reading=True) as work:
        assert not any((await work.export(1)).values())


@pytest.mark.parametrize("column", points_at_people(), ids=str)
async def test_no_column_is_left_out_of_exporting_and_forgetting(open_work: OpenWork, column: Column[Any]) -> None:
    """Everything belongs to Kim, number 2, but this one row mentions number 1 in this one column."""
    async with open_work() as work:
        for table, values in one_of_each().items():
            for pointer in table.c:
                if pointer.references(PEOPLE.c.id):
                    values[pointer.name] = 1 if pointer is column else 2
            if table is PEOPLE:
                await work.connection.execute(insert(table), {**values, "id": 2, "name": "Kim"})
            await work.connection.execute(insert(table), values)
        before = await counts(work)
        mine = await work.export(1)
        assert mine.get(column.table.name) or str(column) in NOT_TOLD
        erased = await work.forget(1)
        after = await counts(work)
        pointing = select(func.count()).select_from(column.table).where(column == 1)
        assert (await work.connection.execute(pointing)).scalar_one() == 0
        assert await work.people.get(1) is None
        assert await work.people.get(2) is not None
    gone = {name: before[name] - after[name] for name in before if before[name] != after[name]}
    assert {name: count for name, count in erased.items() if count} == gone


async def counts(work: Work) -> dict[str, int]:
    return {
        table.name: int((await work.connection.execute(select(func.count()).select_from(table))).scalar_one())
        for table in METADATA.sorted_tables
    }


async def test_a_table_that_was_left_out_stops_the_erasing(storage: Storage, clock: MovableClock) -> None:
    forgotten = Table("forgotten_test", METADATA, own_id(), Column("person_id", ForeignKey("people.id")))
    try:
        async with storage.open_work() as work:
            await work.connection.run_sync(forgotten.create)
            person = await work.people.add("Sam", clock.now())
            await work.connection.execute(insert(forgotten).values(person_id=person.id))
            with pytest.raises(Gone, match="FOREIGN KEY"):
                await work.forget(person.id)
    finally:
        METADATA.remove(forgotten)


async def test_nobody_has_nothing(open_work: OpenWork) -> None:
    async with open_work() as work:
        assert not any((await work.export(7)).values())
        assert not any((await work.forget(7)).values())
