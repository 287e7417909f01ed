"""What is done with one's own time, one Work each: say, change, delete, take back, confirm, look; and who may know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from cogs.availability import rules
from cogs.availability.calendar import Piece, merged, pieces, trusted
from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, NotFound
from cogs.kit.tools import Tools
from cogs.kit.undo import offer_undo
from storage.records.availability import TRAVEL_SETTING, Booking, Diary, Entry
from storage.records.gig import Gig
from storage.records.notice import Lane, NewNotice
from storage.records.people import Community, Person, Visibility
from storage.records.times import local_midnight
from storage.work import Work

_LIST = "/avail show"


def share_setting(community_id: int) -> str:
    """The name of the person's setting that says "off" where a community may not ask about their time."""
    return f"avail.share.{community_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something said, with the communities that may ask about it, and whether each does."""

    entry: Entry
    shared: tuple[tuple[Community, bool], ...]
    first_time: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOf:
    """One day of a diary: its pieces, and the gigs of that day."""

    day: date
    pieces: tuple[Piece, ...]
    bookings: tuple[Booking, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Some days of one's own diary. zone: whose days they are. gigs: the records of those that are in it."""

    zone: str
    days: tuple[DayOf, ...]
    gigs: Mapping[int, Gig]
    entries: tuple[Entry, ...]


class AvailService:
    """The use cases. An entry of somebody else answers exactly as one that does not exist."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work

    # --- saying -------------------------------------------------------------------------------------------------------

    async def say(self, call: Call, entry: Entry) -> Said:
        """Keep something new. Raises Conflict when there is too much already."""
        today = call.now.date()
        async with self._open_work() as work:
            known = await work.availability.current(call.person_id, today)
            if len(known) >= rules.MOST:
                raise Conflict(f"You have {rules.MOST} entries, which is the most there may be.", how=f"See {_LIST}.")
            kept = await work.availability.add(entry)
            await work.availability.clear_out(
                call.person_id, today - rules.KEPT_PASSED, call.now - rules.KEPT_DELETED
            )  # fmt: skip
            await plan_asking(work, kept, call.now)
            shared = await _shared(work, call.person_id)
            await offer_undo(work, call, f"{kept.ref} set", action("avail.unset", kept.id))
            await work.commit()
        return Said(entry=kept, shared=shared, first_time=not known)

    async def change(self, call: Call, entry_id: int, **fields: object) -> Said:
        """Change some of its fields; it counts as said just now."""
        async with self._open_work() as work:
            entry = _seen(call, await work.availability.hold(entry_id), entry_id)
            changed = replace(entry, **fields, said_at=call.now, asked_at=None)  # type: ignore[arg-type]  # the dataclass checks
            kept = await work.availability.change(changed)
            await plan_asking(work, kept, call.now)
            shared = await _shared(work, call.person_id)
            await work.commit()
        return Said(entry=kept, shared=shared)

    async def delete(self, call: Call, entry_id: int, *, undoing: bool = False) -> Entry:
        """Take it back. undoing: this is an undo, not to be taken back itself."""
        async with self._open_work() as work:
            entry = _seen(call, await work.availability.hold(entry_id), entry_id)
            deleted = await work.availability.change(replace(entry, deleted_at=call.now))
            if not undoing:
                await offer_undo(work, call, f"{deleted.ref} deleted", action("avail.restore", deleted.id))
            await work.commit()
        return deleted

    async def restore(self, call: Call, entry_id: int) -> Said:
        """Bring back what was deleted."""
        async with self._open_work() as work:
            entry = await work.availability.hold(entry_id)
            if entry is None or entry.deleted_at is None:
                raise NotFound("entry", f"A{entry_id}", list_command=_LIST)
            entry = _seen(call, replace(entry, deleted_at=None), entry_id)
            kept = await work.availability.change(entry)
            shared = await _shared(work, call.person_id)
            await work.commit()
        return Said(entry=kept, shared=shared)

    async def confirm(self, call: Call, entry_ids: Sequence[int]) -> int:
        """Say some entries again as they are; how many there were."""
        async with self._open_work() as work:
            count = await work.availability.confirm(entry_ids, call.person_id, call.now)
            for entry_id in entry_ids:
                entry = await work.availability.get(entry_id)
                if entry is not None and entry.person_id == call.person_id:
                    await plan_asking(work, entry, call.now)
            await work.commit()
        return count

    async def confirm_stale(self, call: Call) -> int:
        """Say again everything that has gone stale; how much there was."""
        async with self._open_work(reading=True) as work:
            known = await work.availability.current(call.person_id, call.now.date())
        old = [one.id for one in known if one.stale_at() <= call.now + timedelta(days=1)]
        return await self.confirm(call, old) if old else 0

    # --- looking ------------------------------------------------------------------------------------------------------

    async def entry(self, call: Call, entry_id: int) -> Entry:
        """One of the caller's entries. Raises NotFound."""
        async with self._open_work(reading=True) as work:
            return _seen(call, await work.availability.get(entry_id), entry_id)

    async def entries(self, call: Call) -> list[Entry]:
        """What the caller said that has not passed, in the order of when it is."""
        async with self._open_work(reading=True) as work:
            known = await work.availability.current(call.person_id, call.now.date())
        found = [entry for entry in known if not rules.has_passed(entry, call.now)]
        return sorted(found, key=lambda entry: (entry.repeats, entry.first, entry.begins, entry.id))

    async def days(self, call: Call, first: date, last: date) -> Days:
        """The caller's own diary, day by day in their zone; both days included."""
        zone = call.zone_or_utc
        start, end = local_midnight(first, zone), local_midnight(last + timedelta(days=1), zone)
        async with self._open_work(reading=True) as work:
            diary = await work.diaries.diary(call.person_id, start, end)
            gigs = await work.gigs.many([one.gig_id for one in diary.bookings])
        return Days(
            zone=zone,
            days=tuple(_day_of(diary, first + timedelta(days=n), zone) for n in range((last - first).days + 1)),
            gigs=gigs,
            entries=diary.entries,
        )

    async def others_days(self, call: Call, person: Person, first: date, last: date) -> list[DayOf]:
        """Somebody else's days, as far as they share them with the caller's community. Raises NotFound."""
        async with self._open_work(reading=True) as work:
            if not await may_ask_about(work, call, person):
                raise NotFound("availability of", person.name)
            zone = person.zone or call.zone_or_utc
            start, end = local_midnight(first, zone), local_midnight(last + timedelta(days=1), zone)
            diary = await work.diaries.diary(person.id, start, end)
        diary = replace(diary, entries=trusted(diary.entries, call.now))
        return [_day_of(diary, first + timedelta(days=n), zone) for n in range((last - first).days + 1)]

    # --- who may know -------------------------------------------------------------------------------------------------

    async def shared(self, call: Call) -> tuple[tuple[Community, bool], ...]:
        """The caller's communities, and whether each may ask about their time."""
        async with self._open_work(reading=True) as work:
            return await _shared(work, call.person_id)

    async def share(self, call: Call, community_id: int, on: bool) -> tuple[tuple[Community, bool], ...]:
        """Let a community ask, or not. Raises NotFound for one the caller does not belong to."""
        async with self._open_work() as work:
            if not await work.communities.is_member(call.person_id, community_id):
                raise NotFound("community")
            await work.people.set_setting(call.person_id, share_setting(community_id), None if on else "off")
            shared = await _shared(work, call.person_id)
            await work.commit()
        return shared

    async def travel(self, call: Call, length: timedelta | None) -> timedelta:
        """Set (None: only ask) how much travel between two calls is counted with; what it is now."""
        if length is None:
            async with self._open_work(reading=True) as work:
                return await work.diaries.travel_of(call.person_id)
        async with self._open_work() as work:
            minutes = int(length.total_seconds() // 60)
            await work.people.set_setting(call.person_id, TRAVEL_SETTING, str(minutes) if minutes else None)
            await work.commit()
        return length


async def may_ask_about(work: Work, call: Call, person: Person) -> bool:
    """Whether the caller may learn free, maybe or not known about this person: the one gate for everybody.

    Both belong to the caller's community, and the person neither hides from it nor from people they never worked with.
    """
    if person.id == call.person_id:
        return True
    if call.community_id is None:
        return False
    for one in (call.person_id, person.id):
        if not await work.communities.is_member(one, call.community_id):
            return False
    if await work.people.setting(person.id, share_setting(call.community_id)) == "off":
        return False
    if person.visibility is Visibility.NOBODY:
        return False
    if person.visibility is Visibility.CONTACTS:
        return await work.answers.have_worked_together(call.person_id, person.id)
    return True


async def plan_asking(work: Work, entry: Entry, now: datetime) -> None:
    """Keep one notice for the day on which it goes stale; what goes stale the same day shares it."""
    at = rules.asking_time(entry.said_at, entry.zone)
    if rules.has_passed(entry, at):
        return
    await work.notices.add(
        NewNotice(
            kind="avail.stale",
            person_id=entry.person_id,
            due_at=at,
            key=f"avail.stale:{entry.person_id}:{at:%Y%m%d}",
            topic="reminders",
            lane=Lane.SOFT,
        ),
        now,
    )


async def _shared(work: Work, person_id: int) -> tuple[tuple[Community, bool], ...]:
    person = await work.people.get(person_id)
    hidden = person is not None and person.visibility is Visibility.NOBODY
    settings = await work.people.settings(person_id)
    return tuple(
        (community, not hidden and settings.get(share_setting(community.id)) != "off")
        for community in await work.communities.communities_of(person_id)
    )


def _day_of(diary: Diary, day: date, zone: str) -> DayOf:
    span = rules.day_span(day, zone)
    start, end = span.start, span.until()
    found = tuple(merged(pieces(diary, start, end)))
    bookings = tuple(one for one in diary.bookings if one.stretch()[0] < end and start < one.stretch()[1])
    return DayOf(day=day, pieces=found, bookings=bookings)


def _seen(call: Call, entry: Entry | None, entry_id: int) -> Entry:
    if entry is None or entry.deleted_at is not None or entry.person_id != call.person_id:
        raise NotFound("entry", f"A{entry_id}", list_command=_LIST)
    return entry


def today_of(call: Call) -> date:
    """The caller's own day."""
    return call.now.astimezone(ZoneInfo(call.zone_or_utc)).date()
