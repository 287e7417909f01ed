"""Break timers, who shares them, when they may speak, and what became of each break."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import RowMapping, delete, func, select, update

from storage.faults import Gone
from storage.records.wellness import BreakEntry, BreakPlan, BreakTimer, Taken, TimerMember
from storage.stores.base import PersonalStore
from storage.tables.communities import channels
from storage.tables.people import people
from storage.tables.wellness import break_entries, break_members, break_plans, break_timers


class BreakStore(PersonalStore):
    """Questions and deeds about break timers.

    Who starts or joins one takes the person first (`hold_person`), and the channel for a group's, since each has one
    timer; who changes a timer takes it by `hold`.
    """

    personal = (
        break_members.c.person_id,
        break_entries.c.person_id,
        break_plans.c.person_id,
        break_timers.c.person_id,
    )

    async def hold_person(self, person_id: int) -> None:
        """Nobody else starts, joins or leaves a timer for this person before this Work is over."""
        await self._do(select(people.c.id).where(people.c.id == person_id).with_for_update())

    async def hold_channel(self, channel_id: int) -> None:
        """Nobody else starts a timer in this channel before this Work is over."""
        await self._do(select(channels.c.id).where(channels.c.id == channel_id).with_for_update())

    # --- timers -------------------------------------------------------------------------------------------------------

    async def add(self, timer: BreakTimer) -> BreakTimer:
        """Keep a new timer and give it its id; the one in `timer` is ignored."""
        kept = await self._one(break_timers.insert().values(**_values(timer)).returning(*break_timers.c), _timer)
        assert kept is not None
        return kept

    async def get(self, timer_id: int) -> BreakTimer | None:
        """One timer, ended ones as well."""
        return await self._one(select(break_timers).where(break_timers.c.id == timer_id), _timer)

    async def hold(self, timer_id: int) -> BreakTimer | None:
        """The timer, and nobody else changes it before this Work is over."""
        return await self._one(select(break_timers).where(break_timers.c.id == timer_id).with_for_update(), _timer)

    async def change(self, timer: BreakTimer) -> BreakTimer:
        """Write the timer as it is now. Raises Gone when there is none with its id."""
        changed = await self._one(
            update(break_timers)
            .where(break_timers.c.id == timer.id)
            .values(**_values(timer))
            .returning(*break_timers.c),
            _timer,
        )
        if changed is None:
            raise Gone(f"break timer {timer.id}")
        return changed

    async def own(self, person_id: int) -> BreakTimer | None:
        """The person's own running timer."""
        return await self._one(
            select(break_timers).where(
                break_timers.c.person_id == person_id,
                break_timers.c.ended_at.is_(None),
                break_timers.c.channel_id.is_(None),
            ),
            _timer,
        )

    async def here(self, channel_id: int) -> BreakTimer | None:
        """The timer that runs in a channel."""
        return await self._one(
            select(break_timers).where(break_timers.c.channel_id == channel_id, break_timers.c.ended_at.is_(None)),
            _timer,
        )

    async def shared_with(self, person_id: int) -> BreakTimer | None:
        """The group's timer that a person has joined and that still runs."""
        return await self._one(
            select(break_timers)
            .join(break_members, break_members.c.timer_id == break_timers.c.id)
            .where(break_members.c.person_id == person_id, break_timers.c.ended_at.is_(None))
            .order_by(break_timers.c.id.desc())
            .limit(1),
            _timer,
        )

    async def led_by(self, person_id: int) -> list[BreakTimer]:
        """The running group timers that a person leads."""
        return await self._all(
            select(break_timers).where(
                break_timers.c.person_id == person_id,
                break_timers.c.ended_at.is_(None),
                break_timers.c.channel_id.is_not(None),
            ),
            _timer,
        )

    # --- who shares them ----------------------------------------------------------------------------------------------

    async def join(self, timer_id: int, person_id: int, now: datetime, *, told: bool | None = None) -> bool:
        """The person shares the timer; False when they did already. told: None leaves what they chose."""
        new = await self._count(
            self._insert(break_members)
            .values(timer_id=timer_id, person_id=person_id, told=bool(told), joined_at=now)
            .on_conflict_do_nothing(index_elements=["timer_id", "person_id"])
        )
        if not new and told is not None:
            await self._do(
                update(break_members)
                .where(break_members.c.timer_id == timer_id, break_members.c.person_id == person_id)
                .values(told=told)
            )
        return bool(new)

    async def leave(self, timer_id: int, person_id: int) -> bool:
        """The person shares it no longer; False when they did not."""
        return bool(
            await self._count(
                delete(break_members).where(
                    break_members.c.timer_id == timer_id, break_members.c.person_id == person_id
                )
            )
        )

    async def members(self, timer_id: int) -> list[TimerMember]:
        """Who shares it, who joined first before the others."""
        return await self._all(
            select(break_members)
            .where(break_members.c.timer_id == timer_id)
            .order_by(break_members.c.joined_at, break_members.c.person_id),
            _member,
        )

    # --- when they may speak ------------------------------------------------------------------------------------------

    async def plan(self, person_id: int) -> BreakPlan | None:
        """When the person's own timer may speak; None: they never said."""
        return await self._one(select(break_plans).where(break_plans.c.person_id == person_id), _plan)

    async def set_plan(self, plan: BreakPlan) -> None:
        """Write it, instead of what there was."""
        values = {column.name: getattr(plan, column.name) for column in break_plans.c}
        await self._do(
            self._insert(break_plans).values(**values).on_conflict_do_update(index_elements=["person_id"], set_=values)
        )

    # --- what became of them ------------------------------------------------------------------------------------------

    async def note(self, entries: Iterable[BreakEntry]) -> None:
        """Write down breaks; the same turn of the same person anew takes the place of the old."""
        for entry in entries:
            values = {c.name: getattr(entry, c.name) for c in break_entries.c if c.name != "id"}
            await self._do(
                self._insert(break_entries)
                .values(**values)
                .on_conflict_do_update(
                    index_elements=["timer_id", "turn", "person_id"], set_={"outcome": entry.outcome, "at": entry.at}
                )
            )

    async def say_outcome(self, timer_id: int, turn: int, person_id: int, outcome: Taken) -> None:
        """What became of a break that was written down."""
        await self._do(
            update(break_entries)
            .where(
                break_entries.c.timer_id == timer_id,
                break_entries.c.turn == turn,
                break_entries.c.person_id == person_id,
            )
            .values(outcome=outcome)
        )

    async def entries(self, person_id: int, since: datetime) -> list[BreakEntry]:
        """The person's breaks from then on, oldest first."""
        return await self._all(
            select(break_entries)
            .where(break_entries.c.person_id == person_id, break_entries.c.at >= since)
            .order_by(break_entries.c.at, break_entries.c.id),
            _entry,
        )

    async def count(self, person_id: int) -> int:
        """How many breaks the person ever had."""
        return await self._how_many(
            select(func.count()).select_from(break_entries).where(break_entries.c.person_id == person_id)
        )

    async def forget(self, person_id: int) -> dict[str, int]:
        """Erase the person's timers, with whoever shared them; what others did stays theirs."""
        mine = select(break_timers.c.id).where(break_timers.c.person_id == person_id)
        others = await self._count(delete(break_members).where(break_members.c.timer_id.in_(mine)))
        erased = await super().forget(person_id)
        return erased | {"break_members": erased["break_members"] + others}


def _values(timer: BreakTimer) -> dict[str, object]:
    return {column.name: getattr(timer, column.name) for column in break_timers.c if column.name != "id"}


def _timer(row: RowMapping) -> BreakTimer:
    return BreakTimer(**row)


def _member(row: RowMapping) -> TimerMember:
    return TimerMember(**row)


def _plan(row: RowMapping) -> BreakPlan:
    return BreakPlan(**row)


def _entry(row: RowMapping) -> BreakEntry:
    return BreakEntry(**row)
