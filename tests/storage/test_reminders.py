"""Reminders as they are kept, on every engine; and the platform a notice was asked for on."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from storage.faults import Gone
from storage.records.notice import NewNotice
from storage.records.people import Person
from storage.records.reminder import Hung, Reminder, ReminderState, Timing
from storage.work import OpenWork
from tests.conftest import START

pytestmark = pytest.mark.usefixtures("anywhere")

ONCE = Timing(zone="Europe/London", at=START + timedelta(days=1), day=date(2026, 11, 24), clock=time(10))


async def person(open_work: OpenWork, name: str = "Bob", surface: str = "console") -> Person:
    async with open_work() as work:
        found = await work.people.greet(surface, name, name, START, dm=f"dm:{name}")
        await work.commit()
    return found


async def kept(open_work: OpenWork, reminder: Reminder) -> Reminder:
    async with open_work() as work:
        found = await work.reminders.add(reminder)
        await work.commit()
    return found


def plain(whose: Person, text: str = "strings", **fields: object) -> Reminder:
    return replace(Reminder(person_id=whose.id, text=text, timing=ONCE, made_at=START), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "timing",
    [
        ONCE,
        replace(ONCE, clock=None, rrule="FREQ=WEEKLY;BYDAY=TU"),
        replace(ONCE, hung=Hung(gig_id=7, days=-1, part="evening")),
        replace(ONCE, clock=time(0), hung=Hung(gig_id=7, days=-1, clock=0)),
        replace(ONCE, hung=Hung(gig_id=7, seconds=-7200)),
    ],
)
async def test_a_reminder_comes_back_as_it_was_kept(open_work: OpenWork, timing: Timing) -> None:
    bob = await person(open_work)
    reminder = Reminder(
        person_id=bob.id,
        text="strings \N{SAXOPHONE}",
        timing=timing,
        platform="telegram",
        role="Strings",
        leads=(timedelta(days=1), timedelta(hours=2)),
        next_at=timing.at,
        planned=3,
        rung=2,
        rung_at=START,
        ticked=1,
        snoozed_until=START + timedelta(minutes=10),
        made_at=START,
    )

    made = await kept(open_work, reminder)

    assert made == replace(reminder, id=made.id)
    async with open_work() as work:
        changed = await work.reminders.change(replace(made, text="reeds", state=ReminderState.DONE, ended_at=START))
        assert changed == replace(made, text="reeds", state=ReminderState.DONE, ended_at=START)
        await work.commit()
    async with open_work(reading=True) as work:
        assert await work.reminders.get(made.id) == changed
        assert await work.reminders.get(made.id + 1) is None


async def test_what_is_not_there_cannot_be_changed(open_work: OpenWork) -> None:
    bob = await person(open_work)
    async with open_work() as work:
        with pytest.raises(Gone, match="R99"):
            await work.reminders.change(replace(plain(bob), id=99))


async def test_a_list_has_what_rings_next_first_then_paused_then_what_is_over(open_work: OpenWork) -> None:
    bob, ada = await person(open_work), await person(open_work, "Ada")
    hour = timedelta(hours=1)
    over = {"state": ReminderState.OVER, "next_at": None}
    for reminder in (
        plain(bob, "paused", state=ReminderState.PAUSED),
        plain(bob, "over lately", **over, ended_at=START - hour),
        plain(bob, "later", next_at=START + 3 * hour),
        plain(bob, "over long ago", **over, ended_at=START - timedelta(days=9)),
        plain(bob, "snoozed", **over, ended_at=START - timedelta(days=9), snoozed_until=START + 2 * hour),
        plain(bob, "soon", next_at=START + hour),
        plain(bob, "deleted", next_at=START + hour, deleted_at=START),
        plain(bob, "ticked off", state=ReminderState.DONE, ended_at=START),
        plain(bob, "over just now", **over, ended_at=START),
        plain(ada, "hers", next_at=START),
    ):
        await kept(open_work, reminder)

    since = START - timedelta(days=2)
    async with open_work(reading=True) as work:
        found = [one.text for one in await work.reminders.listed(bob.id, since, n=99)]
        assert found == ["soon", "snoozed", "later", "paused", "over just now", "over lately"]
        assert await work.reminders.count_listed(bob.id, since) == 6
        assert [one.text for one in await work.reminders.listed(bob.id, since, first=2, n=2)] == ["later", "paused"]
        assert await work.reminders.waiting_for(bob.id) == 3


async def test_moderators_see_those_of_their_channels(open_work: OpenWork) -> None:
    bob, ada = await person(open_work), await person(open_work, "Ada")
    async with open_work() as work:
        hall = await work.communities.greet("console", "hall", "The Hall", START)
        channel = await work.communities.greet_channel(hall.id, "console", "#gigs", "gigs")
        await work.commit()
    await kept(open_work, plain(bob, "for all", next_at=START, community_id=hall.id, channel_id=channel.id))

    async with open_work(reading=True) as work:
        assert await work.reminders.listed(ada.id, START) == []
        assert [one.text for one in await work.reminders.listed(ada.id, START, community_id=hall.id)] == ["for all"]
        assert await work.reminders.count_listed(ada.id, START, community_id=hall.id + 1) == 0


async def test_clearing_out_takes_what_is_long_gone_and_only_the_persons_own(open_work: OpenWork) -> None:
    bob, ada = await person(open_work), await person(open_work, "Ada")
    old = START - timedelta(days=100)
    for reminder in (
        plain(bob, "deleted long ago", deleted_at=old),
        plain(bob, "deleted now", deleted_at=START),
        plain(bob, "over long ago", state=ReminderState.OVER, ended_at=old),
        plain(bob, "still to come", next_at=START + timedelta(days=9), made_at=old),
        plain(ada, "hers", deleted_at=old),
    ):
        await kept(open_work, reminder)

    async with open_work() as work:
        assert await work.reminders.clear_out(bob.id, START - timedelta(days=1), START - timedelta(days=90)) == 2
        await work.commit()
    async with open_work(reading=True) as work:
        left = [await work.reminders.get(n) for n in range(1, 6)]
    assert [one.text for one in left if one is not None] == ["deleted now", "still to come", "hers"]


async def test_who_holds_a_reminder_is_alone_with_it(open_work: OpenWork) -> None:
    """Eight at once each take the next number; nobody's is lost and none is used twice."""
    bob = await person(open_work)
    made = await kept(open_work, plain(bob))

    async def number() -> int:
        async with open_work() as work:
            held = await work.reminders.hold(made.id)
            assert held is not None
            await asyncio.sleep(0)
            changed = await work.reminders.change(replace(held, planned=held.planned + 1))
            await work.commit()
        return changed.planned

    assert sorted(await asyncio.gather(*(number() for _ in range(8)))) == list(range(1, 9))


