"""What a command costs from parsed input to reply, beside a bare read and write through SQLAlchemy Core.

Both sides use the same SQLite file with a sync at every commit: what was said to be kept is on disk. The desk's, kit's
and renderer's own share is measured on a command that touches no database.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from unittest.mock import patch

from sqlalchemy import insert, select

from bot.desk.closing import once_only
from bot.desk.desk import Desk
from bot.desk.guests import Guests, Visitor
from bot.on_console.render import draw
from cogs import catalogue
from cogs.kit.ask import Ask, Role
from cogs.kit.call import Call
from cogs.kit.cog import Cog, command
from cogs.kit.reply import Reply, say
from cogs.kit.tools import Tools
from storage import disk, engine
from storage.engine import Storage
from storage.records.fee import Fee
from storage.records.times import Span
from storage.sqlite import Connection
from storage.tables.app_state import app_state
from storage.tables.people import people
from tests.bench.table import Row, as_text, row

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
GIVEN = {"role": "drums", "when": "Sat 28 Nov 19:30", "where": "Leeds", "fee": "£220"}
COUNTS = {"small": 150, "full": 1000}
AT_ONCE = 50

#: Seconds that 50 people go on, each with a deed every two seconds on average, when it suits them.
AT_LEISURE = {"small": 6.0, "full": 20.0}
A_DEED_EVERY = 2.0

#: Writers at once on a slow disk, and what a sync of it takes more, in seconds.
CROWD, SYNC = 200, 0.008


class _Clock:
    def now(self) -> datetime:
        return NOW


class _EchoCog(Cog, name="echo"):
    """Reads all kinds of values and keeps nothing."""

    @command("echo all", "Read and answer")
    async def all(
        self,
        call: Call,
        role: Annotated[Role, Ask("Which chair?")],
        when: Annotated[Span, Ask("When?")],
        where: Annotated[str, Ask("Where?")],
        fee: Annotated[Fee, Ask("Fee?")],
    ) -> Reply:
        return say(role.label, " ", where, " ", fee.money or "")


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds a call took, sorted."""

    taken: list[float]

    def at(self, share: float) -> float:
        """The time below which that share of the calls stayed."""
        return self.taken[min(len(self.taken) - 1, int(len(self.taken) * share))]


def rows(scale: str) -> list[Row]:
    """Measure; see the module."""
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_rows(Path(folder), COUNTS[scale], AT_LEISURE[scale]))


async def _rows(folder: Path, count: int, seconds: float) -> list[Row]:
    storage = await engine.open(f"sqlite:///{folder}/bench.db")
    try:
        tools = Tools(open_work=once_only(storage.open_work), clock=_Clock())
        desk = Desk(catalogue.furnish(tools), tools, catalogue.GROUP_ALIASES)
        calls = [await _call(tools, number) for number in range(AT_ONCE)]
        for call in calls:
            await _posted(desk, call)  # the first answer to somebody new says more, once
        calls = [await _call(tools, number) for number in range(AT_ONCE)]
        echo = Desk((_EchoCog(),), tools)
        own = await _one_by_one(count, lambda n: _echoed(echo, calls[n % AT_ONCE]))
        plain = await _one_by_one(count, lambda n: _plain(storage, calls[n % AT_ONCE].person_id, n))
        posted = await _one_by_one(count, lambda n: _posted(desk, calls[n % AT_ONCE]))
        together = await _together(count, lambda n: _posted(desk, calls[n % AT_ONCE]))
        at_leisure = await _at_leisure(seconds, lambda n, _: _posted(desk, calls[n]))
        floor = await _at_leisure(seconds, lambda n, deed: _plain(storage, calls[n].person_id, -deed))
        apart, shared = [await _on_a_slow_disk(folder, shared=shared) for shared in (False, True)]
        typed = await _one_by_one(count, lambda n: desk.suggest(calls[n % AT_ONCE], "gig show", "id", "g"))
        return [
            row("gig post, p50", posted.at(0.5), "ms", beside="Core insert and commit", beside_value=plain.at(0.5),
                at_most=6, of="ratio"),
            row("gig post by 50 people at once, p99", together.at(0.99), "ms", at_most=25,
                note="all 50 press in the same instant, and the last waits for the work of 49 on one core"),
            row("gig post by 50 people at their own pace, p50", at_leisure.at(0.5), "ms",
                beside="Core, at that pace", beside_value=floor.at(0.5)),
            row("gig post by 50 people at their own pace, p99", at_leisure.at(0.99), "ms", at_most=25,
                beside="Core, at that pace", beside_value=floor.at(0.99),
                note=f"for {seconds:.0f} s each posts about every 2 s, at moments that chance decides"),
            row(f"{CROWD} writes at once at 8 ms a sync, shared", shared, "ms", beside="a sync for each",
                beside_value=apart, at_most=0.25, of="ratio", note="8 ms: a common SD card"),
            row("desk, kit and renderer alone, p50", own.at(0.5), "ms", at_most=1),
            row("desk, kit and renderer alone, p99", own.at(0.99), "ms", at_most=5),
            row("autocomplete of a gig's id, p99", typed.at(0.99), "ms", at_most=50),
        ]  # fmt: skip
    finally:
        await storage.close()


