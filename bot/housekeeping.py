"""What a running house does for itself: what nobody can use any more goes, features tend their own, and the database.

Finished notices are the courier's to throw away (`bot.desk.watch`), and what a feature keeps for a while is its own
chore. What stays for good is what people keep on purpose: gigs, invoices, reports, diaries, and who they are.

Everything here may be done by several processes at once, or not at all for a week, without harm.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from cogs.kit.tools import Tools
from storage.engine import Storage
from storage.faults import Unreachable

log = logging.getLogger(__name__)

#: Between two looks; a restarted PostgreSQL is listened to again within this time.
EVERY = timedelta(minutes=3)
#: Platforms repeat an update for a day at most (Telegram Bot API, getUpdates: kept up to 24 hours).
UPDATES_KEPT = timedelta(days=2)
#: Messages, and where cards hang, are looked through this often, which costs more than the rest.
SIFTED_EVERY = timedelta(days=1)
#: A card that hung up longer ago is not drawn anew any more; gigs are posted for a year ahead, hardly for two.
CARDS_KEPT = timedelta(days=2 * 365)
#: What the local console said longer ago is no longer there to scroll back to.
CONSOLE_KEPT = timedelta(days=400)
#: Rows deleted in one go: people are writing too.
AT_ONCE = 500
#: What a feature tends to now and then (`cogs.kit.cog.chore`).
Chore = Callable[[datetime], Awaitable[None]]


class Housekeeping:
    """A part of the program, run beside the others."""

    def __init__(self, storage: Storage, tools: Tools, chores: Sequence[Chore] = ()) -> None:
        self._storage = storage
        self._tools = tools
        self._chores = chores
        self._sifted: datetime | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Tend every few minutes until `stop`; a database that is away is tried again the next time."""
        while not stop.is_set():
            try:
                await self.once()
                await self._storage.line.keep()
                await self._storage.tend()
            except Unreachable as fault:
                log.warning("housekeeping waits: %s", fault.reason)
            try:
                async with asyncio.timeout(EVERY.total_seconds()):
                    await stop.wait()
            except TimeoutError:
                continue

    async def once(self) -> None:
        """Everything there is to do at this moment, the engine's own upkeep excepted. Raises Unreachable."""
        now = self._tools.clock.now()
        await self.tidy(now)
        if self._sifted is None or not timedelta(0) <= now - self._sifted < SIFTED_EVERY:
            self._sifted = now
            await self.sift(now)
        await self._tend(now)

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

    async def sift(self, now: datetime) -> int:
        """Delete old messages of the console and old cards, a little at a time; how many rows went."""
        gone = 0
        while True:
            async with self._tools.open_work(reading=True) as work:  # looking through them holds no writer up
                said = await work.said.old(now - CONSOLE_KEPT, AT_ONCE)
                cards = await work.postings.old(now - CARDS_KEPT, AT_ONCE)
            if not said and not cards:
                return gone
            async with self._tools.open_work() as work:
                gone += await work.said.drop(said) + await work.postings.drop(cards)
                await work.commit()
