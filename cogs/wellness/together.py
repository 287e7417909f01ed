"""The timer of a group: started where it hangs, joined and left by anybody there, lengthened or ended by its leader."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cogs.kit.action import action
from cogs.kit.call import Call, Right
from cogs.kit.faults import Conflict, NotAllowed, NotFound, Stale
from cogs.kit.undo import offer_undo
from cogs.wellness import breaks, timing
from cogs.wellness.breaks import CARD
from storage.records.notice import NewNotice
from storage.records.people import Person, Topic
from storage.records.wellness import BreakMode, BreakTimer, TimerMember
from storage.work import OpenWork, Work

HUNG = "together.hung"
TOLD = "together.told"


@dataclass(frozen=True, slots=True)
class Shared:
    """A group's timer with who shares it, by name, who joined first before the others."""

    timer: BreakTimer
    members: tuple[TimerMember, ...]
    people: dict[int, Person]
    joined: bool = True
    replaced: BreakTimer | None = None

    @property
    def names(self) -> list[tuple[int, str]]:
        """Id and name of everybody who shares it."""
        return [
            (one.person_id, self.people[one.person_id].name) for one in self.members if one.person_id in self.people
        ]


class TogetherService:
    """The use cases of a group's timer."""

    def __init__(self, open_work: OpenWork) -> None:
        self._open_work = open_work

    async def start(self, call: Call, mode: BreakMode, play: int, rest: int, until: datetime | None) -> Shared:
        """Start a timer for the channel the caller is in, with them as its leader. Raises Conflict when one runs."""
        channel_id = call.place.channel_id
        assert channel_id is not None
        async with self._open_work() as work:
            await work.breaks.hold_channel(channel_id)
            await work.breaks.hold_person(call.person_id)
            there = await work.breaks.here(channel_id)
            if there is not None:
                if there.until is None or there.until > call.now:
                    raise Conflict("A timer runs here already.", how="Join it on its card; its leader can end it.")
                await self._ended(work, there, call.now)
            replaced = await breaks.leave_others(work, call.person_id, call.now)
            timer = await work.breaks.add(
                BreakTimer(
                    person_id=call.person_id,
                    community_id=call.community_id,
                    channel_id=channel_id,
                    mode=mode,
                    play=play,
                    rest=rest,
                    zone=await self._zone(work, call),
                    began_at=call.now,
                    ends_at=call.now + timedelta(minutes=play),
                    until=until or call.now + timing.RUNS_FOR,
                    made_at=call.now,
                )
            )
            await work.breaks.join(timer.id, call.person_id, call.now)
            await work.notices.add(
                NewNotice(
                    kind=HUNG, channel_id=channel_id, args={"timer_id": timer.id}, due_at=call.now, urgent=True,
                    key=f"{HUNG}:{timer.id}",
                ),
                call.now,
            )  # fmt: skip
            await breaks.plan_notices(work, timer, call.now)
            shared = replace(await load(work, timer), replaced=replaced)
            await work.commit()
        return shared

    async def _zone(self, work: Work, call: Call) -> str:
        """The community's clock, which everybody there reads; else the leader's."""
        community = await work.communities.get(call.community_id) if call.community_id is not None else None
        return (community.zone if community is not None else None) or call.zone_or_utc

    async def join(self, call: Call, timer_id: int, *, told: bool | None = None) -> Shared:
        """The caller shares it; their own timer ends. told: whether they are told of each break privately."""

        async def deed(work: Work, timer: BreakTimer) -> Shared:
            await self._belongs(work, call, timer)
            if told is False and not any(
                one.person_id == call.person_id for one in await work.breaks.members(timer.id)
            ):
                raise Stale("You are not in that timer.")
            await work.breaks.hold_person(call.person_id)
            replaced = await breaks.leave_others(work, call.person_id, call.now, but=timer.id)
            joined = await work.breaks.join(timer.id, call.person_id, call.now, told=told)
            return replace(await load(work, timer), joined=joined, replaced=replaced)

        return await self._do(call, timer_id, deed)

    async def leave(self, call: Call, timer_id: int) -> Shared:
        """The caller shares it no longer. The last one out ends it; a leader hands it on."""

        async def deed(work: Work, timer: BreakTimer) -> Shared:
            left = await work.breaks.leave(timer.id, call.person_id)
            if timer.person_id == call.person_id:
                timer = await hand_on(work, timer, call.now)
            return replace(await load(work, timer), joined=left)

        return await self._do(call, timer_id, deed)

    async def leave_any(self, call: Call) -> BreakTimer | None:
        """Leave whichever group's timer the caller shares; None when none."""
        async with self._open_work(reading=True) as work:
            timer = await work.breaks.shared_with(call.person_id)
        return None if timer is None else (await self.leave(call, timer.id)).timer

    async def extend(self, call: Call, timer_id: int, minutes: int) -> Shared:
        """What is counted now lasts so much longer. Leader or moderator."""

        async def deed(work: Work, timer: BreakTimer) -> Shared:
            self._leads(call, timer)
            if timer.ends_at - timer.began_at > timedelta(hours=8):
                raise Conflict("That is long enough.", how="End it, and start another.")
            await breaks.call_off(work, timer, call.now)
            ends = max(timer.ends_at, call.now) + timedelta(minutes=minutes)
            timer = await work.breaks.change(replace(timer, turn=timer.turn + 1, ends_at=ends))
            await breaks.plan_notices(work, timer, call.now)
            return await load(work, timer)

        return await self._do(call, timer_id, deed)

    async def end(self, call: Call, timer_id: int) -> Shared:
        """It stops for everybody. Leader or moderator."""

        async def deed(work: Work, timer: BreakTimer) -> Shared:
            self._leads(call, timer)
            await offer_undo(work, call, "Group timer ended", action("together.again", timer.id))
            return await load(work, await self._ended(work, timer, call.now))

        return await self._do(call, timer_id, deed)

    async def revive(self, call: Call, timer_id: int) -> Shared:
        """Take an end back: a fresh stretch for everybody. Raises Stale when another runs there by now."""
        async with self._open_work() as work:
            timer = await work.breaks.hold(timer_id)
            if timer is None or timer.channel_id is None:
                raise NotFound("timer")
            self._leads(call, timer)
            await work.breaks.hold_channel(timer.channel_id)
            busy = await work.breaks.here(timer.channel_id)
            passed = timer.until is not None and timer.until <= call.now
            if timer.runs or busy is not None or passed:
                raise Stale("That timer runs." if timer.runs else "It cannot go on: its time is over, or another runs.")
            for member in await work.breaks.members(timer.id):  # who began another meanwhile stays there
                own = await work.breaks.own(member.person_id)
                if own is not None or await work.breaks.shared_with(member.person_id) is not None:
                    await work.breaks.leave(timer.id, member.person_id)
            timer = await work.breaks.change(timing.begun(timer, call.now))
            await breaks.plan_notices(work, timer, call.now)
            await work.notices.refresh(CARD, timer.id, call.now)
            shared = await load(work, timer)
            await work.commit()
        return shared

    async def here(self, call: Call) -> BreakTimer | None:
        """The timer that runs where the caller is."""
        if call.place.channel_id is None:
            return None
        async with self._open_work(reading=True) as work:
            return await work.breaks.here(call.place.channel_id)

    async def _ended(self, work: Work, timer: BreakTimer, now: datetime) -> BreakTimer:
        await breaks.call_off(work, timer, now)
        await work.notices.refresh(CARD, timer.id, now)
        return await work.breaks.change(replace(timer, ended_at=now))

    async def _belongs(self, work: Work, call: Call, timer: BreakTimer) -> None:
        """Only members of the community share it; to others it is not there."""
        if timer.community_id is not None and not await work.communities.is_member(call.person_id, timer.community_id):
            raise NotFound("timer")

    def _leads(self, call: Call, timer: BreakTimer) -> None:
        moderates = call.may(Right.MODERATE) and call.community_id == timer.community_id
        if timer.person_id != call.person_id and not moderates:
            raise NotAllowed("Only whoever leads this timer may do that.", how="Leave it if it is not for you.")

    async def _do(self, call: Call, timer_id: int, deed: Callable[[Work, BreakTimer], Awaitable[Shared]]) -> Shared:
        async with self._open_work() as work:
            timer = await work.breaks.hold(timer_id)
            if timer is None or not timer.shared:
                raise NotFound("timer")
            if not timer.runs:
                raise Stale("That timer has ended.", at=timer.ended_at)
            shared = await deed(work, timer)
            await work.notices.refresh(CARD, timer.id, call.now)
            await work.commit()
        return shared


