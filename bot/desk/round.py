"""One platform's share of the courier: what is claimed, drawn, waiting to be sent, and sent but not yet recorded."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.desk.budgets import Budget
from bot.desk.delivery import Report, Verdict, failed_to_draw, settle
from bot.desk.parcels import Drawn, Parcel, Reaches, pack, sort_out, with_result
from bot.desk.surface import Sender
from cogs.kit.reply import Reply
from storage.faults import StorageFault, Unreachable
from storage.records.notice import NOWHERE, OFF, REFRESH, Ended, Lane, Notice, Outcome, PutBack
from storage.work import OpenWork, Work

log = logging.getLogger(__name__)

Builder = Callable[[Notice, Work], Awaitable[Reply | None]]
CardBuilder = Callable[[int, Work], Awaitable[Reply | None]]
After = Callable[[Notice, Work], Awaitable[None]]

#: Of ten messages for which there is room, urgent ones get six, soft ones one.
WEIGHTS = {Lane.URGENT: 6, Lane.NORMAL: 3, Lane.SOFT: 1}

#: No send is begun when its claim ends sooner than this: the answer must be recorded before.
LEASE_MARGIN = timedelta(seconds=10)

#: How long a notice waits whose kind nobody in this program draws: another version of it may run beside.
UNKNOWN_KIND_WAIT = timedelta(minutes=5)

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


@dataclass(frozen=True, slots=True)
class Standing:
    """How one platform stands at one moment.

    seated: this process is the one that sends there. queued: messages drawn and waiting. in_hand: sent and not yet
    recorded. budget: messages that may go out at once; None where there is no limit. closed: seconds until anything
    may be sent at all. overdue: seconds since the earliest known notice fell due; 0 while none is.
    """

    seated: bool
    queued: int
    in_hand: int
    budget: int | None
    closed: float
    overdue: float


@dataclass(slots=True)
class Desk:
    """What all platforms share: where to read and write, and who draws."""

    open_work: OpenWork
    builders: Mapping[str, Builder]
    cards: Mapping[str, CardBuilder]
    after: Mapping[str, After]
    owner: str
    lease: timedelta
    batch: int
    chance: random.Random


@dataclass(slots=True, eq=False)
class Round:
    """The state of one platform. `name` is also a pseudo-platform (nowhere, off), which has no sender.

    queue: messages drawn, with the end of their claim. unacked: begun and not yet recorded.
    waiting: chats for which there is one in the queue or under way. under_way: chats that are being written to.
    next_at: when to look again; None: nothing is waiting. stale: that has to be asked for.
    failing: notices that met a platform that failed by itself, since the last success; pauses: waits on that account.
    unfollowed: notices whose follow-up failed, which are recorded without it.
    changed: there is something to record or to claim. room: there is something to send.
    """

    name: str
    desk: Desk
    sender: Sender | None
    budget: Budget
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
    credit: dict[Lane, int] = field(default_factory=dict)
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

    def standing(self, now: datetime, steady: float, seated: bool) -> Standing:
        """How it stands, for those who watch; nothing is asked of the database."""
        return Standing(
            seated=seated,
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

        Raises StorageFault when the database does not answer; what happened is then recorded the next time.
        """
        done, back, loose = list(self.done), list(self.back), list(self.loose)
        while True:
            try:
                async with self.desk.open_work() as work:
                    await self._record(work, done, back, loose, now)
                    batch = await self._claim(work, want, now) if want > 0 else None
                    await work.commit()
                break
            except FollowUpFailed as failure:
                self.unfollowed.add(failure.notice_id)
        del self.done[: len(done)], self.back[: len(back)], self.loose[: len(loose)]
        self.unacked -= len(done)
        self.unfollowed.clear()
        if back or any(verdict.back for _, verdict in done):
            self.stale = True  # something may be due sooner than was known
        return batch

    async def stock(self, batch: Batch, now: datetime, steady: float, *, paced: bool) -> None:
        """Draw what was claimed and put it into the queue; what its destination has no room for yet goes back.

        Raises StorageFault; the claims are then given back as soon as the database answers.
        """
        parcels: list[Parcel] = []
        try:
            drawn = await self._draw(batch.ready, now)
            parcels = pack(drawn, batch.reaches, now, knows_keys=self.knows_keys)
            later: dict[str, list[Parcel]] = {}
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

    async def _claim(self, work: Work, want: int, now: datetime) -> Batch | None:
        notices, owner, lease = work.notices, self.desk.owner, self.desk.lease
        self.stale = False
        dues = await notices.next_due(self.name)
        self.next_at = min(dues.values(), default=None)
        due = [lane for lane, at in dues.items() if at <= now]
        if not due:
            return None
        claimed: list[Notice] = []
        shares = self._shares(due, want)
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

    def _shares(self, lanes: Sequence[Lane], want: int) -> dict[Lane, int]:
        """`want` split by weight over the lanes that are due, fair over many small claims too."""
        if len(lanes) == 1:
            return {lanes[0]: want}
        total = sum(WEIGHTS[lane] for lane in lanes)
        shares = dict.fromkeys(sorted(lanes), 0)
        for _ in range(want):
            for lane in shares:
                self.credit[lane] = self.credit.get(lane, 0) + WEIGHTS[lane]
            chosen = max(shares, key=lambda lane: self.credit[lane])
            self.credit[chosen] -= total
            shares[chosen] += 1
        return {lane: share for lane, share in shares.items() if share}

    # --- drawing ------------------------------------------------------------------------------------------------------

    async def _draw(self, ready: Sequence[Notice], now: datetime) -> list[Drawn]:
        """Today's words for each; what is no longer true ends here, and what cannot be drawn is tried again later."""
        drawn: list[Drawn] = []
        waiting = deque(ready)
        while waiting:
            async with self.desk.open_work(reading=True) as work:
                while waiting:
                    notice = waiting.popleft()
                    try:
                        one = await self._draw_one(notice, work, now)
                    except Unreachable:
                        raise
                    except Exception as error:  # a bug in one builder must cost one message, not the courier
                        log.exception("notice %s (%s) could not be drawn", notice.id, notice.kind)
                        verdict = failed_to_draw(notice, error, now, self.desk.chance)
                        self.loose += verdict.ended
                        self.back += verdict.back
                        break  # the transaction may be broken too
                    if one is not None:
                        drawn.append(one)
        return drawn

    async def _draw_one(self, notice: Notice, work: Work, now: datetime) -> Drawn | None:
        posting = None
        if notice.kind == REFRESH:
            posting = await work.postings.get(int(notice.args["posting_id"] or 0))
            build_card = self.desk.cards.get(str(notice.args["card"]))
            if build_card is None:
                self._nobody_draws(notice, now)
                return None
            reply = None if posting is None else await build_card(posting.subject_id, work)
        else:
            build = self.desk.builders.get(notice.kind)
            if build is None:
                self._nobody_draws(notice, now)
                return None
            reply = await build(notice, work)
        if reply is None:
            self.loose.append((notice, Ended(notice.id, notice.attempt, Outcome.DROPPED)))
            return None
        return Drawn(notice, reply, posting)

    def _nobody_draws(self, notice: Notice, now: datetime) -> None:
        log.warning("notice %s: nobody here draws %s", notice.id, notice.kind)
        self.back.append(
            PutBack(notice.id, notice.attempt, now + UNKNOWN_KIND_WAIT, counted=False, trouble="nobody draws this kind")
        )

    # --- pacing -------------------------------------------------------------------------------------------------------

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
