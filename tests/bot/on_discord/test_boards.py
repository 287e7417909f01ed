"""What hangs on a server: cards on boards, posts in forums, roles that are mentioned, events, and the welcome."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from cogs.setup.cog import SetupCog
from tests.bot.on_discord.conftest import Band, eventually, later
from tests.bot.on_discord.sample_cog import OddCog
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.program import MONDAY, Program
from tests.fakes.discord.rights import MANAGE_CHANNELS
from tests.fakes.discord.world import FORUM, Channel, role


@pytest.fixture
async def odd(programs: Callable[..., Program]) -> tuple[Program, OddCog]:
    """A program with the odd cog and a server's setup."""
    found: list[OddCog] = []

    def furnish(tools: object) -> tuple[object, ...]:
        found.append(OddCog(tools))  # type: ignore[arg-type]
        return (found[-1], SetupCog(tools))  # type: ignore[arg-type]

    program = programs(furnish)
    await program.start()
    return program, found[0]


async def use_as_board(fake: FakeDiscord, band: Band, channel: Channel) -> None:
    used = await (await fake.slash(band.ada, channel, "setup channels")).settled()
    assert "Gig cards are hung" in used.text


async def test_a_card_hangs_on_the_board_and_follows_its_gig(
    fake: FakeDiscord, band: Band, odd: tuple[Program, OddCog]
) -> None:
    program, cog = odd
    await use_as_board(fake, band, band.gigs)
    await (await fake.slash(band.ada, band.gigs, "odd board")).settled()
    await program.deliver()
    card = fake.visible(band.bob, band.gigs)[0]
    assert "**State:** open" in card.text

    cog.state = "filled"
    await redrawn(program)

    assert "**State:** filled" in card.text and card.buttons == []


def forum(fake: FakeDiscord, band: Band, **about: object) -> Channel:
    """A forum where the bot may make tags, which the invitation alone does not allow."""
    band.guild.permissions |= MANAGE_CHANNELS
    return fake.add_channel(Channel("gig-forum", band.guild.id, FORUM, **about))  # type: ignore[arg-type]


async def redrawn(program: Program) -> None:
    """The card was drawn anew, a little later."""
    program.clock.set(program.clock.now() + timedelta(minutes=1))
    async with program.house.storage.open_work() as work:
        await work.notices.refresh("odd.board", 1, program.clock.now())
        await work.commit()
    await program.deliver()


async def settled(fake: FakeDiscord, band: Band) -> None:
    """Events before this have been handled: the interaction behind them was."""
    await (await fake.slash(band.ada, band.gigs, "odd list")).settled()


def said_in(fake: FakeDiscord, thread: Channel) -> list[str]:
    """What was said in a post besides its card."""
    return [one.text for one in fake.messages.values() if one.channel is thread and one.id != thread.id]


async def a_post(fake: FakeDiscord, band: Band, program: Program, place: Channel) -> Channel:
    """A post on a forum that is a board; its thread."""
    async with program.house.storage.open_work() as work:
        community = await work.communities.greet("discord", str(band.guild.id), band.guild.name, MONDAY)
        kept = await work.communities.greet_channel(community.id, "discord", str(place.id), place.name, shape="forum")
        await work.communities.change_channel(kept.id, board=True)
        await work.commit()
    await (await fake.slash(band.ada, band.gigs, "odd board")).settled()
    await program.deliver()
    return next(one for one in fake.channels.values() if one.parent_id == place.id)


async def test_a_gig_is_a_post_with_tags_and_closes_when_it_is_filled(
    fake: FakeDiscord, band: Band, odd: tuple[Program, OddCog]
) -> None:
    program, cog = odd
    place = forum(fake, band)
    thread = await a_post(fake, band, program, place)
    names = {one["id"]: one["name"] for one in place.tags}
    assert thread.name == "Bass dep · Sat 28 Nov · The Sage · O1"
    assert [names[one] for one in thread.applied] == ["strings", "paid", "open"]

    cog.state = "filled"
    await redrawn(program)

    names = {one["id"]: one["name"] for one in place.tags}
    assert {names[one] for one in thread.applied} == {"strings", "paid", "filled"}
    assert thread.name == "Bass dep: filled · Sat 28 Nov · The Sage · O1"
    assert thread.archived and "**State:** filled" in fake.messages[thread.id].text
    # An edit notifies nobody, so it is said; and only once, however often the card is drawn after that.
    await redrawn(program)
    assert said_in(fake, thread) == ["It is filled."]
    assert thread.archived

    cog.state = "open"
    await redrawn(program)
    await redrawn(program)
    assert said_in(fake, thread) == ["It is filled.", "It is open."] and not thread.archived


