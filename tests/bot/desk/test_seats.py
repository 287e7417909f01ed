"""Several couriers on one PostgreSQL: one sends, and another does when it cannot any more."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.budgets import Pace
from bot.desk.courier import Courier
from bot.desk.seats import ANSWERED, said
from storage import engine
from storage.engine import Storage
from storage.records.notice import Lane
from tests.bot.desk.courier_parts import FakeSender, draw_number, keep, number, person
from tests.bot.desk.test_courier_running import WallClock, at_once, running, until
from tests.conftest import Postgres


class Desk:
    """One process's storage, sender and courier."""

    def __init__(self, storage: Storage, pace: Pace, *, knows_keys: bool) -> None:
        self.storage, self.sender = storage, FakeSender()
        self.sender.knows_keys = knows_keys
        self.courier = Courier(
            storage.open_work, WallClock(), [self.sender], {"t.say": draw_number},
            paces={self.sender.name: pace}, line=storage.line,
        )  # fmt: skip

    @property
    def seated(self) -> bool:
        return self.courier.standing()[self.sender.name].seated


@pytest.fixture
async def name(postgres: Postgres) -> AsyncIterator[str]:
    name = await postgres.migrated()
    yield name
    await postgres.drop(name)


@contextlib.asynccontextmanager
async def desks(
    postgres: Postgres, name: str, pace: Pace | None = None, *, knows_keys: bool = True
) -> AsyncIterator[list[Desk]]:
    made = []
    try:
        for _ in range(2):
            storage = await engine.open(postgres.url(name))
            made.append(Desk(storage, pace or Pace(), knows_keys=knows_keys))
            await storage.listen("notices", made[-1].courier.wake)
            await storage.line.overhear(ANSWERED, made[-1].courier.overheard)
        yield made
    finally:
        for one in made:
            await one.storage.close()


async def test_another_takes_the_seat_within_seconds_of_a_death(postgres: Postgres, name: str) -> None:
    async with desks(postgres, name) as (first, second), running(second.courier):
        await until(lambda: second.seated)
        async with running(first.courier):
            someone = await person(second.storage.open_work)
            await keep(second.storage.open_work, number(1, someone, **at_once()), now=datetime.now(UTC))
            await until(lambda: len(second.sender.sent) == 1)
            assert not first.seated
            await second.storage.line.close()  # as the system does for a process that is killed
            died = time.monotonic()
            await keep(first.storage.open_work, number(2, someone, **at_once()), now=datetime.now(UTC))
            await until(lambda: first.sender.sent)
            assert time.monotonic() - died < 3
            assert [*second.sender.texts, *first.sender.texts] == ["number 1", "number 2"]


async def test_what_the_dead_had_claimed_is_taken_up_at_once(postgres: Postgres, name: str) -> None:
    async with desks(postgres, name) as (first, _):
        someone = await person(first.storage.open_work)
        await keep(first.storage.open_work, number(1, someone, **at_once()), now=datetime.now(UTC))
        async with first.storage.open_work() as work:
            claimed = await work.notices.claim(
                first.sender.name, Lane.URGENT, datetime.now(UTC), timedelta(minutes=1), 5, "dead"
            )
            await work.commit()
        assert len(claimed) == 1
        async with running(first.courier):
            await until(lambda: first.sender.sent, within=5)


async def test_who_loses_the_seat_stops_and_reports_and_nothing_is_sent_twice(postgres: Postgres, name: str) -> None:
    """The server cuts everybody off in the middle of a burst to a platform that knows no keys."""
    pace = Pace(per_second=60, burst=10, unacked=8)
    async with desks(postgres, name, pace, knows_keys=False) as pair:
        first, second = pair
        others = [await person(first.storage.open_work, f"P{n}") for n in range(60)]
        await keep(
            first.storage.open_work, *(number(n, p, **at_once()) for n, p in enumerate(others)), now=datetime.now(UTC)
        )
        async with running(first.courier), running(second.courier):
            for _ in range(3):
                before = sum(len(one.sender.sent) for one in pair)
                await until(
                    lambda now=before: sum(len(one.sender.sent) for one in pair) > now + 8 or everything(pair, 60)
                )
                await postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
            await until(lambda: everything(pair, 60), within=30)
            await asyncio.sleep(0.2)
        texts = [*first.sender.texts, *second.sender.texts]
        assert sorted({text.split("\n")[0] for text in texts}) == sorted(f"number {n}" for n in range(60))
        assert len(texts) == 60


def everything(pair: list[Desk], count: int) -> bool:
    return len({text for one in pair for text in one.sender.texts}) >= count


async def test_answers_given_elsewhere_count(postgres: Postgres, name: str) -> None:
    pace = Pace(per_second=2, reserve=2, burst=40)
    async with desks(postgres, name, pace) as (first, second), running(first.courier):
        await until(lambda: first.seated)
        async with running(second.courier):
            budget = first.courier._budgets[first.sender.name]
            for _ in range(20):
                second.courier.replied(second.sender.name)
            await until(lambda: budget.wait(time.monotonic()) > 5)


def test_what_cannot_be_read_is_nothing() -> None:
    assert said("telegram 12") == ("telegram", 12)
    assert said("telegram twelve") == said("telegram") == said("") == ("", 0)
