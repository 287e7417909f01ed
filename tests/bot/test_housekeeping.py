from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from bot.housekeeping import Housekeeping
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
