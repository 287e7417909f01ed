"""From a database URL to connections: drivers, pools, settings, and what a broken database says.

SQLite: one writing connection, on which people stand in line, and two that only read. PostgreSQL: an ordinary pool.
"""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio.engine import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, NullPool
from sqlalchemy.util.concurrency import await_

from storage import sqlite
from storage.disk import Disk
from storage.faults import Clash, Crossed, Gone, StorageFault, Unreachable, Unwritable

#: Execution option of a transaction that only reads.
READING = "firstcall_reading"

#: Mark of a connection whose server has answered before.
_MET = "firstcall_met"

#: The server lets go of a machine that vanished, and of what it held, within half a minute (PostgreSQL manual, "TCP
#: Settings"; without effect on a Unix socket).
_KEEPALIVE = {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}

_names = itertools.count()


def read_url(url: str) -> URL:
    """The URL with its async driver. Raises Unreachable for one that names no database First Call can use."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise Unreachable(
            "the database URL cannot be read. Examples: sqlite:///data/firstcall.db, postgresql://user@host/firstcall"
        ) from error
    kind = parsed.drivername.partition("+")[0]
    if kind == "sqlite":
        return parsed.set(drivername="sqlite+aiosqlite")
    if kind in ("postgresql", "postgres"):
        query = dict(parsed.query)
        if "sslmode" in query:  # libpq's name for what asyncpg calls ssl
            query["ssl"] = query.pop("sslmode")
        return parsed.set(drivername="postgresql+asyncpg", query=query)
    raise Unreachable(f"First Call keeps its data in SQLite or PostgreSQL, not in {kind!r}")


def sqlite_file(url: URL) -> Path | None:
    """The file of an SQLite URL; None for a database in memory and for PostgreSQL."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def file_url(file: Path) -> URL:
    """The URL of an SQLite file, whatever its name is made of."""
    return URL.create("sqlite+aiosqlite", database=str(file))


def memory_name() -> str:
    """An SQLite URI of a fresh database in memory that several connections of this process can open."""
    return f"file:/firstcall-{next(_names)}?vfs=memdb"


def sqlite_engine(
    url: URL,
    database: str,
    *,
    uri: bool = False,
    reading: bool = False,
    connections: int = 1,
    disk: Disk | None = None,
    **options: Any,
) -> AsyncEngine:
    """An engine over SQLite connections of our own making.

    database, uri, reading, options: see `sqlite.connector`. connections: how many at most; whoever comes then waits
    in line. A transaction with the execution option `READING` begins without asking for the right to write.
    disk: shares syncs between commits.
    """
    opener = sqlite.connector(database, uri=uri, reading=reading, **options)

    async def connect() -> sqlite.Connection:
        return await sqlite.connect(opener, disk)

    engine = create_async_engine(
        url,
        async_creator=connect,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=30,
        hide_parameters=True,  # what people write down must not stand in an error, and so in a log
    )
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    event.listen(engine.sync_engine, "handle_error", _translate)
    return engine


