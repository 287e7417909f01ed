"""The guest book: looked up once for a moment, and anew as soon as anything about people is written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

import pytest

from bot.desk.guests import Guests, Visitor
from cogs.kit.tools import Tools
from storage.engine import Storage
from storage.stores.base import PEOPLE
from tests.conftest import MovableClock

ADA = Visitor(
    surface="discord",
    account="1",
    name="Ada",
    address="77",
    community=("7", "The Band"),
    channel=("77", "gigs", "text"),
)


class _Counting:
    """Opens Works and counts them."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.opened = 0

    def __call__(self, *, reading: bool = False) -> AbstractAsyncContextManager[Any]:
        self.opened += 1
        return self._storage.open_work(reading=reading)


@pytest.fixture
def counting(storage: Storage) -> _Counting:
    return _Counting(storage)


@pytest.fixture
async def guests(storage: Storage, counting: _Counting, clock: MovableClock) -> AsyncIterator[Guests]:
    made = Guests(Tools(open_work=counting, clock=clock))
    await storage.listen(PEOPLE, made.forget)
    made.remember()
    yield made


async def test_somebody_who_comes_again_at_once_is_not_looked_up_again(guests: Guests, counting: _Counting) -> None:
    await guests.call(ADA)  # signs in
    first = await guests.call(ADA)
    opened = counting.opened
    again = await guests.call(ADA)

    assert again == first and counting.opened == opened


async def test_what_is_written_about_people_is_seen_at_once(
    guests: Guests, counting: _Counting, storage: Storage
) -> None:
    await guests.call(ADA)
    before = await guests.call(ADA)
    async with storage.open_work() as work:
        await work.people.change(before.person_id, zone="Asia/Tokyo")
        await work.commit()

    assert (await guests.call(ADA)).zone == "Asia/Tokyo"
    async with storage.open_work() as work:
        await work.communities.deactivate(before.community_id or 0)
        await work.commit()
    await guests.call(ADA)  # signs in again, which makes the community active
    async with storage.open_work(reading=True) as work:
        community = await work.communities.get(before.community_id or 0)
    assert community is not None and community.active


async def test_what_was_rolled_back_changes_nothing(guests: Guests, counting: _Counting, storage: Storage) -> None:
    await guests.call(ADA)
    before = await guests.call(ADA)
    opened = counting.opened
    async with storage.open_work() as work:
        await work.people.change(before.person_id, zone="Asia/Tokyo")

    assert await guests.call(ADA) == before and counting.opened == opened


async def test_rights_are_those_of_this_moment(guests: Guests) -> None:
    from dataclasses import replace

    from cogs.kit.call import Right

    await guests.call(ADA)
    await guests.call(ADA)

    assert (await guests.call(replace(ADA, moderator=True))).may(Right.MODERATE)
    assert not (await guests.call(ADA)).may(Right.MODERATE)


async def test_without_being_asked_to_it_remembers_nobody(
    storage: Storage, counting: _Counting, clock: MovableClock
) -> None:
    guests = Guests(Tools(open_work=counting, clock=clock))
    await guests.call(ADA)
    await guests.call(ADA)
    opened = counting.opened
    await guests.call(ADA)

    assert counting.opened == opened + 1


async def test_a_guess_at_their_language_is_known_for_a_guess(guests: Guests) -> None:
    guessed = await guests.call(ADA)
    told = await guests.call(replace(ADA, account="2", locale="en-US"))

    assert (guessed.locale, guessed.locale_said) == ("en-GB", False)
    assert (told.locale, told.locale_said) == ("en-US", True)
