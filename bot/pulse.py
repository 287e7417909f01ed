"""Watches the event loop: a loop that stands still answers nobody and loses a platform's three seconds.

A sleep that lasts longer than it should says how long the loop did not turn. It finds what blocked for a while, such
as a library loaded in the wrong place, and is too lazy to cost anything itself.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from bot.desk.figures import Figures

log = logging.getLogger(__name__)

#: Between two looks, in seconds.
EVERY = 0.5
#: What is worth a line in the log, in seconds: half a heartbeat of what a platform waits for an answer would be 1.5.
LONG = 0.25


class Pulse:
    """A part of the program, run beside the others."""

    def __init__(self, figures: Figures, *, every: float = EVERY, steady: Callable[[], float] = time.monotonic) -> None:
        self._figures = figures
        self._every = every
        self._steady = steady

    async def run(self, stop: asyncio.Event) -> None:
        """Feel the loop's pulse until `stop`."""
        while not stop.is_set():
            asleep = self._steady()
            try:
                async with asyncio.timeout(self._every):
                    await stop.wait()
            except TimeoutError:
                self.note(self._steady() - asleep - self._every)

    def note(self, lag: float) -> None:
        """The loop turned so many seconds too late."""
        self._figures.lag.note(lag)
        if lag > LONG:
            log.warning("the event loop stood still for %.2f s", lag)
