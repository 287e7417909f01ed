"""Who of a large community is free: beside laying out every diary, and beside the bare rows read with sqlite3."""

from __future__ import annotations

import asyncio
import random
import resource
import sqlite3
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cogs.availability.candidates import WhoService
from cogs.kit.ask import Role
from cogs.kit.tools import Tools
from storage import engine
from storage.engine import Storage
from storage.records.times import Span
from tests.bench.table import Row, row
from tests.cogs.availability.crowd import gather, the_long_way
from tests.cogs.availability.people import MONDAY, caller
from tests.conftest import MovableClock

#: Members, patterns of each, and questions asked.
SCALES = {"small": (10_000, 20, 60), "full": (100_000, 20, 200)}
#: One in fifty plays the chair: of the hundred and ten in the table the usual ones are about that common.
SHARE = 0.02
#: A community mostly of one country, with some who said what they said while abroad.
ZONES = ("Europe/London",) * 9 + ("America/New_York",)
DRUMS = Role("drum-kit", "Drum kit", "percussion")


def rows(scale: str) -> list[Row]:
    """Measure; see `table.row`."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_rows(Path(folder), *SCALES[scale]))


async def _rows(folder: Path, size: int, each: int, questions: int) -> list[Row]:
    file = folder / "firstcall.db"
    storage = await engine.open(f"sqlite:///{file}")
    try:
        async with storage.open_work() as work:
            await gather(work, size, each, share=SHARE, zones=ZONES)
            await work.commit()
        await storage.tend()
        return await _measured(storage, file, size, questions)
    finally:
        await storage.close()


async def _measured(storage: Storage, file: Path, size: int, questions: int) -> list[Row]:
    chance = random.Random(3)
    service = WhoService(Tools(open_work=storage.open_work, clock=MovableClock(MONDAY)))
    call = caller(person_id=size + 1)
    before = _memory()
    took: list[float] = []
    wrong = checked = 0
    for number in range(questions):
        start = datetime(2026, 11, 24, tzinfo=UTC) + timedelta(minutes=30 * chance.randrange(48 * 90))
        span = Span(start, start + timedelta(hours=3), "Europe/London")
        began = time.perf_counter()
        found = await service.who(call, DRUMS, span, None)
        took.append(time.perf_counter() - began)
        if number % max(1, questions // 5) == 0:
            people = [*found.free, *found.maybe, *found.unknown]
            async with storage.open_work(reading=True) as work:
                expected = await the_long_way(work, people, span, MONDAY)
            said = dict.fromkeys(found.free, "free") | dict.fromkeys(found.maybe, "maybe")
            wrong += sum(said.get(one, "unknown") != verdict.value for one, verdict in expected.items())
            checked += len(people)
    grown = _memory() - before
    long_way = await _long_way(storage, found_ids=people)
    took.sort()
    p99 = took[min(len(took) - 1, int(len(took) * 0.99))]
    what = f"who of {size:,} is free"
    return [
        row(f"{what}, p99", p99 * 1000, "ms", beside="every diary laid out", beside_value=long_way * 1000, at_most=40),
        row(
            f"{what}, p50", took[len(took) // 2] * 1000, "ms",
            beside="the rows read with sqlite3", beside_value=_floor(file) * 1000,
        ),
        row(f"{what}, missed or invented", wrong, "people", at_most=0, note=f"{checked:,} answers checked one by one"),
        row(f"{what}, memory grown", grown, "MB", at_most=100),
    ]  # fmt: skip


async def _long_way(storage: Storage, found_ids: list[int]) -> float:
    start = datetime(2026, 12, 9, 19, tzinfo=UTC)
    began = time.perf_counter()
    async with storage.open_work(reading=True) as work:
        await the_long_way(work, found_ids, Span(start, start + timedelta(hours=3), "Europe/London"), MONDAY)
    return time.perf_counter() - began


def _floor(file: Path) -> float:
    """Reading what everybody who plays the chair has said, and doing nothing with it."""
    statement = (
        "SELECT a.* FROM person_roles r JOIN availability a ON a.person_id = r.person_id "
        "WHERE r.role = 'drum-kit' AND a.last >= '2026-12-09'"
    )
    connection = sqlite3.connect(file)
    try:
        connection.execute(statement).fetchall()
        began = time.perf_counter()
        connection.execute(statement).fetchall()
        return time.perf_counter() - began
    finally:
        connection.close()


def _memory() -> float:
    """The most this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
