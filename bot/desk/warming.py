"""What nearly every answer needs and an idle evening does not: loaded when the first request of a process comes.

How sums are written is 4 MB and 20 ms, the names of instruments as much again; on the event loop nobody else would be
answered meanwhile, and at the start it would lie in memory for nothing. So it is loaded beside the loop, and whoever
comes until then waits for it. A console has nobody else to hold up, and does without.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from bot.desk import wording
from storage.records.money import Money
from storage.reference import instruments

log = logging.getLogger(__name__)


def everyday() -> None:
    """Write a sum and find a chair, for the sake of what stays in memory. Takes 50 ms."""
    wording.money_text(Money(22000, "GBP"), "en-GB")
    instruments.find("bass")
    instruments.scan("bass needed in Leeds on Saturday")


class Warming:
    """Has `load` done once, in a thread. One for a process."""

    def __init__(self, load: Callable[[], object] = everyday) -> None:
        self._load = load
        self._loading: asyncio.Future[None] | None = None

    async def done(self) -> None:
        """Wait until it is loaded; the first who waits begins with it. What goes wrong in it is for the log alone."""
        if self._loading is None:
            self._loading = asyncio.get_running_loop().run_in_executor(None, self._attempt)
        if not self._loading.done():
            await asyncio.wait({self._loading})  # one who gives up waiting stops it for nobody

    def _attempt(self) -> None:
        try:
            self._load()
        except Exception:
            log.exception("what every answer needs could not be loaded ahead")
