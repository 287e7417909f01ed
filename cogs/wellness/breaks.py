"""Break timers as use cases, one Work each: start, stop, skip, snooze, silence, stats; and what follows each notice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, Misread, Stale
from cogs.kit.undo import offer_undo
from cogs.wellness import timing
from cogs.wellness.timing import Silence
from storage.records.notice import NewNotice, Notice, Outcome
from storage.records.people import Topic
from storage.records.wellness import BreakEntry, BreakMode, BreakPlan, BreakTimer, Phase, Taken
from storage.work import OpenWork, Work

WARN = "breaks.warn"
TURN = "breaks.turn"
#: The card of a group's timer.
CARD = "together.timer"

#: Endings of a notice after which nobody is there to be told any more.
_LOST = frozenset({Outcome.REFUSED, Outcome.GAVE_UP, Outcome.SWITCHED_OFF})
#: Only calls that begin this soon can matter to the next break.
_NEAR = timedelta(hours=12)
#: Hours that have not come by then never come: a week has every day in it.
_NEVER = timedelta(days=9)


@dataclass(frozen=True, slots=True)
class Stood:
    """A timer as it stands. silent_until: when it may speak; None: now. replaced: the timer that had to end for it."""

    timer: BreakTimer
    silent_until: datetime | None = None
    replaced: BreakTimer | None = None


#: What is done to a held timer; it comes back changed, and not yet written down.
Deed = Callable[[Work, BreakTimer], Awaitable[BreakTimer]]


class BreakService:
    """The use cases of a person's own timer."""

    def __init__(self, open_work: OpenWork) -> None:
        self._open_work = open_work

    async def start(self, call: Call, mode: BreakMode, play: int, rest: int, until: datetime | None) -> Stood:
        """Start the caller's own timer; the one they had, alone or in a group, ends."""
        async with self._open_work() as work:
            await work.breaks.hold_person(call.person_id)
            replaced = await leave_others(work, call.person_id, call.now)
            new = BreakTimer(
                person_id=call.person_id,
                mode=mode,
                play=play,
                rest=rest,
                zone=call.zone_or_utc,
                began_at=call.now,
                ends_at=call.now + timedelta(minutes=play),
                until=until or timing.ends_by_itself(mode, call.now),
                made_at=call.now,
            )
            timer = await work.breaks.add(new)
            silent = (await silence_of(work, timer, call.now)).until(call.now)
            if silent is not None:
                timer = await work.breaks.change(timing.begun(timer, silent))
            await plan_notices(work, timer, call.now)
            await work.commit()
        return Stood(timer, silent, replaced)

    async def current(self, call: Call) -> Stood | None:
        """The caller's timer: their own, else the group's they share; None when there is none."""
        async with self._open_work(reading=True) as work:
            timer = await work.breaks.own(call.person_id) or await work.breaks.shared_with(call.person_id)
            if timer is None:
                return None
            return Stood(timer, timer.began_at if timer.began_at > call.now else None)

    async def stop(self, call: Call) -> Stood:
        """End the caller's own timer. Raises Conflict when none runs."""

        async def deed(work: Work, timer: BreakTimer) -> BreakTimer:
            await offer_undo(work, call, "Break timer stopped", action("breaks.again", timer.id))
            return replace(timer, ended_at=call.now)

        return await self._own(call, deed)

    async def go_on(self, call: Call, timer_id: int) -> Stood:
        """Take a stop back: the timer goes on with a fresh stretch. Raises Stale when another runs by now."""
        async with self._open_work() as work:
            await work.breaks.hold_person(call.person_id)
            timer = await work.breaks.hold(timer_id)
            busy = await work.breaks.own(call.person_id) or await work.breaks.shared_with(call.person_id)
            if timer is None or timer.person_id != call.person_id or timer.shared or timer.runs or busy is not None:
                raise Stale("That timer is over." if busy is None else "Another timer runs by now.")
            timer = await work.breaks.change(timing.begun(timer, call.now))
            await plan_notices(work, timer, call.now)
            await work.commit()
        return Stood(timer)

    async def skip(self, call: Call, turn: int | None = None) -> Stood:
        """Leave out the coming break, or the one that has begun; work goes on. turn: as the button was drawn."""

        async def deed(work: Work, timer: BreakTimer) -> BreakTimer:
            await _note(work, timer, call.now, Taken.SKIPPED)
            at = call.now if timer.phase is Phase.REST else max(timer.ends_at, call.now)
            return replace(timing.begun(timer, at), began_at=min(at, call.now))

        return await self._own(call, deed, turn)

    async def snooze(self, call: Call, minutes: int, turn: int | None = None) -> Stood:
        """Put the break off, before it or in it."""

        async def deed(work: Work, timer: BreakTimer) -> BreakTimer:
            await _note(work, timer, call.now, Taken.SNOOZED)
            return timing.put_off(timer, call.now, minutes)

        return await self._own(call, deed, turn)

    async def _own(self, call: Call, deed: Deed, turn: int | None = None) -> Stood:
        async with self._open_work() as work:
            found = await work.breaks.own(call.person_id)
            timer = await work.breaks.hold(found.id) if found is not None else None
            if timer is None or not timer.runs:
                raise Conflict("No break timer of yours is running.", how="Start one: /break practice")
            if turn is not None and timer.turn != turn:
                raise Stale("That break is over.")
            await call_off(work, timer, call.now)
            timer = await work.breaks.change(await deed(work, timer))
            if timer.runs:
                await plan_notices(work, timer, call.now)
            await work.commit()
        return Stood(timer)

    # --- when it may speak --------------------------------------------------------------------------------------------

    async def plan(self, call: Call, **changes: object) -> tuple[BreakPlan, BreakTimer | None]:
        """Change when the caller's timer may speak, and have the one that runs keep to it; without changes: look.

        Raises Misread for hours that lie wholly in their quiet hours.
        """
        async with self._open_work() as work:
            await work.breaks.hold_person(call.person_id)
            plan = await work.breaks.plan(call.person_id) or BreakPlan(person_id=call.person_id, zone=call.zone_or_utc)
            timer = await work.breaks.own(call.person_id)
            if not changes:
                return plan, timer
            plan = replace(plan, **changes)  # type: ignore[arg-type]  # the cog hands in fields of the record
            await work.breaks.set_plan(plan)
            silence = await _silence_for(work, call.person_id, call.zone_or_utc, call.now)
            ever = replace(silence, plan=replace(plan, silent_until=None), calls=()).until(call.now)
            if ever is not None and ever - call.now > _NEVER:
                raise Misread(
                    "Those hours lie in your quiet hours, so no break would ever come. See /quiet.",
                    example="9:00",
                    field="from",
                )
            timer = await work.breaks.hold(timer.id) if timer is not None else None
            if timer is not None and timer.runs:
                silent = (await silence_of(work, timer, call.now)).until(call.now)
                asleep = timer.began_at > call.now
                if silent is not None or asleep:
                    await call_off(work, timer, call.now)
                    timer = await work.breaks.change(timing.begun(timer, silent or call.now))
                    await plan_notices(work, timer, call.now)
            await work.commit()
        return plan, timer

    async def entries(self, call: Call, since: datetime) -> list[BreakEntry]:
        """The caller's breaks from then on."""
        async with self._open_work(reading=True) as work:
            return await work.breaks.entries(call.person_id, since)