# --- inside somebody's Work -------------------------------------------------------------------------------------------


async def load(work: Work, timer: BreakTimer) -> Shared:
    """A group's timer with who shares it."""
    members = await work.breaks.members(timer.id)
    people = await work.people.many(sorted({timer.person_id, *(one.person_id for one in members)}))
    return Shared(timer, tuple(members), people)


async def hand_on(work: Work, timer: BreakTimer, now: datetime) -> BreakTimer:
    """Its leader has gone: who joined first leads from now on; nobody left ends it."""
    members = [one for one in await work.breaks.members(timer.id) if one.person_id != timer.person_id]
    if members:
        return await work.breaks.change(replace(timer, person_id=members[0].person_id))
    await breaks.call_off(work, timer, now)
    return await work.breaks.change(replace(timer, ended_at=now))


async def tell_members(work: Work, timer: BreakTimer, now: datetime) -> None:
    """A break has begun, or ended: those who asked for it are told privately."""
    for member in await work.breaks.members(timer.id):
        if member.told:
            await work.notices.add(
                NewNotice(
                    kind=TOLD,
                    person_id=member.person_id,
                    args={"timer_id": timer.id, "turn": timer.turn},
                    due_at=now,
                    key=f"{TOLD}:{timer.id}:{timer.turn}:{member.person_id}",
                    topic=Topic.BREAKS,
                    urgent=True,  # they asked to be told of this very break
                ),
                now,
            )
