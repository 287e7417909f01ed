"""Several of our couriers on one PostgreSQL, within one account's rate."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

from bot.desk.budgets import Pace
from bot.desk.courier import Courier
from storage import engine
from tests.bench.courier_parts import Free, WallClock, draw, keep, notices

#: How long couriers are given to begin, in seconds, before anything is due.
_BEGUN = 2.0


async def at_one_rate(url: str, n: int, couriers: int) -> dict[str, float]:
    """`n` sends at 30 a second for as many people, 50 ms each, by so many couriers."""
    opened = [await engine.open(url) for _ in range(couriers)]
    await _people(opened[0], n)
    when: list[float] = []
    by: list[int] = [0] * couriers
    over, stop = asyncio.Event(), asyncio.Event()

    def sender(number: int) -> Free:
        async def arrived() -> None:
            when.append(time.perf_counter())
            by[number] += 1
            if len(when) == n:
                over.set()

        return Free(arrived, "telegram", knows_keys=False, seconds=0.05)

    pace = {"telegram": Pace(per_second=30, apart=1.0, apart_in_groups=3.0)}
    running = []
    for number, storage in enumerate(opened):
        post = Courier(storage.open_work, WallClock(), [sender(number)], {"t.say": draw}, paces=pace, line=storage.line)
        await storage.listen("notices", post.wake)
        running.append(asyncio.create_task(post.run(stop)))
    await asyncio.sleep(_BEGUN)
    began = time.perf_counter()
    await keep(opened[0], notices(n, datetime.now(UTC)))
    async with asyncio.timeout(120):
        await over.wait()
    stop.set()
    await asyncio.gather(*running)
    for storage in opened:
        await storage.close()
    return {
        "seconds": when[-1] - began,
        "ideal": n / 30,
        "busiest second": max(sum(first <= at < first + 1 for at in when) for first in when),
        "least by one": min(by),
    }


async def _people(storage: engine.Storage, n: int) -> None:
    async with storage.open_work() as work:
        for i in range(1, n + 1):
            found = await work.people.greet("telegram", str(i), f"p{i}", datetime.now(UTC), dm=f"d{i}")
            await work.people.change(found.id, quiet_from=found.quiet_to)
        await work.commit()
