"""Rest as use cases: what a diary says about it, said once; time off; the switches; the week's summary."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.faults import Misread, NotFound, Stale
from cogs.kit.undo import offer_undo
from cogs.wellness import rules
from cogs.wellness.rules import Tired
from storage.records.availability import DAY_MINUTES, Booking, Entry, Free
from storage.records.notice import Lane, NewNotice
from storage.records.people import Topic
from storage.records.times import Span
from storage.records.wellness import BreakEntry, CheckIn, HearingLog, Hint, RestHint
from storage.work import OpenWork, Work

TIRED = "rest.tired"
WEEKLY = "rest.weekly"

#: Switches of the person: rest hints unless "off", the weekly summary when "on", and that the disclaimer was read.
HINTS = "wellness.rest"
SUMMARY = "wellness.weekly"
TOLD = "wellness.told"

#: What an entry of availability is marked with that was planned here.
TIME_OFF = "Time off"
#: Longest time off at once.
MOST_DAYS = 366
#: The week's summary: Sunday evening, on the person's own clock.
_SUNDAY, _EVENING = 6, time(18)
#: People looked at in one go.
_AT_ONCE = 200

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands: what their diary says, their time off, and their switches."""

    tired: tuple[Tired, ...]
    row: int
    day_off: date
    off: tuple[Entry, ...]
    hints: bool
    summary: bool
    zone: str


@dataclass(frozen=True, slots=True)
class Week:
    """What a summary tells of the seven days up to today."""

    first: date
    last: date
    breaks: tuple[BreakEntry, ...]
    hearing: tuple[HearingLog, ...]
    checkins: tuple[CheckIn, ...]
    tired: tuple[Tired, ...]
    day_off: date


