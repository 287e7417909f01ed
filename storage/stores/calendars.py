"""Calendars that people imported, and from when to when those keep them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import RowMapping, delete, select, update

from storage.records.availability import Busy, Calendar
from storage.stores.base import PersonalStore
from storage.tables.availability import calendar_busy, calendars


class CalendarStore(PersonalStore):
    """Questions and deeds about imported calendars."""

    personal = (calendar_busy.c.person_id, calendars.c.person_id)

    async def add(self, calendar: Calendar) -> Calendar:
        """Keep a new calendar and give it its id."""
        values = _calendar_values(calendar)
        kept = await self._one(calendars.insert().values(**values).returning(*calendars.c), _calendar)
        assert kept is not None
        return kept

    async def of(self, person_id: int) -> list[Calendar]:
        """The calendars a person imported, oldest first."""
        return await self._all(
            select(calendars).where(calendars.c.person_id == person_id).order_by(calendars.c.id), _calendar
        )

    async def hold(self, calendar_id: int) -> Calendar | None:
        """One calendar, held: nobody else changes it before this Work is over."""
        return await self._one(select(calendars).where(calendars.c.id == calendar_id).with_for_update(), _calendar)

    async def due(self, now: datetime, n: int) -> list[Calendar]:
        """Calendars that want to be read again, the longest overdue first."""
        return await self._all(
            select(calendars).where(calendars.c.next_at <= now).order_by(calendars.c.next_at).limit(n), _calendar
        )

    async def claim(self, calendar: Calendar, next_at: datetime) -> bool:
        """Put off the next reading, so that no other process does it too; False when one was faster."""
        return bool(
            await self._count(
                update(calendars)
                .where(calendars.c.id == calendar.id, calendars.c.next_at == calendar.next_at)
                .values(next_at=next_at)
            )
        )

    async def change(self, calendar: Calendar) -> None:
        """Write a calendar as it is now; nothing happens when it was removed meanwhile."""
        values = _calendar_values(calendar)
        await self._do(update(calendars).where(calendars.c.id == calendar.id).values(**values))

    async def fill(self, calendar: Calendar, busy: Iterable[Busy]) -> None:
        """What the calendar holds from now on, instead of what it held."""
        await self._do(delete(calendar_busy).where(calendar_busy.c.calendar_id == calendar.id))
        rows = [
            {
                "calendar_id": calendar.id,
                "person_id": calendar.person_id,
                "start_at": one.start,
                "end_at": one.end,
                "floating": one.floating,
            }
            for one in busy
        ]
        if rows:
            await self._do(calendar_busy.insert(), rows)

    async def busy_in(self, calendar_id: int) -> list[Busy]:
        """What a calendar holds, soonest first."""
        return await self._all(
            select(calendar_busy)
            .where(calendar_busy.c.calendar_id == calendar_id)
            .order_by(calendar_busy.c.start_at, calendar_busy.c.end_at),
            busy_of,
        )

    async def remove(self, calendar_id: int, person_id: int) -> bool:
        """Forget a calendar and what it held; False when it is not theirs or gone."""
        mine = select(calendars.c.id).where(calendars.c.id == calendar_id, calendars.c.person_id == person_id)
        await self._do(delete(calendar_busy).where(calendar_busy.c.calendar_id.in_(mine)))
        return bool(
            await self._count(
                delete(calendars).where(calendars.c.id == calendar_id, calendars.c.person_id == person_id)
            )
        )

    async def forget(self, person_id: int) -> dict[str, int]:
        """Erase the calendars that the person imported, with everything those held."""
        mine = select(calendars.c.id).where(calendars.c.person_id == person_id)
        held = await self._count(delete(calendar_busy).where(calendar_busy.c.calendar_id.in_(mine)))
        erased = await super().forget(person_id)
        return erased | {"calendar_busy": erased["calendar_busy"] + held}


def busy_of(row: RowMapping) -> Busy:
    """The record in a row of `calendar_busy`."""
    return Busy(person_id=row["person_id"], start=row["start_at"], end=row["end_at"], floating=row["floating"])


def _calendar_values(calendar: Calendar) -> dict[str, object]:
    return {column.name: getattr(calendar, column.name) for column in calendars.c if column.name != "id"}


def _calendar(row: RowMapping) -> Calendar:
    return Calendar(**row)
