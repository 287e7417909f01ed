"""Around the deliveries: whether the clock can be believed, what the dead had claimed, and what lies about too long."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from bot.desk.budgets import UNLIMITED, Budget
from bot.desk.presence import GRACE, Presence
from bot.desk.round import Desk, Round
from cogs.kit.tools import Clock
from storage.faults import StorageFault
from storage.records.notice import NOWHERE, OFF

log = logging.getLogger(__name__)

#: A clock may be this much behind what was recorded before anything is thought wrong with it.
CLOCK_SLACK = timedelta(seconds=2)

#: How often what nowhere takes and old rows are looked after, in seconds.
TEND_EVERY = 60.0

#: Rows deleted in one go.
PURGED_AT_ONCE = 500

_FIRST = datetime.min.replace(tzinfo=UTC)


class Watch:
    """Keeps house for a courier. rounds: its platforms. keep: how long notices that ended are kept."""

    def __init__(
        self,
        desk: Desk,
        clock: Clock,
        presence: Presence,
        rounds: Mapping[str, Round],
        *,
        keep: timedelta,
        steady: Callable[[], float],
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._presence = presence
        self._rounds = rounds
        self._keep = keep
        self._steady = steady
        self._retaken: set[str] = set()
        self._highest = _FIRST
        #: Whether the clock shows less than the time of the last delivery.
        self.behind = False

    async def is_behind(self, now: datetime) -> bool:
        """Whether the clock shows less than what was recorded already."""
        if self._highest == _FIRST:
            async with self._desk.open_work(reading=True) as work:
                self._highest = await work.notices.highest_time() or now
        behind = now < self._highest - CLOCK_SLACK
        if behind and not self.behind:
            log.error("the clock shows %s, but something was recorded at %s already: waiting", now, self._highest)
        self.behind = behind
        self._highest = max(self._highest, now)
        return behind

    async def retake(self, name: str) -> None:
        """Take up, once, what an earlier run had claimed, where no other process sends. Raises StorageFault."""
        if not self._presence.alone or name in self._retaken:
            return
        async with self._desk.open_work() as work:
            if await work.notices.retake(name, self._clock.now(), self._desk.lease):
                await work.commit()
        self._retaken.add(name)

    async def look_after_others(self) -> None:
        """Be seen by the other processes, and take up what those had claimed that are gone. Raises StorageFault."""
        for one in await self._presence.look():
            round_ = self._rounds[one.platform]
            if not round_.knows_keys and self._presence.missed_for(one) < GRACE:
                continue
            async with self._desk.open_work() as work:
                if not await work.couriers.leave(one.platform, one.owner):
                    continue  # somebody else does it
                found = await work.notices.retake(one.platform, self._clock.now(), self._desk.lease, one.owner)
                await work.commit()
            log.info("courier, %s: another process is gone; %d that it had claimed or set back", one.platform, found)
            round_.stale = True
            round_.changed.set()

    async def tell(self) -> None:
        """Have the answers counted that were given here, where no claim did. Raises StorageFault."""
        for round_ in self._rounds.values():
            if round_.shared is not None and round_.shared.owes:
                async with self._desk.open_work() as work:
                    taken, shared_now = await work.couriers.meet(round_.name, self._clock.now())
                    turn = round_.shared.turn(taken, shared_now, self._desk.steady())
                    await work.couriers.part(round_.name, turn.taken)
                    await work.commit()
                round_.shared.settle(turn, 0)

    async def sweep(self, name: str) -> None:
        """End what nowhere takes and whose time has passed, or what was switched off when it fell due."""
        round_ = Round(name, self._desk, None, Budget(UNLIMITED, self._steady()))
        await round_.look()
        while round_.next_at is not None and round_.next_at <= self._clock.now():
            await round_.exchange(self._clock.now(), self._desk.batch)

    async def tend(self, stop: asyncio.Event) -> None:
        """Look after the others, what nowhere takes, and old rows."""
        tended = self._steady() - TEND_EVERY
        while not stop.is_set():
            try:
                await self.look_after_others()
                if self._presence.has_company:
                    await self.tell()
                if self._steady() - tended >= TEND_EVERY and not await self.is_behind(self._clock.now()):
                    tended = self._steady()
                    for name in (OFF, NOWHERE):
                        await self.sweep(name)
                    await self.purge(stop)
            except StorageFault as fault:
                log.warning("courier: the database does not answer: %s", fault)
            except Exception:  # the clockwork must not stop for a bug; it is loud in the log
                log.exception("courier: housekeeping failed")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._presence.every):
                    await stop.wait()

    async def count(self, stop: asyncio.Event) -> None:
        """Only `tell`, now and then."""
        while not stop.is_set():
            try:
                await self.tell()
            except StorageFault as fault:
                log.debug("answers are counted later: %s", fault)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._presence.every):
                    await stop.wait()

    async def leave(self) -> None:
        """This process sends no more. What it could not report is taken up as after a death."""
        try:
            await self._presence.leave(name for name, round_ in self._rounds.items() if round_.idle)
        except StorageFault as fault:
            log.warning("courier: the others could not be told that this one leaves, and will notice: %s", fault)

    async def purge(self, stop: asyncio.Event) -> None:
        """Delete what ended long ago, a little at a time: people are writing too."""
        gone = PURGED_AT_ONCE
        while gone == PURGED_AT_ONCE and not stop.is_set():
            async with self._desk.open_work() as work:
                gone = await work.notices.purge(self._clock.now() - self._keep, n=PURGED_AT_ONCE)
                chats = 0 if self._presence.alone else await work.couriers.purge(self._clock.now())
                if gone or chats:
                    await work.commit()
            await asyncio.sleep(0.05)
