from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import bindparam, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.engine import Storage
from storage.records.people import Visibility
from storage.stores.base import PEOPLE, Store
from storage.stores.shapes import shaped
from storage.tables.app_state import app_state
from storage.tables.people import people
from tests.conftest import START, MovableClock

_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


def _upsert(dialect: sqlite.dialect, key: str, value: str | None) -> object:
    kept = (postgresql if dialect.name == "postgresql" else sqlite).insert(app_state).values(key=key, value=value)
    return kept.on_conflict_do_update(index_elements=["key"], set_={"value": value})


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.asyncpg.dialect()], ids=["sqlite", "postgres"])
@given(_TEXT, st.one_of(st.none(), _TEXT), st.integers(0, 99), st.integers(0, 9))
def test_each_statement_of_a_shape_brings_its_own_values(
    dialect: sqlite.dialect, key: str, value: str | None, number: int, page: int
) -> None:
    for statement, wanted in (
        (select(app_state).where(app_state.c.key == key, app_state.c.value != key).limit(page), (key, key, page)),
        (update(app_state).where(app_state.c.key == key).values(value=value), (value, key)),
        (insert(app_state).values(key=key, value=value), (key, value)),
        (_upsert(dialect, key, value), (key, value, value)),
        (delete(app_state).where(app_state.c.key == key), (key,)),
        (select(people.c.id).where(people.c.made_at > START, people.c.id == number), (1795428000000, number)),
    ):
        found = shaped(statement, dialect)
        assert found is not None
        assert [*found.values][: len(wanted)] == [*wanted]
        assert found.shape.text == str(statement.compile(dialect=dialect))


@pytest.mark.parametrize(
    "statement",
    [
        select(app_state).where(app_state.c.key.in_(["a", "b"])),
        select(app_state).where(app_state.c.key == bindparam("wanted")),
        insert(app_state).values([{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]),
        select(app_state.c.key, app_state.c.key.label("key")),
        text("SELECT 1"),
    ],
    ids=["list", "unsaid", "rows", "one name twice", "text"],
)
def test_what_is_not_the_same_each_time_is_left_to_sqlalchemy(statement: object) -> None:
    assert shaped(statement, sqlite.dialect()) is None  # type: ignore[arg-type]  # statements of many kinds


@settings(max_examples=15)
@given(st.lists(st.tuples(_TEXT, st.sampled_from(Visibility), st.booleans()), min_size=1, max_size=4))
async def test_rows_come_back_as_sqlalchemy_reads_them(
    kept: list[tuple[str, Visibility, bool]],
) -> None:
    from storage import engine

    storage = await engine.open("sqlite://")
    try:
        async with storage.open_work() as work:
            store = Store(work)
            for name, seen_by, plain in kept:
                person = await work.people.add(name, START)
                await store._count(
                    update(people).where(people.c.id == person.id).values(visibility=seen_by, plain_text=plain)
                )
            statement = select(people).order_by(people.c.id)
            theirs = [dict(row) for row in (await store._run(statement)).mappings()]
            assert await store._all(statement, dict) == theirs
            assert await store._one(statement, dict) == theirs[0]
    finally:
        await storage.close()


async def test_writes_are_counted_and_told_of(anywhere: str, storage: Storage, clock: MovableClock) -> None:
    heard: list[str] = []
    await storage.listen(PEOPLE, lambda: heard.append("people"))
    async with storage.open_work() as work:
        ids = [(await work.people.add(name, clock.now())).id for name in "abc"]
        await work.commit()
    heard.clear()
    async with storage.open_work() as work:
        store = Store(work)
        assert await store._count(update(people).where(people.c.id >= ids[1]).values(takes_unpaid=True)) == 2
        assert await store._count(update(people).where(people.c.id < 0).values(takes_unpaid=True)) == 0
        changed = update(people).where(people.c.id == ids[0]).values(name="z").returning(people.c.name)
        assert await store._one(changed, dict) == {"name": "z"}
        counted = select(func.count().label("n")).select_from(people).where(people.c.takes_unpaid.is_(True))
        assert await store._one(counted, dict) == {"n": 2}
        await work.commit()
    assert heard
