"""Everything from one database into another, whatever their engines, counted and compared."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Table, func, insert, select, text, tuple_
from sqlalchemy.ext.asyncio.engine import AsyncConnection, AsyncEngine

from storage import connections, tables
from storage.connections import READING
from storage.faults import NotSafe
from storage.migrations.revision import is_current
from storage.tables.base import METADATA
from storage.upkeep.condition import revision_at, upgrade

#: Rows read and written at a time.
BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What was copied: rows by table, every one compared after it was written."""

    rows: dict[str, int]

    def __str__(self) -> str:
        full = sum(1 for count in self.rows.values() if count)
        return f"Copied {sum(self.rows.values())} rows of {full} tables; what was written is what was read."


async def copy(source: str, target: str) -> Copied:
    """Copy everything; the target is made, or must hold no rows. The source may be in use; it is read as of one moment.

    Raises NotSafe when the target holds something, when the source is not up to date, or when what was written is not
    what was read; Unreachable and NewerDatabase.
    """
    assert tables.__all__  # so that METADATA is complete
    from_url, to_url = connections.read_url(source), connections.read_url(target)
    if connections.sqlite_file(from_url) is None and from_url.get_backend_name() == "sqlite":
        raise NotSafe("a database in memory cannot be copied")
    if connections.sqlite_file(to_url) is None and to_url.get_backend_name() == "sqlite":
        raise NotSafe("a copy in memory would be gone at once")
    revision = await revision_at(from_url)
    if revision is None:
        raise NotSafe("there is nothing to copy: the source is empty")
    if not is_current(revision):
        raise NotSafe(f"the source is at revision {revision}. Bring it up to date first: firstcall db upgrade")
    await upgrade(target)
    reader, writer = _engine(from_url, reading=True), _engine(to_url, reading=False)
    try:
        with connections.said_plainly():
            async with reader.connect() as old, writer.connect() as new:
                await old.execution_options(
                    **{READING: True}, **({"isolation_level": "REPEATABLE READ"} if _is_postgres(old) else {})
                )
                async with old.begin(), new.begin():
                    return await _copy(old, new)
    finally:
        await reader.dispose()
        await writer.dispose()


async def _copy(old: AsyncConnection, new: AsyncConnection) -> Copied:
    if not _is_postgres(new):
        await new.execute(text("PRAGMA defer_foreign_keys=ON"))
    rows: dict[str, int] = {}
    for table in METADATA.sorted_tables:
        if await _count(new, table):
            raise NotSafe(f"the target already holds rows (in {table.name}). Copy into an empty database.")
        read = hashlib.sha256()
        async for batch in _batches(old, table):
            _add(read, batch)
            await new.execute(insert(table), batch)
            rows[table.name] = rows.get(table.name, 0) + len(batch)
        rows.setdefault(table.name, 0)
        written = hashlib.sha256()
        async for batch in _batches(new, table):
            _add(written, batch)
        if read.digest() != written.digest() or await _count(new, table) != rows[table.name]:
            raise NotSafe(f"what was written into {table.name} is not what was read; nothing was kept")
        last = await _last_number(old, table)
        if last:
            await _number_from(new, table, last)
    return Copied(rows=rows)


def _engine(url: URL, *, reading: bool) -> AsyncEngine:
    file = connections.sqlite_file(url)
    if file is None:
        return connections.postgres_engine(url, pool_size=None)
    return connections.sqlite_engine(url, str(file), reading=reading)


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
    """The highest id ever given in the table, also to a row that is gone; 0 where none was."""
    if not table.dialect_options["sqlite"]["autoincrement"]:
        return 0
    if _is_postgres(connection):
        sequence = (
            await connection.execute(text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": table.name})
        ).scalar_one()
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
