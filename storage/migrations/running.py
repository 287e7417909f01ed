"""Bringing a database to another revision: one process does it, others wait, and a file is copied away first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, text

from storage import connections, sqlite
from storage.faults import Unreachable
from storage.migrations import HEAD
from storage.migrations.revision import FOREIGN, is_current, revision_of

#: Key of the advisory lock under which PostgreSQL databases are migrated: "1stcall" read as a number.
LOCK = 0x31737463616C6C

#: How long a second process waits for the first one's migration, in seconds.
PATIENCE = 300


def config() -> Config:
    """Alembic's settings, without a file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return made


def steps() -> list[str]:
    """Every revision, oldest first."""
    return [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()][::-1]


async def migrate(
    url: URL,
    *,
    to: str | None = None,
    database: str | None = None,
    backup: Callable[[str], Path] | None = None,
) -> Path | None:
    """Bring the database to revision `to`; the copy that was made first, if any.

    to: None for the newest, "base" for an empty database.
    database: the SQLite path or URI to open, for a database in memory; None: the URL's own.
    backup: makes a copy of an SQLite file that holds data, given the revision it is at.
    Raises NewerDatabase for one that a newer program migrated, Unreachable for one that is not First Call's.
    """
    if url.get_backend_name() == "sqlite":
        engine = connections.sqlite_engine(
            url,
            database or str(url.database),
            uri=database is not None,
            foreign_keys=False,
            patience=PATIENCE,
        )
    else:
        engine = connections.postgres_engine(url, pool_size=None)
    try:
        with connections.said_plainly():
            async with engine.connect() as connection, connection.begin():
                return await connection.run_sync(_migrate, to or HEAD, backup)
    finally:
        await engine.dispose()


def _migrate(connection: Connection, to: str, backup: Callable[[str], Path] | None) -> Path | None:
    on_sqlite = connection.dialect.name == "sqlite"
    if not on_sqlite:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    revision = revision_of(connection)  # on SQLite the first statement, so BEGIN IMMEDIATE goes ahead of it and waits
    if revision == to:
        return None
    is_current(revision)
    if revision is None and on_sqlite and _is_foreign(connection):
        raise Unreachable(FOREIGN)
    copied = backup(revision) if backup is not None and revision is not None else None
    settings = config()
    settings.attributes["connection"] = connection
    if to == "base" or (revision is not None and to < revision):
        command.downgrade(settings, to)
    else:
        command.upgrade(settings, to)
    if on_sqlite:
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"a migration left rows pointing at nothing, and was undone: {broken[:5]}")
    return copied


def _is_foreign(connection: Connection) -> bool:
    return bool(
        connection.execute(
            text("SELECT count(*) FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND tbl_name <> 'alembic_version'")
        ).scalar()
    )


def backup_beside(file: Path) -> Callable[[str], Path]:
    """Makes `<file>.before-<newest revision>-<time>` with what the file holds now."""

    def make(revision: str) -> Path:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        copy = file.with_name(f"{file.name}.at-{revision}-{stamp}")
        sqlite.snapshot(str(file), copy)
        return copy

    return make
