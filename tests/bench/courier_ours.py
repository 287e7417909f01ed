"""Our courier in the same races as its peers, and in those that only it runs.

It runs as `firstcall run` has it: ready to share its accounts with other processes, on the same file too.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.desk.budgets import Pace
from bot.desk.courier import Courier
from bot.desk.surface import Sent, Target
from cogs.kit.reply import Reply
from storage import engine
from storage.records.notice import Lane, NewNotice
from tests.bench.courier_clock import Race
from tests.bench.courier_parts import Free, WallClock, draw, keep, notices, notices_for, people, run_until
from tests.bench.memory import resident_bytes


async def run_ours(folder: Path, n: int, *, paces: dict[str, Pace] | None = None) -> Race:
    """The race: `n` due at one instant, a sender that costs nothing, SQLite on disk, synchronous=FULL."""
    storage = await engine.open(f"sqlite:///{folder}/ours.db")
    await people(storage, n)
    race = Race(n, ahead=2.0 + n / 20_000)
    race.seconds_to_add_one = await keep(storage, notices(n, datetime.fromtimestamp(race.due, UTC))) / n
    post = Courier(
        storage.open_work, WallClock(), [Free(race.send)], {"t.say": draw}, line=storage.line, paces=paces or {}
    )
    stop = asyncio.Event()
    async with race.watched():
        running = asyncio.create_task(post.run(stop))
        await race.over(within=60.0)
    stop.set()
    await running
    await storage.close()
    return race


async def trickle(folder: Path, n: int) -> dict[str, float]:
    """No burst: one every 30 ms, each for its own moment. Lateness in milliseconds, p99."""
    storage = await engine.open(f"sqlite:///{folder}/trickle.db")
    await people(storage, n)
    start = datetime.now(UTC) + timedelta(seconds=1.5)
    due = [start + timedelta(milliseconds=30 * i) for i in range(n)]
    await keep(storage, [one for i, at in enumerate(due) for one in notices_for(i, at)])
    late: list[float] = []
    over = asyncio.Event()

    async def arrived() -> None:
        late.append((datetime.now(UTC) - due[len(late)]).total_seconds() * 1000)
        if len(late) == n:
            over.set()

    post = Courier(storage.open_work, WallClock(), [Free(arrived)], {"t.say": draw}, line=storage.line, paces={})
    await run_until(post, over)
    await storage.close()
    late.sort()
    return {"p50": late[n // 2], "p99": late[int(n * 0.99) - 1]}


async def fill(folder: Path, n: int) -> None:
    """A database with `n` notices waiting for next year, written by SQL: how it is filled is not measured here."""
    storage = await engine.open(f"sqlite:///{folder}/pile-{n}.db")
    await people(storage, 1000)
    due = int((datetime.now(UTC) + timedelta(days=365)).timestamp() * 1000)
    async with storage.open_work() as work:
        await work.connection.exec_driver_sql(
            f"WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {n}) "
            "INSERT INTO notices (platform, dest, person_id, lane, kind, subject, args, key, urgent, made_at, due_at, "
            "next_at, expires_at, attempt, doubtful, occurrence) SELECT 'console', 'd' || (i % 1000 + 1), "
            "i % 1000 + 1, i % 3, 't.say', 'n=' || i, '{\"n\":' || i || '}', 'key' || i, 0, 0, "
            f"{due} + i, {due} + i, {due} + i + 604800000, 0, 0, 0 FROM c"
        )
        await work.commit()
    await storage.close()


async def start(folder: Path, n: int) -> dict[str, float]:
    """Start on a pile of `n` waiting notices: milliseconds until the courier sleeps, and what memory that took."""
    storage = await engine.open(f"sqlite:///{folder}/pile-{n}.db")
    async with storage.open_work(reading=True) as work:
        await work.people.get(1)
    gc.collect()
    before = resident_bytes()

    async def never() -> None:
        raise AssertionError

    post = Courier(storage.open_work, WallClock(), [Free(never)], {"t.say": draw}, line=storage.line)
    round_ = post._rounds["console"]
    stop = asyncio.Event()
    began = time.perf_counter()
    running = asyncio.create_task(post.run(stop))
    while round_.stale:  # noqa: ASYNC110  # what is timed is the first look itself
        await asyncio.sleep(0)
    took = time.perf_counter() - began
    await asyncio.sleep(0.3)
    memory = resident_bytes() - before
    looks = []
    for _ in range(300):
        began = time.perf_counter()
        await round_.look()
        looks.append(time.perf_counter() - began)
    stop.set()
    await running
    await storage.close()
    looks.sort()
    return {
        "start ms": took * 1000,
        "MB": memory / 1e6,
        "look us": looks[len(looks) // 2] * 1e6,
        "one look percent": looks[len(looks) // 2] / 30 * 100,
    }


async def six_hundred(folder: Path, n: int) -> dict[str, float]:
    """`n` sends at 30 a second, 50 ms each, while a person is answered every 50 ms."""
    storage = await engine.open(f"sqlite:///{folder}/paced.db")
    await people(storage, n, "telegram")
    await keep(storage, notices(n, datetime.now(UTC)))
    gc.collect()
    before = resident_bytes()
    when: list[float] = []
    replies: list[float] = []
    over = asyncio.Event()

    async def arrived() -> None:
        when.append(time.perf_counter())
        if len(when) == n:
            over.set()

    sender = Free(arrived, "telegram", knows_keys=False, seconds=0.05)
    pace = {"telegram": Pace(per_second=30, apart=1.0, apart_in_groups=3.0)}
    post = Courier(storage.open_work, WallClock(), [sender], {"t.say": draw}, line=storage.line, paces=pace)

    async def answer_people() -> None:
        while True:
            asked = time.perf_counter()
            post.replied("telegram")
            await asyncio.sleep(0)  # a reply goes straight to the platform; what is measured is what holds it up
            replies.append(time.perf_counter() - asked)
            await asyncio.sleep(2.0)

    began = time.perf_counter()
    answering = asyncio.create_task(answer_people())
    await run_until(post, over)
    answering.cancel()
    memory = resident_bytes() - before
    await storage.close()
    per_second = max(sum(first <= at < first + 1 for at in when) for first in when)
    replies.sort()
    return {
        "seconds": when[-1] - began,
        "ideal": (n + len(replies)) / 30,
        "busiest second": per_second,
        "reply p99 ms": replies[int(len(replies) * 0.99) - 1] * 1000 if len(replies) > 1 else replies[0] * 1000,
        "MB": memory / 1e6,
    }


async def one_minute(folder: Path, n: int) -> dict[str, float]:
    """`n` due at one minute over a fifth as many chats, a tenth of them urgent, at ten times Telegram's rate."""
    storage = await engine.open(f"sqlite:///{folder}/minute.db")
    chats, rate = n // 5, 280
    await people(storage, chats, "telegram")
    due = datetime.now(UTC)
    mixed = [
        NewNotice(
            kind="t.say",
            due_at=due,
            person_id=i % chats + 1,
            args={"n": i},
            lane=Lane.NORMAL if i % chats >= chats // 10 or i >= chats else Lane.URGENT,
        )
        for i in range(n)
    ]
    await keep(storage, mixed)
    when: list[float] = []
    urgent: list[float] = []
    over = asyncio.Event()
    messages = 0

    async def arrived() -> None:
        when.append(time.perf_counter())

    class Counting(Free):
        async def deliver(self, target: Target, reply: Reply, *, key: str, silent: bool) -> Sent:
            nonlocal messages
            messages += 1
            if not reply.rows and (target.person_id or 0) <= chats // 10:
                urgent.append(time.perf_counter())
            return await super().deliver(target, reply, key=key, silent=silent)

    sender = Counting(arrived, "telegram", knows_keys=False, seconds=0.01)
    pace = {"telegram": Pace(per_second=rate, apart=0.1)}
    post = Courier(storage.open_work, WallClock(), [sender], {"t.say": draw}, line=storage.line, paces=pace)
    began = time.perf_counter()

    async def watch() -> None:
        while await post.next_due() is not None:  # noqa: ASYNC110  # the only end of it is in the database
            await asyncio.sleep(0.2)
        over.set()

    watching = asyncio.create_task(watch())
    await run_until(post, over)
    watching.cancel()
    await storage.close()
    return {
        "seconds": when[-1] - began,
        "ideal": messages / rate,
        "messages": messages,
        "urgent done at share": (max(urgent) - began) / (when[-1] - began),
    }