async def test_a_card_with_little_left_on_it_is_a_card_all_the_same(
    fake: FakeDiscord, band: Band, odd: tuple[Program, OddCog]
) -> None:
    program, cog = odd
    await use_as_board(fake, band, band.gigs)
    await (await fake.slash(band.ada, band.gigs, "odd board")).settled()
    await program.deliver()
    [card] = fake.visible(band.bob, band.gigs)
    cog.state = "removed"
    await redrawn(program)

    assert card.is_card and card.text == "It was taken off."


async def test_a_post_left_alone_for_long_is_changed_without_a_word(
    fake: FakeDiscord, band: Band, odd: tuple[Program, OddCog]
) -> None:
    program, _ = odd
    thread = await a_post(fake, band, program, forum(fake, band))
    thread.archived = True  # as Discord does by itself after some days
    await fake.told_of(thread)
    await settled(fake, band)
    await redrawn(program)

    assert said_in(fake, thread) == [] and not thread.archived
    assert fake.messages[thread.id].edits == 1


async def test_a_post_that_was_locked_is_changed_and_stays_locked(
    fake: FakeDiscord, band: Band, odd: tuple[Program, OddCog]
) -> None:
    program, cog = odd
    thread = await a_post(fake, band, program, forum(fake, band))
    thread.archived = thread.locked = True
    await fake.told_of(thread)
    await settled(fake, band)
    cog.state = "filled"
    await redrawn(program)

    assert "**State:** filled" in fake.messages[thread.id].text
    assert thread.locked and thread.archived


async def test_a_card_is_drawn_where_its_post_may_not_be_put_in_order(
    fake: FakeDiscord, band: Band, odd: tuple[Program, OddCog]
) -> None:
    program, cog = odd
    thread = await a_post(fake, band, program, forum(fake, band))
    cog.state = "filled"
    fake.trouble("PATCH", f"/channels/{thread.id}$", (403, {"message": "Missing Permissions", "code": 50013}), times=2)
    await redrawn(program)

    assert "**State:** filled" in fake.messages[thread.id].text
    async with program.house.storage.open_work(reading=True) as work:
        place = await work.communities.channel("discord", str(thread.parent_id))
    assert place is not None and place.trouble is None


async def test_a_forum_that_asks_for_a_tag_gets_one_and_others_tags_stay(
    fake: FakeDiscord, band: Band, odd: tuple[Program, OddCog]
) -> None:
    program, _ = odd
    bare = {"moderated": False, "emoji_id": None, "emoji_name": None}
    theirs = [{"id": str(n), "name": f"theirs {n}", **bare} for n in range(1, 20)]
    place = forum(fake, band, tags=[*theirs], require_tag=True)
    thread = await a_post(fake, band, program, place)

    assert len(place.tags) == 20 and {one["name"] for one in theirs} < {one["name"] for one in place.tags}
    assert thread.applied


async def test_a_forum_in_which_tags_may_not_be_made_has_posts_without_them(
    fake: FakeDiscord, band: Band, odd: tuple[Program, OddCog]
) -> None:
    program, cog = odd
    place = forum(fake, band)
    band.guild.permissions &= ~MANAGE_CHANNELS
    thread = await a_post(fake, band, program, place)
    assert (thread.applied, place.tags) == ([], [])

    cog.state = "filled"
    await redrawn(program)
    assert thread.archived and said_in(fake, thread) == ["It is filled."]


