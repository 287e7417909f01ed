"""SQLite on a thread of its own, one trip per statement.

aiosqlite makes four trips between the event loop and its thread for one statement (open, run, fetch, close), and a
transaction pays for its BEGIN and for the pool's ROLLBACK besides. A trip costs 15 to 50 µs, which nobody feels in a
chat and the courier feels at every wave. Here a statement is run, read and closed in one trip, BEGIN travels with the
first statement, and a rollback of nothing stays at home. SQLAlchemy sees an ordinary aiosqlite connection.
"""

from __future__ import annotations

import asyncio
import errno
import os
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from storage import whole
from storage.disk import Disk
from storage.faults import Unreachable

T = TypeVar("T")

#: What is said of a file in which something is broken.
DAMAGED = "the database file is damaged. Stop First Call and restore a backup: firstcall db restore FILE"

#: Oldest SQLite that does all that is asked of it: RETURNING (3.35) and named databases in memory (memdb, 3.36).
OLDEST = (3, 36, 0)

#: Pages of write-ahead log before a commit folds them into the file: 8000 of 4 KiB; `Storage.tend` does it earlier.
AUTOCHECKPOINT_PAGES = 8000


class Cursor:
    """One statement at a time, fetched whole: results are pages of a chat, never streams."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Cursor:
        return self

    async def execute(self, operation: str, parameters: Any = ()) -> None:
        """Run the statement and fetch what it returns."""
        self._take(await self._connection.run(_execute, operation, parameters))

    async def executemany(self, operation: str, parameters: Any) -> None:
        """Run the statement once per set of values, in one trip."""
        self._take(await self._connection.run(_execute_many, operation, parameters))

    async def fetchall(self) -> Sequence[Any]:
        """The rows of the last statement; they are handed out once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is held: the statement was finished on the thread."""

    def _take(self, result: tuple[Any, list[Any], int, int | None]) -> None:
        self.description, self._rows, self.rowcount, self.lastrowid = result


class Connection(aiosqlite.Connection):
    """A connection whose transactions begin with their first statement.

    disk: commits while others stand in line leave the sync to it (`storage.disk`).
    """

    def __init__(self, connector: Callable[[], sqlite3.Connection], disk: Disk | None = None) -> None:
        super().__init__(connector, 64)
        self._disk = disk
        self._shares_sync = False
        # The program must be able to exit while a statement hangs on a dead disk.
        self._thread.daemon = True
        self._due: bool | None = None  # a transaction to begin with the next statement: is it one that only reads?
        self._query_only: bool | None = None
        self._stopped: asyncio.Future[Any] | None = None

    def stop(self) -> asyncio.Future[Any] | None:
        """End the thread, once it has done what is waiting."""
        self._stopped = super().stop()
        return self._stopped

    def cursor(self) -> Cursor:  # type: ignore[override]  # aiosqlite wraps it; the callers only enter and await it
        """A cursor that answers each statement in one trip."""
        return Cursor(self)

    def begin(self, *, reading: bool) -> None:
        """Begin a transaction with the next statement, on the same trip; one that only reads refuses to write."""
        self._due = reading

    async def run(self, function: Callable[..., T], *args: Any) -> T:
        """`function(connection, *args)` on the database's thread, inside the transaction that is open or due."""
        due, self._due = self._due, None
        # aiosqlite has no public name for "run this on your thread" and no annotations on the private one.
        execute: Callable[..., Awaitable[T]] = self._execute
        return await execute(self._run, due, function, args)

    def _run(self, due: bool | None, function: Callable[..., T], args: tuple[Any, ...]) -> T:
        connection = self._conn
        if due is not None and not connection.in_transaction:
            if due is not self._query_only:  # a database in memory has one connection for both
                connection.execute(f"PRAGMA query_only={'ON' if due else 'OFF'}")
                self._query_only = due
            if self._disk is not None and not due and (shares := self._disk.crowd > 0) is not self._shares_sync:
                connection.execute(f"PRAGMA synchronous={'NORMAL' if shares else 'FULL'}")
                self._shares_sync = shares
            connection.execute("BEGIN" if due else "BEGIN IMMEDIATE")
        return function(connection, *args)

    async def commit(self) -> None:
        """Commit; nothing was begun when no statement ran."""
        self._due = None
        if self._conn.in_transaction:
            if self._shares_sync and self._disk is not None:
                execute: Callable[..., Awaitable[None]] = self._execute  # as in `run`
                await execute(self._disk.commit, self._conn)
            else:
                await super().commit()

    async def rollback(self) -> None:
        """Roll back; nothing was begun when no statement ran."""
        self._due = None
        if self._conn.in_transaction:
            await super().rollback()


def connector(
    database: str,
    *,
    uri: bool = False,
    reading: bool = False,
    synchronous: str = "FULL",
    cache_kib: int = 16_000,
    foreign_keys: bool = True,
    patience: float = 5.0,
) -> Callable[[], sqlite3.Connection]:
    """What opens one configured connection, on the thread that will own it.

    database: a path, or with `uri` an SQLite URI. reading: the connection refuses to write.
    synchronous: FULL keeps what was promised over a loss of power; NORMAL may lose the last commits, not the file.
    cache_kib: page cache of this connection.
    foreign_keys: off for migrations only, which rebuild tables. patience: seconds to wait for another process's lock.
    """
    if synchronous not in ("FULL", "NORMAL"):
        raise ValueError("synchronous is FULL or NORMAL")

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(
            database,
            timeout=patience,
            isolation_level=None,  # transactions are begun by us, IMMEDIATE where they write
            check_same_thread=False,
            uri=uri,
            cached_statements=512,
        )
        try:
            if not reading:
                _write_ahead(connection, patience)
                connection.execute("PRAGMA journal_size_limit=67108864")  # 64 MiB
                connection.execute(f"PRAGMA wal_autocheckpoint={AUTOCHECKPOINT_PAGES}").fetchone()
            connection.execute(f"PRAGMA synchronous={synchronous}")
            connection.execute(f"PRAGMA cache_size=-{cache_kib}")
            connection.execute("PRAGMA mmap_size=268435456").fetchone()  # 256 MiB
            connection.execute("PRAGMA temp_store=MEMORY")
            connection.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
            if reading:
                connection.execute("PRAGMA query_only=ON")
        except BaseException:
            connection.close()
            raise
        return connection

    return connect


