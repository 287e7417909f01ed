"""What follows a delivery, undone by the database in favour of another change: it is done anew, and once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from bot.desk.closing import once_more, once_only
from storage.faults import Crossed, Unreachable
from storage.records.notice import Notice
from storage.work import OpenWork, Work
from tests.bot.desk.courier_parts import FakeSender, courier, keep, number, person
from tests.conftest import MovableClock


class Crossroads:
    """Two rows, and somebody who takes them in the other order."""

    def __init__(self, open_work: OpenWork) -> None:
        self._open_work = open_work
        self._there, self._here, self._over = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.tries = 0

    async def other(self) -> None:
        """Has one of the rows, and wants the other; never the one that is undone."""
        async with self._open_work() as work:
            await work.connection.execute(text("SET LOCAL deadlock_timeout = '20s'"))
            await _touch(work, "b")
            self._there.set()
            await self._here.wait()
            await _touch(work, "a")
            await work.commit()
        self._over.set()

    async def mine(self, work: Work) -> None:
        """The same from the other side."""
        self.tries += 1
        if self.tries > 1:
            await self._over.wait()
        await work.connection.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
        await _touch(work, "a")
        self._here.set()
        await self._there.wait()
        await _touch(work, "b")


async def _touch(work: Work, key: str) -> None:
    await work.connection.execute(text("UPDATE app_state SET value = value || '.' WHERE key = :key"), {"key": key})


@pytest.fixture
def anywhere() -> str:
    """Only here: SQLite has one writer, who waits for nobody."""
    return "postgres"


@pytest.fixture
async def crossroads(anywhere: str, open_work: OpenWork) -> Crossroads:
    async with open_work() as work:
        await work.app.set_value("a", "")
        await work.app.set_value("b", "")
        await work.commit()
    return Crossroads(open_work)


async def touched(open_work: OpenWork) -> tuple[str | None, str | None]:
    async with open_work(reading=True) as work:
        return await work.app.value("a"), await work.app.value("b")


async def test_what_follows_a_delivery_is_not_lost(
    crossroads: Crossroads, open_work: OpenWork, clock: MovableClock
) -> None:
    async def follow(notice: Notice, work: Work) -> None:
        await crossroads.mine(work)

    sender = FakeSender()
    running = courier(open_work, clock, sender, after={"t.say": follow})
    await keep(open_work, number(1, await person(open_work)))
    stop = asyncio.Event()
    async with asyncio.timeout(15):
        other, delivering = asyncio.create_task(crossroads.other()), asyncio.create_task(running.run(stop))
        await other
        stop.set()  # what is not recorded yet is recorded before it stops
        await delivering

    assert crossroads.tries == 2
    assert await touched(open_work) == ("..", "..")
    assert sender.texts == ["number 1"]


async def test_a_deed_is_done_anew(crossroads: Crossroads, open_work: OpenWork) -> None:
    opener = once_only(open_work)

    async def deed() -> str:
        async with opener() as work:
            await crossroads.mine(work)
            await work.commit()
        return "done"

    async with asyncio.timeout(15):
        assert await asyncio.gather(once_more(deed), crossroads.other()) == ["done", None]
    assert crossroads.tries == 2
    assert await touched(open_work) == ("..", "..")


async def test_a_deed_of_which_something_was_kept_is_not_done_twice(
    crossroads: Crossroads, open_work: OpenWork
) -> None:
    opener = once_only(open_work)

    async def deed() -> None:
        async with opener() as work:
            await work.app.set_value("c", "kept")
            await work.commit()
        async with opener() as work:
            await crossroads.mine(work)
            await work.commit()

    async with asyncio.timeout(15):
        fault, _ = await asyncio.gather(once_more(deed), crossroads.other(), return_exceptions=True)
    assert isinstance(fault, Crossed)
    assert crossroads.tries == 1
    assert await touched(open_work) == (".", ".")


async def test_it_is_tried_twice_and_no_more() -> None:
    faults: Iterator[Exception] = iter([Crossed("first"), Crossed("second"), Crossed("third")])

    async def deed() -> None:
        raise next(faults)

    with pytest.raises(Unreachable, match="second"):
        await once_more(deed)
