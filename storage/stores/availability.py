"""What people said about their time, and everything else that fills it: gigs and imported calendars."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, Select, and_, delete, func, or_, select, update

from storage.faults import Gone
from storage.records.answer import ENGAGED, Answer, AnswerState
from storage.records.availability import TRAVEL_SETTING, Booking, Busy, Calendar, Clashes, Diary, Entry, Free
from storage.records.gig import Gig, GigState
from storage.records.times import Span
from storage.stores.answers import AnswerStore
from storage.stores.base import PersonalStore
from storage.stores.gigs import GigStore
from storage.tables.answers import answers
from storage.tables.availability import availability, calendar_busy, calendars
from storage.tables.columns import span_of
from storage.tables.gigs import gigs
from storage.tables.people import people, person_settings

#: Stands for "for ever" in the column `last`.
_EVER = date.max
_DAY = timedelta(days=1)
#: Gigs begin at most this long before they end: tours are one gig. Bounds how far back a question looks.
LONGEST = timedelta(days=62)
#: Gigs in these states keep nobody.
_OFF = (GigState.CANCELLED, GigState.POSTPONED)
#: How far apart two zones' calendars can be, either way.
_A_DAY_AND_MORE = timedelta(days=2)
#: Ids in one statement; SQLite takes 32,766 values, and a plan for a few thousand is as good.
_AT_ONCE = 5000

_COLUMNS = tuple(column.name for column in availability.c)


class AvailabilityStore(PersonalStore):
    """Questions and deeds about time. Who changes an entry takes it by `hold` first."""

    personal = (calendar_busy.c.person_id, calendars.c.person_id, availability.c.person_id)

    # --- what was said ------------------------------------------------------------------------------------------------

    async def add(self, entry: Entry) -> Entry:
        """Keep something new and give it its id; the one in `entry` is ignored."""
        kept = await self._one(
            availability.insert().values(**_values(entry)).returning(*availability.c), entry_of
        )  # fmt: skip
        assert kept is not None
        return kept

    async def get(self, entry_id: int) -> Entry | None:
        """One entry, deleted ones as well."""
        return await self._one(select(availability).where(availability.c.id == entry_id), entry_of)

    async def hold(self, entry_id: int) -> Entry | None:
        """The entry, and nobody else changes it before this Work is over."""
        return await self._one(select(availability).where(availability.c.id == entry_id).with_for_update(), entry_of)

    async def change(self, entry: Entry) -> Entry:
        """Write the entry as it is now. Raises Gone when there is none with its id."""
        changed = await self._one(
            update(availability)
            .where(availability.c.id == entry.id)
            .values(**_values(entry))
            .returning(*availability.c),
            entry_of,
        )
        if changed is None:
            raise Gone(entry.ref)
        return changed

    async def current(self, person_id: int, today: date) -> list[Entry]:
        """What a person said that has not passed, in the order in which it was said."""
        return await self._all(
            select(availability)
            .where(
                availability.c.person_id == person_id,
                availability.c.last >= today - _A_DAY_AND_MORE,
                availability.c.deleted_at.is_(None),
            )
            .order_by(availability.c.said_at, availability.c.id),
            entry_of,
        )

    async def confirm(self, entry_ids: Collection[int], person_id: int, now: datetime) -> int:
        """Say the entries again as they are; how many there were."""
        return await self._count(
            update(availability)
            .where(
                availability.c.id.in_(entry_ids),
                availability.c.person_id == person_id,
                availability.c.deleted_at.is_(None),
            )
            .values(said_at=now, asked_at=None)
        )

    async def asked(self, entry_ids: Collection[int], now: datetime) -> None:
        """Their owner was asked whether they are still true."""
        await self._run(update(availability).where(availability.c.id.in_(entry_ids)).values(asked_at=now))

    async def clear_out(self, person_id: int, passed_before: date, deleted_before: datetime) -> int:
        """Delete for good what has long passed, or was deleted before then; how many rows went."""
        return await self._count(
            delete(availability).where(
                availability.c.person_id == person_id,
                or_(availability.c.last < passed_before, availability.c.deleted_at < deleted_before),
            )
        )

    # --- diaries ------------------------------------------------------------------------------------------------------

    async def diary(self, person_id: int, start: datetime, end: datetime) -> Diary:
        """Everything that bears on a person's time in [start, end); `diaries` for one."""
        return (await self.diaries([person_id], start, end))[person_id]

    async def diaries(self, person_ids: Sequence[int], start: datetime, end: datetime) -> dict[int, Diary]:
        """Everything that bears on the time of several people in [start, end), by id; entries in the order said."""
        entries: dict[int, list[Entry]] = {}
        bookings: dict[int, list[Booking]] = {}
        busy: dict[int, list[tuple[datetime, datetime]]] = {}
        zones: dict[int, str] = {}
        for some in _portions(person_ids):
            for entry in await self._all(_entries(some, start, end), entry_of):
                entries.setdefault(entry.person_id, []).append(entry)
            for booking in await self._all(_bookings(some, start, end), _booking):
                if booking.span.start < end and start < booking.span.until():
                    bookings.setdefault(booking.person_id, []).append(booking)
            found = await self._all(_busy(some, start, end), _busy_of)
            if found:
                rows = await self._run(
                    select(people.c.id, people.c.zone).where(people.c.id.in_({one.person_id for one in found}))
                )
                zones |= {row.id: row.zone or "UTC" for row in rows}
            for one in found:
                begins, ends = one.stretch(zones[one.person_id])
                if begins < end and start < ends:
                    busy.setdefault(one.person_id, []).append((begins, ends))
        return {
            person_id: Diary(
                person_id=person_id,
                entries=tuple(entries.get(person_id, ())),
                bookings=tuple(bookings.get(person_id, ())),
                busy=tuple(sorted(busy.get(person_id, ()))),
            )
            for person_id in person_ids
        }

    async def colleagues_of(self, person_id: int, others: Collection[int]) -> set[int]:
        """Those of the others who were inked for a gig together with the person, or either for a gig of the other."""
        theirs = answers.alias()
        hired = (
            select(answers.c.person_id)
            .join(gigs, gigs.c.id == answers.c.gig_id)
            .where(
                gigs.c.poster_id == person_id,
                answers.c.state == AnswerState.INKED,
                answers.c.person_id.in_(others),
            )
        )
        hired_me = (
            select(gigs.c.poster_id)
            .join(answers, answers.c.gig_id == gigs.c.id)
            .where(
                answers.c.person_id == person_id,
                answers.c.state == AnswerState.INKED,
                gigs.c.poster_id.in_(others),
            )
        )
        beside = (
            select(theirs.c.person_id)
            .join(answers, answers.c.gig_id == theirs.c.gig_id)
            .where(
                answers.c.person_id == person_id,
                answers.c.state == AnswerState.INKED,
                theirs.c.state == AnswerState.INKED,
                theirs.c.person_id.in_(others),
            )
        )
        return set((await self._run(hired.union(hired_me, beside))).scalars())

    async def hired_by(self, poster_id: int) -> dict[int, int]:
        """How often each player was inked for a gig that this person posted."""
        rows = await self._run(
            select(answers.c.person_id, func.count().label("times"))
            .join(gigs, gigs.c.id == answers.c.gig_id)
            .where(gigs.c.poster_id == poster_id, answers.c.state == AnswerState.INKED)
            .group_by(answers.c.person_id)
        )
        return {row.person_id: row.times for row in rows}

    async def travel_of(self, person_id: int) -> timedelta:
        """How much travel between two calls somebody wants counted; nothing by default."""
        said = (
            await self._run(
                select(person_settings.c.value).where(
                    person_settings.c.person_id == person_id, person_settings.c.name == TRAVEL_SETTING
                )
            )
        ).scalar()
        return timedelta(minutes=int(said)) if said and said.isdigit() else timedelta(0)

    async def clashes(self, person_id: int, span: Span, *, but_gig: int | None = None) -> Clashes:
        """What in a person's own diary stands against a time: for them, and never for others.

        but_gig: the gig that is asked about. Gigs closer than the travel that the person wants counted clash as well.
        """
        start, end = span.start, span.until()
        travel = await self.travel_of(person_id)
        wide = await self.diary(person_id, start - travel, end + travel)
        bookings = tuple(one for one in wide.bookings if one.gig_id != but_gig)
        return Clashes(
            bookings=bookings,
            busy=any(begins < end and start < ends for begins, ends in wide.busy),
            entries=tuple(_against(wide.entries, start, end)),
        )

    async def bookings_of(self, person_id: int, start: datetime, end: datetime) -> list[Booking]:
        """A person's gigs, pencilled and inked, that share a moment with [start, end); soonest first."""
        found = await self._all(_bookings([person_id], start, end), _booking)
        return [one for one in found if one.span.start < end and start < one.span.until()]

    async def engagements(self, person_id: int, start: datetime, end: datetime) -> list[tuple[Gig, Answer]]:
        """The gigs that a person is or was down for, with their answer: called off and released ones as well."""
        rows = await self._run(
            select(gigs.c.id)
            .join(answers, answers.c.gig_id == gigs.c.id)
            .where(
                answers.c.person_id == person_id,
                or_(
                    answers.c.state.in_(ENGAGED),
                    and_(
                        answers.c.state.in_((AnswerState.RELEASED, AnswerState.WITHDRAWN)),
                        answers.c.before.in_(ENGAGED),
                    ),
                ),
                gigs.c.start_at > start,
                gigs.c.start_at < end,
            )
            .order_by(gigs.c.start_at, gigs.c.id)
        )
        ids = list(rows.scalars())
        known = await GigStore(self._transaction).many(ids)
        mine = await AnswerStore(self._transaction).mine_to(ids, person_id)
        return [(known[gig_id], mine[gig_id]) for gig_id in ids]

    # --- imported calendars -------------------------------------------------------------------------------------------

    async def add_calendar(self, calendar: Calendar) -> Calendar:
        """Keep a new calendar and give it its id."""
        values = _calendar_values(calendar)
        kept = await self._one(calendars.insert().values(**values).returning(*calendars.c), _calendar)
        assert kept is not None
        return kept

    async def calendars_of(self, person_id: int) -> list[Calendar]:
        """The calendars a person imported, oldest first."""
        return await self._all(
            select(calendars).where(calendars.c.person_id == person_id).order_by(calendars.c.id), _calendar
        )

    async def calendar(self, calendar_id: int) -> Calendar | None:
        """One calendar, held: nobody else changes it before this Work is over."""
        return await self._one(select(calendars).where(calendars.c.id == calendar_id).with_for_update(), _calendar)

    async def calendars_due(self, now: datetime, n: int) -> list[Calendar]:
        """Calendars that want to be read again, the longest overdue first."""
        return await self._all(
            select(calendars).where(calendars.c.next_at <= now).order_by(calendars.c.next_at).limit(n), _calendar
        )

    async def claim_calendar(self, calendar: Calendar, next_at: datetime) -> bool:
        """Put off the next reading, so that no other process does it too; False when one was faster."""
        return bool(
            await self._count(
                update(calendars)
                .where(calendars.c.id == calendar.id, calendars.c.next_at == calendar.next_at)
                .values(next_at=next_at)
            )
        )

    async def change_calendar(self, calendar: Calendar) -> None:
        """Write a calendar as it is now; nothing happens when it was removed meanwhile."""
        values = _calendar_values(calendar)
        await self._run(update(calendars).where(calendars.c.id == calendar.id).values(**values))

    async def fill_calendar(self, calendar: Calendar, busy: Iterable[Busy]) -> None:
        """What the calendar holds from now on, instead of what it held."""
        await self._run(delete(calendar_busy).where(calendar_busy.c.calendar_id == calendar.id))
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
            await self._run(calendar_busy.insert(), rows)

    async def busy_in(self, calendar_id: int) -> list[Busy]:
        """What a calendar holds, soonest first."""
        return await self._all(
            select(calendar_busy)
            .where(calendar_busy.c.calendar_id == calendar_id)
            .order_by(calendar_busy.c.start_at, calendar_busy.c.end_at),
            _busy_of,
        )

    async def remove_calendar(self, calendar_id: int, person_id: int) -> bool:
        """Forget a calendar and what it held; False when it is not theirs or gone."""
        mine = select(calendars.c.id).where(calendars.c.id == calendar_id, calendars.c.person_id == person_id)
        await self._run(delete(calendar_busy).where(calendar_busy.c.calendar_id.in_(mine)))
        return bool(
            await self._count(
                delete(calendars).where(calendars.c.id == calendar_id, calendars.c.person_id == person_id)
            )
        )

    async def forget(self, person_id: int) -> dict[str, int]:
        """Erase what the person said and the calendars they imported, with everything those held."""
        mine = select(calendars.c.id).where(calendars.c.person_id == person_id)
        held = await self._count(delete(calendar_busy).where(calendar_busy.c.calendar_id.in_(mine)))
        erased = await super().forget(person_id)
        return erased | {"calendar_busy": erased["calendar_busy"] + held}


