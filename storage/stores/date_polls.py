"""Questions for dates: asked, answered one tap at a time, closed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, select, update

from storage.records.availability import Free
from storage.records.date_poll import DatePoll, PollAnswer, PollGuest
from storage.records.times import Span
from storage.stores.base import PersonalStore, Rows
from storage.tables.columns import span_of, span_values
from storage.tables.date_polls import date_poll_answers, date_poll_dates, date_poll_guests, date_polls

_PLAIN = tuple(column.name for column in date_polls.c)


class DatePollStore(PersonalStore):
    """Questions and deeds about date polls. Who answers or closes one takes it by `hold` first."""

    personal = (date_poll_answers.c.person_id, date_poll_guests.c.person_id, date_polls.c.person_id)

    async def add(self, poll: DatePoll, named: Collection[int]) -> DatePoll:
        """Keep a new poll with its dates and the people who were named; its id is given here."""
        values = {name: getattr(poll, name) for name in _PLAIN if name != "id"}
        poll_id = (await self._run(date_polls.insert().values(**values).returning(date_polls.c.id))).scalar_one()
        await self._do(
            date_poll_dates.insert(),
            [{"poll_id": poll_id, "number": n, **span_values(one)} for n, one in enumerate(poll.dates)],
        )
        if named:
            await self._do(
                date_poll_guests.insert(),
                [{"poll_id": poll_id, "person_id": person, "named": True, "answered_at": None} for person in named],
            )
        kept = await self.get(poll_id)
        assert kept is not None
        return kept

    async def get(self, poll_id: int) -> DatePoll | None:
        """One poll, closed ones as well."""
        return await self._poll(select(date_polls).where(date_polls.c.id == poll_id))

    async def hold(self, poll_id: int) -> DatePoll | None:
        """The poll, and nobody else answers or closes it before this Work is over."""
        return await self._poll(select(date_polls).where(date_polls.c.id == poll_id).with_for_update())

    async def of(self, person_id: int, n: int) -> list[DatePoll]:
        """The newest polls that somebody made, newest first."""
        rows = await self._run(
            select(date_polls.c.id).where(date_polls.c.person_id == person_id).order_by(date_polls.c.id.desc()).limit(n)
        )
        found = [await self.get(poll_id) for poll_id in rows.scalars().all()]
        return [poll for poll in found if poll is not None]

    async def guests(self, poll_id: int) -> list[PollGuest]:
        """Who was named or has answered, in the order of their ids."""
        return await self._all(
            select(date_poll_guests)
            .where(date_poll_guests.c.poll_id == poll_id)
            .order_by(date_poll_guests.c.person_id),
            lambda row: PollGuest(**row),
        )

    async def answers(self, poll_id: int) -> list[PollAnswer]:
        """Everything that was said."""
        return await self._all(
            select(date_poll_answers)
            .where(date_poll_answers.c.poll_id == poll_id)
            .order_by(date_poll_answers.c.person_id, date_poll_answers.c.number),
            lambda row: PollAnswer(**row),
        )

    async def say(self, poll_id: int, person_id: int, said: dict[int, Free], now: datetime) -> None:
        """Keep what somebody says to some of the dates, by number, instead of what they said to these before."""
        await self._do(
            self._insert(date_poll_guests)
            .values(poll_id=poll_id, person_id=person_id, named=False, answered_at=now)
            .on_conflict_do_update(index_elements=["poll_id", "person_id"], set_={"answered_at": now})
        )
        for number, state in said.items():
            await self._do(
                self._insert(date_poll_answers)
                .values(poll_id=poll_id, person_id=person_id, number=number, state=state)
                .on_conflict_do_update(index_elements=["poll_id", "person_id", "number"], set_={"state": state})
            )

    async def close(self, poll_id: int, now: datetime, *, cancelled: bool = False) -> bool:
        """It takes no more answers; False when it did not before."""
        return bool(
            await self._count(
                update(date_polls)
                .where(date_polls.c.id == poll_id, date_polls.c.closed_at.is_(None))
                .values(closed_at=now, cancelled=cancelled)
            )
        )

    async def reopen(self, poll_id: int) -> bool:
        """It takes answers again; False when it is gone or open."""
        return bool(
            await self._count(
                update(date_polls)
                .where(date_polls.c.id == poll_id, date_polls.c.closed_at.is_not(None))
                .values(closed_at=None, cancelled=False)
            )
        )

    async def export(self, person_id: int) -> dict[str, Rows]:
        """What the person asked, with the dates, and what they said to the questions of others."""
        mine = select(date_polls.c.id).where(date_polls.c.person_id == person_id)
        rows = await super().export(person_id)
        rows["date_poll_dates"] = await self._rows(select(date_poll_dates).where(date_poll_dates.c.poll_id.in_(mine)))
        return rows

    async def forget(self, person_id: int) -> dict[str, int]:
        """Erase the person's questions with everything said to them, and what they said to others."""
        mine = select(date_polls.c.id).where(date_polls.c.person_id == person_id)
        erased = {
            table.name: await self._count(delete(table).where(table.c.poll_id.in_(mine)))
            for table in (date_poll_answers, date_poll_guests, date_poll_dates)
        }
        for table, count in (await super().forget(person_id)).items():
            erased[table] = erased.get(table, 0) + count
        return erased

    async def _poll(self, statement: Any) -> DatePoll | None:
        row = (await self._run(statement)).mappings().first()
        if row is None:
            return None
        dates = await self._all(
            select(date_poll_dates).where(date_poll_dates.c.poll_id == row["id"]).order_by(date_poll_dates.c.number),
            _date,
        )
        return DatePoll(**row, dates=tuple(dates))


def _date(row: RowMapping) -> Span:
    stretch = span_of(dict(row))
    assert stretch is not None
    return stretch
