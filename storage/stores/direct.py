"""Statements handed to the driver itself, inside the transaction that SQLAlchemy keeps.

Between a statement that is written out and its rows SQLAlchemy does three to six times the work of SQLite: a greenlet,
a context, a cursor, a result. Here the text goes to the driver and plain tuples come back. What fails is handed to
SQLAlchemy all the same, so that faults have their usual names and a dead connection leaves the pool, and what is
answered is counted (`storage.timings`).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Sequence
from typing import Any, NoReturn, TypeVar

from sqlalchemy import Connection
from sqlalchemy.ext.asyncio.engine import AsyncConnection

from storage import sqlite
from storage.timings import ANSWERED

T = TypeVar("T")


async def fetch(connection: AsyncConnection, text: str, values: tuple[Any, ...]) -> Sequence[Any]:
    """Execute a statement in the driver's own words; the rows as tuples, none for one that returns nothing."""
    driver = _driver(connection)
    if isinstance(driver, sqlite.Connection):
        return await _answer(connection, text, driver.run(sqlite.rows_of, text, values))
    if driver is not None:
        return await _answer(connection, text, driver.fetch(text, *values))
    result = await connection.exec_driver_sql(text, values)
    return result.all() if result.returns_rows else ()


async def touch(connection: AsyncConnection, text: str, values: tuple[Any, ...]) -> int:
    """Execute one that changes rows and returns none; how many it changed."""
    driver = _driver(connection)
    if isinstance(driver, sqlite.Connection):
        return await _answer(connection, text, driver.run(sqlite.rows_touched, text, values))
    if driver is not None:
        status = await _answer(connection, text, driver.execute(text, *values))  # "UPDATE 3", "INSERT 0 1"
        return int(status.rpartition(" ")[2])
    return (await connection.exec_driver_sql(text, values)).rowcount


async def touch_many(connection: AsyncConnection, text: str, rows: Sequence[tuple[Any, ...]]) -> int:
    """Execute once for each tuple of values, at least one; how many rows were changed, -1 where nobody counts them."""
    driver = _driver(connection)
    if isinstance(driver, sqlite.Connection):
        return await _answer(connection, text, driver.run(sqlite.rows_touched_by_many, text, rows))
    if driver is not None:
        await _answer(connection, text, driver.executemany(text, rows))
        return -1
    return (await connection.exec_driver_sql(text, list(rows))).rowcount


def _driver(connection: AsyncConnection) -> Any:
    """The driver's connection; None while no transaction is open on it, since SQLAlchemy has to open that."""
    sync = connection.sync_connection
    if sync is None or not sync.in_transaction():
        return None
    driver: Any = sync.connection.driver_connection
    return driver if isinstance(driver, sqlite.Connection) or driver.is_in_transaction() else None


async def _answer(connection: AsyncConnection, text: str, answer: Awaitable[T]) -> T:
    """What the driver answers. Where it fails: raise what SQLAlchemy would, and do with the connection what it would.

    Cancelled is failed as well: the answer may be half read.
    """
    began = time.perf_counter()
    try:
        found = await answer
    except BaseException as error:  # noqa: BLE001  # passed on
        failed = error
    else:
        options = connection.sync_connection.get_execution_options() if connection.sync_connection else {}
        if answered := options.get(ANSWERED):
            answered(options, began)
        return found

    def fail(sync: Connection) -> NoReturn:
        adapted: Any = sync.connection.dbapi_connection
        try:
            if isinstance(failed, Exception):
                adapted._handle_exception(failed)  # in the words of DBAPI; this has no public name
            raise failed
        except BaseException as named:  # noqa: BLE001  # passed on
            # With a statement, what is no fault of the database would be wrapped as one.
            of_database = isinstance(named, sync.dialect.loaded_dbapi.Error)
            sync._handle_dbapi_exception(named, text if of_database else None, None, None, None)  # nor has this

    await connection.run_sync(fail)
    raise AssertionError("a fault was swallowed") from failed