# --- statements -------------------------------------------------------------------------------------------------------


def _portions(person_ids: Sequence[int]) -> Iterable[Sequence[int]]:
    for place in range(0, len(person_ids), _AT_ONCE):
        yield person_ids[place : place + _AT_ONCE]


def _entries(person_ids: Sequence[int], start: datetime, end: datetime) -> Select[Any]:
    # By days, generously: which moments an entry covers is for the entry to say.
    return (
        select(availability)
        .where(
            availability.c.person_id.in_(person_ids),
            availability.c.last >= start.date() - LONGEST,
            availability.c.first <= end.date() + _A_DAY_AND_MORE,
            availability.c.deleted_at.is_(None),
        )
        .order_by(availability.c.said_at, availability.c.id)
    )


def _bookings(person_ids: Sequence[int], start: datetime, end: datetime) -> Select[Any]:
    return (
        select(
            answers.c.person_id,
            answers.c.state,
            gigs.c.id,
            gigs.c.start_at,
            gigs.c.end_at,
            gigs.c.zone,
            gigs.c.whole_days,
        )
        .join(gigs, gigs.c.id == answers.c.gig_id)
        .where(
            answers.c.person_id.in_(person_ids),
            answers.c.state.in_(ENGAGED),
            gigs.c.state.not_in(_OFF),
            gigs.c.start_at < end,
            gigs.c.start_at > start - LONGEST,
        )
        .order_by(gigs.c.start_at, gigs.c.id)
    )


