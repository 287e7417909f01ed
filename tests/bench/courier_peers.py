"""Other ways to deliver what is due, written or set up for comparison, each as good as its design allows.

Every `run_*` has `n` notices fall due at one instant, with a sender that costs nothing, and tells how late each was.
All durable ones write with `synchronous=FULL` to a file in `folder`, from a thread of their own, as ours does.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.courier_clock import Race

#: As many as our courier claims at once, so that what a crash puts in doubt is the same.
BATCH = 200
LEASE = 60_000


def _file(folder: Path, name: str) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / name, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL").fetchone()
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA cache_size=-16000")
    return connection


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000


async def _until_due(race: Race) -> None:
    await asyncio.sleep(max(0.0, race.due - time.time()))


async def run_floor(folder: Path, n: int, *, wave: int = 8) -> Race:
    """Plain sqlite3: claims in batches under a lease, each wave of sends recorded before the next one begins.

    wave: eight, as a platform without keys needs it; with `BATCH` it is what nothing above sqlite3 can reach.
    """
    db = _file(folder, f"floor-{wave}.db")
    db.execute(
        "CREATE TABLE notices (id INTEGER PRIMARY KEY, platform TEXT, dest TEXT, lane INTEGER, kind TEXT, args TEXT, "
        "due_at INTEGER, next_at INTEGER, attempt INTEGER DEFAULT 0, owner TEXT, sent_at INTEGER, message_id TEXT)"
    )
    db.execute("CREATE INDEX due ON notices (platform, lane, next_at) WHERE next_at IS NOT NULL")
    race = Race(n, ahead=1.0 + n / 50_000)
    due = int(race.due * 1000)
    db.execute("BEGIN IMMEDIATE")
    db.executemany(
        "INSERT INTO notices (platform, dest, lane, kind, args, due_at, next_at) "
        "VALUES ('console', ?, 1, 'x', ?, ?, ?)",
        ((f"d{i}", f'{{"n":{i}}}', due, due) for i in range(n)),
    )
    db.execute("COMMIT")

    def claim() -> list[Any]:
        now = _milliseconds()
        db.execute("BEGIN IMMEDIATE")
        rows = db.execute(
            "UPDATE notices SET next_at = ?, attempt = attempt + 1, owner = 'me' WHERE id IN (SELECT id FROM notices "
            "WHERE platform = 'console' AND lane = 1 AND next_at <= ? ORDER BY next_at LIMIT ?) "
            "RETURNING id, dest, args, attempt",
            (now + LEASE, now, BATCH),
        ).fetchall()
        db.execute("COMMIT")
        return rows

    def ack(rows: list[Any]) -> None:
        now = _milliseconds()
        db.execute("BEGIN IMMEDIATE")
        db.executemany(
            "UPDATE notices SET next_at = NULL, sent_at = ?, message_id = ? WHERE id = ? AND owner = 'me' "
            "AND attempt = ?",
            [(now, "m", row[0], row[3]) for row in rows],
        )
        db.execute("COMMIT")

    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as thread:
        await _until_due(race)
        async with race.watched():
            while rows := await loop.run_in_executor(thread, claim):
                for first in range(0, len(rows), wave):
                    for _ in rows[first : first + wave]:
                        await race.send()
                    await loop.run_in_executor(thread, ack, rows[first : first + wave])
    return race


async def run_one_next_timer(folder: Path, n: int) -> Race:
    """One next timer at a time: read the earliest, sleep until then, delete it, send it; a kill in between loses it."""
    db = _file(folder, "timer.db")
    db.execute("CREATE TABLE timers (id INTEGER PRIMARY KEY, expires INTEGER, dest TEXT, extra TEXT)")
    db.execute("CREATE INDEX expires ON timers (expires)")
    race = Race(n, ahead=1.0 + n / 50_000)
    due = int(race.due * 1000)
    db.execute("BEGIN")
    db.executemany(
        "INSERT INTO timers (expires, dest, extra) VALUES (?, ?, ?)", ((due, f"d{i}", f'{{"n":{i}}}') for i in range(n))
    )
    db.execute("COMMIT")

    def earliest() -> Any:
        return db.execute("SELECT id, expires, dest, extra FROM timers ORDER BY expires LIMIT 1").fetchone()

    def delete(timer: int) -> None:
        db.execute("DELETE FROM timers WHERE id = ?", (timer,))

    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as thread:
        await _until_due(race)
        async with race.watched():
            while timer := await loop.run_in_executor(thread, earliest):
                left = timer[1] / 1000 - time.time()
                if left > 0:
                    await asyncio.sleep(left)
                await loop.run_in_executor(thread, delete, timer[0])
                await race.send()
    return race


async def run_row_by_row(folder: Path, n: int) -> Race:
    """A poll with an index: read what is due, send each, mark each."""
    db = _file(folder, "rows.db")
    db.execute("CREATE TABLE notices (id INTEGER PRIMARY KEY, due INTEGER, sent INTEGER, dest TEXT, args TEXT)")
    db.execute("CREATE INDEX due ON notices (due) WHERE sent IS NULL")
    race = Race(n, ahead=1.0 + n / 50_000)
    due = int(race.due * 1000)
    db.execute("BEGIN")
    db.executemany(
        "INSERT INTO notices (due, dest, args) VALUES (?, ?, ?)", ((due, f"d{i}", f'{{"n":{i}}}') for i in range(n))
    )
    db.execute("COMMIT")

    def poll() -> list[Any]:
        return db.execute(
            "SELECT id, dest, args FROM notices WHERE due <= ? AND sent IS NULL ORDER BY due LIMIT ?",
            (_milliseconds(), BATCH),
        ).fetchall()

    def mark(row: int) -> None:
        db.execute("UPDATE notices SET sent = ? WHERE id = ?", (_milliseconds(), row))

    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as thread:
        await _until_due(race)
        async with race.watched():
            while rows := await loop.run_in_executor(thread, poll):
                for row in rows:
                    await race.send()
                    await loop.run_in_executor(thread, mark, row[0])
    return race


_race: Race | None = None


async def _job(*_: object) -> None:
    assert _race is not None
    await _race.send()


def _scheduler(folder: Path, name: str, **defaults: Any) -> Any:
    from apscheduler.executors.asyncio import AsyncIOExecutor
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.asyncio import AsyncIOScheduler
    from sqlalchemy import create_engine, event

    engine = create_engine(f"sqlite:///{folder / name}")

    @event.listens_for(engine, "connect")
    def settings(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    return AsyncIOScheduler(
        jobstores={"default": SQLAlchemyJobStore(engine=engine)},
        executors={"default": AsyncIOExecutor()},
        job_defaults=defaults,
        timezone=UTC,
    )


async def run_apscheduler(folder: Path, n: int, *, tuned: bool = True) -> Race:
    """APScheduler 3.11 on SQLAlchemyJobStore. tuned: nothing is dropped for being late; else as it comes."""
    global _race
    scheduler = _scheduler(folder, f"aps-{tuned}.db", **({"misfire_grace_time": None} if tuned else {}))
    scheduler.start(paused=True)
    began = time.perf_counter()
    probe = 100
    for i in range(probe):
        scheduler.add_job(_job, "date", run_date=datetime(2099, 1, 1, tzinfo=UTC), args=(i,), id=f"probe{i}")
    each = (time.perf_counter() - began) / probe
    scheduler.remove_all_jobs()
    race = _race = Race(n, ahead=2.0 + n * each * 2)
    due = datetime.fromtimestamp(race.due, UTC)
    for i in range(n):
        scheduler.add_job(_job, "date", run_date=due, args=(i,), id=str(i))
    race.seconds_to_add_one = each
    async with race.watched():
        scheduler.resume()
        await race.over(within=max(60.0, n / 100))
    scheduler.shutdown(wait=False)
    return race


async def run_ptb(folder: Path, n: int) -> Race:
    """python-telegram-bot's JobQueue, jobs run by its Application: in memory, so nothing survives a restart."""
    from telegram.ext import ApplicationBuilder, ContextTypes

    application = ApplicationBuilder().token("1:made-up").build()
    queue = application.job_queue
    assert queue is not None
    race = Race(n, ahead=2.0 + n / 2000)

    async def fire(context: ContextTypes.DEFAULT_TYPE) -> None:
        await race.send()

    due = datetime.fromtimestamp(race.due, UTC)
    for i in range(n):
        queue.run_once(fire, due, data=i, job_kwargs={"misfire_grace_time": None})
    async with race.watched():
        await queue.start()
        await race.over(within=60.0)
    await asyncio.sleep(0.1)  # the last job is still on its way out
    await queue.stop(wait=False)
    return race


PEERS: dict[str, Callable[[Path, int], Any]] = {
    "floor": run_floor,
    "one next timer": run_one_next_timer,
    "row by row": run_row_by_row,
    "APScheduler tuned": run_apscheduler,
    "PTB JobQueue": run_ptb,
}
