"""Statements that are worked out once: the same answers, faults and counts as by the long way, on every engine."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError

from storage import engine
from storage.engine import Storage
from storage.faults import Clash, Gone, Unreachable
from storage.stores.raw import Raw
from storage.stores.ready import Ready, among
from storage.tables import columns
from storage.tables.people import people
from storage.work import OpenWork, Work
from tests.databases import Postgres
from tests.storage.tried import METADATA, TRIED, Colour, Size

NAMES = [column.name for column in TRIED.c if column.name != "id"]
NOTHING: dict[str, Any] = dict.fromkeys(NAMES)

ADD = Ready(insert(TRIED).returning(*TRIED.c), NAMES)
GET = Ready(select(TRIED).where(TRIED.c.id == bindparam("id")))
BY_ID = Ready(select(TRIED.c.id).where(among(TRIED.c.id, "ids")).order_by(TRIED.c.id))
BY_KEY = Ready(select(TRIED.c.id).where(among(TRIED.c.key, "keys")).order_by(TRIED.c.id))
SINCE = Ready(
    select(TRIED.c.id).where(TRIED.c.at >= bindparam("since"), TRIED.c.flag == bindparam("flag")).order_by(TRIED.c.id)
)
#: The same value at two places, and a constant.
EITHER = Ready(
    select(TRIED.c.id)
    .where((TRIED.c.key == bindparam("word")) | (TRIED.c.typed == bindparam("word")))
    .order_by(TRIED.c.id)
    .limit(2)
)
PAINT = Ready(update(TRIED).where(TRIED.c.key == bindparam("which")).values(colour=bindparam("new"), size=Size.LARGE))
DROP = Ready(delete(TRIED).where(TRIED.c.id == bindparam("id")).returning(TRIED.c.key))
ONE = Raw("SELECT 1 AS one")


async def made(work: Work) -> Any:
    """The table, gone again with the Work."""
    await work.connection.run_sync(METADATA.create_all)
    return work.connection


async def add(work: Work, **values: Any) -> Mapping[str, Any]:
    (row,) = await ADD.rows(work.connection, **NOTHING | values)
    return row


FULL = {
    "at": datetime(2026, 7, 1, 9, 30, 15, 123_000, tzinfo=timezone(timedelta(hours=-9))),
    "minor": columns.LARGEST,
    "day": date(2028, 2, 29),
    "clock": time(23, 59, 30),
    "flag": True,
    "typed": "Zoë\x00 'and\" \ud800 ? :id $1 %s",
    "key": "ключ",
    "json": {"b": [1, None, True], "a": "ü"},
    "colour": Colour.BLUE,
    "size": Size.SMALL,
}


@pytest.mark.parametrize("values", [FULL, {}, {"flag": False, "json": [], "typed": "", "minor": -1}])
async def test_rows_read_as_they_do_by_the_long_way(anywhere: str, open_work: OpenWork, values: dict[str, Any]) -> None:
    async with open_work() as work:
        connection = await made(work)
        ready = await add(work, **values)
        long_way = (await connection.execute(insert(TRIED).values(values | {"key": None}).returning(TRIED))).mappings()
        expected = dict(long_way.one()) | {"id": ready["id"], "key": values.get("key")}
        assert ready == expected
        assert {name: type(value) for name, value in ready.items()} == {n: type(v) for n, v in expected.items()}
        assert (await GET.rows(connection, id=ready["id"])) == [expected]
        assert (
            dict((await connection.execute(select(TRIED).where(TRIED.c.id == ready["id"]))).mappings().one()) == ready
        )


async def test_values_are_compared_by_the_meaning_of_their_column(anywhere: str, open_work: OpenWork) -> None:
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    async with open_work() as work:
        connection = await made(work)
        for hours, flag in ((-1, True), (0, True), (1, False), (2, True)):
            await add(work, at=noon + timedelta(hours=hours), flag=flag)
        ids = [
            row["id"]
            for row in await SINCE.rows(connection, since=noon.astimezone(timezone(timedelta(hours=5))), flag=True)
        ]
        assert ids == [2, 4]
        assert [row["id"] for row in await SINCE.rows(connection, since=noon, flag=False)] == [3]


async def test_one_value_may_stand_at_two_places(anywhere: str, open_work: OpenWork) -> None:
    async with open_work() as work:
        connection = await made(work)
        for values in ({"key": "sax"}, {"typed": "sax"}, {"key": "oud"}, {"typed": "sax"}):
            await add(work, **values)
        assert [row["id"] for row in await EITHER.rows(connection, word="sax")] == [1, 2]


@pytest.mark.parametrize("number", [0, 1, 2, 5_000])
async def test_lists_may_have_any_length(anywhere: str, open_work: OpenWork, number: int) -> None:
    async with open_work() as work:
        connection = await made(work)
        for key in ("a", 'b"', "c,d", "[]"):
            await add(work, key=key)
        ids = list(range(1, number + 1))
        assert [row["id"] for row in await BY_ID.rows(connection, ids=ids)] == ids[:4]
        keys = ["[]", 'b"', *map(str, range(number))][:number]
        assert [row["id"] for row in await BY_KEY.rows(connection, keys=keys)] == [[], [4], [2, 4], [2, 4]][
            min(number, 3)
        ]


def test_a_list_is_looked_up_by_the_key_on_sqlite() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT)")
        statement = str(select(people.c.id).where(among(people.c.id, "ids")).compile(dialect=sqlite.dialect()))
        [plan, *_] = database.execute(f"EXPLAIN QUERY PLAN {statement}", ("[1]",)).fetchall()
    assert "SEARCH people USING INTEGER PRIMARY KEY" in plan[3]  # and not SCAN, through every row


async def test_deeds_say_what_they_changed(anywhere: str, open_work: OpenWork) -> None:
    async with open_work() as work:
        connection = await made(work)
        row = await add(work, key="a", colour=Colour.RED)
        assert await PAINT.count(connection, which="a", new=Colour.BLUE) == 1
        assert await PAINT.count(connection, which="b", new=Colour.RED) == 0
        (painted,) = await GET.rows(connection, id=row["id"])
        assert (painted["colour"], painted["size"]) == (Colour.BLUE, Size.LARGE)
        assert await DROP.rows(connection, id=row["id"]) == [{"key": "a"}]
        assert await DROP.rows(connection, id=row["id"]) == []


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"at": datetime(2026, 1, 1)}, ValueError),  # noqa: DTZ001  # naive on purpose
        ({"minor": 2.5}, TypeError),
        ({"minor": 2**63}, ValueError),
        ({"day": datetime(2026, 1, 1, tzinfo=UTC)}, TypeError),
        ({"json": {1}}, TypeError),
        ({"colour": "green"}, ValueError),
        ({"colours": "red"}, KeyError),
    ],
)
async def test_what_is_no_value_is_refused(
    anywhere: str, open_work: OpenWork, values: dict[str, Any], refused: type[Exception]
) -> None:
    async with open_work() as work:
        await made(work)
        with pytest.raises(refused):
            await add(work, **values)
        assert (await add(work, key="a"))["id"] == 1  # nothing reached the database


async def test_a_value_that_was_forgotten_is_no_null(anywhere: str, open_work: OpenWork) -> None:
    async with open_work() as work:
        connection = await made(work)
        with pytest.raises(KeyError, match="other"):
            await ADD.rows(connection, **{name: None for name in NAMES if name != "other"})


def test_a_statement_that_changes_from_time_to_time_is_refused() -> None:
    changing = Ready(select(TRIED.c.id).where(TRIED.c.id.in_([1, 2])))
    from sqlalchemy.dialects import sqlite

    with pytest.raises(TypeError, match="not the same each time"):
        changing._write(sqlite.dialect())


async def test_faults_have_their_usual_names(anywhere: str, open_work: OpenWork) -> None:
    with pytest.raises(Clash):
        async with open_work() as work:
            await made(work)
            await add(work, key="a")
            await add(work, key="a")
    with pytest.raises(Gone):
        async with open_work() as work:
            await made(work)
            await add(work, other=77)
    with pytest.raises(DBAPIError) as caught:
        async with open_work() as work:
            await GET.rows(work.connection, id=1)  # no such table
    assert "tried" in str(caught.value)
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        async with open_work(reading=True) as work:
            await Raw("UPDATE people SET name = :name").count(work.connection, name="x")
    async with open_work() as work:  # and the connection goes on
        assert [tuple(row) for row in await ONE.run(work.connection)] == [(1,)]


async def test_many_at_once_fail_as_one_does(anywhere: str, open_work: OpenWork) -> None:
    into = Raw("INSERT INTO tried (key) VALUES (:key)")
    async with open_work() as work:
        connection = await made(work)
        await into.many(connection, [{"key": "a"}, {"key": "b"}])
        assert len(await BY_ID.rows(connection, ids=[1, 2, 3])) == 2
        with pytest.raises(Clash):
            await into.many(connection, [{"key": "c"}, {"key": "a"}])


async def test_what_was_not_committed_is_gone(anywhere: str, open_work: OpenWork) -> None:
    label = "UPDATE app_state SET value = :value WHERE key = 'k'"
    async with open_work() as work:
        await work.app.set_value("k", "before")
        await work.commit()
    async with open_work() as work:
        assert await Raw(label).count(work.connection, value="after") == 1
        assert await work.app.value("k") == "after"
    async with open_work(reading=True) as work:
        assert await work.app.value("k") == "before"


async def test_without_a_transaction_one_is_begun(anywhere: str, storage: Storage) -> None:
    async with storage.engine.connect() as connection:
        assert [tuple(row) for row in await ONE.run(connection)] == [(1,)]
        assert connection.in_transaction()
        assert [tuple(row) for row in await ONE.run(connection)] == [(1,)]


async def test_what_is_asked_is_counted(anywhere: str, storage: Storage) -> None:
    asked = storage.timings.asked
    before = {kind: sum(spread.counts) for kind, spread in asked.items()}
    async with storage.open_work(reading=True) as work:
        await ONE.run(work.connection)
        await work.gigs.get(1)
    async with storage.open_work() as work:
        await ONE.run(work.connection)
    assert {kind: sum(spread.counts) - before[kind] for kind, spread in asked.items()} == {"reading": 2, "writing": 1}


async def test_whoever_is_cancelled_leaves_a_connection_that_nobody_gets(anywhere: str, storage: Storage) -> None:
    if anywhere == "memory":
        pytest.skip("its one connection is used by everybody, and opened anew as on a file")
    long = Raw(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT max(i) FROM n",
        "SELECT pg_sleep(30)",
    )
    begun = asyncio.Event()

    async def wait() -> None:
        async with storage.open_work() as work:
            begun.set()
            await long.run(work.connection)

    task = asyncio.create_task(wait())
    await begun.wait()
    await asyncio.sleep(0)  # it has asked
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with storage.open_work() as work:
        await work.app.set_value("a", "1")
        assert [tuple(row) for row in await ONE.run(work.connection)] == [(1,)]
        await work.commit()
    async with storage.open_work(reading=True) as work:
        assert await work.app.value("a") == "1"


async def test_a_server_that_goes_away_in_the_middle_is_met_again(postgres: Postgres, borrowed: str) -> None:
    storage = await engine.open(postgres.url(borrowed))
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{borrowed}'"
    for _ in range(3):
        with pytest.raises(Unreachable):
            async with storage.open_work() as work:
                assert await work.gigs.get(1) is None
                await postgres.run(cut)
                await work.gigs.get(1)
        async with storage.open_work(reading=True) as work:
            assert await work.gigs.get(1) is None
    await storage.close()
