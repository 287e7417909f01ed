"""The courier: the only clockwork of the program. It says what is due, where and when it was promised.

It claims due notices under a lease, has the owning feature draw them from today's data, sends them within what the
platform allows, and records how that went. Killed at any moment it loses nothing: a claim that nobody reported on is
due again when its lease ends, and platforms that know keys recognise what they already have.

Builders only read. What must be written when a notice was delivered, such as the next one of a series, is done by the
`after` of its kind, in the transaction that records the delivery: both are kept, or neither.
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from bot.desk.budgets import PACES, UNLIMITED, Budget, Pace
from bot.desk.delivery import Report, Verdict, is_down, judge, send
from bot.desk.drawing import Builder, CardBuilder, Drawer
from bot.desk.figures import Figures, Standing
from bot.desk.parcels import Parcel
from bot.desk.presence import Line, Presence
from bot.desk.round import LEASE_MARGIN, After, Desk, Round
from bot.desk.sharing import SharedBudget
from bot.desk.surface import Sender, TooFast
from bot.desk.watch import Watch
from cogs.kit.tools import Clock
from storage.faults import StorageFault
from storage.records.notice import NOWHERE, OFF
from storage.work import OpenWork

log = logging.getLogger(__name__)

#: Messages sent at the same time on one platform.
HANDS = 8

#: A claim brings what can be sent in this many seconds, so that claims do not run out while they wait.
CLAIM_AHEAD = 2.0

#: When to look again whether the hands are empty, in seconds; what they did wakes the courier before that.
SOON = 0.1

#: Longest wait, in seconds, before a database that did not answer is asked again.
LONGEST_WAIT = 5.0

#: When so many different notices in a row met a platform that failed by itself, it is the platform.
DOWN_AFTER = 3

#: How long a stopping courier waits for what is being sent.
DRAIN_WITHIN = 10.0

#: Finished notices are kept this long, for "what became of my reminder?" and for the moderators' health page.
KEPT = timedelta(days=90)


class Courier:
    """Delivers notices through `senders`.

    open_work, clock: any; nothing else of the program is needed. `wake` should be called for every commit that
    announced the topic "notices" (`storage.listen("notices", courier.wake)`); without, news waits for the next look.
    builders: by kind, what a notice says today; None means it is no longer true and is dropped.
    cards: by card, how it looks today; None means it is no longer shown.
    after: by kind, what follows a notice that ended (`notice.result` says how), in the transaction that records it.
    paces: what each platform allows, by name; others have no limit.
    line: to the other processes that may send through these accounts (`Storage.line`); any number do so together
    (`bot.desk.presence`, `bot.desk.sharing`). None: there are none, so what an earlier run had claimed is taken again
    at once, and rates are counted in memory.
    poll: longest time between two looks. batch: most notices claimed at once. lease: how long a claim holds.
    keep: how long notices that ended are kept.
    """

    def __init__(
        self,
        open_work: OpenWork,
        clock: Clock,
        senders: Iterable[Sender],
        builders: Mapping[str, Builder],
        *,
        cards: Mapping[str, CardBuilder] | None = None,
        after: Mapping[str, After] | None = None,
        paces: Mapping[str, Pace] | None = None,
        line: Line | None = None,
        owner: str | None = None,
        poll: timedelta = timedelta(seconds=30),
        batch: int = 200,
        lease: timedelta = timedelta(seconds=60),
        keep: timedelta = KEPT,
        steady: Callable[[], float] = time.monotonic,
        chance: random.Random | None = None,
        figures: Figures | None = None,
    ) -> None:
        self._clock = clock
        self._steady = steady
        self._poll = min(poll, timedelta(seconds=30)).total_seconds()
        chance = chance or random.Random()
        self._desk = Desk(
            open_work=open_work,
            drawer=Drawer(open_work, builders, cards or {}, chance),
            after=after or {},
            owner=owner or secrets.token_hex(8),
            lease=lease,
            batch=batch,
            chance=chance,
            steady=steady,
        )
        known = PACES if paces is None else paces
        self._rounds: dict[str, Round] = {}
        for sender in senders:
            pace, now = known.get(sender.name, UNLIMITED), steady()
            shared = None if line is None else SharedBudget(pace, now)
            budget = Budget(pace, now) if shared is None else shared
            self._rounds[sender.name] = Round(sender.name, self._desk, sender, budget, shared)
        self._presence = Presence(self._desk, self._rounds, line=line, changed=self.wake)
        self._watch = Watch(self._desk, clock, self._presence, self._rounds, keep=keep, steady=steady)
        #: What was sent and how late, since the start.
        self.figures = figures or Figures()

    @property
    def behind(self) -> bool:
        """Whether nothing is sent because the clock shows less than the time of the last delivery."""
        return self._watch.behind

    def wake(self) -> None:
        """Something may be due sooner than was known: look at once. Cheap, and safe to call at any time."""
        for round_ in self._rounds.values():
            round_.stale = True
            round_.changed.set()

    def replied(self, platform: str, dest: str | None = None) -> None:
        """A person was answered on a platform; answers count towards its budget and never wait for it."""
        if (round_ := self._rounds.get(platform)) is not None:
            round_.budget.reply(self._steady(), dest)

    def standing(self) -> dict[str, Standing]:
        """How each platform stands at this moment, by name; nothing is asked of the database."""
        now, steady = self._clock.now(), self._steady()
        return {name: round_.standing(now, steady, self._presence.here) for name, round_ in self._rounds.items()}

    async def next_due(self) -> datetime | None:
        """When the next notice has to be looked at on any platform; None when nothing waits."""
        found: list[datetime] = []
        async with self._desk.open_work(reading=True) as work:
            for name in (*self._rounds, OFF, NOWHERE):
                found += (await work.notices.next_due(name)).values()
        return min(found, default=None)

    # --- all that is due now ------------------------------------------------------------------------------------------

    async def deliver_due(
        self, *, until: datetime | None = None, move: Callable[[datetime], object] | None = None
    ) -> int:
        """Deliver everything that is due, in order, then return how many messages were sent.

        For a clock that is moved by hand: budgets are not waited for, and what has to be tried again later is left.
        until, move: go on through everything due up to `until`, moving the clock to each time on the way.
        Raises StorageFault when the database does not answer.
        """
        if (until is None) != (move is None):
            raise ValueError("until needs move, which sets the clock")
        sent = await self._deliver_now()
        while until is not None and move is not None:
            due = await self.next_due()
            if due is None or due > until:
                move(until)
                return sent
            if due > self._clock.now():
                move(due)
            sent += await self._deliver_now()
        return sent

    async def _deliver_now(self) -> int:
        sent, before = 0, -1
        while sent != before:  # what one platform refused may now be due on another
            before = sent
            for name in self._rounds:
                sent += await self._deliver_on(name)
        for name in (OFF, NOWHERE):
            await self._watch.sweep(name)
        return sent

    async def _deliver_on(self, name: str) -> int:
        """Everything due on one platform, one message after the other."""
        running, sent = self._rounds[name], 0
        await self._watch.retake(name)
        round_ = Round(name, self._desk, running.sender, running.budget)
        while True:
            now = self._clock.now()
            batch = await round_.exchange(now, self._desk.batch)
            if batch is not None:
                await round_.stock(batch, now, self._steady(), paced=False)
            elif not round_.unwritten:
                return sent
            while round_.queue:
                parcel, _ = round_.queue.popleft()
                sent += await self._carry(round_, parcel)
                if round_.unacked >= round_.budget.pace.unacked:
                    await round_.exchange(self._clock.now(), 0)

    async def forget(self) -> None:
        """Throw away what ended long ago; `run` does so by itself."""
        await self._watch.purge(asyncio.Event())

    # --- until stopped ------------------------------------------------------------------------------------------------

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set; then finish what is being sent (10 s at most) and return.

        A database that does not answer is waited for. Nothing is sent while the clock shows less than the time of the
        last delivery: some machines start without knowing what time it is.
        """
        tasks = [asyncio.create_task(self._pump(round_, stop)) for round_ in self._rounds.values()]
        tasks.append(asyncio.create_task(self._watch.tend(stop)))
        try:
            await asyncio.gather(*tasks)
            await self._watch.leave()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def count(self, stop: asyncio.Event) -> None:
        """Until stopped, have the answers counted that this process gives, in one that does not `run`."""
        await self._watch.count(stop)

    async def _pump(self, round_: Round, stop: asyncio.Event) -> None:
        """Keep one platform going: claim, draw, and record what the hands sent."""
        hands = [asyncio.create_task(self._hand(round_)) for _ in range(HANDS)]
        stopped = asyncio.create_task(stop.wait())
        stopped.add_done_callback(lambda _: round_.changed.set())
        trouble = 0
        try:
            while not stop.is_set():
                try:
                    wait = await self._turn(round_)
                    trouble = 0
                except StorageFault as fault:
                    log.warning("courier, %s: the database does not answer: %s", round_.name, fault)
                    wait, trouble = min(LONGEST_WAIT, 2.0**trouble), trouble + 1
                except Exception:  # the clockwork must not stop for a bug; it is loud in the log
                    log.exception("courier, %s: a turn failed", round_.name)
                    wait, trouble = min(LONGEST_WAIT, 2.0**trouble), trouble + 1
                if trouble:
                    round_.stale = True
                    await _first(stopped, wait)
                elif wait > 0:
                    await self._nap(round_, wait)
            await self._drain(round_)
        finally:
            for task in (*hands, stopped):
                task.cancel()
            await asyncio.gather(*hands, stopped, return_exceptions=True)

    async def _turn(self, round_: Round) -> float:
        """One turn of a pump; how many seconds nothing will have to be done, unless something changes."""
        round_.changed.clear()
        if not self._presence.here:
            if not round_.unwritten:
                return self._poll
            await round_.exchange(self._clock.now(), 0)  # what was under way when this process was no longer seen
            return 0.0
        await self._watch.retake(round_.name)
        now, steady = self._clock.now(), self._steady()
        # While something may be claimed of which nothing is known here, nothing may overtake it.
        heard = not round_.unheard or await round_.disown(now)
        want = 0 if not heard or await self._watch.is_behind(now) else self._room(round_, steady)
        if want and round_.stale and not round_.unwritten:
            await round_.look()
        due = want > 0 and (round_.stale or (round_.next_at is not None and round_.next_at <= now))
        if round_.unwritten or due or round_.short:
            batch = await round_.exchange(now, want if due else 0)
            round_.room.set()
            if batch is not None:
                await round_.stock(batch, now, steady, paced=True)
            return 0.0
        wait = self._poll if heard else SOON
        blocked = max(round_.budget.closed_until, round_.shared.full_until if round_.shared is not None else 0.0)
        if want and round_.next_at is not None:
            wait = min(wait, (round_.next_at - now).total_seconds())
        elif blocked > steady:
            wait = min(wait, blocked - steady)
        return max(wait, 0.001)

    def _room(self, round_: Round, steady: float) -> int:
        """How many notices may be claimed now. In halves, so that a slow platform is not claimed for one by one."""
        budget = round_.budget
        if budget.closed_until > steady or (round_.shared is not None and round_.shared.full_until > steady):
            return 0
        if len(round_.failing) >= DOWN_AFTER:
            return 0 if round_.queue or round_.unacked else 1
        most = min(self._desk.batch, budget.ahead(CLAIM_AHEAD))
        taken = len(round_.queue)
        if not round_.knows_keys:  # whatever is claimed when the process dies is in doubt afterwards
            most = min(most, budget.pace.unacked)
            taken += round_.unacked
        room = most - taken
        return room if room * 2 >= most else 0

    async def _hand(self, round_: Round) -> None:
        """Send what is in the queue, one at a time, as fast as the budget allows."""
        budget = round_.budget
        while True:
            while round_.unacked >= budget.pace.unacked or (taken := round_.take()) is None:
                round_.room.clear()
                await round_.room.wait()
            parcel, until = taken
            round_.unacked += 1
            if await self._may_go(round_, until):
                round_.begin(parcel, self._steady())
                await self._carry(round_, parcel, begun=True)
            else:
                round_.release([parcel], self._clock.now())
                round_.unacked -= 1
            round_.over(parcel)
            round_.changed.set()

    async def _may_go(self, round_: Round, until: datetime) -> bool:
        """Wait for the budget; False when the claim is about to end, or others cannot see this process any more."""
        shared = round_.shared
        while self._clock.now() + LEASE_MARGIN < until and self._presence.here:
            wait = round_.budget.wait(self._steady())
            if wait <= 0:
                return True
            if shared is None:
                await asyncio.sleep(min(wait, 1.0))
                continue
            shared.without += 1
            if round_.short:
                round_.changed.set()
            round_.room.clear()
            try:
                async with asyncio.timeout(min(wait, 1.0)):
                    await round_.room.wait()
            except TimeoutError:
                pass
            finally:
                shared.without -= 1
        return False

    async def _carry(self, round_: Round, parcel: Parcel, *, begun: bool = False) -> bool:
        """Send one message and note what came of it; whether it arrived."""
        assert round_.sender is not None
        if not begun:
            round_.unacked += 1
        report = await send(round_.sender, parcel)
        verdict = judge(
            report,
            self._clock.now(),
            knows_keys=round_.knows_keys,
            platform_down=self._heed(round_, report),
            chance=self._desk.chance,
        )
        round_.done.append((report, verdict))
        self._count(round_.name, report, verdict)
        return report.fault is None

    def _count(self, name: str, report: Report, verdict: Verdict) -> None:
        figures, meant_at = self.figures, report.parcel.meant_at
        figures.sends[name, "sent" if report.fault is None else type(report.fault).__name__.lower()] += 1
        figures.retries[name] += bool(verdict.back)
        if report.fault is None and meant_at is not None:
            figures.late[name].note((self._clock.now() - meant_at).total_seconds())

    def _heed(self, round_: Round, report: Report) -> bool:
        """Let the budget learn from how a send ended; whether the platform is down for everybody."""
        steady, fault = self._steady(), report.fault
        if isinstance(fault, TooFast):
            if fault.everywhere:
                round_.budget.close(steady + fault.seconds, slower=True)
            else:
                round_.budget.hold(report.parcel.dest, steady + fault.seconds)
        if not is_down(fault):
            round_.failing.clear()
            round_.pauses = 0
            return False
        round_.failing.add(report.parcel.notices[0].id)
        if len(round_.failing) < DOWN_AFTER:
            return False
        if round_.budget.closed_until <= steady:  # what was under way when it went down is one failure
            pause = min(60.0, 2.0**round_.pauses) * self._desk.chance.uniform(0.5, 1.0)
            round_.pauses += 1
            round_.budget.close(steady + pause)
        return True

    async def _nap(self, round_: Round, seconds: float) -> None:
        """Sleep until something changes, at most so long; then look afresh, for a clock may have been set meanwhile."""
        try:
            async with asyncio.timeout(seconds):
                await round_.changed.wait()
        except TimeoutError:
            if seconds >= self._poll:
                round_.stale = True

    async def _drain(self, round_: Round) -> None:
        """Give back what was not begun, wait for what was, and record it."""
        round_.clear(self._clock.now())
        deadline = self._steady() + DRAIN_WITHIN
        while round_.unacked > len(round_.done) and self._steady() < deadline:
            round_.changed.clear()
            await self._nap(round_, max(0.01, min(deadline - self._steady(), 1.0)))
        if round_.unwritten:
            try:
                await round_.exchange(self._clock.now(), 0)
            except StorageFault as fault:
                log.warning("courier, %s: %d sends could not be recorded: %s", round_.name, len(round_.done), fault)


async def _first(task: asyncio.Task[object], seconds: float) -> None:
    """Wait for the task, at most so long, and leave it running."""
    await asyncio.wait([task], timeout=seconds)
