"""Groups, topics and channels: what is said there, what is not, and where the rest goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from telegram import Chat, User

from bot.on_telegram.callers import Came
from storage.records.people import Channel, Community
from storage.tables.app_state import seen_updates
from tests.fakes.telegram.rig import Rig
from tests.fakes.telegram.server import BotApi, Refusal
from tests.fakes.telegram.world import Account, Post, Room

STALL = "/stall bass, Sat 28 Nov 19:30, £220"


@pytest.fixture
async def ada(rig: Rig) -> Account:
    """The administrator, whose private chat is open and whose zone is known."""
    ada = rig.world.person("Ada")
    await rig.world.say(ada, "/tz Europe/London")
    await rig.settled()
    return ada


@pytest.fixture
async def room(rig: Rig, ada: Account) -> Room:
    room = rig.world.group("Leeds deps", ada)
    await rig.world.add_bot(room, ada)
    await rig.settled()
    return room


async def say(rig: Rig, who: Account, text: str, room: Room, **extra: Any) -> list[Post]:
    """Say something in a group; what the bot wrote there because of it."""
    before = len(rig.world.posted(room))
    await rig.world.say(who, text, room, **extra)
    await rig.settled()
    return rig.world.posted(room)[before:]


async def press(rig: Rig, who: Account, post: Post, label: str) -> None:
    await rig.world.press(who, post, label)
    await rig.settled()


async def community(rig: Rig, room: Room) -> Community:
    async with rig.house.tools.open_work(reading=True) as work:
        found = await work.communities.at("telegram", str(room.id))
    assert found is not None
    return found


async def channel(rig: Rig, address: str) -> Channel:
    async with rig.house.tools.open_work(reading=True) as work:
        found = await work.communities.channel("telegram", address)
    assert found is not None
    return found


def leading(post: Post) -> str:
    """The token of the way into the private chat that a message shows."""
    url = post.button("Continue in private")["url"]
    assert url.startswith("https://t.me/FirstCallBot?start=")
    return str(url.partition("=")[2])


async def test_a_group_is_greeted_in_one_line_and_becomes_the_board(rig: Rig, room: Room) -> None:
    assert len(rig.world.posted(room)) == 1
    assert "/gig" in rig.world.last(room).words
    assert (await channel(rig, str(room.id))).board


async def test_a_card_hangs_in_the_group_and_is_edited_there(rig: Rig, ada: Account, room: Room) -> None:
    bob = rig.world.person("Bob", started=True)
    await say(rig, ada, STALL, room)
    card = rig.world.last(room)
    assert " wanted" in card.words
    posts = len(rig.world.posted(room))

    await press(rig, bob, card, "I'm in")

    assert "In: 1" in card.words
    assert len(rig.world.posted(room)) == posts  # edited, not posted again
    assert rig.world.alerts(bob)[0].startswith("You are in for S1.")
    assert any("Bob is in" in post.words for post in rig.world.posted(ada))


async def test_private_things_go_to_the_private_chat_with_a_way_there(rig: Rig, ada: Account, room: Room) -> None:
    said = await say(rig, ada, "/psst", room)

    assert not any("999" in post.words for post in rig.world.posted(room))
    assert "£999" in rig.world.last(ada).words
    assert len(said) == 1
    assert said[0].silent
    await rig.world.say(ada, f"/start {leading(said[0])}")
    await rig.settled()
    assert "just above" in rig.world.last(ada).words


async def test_who_never_pressed_start_continues_with_one_tap(rig: Rig, room: Room) -> None:
    bob = rig.world.person("Bob")

    (way,) = await say(rig, bob, "/psst", room)
    assert rig.world.posted(bob) == []
    await rig.restart()
    await rig.world.say(bob, f"/start {leading(way)}")
    await rig.settled()

    assert "£999" in rig.world.last(bob).words


GIG = "/gig bass, Sat 28 Nov 19:30, Leeds, £220"


async def test_what_was_done_is_not_done_again_by_following_the_way(api: BotApi, tmp_path: Path) -> None:
    rig = await Rig.open(api, tmp_path)
    bob = rig.world.person("Bob")
    room = rig.world.group("Leeds deps", bob)
    await rig.world.add_bot(room, bob)
    await rig.settled()
    call = await rig.surface._parts.callers.call(
        Came(Chat(room.id, "supergroup", title="x"), User(bob.id, "Bob", False))
    )
    async with rig.house.tools.open_work() as work:
        await work.people.change(call.person_id, zone="Europe/London")
        await work.commit()

    await say(rig, bob, GIG, room)
    cards = [post for post in rig.world.posted(room) if " wanted" in post.words]
    way = rig.world.find(room, lambda post: "Continue in private" in str(post.keys))
    await rig.restart()
    await rig.world.say(bob, f"/start {leading(way)}")
    await rig.settled()

    assert len(cards) == 1
    assert "Posted G1" in rig.world.last(bob).words
    assert "Undo" in [one["text"] for one in rig.world.last(bob).buttons()]
    assert [post for post in rig.world.posted(room) if " wanted" in post.words] == cards
    await rig.close()


async def test_a_public_deed_of_somebody_reachable_needs_no_more_than_a_nod(api: BotApi, tmp_path: Path) -> None:
    rig = await Rig.open(api, tmp_path)
    ada = rig.world.person("Ada")
    room = rig.world.group("Leeds deps", ada)
    await rig.world.add_bot(room, ada)
    await rig.world.say(ada, "/tz Europe/London")
    await rig.settled()

    said = await say(rig, ada, GIG, room)

    assert [" wanted" in post.words for post in said] == [True]
    assert "Posted G1" in rig.world.last(ada).words
    assert len(rig.api.made("setMessageReaction")) == 1
    await rig.close()


async def test_a_way_into_private_works_for_its_owner_once(rig: Rig, room: Room) -> None:
    bob, eve = rig.world.person("Bob"), rig.world.person("Eve")
    (way,) = await say(rig, bob, "/psst", room)

    await rig.world.say(eve, f"/start {leading(way)}")
    await rig.settled()
    assert "999" not in rig.world.last(eve).words
    await rig.world.say(bob, f"/start {leading(way)}")
    await rig.world.say(bob, f"/start {leading(way)}")
    await rig.settled()
    assert [("999" in post.words) for post in rig.world.posted(bob)] == [True, False]


async def test_a_way_that_was_used_is_taken_away(rig: Rig, room: Room) -> None:
    bob = rig.world.person("Bob")
    (way,) = await say(rig, bob, "/psst", room)

    await rig.world.say(bob, f"/start {leading(way)}")
    await rig.settled()

    assert (room.id, way.id) not in rig.world.posts


async def test_talk_of_the_group_leaves_no_trace(rig: Rig, ada: Account, room: Room) -> None:
    async def taken() -> int:
        async with rig.house.storage.open_work(reading=True) as work:
            return len((await work.app._run(select(seen_updates))).all())

    before = await taken()
    for text in ("any gigs on saturday?", "£220 and a curry"):
        await say(rig, ada, text, room)

    assert await taken() == before


async def test_pressing_in_a_channel_opens_the_private_chat(rig: Rig, ada: Account) -> None:
    bob = rig.world.person("Bob")
    board = rig.world.group("Gig channel", ada, kind="channel")
    await rig.world.standing(board, ada, "left", "administrator", can_post_messages=True)
    await rig.settled()
    where = await community(rig, board)
    ours = await rig.surface._parts.callers.call(Came(Chat(board.id, "channel", title="x"), User(ada.id, "Ada", False)))
    assert ours.community_id == where.id
    await rig.world.say(ada, STALL)
    await rig.settled()
    card = rig.world.last(board)

    await press(rig, bob, card, "Counter")

    assert rig.world.last(board) is card  # nothing is posted for its readers to see
    url = rig.api.made("answerCallbackQuery")[-1]["url"]
    await rig.world.say(bob, f"/start {url.partition('=')[2]}")
    await rig.settled()
    assert "How much?" in rig.world.last(bob).words


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


async def test_a_form_moves_to_the_private_chat(rig: Rig, room: Room) -> None:
    bob = rig.world.person("Bob")

    await say(rig, bob, STALL, room)
    asked = await say(rig, bob, "/stall_whole", room)
    await rig.world.say(bob, f"/start {leading(asked[-1])}")
    await rig.settled()

    assert "Which sort of work?" in rig.world.last(bob).words
    await rig.world.say(bob, "food")
    await rig.settled()
    assert "How many seats?" in rig.world.last(bob).words


async def test_a_form_behind_a_press_moves_too(rig: Rig, ada: Account, room: Room) -> None:
    bob = rig.world.person("Bob")
    await say(rig, ada, STALL, room)

    await press(rig, bob, rig.world.last(room), "Counter")
    way = rig.world.last(room)
    assert "How much" in rig.world.alerts(bob)[0]
    await rig.world.say(bob, f"/start {leading(way)}")
    await rig.world.say(bob, "£250")
    await rig.settled()

    assert "Offered £250" in rig.world.last(bob).words


async def test_where_the_platform_can_the_answer_stays_for_one_reader(rig: Rig, ada: Account, room: Room) -> None:
    rig.api.ephemeral = True
    bob = rig.world.person("Bob")
    await say(rig, ada, STALL, room)
    posts = len(rig.world.posted(room))

    await press(rig, bob, rig.world.last(room), "Counter")
    await press(rig, bob, rig.world.last(room), "Counter")

    assert len(rig.world.posted(room)) == posts
    assert {who for who, _, _ in rig.world.for_one} == {bob.id}
    way, first, second = rig.world.for_one
    assert "How much" not in way[1]  # a server that does not know such messages would have shown it to all
    assert "How much" in first[1]
    assert "How much" in second[1]
    assert all("Continue in private" in str(keys) for _, _, keys in rig.world.for_one)


async def test_a_server_that_refuses_such_messages_gets_the_plain_way(rig: Rig, ada: Account, room: Room) -> None:
    bob = rig.world.person("Bob")
    await say(rig, ada, STALL, room)
    refusal = Refusal(400, "Bad Request: unknown parameter")
    rig.api.fail("sendMessage", 9, refusal=refusal, fits=lambda given: "ephemeral_message_parameters" in given)

    await press(rig, bob, rig.world.last(room), "Counter")

    assert leading(rig.world.last(room))


@pytest.mark.parametrize(
    "text", ["hello all", "/unknown", "/gigx bass", "/psst@OtherBot", "/cancel", "stall list", "/unknown_thing now"]
)
async def test_silence_on_what_is_not_for_us(rig: Rig, ada: Account, room: Room, text: str) -> None:
    before = [len(rig.world.posted(where)) for where in (room, ada)]

    await say(rig, ada, text, room)

    assert [len(rig.world.posted(where)) for where in (room, ada)] == before


async def test_an_unknown_command_that_names_us_is_answered_in_private(rig: Rig, ada: Account, room: Room) -> None:
    await say(rig, ada, "/unknown@firstcallbot", room)

    assert "I know no command" in rig.world.last(ada).words


async def test_public_answers_reply_to_what_was_asked(rig: Rig, ada: Account, room: Room) -> None:
    update = await rig.world.say(ada, "/stall_shout text=Hello <all>", room)
    await rig.settled()

    assert rig.world.last(room).words == "Hello <all>"
    assert rig.world.last(room).reply_to == update["message"]["message_id"]


async def test_moderators_are_administrators_at_that_moment(rig: Rig, ada: Account, room: Room) -> None:
    bob = rig.world.person("Bob", started=True)
    await rig.world.say(bob, "/start")

    await say(rig, bob, "/stall_rule", room)
    assert "Only moderators" in rig.world.last(bob).words
    await say(rig, ada, "/stall_rule", room)
    assert "Ruled." in rig.world.last(ada).words
    await rig.world.say(ada, "/stall_rule")  # and from the private chat
    await rig.settled()
    assert [post.words.count("Ruled.") for post in rig.world.posted(ada)].count(1) == 2


async def test_who_writes_as_the_group_is_told_why_not(rig: Rig, ada: Account, room: Room) -> None:
    ghost = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    entry = rig.world.message(None, room, "/psst", sender_chat=room.entry())
    await rig.world.push("message", entry | {"from": ghost})
    await rig.settled()

    assert "as yourself" in rig.world.last(room).words


async def test_posts_that_a_channel_forwards_are_left_alone(rig: Rig, ada: Account, room: Room) -> None:
    before = len(rig.world.posted(room))
    telegram = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
    entry = rig.world.message(None, room, "/psst", is_automatic_forward=True)
    await rig.world.push("message", entry | {"from": telegram})
    await rig.settled()

    assert len(rig.world.posted(room)) == before


async def test_a_reply_is_an_answer_only_to_a_question_asked_there(rig: Rig, ada: Account, room: Room) -> None:
    await say(rig, ada, STALL, room)
    card = rig.world.last(room)
    await rig.world.say(ada, "/stall_whole")
    await rig.settled()
    asked = rig.world.last(ada)

    await say(rig, ada, "food", room, reply_to=card)

    assert rig.world.last(ada) is asked


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
