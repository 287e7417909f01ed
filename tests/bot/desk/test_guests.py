from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desk.guests import Guests, Visitor
from cogs.kit.call import Right
from cogs.kit.tools import Defaults, Tools
from storage.records.notice import NewNotice
from storage.records.people import Words
from storage.work import OpenWork
from tests.conftest import MovableClock

IN_A_GROUP = Visitor(
    surface="telegram",
    account="7",
    name="Ada",
    address="-100",
    community=("-100", "Leeds players"),
    channel=("-100", "Leeds players", "group"),
)
IN_PRIVATE = Visitor(surface="telegram", account="7", name="Ada", address="7", dm="7")


@pytest.fixture
def guests(open_work: OpenWork, clock: MovableClock) -> Guests:
    return Guests(Tools(open_work=open_work, clock=clock, defaults=Defaults(words=Words.US)))


async def test_the_same_account_is_the_same_person_everywhere(guests: Guests) -> None:
    there = await guests.call(IN_A_GROUP)
    here = await guests.call(IN_PRIVATE)
    assert here.person_id == there.person_id
    assert there.place.shared
    assert not here.place.shared
    assert here.community_id == there.community_id, "in private they belong where they were met"
    assert there.words is Words.US


async def test_another_account_is_another_person(guests: Guests) -> None:
    ada = await guests.call(IN_A_GROUP)
    assert (await guests.call(replace(IN_A_GROUP, account="8"))).person_id != ada.person_id
    assert (await guests.call(replace(IN_A_GROUP, surface="discord"))).person_id != ada.person_id


async def test_rights_are_those_of_the_platform_at_this_moment(guests: Guests) -> None:
    assert (await guests.call(replace(IN_A_GROUP, moderator=True))).may(Right.MODERATE)
    assert not (await guests.call(IN_A_GROUP)).may(Right.MODERATE)


async def test_a_known_visitor_is_only_read(guests: Guests, open_work: OpenWork) -> None:
    await guests.call(IN_A_GROUP)
    async with open_work() as held:  # a writer elsewhere does not hold a known visitor up
        await held.app.set_value("busy", "1")
        assert held is not None
    assert (await guests.call(IN_A_GROUP)).name == "Ada"


async def test_opening_a_private_chat_sends_what_waited_for_it(
    guests: Guests, open_work: OpenWork, clock: MovableClock
) -> None:
    call = await guests.call(IN_A_GROUP)
    async with open_work() as work:
        await work.people.mark_unreachable("telegram", "7", "never pressed Start")
        await work.notices.add(NewNotice(kind="x.y", due_at=clock.now(), person_id=call.person_id), clock.now())
        await work.commit()
    async with open_work(reading=True) as work:
        assert not await work.notices.next_due("telegram")
    await guests.call(IN_PRIVATE)
    async with open_work(reading=True) as work:
        assert await work.notices.next_due("telegram")


async def test_who_left_a_community_comes_back_by_speaking_there(guests: Guests, open_work: OpenWork) -> None:
    call = await guests.call(IN_A_GROUP)
    assert call.community_id is not None
    async with open_work() as work:
        await work.communities.leave(call.person_id, call.community_id, call.now)
        await work.commit()
    assert (await guests.call(IN_PRIVATE)).community_id is None
    assert (await guests.call(IN_A_GROUP)).community_id == call.community_id