def _write_ahead(connection: sqlite3.Connection, patience: float) -> None:
    # Two processes that open a fresh file together both want to switch it, and SQLite answers BUSY here without
    # waiting as it does elsewhere.
    deadline = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").fetchone()
            return
        except sqlite3.OperationalError as error:
            if not error.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


async def connect(opener: Callable[[], sqlite3.Connection], disk: Disk | None = None) -> Connection:
    """Start a thread and open a connection on it. disk: see `Connection`."""
    connection = Connection(opener, disk)
    try:
        await connection
    except Exception:
        if connection._stopped is not None:  # or the thread would report to an event loop that is closed by then
            await connection._stopped
        raise
    return connection


def what_is_missing() -> str | None:
    """Why this Python's SQLite cannot serve, or None when it can."""
    if sqlite3.sqlite_version_info < OLDEST:
        return (
            f"this Python brings SQLite {sqlite3.sqlite_version}; First Call needs "
            f"{'.'.join(map(str, OLDEST))} or newer. Install a newer Python."
        )
    probe = sqlite3.connect(":memory:")
    try:
        probe.execute("CREATE VIRTUAL TABLE probe USING fts5(words)")
    except sqlite3.OperationalError:
        return "this Python's SQLite was built without full-text search (FTS5). Install Python from python.org."
    finally:
        probe.close()
    return None


def folder_is_there(database: str) -> None:
    """Make the folder of a database file. Raises OSError when that is not allowed."""
    Path(database).absolute().parent.mkdir(parents=True, exist_ok=True)


def snapshot(database: str, file: Path) -> None:
    """Write what is committed into a new file, whole and checked, while others go on reading and writing.

    Raises FileExistsError rather than overwrite, and Unreachable when the database, or the copy, is not sound.
    """
    if file.exists():
        raise FileExistsError(errno.EEXIST, "it exists already", str(file))
    with whole.written_whole(file) as half:
        source = sqlite3.connect(for_reading(Path(database)), uri=True, isolation_level=None)
        try:
            source.execute("VACUUM INTO ?", (str(half),))
        except sqlite3.Error as error:  # of a damaged file it may say that the disk is full
            if unsound(Path(database)):
                raise Unreachable(DAMAGED) from error
            raise
        finally:
            source.close()
        finish(half)


def finish(file: Path) -> None:
    """Leave a database that nobody has open as one sound file, which may be read where nothing may be written.

    Raises Unreachable when it is not sound.
    """
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()  # else a reader wants to make its log beside it
    finally:
        connection.close()
    trouble = unsound(file)
    if trouble:
        raise Unreachable(f"what was written into {file.name} is not sound: {trouble}. Check the disk.")


def for_reading(file: Path) -> str:
    """The SQLite URI by which a file can be read and not written, also from a disk that may only be read.

    There SQLite could not make the index of the write-ahead log; without a log it is told that it needs none.
    """
    address = f"{file.absolute().as_uri()}?mode=ro"
    if file.exists() and not file.with_name(file.name + "-wal").exists() and _is_read_only(file):
        return address + "&immutable=1"
    return address


def _is_read_only(file: Path) -> bool:
    """Whether nobody can write to the disk of a file."""
    return os.name == "posix" and bool(os.statvfs(file).f_flag & os.ST_RDONLY)


def unsound(file: Path) -> str | None:
    """What is wrong with a database file, or None when nothing is."""
    try:
        connection = sqlite3.connect(for_reading(file), uri=True)
        try:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        return str(error)
    if found != ["ok"]:
        return "; ".join(found)
    return f"a row of {broken[0]} points at nothing" if broken else None


def rows_of(connection: sqlite3.Connection, text: str, values: Sequence[Any]) -> list[Any]:
    """What the statement returns, whole; for `Connection.run`."""
    return connection.execute(text, values).fetchall()


def rows_touched(connection: sqlite3.Connection, text: str, values: Sequence[Any]) -> int:
    """How many rows the statement changed; for `Connection.run`."""
    return connection.execute(text, values).rowcount


def rows_touched_by_many(connection: sqlite3.Connection, text: str, rows: Sequence[Sequence[Any]]) -> int:
    """How many rows the statement changed, executed with each set of values; for `Connection.run`."""
    return connection.executemany(text, rows).rowcount


def _execute(
    connection: sqlite3.Connection, operation: str, parameters: Any
) -> tuple[Any, list[Any], int, int | None]:
    cursor = connection.execute(operation, parameters)
    try:
        rows = cursor.fetchall() if cursor.description else []
        return cursor.description, rows, cursor.rowcount, cursor.lastrowid
    finally:
        cursor.close()


def _execute_many(
    connection: sqlite3.Connection, operation: str, parameters: Any
) -> tuple[Any, list[Any], int, int | None]:
    cursor = connection.executemany(operation, parameters)
    try:
        return None, [], cursor.rowcount, cursor.lastrowid
    finally:
        cursor.close()
