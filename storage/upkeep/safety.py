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

from storage import connections, sqlite
from storage.faults import NotSafe, Unreachable
from storage.migrations.revision import is_current
from storage.upkeep.condition import revision_at, upgrade
from storage.upkeep.copying import copy


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

    Raises NotSafe when the file is there already or there is nothing to keep, and Unreachable.
    """
    target = Path(file)
    parsed = connections.read_url(url)
    _refuse(target)
    revision = await revision_at(parsed)
    if revision is None:
        raise NotSafe("there is nothing to keep: the database is empty")
    with connections.said_plainly():
        sqlite.folder_is_there(str(target))
    source = connections.sqlite_file(parsed)
    if source is None:
        await copy(url, f"sqlite:///{target}")
    else:
        with connections.said_plainly():
            await asyncio.to_thread(sqlite.snapshot, str(source), target)
    return _kept(target, revision)


async def restore(url: str, file: str | os.PathLike[str]) -> Restored:
    """Make the database what it was when the backup was made, then bring it up to date.

    The backup is checked first. An SQLite database that is there is kept beside, under another name; a damaged one
    too. PostgreSQL is restored into an empty database only: everything that is there would otherwise have to be
    thrown away. Stop the program before; one that runs would go on with what it remembers.

    Raises NotSafe with the reason, NewerDatabase for the backup of a newer program, and Unreachable.
    """
    source = Path(file)
    await asyncio.to_thread(_check, source)
    revision = await revision_at(connections.read_url(f"sqlite:///{source}"))
    if revision is None:
        raise NotSafe(f"{source} is not a backup of First Call")
    is_current(revision)
    parsed = connections.read_url(url)
    if parsed.get_backend_name() == "postgresql":
        if await revision_at(parsed) is not None:
            raise NotSafe("restore into an empty PostgreSQL database: createdb firstcall_restored, and use its URL")
        await copy(f"sqlite:///{source}", url)
        return Restored(file=source, revision=revision, before=None)
    target = connections.sqlite_file(parsed)
    if target is None:
        raise NotSafe("a database in memory cannot be restored")
    with connections.said_plainly():
        before = await asyncio.to_thread(_put_back, source, target)
    return Restored(file=source, revision=(await upgrade(url)).after, before=before)


def _refuse(target: Path) -> None:
    if target.exists():
        raise NotSafe(f"{target} exists already; a backup never overwrites. Choose another name.")


def _kept(target: Path, revision: str) -> Kept:
    return Kept(file=target, size_bytes=target.stat().st_size, revision=revision)


def _check(source: Path) -> None:
    if not source.is_file():
        raise NotSafe(f"there is no file {source}")
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
        before = target.with_name(f"{target.name}.damaged-{stamp}")
        there = target.exists()
        # The log goes too, even alone: SQLite would replay it onto whatever file has the name next.
        for ending in ("", "-wal", "-shm"):
            part = target.with_name(target.name + ending)
            if part.exists():
                part.rename(before.with_name(before.name + ending))
        _write(source, target)
        return before if there else None
    before = target.with_name(f"{target.name}.replaced-{stamp}")
    sqlite.snapshot(str(target), before)
    # Page by page inside one transaction of the target's: whoever has it open sees either the old or the restored.
    old, new = sqlite3.connect(target, timeout=5), sqlite3.connect(source)
    try:
        new.backup(old)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith("SQLITE_BUSY"):
            raise Unreachable("the database is in use. Stop First Call, then restore.") from error
        raise
    finally:
        old.close()
        new.close()
    return before


def _write(source: Path, target: Path) -> None:
    """Copy a sound database file so that the target is there whole or not at all."""
    half = target.with_name(target.name + ".restoring")
    half.unlink(missing_ok=True)
    sqlite.snapshot(str(source), half)
    half.replace(target)
