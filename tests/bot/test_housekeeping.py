from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.housekeeping import CARDS_KEPT, CONSOLE_KEPT, Housekeeping
from cogs.kit.tools import Tools
from storage.engine import Storage
from storage.records.draft import Draft
from tests.conftest import MovableClock


async def test_what_has_run_out_goes_and_the_rest_stays(storage: Storage, clock: MovableClock) -> None:
    tools = Tools(open_work=storage.open_work, clock=clock)
    async with storage.open_work() as work:
        person = await work.people.add("Player One", clock.now())
        for token, days in (("old", 1), ("new", 30)):
            await work.drafts.keep(
                Draft(
                    token=token,
                    person_id=person.id,
                    place="console:dm",
                    target="command:gig.post",
                    made_at=clock.now(),
                    expires_at=clock.now() + timedelta(days=days),
                )
            )
        await work.app.seen_update("telegram", "1", clock.now())
        await work.commit()
    clock.move(timedelta(days=3))
    assert await Housekeeping(storage, tools).tidy(clock.now()) == 2
    async with storage.open_work(reading=True) as work:
        assert await work.drafts.get("old", person.id) is None
        assert await work.drafts.get("new", person.id) is not None


async def test_it_ends_when_told(storage: Storage, clock: MovableClock) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(Housekeeping(storage, Tools(open_work=storage.open_work, clock=clock)).run(stop))
    stop.set()
    async with asyncio.timeout(5):
        await running


async def test_chores_are_done_and_one_that_fails_does_not_stop_the_others(
    storage: Storage, clock: MovableClock
) -> None:
    stop, done = asyncio.Event(), []

    async def broken(now: datetime) -> None:
        raise RuntimeError("a bug")

    async def sound(now: datetime) -> None:
        done.append(now)
        stop.set()

    tools = Tools(open_work=storage.open_work, clock=clock)
    async with asyncio.timeout(30):
        await Housekeeping(storage, tools, [broken, sound]).run(stop)
    assert done == [clock.now()]


async def test_old_messages_and_cards_go_and_what_nobody_saw_stays(storage: Storage, clock: MovableClock) -> None:
    tools = Tools(open_work=storage.open_work, clock=clock)
    keeper = Housekeeping(storage, tools)
    async with storage.open_work() as work:
        person = await work.people.add("Player One", clock.now())
        for number in range(1200):  # more than go at once
            await work.said.say("#gigs", f"old {number}", clock.now())
        unseen = await work.said.say("dm:one", "unseen", clock.now(), person_id=person.id, seen=False)
        card = await work.postings.hang(
            "gigs.board", 1, surface="console", address="#gigs", message="1", now=clock.now()
        )
        await work.commit()
    assert await keeper.sift(clock.now()) == 0
    clock.move(CONSOLE_KEPT + timedelta(days=1))
    async with storage.open_work() as work:
        fresh = await work.said.say("#gigs", "fresh", clock.now())
        await work.commit()
    assert await keeper.sift(clock.now()) == 1200
    async with storage.open_work(reading=True) as work:
        assert unseen is not None
        assert fresh is not None
        assert [one.id for one in await work.said.visible_to(person.id)] == [fresh.id, unseen.id]
        assert await work.postings.get(card.id) is not None
    clock.move(CARDS_KEPT)
    assert await keeper.sift(clock.now()) == 2
    async with storage.open_work(reading=True) as work:
        assert await work.postings.get(card.id) is None
        assert [one.id for one in await work.said.visible_to(person.id)] == [unseen.id]


async def test_the_long_look_is_taken_once_a_day_and_after_a_clock_that_was_set_back(
    storage: Storage, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[datetime] = []

    async def sift(self: Housekeeping, now: datetime) -> int:
        looks.append(now)
        return 0

    monkeypatch.setattr(Housekeeping, "sift", sift)
    keeper = Housekeeping(storage, Tools(open_work=storage.open_work, clock=clock))
    for step in (0, 1, 22, 1, 1, -30):
        clock.move(timedelta(hours=step))
        await keeper.once()
    assert [(at - looks[0]) // timedelta(hours=1) for at in looks] == [0, 24, -5]
