"""Bringing a database to another revision: one process does it, others wait, and what was there is kept first."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, text

from storage import connections
from storage.faults import StorageFault, Unreachable
from storage.migrations import HEAD
from storage.migrations.revision import FOREIGN, is_current, revision_of

log = logging.getLogger(__name__)

#: Key of the advisory lock under which PostgreSQL databases are migrated: "1stcall" read as a number.
LOCK = 0x31737463616C6C

#: How long a second process waits for the first one's migration of an SQLite file, in seconds.
PATIENCE = 300

#: Limits that a server's keeper may have set for people's questions. A migration waits for its turn, then for the
#: backup, and both may take minutes.
_LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")

#: Keeps what a database holds, given the revision it is at, and says in which file.
Backup = Callable[[str], Awaitable[Path]]


def config() -> Config:
    """Alembic's settings, without a file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return made


def steps() -> list[str]:
    """Every revision, oldest first."""
    return [script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()][::-1]


async def migrate(
    url: URL, *, to: str | None = None, database: str | None = None, backup: Backup | None = None
) -> Path | None:
    """Bring the database to revision `to`; where what it held before is kept, if anything was.

    to: None for the newest, "base" for an empty database.
    database: the SQLite path or URI to open, for a database in memory; None: the URL's own.
    backup: is asked once it is this process's turn, and only when there is something to keep. Without its file nothing
    is changed.
    Raises NewerDatabase for one that a newer program migrated, Unreachable for one that is not First Call's, and when
    no backup could be made.
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
    wanted = to or HEAD
    try:
        with connections.said_plainly():
            async with engine.connect() as connection, connection.begin():
                revision = await connection.run_sync(take_turn)
                if revision == wanted:
                    return None
                is_current(revision)
                kept = await _kept(backup, revision, wanted) if backup is not None and revision is not None else None
                try:
                    await connection.run_sync(lead, wanted)
                except Exception:  # nothing was changed; and whoever starts this again and again would fill the disk
                    if kept is not None:
                        kept.unlink(missing_ok=True)
                    raise
                log.info("the database is at revision %s", wanted)
                return kept
    finally:
        await engine.dispose()


def take_turn(connection: Connection) -> str | None:
    """Wait until nobody else migrates this database, and keep it so until the transaction ends; its revision.

    Raises Unreachable for an SQLite file in which another program keeps its tables.
    """
    if connection.dialect.name != "sqlite":
        unhurried(connection)
        if not connection.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": LOCK}).scalar_one():
            log.info("another process brings the database up to date; waiting for it")
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        return revision_of(connection)
    revision = revision_of(connection)  # the first statement, so BEGIN IMMEDIATE goes ahead of it and waits
    if revision is None and _is_foreign(connection):
        raise Unreachable(FOREIGN)
    return revision


def unhurried(connection: Connection) -> None:
    """Let PostgreSQL be patient with the transaction that is open, however its keeper has set it."""
    for limit in _LIMITS:
        connection.execute(text(f"SET LOCAL {limit} = 0"))


def lead(connection: Connection, to: str) -> None:
    """Take the steps to revision `to`, up or down, in the transaction that is open. On SQLite without foreign keys."""
    revision = revision_of(connection)
    settings = config()
    settings.attributes["connection"] = connection
    if to == "base" or (revision is not None and to < revision):
        command.downgrade(settings, to)
    else:
        command.upgrade(settings, to)
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"a migration left rows pointing at nothing, and was undone: {broken[:5]}")


async def _kept(backup: Backup, revision: str, to: str) -> Path:
    log.info("bringing the database from revision %s to %s; what it holds is kept in a file first", revision, to)
    try:
        with connections.said_plainly():
            file = await backup(revision)
    except (StorageFault, sqlite3.Error) as error:
        reason = getattr(error, "reason", None) or str(error)
        raise Unreachable(
            f"it is at revision {revision} and has to be brought to {to}, and what it holds could not be kept in a "
            f"file before that: {reason}"
        ) from error
    log.info("what it held is in %s", file)
    return file


def _is_foreign(connection: Connection) -> bool:
    return bool(
        connection.execute(
            text("SELECT count(*) FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND tbl_name <> 'alembic_version'")
        ).scalar()
    )