# --- inside somebody's Work -------------------------------------------------------------------------------------------


async def leave_others(work: Work, person_id: int, now: datetime, *, but: int | None = None) -> BreakTimer | None:
    """End the person's own timer, and leave the group's they share: nobody has two. What there was, if anything."""
    own = await work.breaks.own(person_id)
    if own is not None:
        await call_off(work, own, now)
        return await work.breaks.change(replace(own, ended_at=now))
    shared = await work.breaks.shared_with(person_id)
    if shared is None or shared.id == but:
        return None
    await work.breaks.leave(shared.id, person_id)
    await work.notices.refresh(CARD, shared.id, now)
    return shared


async def silence_of(work: Work, timer: BreakTimer, now: datetime) -> Silence:
    """What may keep a timer silent around `now`: the plan, the quiet hours and the diary of whose it is."""
    return Silence(timer.zone) if timer.shared else await _silence_for(work, timer.person_id, timer.zone, now)


async def _silence_for(work: Work, person_id: int, zone: str, now: datetime) -> Silence:
    person = await work.people.get(person_id)
    if person is None:
        return Silence(zone)
    night = await work.people.setting(person.id, f"night.{Topic.BREAKS}")
    diary = await work.diaries.diary(person.id, now, now + _NEAR)
    calls = [*(one.stretch() for one in diary.bookings), *diary.busy]
    return Silence(
        zone=person.zone or zone,
        plan=await work.breaks.plan(person.id),
        quiet=None if night == "on" or person.quiet_from == person.quiet_to else (person.quiet_from, person.quiet_to),
        calls=timing.overlapping(calls, now),
    )


