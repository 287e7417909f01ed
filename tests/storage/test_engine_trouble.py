"""Databases that are full, damaged, held, absent, cut off or busy: said in plain words, and met again."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import engine, sqlite
from storage.faults import Unreachable
from tests.conftest import START as NOW
from tests.conftest import Postgres


async def test_an_old_database_is_left_alone_when_asked(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="db upgrade"):
        await engine.open(f"sqlite:///{tmp_path}/t.db", migrate=False)


async def test_a_full_disk_is_said_in_words_and_changes_nothing(tmp_path: Path) -> None:
    storage = await engine.open(f"sqlite:///{tmp_path}/t.db")
    async with storage.open_work() as work:
        pages = (await work.connection.execute(text("PRAGMA page_count"))).scalar_one()
        await work.connection.execute(text(f"PRAGMA max_page_count={pages + 2}"))
        await work.app.set_value("a", "1")
        await work.commit()
    with pytest.raises(Unreachable, match="disk is full"):
        async with storage.open_work() as work:
            await work.app.set_value("a", "2")
            await work.app.set_value("b", "x" * 100_000)
            await work.commit()
    async with storage.open_work(reading=True) as work:
        assert await work.app.value("a") == "1"
    await storage.close()


async def test_a_damaged_file_is_said_in_words(tmp_path: Path) -> None:
    file = tmp_path / "t.db"
    storage = await engine.open(f"sqlite:///{file}")
    async with storage.open_work() as work:
        for number in range(300):
            await work.people.greet("discord", str(number), "Sam" * 20, NOW + timedelta(seconds=number))
        await work.commit()
    await storage.close()
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + bytes(len(whole) - 8192))
    with pytest.raises(Unreachable, match="damaged"):
        storage = await engine.open(f"sqlite:///{file}")
        try:
            async with storage.open_work(reading=True) as work:
                await work.people.get(1)
        finally:
            await storage.close()


@pytest.mark.parametrize(
    ("content", "words"), [(b"not a database, but long enough to be looked at " * 100, "not an SQLite database")]
)
async def test_a_file_that_is_no_database_is_said_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    file = tmp_path / "t.db"
    file.write_bytes(content)
    with pytest.raises(Unreachable, match=words):
        await engine.open(f"sqlite:///{file}")
    assert file.read_bytes() == content


async def test_a_folder_in_the_way_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "t.db").mkdir()
    with pytest.raises(Unreachable, match="cannot be opened"):
        await engine.open(f"sqlite:///{tmp_path}/t.db")
    (tmp_path / "file").write_text("x")
    with pytest.raises(Unreachable):
        await engine.open(f"sqlite:///{tmp_path}/file/t.db")


async def test_a_file_somebody_else_holds_is_said_in_words(tmp_path: Path) -> None:
    file = tmp_path / "t.db"
    await (await engine.open(f"sqlite:///{file}")).close()
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    storage = await engine.open(f"sqlite:///{file}")
    try:
        with pytest.raises(Unreachable, match="another program"):
            async with storage.open_work() as work:
                driver = (await work.connection.get_raw_connection()).driver_connection
                assert isinstance(driver, sqlite.Connection)
                driver._conn.execute("PRAGMA busy_timeout=50")
                await work.app.set_value("a", "1")
    finally:
        holder.close()
        await storage.close()


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://localhost/x", "postgresql://127.0.0.1:1/x", "mongodb+srv://x"]
)
async def test_an_address_that_leads_nowhere_is_said_in_words(url: str) -> None:
    with pytest.raises(Unreachable) as caught:
        await engine.open(url)
    assert len(caught.value.reason) > 20


async def test_a_server_that_was_restarted_is_met_again(postgres: Postgres, borrowed: str) -> None:
    storage = await engine.open(postgres.url(borrowed))
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{borrowed}'"
    await storage.listen("notices", lambda: None)  # on a connection of its own
    async with storage.open_work() as work:
        await work.app.set_value("a", "1")
        await work.commit()
    await postgres.run(cut)
    async with storage.open_work(reading=True) as work:  # nobody notices
        assert await work.app.value("a") == "1"
    await storage.line.keep()
    with pytest.raises(Unreachable):  # in the middle it is noticed, and nothing is half done
        async with storage.open_work() as work:
            await work.app.set_value("a", "2")
            await postgres.run(cut)
            await work.app.set_value("b", "2")
            await work.commit()
    async with storage.open_work(reading=True) as work:
        assert (await work.app.value("a"), await work.app.value("b")) == ("1", None)
    await storage.close()


async def test_every_connection_of_the_pool_is_made_again_after_a_cut(postgres: Postgres, borrowed: str) -> None:
    storage = await engine.open(postgres.url(borrowed), pool_size=4, max_overflow=0)

    async def one_more(all_in: asyncio.Barrier) -> None:
        async with storage.open_work() as work:
            await all_in.wait()  # each on a connection of its own
            await work.connection.execute(
                text(
                    "INSERT INTO app_state (key, value) VALUES ('n', '1') ON CONFLICT (key) "
                    "DO UPDATE SET value = CAST(CAST(app_state.value AS INTEGER) + 1 AS TEXT)"
                )
            )
            await work.commit()

    for _ in range(5):
        barrier = asyncio.Barrier(4)
        await asyncio.gather(*(one_more(barrier) for _ in range(4)))
        await postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{borrowed}'")
    async with storage.open_work(reading=True) as work:
        assert await work.app.value("n") == "20"
    await storage.close()


async def test_a_server_that_refuses_is_said_in_words(postgres: Postgres) -> None:
    for url in (postgres.url("nowhere"), postgres.url("postgres").replace("postgres:@", "nobody:@")):
        with pytest.raises(Unreachable, match="does not exist"):
            await engine.open(url)


async def test_a_pool_that_is_too_small_makes_people_wait_and_nobody_is_lost(postgres: Postgres, borrowed: str) -> None:
    storage = await engine.open(postgres.url(borrowed), pool_size=2, max_overflow=0)

    async def greet(number: int) -> int:
        async with storage.open_work() as work:
            person = await work.people.greet("discord", str(number), "Sam", NOW)
            await work.commit()
            return person.id

    assert len(set(await asyncio.gather(*(greet(number) for number in range(20))))) == 20
    await storage.close()
