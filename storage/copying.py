"""Everything from one database into another, whatever their engines, counted and compared.

One transaction of the target holds all of it, from its first table to its last row: a copy that is broken off, by an
error or a kill, leaves the target as it was. Rows cross as they are kept, text as text and numbers as numbers, at the
revision the source is at, so that a database can also be kept before it is brought up to date.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
    tuple_,
)
from sqlalchemy.ext.asyncio.engine import AsyncConnection, AsyncEngine
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage import connections, sqlite, whole
from storage.connections import READING
from storage.faults import Clash, Gone, NotSafe
from storage.migrations import HEAD, running
from storage.migrations.revision import is_current, revision_of
from storage.tables.base import METADATA, is_search_index

#: Rows read and written at a time.
BATCH = 500

#: Rows of each table, by its name.
Counts = dict[str, int]


class Filled(NotSafe):
    """The target holds something already."""


async def into(source: URL, target: URL, *, to: str | None = None) -> tuple[str, Counts]:
    """Copy everything; the revision the source is at, and how many rows crossed. The target must hold none.

    The source may be in use; it is read as of one moment. to: the revision the target is brought to in the same
    transaction; None: the source's.
    Raises Filled when the target holds something or is at another revision, NotSafe when there is nothing to copy and
    when what was written is not what was read; Unreachable and NewerDatabase.
    """
    reader, writer = _engine(source, reading=True), _engine(target, reading=False)
    try:
        with connections.said_plainly():
            async with reader.connect() as old, writer.connect() as new:
                await old.execution_options(
                    **{READING: True}, **({"isolation_level": "REPEATABLE READ"} if _is_postgres(old) else {})
                )
                async with old.begin(), new.begin():
                    return await _copy(old, new, to)
    except (Gone, Clash) as fault:
        raise NotSafe(f"the source holds rows that do not fit together; nothing was kept: {fault}") from fault
    finally:
        await reader.dispose()
        await writer.dispose()


async def into_file(source: URL, file: Path) -> tuple[str, Counts]:
    """Copy everything into a new SQLite file, at the revision it is at; that revision, and how many rows crossed.

    The file is there whole and checked, or not at all.
    Raises FileExistsError rather than overwrite; and as `into`.
    """
    with connections.said_of(file):
        sqlite.folder_is_there(str(file))
    with connections.said_of(file), whole.written_whole(file) as half:
        revision, counts = await into(source, connections.file_url(half))
        await asyncio.to_thread(sqlite.finish, half)
    return revision, counts


def before_upgrade(url: URL, folder: Path) -> running.Backup:
    """Keeps what a database holds: an SQLite file beside it, and PostgreSQL's as an SQLite file in `folder`.

    Named after the database, its revision and the moment.
    """

    source = connections.sqlite_file(url)

    async def keep(revision: str) -> Path:
        stamp = f"at-{revision}-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
        if source is None:
            name = "".join(sign if sign.isalnum() else "_" for sign in url.database or "firstcall")
            file = folder / f"{name}.{stamp}.db"
            await into_file(url, file)
        else:
            file = source.with_name(f"{source.name}.{stamp}")
            with connections.said_of(file):
                await asyncio.to_thread(sqlite.snapshot, str(source), file)
        return file

    return keep


async def _copy(old: AsyncConnection, new: AsyncConnection, to: str | None) -> tuple[str, Counts]:
    if _is_postgres(old):
        await old.run_sync(running.unhurried)
    revision = await old.run_sync(revision_of)
    if revision is None:
        raise NotSafe("there is nothing to copy: the source is empty")
    is_current(revision)
    there = await new.run_sync(running.take_turn)
    is_current(there)
    before = await new.run_sync(_names)
    if there is None:
        await new.run_sync(running.lead, revision)
    elif there != revision:
        raise Filled(
            f"the target has tables, at revision {there}, and what should go into it is at {revision}"
        )
    chosen = await _tables(revision, old, new)
    if there is None and (unknown := await new.run_sync(_names) - before - {table.name for table in chosen}):
        raise RuntimeError(f"tables would be passed over in silence: {sorted(unknown)}")
    if there is not None and _is_postgres(new):
        names = ", ".join(f'"{table.name}"' for table in chosen)
        await new.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))  # a program may have been started on it
    counts = {table.name: await _across(old, new, table) for table in chosen}
    if to is not None and to != revision:
        await new.run_sync(running.lead, to)
    if not _is_postgres(new) and (broken := (await new.execute(text("PRAGMA foreign_key_check"))).first()):
        raise NotSafe(f"a row of {broken[0]} points at nothing; nothing was kept")
    return revision, counts


async def _across(old: AsyncConnection, new: AsyncConnection, table: Table) -> int:
    """Copy one table; how many rows it has."""
    if await _count(new, table):
        raise Filled(f"the target already holds rows (in {table.name})")
    rows, read, written = 0, hashlib.sha256(), hashlib.sha256()
    async for batch in _batches(old, table):
        _add(read, batch)
        await new.execute(insert(table), batch)
        rows += len(batch)
    async for batch in _batches(new, table):
        _add(written, batch)
    if read.digest() != written.digest() or await _count(new, table) != rows:
        raise NotSafe(f"what was written into {table.name} is not what was read; nothing was kept")
    last = await _last_number(old, table)
    if last:
        await _number_from(new, table, last)
    return rows


def _plain(known: list[Table]) -> list[Table]:
    """Tables as the engines see them: a backup is no place to ask whether what is in a column makes sense."""
    return [
        Table(
            table.name,
            MetaData(),
            *(Column(column.name, _raw(column.type), primary_key=column.primary_key) for column in table.columns),
        )
        for table in known
    ]


def _raw(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    if isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    # Both engines keep numbers of 64 bits under either name, and take them as such.
    return BigInteger() if isinstance(kind, Integer) else kind.as_generic()


async def _tables(revision: str, old: AsyncConnection, new: AsyncConnection) -> list[Table]:
    """The tables of a revision, in an order in which rows can be written.

    Those of an old one are read off SQLite, where nobody else's tables are among them.
    """
    if revision == HEAD:
        return _plain(METADATA.sorted_tables)
    for connection in (new, old):
        if not _is_postgres(connection):
            return _plain((await connection.run_sync(_reflected)).sorted_tables)
    raise NotSafe(f"the source is at revision {revision}. Bring it up to date first: firstcall db upgrade")


def _reflected(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(connection, only=sorted(_names(connection)))
    return found


def _names(connection: Connection) -> set[str]:
    """The tables of a database: ours, without search indexes, and whatever other programs keep there."""
    names = inspect(connection).get_table_names()
    return {name for name in names if name != "alembic_version" and not is_search_index(name)}


def _engine(url: URL, *, reading: bool) -> AsyncEngine:
    file = connections.sqlite_file(url)
    if file is None:
        return connections.postgres_engine(url, pool_size=None)
    if reading:
        return connections.sqlite_engine(url, sqlite.for_reading(file), uri=True, reading=True)
    return connections.sqlite_engine(url, str(file), foreign_keys=False)


def _is_postgres(connection: AsyncConnection) -> bool:
    return connection.dialect.name == "postgresql"


async def _count(connection: AsyncConnection, table: Table) -> int:
    return int((await connection.execute(select(func.count()).select_from(table))).scalar_one())


async def _batches(connection: AsyncConnection, table: Table) -> AsyncIterator[list[dict[str, Any]]]:
    """Every row, in the order of the primary key, which both engines sort alike."""
    key = list(table.primary_key.columns)
    after: tuple[Any, ...] | None = None
    while True:
        statement = select(table).order_by(*key).limit(BATCH)
        if after is not None:
            statement = statement.where(tuple_(*key) > after)
        batch = [dict(row) for row in (await connection.execute(statement)).mappings()]
        if not batch:
            return
        yield batch
        after = tuple(batch[-1][column.name] for column in key)


def _add(digest: Any, batch: list[dict[str, Any]]) -> None:
    for row in batch:
        digest.update(repr(tuple(row.values())).encode("utf-8", "surrogatepass"))


async def _last_number(connection: AsyncConnection, table: Table) -> int:
    """The highest id ever given in the table, also to a row that is gone; 0 where rows are not numbered."""
    if "id" not in table.columns:
        return 0
    if _is_postgres(connection):
        sequence = (
            await connection.execute(text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": table.name})
        ).scalar_one()
        if sequence is None:
            return 0
        # The name comes from the server, quoted as it must be.
        row = (await connection.execute(text(f"SELECT last_value, is_called FROM {sequence}"))).one()  # noqa: S608
        return int(row[0]) if row[1] else 0
    found = (
        await connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :table"), {"table": table.name})
    ).scalar()
    return int(found or 0)


async def _number_from(connection: AsyncConnection, table: Table, last: int) -> None:
    """Give ids above `last` from now on."""
    if _is_postgres(connection):
        await connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)"), {"table": table.name, "last": last}
        )
        return
    changed = await connection.execute(
        text("UPDATE sqlite_sequence SET seq = :last WHERE name = :table"), {"table": table.name, "last": last}
    )
    if not changed.rowcount:
        await connection.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)"), {"table": table.name, "last": last}
        )
