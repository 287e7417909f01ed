"""What is said in a group, to whom, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from storage.tables.app_state import seen_updates
from tests.bot.on_telegram.groups import GIG, STALL, press, say
from tests.fakes.telegram.rig import Rig
from tests.fakes.telegram.server import BotApi
from tests.fakes.telegram.world import Account, Room


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


async def test_talk_of_the_group_leaves_no_trace(rig: Rig, ada: Account, room: Room) -> None:
    async def taken() -> int:
        async with rig.house.storage.open_work(reading=True) as work:
            return len((await work.app._run(select(seen_updates))).all())

    before = await taken()
    for text in ("any gigs on saturday?", "£220 and a curry"):
        await say(rig, ada, text, room)

    assert await taken() == before


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
