"""Parts of a race of couriers: the real time, a sender that costs nothing, people, and notices for them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.desk.courier import Courier
from bot.desk.surface import Sent, Target
from cogs.kit.reply import Reply, say
from storage.engine import Storage
from storage.records.notice import Lane, NewNotice, Notice
from storage.work import Work


class WallClock:
    """The real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class Free:
    """A sender that costs nothing, or `seconds` of waiting for an answer."""

    def __init__(
        self, arrived: Callable[[], Any], name: str = "console", knows_keys: bool = True, seconds: float = 0.0
    ) -> None:
        self.name = name
        self.knows_keys = knows_keys
        self._arrived = arrived
        self._seconds = seconds

    async def deliver(self, target: Target, reply: Reply, *, key: str, silent: bool) -> Sent:
        if self._seconds:
            await asyncio.sleep(self._seconds)
        await self._arrived()
        return Sent("m", target.dest or "d")

    async def redraw(self, posting: object, reply: Reply) -> None:
        raise AssertionError("nothing is redrawn here")


async def draw(notice: Notice, work: Work) -> Reply | None:
    """A reminder's text."""
    return say(f"number {notice.args['n']}")


async def people(storage: Storage, n: int, surface: str = "console") -> None:
    """`n` people with one account each, who never sleep."""
    async with storage.open_work() as work:
        await work.connection.exec_driver_sql(
            f"WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {n}) "
            "INSERT INTO people (id, name, name_key, visibility, takes_unpaid, plain_text, quiet_from, quiet_to, "
            "tour_step, made_at) SELECT i, 'p' || i, 'p' || i, 'community', 0, 0, '08:00:00.000000', "
            "'08:00:00.000000', 0, 0 FROM c"
        )
        await work.connection.exec_driver_sql(
            "INSERT INTO identities (surface, account, person_id, name, name_key, dm, seen_at) "
            f"SELECT '{surface}', id, id, name, name_key, 'd' || id, 0 FROM people"
        )
        await work.commit()


def notices(n: int, due: datetime, *, readers: int | None = None, lane: Lane = Lane.NORMAL) -> list[NewNotice]:
    """`n` notices due at one instant, for as many people or for `readers`."""
    return [
        NewNotice(kind="t.say", due_at=due, person_id=i % (readers or n) + 1, args={"n": i}, lane=lane)
        for i in range(n)
    ]


async def keep(storage: Storage, new: list[NewNotice]) -> float:
    """Keep them in one Work; seconds it took."""
    before = time.perf_counter()
    async with storage.open_work() as work:
        await work.notices.add_many(new, datetime.now(UTC))
        await work.commit()
    return time.perf_counter() - before


def notices_for(person: int, due: datetime) -> list[NewNotice]:
    """One urgent notice for one of the people."""
    return [NewNotice(kind="t.say", due_at=due, person_id=person + 1, args={"n": person}, lane=Lane.URGENT)]


async def run_until(post: Courier, over: asyncio.Event, within: float = 120.0) -> None:
    """Run a courier until `over` is set."""
    stop = asyncio.Event()
    running = asyncio.create_task(post.run(stop))
    try:
        async with asyncio.timeout(within):
            await over.wait()
    finally:
        stop.set()
        await running
