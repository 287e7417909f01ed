"""At which revision a database is: one query, without Alembic."""

from __future__ import annotations

from sqlalchemy import Connection, text

from storage.faults import NewerDatabase, Unreachable
from storage.migrations import HEAD

#: What is said of a database that is somebody else's.
FOREIGN = "that database belongs to another program. Check database.url."


def revision_of(connection: Connection) -> str | None:
    """The revision, or None for a database that was never migrated."""
    if connection.dialect.name == "sqlite":
        there = text("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'")
    else:
        there = text("SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL")
    if connection.execute(there).first() is None:
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return None if row is None else str(row[0])


def is_current(revision: str | None) -> bool:
    """Whether nothing is to be migrated.

    Raises NewerDatabase when the program is the older one, and Unreachable for a revision that is none of ours.
    """
    if revision is not None and not (revision.isdecimal() and len(revision) == len(HEAD)):
        raise Unreachable(FOREIGN)
    if revision is not None and revision > HEAD:
        raise NewerDatabase(f"the database is at revision {revision}, and this program knows {HEAD}")
    return revision == HEAD