async def _call(tools: Tools, number: int) -> Call:
    visitor = Visitor(
        surface="console",
        account=f"p{number}",
        name=f"Player {number}",
        address="#gigs",
        community=("local", "Local"),
        channel=("#gigs", "gigs", "text"),
    )
    call = await Guests(tools).call(visitor)
    async with tools.open_work() as work:
        await work.people.change(call.person_id, zone="Europe/London")
        if call.place.channel_id is not None:
            await work.communities.change_channel(call.place.channel_id, board=True)
        await work.commit()
    return await Guests(tools).call(visitor)


async def _echoed(desk: Desk, call: Call) -> None:
    answer = await desk.command(call, "echo all", GIVEN)
    assert "Drum kit" in str(draw(answer.reply, NOW, "en-GB"))


async def _posted(desk: Desk, call: Call) -> None:
    answer = await desk.command(call, "gig post", GIVEN)
    assert any("Posted" in str(span) for line in answer.reply.lines for span in line) or "Posted" in (
        answer.reply.title or ""
    )


async def _plain(storage: Storage, person_id: int, number: int) -> None:
    """A person read and a row written, durable, with nothing around it."""
    async with storage.engine.connect() as connection:
        await connection.start() if not connection.sync_connection else None
        async with connection.begin():
            (await connection.execute(select(people).where(people.c.id == person_id))).first()
            await connection.execute(insert(app_state).values(key=f"bench{number}", value="x"))


async def _on_a_slow_disk(folder: Path, *, shared: bool) -> float:
    """Milliseconds until the last of many who write at once has its answer, each sync 8 ms slower than it is here."""
    storage = await engine.open(f"sqlite:///{folder}/slow-{shared}.db")
    assert storage._disk is not None
    once, own = disk._sync, Connection.commit

    def slow_sync(file: int) -> None:
        time.sleep(SYNC)
        once(file)

    async def slow_commit(self: Connection) -> None:
        if self._conn.in_transaction and not self._shares_sync:
            await self.run(lambda _: time.sleep(SYNC))
        await own(self)

    async def write(number: int) -> None:
        async with storage.open_work() as work:
            await work.app.set_value(f"crowd{number}", "x")
            await work.commit()

    with patch.object(disk, "_sync", slow_sync), patch.object(Connection, "commit", slow_commit):
        if not shared:
            storage._disk.crowd = -CROWD  # nobody is ever seen standing in line
        began = time.perf_counter()
        await asyncio.gather(*(write(number) for number in range(CROWD)))
        took = (time.perf_counter() - began) * 1000
    await storage.close()
    return took


async def _one_by_one(count: int, deed: Callable[[int], Awaitable[Any]]) -> Times:
    taken = []
    for number in range(count):
        began = time.perf_counter()
        await deed(number)
        taken.append((time.perf_counter() - began) * 1000)
    return Times(sorted(taken[count // 10 :]))  # the first ones warm caches up


async def _together(count: int, deed: Callable[[int], Awaitable[Any]]) -> Times:
    taken: list[float] = []

    async def timed(number: int) -> None:
        began = time.perf_counter()
        await deed(number)
        taken.append((time.perf_counter() - began) * 1000)

    for start in range(0, count, AT_ONCE):
        await asyncio.gather(*(timed(start + number) for number in range(AT_ONCE)))
    return Times(sorted(taken))


async def _at_leisure(seconds: float, deed: Callable[[int, int], Awaitable[Any]]) -> Times:
    """Everybody goes on for so long, with pauses of chance between deeds. deed: given the person, and its own number.

    Counted is the time since it was meant to begin, so that no delay hides in a later beginning.
    """
    taken: list[float] = []
    numbers = itertools.count(1)
    began = time.perf_counter()

    async def person(number: int) -> None:
        chance = random.Random(number)
        due = began
        while (due := due + chance.expovariate(1 / A_DEED_EVERY)) < began + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await deed(number, next(numbers))
            taken.append((time.perf_counter() - due) * 1000)

    await asyncio.gather(*(person(number) for number in range(AT_ONCE)))
    return Times(sorted(taken))


if __name__ == "__main__":
    print(as_text({"commands": rows("small")}))