def _busy(person_ids: Sequence[int], start: datetime, end: datetime) -> Select[Any]:
    # A floating stretch may lie a day to either side once it is read on somebody's own clock.
    return (
        select(calendar_busy)
        .where(
            calendar_busy.c.person_id.in_(person_ids),
            calendar_busy.c.start_at < end + _DAY,
            calendar_busy.c.start_at > start - LONGEST,
            calendar_busy.c.end_at > start - _DAY,
        )
        .order_by(calendar_busy.c.start_at)
    )


def _against(entries: Sequence[Entry], start: datetime, end: datetime) -> Iterable[Entry]:
    """The noes in force at some moment of [start, end): those that nothing said later has taken back."""
    left = [(start, end)]
    for entry in reversed(entries):
        found = list(entry.stretches(start, end))
        touched = [(begins, ends) for begins, ends in found for low, high in left if begins < high and low < ends]
        if touched and entry.state is Free.NO:
            yield entry
        for begins, ends in touched:
            left = [
                part
                for low, high in left
                for part in ((low, min(high, begins)), (max(low, ends), high))
                if part[0] < part[1]
            ]


# --- rows and records -------------------------------------------------------------------------------------------------


def _values(entry: Entry) -> dict[str, object]:
    values = {name: getattr(entry, name) for name in _COLUMNS if name != "id"}
    return values | {
        "last": entry.last or _EVER,
        "listed": [day.isoformat() for day in entry.listed] or None,
        "but": [day.isoformat() for day in entry.but] or None,
    }


def entry_of(row: RowMapping | Mapping[str, Any]) -> Entry:
    """The record in a row of `availability`."""
    values = dict(row)
    values["last"] = None if row["last"] == _EVER else row["last"]
    for name in ("listed", "but"):
        values[name] = tuple(map(date.fromisoformat, row[name] or ()))
    return Entry(**values)


def _booking(row: RowMapping) -> Booking:
    stretch = span_of(dict(row))
    assert stretch is not None
    return Booking(gig_id=row["id"], person_id=row["person_id"], inked=row["state"] is AnswerState.INKED, span=stretch)


def _busy_of(row: RowMapping) -> Busy:
    return Busy(person_id=row["person_id"], start=row["start_at"], end=row["end_at"], floating=row["floating"])


def _calendar_values(calendar: Calendar) -> dict[str, object]:
    return {column.name: getattr(calendar, column.name) for column in calendars.c if column.name != "id"}


def _calendar(row: RowMapping) -> Calendar:
    return Calendar(**row)
