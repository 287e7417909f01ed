"""Opening the cellar: from a URL to a `Storage` that hands out Works.

    storage = await open("sqlite:///data/firstcall.db")
    async with storage.open_work() as work: ...
    await storage.close()
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import URL
from sqlalchemy.ext.asyncio.engine import AsyncConnection, AsyncEngine

from storage import connections, sqlite
from storage.badges import Badges
from storage.connections import READING
from storage.disk import Disk
from storage.faults import Unreachable, Unwritable
from storage.line import Line
from storage.migrations.revision import is_current, revision_of
from storage.timings import READS, WRITES, Timings
from storage.work import Work

log = logging.getLogger(__name__)

#: Where what PostgreSQL holds is kept before it is brought up to date, unless another folder is named.
BACKUPS = Path("data")

#: For how long the database counts as one that keeps nothing after it said so, in seconds. Who watches it has it tried
#: more often than that, so a disk that stays full stays known.
TROUBLE_FOR = 20.0

#: How long a Work may do nothing on PostgreSQL before the server undoes it. Nobody waits for anything else in one, so
#: its process hangs, or its machine was suspended, and others wait for the rows that it holds.
IDLE_WITHIN = timedelta(seconds=60)


class Storage:
    """An open database.

    engine: the one that writes. dialect: "sqlite" or "postgresql". url: as given, without a password.
    line: to other processes. timings: how long it takes, as counted so far.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        reader: AsyncEngine,
        *,
        keeper: sqlite3.Connection | None = None,
        disk: Disk | None = None,
        badges: Path | None = None,
    ) -> None:
        self.engine = engine
        self.dialect = engine.dialect.name
        self.url = engine.url.render_as_string(hide_password=True)
        self._reader = reader
        self._keeper = keeper
        self._disk = disk
        self._in_memory = keeper is not None
        self._at_work: set[asyncio.Task[Any]] = set()
        self._refused: tuple[str, float] | None = None
        self.line = Line(engine, Badges(badges))
        self.timings = Timings()
        for one in {engine, reader}:
            self.timings.follow(one.sync_engine, READING)

    @property
    def trouble(self) -> str | None:
        """Why nothing is kept at the moment, as far as somebody has tried lately; None when all is well."""
        if self._refused is None or time.monotonic() - self._refused[1] > TROUBLE_FOR:
            return None
        return self._refused[0]

    def open_work(self, *, reading: bool = False) -> AbstractAsyncContextManager[Work]:
        """One transaction, rolled back on leaving unless committed; `reading` ones may not write and never wait.

        Raises Unreachable when the database does not answer, and RuntimeError when this task has a Work open already.
        """
        return self._open_work(reading)

    @contextlib.asynccontextmanager
    async def _open_work(self, reading: bool) -> AsyncIterator[Work]:
        task = asyncio.current_task()
        assert task is not None
        if task in self._at_work:
            raise RuntimeError("this task has a Work open already; hand that one on")
        self._at_work.add(task)
        kind, timings, steady = READS if reading else WRITES, self.timings, time.perf_counter
        try:
            asked = steady()
            timings.in_line[kind] += 1
            try:
                connection = await self._begun(reading)
            finally:
                timings.in_line[kind] -= 1
            began = steady()
            timings.waited[kind].note(began - asked)

            async def settled(connection: AsyncConnection) -> None:
                await self._settled(connection)
                timings.lasted[kind].note(steady() - began)

            work = Work(connection, reading=reading, settled=settled)
            try:
                yield work
            finally:
                try:
                    await work.rollback()
                except Exception:  # it died; what was not committed dies with it, on the server as well
                    log.debug("a transaction could not be rolled back", exc_info=True)
                    await connection.invalidate()
                finally:
                    if not work.kept:
                        await settled(connection)
        except Unwritable as fault:
            self._refused = (fault.reason, time.monotonic())
            raise
        finally:
            self._at_work.discard(task)
        for topic in work.announced:
            self.line.heard(topic)

    async def _begun(self, reading: bool) -> AsyncConnection:
        if reading or self._disk is None:
            return await connections.begun(self._reader if reading else self.engine, reading=reading)
        self._disk.check()
        self._disk.crowd += 1
        try:
            return await connections.begun(self.engine, reading=False)
        finally:
            self._disk.crowd -= 1

    async def _settled(self, connection: AsyncConnection) -> None:
        """Let the next one have the connection, then wait until all that was written or seen on it is on disk."""
        seen = 0 if self._disk is None else self._disk.seen
        await connection.close()
        if self._disk is not None:
            await self._disk.settle(seen)

    async def listen(self, topic: str, listener: Callable[[], object]) -> None:
        """Call `listener` after every commit that announced `topic`, in this process and, on PostgreSQL, in others.

        It is also called when something may have been missed. Listeners look for themselves now and then too, for two
        processes on one SQLite file cannot tell each other anything.
        """
        await self.line.listen(topic, listener)

    async def tend(self) -> None:
        """Housekeeping off the writer's back, every few minutes: fold the log into the file.

        SQLite only; PostgreSQL tends itself. Nothing waits for it.
        """
        if self.dialect != "sqlite" or self._in_memory:
            return
        async with self._reader.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert isinstance(driver, sqlite.Connection)
            await driver.run(_checkpoint)

    async def close(self) -> None:
        """Let go of every connection; Works that are open fail."""
        await self.line.close()
        if self.dialect == "sqlite" and not self._in_memory:
            with contextlib.suppress(Exception):
                await self._optimise()
        await self._reader.dispose()
        if self.engine is not self._reader:
            await self.engine.dispose()
        if self._disk is not None:
            await self._disk.close()
        if self._keeper is not None:
            self._keeper.close()

    async def _optimise(self) -> None:
        async with self.engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert isinstance(driver, sqlite.Connection)
            await driver.run(_optimise)


