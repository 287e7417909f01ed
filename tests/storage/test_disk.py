"""Commits that share a sync of the disk: nothing is said before it is on disk, and nobody fails for another."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import disk, engine
from storage.disk import Disk
from storage.engine import Storage
from storage.faults import Clash, Unreachable
from tests.conftest import START as NOW
from tests.databases import new_file

REAL = disk._sync


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await engine.open(await new_file(tmp_path / "t.db"))
    yield opened
    await opened.close()


def crowded(storage: Storage) -> Disk:
    """From now on somebody always stands in line, so that every commit shares its sync."""
    assert storage._disk is not None
    storage._disk.crowd += 1
    return storage._disk


async def keep(storage: Storage, key: str, value: str = "1") -> None:
    async with storage.open_work() as work:
        await work.app.set_value(key, value)
        await work.commit()


async def kept(storage: Storage, key: str) -> str | None:
    async with storage.open_work(reading=True) as work:
        return await work.app.value(key)


async def in_the_log(storage: Storage, count: int) -> None:
    """Wait until so many rows are committed, synced or not."""

    def look() -> None:
        with sqlite3.connect(str(storage.engine.url.database)) as other:
            while other.execute("SELECT COUNT(*) FROM app_state").fetchone() != (count,):
                time.sleep(0.002)

    await asyncio.wait_for(asyncio.to_thread(look), 10)


class Gate:
    """A disk that syncs when it is let; `asked` is set while it is being waited for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open, self.asked, self.times = threading.Event(), threading.Event(), 0
        monkeypatch.setattr(disk, "_sync", self)

    def __call__(self, file: int) -> None:
        self.asked.set()
        assert self.open.wait(10)
        REAL(file)
        self.times += 1

    async def reached(self) -> None:
        assert await asyncio.to_thread(self.asked.wait, 10)


async def test_alone_a_commit_syncs_by_itself(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    for n in range(5):
        await keep(storage, str(n))
    assert not gate.asked.is_set()


async def test_those_who_stand_in_line_share_a_sync(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    crowded(storage)
    people = [asyncio.create_task(keep(storage, str(n))) for n in range(50)]
    await in_the_log(storage, 50)  # all committed while the first sync is still under way
    assert not any(one.done() for one in people)
    gate.open.set()
    await asyncio.gather(*people)
    assert gate.times == 2
    assert [await kept(storage, str(n)) for n in range(50)] == ["1"] * 50


async def test_without_anybody_in_line_at_the_end_the_last_one_syncs_for_itself(storage: Storage) -> None:
    assert storage._disk is not None
    await asyncio.gather(*(keep(storage, str(n)) for n in range(50)))
    assert 1 <= storage._disk.syncs < 50
    assert [await kept(storage, str(n)) for n in range(50)] == ["1"] * 50


async def test_nobody_is_told_before_the_sync_and_the_next_one_need_not_wait_for_it(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    crowded(storage)
    first = asyncio.create_task(keep(storage, "first"))
    await gate.reached()
    second = asyncio.create_task(keep(storage, "second"))
    looked = asyncio.create_task(kept(storage, "first"))

    await in_the_log(storage, 2)
    await asyncio.sleep(0.02)
    assert not first.done()  # committed, and not on disk
    assert not second.done()
    assert not looked.done()  # who saw it may not speak of it either
    gate.open.set()
    await asyncio.gather(first, second)
    assert await looked == "1"
    assert gate.times == 2  # the sync under way began before the second commit, so that has one of its own


async def test_what_was_said_is_in_what_the_disk_has(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that has only what stood in the files when a sync of them began."""
    number = 0

    def sync(_file: int) -> None:
        nonlocal number
        for suffix in ("", "-wal"):
            shutil.copy(tmp_path / f"t.db{suffix}", tmp_path / f"lost{number + 1}.db{suffix}")
        number += 1

    monkeypatch.setattr(disk, "_sync", sync)
    crowded(storage)

    async def one(key: str) -> bool:
        await keep(storage, key)
        now = number
        with sqlite3.connect(tmp_path / f"lost{now}.db") as after_the_cut:
            return after_the_cut.execute("SELECT COUNT(*) FROM app_state WHERE key = ?", (key,)).fetchone() == (1,)

    assert all(await asyncio.gather(*(one(str(n)) for n in range(40))))


@pytest.mark.parametrize("seed", range(3))
async def test_who_fails_or_goes_away_takes_nobody_along(storage: Storage, seed: int) -> None:
    chance = random.Random(seed)
    async with storage.open_work() as work:
        await work.people.greet("discord", "taken", "Sam", NOW)
        await work.app.set_value("n", "0")
        await work.commit()

    async def deed(n: int, how: str) -> bool:
        async with storage.open_work() as work:
            await work.app.set_value(f"k{n}", how)
            if how == "clash":
                raise Clash("somebody else was faster")
            if how == "slow":
                await asyncio.sleep(0.001)
            if how == "leaves":
                return False
            await work.commit()
        return True

    wanted = {n: chance.choice(("keep", "keep", "slow", "clash", "leaves", "cancelled")) for n in range(60)}
    tasks = {n: asyncio.create_task(deed(n, how)) for n, how in wanted.items()}
    await asyncio.sleep(0.005)
    for n, how in wanted.items():
        if how == "cancelled":
            tasks[n].cancel()
    ended = dict(zip(wanted, await asyncio.gather(*tasks.values(), return_exceptions=True), strict=True))
    for n, how in wanted.items():
        there = await kept(storage, f"k{n}") is not None
        if how in ("keep", "slow"):
            assert ended[n] is True, (n, how, ended[n])
            assert there
        elif how != "cancelled":
            assert not there, (n, how)
        elif ended[n] is True:
            assert there  # it had been told before it was called off


async def test_a_disk_that_fails_is_said_and_nothing_more_is_promised(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowded(storage)
    await keep(storage, "before")

    def fail(_file: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(disk, "_sync", fail)
    results = await asyncio.gather(*(keep(storage, str(n)) for n in range(3)), return_exceptions=True)
    assert all(isinstance(one, Unreachable) and "Check it" in one.reason for one in results)
    monkeypatch.setattr(disk, "_sync", REAL)  # the second time it would say yes to what it has lost
    with pytest.raises(Unreachable, match="start First Call again"):
        await keep(storage, "after")


async def test_the_log_may_be_a_new_file(storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []

    def sync(file: int) -> None:
        synced.append(os.fstat(file).st_ino)
        REAL(file)

    monkeypatch.setattr(disk, "_sync", sync)
    crowded(storage)
    await keep(storage, "a")
    await storage.engine.dispose()
    await storage._reader.dispose()  # the last one takes the log with it
    assert not (tmp_path / "t.db-wal").exists()
    held = (tmp_path / "t.db-wal").open("wb")  # so that the next one is another file for certain
    held.close()
    (tmp_path / "t.db-wal").unlink()
    await keep(storage, "b")
    assert synced[-1] == (tmp_path / "t.db-wal").stat().st_ino
    assert (await kept(storage, "a"), await kept(storage, "b")) == ("1", "1")


@pytest.mark.parametrize(("url", "synchronous"), [("sqlite://", "FULL"), ("sqlite:///{}/n.db", "NORMAL")])
async def test_where_nothing_is_promised_to_the_disk_nothing_is_shared(
    tmp_path: Path, url: str, synchronous: str
) -> None:
    opened = await engine.open(url.format(tmp_path), synchronous=synchronous)
    assert opened._disk is None
    await asyncio.gather(*(keep(opened, str(n)) for n in range(20)))
    assert await kept(opened, "19") == "1"
    await opened.close()