class RestService:
    """The use cases; every one is about the caller alone."""

    def __init__(self, open_work: OpenWork) -> None:
        self._open_work = open_work

    async def standing(self, call: Call) -> Standing:
        """How the caller stands now; what has not been said about it yet is being said by this."""
        zone = call.zone_or_utc
        today = call.now.astimezone(ZoneInfo(zone)).date()
        async with self._open_work() as work:
            calls = await calls_of(work, call.person_id, call.now)
            found = rules.tired(calls, zone, today)
            for one in found:  # shown here and now, so it is not sent as well
                await _say(work, call.person_id, one, call.now)
            entries = await work.availability.current(call.person_id, today)
            settings = await work.people.settings(call.person_id)
            await work.commit()
        off = tuple(one for one in entries if _is_time_off(one) and (one.last or today) >= today)
        return Standing(
            tired=tuple(found),
            row=rules.longest_row(calls, zone, today),
            day_off=rules.next_day_off(calls, zone, today),
            off=tuple(sorted(off, key=lambda one: one.first)),
            hints=settings.get(HINTS) != "off",
            summary=settings.get(SUMMARY) == "on",
            zone=zone,
        )

    async def switch(self, call: Call, name: str, *, on: bool) -> None:
        """Hints about rest, or the week's summary, on or off."""
        async with self._open_work() as work:
            if name == HINTS:
                await work.people.set_setting(call.person_id, HINTS, None if on else "off")
            else:
                await work.people.set_setting(call.person_id, SUMMARY, "on" if on else None)
                if on:
                    await keep_summary(work, call.person_id, call.zone_or_utc, call.now)
                else:
                    await work.notices.cancel_series(_series(call.person_id), call.now)
            await work.commit()

    # --- time off -----------------------------------------------------------------------------------------------------

    async def take_off(self, call: Call, span: Span) -> tuple[Entry, list[Booking]]:
        """Say no to those days in the caller's availability. With what they play then, which stays as it is.

        Raises Misread for what has passed, or is too long.
        """
        first, last = span.first_day, span.last_day
        today = call.now.astimezone(ZoneInfo(call.zone_or_utc)).date()
        if last < today:
            raise Misread("Those days have passed.", example="12-14 Jan", field="when")
        if (last - first).days >= MOST_DAYS:
            raise Misread(
                "That is more than a year. Name the first and the last day.", example="1-14 Aug", field="when"
            )
        begins, ends = 0, DAY_MINUTES
        if not span.whole_days and span.end is not None and first == last:
            start, end = span.start.astimezone(ZoneInfo(span.zone)), span.end.astimezone(ZoneInfo(span.zone))
            begins, ends = start.hour * 60 + start.minute, end.hour * 60 + end.minute or DAY_MINUTES
        async with self._open_work() as work:
            entry = await work.availability.add(
                Entry(
                    id=0,
                    person_id=call.person_id,
                    state=Free.NO,
                    zone=span.zone,
                    first=first,
                    last=last,
                    begins=begins,
                    ends=ends,
                    note=TIME_OFF,
                    made_at=call.now,
                    said_at=call.now,
                )
            )
            whole = Span.of_days(first, last, span.zone)
            clashes = await work.diaries.bookings_of(call.person_id, whole.start, whole.until())
            await offer_undo(work, call, "Time off planned", action("rest.work", entry.id))
            await work.commit()
        return entry, clashes

    async def time_off(self, call: Call, entry_id: int) -> Entry:
        """Time off that the caller planned. Raises NotFound."""
        async with self._open_work(reading=True) as work:
            entry = await work.availability.get(entry_id)
        if entry is None or entry.person_id != call.person_id or not _is_time_off(entry) or entry.deleted_at:
            raise NotFound("time off", list_command="/rest show")
        return entry

    async def work_again(self, call: Call, entry_id: int, *, back: bool = False, fixing: bool = False) -> Entry:
        """Give up time off, or (back) take that back. Raises NotFound, Stale.

        fixing: other days stand in its place, and are what can be taken back.
        """
        async with self._open_work() as work:
            entry = await work.availability.hold(entry_id)
            if entry is None or entry.person_id != call.person_id or not _is_time_off(entry):
                raise NotFound("time off", list_command="/rest show")
            if (entry.deleted_at is not None) is not back:
                raise Stale("That was done before.")
            entry = await work.availability.change(replace(entry, deleted_at=None if back else call.now))
            if not back and not fixing:
                await offer_undo(work, call, "Time off given up", action("rest.back", entry_id))
            await work.commit()
        return entry

    # --- the week -----------------------------------------------------------------------------------------------------

    async def look_at_everybody(self, now: datetime) -> int:
        """Look whether anybody's diary says something about rest that was not said; to how many it is said now."""
        told, after = 0, 0
        while True:
            async with self._open_work(reading=True) as work:
                ids = await work.wellness.busy_people(now - rules.BACK, now + rules.AHEAD, after=after, n=_AT_ONCE)
                people = await work.people.many(ids)
                diaries = await work.diaries.diaries(ids, now - rules.BACK, now + rules.AHEAD)
            found = []
            for person_id in ids:
                if person_id in people:
                    zone = people[person_id].zone or "UTC"
                    today = now.astimezone(ZoneInfo(zone)).date()
                    calls = [one.span for one in diaries[person_id].bookings if one.inked]
                    found += [(person_id, one) for one in rules.tired(calls, zone, today)]
            if found:
                async with self._open_work() as work:
                    for person_id, one in found:
                        told += await tell(work, person_id, one, now)
                    await work.commit()
            if len(ids) < _AT_ONCE:
                return told
            after = ids[-1]


# --- inside somebody's Work -------------------------------------------------------------------------------------------


async def calls_of(work: Work, person_id: int, now: datetime) -> list[Span]:
    """What somebody is sure to play, from a fortnight ago to four weeks ahead."""
    bookings = await work.diaries.bookings_of(person_id, now - rules.BACK, now + rules.AHEAD)
    return [one.span for one in bookings if one.inked]


async def look_at(open_work: OpenWork, call: Call) -> None:
    """Look at the caller's own diary, as they are at it; writes only when there is something new to say."""
    zone = call.zone_or_utc
    async with open_work(reading=True) as work:
        calls = await calls_of(work, call.person_id, call.now)
    found = rules.tired(calls, zone, call.now.astimezone(ZoneInfo(zone)).date())
    if found:
        async with open_work() as work:
            told = [await tell(work, call.person_id, one, call.now) for one in found]
            if any(told):
                await work.commit()


