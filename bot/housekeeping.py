"""What a running house does for itself: old drafts and updates go, features tend their own, the database is tended.

Finished notices are the courier's to throw away (`bot.desk.watch`).

Everything here may be done by several processes at once, or not at all for a week, without harm.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from cogs.kit import moments
from cogs.kit.offline import offline
from cogs.kit.tools import Tools
from storage.engine import Storage
from storage.faults import Unreachable

log = logging.getLogger(__name__)

#: Between two looks; a restarted PostgreSQL is listened to again within this time.
EVERY = timedelta(minutes=3)
#: Platforms repeat an update for a day at most (Telegram Bot API, getUpdates: kept up to 24 hours).
UPDATES_KEPT = timedelta(days=2)
#: What a feature tends to now and then (`cogs.kit.cog.chore`).
Chore = Callable[[datetime], Awaitable[None]]


class Housekeeping:
    """A part of the program, run beside the others."""

    def __init__(self, storage: Storage, tools: Tools, chores: Sequence[Chore] = ()) -> None:
        self._storage = storage
        self._tools = tools
        self._chores = chores

    async def run(self, stop: asyncio.Event) -> None:
        """Tend every few minutes until `stop`; a database that is away is tried again the next time."""
        await offline(moments.warm)  # so that nobody waits for it in front of an unclear date
        while not stop.is_set():
            try:
                await self.tidy(self._tools.clock.now())
                await self._storage.line.keep()
                await self._storage.tend()
                await self._tend(self._tools.clock.now())
            except Unreachable as fault:
                log.warning("housekeeping waits: %s", fault.reason)
            try:
                async with asyncio.timeout(EVERY.total_seconds()):
                    await stop.wait()
            except TimeoutError:
                continue

    async def _tend(self, now: datetime) -> None:
        for chore in self._chores:
            try:
                await chore(now)
            except Unreachable:
                raise
            except Exception:  # a bug in one feature must not end what the house does for the others
                log.exception("a chore failed; it is tried again the next time")

    async def tidy(self, now: datetime) -> int:
        """Delete what nobody can use any more; how many rows went."""
        async with self._tools.open_work() as work:
            gone = await work.drafts.purge(now) + await work.app.purge(now - UPDATES_KEPT)
            await work.commit()
        return gone
