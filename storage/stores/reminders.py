"""Reminders: set, changed, planned, rung, snoozed, ticked off and taken away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, and_, bindparam, case, delete, func, or_, select, update

from storage.faults import Gone
from storage.records.reminder import WAITING, Hung, Reminder, ReminderState, Timing
from storage.stores.base import PersonalStore
from storage.stores.ready import Ready
from storage.tables.reminders import reminders

_MINUTE = timedelta(minutes=1)

_COLUMNS = [column.name for column in reminders.c if column.name != "id"]
_ADD = Ready(reminders.insert().returning(*reminders.c), _COLUMNS)
_ONE = select(reminders).where(reminders.c.id == bindparam("which"))
_GET = Ready(_ONE)
_HOLD = Ready(_ONE.with_for_update())
_CHANGE = Ready(update(reminders).where(reminders.c.id == bindparam("which")).returning(*reminders.c), _COLUMNS)
_WAITING = Ready(
    select(func.count().label("count"))
    .select_from(reminders)
    .where(
        reminders.c.person_id == bindparam("person"),
        or_(*(reminders.c.state == state for state in WAITING)),
        reminders.c.deleted_at.is_(None),
    )
)


class ReminderStore(PersonalStore):
    """Questions and deeds about reminders. Their notices are planned by the feature, in the same Work.

    Who changes a reminder and its notices takes it by `hold` first, so that of two at once the second sees what the
    first one did.
    """

    personal = (reminders.c.person_id,)

    async def add(self, reminder: Reminder) -> Reminder:
        """Keep a new reminder and give it its id; the one in `reminder` is ignored."""
        kept = await self._one(_ADD, _reminder, **_values(reminder))
        assert kept is not None
        return kept

    async def get(self, reminder_id: int) -> Reminder | None:
        """One reminder, deleted ones as well."""
        return await self._one(_GET, _reminder, which=reminder_id)

    async def hold(self, reminder_id: int) -> Reminder | None:
        """The reminder, and nobody else changes it before this Work is over."""
        return await self._one(_HOLD, _reminder, which=reminder_id)

    async def change(self, reminder: Reminder) -> Reminder:
        """Write the reminder as it is now and return it. Raises Gone when there is none with its id."""
        changed = await self._one(_CHANGE, _reminder, which=reminder.id, **_values(reminder))
        if changed is None:
            raise Gone(reminder.ref)
        return changed

    async def hung_on(self, gig_id: int) -> list[Reminder]:
        """Everybody's reminders that hang on a gig and are still to ring."""
        return await self._all(
            select(reminders)
            .where(
                reminders.c.gig_id == gig_id,
                reminders.c.state == ReminderState.ACTIVE,
                reminders.c.deleted_at.is_(None),
            )
            .order_by(reminders.c.id),
            _reminder,
        )

    async def waiting_for(self, person_id: int) -> int:
        """How many of a person's reminders are still to come, paused ones included."""
        return int((await self._ready(_WAITING, person=person_id))[0]["count"])

    async def listed(
        self, person_id: int, ended_since: datetime, *, community_id: int | None = None, first: int = 0, n: int = 8
    ) -> list[Reminder]:
        """A page of a person's reminders: what comes next first, then paused ones, then what ended since then.

        community_id: the reminders of that community's channels as well, whoever set them.
        """
        return await self._all(
            select(reminders)
            .where(_listed(person_id, ended_since, community_id))
            .order_by(_PLACE, _SOONEST, reminders.c.ended_at.desc(), reminders.c.id)
            .offset(first)
            .limit(n),
            _reminder,
        )

    async def count_listed(self, person_id: int, ended_since: datetime, *, community_id: int | None = None) -> int:
        """How many `listed` would give in all."""
        return await self._how_many(
            select(func.count()).select_from(reminders).where(_listed(person_id, ended_since, community_id))
        )

    async def clear_out(self, person_id: int, deleted_before: datetime, ended_before: datetime) -> int:
        """Delete for good what the person deleted, or what ended, before then; how many rows went."""
        return await self._count(
            delete(reminders).where(
                reminders.c.person_id == person_id,
                or_(
                    reminders.c.deleted_at < deleted_before,
                    and_(reminders.c.state.not_in(WAITING), reminders.c.ended_at < ended_before),
                ),
            )
        )


#: The order of a list: what rings next, then what is paused, then what is over, the latest first.
_SOONEST = func.coalesce(reminders.c.snoozed_until, reminders.c.next_at)
_PLACE = case((_SOONEST.is_not(None), 0), (reminders.c.state == ReminderState.PAUSED, 1), else_=2)


def _listed(person_id: int, ended_since: datetime, community_id: int | None) -> Any:
    whose = reminders.c.person_id == person_id
    if community_id is not None:
        whose = or_(whose, reminders.c.community_id == community_id)
    return and_(
        whose,
        reminders.c.deleted_at.is_(None),
        or_(
            reminders.c.state.in_(WAITING),
            reminders.c.snoozed_until.is_not(None),
            and_(reminders.c.state == ReminderState.OVER, reminders.c.ended_at >= ended_since),
        ),
    )


def _values(reminder: Reminder) -> dict[str, object]:
    """What to write into the columns."""
    timing, hung = reminder.timing, reminder.timing.hung
    hook = None if hung is None else {name: said for name, said in asdict(hung).items() if name != "gig_id"}
    return {
        "person_id": reminder.person_id,
        "community_id": reminder.community_id,
        "channel_id": reminder.channel_id,
        "platform": reminder.platform,
        "role": reminder.role,
        "text": reminder.text,
        "zone": timing.zone,
        "at": timing.at,
        "day": timing.day,
        "clock": timing.clock,
        "rrule": timing.rrule,
        "gig_id": None if hung is None else hung.gig_id,
        "hook": hook,
        "leads": [lead // _MINUTE for lead in reminder.leads],
        "state": reminder.state,
        "next_at": reminder.next_at,
        "planned": reminder.planned,
        "rung": reminder.rung,
        "rung_at": reminder.rung_at,
        "ticked": reminder.ticked,
        "snoozed_until": reminder.snoozed_until,
        "made_at": reminder.made_at,
        "ended_at": reminder.ended_at,
        "deleted_at": reminder.deleted_at,
    }


def _reminder(row: RowMapping | Mapping[str, Any]) -> Reminder:
    hung = None if row["gig_id"] is None else Hung(gig_id=row["gig_id"], **(row["hook"] or {}))
    plain = {
        name: row[name]
        for name in (
            "id", "person_id", "text", "community_id", "channel_id", "platform", "role", "state", "next_at", "planned",
            "rung", "rung_at", "ticked", "snoozed_until", "made_at", "ended_at", "deleted_at",
        )
    }  # fmt: skip
    return Reminder(
        **plain,
        leads=tuple(_MINUTE * minutes for minutes in row["leads"]),
        timing=Timing(
            zone=row["zone"], at=row["at"], day=row["day"], clock=row["clock"], rrule=row["rrule"], hung=hung
        ),
    )