async def test_a_persons_reminders_are_handed_over_and_erased_with_them(open_work: OpenWork) -> None:
    bob, ada = await person(open_work), await person(open_work, "Ada")
    await kept(open_work, plain(bob, "his"))
    await kept(open_work, plain(ada, "hers"))

    async with open_work() as work:
        exported = await work.export(bob.id)
        assert [row["text"] for row in exported["reminders"]] == ["his"]
        erased = await work.forget(bob.id)
        assert erased["reminders"] == 1
        await work.commit()
    async with open_work(reading=True) as work:
        assert await work.reminders.get(1) is None
        assert await work.reminders.get(2) is not None


# --- the platform that was asked for ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "choice", "goes"),
    [
        ("reminders", None, "console"),  # where they were seen last
        ("reminders@telegram", None, "telegram"),
        ("reminders@telegram", "console", "telegram"),  # this time counts for more than the usual choice
        ("reminders@discord", None, "console"),  # they are not there
        ("reminders@discord", "telegram", "telegram"),
        ("reminders@telegram", "off", "off"),
    ],
)
async def test_a_notice_goes_where_it_was_asked_for(
    open_work: OpenWork, topic: str, choice: str | None, goes: str
) -> None:
    bob = await person(open_work)
    async with open_work() as work:
        await work.people.greet("telegram", "77", "Bob", START - timedelta(days=1), dm="chat77")
        await work.people.attach("telegram", "77", bob.id)
        await work.people.set_setting(bob.id, "notify.reminders", choice)
        await work.notices.add(
            NewNotice(kind="t.say", person_id=bob.id, due_at=START, args={"n": 1}, topic=topic), START
        )
        await work.commit()
    async with open_work() as work:
        (waiting,) = await work.notices.of_person(bob.id)
        assert waiting.platform == goes
        assert await work.notices.reroute(bob.id, START) == 0  # and it is still wanted there
        if goes != "off":
            (claimed,) = [
                one
                for lane in await work.notices.next_due(goes)
                for one in await work.notices.claim(goes, lane, START, timedelta(minutes=1), 9, "me")
            ]
            assert claimed.topic == "reminders"  # what its reader's switches are called by


async def test_a_reminder_names_its_notices() -> None:
    reminder = replace(
        Reminder(id=4, person_id=1, text="x", timing=ONCE, made_at=datetime(2026, 1, 1, tzinfo=UTC)), planned=2
    )

    assert (reminder.ref, reminder.series, reminder.key(2)) == ("R4", "reminder:4", "reminder:4#2")