def postgres_engine(
    url: URL, *, pool_size: int | None = 5, max_overflow: int = 10, idle_within: timedelta | None = None
) -> AsyncEngine:
    """An engine over PostgreSQL. pool_size: connections kept open; None: none is kept, each use makes its own.

    idle_within: how long a transaction may do nothing before the server ends its session; None: as the server is set.
    """
    pool: dict[str, Any] = (
        {"poolclass": NullPool} if pool_size is None else {"pool_size": pool_size, "max_overflow": max_overflow}
    )
    limit = {}
    if idle_within is not None:
        limit["idle_in_transaction_session_timeout"] = str(idle_within // timedelta(milliseconds=1))
    engine = create_async_engine(
        url,
        pool_pre_ping=False,
        hide_parameters=True,  # as above
        connect_args={"timeout": 10, "server_settings": {"application_name": "firstcall", **_KEEPALIVE, **limit}},
        **pool,
    )
    event.listen(engine.sync_engine, "checkout", _still_there)
    event.listen(engine.sync_engine, "handle_error", _translate)
    return engine


def _still_there(connection: DBAPIConnection, _record: object, _proxy: object) -> None:
    # A server that was restarted has said good-bye to the connections in the pool; asking costs no round trip.
    adapted: Any = connection
    if adapted.driver_connection.is_closed():
        raise DisconnectionError


async def begun(engine: AsyncEngine, *, reading: bool) -> AsyncConnection:
    """A connection in a transaction that has really begun, on PostgreSQL also on the server.

    The driver sends BEGIN with the first statement, and a server that was restarted a moment ago is noticed only then.
    Sent here, where nothing was said yet, the same BEGIN finds out at no cost which connections of the pool are dead,
    and the next one is tried. Raises Unreachable when a fresh one does not answer either.
    """
    while True:
        connection = engine.connect()
        with said_plainly():
            await connection.start()
        fresh = not connection.sync_connection.info.get(_MET) if connection.sync_connection else True
        try:
            if reading:
                await connection.execution_options(**{READING: True, "postgresql_readonly": True})
            await connection.begin()
            if engine.dialect.name == "postgresql":
                await connection.run_sync(_begin_postgres)
            return connection
        except BaseException as error:
            await connection.invalidate()
            await connection.close()
            if fresh or not isinstance(error, Unreachable):
                raise


def _begin_postgres(connection: Connection) -> None:
    adapted: Any = connection.connection.dbapi_connection
    try:
        await_(adapted._start_transaction())  # what the driver does before the first statement; it has no public name
    except Exception as error:
        raise Unreachable(f"the database server refuses: {error}") from error
    connection.info[_MET] = True


@contextlib.contextmanager
def said_plainly() -> Iterator[None]:
    """Turn what drivers raise before a connection exists into `Unreachable`."""
    try:
        yield
    except StorageFault:
        raise
    except PoolTimeout as error:
        raise Unreachable("the database is busy: nobody let go of it for 30 seconds") from error
    except DBAPIError as error:
        plain = _plain(error.orig, reading=False)
        if plain is None:
            raise
        raise plain from error
    except sqlite3.Error as error:
        plain = _plain(error, reading=False)
        if plain is None:
            raise
        raise plain from error
    except (OSError, TimeoutError) as error:
        if isinstance(error, OSError) and error.filename is not None and not _is_socket(error):
            raise Unreachable(f"{error.filename} cannot be used: {error.strerror or error}") from error
        raise Unreachable(f"the database server does not answer: {error or type(error).__name__}") from error


@contextlib.contextmanager
def said_of(file: Path) -> Iterator[None]:
    """As `said_plainly`; a disk that keeps nothing is that of the file, and not the database's."""
    try:
        with said_plainly():
            yield
    except Unwritable as fault:
        raise Unwritable(f"{file} cannot be written: {fault.reason}") from fault


def _is_socket(error: OSError) -> bool:
    return isinstance(error, ConnectionError) or ".s.PGSQL." in str(error.filename)


def _begin_sqlite(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite.Connection)
    driver.begin(reading=bool(connection.get_execution_options().get(READING)))


def _translate(context: ExceptionContext) -> None:
    if not isinstance(context.original_exception, Exception):
        return  # cancelled: the connection is given up, and the task goes on being cancelled
    reading = bool(context.connection and context.connection.get_execution_options().get(READING))
    plain = _plain(context.original_exception, reading=reading)
    if plain is None and _cut_off(context):
        # The server's good-bye was read, and the end of the connection was not yet: the driver is in between.
        context.is_disconnect = True
    if plain is None and context.is_disconnect:
        plain = Unreachable("the connection to the database was lost; it is made again for the next try")
    if plain is not None:
        raise plain from context.original_exception


def _cut_off(context: ExceptionContext) -> bool:
    driver: Any = context.dialect.loaded_dbapi
    return context.dialect.name == "postgresql" and isinstance(context.original_exception, driver.InternalClientError)


_FULL = "the disk is full (or the database may grow no further). Free some space; nothing was changed."
_SQLITE_WORDS = {
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR_SHMSIZE": _FULL,  # no room for the index of the write-ahead log, made anew at each first opening
    "SQLITE_READONLY": "the database file may not be written. Check its permissions and those of its folder.",
    "SQLITE_CORRUPT": sqlite.DAMAGED,
    "SQLITE_NOTADB": "that file is not an SQLite database. Check database.url.",
    "SQLITE_CANTOPEN": "the database file cannot be opened. Check that its folder exists and may be written.",
    "SQLITE_IOERR": "the disk failed to read or write the database. Check the disk before anything else.",
    "SQLITE_BUSY": "another program holds the database file. Is a second First Call running on it?",
    "SQLITE_LOCKED": "another program holds the database file. Is a second First Call running on it?",
    "SQLITE_AUTH": "the database file may not be read. Check its permissions.",
    "SQLITE_PERM": "the database file may not be read. Check its permissions.",
}
#: With these, what is there can still be read, as a rule.
_KEEPS_NOTHING = frozenset({"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "SQLITE_READONLY", "SQLITE_IOERR"})


def _plain(error: BaseException | None, *, reading: bool) -> StorageFault | None:
    """The fault to raise instead, or None for a mistake of ours that should be seen as it is."""
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", "") or ""
        if name in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"):
            return Clash(str(error))
        if name == "SQLITE_CONSTRAINT_FOREIGNKEY":
            return Gone(str(error))
        if reading and name == "SQLITE_READONLY":
            return None  # a write in a Work opened for reading
        for code, words in _SQLITE_WORDS.items():
            if name == code or name.startswith(code + "_"):
                return (Unwritable if code in _KEEPS_NOTHING else Unreachable)(words)
        return None
    return _plain_postgres(error)


def _plain_postgres(error: BaseException | None) -> StorageFault | None:
    state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    if state is None:
        if isinstance(error, (OSError, TimeoutError)):
            return Unreachable(f"the database server does not answer: {error or type(error).__name__}")
        return None
    if state == "23505":  # unique_violation
        return Clash(str(error))
    if state in ("40001", "40P01"):  # serialization_failure, deadlock_detected
        return Crossed("two changes were in each other's way, and this one was undone")
    if state == "23503":  # foreign_key_violation
        return Gone(str(error))
    if state in ("53100", "53200"):  # disk_full, out_of_memory
        return Unwritable("the database server has run out of disk or memory. Nothing was changed.")
    if state[:2] in ("08", "57", "53", "28", "3D"):  # connection, shutdown, resources, login, no such database
        return Unreachable(f"the database server refuses: {error}")
    return None