async def one_by_one(folder: Path, n: int) -> dict[str, float]:
    """Milliseconds for one notice with the change that causes it, in its own Work, and for a bare Core insert."""
    from sqlalchemy import Column, Integer, MetaData, String, Table, event, insert
    from sqlalchemy.ext.asyncio import create_async_engine

    storage = await engine.open(f"sqlite:///{folder}/single.db")
    await people(storage, 10)
    due = datetime.now(UTC) + timedelta(days=1)
    ours, bare = [], []
    for i in range(n):
        began = time.perf_counter()
        async with storage.open_work() as work:
            await work.people.set_setting(1, "x", str(i))
            await work.notices.add(NewNotice(kind="t.say", due_at=due, person_id=1, args={"n": i}), due)
            await work.commit()
        ours.append(time.perf_counter() - began)
    core = create_async_engine(f"sqlite+aiosqlite:///{folder}/bare.db", pool_size=1, max_overflow=0)

    @event.listens_for(core.sync_engine, "connect")
    def settings(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    table = Table("t", MetaData(), Column("id", Integer, primary_key=True), Column("due", Integer), Column("x", String))
    async with core.begin() as connection:
        await connection.run_sync(table.metadata.create_all)
    for i in range(n):
        began = time.perf_counter()
        async with core.begin() as connection:
            await connection.execute(insert(table).values(due=i, x="text"))
        bare.append(time.perf_counter() - began)
    await core.dispose()
    await storage.close()
    return {"ours ms": statistics.median(ours) * 1000, "bare ms": statistics.median(bare) * 1000}


async def bulk(folder: Path, n: int) -> dict[str, float]:
    """Notices kept a second, many in one Work."""
    storage = await engine.open(f"sqlite:///{folder}/bulk.db")
    await people(storage, 1000)
    new = notices(n, datetime.now(UTC) + timedelta(days=1), readers=1000)
    gc.collect()
    took = await keep(storage, new)
    await storage.close()
    return {"a second": n / took}


async def card_reader(folder: Path, n: int) -> dict[str, float]:
    """Fires a second in waves of eight, each commit 8 ms slower: a model of an SD card."""
    from storage import sqlite

    commit = sqlite.Connection.commit

    async def slow(self: Any) -> None:
        await commit(self)
        await self.run(lambda _: time.sleep(0.008))

    storage = await engine.open(f"sqlite:///{folder}/card.db")
    await people(storage, n)
    await keep(storage, notices(n, datetime.now(UTC)))
    sqlite.Connection.commit = slow  # type: ignore[method-assign]
    over, sent = asyncio.Event(), 0

    async def arrived() -> None:
        nonlocal sent
        sent += 1
        if sent == n:
            over.set()

    post = Courier(
        storage.open_work, WallClock(), [Free(arrived)], {"t.say": draw}, line=storage.line, paces={"console": Pace()}
    )
    began = time.perf_counter()
    await run_until(post, over)
    took = time.perf_counter() - began
    await storage.close()
    return {"a second": n / took}


async def fill_postgres(url: str, n: int) -> None:
    """`n` notices due now, on PostgreSQL."""
    storage = await engine.open(url)
    now = datetime.now(UTC)
    async with storage.open_work() as work:
        one = await work.people.greet("console", "p", "P", now, dm="d")
        new = [NewNotice(kind="t.say", due_at=now, person_id=one.id, args={"n": i}) for i in range(n)]
        await work.notices.add_many(new, now)
        await work.commit()
    await storage.close()


async def claim_on_postgres(url: str, n: int, batch: int, owner: str) -> dict[str, float]:
    """Claim until nothing is left, as one of several processes: how many, and how long it took."""
    storage = await engine.open(url)
    now, got, took = datetime.now(UTC) + timedelta(minutes=10), 0, 0.0
    began = time.perf_counter()
    while True:
        async with storage.open_work() as work:
            found = await work.notices.claim("console", Lane.NORMAL, now, timedelta(minutes=30), batch, owner)
            await work.commit()
        if not found:
            break
        got += len(found)
        took = time.perf_counter() - began
    await storage.close()
    return {"claimed": got, "seconds": took}
