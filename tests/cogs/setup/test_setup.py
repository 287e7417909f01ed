"""Where gig cards hang, as moderators say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cogs.setup.cog import SetupCog
from storage.records.people import Channel
from tests.house import House


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    running = await House.open(tmp_path, furnish=lambda tools: (SetupCog(tools),))
    yield running
    await running.stop()


async def channel(house: House, name: str) -> Channel:
    async with house.shell.program.tools.open_work(reading=True) as work:
        found = await work.communities.channel("console", f"#{name}")
    assert found is not None
    return found


async def test_the_channel_it_is_said_in_becomes_a_board(house: House) -> None:
    await house.play("!as Ada\n!in #first\n!in #lounge\n/setup channels\n!expect Gig cards are hung in #lounge")

    assert (await channel(house, "lounge")).board


async def test_a_channel_is_named_and_switched_off_and_that_undone(house: House) -> None:
    await house.play("!as Ada\n!in #gigs\n!in dm")
    await house.play("/setup channels channel=gigs cards=off\n!expect No gig cards in #gigs")
    assert not (await channel(house, "gigs")).board

    await house.play("!press Undo\n!expect Gig cards are hung in #gigs")
    assert (await channel(house, "gigs")).board


async def test_the_list_has_a_button_for_each(house: House) -> None:
    await house.play("!as Ada\n!in #gigs\n!in #lounge\n!in dm")
    await house.play("/setup channels\n!expect #lounge: no gig cards\n!press Stop")

    assert not (await channel(house, "gigs")).board


async def test_an_unknown_channel_is_asked_for_again(house: House) -> None:
    await house.play("!as Ada\n!in #gigs\n!in dm")
    await house.play("/setup channels channel=nowhere\n!expect do not know\ngigs\n!expect #gigs")


async def test_others_may_not(house: House) -> None:
    printed = await house.play("!as Ada\n!in #lounge\n!as Bob\n!in #gigs\n/setup channels\n!expect Only moderators")

    assert "hung" not in printed


async def test_a_channel_made_anew_is_meant_and_not_the_deleted_one_of_its_name(house: House) -> None:
    """Discord lets a server delete #gigs and make another: the first is neither found by its name nor offered."""
    await house.play("!as Ada\n!in #gigs\n!in #lounge")
    old = await channel(house, "gigs")
    async with house.shell.program.tools.open_work() as work:
        await work.communities.change_channel(old.id, board=False)
        await work.notices.set_channel_trouble(old.id, Channel.GONE)
        new = await work.communities.greet_channel(old.community_id, "console", "#other", "gigs")
        await work.commit()
    printed = await house.play("/setup channels\n/setup channels channel=gigs\n!expect Gig cards are hung in #gigs")

    assert Channel.GONE not in printed
    async with house.shell.program.tools.open_work(reading=True) as work:
        hung = {one.id: one.board for one in await work.communities.channels_of(old.community_id)}
    assert (hung[old.id], hung[new.id]) == (False, True)
