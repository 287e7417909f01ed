"""Works and connections: nothing kept without a commit, one writer at a time, settings and addresses as promised."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage import connections, engine, sqlite
from storage.engine import Storage
from storage.faults import Clash, Gone
from storage.tables.people import identities
from storage.work import OpenWork
from tests.conftest import START as NOW
from tests.databases import new_file


@pytest.mark.usefixtures("anywhere")
class TestWork:
    async def test_leaving_without_commit_changes_nothing(self, open_work: OpenWork) -> None:
        async with open_work() as work:
            await work.app.set_value("a", "1")
        with pytest.raises(ZeroDivisionError):
            async with open_work() as work:
                await work.app.set_value("a", "1")
                raise ZeroDivisionError
        async with open_work() as work:
            await work.app.set_value("a", "1")
            await work.rollback()
        async with open_work(reading=True) as work:
            assert await work.app.value("a") is None

    async def test_a_finished_work_answers_no_more(self, open_work: OpenWork) -> None:
        async with open_work() as work:
            await work.app.set_value("a", "1")
            await work.commit()
            with pytest.raises(RuntimeError, match="finished"):
                await work.app.set_value("a", "2")
            with pytest.raises(RuntimeError, match="finished"):
                await work.commit()
        with pytest.raises(RuntimeError, match="finished"):
            await work.app.value("a")
        async with open_work(reading=True) as work:
            assert await work.app.value("a") == "1"

    async def test_a_work_for_reading_cannot_write(self, open_work: OpenWork) -> None:
        async with open_work(reading=True) as work:
            with pytest.raises(DBAPIError, match=r"readonly|read-only"):
                await work.app.set_value("a", "1")
        async with open_work(reading=True) as work:
            with pytest.raises(RuntimeError, match="reading"):
                await work.commit()
        async with open_work() as work:  # and the next one on the same connection can
            await work.app.set_value("a", "1")
            await work.commit()

    async def test_a_task_opens_one_work_at_a_time(self, open_work: OpenWork) -> None:
        async with open_work() as work:
            for reading in (True, False):
                with pytest.raises(RuntimeError, match="hand that one on"):
                    async with open_work(reading=reading):
                        pass
            await work.commit()
        async with open_work() as work:
            assert await work.app.value("a") is None

    async def test_hooks_run_after_a_commit_and_only_then(self, open_work: OpenWork) -> None:
        ran: list[str] = []
        async with open_work() as work:
            work.after_commit(lambda: ran.append("never"))
        async with open_work() as work:
            work.after_commit(lambda: ran.append("once"))
            await work.app.set_value("a", "1")
            assert ran == []
            await work.commit()
            assert ran == ["once"]
        assert ran == ["once"]

    async def test_who_listens_hears_of_what_was_committed(self, storage: Storage) -> None:
        heard = asyncio.Event()
        times: list[int] = []
        await storage.listen("notices", lambda: (times.append(1), heard.set()))
        async with storage.open_work() as work:
            work.announce("notices")
        async with storage.open_work() as work:
            work.announce("something else")
            await work.commit()
        assert times == []
        async with storage.open_work() as work:
            work.announce("notices")
            work.announce("notices")
            await work.commit()
        await asyncio.wait_for(heard.wait(), 5)
        await storage.line.keep()

    async def test_a_unique_value_taken_is_a_clash_and_a_missing_row_is_gone(self, open_work: OpenWork) -> None:
        async with open_work() as work:
            person = await work.people.greet("discord", "1", "Sam", NOW)
            values = {
                "surface": "discord", "account": "1", "person_id": person.id, "name": "S", "name_key": "s",
                "seen_at": NOW,
            }  # fmt: skip
            with pytest.raises(Clash):
                await work.connection.execute(identities.insert().values(**values))
        async with open_work() as work:
            with pytest.raises(Gone):
                await work.connection.execute(identities.insert().values(**{**values, "person_id": 77, "account": "2"}))

    async def test_many_writers_lose_nothing(self, open_work: OpenWork) -> None:
        async with open_work() as work:
            await work.app.set_value("n", "0")
            await work.commit()

        async def one_more() -> None:
            async with open_work() as work:
                # A statement that locks the row, as every deed that several try at once is.
                await work.connection.execute(
                    text("UPDATE app_state SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key = 'n'")
                )
                await work.commit()

        await asyncio.gather(*(one_more() for _ in range(40)))
        async with open_work(reading=True) as work:
            assert await work.app.value("n") == "40"

    async def test_a_cancelled_task_leaves_the_database_usable(self, storage: Storage) -> None:
        async def never_ends() -> None:
            async with storage.open_work() as work:
                await work.app.set_value("a", "1")
                started.set()
                await asyncio.Event().wait()

        for _ in range(3):
            started = asyncio.Event()
            task = asyncio.create_task(never_ends())
            await started.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        async with storage.open_work() as work:
            assert await work.app.value("a") is None
            await work.people.add("Sam", NOW)
            await work.commit()

    async def test_cancelled_in_the_middle_of_a_statement(self, storage: Storage) -> None:
        async with storage.open_work() as work:
            await work.people.add("Sam", NOW)
            await work.commit()
        slow = (
            "SELECT pg_sleep(0.3)"
            if storage.dialect == "postgresql"
            else "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n < 1000000) SELECT max(n) FROM c"
        )

        async def ask() -> None:
            async with storage.open_work() as work:
                await work.app.set_value("a", "1")
                started.set()
                await work.connection.execute(text(slow))
                await work.commit()

        for _ in range(3):
            started = asyncio.Event()
            task = asyncio.create_task(ask())
            await started.wait()
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        async with storage.open_work() as work:
            assert await work.app.value("a") is None
            assert await work.people.get(1) is not None  # a database in memory is still there, too
            await work.people.add("Kim", NOW)
            await work.commit()


async def test_another_process_hears_of_it_too(storage_url: str, anywhere: str) -> None:
    if anywhere == "memory":
        return  # nobody else can see it
    first, second = await engine.open(storage_url), await engine.open(storage_url)
    heard = asyncio.Event()
    await second.listen("notices", heard.set)
    async with first.open_work() as work:
        work.announce("notices")
        await work.commit()
    if anywhere == "postgres":
        await asyncio.wait_for(heard.wait(), 5)
    await first.close()
    await second.close()


async def test_readers_do_not_wait_for_the_writer(tmp_path: Path) -> None:
    storage = await engine.open(await new_file(tmp_path / "t.db"))

    async def look() -> str | None:
        async with storage.open_work(reading=True) as work:
            return await work.app.value("a")

    async with storage.open_work() as work:
        await work.app.set_value("a", "1")
        assert await asyncio.gather(look(), look(), look()) == [None] * 3
        await work.commit()
    assert await look() == "1"
    await storage.close()


async def test_the_log_is_folded_into_the_file_by_a_reader(tmp_path: Path) -> None:
    file = tmp_path / "t.db"
    storage = await engine.open(await new_file(file))
    async with storage.open_work() as work:
        await work.app.set_value("a", "x" * 500_000)
        await work.commit()
    assert not holds(file, b"xxxx")
    async with storage.open_work():  # while the writer is busy
        await asyncio.create_task(storage.tend())
    assert holds(file, b"xxxx")
    await storage.close()


def holds(file: Path, written: bytes) -> bool:
    return written in file.read_bytes()


async def test_connections_are_set_as_promised(tmp_path: Path) -> None:
    storage = await engine.open(f"sqlite:///{tmp_path}/t.db")

    async def said(reading: bool, pragma: str) -> object:
        async with storage.open_work(reading=reading) as work:
            return (await work.connection.execute(text(f"PRAGMA {pragma}"))).scalar()

    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 5000,
        "cache_size": -16000,
        "mmap_size": 268435456,
        "temp_store": 2,
        "foreign_keys": 1,
    }
    for reading in (False, True):
        assert {pragma: await said(reading, pragma) for pragma in wanted} == wanted
    assert await said(False, "journal_size_limit") == 67108864
    assert await said(False, "wal_autocheckpoint") == 8000
    assert (await said(False, "query_only"), await said(True, "query_only")) == (0, 1)
    await storage.close()
    storage = await engine.open(f"sqlite:///{tmp_path}/t.db", synchronous="NORMAL", cache_kib=8000)
    assert (await said(False, "synchronous"), await said(False, "cache_size")) == (1, -8000)
    await storage.close()
    with pytest.raises(ValueError, match="FULL or NORMAL"):
        await engine.open(f"sqlite:///{tmp_path}/t.db", synchronous="OFF")


async def test_databases_in_memory_are_strangers() -> None:
    one, other = await engine.open("sqlite://"), await engine.open("sqlite:///:memory:")
    async with one.open_work() as work:
        await work.app.set_value("a", "1")
        await work.commit()
    async with other.open_work(reading=True) as work:
        assert await work.app.value("a") is None
    await one.close()
    await other.close()


async def test_a_second_start_needs_no_alembic(tmp_path: Path) -> None:
    url = await new_file(tmp_path / "t.db")
    program = (
        "import asyncio, sys\nfrom storage import engine\n"
        "async def _open():\n    await (await engine.open(sys.argv[1])).close()\n"
        "asyncio.run(_open())\nassert not any(name.startswith('alembic') for name in sys.modules)\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, url, cwd=Path(__file__).parents[2])
    assert await process.wait() == 0


async def test_a_file_that_is_being_written_is_switched_to_its_log_afterwards(tmp_path: Path) -> None:
    """SQLite answers BUSY at once here, whatever its timeout."""
    holder = sqlite3.connect(tmp_path / "t.db", isolation_level=None)
    holder.execute("CREATE TABLE t (x)")
    holder.execute("BEGIN IMMEDIATE")
    opening = asyncio.create_task(sqlite.connect(sqlite.connector(str(tmp_path / "t.db"))))
    done, _ = await asyncio.wait({opening}, timeout=0.2)
    assert not done
    holder.execute("ROLLBACK")
    opened = await asyncio.wait_for(opening, 10)
    assert await opened.run(lambda connection: connection.execute("PRAGMA journal_mode").fetchone()) == ("wal",)
    await opened.close()
    holder.close()


def test_urls_get_their_drivers() -> None:
    assert connections.read_url("sqlite:///a.db").drivername == "sqlite+aiosqlite"
    read = connections.read_url("postgres://u:p@h/d?sslmode=require")
    assert (read.drivername, dict(read.query)) == ("postgresql+asyncpg", {"ssl": "require"})
    assert connections.sqlite_file(connections.read_url("sqlite:////tmp/a.db")) == Path("/tmp/a.db")
    assert connections.sqlite_file(connections.read_url("sqlite://")) is None
    assert connections.sqlite_file(read) is None


async def test_a_password_is_not_shown() -> None:
    opened = Storage(*(connections.postgres_engine(connections.read_url("postgresql://u:secret@h/d")),) * 2)
    assert "secret" not in opened.url
    assert opened.url.endswith("@h/d")


def test_this_python_can_do_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sqlite.what_is_missing() is None
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 31, 0))
    assert "3.36.0 or newer" in (sqlite.what_is_missing() or "")
