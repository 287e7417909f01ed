"""Keeps the parts of the program going: one that fails is started again, and the others do not notice.

Waits between starts grow to five minutes and are drawn at random up to that ("full jitter"), so that many programs that
lost the same platform do not come back to it at the same second.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from bot.desk.surface import Hopeless

log = logging.getLogger(__name__)

#: A part of the program: runs until the event is set.
Part = Callable[[asyncio.Event], Awaitable[object]]

#: The longest wait before the first restart, and before any, in seconds.
FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0

#: A part that ran this long was well: its next failure counts as the first again. In seconds.
WELL_AFTER = 300.0

#: How long parts have to finish after the program was asked to stop, in seconds; what is left is broken off.
STOP_WITHIN = 18.0


async def supervise(
    parts: Mapping[str, Part],
    stop: asyncio.Event,
    *,
    helpers: Collection[str] = (),
    chance: random.Random | None = None,
    steady: Callable[[], float] = time.monotonic,
    within: float = STOP_WITHIN,
) -> dict[str, str]:
    """Run the parts side by side until `stop` is set, or until none of them can go on.

    helpers: parts that have nothing to do once all others gave up.
    Returns why parts gave up, by name; empty after an ordinary stop.
    """
    hopeless: dict[str, str] = {}
    keeper = _Keeper(stop, hopeless, chance or random.Random(), steady)
    tasks: dict[str, asyncio.Task[Any]] = {
        name: asyncio.create_task(keeper.keep(name, part), name=name) for name, part in parts.items()
    }
    needed = [task for name, task in tasks.items() if name not in helpers] or list(tasks.values())
    over: list[asyncio.Task[Any]] = [asyncio.create_task(asyncio.wait(needed)), asyncio.create_task(stop.wait())]
    try:
        await asyncio.wait(over, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        _, late = await asyncio.wait(tasks.values(), timeout=within)
        for task in late:
            log.warning("%s did not stop in %s s and is broken off", task.get_name(), within)
    finally:
        for task in (*tasks.values(), *over):
            task.cancel()
        await asyncio.gather(*tasks.values(), *over, return_exceptions=True)
    return hopeless


class _Keeper:
    """Starts parts again."""

    def __init__(
        self, stop: asyncio.Event, hopeless: dict[str, str], chance: random.Random, steady: Callable[[], float]
    ) -> None:
        self._stop = stop
        self._hopeless = hopeless
        self._chance = chance
        self._steady = steady

    async def keep(self, name: str, part: Part) -> None:
        """Run one part until the stop."""
        failures = 0
        while not self._stop.is_set():
            began = self._steady()
            try:
                await part(self._stop)
                if self._stop.is_set():
                    return
                log.warning("%s ended by itself", name)
            except Hopeless as reason:
                log.error("%s: %s", name, reason)
                self._hopeless[name] = str(reason)
                return
            except Exception:  # whatever it was, the other parts go on and this one gets another chance
                log.exception("%s failed", name)
            failures = 0 if self._steady() - began >= WELL_AFTER else failures
            wait = self._chance.uniform(0, min(LONGEST_WAIT, FIRST_WAIT * 2.0**failures))
            failures = min(failures + 1, 16)
            log.info("%s starts again in %.1f s", name, wait)
            try:
                async with asyncio.timeout(wait):
                    await self._stop.wait()
            except TimeoutError:
                continue


def stop_on_signals(stop: asyncio.Event) -> None:
    """Set `stop` at the first SIGTERM or SIGINT; leave at once at the second, whatever is going on."""
    loop = asyncio.get_running_loop()

    def heard(number: int) -> None:
        if stop.is_set():
            os._exit(128 + number)
        log.info("stopping")
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, heard, int(number))
