"""Finding gigs among a million open ones, as the gig lists do it, beside LIKE on the same table.

One community holds half of them, the worst case: its mark narrows nothing down. Times are of the whole question, record
objects included, through the reading connection of an SQLite file.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.engine import Storage, open
from storage.records.fee import Basis, Fee
from storage.records.gig import Gig, GigFilter
from storage.records.money import Money
from storage.records.times import Span
from storage.stores.gigs import GigStore
from storage.tables.gigs import gigs
from tests.bench.table import Row, as_text, row

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
SIZES = {"small": (10_000, 100_000), "full": (10_000, 1_000_000)}
ROLES = ("bass-guitar", "drums", "keyboards", "trumpet", "violin", "cello", "alto-sax", "lead-vocal", "guitar", "piano")
CITIES = [f"city{number}" for number in range(400)]
VENUES = [f"venue{number}" for number in range(20_000)]


def _gig(number: int, chance: random.Random) -> Gig:
    start = NOW + timedelta(minutes=chance.randrange(60, 60 * 24 * 120))
    # Few gigs are in the first cities and many in the last, as in life.
    city = CITIES[min(len(CITIES) - 1, int(chance.paretovariate(0.6)) - 1)]
    return Gig(
        id=0,
        community_id=1 if number % 2 else 2 + number % 50,
        poster_id=1,
        role=chance.choice(ROLES),
        span=Span(start, None, "Europe/London"),
        where=f"{chance.choice(VENUES)}, {city}",
        fee=Fee(Basis.PAID, Money(chance.randrange(50, 400) * 100, "GBP")),
        posted_at=NOW,
        state_at=NOW,
        expires_at=start,
    )


async def _filled(file: Path, count: int) -> Storage:
    storage = await open(f"sqlite:///{file}", synchronous="NORMAL")
    chance = random.Random(7)
    async with storage.open_work() as work:
        for number in range(52):
            await work.communities.greet("console", f"c{number}", f"c{number}", NOW)
        await work.people.add("Ada", NOW)
        await work.commit()
    for first in range(0, count, 20_000):
        async with storage.open_work() as work:
            rows = [GigStore.values_of(_gig(n, chance)) for n in range(first, min(count, first + 20_000))]
            await work.connection.execute(gigs.insert(), rows)
            await work.commit()
    return storage


async def _timed(storage: Storage, wanted: list[GigFilter]) -> list[float]:
    took = []
    for filter_ in wanted:
        async with storage.open_work(reading=True) as work:
            began = time.perf_counter()
            await work.gig_search.find(filter_, NOW, limit=9)
            took.append((time.perf_counter() - began) * 1000)
    return sorted(took)


def _p99(took: list[float]) -> float:
    return took[int(len(took) * 0.99) - 1]


def _questions(chance: random.Random, n: int) -> dict[str, list[GigFilter]]:
    def place() -> str:
        return CITIES[min(len(CITIES) - 1, int(chance.paretovariate(0.6)) - 1)]

    def day() -> datetime:
        return NOW + timedelta(days=chance.randrange(0, 100))

    def pounds() -> Money:
        return Money(chance.randrange(100, 300) * 100, "GBP")

    days = [day() for _ in range(n)]
    return {
        "words": [GigFilter(community_id=1, words=(place(),)) for _ in range(n)],
        "role and words": [
            GigFilter(community_id=1, words=(place(),), roles=(chance.choice(ROLES),)) for _ in range(n)
        ],
        "role, words, least fee": [
            GigFilter(community_id=1, words=(place(),), roles=(chance.choice(ROLES),), at_least=pounds())
            for _ in range(n)
        ],
        "none found": [GigFilter(community_id=1, words=(f"nowhere{number}",)) for number in range(n)],
        "role": [GigFilter(community_id=1, roles=(chance.choice(ROLES),)) for _ in range(n)],
        "role and dates": [
            GigFilter(community_id=1, roles=(chance.choice(ROLES),), start_from=one, start_to=one + timedelta(days=2))
            for one in days
        ],
    }


async def _measure(count: int, folder: Path, n: int) -> tuple[dict[str, float], float, float]:
    file = folder / f"gigs-{count}.db"
    storage = await _filled(file, count)
    try:
        questions = _questions(random.Random(3), n)
        for wanted in questions.values():
            await _timed(storage, wanted[:20])  # warm
        found = {name: _p99(await _timed(storage, wanted)) for name, wanted in questions.items()}
    finally:
        await storage.close()
    with sqlite3.connect(file) as connection:
        took = []
        for _ in range(20):
            began = time.perf_counter()
            connection.execute(
                "SELECT * FROM gigs WHERE community_id = 1 AND words LIKE ? ORDER BY id DESC LIMIT 9",
                ("%nowhere%",),
            ).fetchall()
            took.append((time.perf_counter() - began) * 1000)
        size = connection.execute("SELECT SUM(LENGTH(block)) FROM gigs_fts_data").fetchone()[0] / 1e6
    return found, sorted(took)[len(took) // 2], size * 1_000_000 / count


def rows(scale: str) -> list[Row]:
    """One row for each kind of question, at the larger size."""
    small, large = SIZES[scale]
    n = 200 if scale == "small" else 1000
    with tempfile.TemporaryDirectory() as folder:
        at_small, _, _ = asyncio.run(_measure(small, Path(folder), n))
        at_large, like, size = asyncio.run(_measure(large, Path(folder), n))
    found = [
        row(
            f"{name}, p99 of {large:,} open gigs",
            at_large[name],
            "ms",
            beside=f"{small:,} open gigs",
            beside_value=at_small[name],
            at_most=2.0,
        )
        for name in at_large
    ]
    found.append(row("none found, p99", at_large["none found"], "ms", beside="LIKE, median", beside_value=like))
    found.append(row("full-text index of a million", size, "MB", at_most=40.0))
    return found


if __name__ == "__main__":
    print(as_text({"gigs": rows("small")}))
