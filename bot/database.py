"""`firstcall db …`: each deed of `storage.upkeep`, done once and told in its own sentence."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.settings.secret import Secret
from storage import upkeep


def upgrade(url: Secret, backups: Path) -> list[str]:
    """Bring the database to this version's shape; what PostgreSQL holds is kept in the folder `backups` first.

    Raises Unreachable, NewerDatabase.
    """
    return [str(asyncio.run(upkeep.upgrade(url.reveal(), backups=backups)))]


def status(url: Secret) -> list[str]:
    """At which revision it is; changes nothing. Raises Unreachable, NewerDatabase."""
    return [f"The database is {asyncio.run(upkeep.status(url.reveal()))}"]


def backup(url: Secret, file: Path) -> list[str]:
    """Write everything to a file that does not exist yet. Raises NotSafe, Unreachable, NewerDatabase."""
    return [str(asyncio.run(upkeep.backup(url.reveal(), file)))]


def restore(url: Secret, file: Path) -> list[str]:
    """Put a backup back, after checking it. Raises NotSafe, Unreachable, NewerDatabase."""
    return [str(asyncio.run(upkeep.restore(url.reveal(), file)))]


def copy(source: Secret, target: Secret) -> list[str]:
    """Copy everything to an empty database. Raises NotSafe, Unreachable, NewerDatabase."""
    return [str(asyncio.run(upkeep.copy(source.reveal(), target.reveal())))]
