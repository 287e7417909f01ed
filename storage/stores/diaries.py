"""Diaries: what people said about their time together with everything else that fills it, gigs and calendars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, Select, and_, or_, select

from storage.records import gig
from storage.records.answer import ENGAGED, Answer, AnswerState
from storage.records.availability import TRAVEL_SETTING, Booking, Clashes, Diary, Entry, Free
from storage.records.gig import Gig
from storage.records.times import Span
from storage.stores.answers import AnswerStore
from storage.stores.availability import entry_of
from storage.stores.base import Store
from storage.stores.calendars import busy_of
from storage.stores.gigs import GigStore
from storage.tables.answers import answers
from storage.tables.availability import availability, calendar_busy
from storage.tables.columns import span_of
from storage.tables.gigs import gigs
from storage.tables.people import people, person_settings

_DAY = timedelta(days=1)
#: Gigs begin at most this long before they end: tours are one gig. Bounds how far back a question looks.
LONGEST = timedelta(days=62)
#: Gigs in these states keep nobody.
OFF = tuple(sorted(gig.OFF))
#: How far apart two zones' calendars can be, either way.
_A_DAY_AND_MORE = timedelta(days=2)
#: Ids in one statement; SQLite takes 32,766 values, and a plan for a few thousand is as good.
_AT_ONCE = 5000


class DiaryStore(Store):
    """Questions about people's time; nothing is kept here."""

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
            found = await self._all(_busy(some, start, end), busy_of)
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
            gigs.c.state.not_in(OFF),
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


def _booking(row: RowMapping) -> Booking:
    stretch = span_of(dict(row))
    assert stretch is not None
    return Booking(gig_id=row["id"], person_id=row["person_id"], inked=row["state"] is AnswerState.INKED, span=stretch)
