"""Two people become one, and two again: nothing is lost on the way, in whatever table it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Table, UniqueConstraint, func, insert, select, text

from storage.engine import Storage
from storage.stores.merging import pointers
from storage.tables.base import METADATA
from storage.work import Work
from tests.conftest import START
from tests.storage.rows import one_of_each

PEOPLE = METADATA.tables["people"]
#: Tables of which both people have a row each, made from their columns.
THEIRS = list(dict.fromkeys(column.table for column in pointers()))
#: What is not moved row by row, and has tests of its own.
PUT_TOGETHER = {"person_roles", "person_settings", "memberships", "billing", "invoice_numbers"}

#: Where somebody else belongs into the picture: nobody answers their own gig, or passes one on to themselves.
THIRD = {"gigs": {"poster_id": 3}, "referrals": {"receiver_id": 3}}


def second(table: Table, values: dict[str, Any], clash: bool) -> dict[str, Any]:
    """A row of person 2 beside person 1's: in the same place, or in one of its own."""
    mine = dict(values)
    owning = {column for column in pointers() if column.table is table}
    keys = [list(table.primary_key.columns)]
    keys += [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys += [[c for c in one.expressions if isinstance(c, Column)] for one in table.indexes if one.unique]
    for key in keys:
        shared = not owning & set(key)  # no two rows of anybody can be the same in these
        for column in set(key) - owning:
            if (shared or not clash) and (not column.foreign_keys or column.name == "id"):
                mine[column.name] = _other(values[column.name])
    return mine | {column.name: 2 for column in owning}


def _other(value: Any) -> Any:
    if isinstance(value, Enum):
        return next(member for member in type(value) if member is not value)
    if isinstance(value, datetime | date):
        return value + timedelta(days=1)
    return value + 1 if isinstance(value, int) else f"{value}'"


async def counts(work: Work) -> dict[str, int]:
    return {
        table.name: int((await work.connection.execute(select(func.count()).select_from(table))).scalar_one())
        for table in METADATA.sorted_tables
    }


async def filled(work: Work, clashing: set[str]) -> None:
    """A row of each table for person 1, and another for person 2."""
    for table, values in one_of_each().items():
        values |= THIRD.get(table.name, {})
        await work.connection.execute(insert(table), values)
        if table is PEOPLE:
            for number, name in ((2, "Kim"), (3, "Lee")):
                await work.connection.execute(insert(table), {**values, "id": number, "name": name})
    for table in THEIRS:
        values = second(table, one_of_each()[table], table.name in clashing)
        values |= {name: value for name, value in THIRD.get(table.name, {}).items() if table.name != "gigs"}
        await work.connection.execute(insert(table), values)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(clashing=st.sets(st.sampled_from(sorted(table.name for table in THEIRS))))
async def test_nothing_is_lost_but_one_of_two_rows_in_one_place(storage: Storage, clashing: set[str]) -> None:
    async with storage.open_work() as work:  # not committed: the next example begins with nothing again
        await filled(work, clashing)
        before = await counts(work)

        done = await work.merging.merge(1, 2, START)

        after = await counts(work)
        for column in pointers():
            still = select(func.count()).select_from(column.table).where(column == 2)
            assert (await work.connection.execute(still)).scalar_one() == 0, str(column)
        assert await work.people.get(2) is None
        fewer = {name: before[name] - after[name] for name in before if before[name] != after[name]}
        assert fewer.pop("people") == 1
        assert set(fewer.values()) <= {1}
        assert set(fewer) <= done.doubled | PUT_TOGETHER | {"answers", "date_poll_answers"}
        assert not (await work.connection.execute(text("PRAGMA foreign_key_check"))).all()
