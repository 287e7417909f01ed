"""Rights that are missing: who of a server hears of it, how often, and what happens when they are given back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from cogs.setup.rights_cog import RightsCog
from storage.records.people import Channel as Kept
from tests.bot.on_discord.conftest import Band, eventually
from tests.bot.on_discord.sample_cog import OddCog
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.program import MONDAY, Program
from tests.fakes.discord.rights import SEND, VIEW, taken_away
from tests.fakes.discord.world import Channel


@pytest.fixture
async def board(fake: FakeDiscord, band: Band, programs: Callable[..., Program]) -> Program:
    """A program with the odd cog and its board in #gigs."""
    band.guild.owner_id = band.ada.id
    program = programs(lambda tools: (OddCog(tools), RightsCog(tools)))
    await program.start()
    await eventually(lambda: program.surface._client is not None and bool(program.surface._client.guilds))
    async with program.house.storage.open_work() as work:
        community = await work.communities.greet("discord", str(band.guild.id), band.guild.name, MONDAY)
        kept = await work.communities.greet_channel(community.id, "discord", str(band.gigs.id), "gigs")
        await work.communities.change_channel(kept.id, board=True)
        await work.commit()
    return program


async def close(fake: FakeDiscord, band: Band, *rights: int, told: bool = True) -> None:
    """The bot may no longer do something in #gigs. told: the gateway says so, as it does sooner or later."""
    band.gigs.overwrites = [taken_away(band.guild.id, *rights)]
    if told:
        await fake.told_of(band.gigs)
        await (await fake.slash(band.ada, fake.channel("lounge"), "odd list")).settled()


async def hang(fake: FakeDiscord, band: Band, program: Program) -> None:
    await (await fake.slash(band.ada, fake.channel("lounge"), "odd board")).settled()
    await program.deliver()
    await program.deliver()


async def kept(program: Program, channel: Channel) -> Kept:
    async with program.house.storage.open_work(reading=True) as work:
        found = await work.communities.channel("discord", str(channel.id))
    assert found is not None
    return found


def words(fake: FakeDiscord, place: Channel) -> list[str]:
    return [one.text for one in fake.messages.values() if one.channel is place and "missing" in one.text]


async def test_the_owner_hears_which_right_is_missing_and_how_to_give_it(
    fake: FakeDiscord, band: Band, board: Program
) -> None:
    await close(fake, band, SEND)
    await board.deliver()

    [said] = words(fake, fake.dm(band.ada))
    assert "I cannot post in **#gigs**: Send Messages is missing there." in said
    assert "Open #gigs, Edit Channel, Permissions, my role, and switch on Send Messages." in said
    assert words(fake, fake.channel("lounge")) == []


async def test_the_moderators_own_channel_is_told_where_there_is_one(
    fake: FakeDiscord, band: Band, board: Program
) -> None:
    band.guild.updates = fake.add_channel(Channel("moderators", band.guild.id))
    band.guild.system = fake.channel("lounge")
    await fake.gateway.dispatch("CHANNEL_CREATE", band.guild.updates.payload(), guild_id=band.guild.id)
    await fake.gateway.dispatch("GUILD_UPDATE", band.guild.payload(fake.bot), guild_id=band.guild.id)
    await close(fake, band, VIEW)
    await board.deliver()

    assert len(words(fake, band.guild.updates)) == 1 and "View Channel" in words(fake, band.guild.updates)[0]
    assert words(fake, fake.dm(band.ada)) == words(fake, fake.channel("lounge")) == []


async def test_a_refusal_tells_as_well_and_once_a_day_is_enough(fake: FakeDiscord, band: Band, board: Program) -> None:
    await close(fake, band, SEND, told=False)  # nothing said so, but what is posted is refused
    for _ in range(3):
        await hang(fake, band, board)
        board.clock.set(board.clock.now() + timedelta(hours=1))
    assert len([one for one in fake.messages.values() if one.channel is fake.dm(band.ada)]) == 1
    assert (await kept(board, band.gigs)).trouble is not None

    board.clock.set(board.clock.now() + timedelta(days=1))
    await hang(fake, band, board)
    assert len([one for one in fake.messages.values() if one.channel is fake.dm(band.ada)]) == 2


async def test_what_was_refused_goes_up_when_the_right_is_given(fake: FakeDiscord, band: Band, board: Program) -> None:
    await close(fake, band, SEND, told=False)
    await hang(fake, band, board)
    assert fake.visible(band.bob, band.gigs) == []

    band.gigs.overwrites = []
    await fake.told_of(band.gigs)
    await eventually(lambda: _well(board, band.gigs))
    await board.deliver()

    assert [one.text.split("\n")[0] for one in fake.visible(band.bob, band.gigs)] == ["## Bass dep"]


async def test_nothing_is_said_when_the_right_was_given_back_meanwhile(
    fake: FakeDiscord, band: Band, board: Program
) -> None:
    await close(fake, band, SEND)
    band.gigs.overwrites = []
    await fake.told_of(band.gigs)
    await eventually(lambda: _well(board, band.gigs))
    await board.deliver()

    assert [one for one in fake.messages.values() if one.channel is fake.dm(band.ada)] == []


async def test_a_channel_that_is_no_board_is_nobodys_worry(fake: FakeDiscord, band: Band, board: Program) -> None:
    async with board.house.storage.open_work() as work:
        found = await work.communities.channel("discord", str(band.gigs.id))
        assert found is not None
        await work.communities.change_channel(found.id, board=False)
        await work.commit()
    await close(fake, band, SEND)
    await board.deliver()

    assert [one for one in fake.messages.values() if one.channel is fake.dm(band.ada)] == []
    assert (await kept(board, band.gigs)).trouble is None


async def _well(program: Program, channel: Channel) -> bool:
    return (await kept(program, channel)).trouble is None
