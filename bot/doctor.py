"""`firstcall check`: what was set and where, what is missing and what it would unlock, and whether it will start."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from bot.settings.kinds import is_loopback
from bot.settings.model import KEYS, Key, Settings, TelegramMode
from bot.settings.secret import Secret, redact
from storage.faults import NewerDatabase, Unreachable

_GOOD, _UNREACHABLE, _BAD_CONFIGURATION = 0, 69, 78


def check(settings: Settings) -> tuple[list[str], int]:
    """The report, and the exit code: 0 when it will start, 69 when the database does not answer, 78 with reasons.

    Looks, and changes nothing: no folder is made, nothing is migrated, no platform is asked.
    """
    from storage import upkeep  # brings SQLAlchemy, which only this line needs

    reasons = [*_folder_reasons("app.data_dir", settings.app.data_dir), *_file_reasons(settings)]
    lines = ["Settings", *(line for key in KEYS.values() for line in _lines(key, settings))]
    lines += ["", "What they come to", *_outlook(settings), "", "Database"]
    code = _BAD_CONFIGURATION if reasons else _GOOD
    url = settings.database_url.reveal()
    shown = redact(url, settings.secrets())
    try:
        status = asyncio.run(upkeep.status(url))
    except Unreachable as fault:
        lines.append(f"  {shown}: {redact(fault.reason, settings.secrets())}")
        code = code or _UNREACHABLE
    except NewerDatabase as fault:
        reasons.append(f"database.url: {fault}. Install the newer First Call again, or restore the backup before it.")
        code = _BAD_CONFIGURATION
    else:
        lines.append(f"  {shown}: {status}")
    if notes := list(_notes(settings)):
        lines += ["", "Worth knowing", *(f"  {note}" for note in notes)]
    if reasons:
        lines += ["", "It will not start", *(f"  {reason}" for reason in reasons)]
    elif code == _GOOD:
        lines += ["", "It will start."]
    return lines, code


def _lines(key: Key, settings: Settings) -> Iterator[str]:
    """The value with where it was found; or that it is missing, what it would unlock, and how to come by it."""
    value = settings.value(key.name)
    if value is None and key.unlocks:
        yield f"  {key.name:<24} missing. It unlocks {key.unlocks}."
        yield f"  {'':<24} How to get it: {key.obtain}."
        return
    origin = settings.origins.get(key.name)
    where = f"found in {origin}" if origin else "default"
    yield f"  {key.name:<24} {_shown(key, value, settings)}  ({where})"


def _shown(key: Key, value: object, settings: Settings) -> str:
    if value is None:
        return "automatic" if key.name.startswith("discord.shard") else "none"
    if isinstance(value, Secret):
        # The database's address without its password is what one wants to see; of the rest, only that it is there.
        return redact(value.reveal(), settings.secrets()) if key.name == "database.url" else str(value)
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _outlook(settings: Settings) -> Iterator[str]:
    if not settings.has_platform:
        yield "  No platform has a token: `firstcall run` opens the local console."
        return
    yield f"  Discord {'on' if settings.discord.token else 'off'}"
    mode = "webhook" if settings.telegram.mode is TelegramMode.WEBHOOK else "polling"
    yield f"  Telegram {f'on, by {mode}' if settings.telegram.token else 'off'}"
    yield f"  Web {f'on {settings.web.listen}' if settings.web.listen else 'off: no health, metrics or calendar links'}"


def _folder_reasons(key: str, folder: Path) -> Iterator[str]:
    """Why a folder, or the nearest one above it that exists, will not do."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not there.is_dir():
        yield f"{key}: {there} is not a folder. Name another, or move that file away."
    elif not os.access(there, os.W_OK | os.X_OK):
        yield f"{key}: {there} may not be written by this user. Change its owner, or name another folder."


def _file_reasons(settings: Settings) -> Iterator[str]:
    """Why the SQLite file will not do. SQLite writes beside it too, so its folder counts as well."""
    path = settings.database_url.reveal().removeprefix("sqlite:///")
    if "://" in path or path in ("", ":memory:"):
        return
    file = Path(path)
    if file.exists() and not os.access(file, os.R_OK | os.W_OK):
        yield f"database.url: {file} may not be read and written by this user. Change its owner."
    if file.absolute().parent != settings.app.data_dir.absolute():
        yield from _folder_reasons("database.url", file.parent)


def _notes(settings: Settings) -> Iterator[str]:
    """What works and may still not be meant."""
    files = {Path(settings.origins[name]) for name, key in KEYS.items() if key.secret and name in settings.origins}
    for file in sorted(files):
        # POSIX only: elsewhere the mode says nothing about who may read.
        if os.name == "posix" and file.suffix == ".toml" and file.is_file() and file.stat().st_mode & 0o044:
            yield f"{file} holds a secret and others on this machine may read it: chmod 600 {file}"
    if settings.web.listen and settings.web.listen.host not in ("localhost", "127.0.0.1", "::1"):
        yield f"web.listen {settings.web.listen} is open to other machines, metrics included, without a password."
    if settings.web.public_url:
        parts = urlsplit(settings.web.public_url)
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            yield "web.public_url has no TLS: whoever listens in can read a calendar link, and with it the calendar."
    if settings.discord.shards and settings.discord.shards > 1 and settings.database_url.reveal().startswith("sqlite"):
        yield "discord.shards is more than 1 on SQLite, which serves one process; several need PostgreSQL."
