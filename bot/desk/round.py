"""One platform's share of the courier: what is claimed, drawn, waiting to be sent, and sent but not yet recorded."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.desk.budgets import Budget
from bot.desk.delivery import Report, Verdict, settle
from bot.desk.drawing import Drawer
from bot.desk.figures import Standing
from bot.desk.lanes import Shares
from bot.desk.parcels import Parcel, Reaches, pack, sort_out, with_result
from bot.desk.sharing import SharedBudget, Turn
from bot.desk.surface import Sender
from storage.faults import StorageFault, Unreachable
from storage.records.notice import NOWHERE, OFF, REFRESH, Ended, Notice, Outcome, PutBack
from storage.work import OpenWork, Work

log = logging.getLogger(__name__)

After = Callable[[Notice, Work], Awaitable[None]]

#: No send is begun when its claim ends sooner than this: the answer must be recorded before.
LEASE_MARGIN = timedelta(seconds=10)

#: When to look again at a chat to which another process is writing, at the soonest.
BUSY_FOR = timedelta(milliseconds=250)

#: Notices claimed besides because they go where another one goes.
MOST_COMPANY = 200


class FollowUpFailed(Exception):
    """What should follow a delivery raised; the delivery is recorded again without it."""

    def __init__(self, notice_id: int) -> None:
        super().__init__(notice_id)
        self.notice_id = notice_id


@dataclass(frozen=True, slots=True)
class Batch:
    """What one claim brought. until: when the claim ends."""

    ready: tuple[Notice, ...]
    reaches: Reaches
    until: datetime


@dataclass(slots=True)
class Desk:
    """What all platforms share: where to read and write, and who draws."""

    open_work: OpenWork
    drawer: Drawer
    after: Mapping[str, After]
    owner: str
    lease: timedelta
    batch: int
    chance: random.Random
    steady: Callable[[], float] = time.monotonic


@dataclass(slots=True, eq=False)
class Round:
    """The state of one platform. `name` is also a pseudo-platform (nowhere, off), which has no sender.

    queue: messages drawn, with the end of their claim. unacked: begun and not yet recorded.
    waiting: chats for which there is one in the queue or under way. under_way: chats that are being written to.
    next_at: when to look again; None: nothing is waiting. stale: that has to be asked for.
    failing: notices that met a platform that failed by itself, since the last success; pauses: waits on that account.
    unfollowed: notices whose follow-up failed, which are recorded without it.
    shared: the budget, where other processes send too. unheard: a claim may have been kept whose answer was lost.
    changed: there is something to record or to claim. room: there is something to send.
    """

    name: str
    desk: Desk
    sender: Sender | None
    budget: Budget
    shared: SharedBudget | None = None
    unheard: bool = False
    queue: deque[tuple[Parcel, datetime]] = field(default_factory=deque)
    done: list[tuple[Report, Verdict]] = field(default_factory=list)
    back: list[PutBack] = field(default_factory=list)
    loose: list[tuple[Notice, Ended]] = field(default_factory=list)
    unacked: int = 0
    waiting: set[str] = field(default_factory=set)
    under_way: set[str] = field(default_factory=set)
    next_at: datetime | None = None
    stale: bool = True
    failing: set[int] = field(default_factory=set)
    pauses: int = 0
    shares: Shares = field(default_factory=Shares)
    unfollowed: set[int] = field(default_factory=set)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    room: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def knows_keys(self) -> bool:
        """Whether a message sent twice under one key arrives once."""
        return self.sender is not None and self.sender.knows_keys

    @property
    def idle(self) -> bool:
        """Whether nothing is claimed here, as far as is known here."""
        return not (self.queue or self.unacked or self.unwritten)

    @property
    def unwritten(self) -> bool:
        """Whether something happened that the database does not know yet."""
        return bool(self.done or self.back or self.loose)

    @property
    def short(self) -> bool:
        """Whether there are messages without a place in the rate, or something that others should know of."""
        shared = self.shared
        return shared is not None and (shared.owes or bool(shared.short(len(self.queue), self.desk.steady())))

    def standing(self, now: datetime, steady: float, present: bool) -> Standing:
        """How it stands, for those who watch; nothing is asked of the database."""
        return Standing(
            present=present,
            queued=len(self.queue),
            in_hand=self.unacked,
            budget=None if self.budget.pace.per_second is None else self.budget.spare(steady),
            closed=max(0.0, self.budget.closed_until - steady),
            overdue=max(0.0, (now - self.next_at).total_seconds()) if self.next_at is not None else 0.0,
        )

    async def look(self) -> None:
        """Learn when something is due, without disturbing writers."""
        self.stale = False  # before the question: what is announced meanwhile asks for another one
        async with self.desk.open_work(reading=True) as work:
            dues = await work.notices.next_due(self.name)
        self.next_at = min(dues.values(), default=None)

    async def exchange(self, now: datetime, want: int) -> Batch | None:
        """Record what happened and claim up to `want` notices, in one transaction; None when nothing is due.

        Where others send too, places in the rate are booked in it, for what is claimed and for what has none.
        Raises StorageFault when the database does not answer; what happened is then recorded the next time.
        """
        done, back, loose = list(self.done), list(self.back), list(self.loose)
        while True:
            try:
                async with self.desk.open_work() as work:
                    turn = await self._meet(work, now, want)  # first: turns follow one another, and wait for nothing
                    await self._record(work, done, back, loose, now)
                    batch = await self._claim(work, want, now, turn) if want > 0 else None
                    wanted = await self._part(work, turn, batch, want)
                    await work.commit()
                break
            except FollowUpFailed as failure:
                self.unfollowed.add(failure.notice_id)
            except StorageFault:
                self.unheard = self.unheard or want > 0
                raise
        del self.done[: len(done)], self.back[: len(back)], self.loose[: len(loose)]
        self.unacked -= len(done)
        self.unfollowed.clear()
        if turn is not None and self.shared is not None:
            self.shared.settle(turn, wanted)
        if back or any(verdict.back for _, verdict in done):
            self.stale = True  # something may be due sooner than was known
        return batch

    async def disown(self, now: datetime) -> bool:
        """Give back claims of which nothing was heard here; False while some are known that could be mistaken."""
        if not self.idle:
            return False
        async with self.desk.open_work() as work:
            if await work.notices.disown(self.name, now, self.desk.lease, self.desk.owner):
                await work.commit()
        self.unheard, self.stale = False, True
        return True

    async def stock(self, batch: Batch, now: datetime, steady: float, *, paced: bool) -> None:
        """Draw what was claimed and put it into the queue; what its destination has no room for yet goes back.

        Raises StorageFault; the claims are then given back as soon as the database answers.
        """
        parcels: list[Parcel] = []
        try:
            drawing = await self.desk.drawer.draw(batch.ready, now)
            self.loose += drawing.ended
            self.back += drawing.back
            parcels = pack(drawing.drawn, batch.reaches, now, knows_keys=self.knows_keys)
            later: dict[str, list[Parcel]] = {}
            if paced and self.shared is not None and any(map(self.step, parcels)):
                await self._ask_when_free(self.shared, parcels, steady)
            if paced:
                parcels, later = self._in_step(parcels, steady)
            bundles = [p for p in parcels if len(p.notices) > 1 and p.notices[0].bundle is None]
            if bundles or later:
                async with self.desk.open_work() as work:
                    for parcel in bundles:
                        await work.notices.keep_bundle(parcel.key, parcel.notices)
                    for dest, waiting in later.items():
                        await self._postpone(work, dest, waiting, now, steady)
                    await work.commit()
                self.stale = self.stale or bool(later)
        except StorageFault:
            mine = {notice.id for notice in batch.ready}
            self.waiting -= {parcel.dest for parcel in parcels} - self.under_way
            self.loose = [(notice, end) for notice, end in self.loose if notice.id not in mine]
            self.back = [one for one in self.back if one.id not in mine]
            self.back += [PutBack(n.id, n.attempt, now, counted=False) for n in batch.ready]
            raise
        self.queue.extend((parcel, batch.until) for parcel in parcels)
        self.room.set()

    def take(self) -> tuple[Parcel, datetime] | None:
        """The next message to a chat that is not being written to, with the end of its claim; None while none waits.

        What is slow to arrive would otherwise be overtaken by what goes there next. `over` lets the next one go.
        """
        for place, (parcel, until) in enumerate(self.queue):
            if parcel.dest not in self.under_way:
                del self.queue[place]
                self.under_way.add(parcel.dest)
                return parcel, until
        return None

    def begin(self, parcel: Parcel, steady: float) -> None:
        """It goes out now: the next one there keeps its distance from this moment on."""
        self.budget.spend(steady)
        if step := self.step(parcel):
            self.budget.use(parcel.dest, steady, step=step)

    def over(self, parcel: Parcel) -> None:
        """What `take` gave is no longer under way, however that ended."""
        self.under_way.discard(parcel.dest)
        self.waiting.discard(parcel.dest)

    def clear(self, now: datetime) -> None:
        """Give back everything that was not begun."""
        self.release([parcel for parcel, _ in self.queue], now)
        self.queue.clear()
        self.waiting &= self.under_way

    def release(self, parcels: Iterable[Parcel], now: datetime) -> None:
        """Give claims back that were certainly not sent."""
        for parcel in parcels:
            self.back += [PutBack(n.id, n.attempt, now, counted=False) for n in parcel.notices]

    # --- recording ----------------------------------------------------------------------------------------------------

    async def _record(
        self,
        work: Work,
        done: Sequence[tuple[Report, Verdict]],
        back: Sequence[PutBack],
        loose: Sequence[tuple[Notice, Ended]],
        now: datetime,
    ) -> None:
        ended = [*loose, *(end for _, verdict in done for end in verdict.ended)]
        await self._end(work, ended, now)
        await work.notices.put_back(self.desk.owner, [*back, *(one for _, verdict in done for one in verdict.back)])
        for report, _ in done:
            await settle(work, self.name, report, now)
        if self.shared is not None:
            await work.couriers.keep_free(self.name, self.shared.learned(self.desk.steady()))

    async def _end(self, work: Work, ended: Sequence[tuple[Notice, Ended]], now: datetime) -> None:
        recorded = await work.notices.ack_many(self.desk.owner, [end for _, end in ended], now)
        for notice, end in ended:
            follow = self.desk.after.get(notice.kind)
            if follow is None or notice.id not in recorded or end.result == Outcome.SUPERSEDED:
                continue
            if notice.id in self.unfollowed:
                continue
            try:
                await follow(with_result(notice, end.result), work)
            except Unreachable:
                raise  # nothing is recorded then, and both are tried again
            except Exception as error:  # a bug in one feature must not have every other message sent again
                log.exception("notice %s (%s): what follows it failed", notice.id, notice.kind)
                raise FollowUpFailed(notice.id) from error

    # --- claiming -----------------------------------------------------------------------------------------------------

    async def _meet(self, work: Work, now: datetime, want: int) -> Turn | None:
        """This process's turn, for which others wait; None where it needs none."""
        if self.shared is None or not (want or self.short):
            return None
        taken, shared_now = await work.couriers.meet(self.name, now)
        return self.shared.turn(taken, shared_now, self.desk.steady())

    async def _part(self, work: Work, turn: Turn | None, batch: Batch | None, want: int) -> int:
        """Book places and end the turn; for how many messages there should be places."""
        if turn is None or self.shared is None:
            return 0
        waiting = len(self.queue) + self.shared.without
        if batch is not None:
            readers = {(n.person_id, n.channel_id, n.id if n.kind == REFRESH else 0) for n in batch.ready}
            waiting += len(readers)
        self.shared.book(turn, waiting, self.desk.steady())
        await work.couriers.part(self.name, turn.taken)
        return waiting if batch is not None else waiting + want

    async def _claim(self, work: Work, want: int, now: datetime, turn: Turn | None) -> Batch | None:
        notices, owner, lease = work.notices, self.desk.owner, self.desk.lease
        self.stale = False
        dues = await notices.next_due(self.name)
        self.next_at = min(dues.values(), default=None)
        due = [lane for lane, at in dues.items() if at <= now]
        if turn is not None and self.shared is not None:
            want = min(want, self.shared.room(turn, len(self.queue), self.desk.steady()))
        if not due or want <= 0:
            return None
        claimed: list[Notice] = []
        shares = self.shares.split(due, want)
        for lane, share in shares.items():
            claimed += await notices.claim(self.name, lane, now, lease, share, owner)
        if len(shares) > 1:  # what one lane did not need, the others may have
            for lane in shares:
                if len(claimed) < want:
                    claimed += await notices.claim(self.name, lane, now, lease, want - len(claimed), owner)
        if self.sender is not None and claimed:
            claimed += await notices.claim_company(self.name, claimed, now, lease, MOST_COMPANY, owner)
        if any(notice.bundle is not None for notice in claimed):  # last: also of those that came along
            claimed += await notices.claim_bundles(self.name, claimed, now, lease, owner)
        if turn is not None:
            claimed = await self._leave_busy(work, claimed, now)
        claimed.sort(key=lambda notice: (notice.due_at, notice.id))  # each claim by itself was; one message takes all
        reaches = await notices.reach(self.name, claimed)
        series = {notice.series_id for notice in claimed if notice.series_id is not None}
        latest = await notices.latest_due(series, now)
        if self.sender is None:
            await self._end(work, [_unreached(notice, self.name) for notice in claimed], now)
            return Batch((), reaches, now)
        found = sort_out(claimed, reaches, latest, now, knows_keys=self.knows_keys)
        await self._end(work, found.ended, now)
        await notices.put_back(owner, found.back)
        self.stale = self.stale or bool(found.back)
        for person_id in found.astray:
            await notices.reroute(person_id, now)
        return Batch(found.ready, reaches, now + lease)

    async def _leave_busy(self, work: Work, claimed: list[Notice], now: datetime) -> list[Notice]:
        """Put back what is for chats to which something is under way, from here or elsewhere: it would overtake that.

        Whoever claims has the turn, so nobody begins to write to one of these chats before the commit.
        """
        messages = [notice for notice in claimed if notice.kind != REFRESH]
        busy = await work.notices.busy(self.name, messages, now, self.desk.lease)
        if not busy:
            return claimed
        back = [notice for notice in messages if (notice.person_id, notice.channel_id) in busy]
        ids = {notice.id for notice in back}
        await work.notices.put_back(
            self.desk.owner,
            [PutBack(n.id, n.attempt, now + self._busy_for(n), counted=False) for n in back],
        )
        self.stale = True
        return [notice for notice in claimed if notice.id not in ids]

    def _busy_for(self, notice: Notice) -> timedelta:
        return max(BUSY_FOR, timedelta(seconds=self.budget.step(notice.dest or "")))

    # --- pacing -------------------------------------------------------------------------------------------------------

    async def _ask_when_free(self, shared: SharedBudget, parcels: Sequence[Parcel], steady: float) -> None:
        """Learn which chats others have written to a moment ago."""
        dests = sorted({parcel.dest for parcel in parcels})
        async with self.desk.open_work(reading=True) as work:
            shared.told(await work.couriers.free_at(self.name, dests, shared.shared_time(steady)))

    def _in_step(self, parcels: Sequence[Parcel], steady: float) -> tuple[list[Parcel], dict[str, list[Parcel]]]:
        """What may go now, and by destination what must keep its distance: one message for each waits at a time."""
        now: list[Parcel] = []
        later: dict[str, list[Parcel]] = {}
        for parcel in parcels:
            if not self.step(parcel):
                now.append(parcel)
            elif parcel.dest in self.waiting or self.budget.free_at(parcel.dest) > steady:
                later.setdefault(parcel.dest, []).append(parcel)
            else:
                self.waiting.add(parcel.dest)
                now.append(parcel)
        return now, later

    def step(self, parcel: Parcel) -> float:
        """Seconds from this message to the next one there."""
        return self.budget.pace.edits_apart if parcel.posting is not None else self.budget.step(parcel.dest)

    async def _postpone(self, work: Work, dest: str, waiting: Sequence[Parcel], now: datetime, steady: float) -> None:
        """Each message its own slot, the notices of one message the same one; what else is due there follows."""
        step = timedelta(seconds=self.step(waiting[0]))
        free_at = self.budget.free_at(dest)
        if dest in self.waiting:  # behind everything that waits for its turn here
            free_at = max(free_at, steady + self.budget.takes(len(self.queue)) + step.total_seconds())
        # Not sooner than the chat is free: moments are kept as whole milliseconds, cut off.
        slot = now + timedelta(seconds=free_at - steady, milliseconds=1)
        if waiting[0].posting is None:  # first: what is claimed is not moved, and a slot may be due by itself
            await work.notices.postpone(self.name, waiting[0].notices[0], slot + step * len(waiting), step, now)
        for parcel in waiting:
            await work.notices.put_back(
                self.desk.owner, [PutBack(n.id, n.attempt, slot, counted=False) for n in parcel.notices]
            )
            slot += step


def _unreached(notice: Notice, name: str) -> tuple[Notice, Ended]:
    """How a notice ends that no platform took until its time had passed, or that was switched off."""
    if name == OFF:
        return notice, Ended(notice.id, notice.attempt, Outcome.SWITCHED_OFF)
    assert name == NOWHERE
    return notice, Ended(notice.id, notice.attempt, Outcome.MISSED, trouble="nowhere takes messages for this person")
