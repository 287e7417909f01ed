"""At which revision a database is, and bringing it to the newest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from storage import connections, sqlite
from storage.migrations import HEAD
from storage.migrations.revision import is_current, revision_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How a database is.

    revision: None while it is empty, or not there at all. newest: what this program would bring it to.
    size_bytes: of the SQLite file, without its log; None for PostgreSQL and for a file that is not there.
    """

    dialect: str
    revision: str | None
    newest: str
    size_bytes: int | None = None

    @property
    def current(self) -> bool:
        """Whether nothing is to be migrated."""
        return self.revision == self.newest

    def __str__(self) -> str:
        size = "" if self.size_bytes is None else f", {self.size_bytes / 1_000_000:.1f} MB"
        if self.revision is None:
            return "empty; its tables are made at the first start"
        if self.current:
            return f"at revision {self.revision}, up to date{size}"
        return f"at revision {self.revision}{size}; {self.newest} is newer. The next start brings it up to date."


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """What an upgrade did. before: None for a database that was empty. copy: the SQLite file as it was before."""

    before: str | None
    after: str
    copy: Path | None

    def __str__(self) -> str:
        if self.before == self.after:
            return f"The database is up to date, at revision {self.after}."
        if self.before is None:
            return f"Made the tables, at revision {self.after}."
        kept = f" What it was before is in {self.copy}." if self.copy else ""
        return f"Brought the database from revision {self.before} to {self.after}.{kept}"


async def status(url: str) -> Status:
    """How the database is; looks, and makes or changes nothing.

    Raises Unreachable, and NewerDatabase when a newer program has migrated it.
    """
    parsed = connections.read_url(url)
    revision = await revision_at(parsed)
    is_current(revision)
    file = connections.sqlite_file(parsed)
    size = file.stat().st_size if file is not None and file.exists() else None
    return Status(dialect=parsed.get_backend_name(), revision=revision, newest=HEAD, size_bytes=size)


async def upgrade(url: str) -> Upgraded:
    """Bring the database to the newest revision, making it if need be; an SQLite file is copied first.

    Raises Unreachable and NewerDatabase.
    """
    from storage.migrations import running  # loads Alembic

    parsed = connections.read_url(url)
    before = await revision_at(parsed)
    if is_current(before):
        return Upgraded(before=before, after=HEAD, copy=None)
    file = connections.sqlite_file(parsed)
    if file is not None:
        with connections.said_plainly():
            sqlite.folder_is_there(str(file))
    copy = await running.migrate(parsed, backup=running.backup_beside(file) if file is not None else None)
    return Upgraded(before=before, after=HEAD, copy=copy)


async def revision_at(url: URL) -> str | None:
    """The revision of the database, None when it is empty or not there. Changes nothing."""
    file = connections.sqlite_file(url)
    if url.get_backend_name() == "sqlite":
        if file is None or not file.exists():
            return None
        engine = connections.sqlite_engine(url, f"{file.absolute().as_uri()}?mode=ro", uri=True, reading=True)
    else:
        engine = connections.postgres_engine(url, pool_size=None)
    try:
        with connections.said_plainly():
            async with engine.connect() as connection:
                await connection.execution_options(**{connections.READING: True})
                return await connection.run_sync(revision_of)
    finally:
        await engine.dispose()
