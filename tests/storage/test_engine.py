"""Works and connections: nothing kept without a commit, one writer at a time, broken databases in plain words."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage import connections, engine, sqlite
from storage.engine import Storage
from storage.faults import Clash, Gone, Unreachable
from storage.tables.people import identities
from storage.work import OpenWork
from tests.conftest import MovableClock, Postgres
from tests.databases import new_file

NOW = MovableClock().now()


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