async def plan_notices(work: Work, timer: BreakTimer, now: datetime) -> None:
    """Keep what is said next: the word before a break, and the end of what is counted."""
    stops = timer.until is not None and timer.until < timer.ends_at
    warn = None if stops else timing.warns_at(timer, now)
    if warn is not None and not timer.shared:
        await work.notices.add(_notice(timer, WARN, warn), now)
    await work.notices.add(_notice(timer, TURN, timer.until if stops and timer.until else timer.ends_at), now)


async def call_off(work: Work, timer: BreakTimer, now: datetime) -> None:
    """Nothing that was planned for what it counts now is said."""
    for kind in (WARN, TURN):
        await work.notices.cancel_key(_key(timer, kind), now)


def _notice(timer: BreakTimer, kind: str, at: datetime) -> NewNotice:
    # Urgent as far as quiet hours go: the timer minds them itself, since a break that waits until morning is none.
    return NewNotice(
        kind=kind,
        person_id=None if timer.shared else timer.person_id,
        channel_id=timer.channel_id,
        args={"timer_id": timer.id, "turn": timer.turn},
        due_at=at,
        key=_key(timer, kind),
        topic=None if timer.shared else Topic.BREAKS,
        urgent=True,
    )


def _key(timer: BreakTimer, kind: str) -> str:
    return f"{kind}:{timer.id}:{timer.turn}"


async def _note(work: Work, timer: BreakTimer, now: datetime, outcome: Taken) -> None:
    """What became of the break that is coming, or has begun and stands in the book as taken."""
    if timer.phase is Phase.REST:
        await work.breaks.say_outcome(timer.id, timer.turn, timer.person_id, outcome)
        return
    # Put off, the stretch goes on and is counted when its break comes.
    played = _worked(timer, now) if outcome is Taken.SKIPPED else 0
    await work.breaks.note([_entry(timer, timer.person_id, timer.turn, now, outcome, played)])


def _worked(timer: BreakTimer, now: datetime) -> int:
    return max(0, min(round((now - timer.began_at).total_seconds() / 60), 24 * 60))


def _entry(timer: BreakTimer, person_id: int, turn: int, at: datetime, outcome: Taken, played: int) -> BreakEntry:
    return BreakEntry(
        person_id=person_id, timer_id=timer.id, turn=turn, at=at, mode=timer.mode, outcome=outcome, played=played
    )


# --- what follows a notice --------------------------------------------------------------------------------------------


async def turned(work: Work, notice: Notice, now: datetime) -> BreakTimer | None:
    """What a timer counted is over: go on with the next, in the transaction that records that it was said.

    None when the notice was an old one. Nobody left to tell, or the end reached: the timer ends.
    """
    timer = await work.breaks.hold(int(notice.args["timer_id"] or 0))
    if timer is None or not timer.runs or timer.turn != notice.args["turn"]:
        return None
    if notice.result in _LOST or (timer.until is not None and timer.until <= now):
        return await work.breaks.change(replace(timer, ended_at=now))
    was, ended_at = timer.phase, timer.ends_at
    silent = (await silence_of(work, timer, now)).until(now) if was is Phase.WORK else None
    worked = _worked(timer, ended_at)
    timer = timing.begun(timer, silent) if silent is not None else timing.followed(timer, now)
    timer = await work.breaks.change(timer)
    if was is Phase.WORK and timer.phase is Phase.REST and notice.result != Outcome.DROPPED:
        members = [member.person_id for member in await work.breaks.members(timer.id)] if timer.shared else []
        people = members if timer.shared else [timer.person_id]
        await work.breaks.note(
            [_entry(timer, person_id, timer.turn, ended_at, Taken.TAKEN, worked) for person_id in people]
        )
    await plan_notices(work, timer, now)
    return timer
