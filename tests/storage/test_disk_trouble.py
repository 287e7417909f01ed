"""A disk that is full or may only be read, for real: a file system of three megabytes, where one may be mounted."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
from pathlib import Path

import pytest

from storage import engine, upkeep
from storage.engine import Storage
from storage.faults import Unreachable
from tests.conftest import Postgres
from tests.small_disk import fill_up
from tests.storage.test_broken_off import old, there
from tests.storage.test_disk import keep, kept


def names(folder: Path) -> list[str]:
    """The files in a folder that have anything in them."""
    return sorted(file.name for file in folder.iterdir() if file.stat().st_size)


def remount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


async def write(storage: Storage, key: str) -> bool:
    try:
        await keep(storage, key, "x" * 20_000)
    except Unreachable as fault:
        assert "disk" in fault.reason, fault.reason
        return False
    return True


async def test_on_a_full_disk_what_was_said_is_there_and_with_room_again_it_goes_on(small: Path) -> None:
    storage = await engine.open(f"sqlite:///{small}/t.db")
    filler = fill_up(small)
    os.truncate(filler, filler.stat().st_size - 300_000)
    answers = await asyncio.gather(*(write(storage, str(n)) for n in range(40)))  # together, so that they share syncs
    assert True in answers
    assert False in answers
    for n, said in enumerate(answers):
        assert (await kept(storage, str(n)) is not None) == said, n
    assert not await write(storage, "one more")
    filler.unlink()
    assert await write(storage, "with room")  # the same process goes on
    await storage.close()
    again = await engine.open(f"sqlite:///{small}/t.db")
    assert [await kept(again, str(n)) is not None for n in range(40)] == answers
    await again.close()


async def test_a_backup_onto_a_full_disk_leaves_nothing_half_done(small: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/t.db"
    storage = await engine.open(url)
    await keep(storage, "a", "x" * 200_000)
    await storage.close()
    fill_up(small)
    for deed in (upkeep.backup(url, small / "backup.db"), upkeep.copy(url, f"sqlite:///{small}/copy.db")):
        with pytest.raises(Unreachable, match=r"small/(backup|copy)\.db cannot be written: the disk is full"):
            await deed
    assert names(small) == ["filler"]


async def test_postgresql_is_not_upgraded_without_room_for_its_backup(
    small: Path, postgres_url: str, postgres: Postgres
) -> None:
    before = await old(postgres_url, postgres)
    fill_up(small)
    with pytest.raises(Unreachable, match="full"):
        await engine.open(postgres_url, backups=small)
    assert names(small) == ["filler"]
    assert await there(postgres_url) == before


async def test_a_restore_without_room_moves_nothing(small: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{small}/t.db"
    storage = await engine.open(url)
    await keep(storage, "a", "x" * 200_000)
    await storage.close()
    await upkeep.backup(url, tmp_path / "b.db")
    damaged = b"\0" * 4096
    for content in ((small / "t.db").read_bytes(), damaged):
        (small / "t.db").write_bytes(content)
        fill_up(small)
        with pytest.raises(Unreachable, match="full"):
            await upkeep.restore(url, tmp_path / "b.db")
        assert (small / "t.db").read_bytes() == content
        assert set(names(small)) - {"t.db-shm", "t.db-wal"} == {"filler", "t.db"}


async def test_an_upgrade_without_room_for_its_backup_changes_nothing(small: Path) -> None:
    file = small / "t.db"
    storage = await engine.open(f"sqlite:///{file}")
    await keep(storage, "a", "x" * 400_000)
    await storage.close()
    with sqlite3.connect(file) as connection:  # as the step before this version's last one left it
        connection.execute("UPDATE alembic_version SET version_num = '0012'")
    connection.close()
    fill_up(small)
    before = file.read_bytes()
    with pytest.raises(Unreachable, match="full"):
        await engine.open(f"sqlite:///{file}")
    assert file.read_bytes() == before
    assert set(names(small)) - {"t.db-shm", "t.db-wal"} == {"filler", "t.db"}


async def test_a_disk_that_may_only_be_read_is_said_in_words(small: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{small}/t.db"
    storage = await engine.open(url)
    await keep(storage, "a")
    await storage.close()
    remount(small, "ro")
    assert (await upkeep.status(url)).current  # and all of it can be saved from there
    assert (await upkeep.backup(url, tmp_path / "b.db")).size_bytes
    await upkeep.copy(url, f"sqlite:///{tmp_path}/copy.db")
    await upkeep.restore(f"sqlite:///{tmp_path}/new.db", small / "t.db")
    with pytest.raises(Unreachable, match=r"c\.db cannot be used: Read-only file system"):
        await upkeep.backup(url, small / "c.db")
    with pytest.raises(Unreachable, match=r"may not be written|cannot be opened"):
        opened = await engine.open(url)
        try:
            await keep(opened, "b")
        finally:
            await opened.close()
    remount(small, "rw")
    again = await engine.open(url)
    assert await kept(again, "a") == "1"
    await again.close()