async def test_a_post_whose_answer_was_lost_is_found_again(
    fake: FakeDiscord, band: Band, odd: tuple[Program, OddCog]
) -> None:
    program, _ = odd
    place = forum(fake, band)
    fake.trouble("POST", "/threads$", "lost")
    await a_post(fake, band, program, place)
    await program.house.courier.deliver_due(until=later(1), move=program.clock.set)

    assert len([one for one in fake.channels.values() if one.parent_id == place.id]) == 1


async def test_a_role_is_mentioned_only_where_moderators_want_it(
    fake: FakeDiscord, band: Band, odd: tuple[Program, OddCog]
) -> None:
    program, cog = odd
    cog.ping = "Strings"
    band.guild.roles.append(role(4711, "strings"))
    await fake.gateway.dispatch(
        "GUILD_ROLE_CREATE", {"guild_id": str(band.guild.id), "role": band.guild.roles[0]}, guild_id=band.guild.id
    )
    await use_as_board(fake, band, band.gigs)
    await (await fake.slash(band.ada, band.gigs, "odd board")).settled()
    await program.deliver()
    assert fake.pings == [] and "role Strings" in fake.visible(band.bob, band.gigs)[0].text

    async with program.house.storage.open_work() as work:
        community = await work.communities.at("discord", str(band.guild.id))
        assert community is not None
        await work.communities.set_setting(community.id, "ping_roles", True)
        await work.commit()
    program.clock.set(later(1))
    await (await fake.slash(band.ada, band.gigs, "odd board")).settled()
    await program.deliver()
    assert fake.pings == ["roles:4711"]


async def test_a_confirmed_public_gig_is_an_event_where_the_server_wants_them(
    fake: FakeDiscord, band: Band, odd: tuple[Program, OddCog]
) -> None:
    program, cog = odd
    cog.state = "filled"
    await use_as_board(fake, band, band.gigs)
    await (await fake.slash(band.ada, band.gigs, "odd board")).settled()
    await program.deliver()
    assert band.guild.events == {}

    async with program.house.storage.open_work() as work:
        community = await work.communities.at("discord", str(band.guild.id))
        assert community is not None
        await work.communities.set_setting(community.id, "server_events", True)
        await work.notices.refresh("odd.board", 1, program.clock.now())
        await work.commit()
    for _ in range(2):
        await program.deliver()
        async with program.house.storage.open_work() as work:
            await work.notices.refresh("odd.board", 1, program.clock.now())
            await work.commit()
    made = list(band.guild.events.values())
    assert [(one["name"], one["entity_metadata"]["location"]) for one in made] == [("Bass at the Sage", "The Sage")]

    # Somebody deletes it, and the gig changes: it is made anew; changes after that are made to it.
    band.guild.events.clear()
    for number, place in enumerate(("The Crown", "The Rose"), 1):
        cog.place, cog.sequence = place, number
        await redrawn(program)
        [event] = band.guild.events.values()
        assert event["entity_metadata"]["location"] == place
    assert len(fake.seen("POST", "/scheduled-events$")) == 2 and len(fake.seen("PATCH", "/scheduled-events/")) == 1

    cog.state = "open"
    await redrawn(program)
    assert band.guild.events == {}


async def test_a_server_is_welcomed_once_and_its_board_offered(
    fake: FakeDiscord, band: Band, odd: tuple[Program, OddCog]
) -> None:
    program, _ = odd
    await eventually(lambda: program.surface._client is not None and program.surface._client.is_ready())
    other = fake.add_guild("Another", "general", "gigs-north")
    other.moderators.add(band.ada.id)
    await fake.join(other)

    async def was_welcomed() -> bool:
        await program.deliver()
        return any(m.channel.name == "general" for m in fake.messages.values())

    await eventually(was_welcomed)
    hello = next(m for m in fake.messages.values() if m.channel.name == "general")
    refused = await (await fake.press(band.bob, hello, "Use #gigs-north as the board")).settled()
    assert "Only moderators" in refused.text
    used = await (await fake.press(band.ada, hello, "Use #gigs-north as the board")).settled()
    assert "Gig cards are hung in **#gigs-north**" in used.text
