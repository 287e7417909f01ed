"""Around the deliveries: whether the clock can be believed, what others had claimed, and what lies about too long."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.desk.budgets import UNLIMITED, Budget
from bot.desk.round import Desk, Round
from bot.desk.seats import GRACE, Seats
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

#: When to look again whether the hands are empty, in seconds; what they did wakes the courier before that.
_SOON = 0.1

_FIRST = datetime.min.replace(tzinfo=UTC)


class Watch:
    """Keeps house for a courier. seats: who sends. keep: how long notices that ended are kept."""

    def __init__(
        self,
        desk: Desk,
        clock: Clock,
        seats: Seats,
        *,
        keep: timedelta,
        steady: Callable[[], float],
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._seats = seats
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

    def stood_up(self, name: str) -> None:
        """Another process may send there from now on: what it claims is in doubt when the seat comes back."""
        self._retaken.discard(name)

    async def retake(self, name: str, *, knows_keys: bool, idle: bool) -> float | None:
        """Take up, once, what others had claimed, if none of them can be sending any more.

        idle: this process has nothing claimed that it knows of. What stands in its name all the same is of a claim
        whose commit was cut off: kept by the database, and never heard of here.
        Returns in how many seconds to ask again, None when there is no need to.
        """
        if name in self._retaken:
            return None
        alone_for = self._seats.alone_for(name)
        if alone_for is not None:
            if not knows_keys and alone_for < GRACE:
                return GRACE - alone_for
            if not idle:
                return _SOON
            async with self._desk.open_work() as work:
                if await work.notices.retake(name, self._clock.now(), self._desk.lease, ""):
                    await work.commit()
        self._retaken.add(name)
        return None

    async def sweep(self, name: str) -> None:
        """End what nowhere takes and whose time has passed, or what was switched off when it fell due."""
        round_ = Round(name, self._desk, None, Budget(UNLIMITED, self._steady()))
        await round_.look()
        while round_.next_at is not None and round_.next_at <= self._clock.now():
            await round_.exchange(self._clock.now(), self._desk.batch)

    async def tend(self, stop: asyncio.Event) -> None:
        """Look after what nowhere takes, old rows, and the seats."""
        tended = self._steady() - TEND_EVERY
        while not stop.is_set():
            try:
                await self._seats.sit_down()
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
                async with asyncio.timeout(self._seats.every):
                    await stop.wait()
        try:
            await self._seats.leave()
        except StorageFault as fault:
            log.warning("courier: the seats could not be left, which ends with this process anyway: %s", fault)

    async def purge(self, stop: asyncio.Event) -> None:
        """Delete what ended long ago, a little at a time: people are writing too."""
        gone = PURGED_AT_ONCE
        while gone == PURGED_AT_ONCE and not stop.is_set():
            async with self._desk.open_work() as work:
                gone = await work.notices.purge(self._clock.now() - self._keep, n=PURGED_AT_ONCE)
                if gone:
                    await work.commit()
            await asyncio.sleep(0.05)
