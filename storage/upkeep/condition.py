"""At which revision a database is."""

from __future__ import annotations

from dataclasses import dataclass

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


async def status(url: str) -> Status:
    """How the database is; looks, and makes or changes nothing.

    Raises Unreachable, and NewerDatabase when a newer program has migrated it.
    """
    parsed = connections.read_url(url)
    revision = await revision_at(parsed)
    is_current(revision)
    file = connections.sqlite_file(parsed)
    with connections.said_plainly():
        size = file.stat().st_size if file is not None and file.exists() else None
    return Status(dialect=parsed.get_backend_name(), revision=revision, newest=HEAD, size_bytes=size)


async def revision_at(url: URL) -> str | None:
    """The revision of the database, None when it is empty or not there. Changes nothing."""
    file = connections.sqlite_file(url)
    if url.get_backend_name() == "sqlite":
        with connections.said_plainly():
            if file is None or not file.exists():
                return None
        engine = connections.sqlite_engine(url, sqlite.for_reading(file), uri=True, reading=True)
    else:
        engine = connections.postgres_engine(url, pool_size=None)
    try:
        with connections.said_plainly():
            async with engine.connect() as connection:
                await connection.execution_options(**{connections.READING: True})
                return await connection.run_sync(revision_of)
    finally:
        await engine.dispose()
