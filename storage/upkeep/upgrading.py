"""Bringing a database to the newest revision."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from storage import connections, sqlite
from storage.engine import BACKUPS
from storage.migrations import HEAD
from storage.migrations.revision import is_current
from storage.upkeep.condition import revision_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """What an upgrade did. before: None for a database that was empty. copy: what it held before, as an SQLite file."""

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


async def upgrade(url: str, *, backups: Path = BACKUPS) -> Upgraded:
    """Bring the database to the newest revision, making it if need be; what it holds is kept in a file first.

    backups: the folder for that; an SQLite file is kept beside itself.
    Raises Unreachable, also when it cannot be kept, and NewerDatabase; then nothing was changed.
    """
    from storage import copying  # loads Alembic
    from storage.migrations import running

    parsed = connections.read_url(url)
    before = await revision_at(parsed)
    if is_current(before):
        return Upgraded(before=before, after=HEAD, copy=None)
    file = connections.sqlite_file(parsed)
    if file is not None:
        with connections.said_plainly():
            sqlite.folder_is_there(str(file))
    copy = await running.migrate(parsed, backup=copying.before_upgrade(parsed, backups))
    return Upgraded(before=before, after=HEAD, copy=copy)
