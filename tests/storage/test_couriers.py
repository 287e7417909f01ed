"""What processes that send through one account tell each other: turns, places in a rate, chats that are not free."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from storage import engine
from storage.engine import Storage
from storage.faults import Unreachable
from storage.records.courier import Colleague, Taken
from storage.stores import couriers
from tests.conftest import START, Postgres

NOW = START.timestamp()


async def meet(storage: Storage, platform: str = "telegram") -> Taken:
    async with storage.open_work() as work:
        taken, _ = await work.couriers.meet(platform, START)
    return taken


async def test_what_one_takes_the_next_one_finds(storage: Storage, anywhere: str) -> None:
    assert await meet(storage) == Taken()
    taken = Taken(NOW + 0.123456, NOW + 2.5, 0.7, NOW - 1)
    async with storage.open_work() as work:
        await work.couriers.meet("telegram", START)
        await work.couriers.part("telegram", taken)
        await work.commit()
    found = await meet(storage)
    assert found.until == pytest.approx(taken.until, abs=1e-6)
    assert found.until >= taken.until - 1e-7, "a place would be given twice"
    assert (found.closed_until, found.speed, found.speed_at) == (taken.closed_until, taken.speed, taken.speed_at)
    assert await meet(storage, "discord") == Taken()


async def test_the_clock_that_counts_is_the_servers_where_there_is_one(storage: Storage, anywhere: str) -> None:
    async with storage.open_work() as work:
        _, now = await work.couriers.meet("telegram", START + timedelta(days=400))
        await work.couriers.part("telegram", Taken())
        _, again = await work.couriers.meet("telegram", START + timedelta(days=400))
    if anywhere == "postgres":
        assert abs(now - datetime.now(UTC).timestamp()) < 60
        assert now < again
    else:
        assert now == again == NOW + 400 * 86400


async def test_chats_are_left_alone_until_the_latest_time_that_anybody_learned(storage: Storage, anywhere: str) -> None:
    async with storage.open_work() as work:
        await work.couriers.keep_free("telegram", {"a": NOW + 5, "b": NOW + 1})
        await work.couriers.keep_free("telegram", {"a": NOW + 3, "b": NOW + 2, "c": NOW - 1})
        await work.couriers.keep_free("discord", {"a": NOW + 50})
        await work.couriers.keep_free("discord", {})
        await work.commit()
    async with storage.open_work(reading=True) as work:
        assert await work.couriers.free_at("telegram", ["a", "b", "c", "d"], NOW) == {"a": NOW + 5, "b": NOW + 2}
        assert await work.couriers.free_at("telegram", [], NOW) == {}
    async with storage.open_work() as work:
        assert await work.couriers.purge(START + timedelta(seconds=61)) == 1
        assert await work.couriers.purge(START + timedelta(days=1)) == 3
        await work.commit()


async def test_who_sends_is_written_down_until_it_leaves(storage: Storage, anywhere: str) -> None:
    async with storage.open_work() as work:
        for platform, owner in (("telegram", "a"), ("telegram", "a"), ("discord", "a"), ("telegram", "b")):
            await work.couriers.show(platform, owner)
        assert await work.couriers.leave("telegram", "a") is True
        assert await work.couriers.leave("telegram", "a") is False
        assert set(await work.couriers.colleagues("")) == {Colleague("discord", "a"), Colleague("telegram", "b")}
        assert await work.couriers.colleagues("b") == [Colleague("discord", "a")]


async def test_turns_follow_one_another_and_platforms_do_not_wait(postgres: Postgres, borrowed: str) -> None:
    first, second = await engine.open(postgres.url(borrowed)), await engine.open(postgres.url(borrowed))
    taken = Taken(until=NOW + 9)
    async with first.open_work() as work:
        await work.couriers.meet("telegram", START)
        waiting = asyncio.create_task(meet(second))
        assert await asyncio.wait_for(meet(second, "discord"), 5) == Taken()
        await work.couriers.part("telegram", taken)
        assert not waiting.done()
        await work.commit()
    assert await asyncio.wait_for(waiting, 5) == taken
    await first.close()
    await second.close()


async def test_who_stops_in_the_middle_of_a_turn_keeps_nobody_waiting_for_long(
    postgres: Postgres, borrowed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers, "TURN_WITHIN", timedelta(milliseconds=300))
    stopped, other = await engine.open(postgres.url(borrowed)), await engine.open(postgres.url(borrowed))
    with pytest.raises(Unreachable):
        async with stopped.open_work() as work:
            await work.couriers.meet("telegram", START)
            await asyncio.wait_for(meet(other), 10)
            await work.couriers.part("telegram", Taken(until=NOW + 99))
            await work.commit()
    assert await meet(other) == Taken()
    assert await meet(stopped) == Taken(), "its next turn is as good as any"
    await stopped.close()
    await other.close()
