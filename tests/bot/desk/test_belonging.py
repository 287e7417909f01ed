"""Who has left a community on its platform has left it here too, the next time they do anything anywhere."""

from __future__ import annotations

import pytest

from bot.desk.belonging import Belonging
from bot.desk.guests import Guests, Visitor
from cogs.kit.places import Missing, Standing
from cogs.kit.tools import Tools
from storage.records.people import Channel, Community, Identity
from storage.work import OpenWork
from tests.conftest import MovableClock


class Says:
    """A platform that knows who left what. asked: how often it was."""

    def __init__(self) -> None:
        self.left: set[str] = set()
        self.silent = False
        self.asked = 0

    async def missing(self, channel: Channel) -> tuple[Missing, ...] | None:
        return ()

    async def standing(self, community: Community, identity: Identity) -> Standing | None:
        self.asked += 1
        return None if self.silent else Standing(member=community.account not in self.left)


def visitor(community: str | None = None) -> Visitor:
    if community is None:
        return Visitor(surface="discord", account="7", name="Bob", address="dm7", dm="dm7")
    where = (community, f"The {community}")
    channel = (f"c-{community}", "gigs", "text")
    return Visitor(surface="discord", account="7", name="Bob", address=channel[0], community=where, channel=channel)


@pytest.fixture
def says() -> Says:
    return Says()


async def settled(open_work: OpenWork, clock: MovableClock, says: Says) -> Guests:
    """Bob has been in both communities, and nobody has asked about him for a while."""
    before = Guests(Tools(open_work=open_work, clock=clock))
    for community in ("north", "south"):
        await before.call(visitor(community))
    return Guests(Tools(open_work=open_work, clock=clock, places=says))


async def belongs(open_work: OpenWork) -> set[str]:
    async with open_work(reading=True) as work:
        identity = await work.people.identity("discord", "7")
        assert identity is not None
        return {one.account for one in await work.communities.communities_of(identity.person_id)}


async def test_in_private_every_community_is_asked_about(open_work: OpenWork, clock: MovableClock, says: Says) -> None:
    guests = await settled(open_work, clock, says)
    says.left = {"south"}

    call = await guests.call(visitor())

    assert await belongs(open_work) == {"north"}
    async with open_work(reading=True) as work:
        north = await work.communities.at("discord", "north")
    assert north is not None
    assert call.community_id == north.id
    assert says.asked == 2


async def test_where_somebody_speaks_they_belong(open_work: OpenWork, clock: MovableClock, says: Says) -> None:
    guests = await settled(open_work, clock, says)
    says.left = {"north", "south"}

    await guests.call(visitor("north"))

    assert await belongs(open_work) == {"north"}
    assert says.asked == 1


async def test_a_platform_that_says_nothing_puts_nobody_out(
    open_work: OpenWork, clock: MovableClock, says: Says
) -> None:
    guests = await settled(open_work, clock, says)
    says.silent = True

    await guests.call(visitor())

    assert await belongs(open_work) == {"north", "south"}


async def test_it_is_asked_once_a_minute_at_most(open_work: OpenWork, clock: MovableClock, says: Says) -> None:
    await settled(open_work, clock, says)
    belonging = Belonging(Tools(open_work=open_work, clock=clock, places=says))

    for _ in range(5):
        assert not await belonging.look("discord", "7", None)

    assert says.asked == 2


async def test_who_comes_back_belongs_again(open_work: OpenWork, clock: MovableClock, says: Says) -> None:
    guests = await settled(open_work, clock, says)
    says.left = {"south"}
    await guests.call(visitor())

    await guests.call(visitor("south"))

    assert await belongs(open_work) == {"north", "south"}
