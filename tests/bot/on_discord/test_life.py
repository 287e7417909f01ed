"""Servers and connections: joined, left, dropped, resumed, refused, sharded, and one process for one token."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.desk.surface import Hopeless
from bot.on_discord import client as client_module
from bot.settings import Secret
from storage.records.people import Channel as Kept
from tests.bot.on_discord.conftest import Band, eventually
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.program import Program
from tests.fakes.discord.world import THREAD, Channel, Guild


async def settled(fake: FakeDiscord, band: Band) -> None:
    """Events before this have been handled: the interaction behind them was."""
    await (await fake.slash(band.ada, band.gigs, "stall secret")).settled()


async def is_in(program: Program, guild: Guild) -> bool | None:
    """Whether the program knows itself to be in a server; None when it never heard of it."""
    async with program.house.storage.open_work(reading=True) as work:
        community = await work.communities.at("discord", str(guild.id))
    return community.active if community is not None else None


async def is_out(program: Program, guild: Guild) -> bool:
    return await is_in(program, guild) is False


async def kept(program: Program, channel: Channel) -> Kept:
    """What is known of a channel."""
    async with program.house.storage.open_work(reading=True) as work:
        found = await work.communities.channel("discord", str(channel.id))
    assert found is not None
    return found


async def test_nothing_privileged_is_asked_for(fake: FakeDiscord, program: Program) -> None:
    assert fake.gateway.heard["2"] == 1  # the fake checks the intents of every introduction
    assert fake.violations == []


async def test_the_gateway_is_asked_for_before_connecting(fake: FakeDiscord, program: Program) -> None:
    assert len(fake.seen("GET", "/gateway/bot$")) == 1


async def test_a_configured_gateway_is_not_asked_for(fake: FakeDiscord, programs: Callable[..., Program]) -> None:
    await programs(gateway_url=fake.gateway_url).start()

    assert fake.seen("GET", "/gateway/bot$") == []


async def test_put_out_of_a_server_and_brought_back(fake: FakeDiscord, program: Program, band: Band) -> None:
    await eventually(lambda: program.surface._client is not None and program.surface._client.is_ready())
    other = fake.add_guild("Another", "general")
    await fake.join(other)
    await fake.leave(other)
    await eventually(lambda: is_out(program, other))

    fake.guilds[other.id] = other
    await fake.join(other)
    await eventually(lambda: is_in(program, other))


async def test_a_server_that_is_down_for_a_while_was_not_left(fake: FakeDiscord, program: Program, band: Band) -> None:
    await settled(fake, band)
    await eventually(lambda: program.surface._client is not None and program.surface._client.is_ready())
    gone = {"id": str(band.guild.id), "unavailable": True}
    await fake.gateway.dispatch("GUILD_DELETE", gone, guild_id=band.guild.id)
    meanwhile = await (await fake.slash(band.ada, band.gigs, "stall secret")).settled()
    assert "£999" in meanwhile.text and await is_in(program, band.guild) is True

    await fake.gateway.dispatch("GUILD_CREATE", band.guild.payload(fake.bot), guild_id=band.guild.id)
    await settled(fake, band)
    assert [one.text for one in fake.messages.values() if one.nonce] == []  # nor is it said hello to anew


async def test_what_happened_while_it_was_away_is_caught_up(fake: FakeDiscord, program: Program, band: Band) -> None:
    await settled(fake, band)
    await program.stop()
    del fake.guilds[band.guild.id]
    fake.add_guild("Another", "general")
    await program.start()

    await eventually(lambda: is_out(program, band.guild))


async def test_a_deleted_channel_is_no_board_any_more(fake: FakeDiscord, program: Program, band: Band) -> None:
    lounge = fake.channel("lounge")
    await (await fake.slash(band.ada, lounge, "stall secret")).settled()
    async with program.house.storage.open_work() as work:
        channel = await work.communities.channel("discord", str(lounge.id))
        assert channel is not None
        await work.communities.change_channel(channel.id, board=True)
        await work.commit()
    await fake.delete_channel(lounge)

    async def is_gone() -> bool:
        now = await kept(program, lounge)
        return not now.board and now.trouble is not None

    await eventually(is_gone)


async def test_rights_given_back_clear_the_trouble(fake: FakeDiscord, program: Program, band: Band) -> None:
    await settled(fake, band)
    async with program.house.storage.open_work() as work:
        channel = await work.communities.channel("discord", str(band.gigs.id))
        assert channel is not None
        await work.notices.set_channel_trouble(channel.id, "I may not write there")
        await work.commit()
    band.gigs.name = "gigs-and-deps"
    await fake.told_of(band.gigs)

    async def is_well() -> bool:
        now = await kept(program, band.gigs)
        return now.trouble is None and now.name == "gigs-and-deps"

    await eventually(is_well)


async def test_a_thread_with_another_name_is_known_by_it(fake: FakeDiscord, program: Program, band: Band) -> None:
    thread = fake.add_channel(Channel("deps", band.guild.id, THREAD, parent_id=band.gigs.id))
    payload = {**thread.payload(), "newly_created": True}
    await fake.gateway.dispatch("THREAD_CREATE", payload, guild_id=band.guild.id)
    await (await fake.slash(band.ada, thread, "stall secret")).settled()
    thread.name = "deps and subs"
    await fake.told_of(thread)

    async def is_renamed() -> bool:
        return (await kept(program, thread)).name == "deps and subs"

    await eventually(is_renamed)


async def test_a_dropped_connection_is_resumed_and_nothing_is_missed(
    fake: FakeDiscord, program: Program, band: Band
) -> None:
    await settled(fake, band)
    await fake.gateway.drop()
    meanwhile = await fake.slash(band.bob, band.gigs, "stall secret")

    await meanwhile.settled()

    assert fake.gateway.heard["6"] == 1 and fake.gateway.heard["2"] == 1


async def test_asked_to_reconnect_it_resumes(fake: FakeDiscord, program: Program, band: Band) -> None:
    await settled(fake, band)
    await fake.gateway.ask_to_reconnect()
    await eventually(lambda: fake.gateway.heard["6"] == 1)
    await settled(fake, band)


async def test_an_invalid_session_is_begun_anew(
    fake: FakeDiscord, program: Program, band: Band, monkeypatch: pytest.MonkeyPatch
) -> None:
    # discord.py waits five seconds before it introduces itself again; that is its own affair.
    async def at_once(self: object, shard_id: object, *, initial: bool = False) -> None:
        return None

    monkeypatch.setattr(client_module.Client, "before_identify_hook", at_once)
    await settled(fake, band)
    await fake.gateway.invalidate()
    await eventually(lambda: fake.gateway.heard["2"] == 2 and fake.gateway.ready.is_set())
    await settled(fake, band)


async def test_a_refused_token_is_hopeless(fake: FakeDiscord, programs: Callable[..., Program]) -> None:
    program = programs(token=Secret("not.the.token"))
    await program.start(wait=False)
    with pytest.raises(Hopeless, match="token"):
        await program.ready()
    program._running = None


@pytest.mark.parametrize("code", [4004, 4013, 4014])
async def test_a_connection_that_would_be_refused_again_is_hopeless(
    fake: FakeDiscord, band: Band, programs: Callable[..., Program], code: int
) -> None:
    fake.gateway.refuse_with = code
    program = programs()
    await program.start(wait=False)
    with pytest.raises(Hopeless):
        await program.ready()
    program._running = None


async def test_a_platform_that_is_down_is_an_ordinary_failure(
    fake: FakeDiscord, programs: Callable[..., Program]
) -> None:
    program = programs()
    fake.trouble("GET", "/gateway/bot", (403, {"message": "no", "code": 0}))
    await program.start(wait=False)
    with pytest.raises(Exception) as failed:
        await program.ready()
    assert not isinstance(failed.value, Hopeless)
    program._running = None


async def test_shards_share_the_servers(fake: FakeDiscord, band: Band, programs: Callable[..., Program]) -> None:
    fake.shards = 2
    other = Guild("Elsewhere", id=band.guild.id ^ (1 << 22))
    fake.guilds[other.id] = other
    hall = fake.add_channel(Channel("hall", other.id))
    program = await programs().start()
    await eventually(lambda: len(fake.gateway.sessions) == 2)

    here = await (await fake.slash(band.ada, band.gigs, "stall secret")).settled()
    there = await (await fake.slash(band.ada, hall, "stall secret")).settled()

    assert "£999" in here.text and "£999" in there.text
    assert program.surface.healthy()


async def test_a_process_carries_only_its_own_shards(
    fake: FakeDiscord, band: Band, programs: Callable[..., Program]
) -> None:
    mine = (band.guild.id >> 22) % 2
    await programs(shards=2, shard_ids=(mine,)).start()

    assert [one.shard for one in fake.gateway.sessions] == [(mine, 2)]
    await settled(fake, band)


async def test_with_no_connections_left_today_it_waits(fake: FakeDiscord, programs: Callable[..., Program]) -> None:
    fake.start_limit = {"total": 1000, "remaining": 0, "reset_after": 60_000, "max_concurrency": 1}
    program = programs()
    await program.start(wait=False)
    await eventually(lambda: fake.seen("GET", "/gateway/bot$"))
    await asyncio.wait_for(program.stop(), 5)

    assert fake.gateway.heard["2"] == 0


async def test_two_processes_do_not_listen_with_one_token(fake: FakeDiscord, program: Program, band: Band) -> None:
    second = Program(fake, program.settings.app.data_dir)
    await second.start(wait=False)
    await eventually(lambda: second.surface._listens)
    await settled(fake, band)
    assert len(fake.seen("GET", "/users/@me$")) == 1

    fake.gateway.ready.clear()
    await program.stop()
    await second.ready()
    await second.close()


async def test_health_follows_the_connection(fake: FakeDiscord, programs: Callable[..., Program]) -> None:
    program = programs()
    await program.start()
    await eventually(program.surface.healthy)
    await program.stop()

    assert not program.surface.healthy()


async def test_the_token_is_never_logged(
    fake: FakeDiscord, program: Program, band: Band, caplog: pytest.LogCaptureFixture
) -> None:
    await settled(fake, band)
    done = next(iter(fake.interactions.values()))

    assert fake.token not in caplog.text and done.token not in caplog.text