def _checkpoint(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def _optimise(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA analysis_limit=400").fetchall()
    connection.execute("PRAGMA optimize").fetchall()


async def open(  # `storage.engine.open` reads as what it is
    url: str,
    *,
    migrate: bool = True,
    backups: Path = BACKUPS,
    synchronous: str = "FULL",
    cache_kib: int = 16_000,
    readers: int = 2,
    pool_size: int | None = 5,
    max_overflow: int = 10,
) -> Storage:
    """Open the database, made and brought up to date if need be.

    url: sqlite:///path, sqlite:// (in memory, gone at the end), postgresql://user@host/database.
    migrate: False leaves an old or empty database as it is and raises Unreachable for it.
    backups: PostgreSQL only; the folder in which what it holds is kept before it is brought up to date. An SQLite file
    is kept beside itself.
    synchronous, cache_kib, readers: SQLite only; see `sqlite.connector`. readers: connections that only read.
    pool_size, max_overflow: PostgreSQL only; connections kept, and how many more at a rush.
    Raises Unreachable, with words for a person, and NewerDatabase.
    """
    parsed = connections.read_url(url)
    if parsed.get_backend_name() == "postgresql":
        engine = connections.postgres_engine(
            parsed, pool_size=pool_size, max_overflow=max_overflow, idle_within=IDLE_WITHIN
        )
        await _up_to_date(engine, parsed, migrate, backups)
        return Storage(engine, engine)
    missing = sqlite.what_is_missing()
    if missing:
        raise Unreachable(missing)
    options: dict[str, Any] = {"synchronous": synchronous, "cache_kib": cache_kib}
    file = connections.sqlite_file(parsed)
    if file is None:
        name = connections.memory_name()
        keeper = await _filled_memory(parsed, name)
        engine = connections.sqlite_engine(parsed, name, uri=True, **options)
        return Storage(engine, engine, keeper=keeper)
    with connections.said_plainly():
        if migrate:
            sqlite.folder_is_there(str(file))
    disk = Disk(str(file)) if synchronous == "FULL" else None
    engine = connections.sqlite_engine(parsed, str(file), disk=disk, **options)
    await _up_to_date(engine, parsed, migrate, backups)
    reader = connections.sqlite_engine(parsed, str(file), reading=True, connections=readers, **options)
    return Storage(engine, reader, disk=disk, badges=file.with_name(f"{file.name}-here"))


async def _up_to_date(engine: AsyncEngine, url: URL, migrate: bool, backups: Path) -> None:
    try:
        with connections.said_plainly():
            async with engine.connect() as connection:
                await connection.execution_options(**{READING: True})
                revision = await connection.run_sync(revision_of)
        if is_current(revision):
            return
        if not migrate:
            raise Unreachable(f"the database is at revision {revision or 'none'}. Run: firstcall db upgrade")
        from storage import copying  # Alembic is needed only now
        from storage.migrations import running

        await running.migrate(url, backup=copying.before_upgrade(url, backups))
    except BaseException:
        await engine.dispose()
        raise


#: An empty database in memory at the newest revision, made once by the migrations and copied from then on.
_blank: bytes | None = None


async def _filled_memory(url: URL, name: str) -> sqlite3.Connection:
    global _blank
    # The database lives as long as this connection, which is otherwise never used.
    keeper = sqlite3.connect(name, uri=True, isolation_level=None, check_same_thread=False)
    if _blank is None:
        from storage.migrations import running

        await running.migrate(url, database=name)
        _blank = keeper.serialize()
    else:
        blank = sqlite3.connect(":memory:")
        blank.deserialize(_blank)
        blank.backup(keeper)
        blank.close()
    return keeper
