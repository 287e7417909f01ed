"""The line between processes: news that is not lost with a connection, and who is there."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from storage import engine
from storage.engine import Storage
from storage.faults import Unreachable
from tests.conftest import START, Postgres


@pytest.fixture
def name(borrowed: str) -> str:
    return borrowed


@pytest.fixture
async def pair(postgres: Postgres, name: str) -> AsyncIterator[tuple[Storage, Storage]]:
    first, second = await engine.open(postgres.url(name)), await engine.open(postgres.url(name))
    yield first, second
    await first.close()
    await second.close()


async def cut(postgres: Postgres, name: str) -> None:
    await postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


async def seen(storage: Storage, *owners: str) -> dict[str, bool]:
    """Which of the owners are there, asked by somebody else."""
    async with storage.open_work(reading=True) as work:
        found = {one.owner: one.here for one in await work.couriers.colleagues("me", START)}
    return {owner: found[owner] for owner in owners}


async def write(storage: Storage, *owners: str) -> None:
    async with storage.open_work() as work:
        for owner in owners:
            await work.couriers.show("discord", owner, START)
        await work.commit()


async def announce(storage: Storage, topic: str) -> None:
    async with storage.open_work() as work:
        work.announce(topic)
        await work.commit()


async def test_after_a_cut_listeners_look_for_themselves_and_hear_news_again(
    postgres: Postgres, name: str, pair: tuple[Storage, Storage]
) -> None:
    first, second = pair
    heard, also = asyncio.Event(), asyncio.Event()
    await second.listen("notices", heard.set)
    await second.listen("people", also.set)
    await cut(postgres, name)
    await asyncio.wait_for(heard.wait(), 10)  # what was announced meanwhile would have been missed
    await asyncio.wait_for(also.wait(), 10)
    for topic, event in (("notices", heard), ("people", also)):
        event.clear()
        await announce(first, topic)
        await asyncio.wait_for(event.wait(), 10)


async def test_a_process_is_seen_until_it_hides(pair: tuple[Storage, Storage]) -> None:
    first, second = pair
    await write(first, "a", "b")
    assert await seen(second, "a", "b") == {"a": False, "b": False}
    assert await first.line.show("a") is True
    assert await first.line.show("a") is True
    assert first.line.shows("a")
    assert not second.line.shows("a")
    assert await seen(second, "a", "b") == await seen(first, "a", "b") == {"a": True, "b": False}
    await first.line.hide("a")
    assert not first.line.shows("a")
    assert await seen(second, "a", "b") == {"a": False, "b": False}


async def test_nobody_is_seen_without_a_line(postgres: Postgres, name: str, pair: tuple[Storage, Storage]) -> None:
    first, second = pair
    await write(first, "a")
    assert await first.line.show("a") is True
    await cut(postgres, name)
    with contextlib.suppress(Unreachable):  # the pool too was cut
        await seen(second, "a")
    assert await seen(second, "a") == {"a": False}
    while True:  # the first tries may find the line dead
        with contextlib.suppress(Unreachable):
            assert await first.line.show("a") is True
            break
    assert await seen(second, "a") == {"a": True}
    await first.line.close()
    assert not first.line.shows("a")
    assert await first.line.show("a") is False


async def test_many_tasks_on_one_line_take_turns(pair: tuple[Storage, Storage]) -> None:
    first, second = pair
    names = [str(n) for n in range(20)]
    await write(first, *names)
    assert all(await asyncio.gather(*(first.line.show(name) for name in names for _ in range(2))))
    assert all((await seen(second, *names)).values())


async def test_sqlite_has_no_line() -> None:
    storage = await engine.open("sqlite://")
    assert await storage.line.show("a") is False
    assert not storage.line.shows("a")
    await storage.line.keep()
    await storage.line.hide("a")
    await storage.close()


async def test_without_a_line_a_process_is_seen_while_its_row_counts() -> None:
    storage = await engine.open("sqlite://")
    await write(storage, "a")
    async with storage.open_work(reading=True) as work:
        for at, here in ((START - timedelta(seconds=1), True), (START, False)):
            assert [one.here for one in await work.couriers.colleagues("me", at)] == [here]
        assert await work.couriers.colleagues("a", START) == []
    await storage.close()
