"""What happens to processes and databases: killed, cut off, hung, stopped and started again, by chance."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator

from tests.many.fleet import Fleet
from tests.many.processes import Process

#: Out of so many troubles, how many of each.
BAG = {"kill": 10, "cut": 5, "stop": 2, "hang": 2}

#: The longest that a process stands still, in seconds: longer than a claim holds.
LONGEST_HANG = 90.0


class Trouble:
    """Makes it, until told otherwise. longest: a process hangs for so many seconds at most."""

    def __init__(self, four: Fleet, longest: float) -> None:
        self._four = four
        self._longest = min(LONGEST_HANG, longest)
        self._hangs: set[asyncio.Task[None]] = set()
        self._bag: list[str] = ["stop", "hang"]  # a short run, too, should see what is rare

    @property
    def doubles(self) -> int:
        """How many messages all of it can have had sent again: eight for whoever was interrupted."""
        counts, processes = self._four.story.counts, len(self._four.processes)
        alone = sum(counts[kind] for kind in ("killed", "hung", "ended by itself"))
        return 8 * (alone + processes * (counts["cut off"] + counts["server stopped"]))

    async def until(self, end: float) -> None:
        """One after the other; all is well again when it returns."""
        four = self._four
        while time.monotonic() < end:
            await asyncio.sleep(four.chance.uniform(0.2, 0.8))
            if not self._bag:
                self._bag = [kind for kind, count in BAG.items() for _ in range(count)]
            kind = self._bag.pop(four.chance.randrange(len(self._bag)))
            await {"kill": self.kill, "cut": self.cut, "stop": self.stop, "hang": self.hang}[kind]()
        await asyncio.gather(*self._hangs)

    async def kill(self) -> None:
        """Any of them, at once, and another in its place."""
        one = self._four.chance.choice(self._four.processes)
        self._four.story.note("killed", str(one))
        await one.end(signal.SIGKILL)
        await asyncio.sleep(self._four.chance.uniform(0, 0.3))
        await one.start(self._four.nursery)
        self._four.story.note("started", str(one))

    async def cut(self) -> None:
        """The database is taken away from everybody, in the middle of whatever they do, and is there again."""
        four = self._four
        four.story.note("cut off", "all of them")
        await four.postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{four.name}'")

    async def stop(self) -> None:
        """The server itself is stopped, well or badly, and started again."""
        four = self._four
        how = four.chance.choice(["fast", "immediate"])
        four.story.note("server stopped", how)
        await four.postgres.stop(how)
        await asyncio.sleep(four.chance.uniform(0.2, min(3.0, max(0.5, self._longest))))
        await four.postgres.start()
        four.story.note("server started")

    async def hang(self) -> None:
        """One stands still for a while, in the middle of whatever it does; the others go on."""
        if not any(one.hung for one in self._four.processes):
            one = self._four.chance.choice(self._four.processes)
            seconds = self._four.chance.uniform(min(1.0, self._longest), self._longest)
            self._hangs.add(task := asyncio.create_task(self._hang(one, seconds)))
            task.add_done_callback(self._hangs.discard)
            await asyncio.sleep(0)

    async def _hang(self, one: Process, seconds: float) -> None:
        async with hanging(self._four, one):
            await asyncio.sleep(seconds)


@contextlib.asynccontextmanager
async def hanging(four: Fleet, one: Process) -> AsyncIterator[None]:
    """A process stands still while this is open, unless it is killed meanwhile."""
    four.story.note("hung", str(one))
    one.hang()
    try:
        yield
    except BaseException:
        await four.look_closer()
        raise
    finally:
        if one.hung:
            one.go_on()
            four.story.note("goes on", str(one))
