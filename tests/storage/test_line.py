"""The line between processes: news that is not lost with a connection, and names that one of them holds."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from storage import engine
from storage.engine import Storage
from storage.faults import Unreachable
from tests.conftest import Postgres


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


async def held(storage: Storage) -> bool | None:
    """What comes of wanting to hold on, once the line is there again: the first tries may find it dead."""
    for _ in range(5):
        with contextlib.suppress(Unreachable):
            return await storage.line.hold("courier discord")
    return None


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


async def test_one_process_holds_a_name_until_it_lets_go(pair: tuple[Storage, Storage]) -> None:
    first, second = pair
    assert await first.line.hold("courier discord") is True
    assert await first.line.hold("courier discord") is True
    assert first.line.holds("courier discord")
    assert await second.line.hold("courier discord") is False
    assert await second.line.hold("courier telegram") is True
    await first.line.let_go("courier discord")
    assert not first.line.holds("courier discord")
    assert await second.line.hold("courier discord") is True
    assert await first.line.hold("courier discord") is False
    assert await first.line.hold("courier telegram") is False


async def test_a_hold_ends_with_the_line(postgres: Postgres, name: str, pair: tuple[Storage, Storage]) -> None:
    first, second = pair
    assert await first.line.hold("courier discord") is True
    await cut(postgres, name)
    assert await held(second) is True
    assert await held(first) is False
    assert not first.line.holds("courier discord")
    await second.close()
    assert await first.line.hold("courier discord") is True


async def test_many_tasks_on_one_line_take_turns(pair: tuple[Storage, Storage]) -> None:
    first, second = pair
    answers = await asyncio.gather(*(line.hold(str(n)) for n in range(20) for line in (first.line, second.line)))
    assert sum(bool(answer) for answer in answers) == 20
    for n in range(20):
        assert first.line.holds(str(n)) is not second.line.holds(str(n))


async def test_sqlite_has_no_line() -> None:
    storage = await engine.open("sqlite://")
    assert await storage.line.hold("courier discord") is None
    assert not storage.line.holds("courier discord")
    await storage.line.keep()
    await storage.line.let_go("courier discord")
    await storage.close()
