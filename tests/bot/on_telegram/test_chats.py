"""Groups, topics and channels as places: joined, left, moved, closed, and which of them is a board."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.on_telegram.groups import GIG, STALL, channel, community, press, say
from tests.fakes.telegram.rig import Rig
from tests.fakes.telegram.server import BotApi
from tests.fakes.telegram.world import Account, Room


async def test_a_group_is_greeted_in_one_line_and_becomes_the_board(rig: Rig, room: Room) -> None:
    assert len(rig.world.posted(room)) == 1
    assert "/gig" in rig.world.last(room).words
    assert (await channel(rig, str(room.id))).board


async def test_a_board_is_chosen_in_the_topic_by_a_button(api: BotApi, tmp_path: Path) -> None:
    rig = await Rig.open(api, tmp_path)
    ada, bob = rig.world.person("Ada"), rig.world.person("Bob", started=True)
    room = rig.world.group("Leeds deps", ada)
    room.topics[77] = "Gig referrals"
    await rig.world.add_bot(room, ada)
    await rig.world.say(ada, "/tz Europe/London")
    await rig.settled()
    assert not (await channel(rig, str(room.id))).board  # with topics, a card hangs where it was posted
    await say(rig, ada, GIG, room, thread=77)
    assert (rig.world.last(room).thread, " wanted" in rig.world.last(room).words) == (77, True)

    welcome = rig.world.posted(room)[0]
    await press(rig, bob, welcome, "Choose where gigs are posted")
    assert not (await channel(rig, str(room.id))).board
    await say(rig, ada, "/setup_channels", room, thread=77)

    assert (await channel(rig, f"{room.id}:77")).board
    await rig.close()


async def test_topics_are_places_of_their_own(rig: Rig, ada: Account, room: Room) -> None:
    room.topics[77] = "Gig referrals"
    created = rig.world.message(ada, room, "", 77, forum_topic_created={"name": "Gig referrals", "icon_color": 1})
    await rig.world.push("message", created)

    await say(rig, ada, "/stall_shout text=hi", room, thread=77)

    assert rig.world.last(room).thread == 77
    kept = await channel(rig, f"{room.id}:77")
    assert (kept.name, kept.shape) == ("Gig referrals", "topic")


@pytest.mark.parametrize("gone", [True, False])
async def test_a_topic_that_takes_nothing_falls_back_to_general(rig: Rig, ada: Account, room: Room, gone: bool) -> None:
    room.topics[77] = "Gigs"
    await say(rig, ada, "/stall_shout text=hi", room, thread=77)
    topic, general = await channel(rig, f"{room.id}:77"), await channel(rig, str(room.id))
    async with rig.house.tools.open_work() as work:
        await work.communities.change_channel(general.id, board=False)
        await work.communities.change_channel(topic.id, board=True)
        await work.commit()
    if gone:
        del room.topics[77]
    else:
        room.closed.add(77)

    await rig.world.say(ada, STALL)
    await rig.settled()

    assert rig.world.last(room).thread is None
    assert " wanted" in rig.world.last(room).words
    assert "General" in str((await channel(rig, f"{room.id}:77")).trouble)


async def test_a_channel_is_a_board(rig: Rig, ada: Account) -> None:
    board = rig.world.group("Gig channel", ada, kind="channel")
    await rig.world.standing(board, ada, "left", "administrator", can_post_messages=True)
    await rig.settled()
    assert rig.world.posted(board) == []  # its readers are spared the greeting
    kept = await channel(rig, str(board.id))
    assert (kept.board, kept.shape, kept.trouble) == (True, "channel", None)

    await rig.world.standing(board, ada, "administrator", "administrator", can_post_messages=False)
    await rig.settled()
    assert (await channel(rig, str(board.id))).trouble


async def test_being_removed_stops_all_posts_and_coming_back_resumes(rig: Rig, ada: Account, room: Room) -> None:
    await rig.world.standing(room, ada, "member", "kicked")
    await rig.settled()
    assert not (await community(rig, room)).active

    await rig.world.add_bot(room, ada)
    await rig.settled()
    assert (await community(rig, room)).active


async def test_who_leaves_is_no_longer_a_member(rig: Rig, ada: Account, room: Room) -> None:
    bob = rig.world.person("Bob")
    await say(rig, bob, "/stall_shout text=hi", room)
    where = await community(rig, room)
    async with rig.house.tools.open_work(reading=True) as work:
        members = len(await work.communities.members(where.id))

    await rig.world.push("message", rig.world.message(bob, room, left_chat_member=bob.entry()))
    await rig.settled()

    async with rig.house.tools.open_work(reading=True) as work:
        assert len(await work.communities.members(where.id)) == members - 1


async def test_a_group_that_becomes_a_supergroup_keeps_everything(rig: Rig, ada: Account) -> None:
    old = rig.world.group("Deps", ada, kind="group")
    await rig.world.add_bot(old, ada)
    await say(rig, ada, STALL, old)
    where = await community(rig, old)

    new = await rig.world.migrate(old, ada)
    await rig.settled()

    assert (await community(rig, new)).id == where.id
    assert (await channel(rig, str(new.id))).board
    await say(rig, ada, "/stall drums, Sun 29 Nov 19:30, £90", new)
    assert any("Drum" in post.words for post in rig.world.posted(new))


async def test_a_migration_nobody_told_of_is_learned_from_the_refusal(rig: Rig, ada: Account) -> None:
    old = rig.world.group("Deps", ada, kind="group")
    await rig.world.add_bot(old, ada)
    await say(rig, ada, STALL, old)
    new = rig.world.group("Deps", ada)
    new.bot_in, old.moved_to = True, new.id
    before = len(rig.world.posted(new))

    await rig.world.say(ada, "/stall drums, Sun 29 Nov 19:30, £90")
    for _ in range(3):
        await rig.settled()

    assert any("Drum" in post.words for post in rig.world.posted(new)[before:])
    assert (await channel(rig, str(new.id))).board


async def test_an_answer_to_a_moved_group_follows_it(rig: Rig, ada: Account) -> None:
    old = rig.world.group("Deps", ada, kind="group")
    await rig.world.add_bot(old, ada)
    await rig.settled()
    new = rig.world.group("Deps", ada)
    new.bot_in, old.moved_to = True, new.id

    await rig.world.say(ada, "/stall_shout text=hi", old)
    await rig.settled()

    assert rig.world.last(new).words == "hi"


async def test_the_lists_of_commands_fit_their_places(rig: Rig, ada: Account) -> None:
    lists = {scope: {one["command"] for one in listed} for (scope, _), listed in rig.world.commands.items()}

    assert {"start", "help", "settings", "cancel", "undo", "stop", "stall", "tz"} <= lists["all_private_chats"]
    assert "psst" not in lists["all_group_chats"]
    assert "stall" in lists["all_group_chats"]
    assert lists["all_group_chats"] <= lists["all_chat_administrators"]
    told = len(rig.api.made("setMyCommands"))
    await rig.restart()
    await rig.world.say(ada, "/start")
    await rig.settled()
    assert len(rig.api.made("setMyCommands")) == told  # nothing changed, so nothing is said
