"""Backups while the program runs, and taking one back.

PostgreSQL has pg_dump, which its keepers know; a backup made here is an SQLite file with everything in it, which can
be opened, looked at, and restored into either.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage import connections, copying, sqlite, whole
from storage.faults import NotSafe, Unreachable
from storage.migrations import HEAD
from storage.migrations.revision import is_current
from storage.upkeep.condition import revision_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A backup that was made and checked."""

    file: Path
    size_bytes: int
    revision: str

    def __str__(self) -> str:
        size = f"{self.size_bytes / 1_000_000:.1f} MB"
        return f"Kept everything in {self.file} ({size}, revision {self.revision}), checked."


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A backup that was taken back. before: where the database as it was is kept; None when there was none."""

    file: Path
    revision: str
    before: Path | None

    def __str__(self) -> str:
        kept = f" What was there before is in {self.before}." if self.before else ""
        return f"Restored {self.file}, now at revision {self.revision}.{kept}"


async def backup(url: str, file: str | os.PathLike[str]) -> Kept:
    """Write everything into a new SQLite file, while others go on working, and check it.

    The file is there when it is whole and checked, and not before: a backup that is broken off leaves none of that
    name. Of PostgreSQL every row was read back and compared.

    Raises NotSafe when the file is there already or there is nothing to keep, and Unreachable.
    """
    target = Path(file)
    parsed = connections.read_url(url)
    with connections.said_plainly():
        _refuse(target)
    revision = await revision_at(parsed)
    if revision is None:
        raise NotSafe("there is nothing to keep: the database is empty")
    source = connections.sqlite_file(parsed)
    if source is None:
        revision, _ = await copying.into_file(parsed, target)
    else:
        with connections.said_of(target):
            sqlite.folder_is_there(str(target))
            await asyncio.to_thread(sqlite.snapshot, str(source), target)
    return _kept(target, revision)


def _refuse(target: Path) -> None:
    if target.exists():
        raise NotSafe(f"{target} exists already; a backup never overwrites. Choose another name.")


def _kept(target: Path, revision: str) -> Kept:
    return Kept(file=target, size_bytes=target.stat().st_size, revision=revision)


async def restore(url: str, file: str | os.PathLike[str]) -> Restored:
    """Make the database what it was when the backup was made, then bring it up to date.

    The backup is checked first. An SQLite database that is there is kept beside, under another name; a damaged one
    too. PostgreSQL is restored into a database without rows only: everything that is there would otherwise have to be
    thrown away. Stop the program before; one that runs would go on with what it remembers.

    Raises NotSafe with the reason, NewerDatabase for the backup of a newer program, and Unreachable.
    """
    source = Path(file)
    with connections.said_plainly():
        await asyncio.to_thread(_check, source)
    backup = connections.file_url(source)
    revision = await revision_at(backup)
    if revision is None:
        raise NotSafe(f"{source} is not a backup of First Call, or one that was never finished: it holds nothing")
    is_current(revision)
    parsed = connections.read_url(url)
    if parsed.get_backend_name() == "postgresql":
        try:
            await copying.into(backup, parsed, to=HEAD)
        except copying.Filled as fault:
            empty = "Restore into an empty PostgreSQL database: createdb firstcall_restored, and use its URL."
            raise NotSafe(f"{fault.reason}. {empty}") from fault
        return Restored(file=source, revision=HEAD, before=None)
    target = connections.sqlite_file(parsed)
    if target is None:
        raise NotSafe("a database in memory cannot be restored")
    with connections.said_plainly():
        before = await asyncio.to_thread(_put_back, source, target)
    from storage.migrations import running  # loads Alembic

    await running.migrate(parsed)  # what it was before is the backup itself
    return Restored(file=source, revision=HEAD, before=before)


def _check(source: Path) -> None:
    if not source.is_file():
        raise NotSafe(f"there is no file {source}")
    if whole.is_unfinished(source):
        raise NotSafe(f"{source.name} was never finished: whatever wrote it was stopped in the middle")
    with source.open("rb"):
        pass  # or SQLite would say of a file that may not be read that it is no database
    trouble = sqlite.unsound(source)
    if trouble:
        raise NotSafe(f"{source} is not a sound backup: {trouble}")


def _put_back(source: Path, target: Path) -> Path | None:
    """Replace the target; where it is kept."""
    if target.exists() and source.samefile(target):
        raise NotSafe("that file is the database itself")
    sqlite.folder_is_there(str(target))
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    if not target.exists() or sqlite.unsound(target):
        return _replace(source, target, target.with_name(f"{target.name}.damaged-{stamp}"))
    before = target.with_name(f"{target.name}.replaced-{stamp}")
    sqlite.snapshot(str(target), before)
    # Page by page inside one transaction of the target's: whoever has it open sees either the old or the restored.
    old, new = sqlite3.connect(target, timeout=5), sqlite3.connect(source)
    try:
        new.backup(old)
    except sqlite3.Error as error:
        before.unlink()  # nothing was replaced
        if getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            raise Unreachable("the database is in use. Stop First Call, then restore.") from error
        raise
    finally:
        old.close()
        new.close()
    return before


def _replace(source: Path, target: Path, before: Path) -> Path | None:
    """Put a copy of a sound file where the target is, or was; where what was there is kept.

    The copy is made first: without room for it nothing is moved.
    """
    there = target.exists()
    new = target.with_name(f"{target.name}.restoring")
    new.unlink(missing_ok=True)
    sqlite.snapshot(str(source), new)
    # The log goes too, even alone: SQLite would replay it onto whatever file has the name next.
    for ending in ("", *whole.BESIDE):
        part = target.with_name(target.name + ending)
        if part.exists():
            part.rename(before.with_name(before.name + ending))
    new.rename(target)
    whole.sync_folder(target.parent)
    return before if there else None
