"""Who of a large community is free: beside laying out every diary, and beside the bare rows read with sqlite3."""

from __future__ import annotations

import asyncio
import gc
import random
import sqlite3
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from cogs.availability.candidates import WhoService
from cogs.kit.ask import Role
from cogs.kit.tools import Tools
from storage import engine
from storage.engine import Storage
from storage.records.times import Span
from storage.tables.people import person_roles
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
_PLAYERS = select(person_roles.c.person_id).where(person_roles.c.role == "drum-kit")
DRUMS = Role("drum-kit", "Drum kit", "percussion")


def rows(scale: str) -> list[Row]:
    """Measure; see `table.row`."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_rows(Path(folder), *SCALES[scale]))


async def _rows(folder: Path, size: int, each: int, questions: int) -> list[Row]:
    file = folder / "firstcall.db"
    storage = await engine.open(f"sqlite:///{file}")
    tenth = await engine.open(f"sqlite:///{folder / 'tenth.db'}")
    try:
        for one, members in ((storage, size), (tenth, size // 10)):
            async with one.open_work() as work:
                await gather(work, members, each, share=SHARE, zones=ZONES)
                await work.commit()
            await one.tend()
        gc.collect()
        gc.freeze()  # as the program does once it is up
        return await _measured(storage, tenth, file, size, questions)
    finally:
        await storage.close()
        await tenth.close()


def _spans(questions: int) -> list[Span]:
    chance = random.Random(3)
    starts = (
        datetime(2026, 11, 24, tzinfo=UTC) + timedelta(minutes=30 * chance.randrange(48 * 90)) for _ in range(questions)
    )
    return [Span(start, start + timedelta(hours=3), "Europe/London") for start in starts]


async def _measured(storage: Storage, tenth: Storage, file: Path, size: int, questions: int) -> list[Row]:
    smaller = await _asked(tenth, size // 10, questions // 4)
    service = WhoService(Tools(open_work=storage.open_work, clock=MovableClock(MONDAY)))
    call = caller(person_id=size + 1)
    before, began = _memory(), time.process_time()
    took, stalled = await _asked(storage, size, questions)
    busy = (time.process_time() - began) / (questions + 1)
    grown = _memory() - before
    wrong = checked = 0
    async with storage.open_work(reading=True) as work:
        players = list((await work.connection.execute(_PLAYERS)).scalars())
    for span in _spans(questions)[:: max(1, questions // 5)]:
        found = await service.who(call, DRUMS, span, None)
        async with storage.open_work(reading=True) as work:
            expected = await the_long_way(work, players, span, MONDAY)
        said = dict.fromkeys(found.free, "free") | dict.fromkeys(found.maybe, "maybe")
        said |= dict.fromkeys(found.unknown, "unknown")
        wrong += sum(said.get(one, "no") != verdict.value for one, verdict in expected.items())
        wrong += len(said.keys() - expected.keys())
        checked += len(players)
    long_way = await _long_way(storage, found_ids=players)
    p99 = took[min(len(took) - 1, int(len(took) * 0.99))]
    what = f"who of {size:,} is free"
    return [
        row(f"{what}, p99", p99 * 1000, "ms", beside="every diary laid out", beside_value=long_way * 1000, at_most=40),
        row(
            f"{what}, p50", took[len(took) // 2] * 1000, "ms",
            beside="the rows read with sqlite3", beside_value=_floor(file) * 1000,
        ),
        row(f"{what}, missed or invented", wrong, "people", at_most=0, note=f"{checked:,} answers checked one by one"),
        row(f"{what}, processor time of one question", busy * 1000, "ms", note="of all threads"),
        row(f"{what}, memory grown", grown, "MB", at_most=100),
        row(f"{what}, event loop stalled at most", stalled * 1000, "ms", at_most=20),
        row(
            f"{what}, p50 beside a tenth of them", took[len(took) // 2] * 1000, "ms",
            beside=f"{size // 10:,} members", beside_value=smaller[0][len(smaller[0]) // 2] * 1000,
            note="each who plays the chair is looked at, so it grows with those",
        ),
    ]  # fmt: skip


async def _asked(storage: Storage, size: int, questions: int) -> tuple[list[float], float]:
    """Seconds that questions took, sorted, after one to warm up; and the longest that the event loop stood still."""
    service = WhoService(Tools(open_work=storage.open_work, clock=MovableClock(MONDAY)))
    call = caller(person_id=size + 1)
    first, *spans = _spans(questions + 1)
    await service.who(call, DRUMS, first, None)
    took: list[float] = []
    late = 0.0

    async def pulse() -> None:
        nonlocal late
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            late = max(late, time.perf_counter() - began - 0.001)

    heart = asyncio.create_task(pulse())
    for span in spans:
        began = time.perf_counter()
        await service.who(call, DRUMS, span, None)
        took.append(time.perf_counter() - began)
    heart.cancel()
    return sorted(took), late


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
    """What this process holds of its own, in MB; pages of the database file that are mapped belong to the system."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / 1024
