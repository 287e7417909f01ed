"""Time, calendars, feeds and date polls on every database: kept as said, found in time, erased with their owner."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from storage.records.availability import Busy, Calendar, Entry, FeedShow, Free
from storage.records.date_poll import DatePoll
from storage.records.packs import Pack, packed
from storage.records.times import Span
from storage.tables.availability import availability_packs
from storage.work import OpenWork, Work

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
DAY = timedelta(days=1)


async def person(work: Work, name: str = "Bob", zone: str = "Europe/London") -> int:
    made = await work.people.add(name, NOW)
    await work.people.change(made.id, zone=zone)
    return made.id


def entry(person_id: int, state: Free = Free.NO, **fields: object) -> Entry:
    given: dict[str, object] = {
        "id": 0, "person_id": person_id, "state": state, "zone": "Europe/London", "first": date(2026, 12, 1),
        "last": date(2026, 12, 1), "made_at": NOW, "said_at": NOW,
    }  # fmt: skip
    return Entry(**{**given, **fields})  # type: ignore[arg-type]


@pytest.mark.usefixtures("anywhere")
async def test_an_entry_comes_back_as_it_was_said(open_work: OpenWork) -> None:
    async with open_work() as work:
        bob = await person(work)
        said = entry(
            bob, first=date(2026, 12, 1), last=None, begins=1080, ends=1500, days=2, every=2, region="Leeds",
            note="ünï", but=(date(2026, 12, 15),), listed=(date(2026, 12, 8),),
        )  # fmt: skip
        kept = await work.availability.add(said)
        assert await work.availability.get(kept.id) == kept
        assert kept == entry(
            bob, id=kept.id, first=date(2026, 12, 1), last=None, begins=1080, ends=1500, days=2, every=2,
            region="Leeds", note="ünï", but=(date(2026, 12, 15),), listed=(date(2026, 12, 8),),
        )  # fmt: skip


@pytest.mark.usefixtures("anywhere")
async def test_a_diary_holds_what_bears_on_its_days_in_the_order_said(open_work: OpenWork) -> None:
    async with open_work() as work:
        bob, cleo = await person(work), await person(work, "Cleo")
        later = await work.availability.add(entry(bob, said_at=NOW + DAY))
        first = await work.availability.add(entry(bob))
        await work.availability.add(entry(bob, first=date(2025, 1, 1), last=date(2025, 1, 2)))
        gone = await work.availability.add(entry(bob))
        await work.availability.change(entry(bob, id=gone.id, deleted_at=NOW))
        await work.availability.add(entry(cleo))
        start = datetime(2026, 12, 1, tzinfo=UTC)
        found = await work.diaries.diaries([bob, cleo], start, start + DAY)
        assert [one.id for one in found[bob].entries] == [first.id, later.id]
        assert len(found[cleo].entries) == 1


@pytest.mark.usefixtures("anywhere")
async def test_every_deed_packs_what_its_person_says_anew(open_work: OpenWork) -> None:
    async with open_work() as work:
        bob, cleo = await person(work), await person(work, "Cleo")
        await work.availability.add(entry(cleo))

        async def packs() -> dict[int, Pack]:
            rows = await work.connection.execute(select(availability_packs))
            return {row.person_id: Pack(row.zones, bytes(row.entries), row.odd) for row in rows}

        async def expect(*said: Entry) -> None:
            found = await packs()
            assert found.get(bob) == (packed(said) if said else None)
            assert found[cleo] == packed([entry(cleo)])

        first = await work.availability.add(entry(bob))
        await expect(first)
        other = await work.availability.add(entry(bob, Free.FREE, zone="Asia/Tokyo", region="Leeds", said_at=NOW + DAY))
        await expect(first, other)
        await work.availability.change(replace(first, state=Free.MAYBE))
        await expect(replace(first, state=Free.MAYBE), other)
        await work.availability.confirm([first.id], bob, NOW + DAY * 2)
        await expect(other, replace(first, state=Free.MAYBE, said_at=NOW + DAY * 2))
        await work.availability.change(replace(other, deleted_at=NOW))
        await expect(replace(first, state=Free.MAYBE, said_at=NOW + DAY * 2))
        await work.availability.clear_out(bob, date(2027, 1, 1), NOW)
        await expect()
        await work.availability.add(entry(bob))
        await work.forget(bob)
        await expect()


@pytest.mark.usefixtures("anywhere")
async def test_two_who_pack_at_once_leave_nothing_out(open_work: OpenWork) -> None:
    """Whoever writes second must see what the first has written, though neither saw it when they began."""
    async with open_work() as work:
        bob = await person(work)
        await work.commit()

    async def say(day: int) -> None:
        async with open_work() as work:
            await work.availability.add(entry(bob, first=date(2026, 12, day), last=date(2026, 12, day)))
            await work.commit()

    await asyncio.gather(*(say(day) for day in range(1, 13)))
    async with open_work(reading=True) as work:
        [kept] = (await work.connection.execute(select(availability_packs.c.entries))).scalars()
    assert len(kept) == 12 * 24


@pytest.mark.usefixtures("anywhere")
async def test_floating_time_is_read_on_its_owners_clock(open_work: OpenWork) -> None:
    async with open_work() as work:
        bob, yuki = await person(work), await person(work, "Yuki", "Asia/Tokyo")
        nine = datetime(2026, 12, 1, 9, tzinfo=UTC)
        for who in (bob, yuki):
            calendar = await work.calendars.add(
                Calendar(id=0, person_id=who, url=None, until=NOW + DAY * 400, made_at=NOW, read_at=NOW, next_at=None)
            )
            busy = Busy(person_id=who, start=nine, end=nine + timedelta(hours=1), floating=True)
            await work.calendars.fill(calendar, [busy])
        start = datetime(2026, 11, 30, 12, tzinfo=UTC)
        found = await work.diaries.diaries([bob, yuki], start, start + DAY * 2)
        assert found[bob].busy == ((nine, nine + timedelta(hours=1)),)
        assert found[yuki].busy == ((nine - timedelta(hours=9), nine - timedelta(hours=8)),)


@pytest.mark.usefixtures("anywhere")
async def test_a_no_that_was_taken_back_is_no_clash(open_work: OpenWork) -> None:
    span = Span(datetime(2026, 12, 1, 19, tzinfo=UTC), datetime(2026, 12, 1, 22, tzinfo=UTC), "Europe/London")
    async with open_work() as work:
        bob = await person(work)
        assert not await work.diaries.clashes(bob, span)
        no = await work.availability.add(entry(bob))
        assert [one.id for one in (await work.diaries.clashes(bob, span)).entries] == [no.id]
        await work.availability.add(entry(bob, Free.FREE, begins=1080, said_at=NOW + DAY))
        assert not await work.diaries.clashes(bob, span)


@pytest.mark.usefixtures("anywhere")
async def test_one_secret_opens_a_feed_at_a_time(open_work: OpenWork) -> None:
    async with open_work() as work:
        bob = await person(work)
        await work.calendar_feeds.put(bob, "a" * 64, FeedShow.STATES, NOW)
        await work.calendar_feeds.put(bob, "b" * 64, FeedShow.BUSY, NOW)
        assert await work.calendar_feeds.behind("a" * 64) is None
        found = await work.calendar_feeds.behind("b" * 64)
        assert found is not None and found.person_id == bob and found.show is FeedShow.BUSY


@pytest.mark.usefixtures("anywhere")
async def test_a_poll_is_answered_changed_closed_once_and_erased(open_work: OpenWork) -> None:
    async with open_work() as work:
        ada, bob = await person(work, "Ada"), await person(work)
        hall = await work.communities.greet("console", "hall", "The Hall", NOW)
        dates = tuple(Span.of_days(date(2027, 1, n), date(2027, 1, n), "Europe/London") for n in (3, 4))
        poll = await work.date_polls.add(
            DatePoll(
                id=0, person_id=ada, community_id=hall.id, zone="Europe/London", dates=dates, reply_by=NOW + DAY,
                made_at=NOW,
            ),
            [bob],
        )  # fmt: skip
        assert poll.dates == dates
        await work.date_polls.say(poll.id, bob, {0: Free.FREE, 1: Free.NO}, NOW)
        await work.date_polls.say(poll.id, bob, {0: Free.MAYBE}, NOW + DAY)
        assert [(one.number, one.state) for one in await work.date_polls.answers(poll.id)] == [
            (0, Free.MAYBE), (1, Free.NO)
        ]  # fmt: skip
        [guest] = await work.date_polls.guests(poll.id)
        assert guest.named and guest.answered_at == NOW + DAY
        assert await work.date_polls.close(poll.id, NOW)
        assert not await work.date_polls.close(poll.id, NOW)
        erased = await work.forget(ada)
        assert erased["date_polls"] == 1 and erased["date_poll_answers"] == 2 and erased["date_poll_dates"] == 2
        assert await work.date_polls.get(poll.id) is None
