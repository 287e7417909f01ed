"""Figures out of a million pay reports: looked up as `/rate` does it, made anew by the weekly batch, and what waits.

Beside the lookup stands counting the reports at the moment somebody asks, sorted by SQLite, which no privacy model
allows; beside the small size, so that growth is seen. One community holds everything, the worst case.
"""

from __future__ import annotations

import asyncio
import gc
import random
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from cogs.rates import batches, privacy, rules
from storage.engine import Storage, open
from storage.records.fee import Unit
from storage.records.gig import KindOfWork
from storage.records.money import Money
from storage.records.rate import RateFamily, RateReport, UnionStatus, Years
from storage.reference.regions import Place, place_of
from storage.stores.rates import report_values
from storage.tables.communities import memberships
from storage.tables.people import people
from storage.tables.rates import rate_reports
from tests.bench.table import Row, as_text, row

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
JOINED = NOW - timedelta(days=400)
SIZES = {"small": (10_000, 60_000), "full": (10_000, 1_000_000)}
ROLES = ("bass-guitar", "drums", "keyboards", "trumpet", "violin", "cello", "alto-sax", "lead-vocal", "guitar", "piano")
KINDS = tuple(KindOfWork)
TOWNS = ("London", "Leeds", "York", "Manchester", "Bristol", "Glasgow", "Cardiff", "Brighton", "Nashville", "Berlin")
PLACES = [place_of(town) for town in TOWNS]


def _report(number: int, folk: int, chance: random.Random) -> RateReport:
    place = PLACES[min(len(PLACES) - 1, int(chance.paretovariate(0.8)) - 1)]
    return RateReport(
        person_id=1 + number % folk,
        community_id=1,
        role=chance.choice(ROLES),
        kind=chance.choice(KINDS),
        unit=chance.choice((Unit.FLAT, Unit.CALL)),
        base=Money(int(chance.lognormvariate(10, 0.4)), "GBP"),
        city=place.city,
        city_key=place.city_key,
        region=place.region,
        region_key=place.region_key,
        country=place.country,
        month=date(2025 + number % 2, 1 + number % 9, 1),
        union=chance.choice((None, *UnionStatus)),
        years=chance.choice((None, *Years)),
        made_at=NOW - timedelta(days=30),
        changed_at=NOW - timedelta(days=30),
    )


async def _filled(file: Path, count: int) -> Storage:
    storage = await open(f"sqlite:///{file}", synchronous="NORMAL")
    chance, folk = random.Random(7), max(1000, count // 20)
    async with storage.open_work() as work:
        await work.communities.greet("console", "hall", "The hall", JOINED)
        first = await work.people.add("Ada", JOINED)
        like = dict((await work.connection.execute(select(people).where(people.c.id == first.id))).mappings().one())
        await work.connection.execute(people.insert(), [{**like, "id": id} for id in range(2, folk + 1)])
        member = {"community_id": 1, "moderator": False, "joined_at": JOINED, "seen_at": JOINED}
        await work.connection.execute(memberships.insert(), [{**member, "person_id": n + 1} for n in range(folk)])
        for role in ROLES:
            for kind in KINDS:
                for unit in (Unit.FLAT, Unit.CALL):
                    await work.rates.open_family(_family(role, kind, unit))
        await work.commit()
    for begun in range(0, count, 20_000):
        async with storage.open_work() as work:
            rows = [report_values(_report(n, folk, chance)) for n in range(begun, min(count, begun + 20_000))]
            await work.connection.execute(rate_reports.insert(), rows)
            await work.commit()
    return storage


def _family(role: str, kind: KindOfWork, unit: Unit) -> RateFamily:
    return RateFamily(community_id=1, role=role, kind=kind, unit=unit, currency="GBP")


def _p99(took: Sequence[float]) -> float:
    return sorted(took)[int(len(took) * 0.99) - 1]


async def _ask(storage: Storage, family: RateFamily, place: Place, union: UnionStatus | None) -> float:
    began = time.perf_counter()
    async with storage.open_work(reading=True) as work:
        await work.rates.due(privacy.batch_of(NOW), community_id=1, role=family.role, limit=40)
        await work.rates.others(1, family.role)
        figures = await work.rates.figures(family, rules.ladder(place))
        rules.choose(figures, rules.ladder(place), union=union)
    return (time.perf_counter() - began) * 1000


async def _count_now(storage: Storage, family: RateFamily) -> float:
    """What answering without batches would take: the family's reports, read and put in order."""
    began = time.perf_counter()
    async with storage.open_work(reading=True) as work:
        reports, _ = await work.rates.counting(
            family, before=NOW, since=date(2024, 12, 1), joined_before=NOW - privacy.SETTLED, n=1_000_000
        )
        sorted(report.base for report in reports)
    return (time.perf_counter() - began) * 1000


async def _measure(count: int, folder: Path, n: int) -> dict[str, float]:
    storage = await _filled(folder / f"{count}.db", count)
    chance = random.Random(3)
    asked = [
        (_family(chance.choice(ROLES), chance.choice(KINDS), chance.choice((Unit.FLAT, Unit.CALL))),
         chance.choice(PLACES), chance.choice((None, *UnionStatus)))
        for _ in range(n)
    ]  # fmt: skip
    gc.collect()
    gc.freeze()  # as the program does once it has started
    began = time.perf_counter()
    batch = asyncio.create_task(batches.refresh_all(storage.open_work, NOW))
    during: list[float] = []
    late: list[float] = []
    while not batch.done():
        during.append(await _ask(storage, *asked[len(during) % n]))
        for _ in range(20):
            slept = time.perf_counter()
            await asyncio.sleep(0.001)
            late.append((time.perf_counter() - slept) * 1000 - 1)
    await batch
    found = {"batch": time.perf_counter() - began, "during": _p99(during) if len(during) > 1 else 0.0}
    found["late"] = _p99(late)
    took = [await _ask(storage, *one) for one in asked]
    found["ask"] = _p99(took)
    counted = sorted([await _count_now(storage, one[0]) for one in asked[:10]])
    found["count"] = counted[5]
    await storage.close()
    return found


def rows(scale: str) -> list[Row]:
    """Looking up, growth, and the batch."""
    small, large = SIZES[scale]
    n = 200 if scale == "small" else 1000
    with tempfile.TemporaryDirectory() as folder:
        at_small = asyncio.run(_measure(small, Path(folder), n))
        at_large = asyncio.run(_measure(large, Path(folder), n))
    return [
        row(
            f"quartiles of {large:,} reports, any filter, p99",
            at_large["ask"],
            "ms",
            beside="reading the reports when asked, median",
            beside_value=at_large["count"],
            at_most=15.0,
        ),
        row(
            f"the same beside {small:,} reports",
            at_large["ask"],
            "ms",
            beside=f"{small:,} reports, p99",
            beside_value=at_small["ask"],
            at_most=3.0,
            of="ratio",
        ),
        row(
            "the same while a batch is made, p99",
            at_large["during"],
            "ms",
            at_most=15.0,
            note="the batch counts on a thread that rests more than it works",
        ),
        row("the event loop late while a batch is made, p99", at_large["late"], "ms", at_most=20.0),
        row("a weekly batch of everything", at_large["batch"], "s"),
    ]


if __name__ == "__main__":
    print(as_text({"rates": rows("small")}))