async def tell(work: Work, person_id: int, one: Tired, now: datetime) -> bool:
    """Have it said, unless it was said before or they do not want to hear it; whether it will be."""
    if await work.people.setting(person_id, HINTS) == "off" or not await _say(work, person_id, one, now):
        return False
    await work.notices.add(
        NewNotice(
            kind=TIRED,
            person_id=person_id,
            args={"person_id": person_id, "hint": one.hint.value, "day": one.day.isoformat()},
            due_at=now,
            key=f"{TIRED}:{person_id}:{one.hint.value}:{one.day.isoformat()}",
            lane=Lane.SOFT,
            topic=Topic.BREAKS,
        ),
        now,
    )
    return True


async def _say(work: Work, person_id: int, one: Tired, now: datetime) -> bool:
    """Note that it is said; False when it was. A row that has grown at its beginning is still the same row."""
    length = {Hint.DOUBLES: rules.DOUBLES_IN_A_ROW, Hint.NO_DAY_OFF: rules.DAYS_WITHOUT_ONE_OFF}.get(one.hint, 0)
    near = await work.wellness.hints(person_id, one.hint, one.day - _DAY * length)
    if any(abs((said.day - one.day).days) <= length for said in near):
        return False
    return await work.wellness.say_hint(RestHint(person_id=person_id, hint=one.hint, day=one.day, said_at=now))


async def still_true(work: Work, person_id: int, hint: Hint, day: date, now: datetime) -> Tired | None:
    """What was to be said, if the diary still says so and they still want to hear it."""
    if await work.people.setting(person_id, HINTS) == "off":
        return None
    person = await work.people.get(person_id)
    zone = (person.zone if person is not None else None) or "UTC"
    found = rules.tired(await calls_of(work, person_id, now), zone, now.astimezone(ZoneInfo(zone)).date())
    return next((one for one in found if one.hint is hint and one.day == day), None)


async def keep_summary(work: Work, person_id: int, zone: str, now: datetime) -> None:
    """Keep the next week's summary."""
    place = ZoneInfo(zone)
    day = now.astimezone(place).date()
    day += _DAY * ((_SUNDAY - day.weekday()) % 7)
    at = datetime.combine(day, _EVENING, place)
    if at <= now:
        day += _DAY * 7
        at = datetime.combine(day, _EVENING, place)
    await work.notices.add(
        NewNotice(
            kind=WEEKLY,
            person_id=person_id,
            args={"person_id": person_id},
            due_at=at,
            topic=Topic.DIGESTS,
            series_id=_series(person_id),
            occurrence=day.toordinal(),
        ),
        now,
    )


def _series(person_id: int) -> str:
    return f"{WEEKLY}:{person_id}"


async def week_of(work: Work, person_id: int, now: datetime) -> Week | None:
    """The person's last seven days; None when they want no summary (any more)."""
    person = await work.people.get(person_id)
    if person is None or await work.people.setting(person_id, SUMMARY) != "on":
        return None
    zone = person.zone or "UTC"
    today = now.astimezone(ZoneInfo(zone)).date()
    first = today - _DAY * 6
    calls = await calls_of(work, person_id, now)
    since = datetime.combine(first, time(0), ZoneInfo(zone))
    return Week(
        first=first,
        last=today,
        breaks=tuple(await work.breaks.entries(person_id, since)),
        hearing=tuple(await work.wellness.hearing_between(person_id, first, today)),
        checkins=tuple(await work.wellness.checkins_between(person_id, first, today)),
        tired=tuple(rules.tired(calls, zone, today)),
        day_off=rules.next_day_off(calls, zone, today + _DAY),
    )


async def first_time(work: Work, person_id: int) -> bool:
    """Whether the person has not been told yet that this is no medical advice; they are told by this answer."""
    if await work.people.setting(person_id, TOLD) is not None:
        return False
    await work.people.set_setting(person_id, TOLD, "yes")
    return True


def _is_time_off(entry: Entry) -> bool:
    return entry.state is Free.NO and entry.note == TIME_OFF
