"""Moving everything from one database into another, told in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import URL

from storage import connections, copying, sqlite, whole
from storage.faults import NotSafe
from storage.migrations import HEAD
from storage.upkeep.condition import revision_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What was copied: rows by table, every one compared after it was written."""

    rows: dict[str, int]

    def __str__(self) -> str:
        full = sum(1 for count in self.rows.values() if count)
        return f"Copied {sum(self.rows.values())} rows of {full} tables; what was written is what was read."


async def copy(source: str, target: str) -> Copied:
    """Copy everything; the target is made, or must hold no rows. The source may be in use; it is read as of one moment.

    What is at an older revision is brought up to date on the way; the source stays as it is. A copy that is broken
    off leaves the target as it was.

    Raises NotSafe when there is nothing to copy, when the target holds something, or when what was written is not
    what was read; Unreachable and NewerDatabase.
    """
    from_url, to_url = connections.read_url(source), connections.read_url(target)
    if _in_memory(from_url):
        raise NotSafe("a database in memory cannot be copied")
    if _in_memory(to_url):
        raise NotSafe("a copy in memory would be gone at once")
    if await revision_at(from_url) is None:  # asked first, so that no file is made for nothing
        raise NotSafe("there is nothing to copy: the source is empty")
    try:
        return Copied(rows=await _copied(from_url, to_url))
    except copying.Filled as fault:
        raise NotSafe(f"{fault.reason}. Copy into an empty database.") from fault


async def _copied(source: URL, target: URL) -> copying.Counts:
    file = connections.sqlite_file(target)
    if file is None:
        return (await copying.into(source, target, to=HEAD))[1]
    with connections.said_of(file):
        if file.exists():
            return (await copying.into(source, target, to=HEAD))[1]
        sqlite.folder_is_there(str(file))
        with whole.written_whole(file) as half:
            return (await copying.into(source, connections.file_url(half), to=HEAD))[1]


def _in_memory(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and connections.sqlite_file(url) is None
