"""Updates of shapes that are rare, foreign or newer than the library, and places that take nothing."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from bot.logs import TextLines
from tests.bot.on_telegram.groups import STALL, channel, community, press, say
from tests.fakes.telegram.rig import Rig
from tests.fakes.telegram.wire import Refusal
from tests.fakes.telegram.world import Account, Post, Room

_GHOST = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


# --- what cannot be read ----------------------------------------------------------------------------------------------


async def test_an_update_that_cannot_be_read_costs_no_other(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    ada, bob = rig.world.person("Ada"), rig.world.person("Bob")
    caplog.set_level(logging.INFO)
    await rig.settled()

    async with rig.world.changed:  # all in one batch
        for entry in (rig.world.message(ada, rig.world.rooms[ada.id], "/psst"), {"text": "my rate is £999"}):
            rig.world.updates.append({"update_id": rig.world.count("update"), "message": entry})
        ada.started = bob.started = True
        entry = rig.world.message(bob, rig.world.rooms[bob.id], "/psst")
        rig.world.updates.append({"update_id": rig.world.count("update"), "message": entry})
        rig.world.changed.notify_all()
    await rig.settled()

    assert "£999" in rig.world.last(ada).words
    assert "£999" in rig.world.last(bob).words
    ours = [line for line in caplog.messages if "could not be read" in line]
    assert len(ours) >= 1
    assert not any("my rate" in TextLines().format(record) for record in caplog.records)


@pytest.mark.parametrize(
    "kind", ["edited_message", "channel_post", "edited_channel_post", "business_message", "something_of_next_year"]
)
async def test_kinds_that_were_not_asked_for_do_nothing(rig: Rig, kind: str) -> None:
    ada = rig.world.person("Ada", started=True)
    entry = rig.world.message(ada, rig.world.rooms[ada.id], "/psst")
    rig.api.asked_for = False

    await rig.world.push(kind, entry)
    await rig.world.say(ada, "/start")
    await rig.settled()

    assert not any("£999" in post.words for post in rig.world.posted(ada))


async def test_a_press_on_a_message_that_telegram_no_longer_shows_is_done(rig: Rig, ada: Account, room: Room) -> None:
    bob = rig.world.person("Bob", started=True)
    await say(rig, ada, STALL, room)
    card = rig.world.last(room)
    query = f"q{rig.world.count('query')}"
    rig.world.queries[query] = (bob.id, room.id, False)
    gone = {"message_id": card.id, "date": 0, "chat": room.entry()}
    data = card.button("I'm in")["callback_data"]
    pressed = {"id": query, "from": bob.entry(), "chat_instance": "1", "data": data, "message": gone}

    await rig.world.push("callback_query", pressed)
    await rig.settled()

    assert "In: 1" in card.words


async def test_a_press_on_what_came_by_another_way_is_ended(rig: Rig) -> None:
    ada = rig.world.person("Ada", started=True)
    pressed = {"from": ada.entry(), "chat_instance": "1", "data": "fc:stalls.join:1"}
    for query, more in (
        ("q901", {"inline_message_id": "abc"}),
        ("q902", {"inline_message_id": "x", "game_short_name": "g"}),
    ):
        rig.world.queries[query] = (ada.id, ada.id, False)
        await rig.world.push("callback_query", {"id": query, **pressed, **more})
    await rig.settled()

    assert [rig.world.queries[one][2] for one in ("q901", "q902")] == [True, True]
    assert rig.world.posted(ada) == []


async def test_a_press_of_the_day_before_is_done_although_its_spinner_is_gone(
    rig: Rig, ada: Account, room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    await say(rig, ada, STALL, room)
    card = rig.world.last(room)
    too_old = Refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    rig.api.fail("answerCallbackQuery", 5, refusal=too_old)
    caplog.set_level(logging.WARNING)

    await press(rig, ada, card, "I'm in")

    assert "In: 1" in card.words
    assert caplog.messages == []


# --- who speaks -------------------------------------------------------------------------------------------------------


async def test_somebody_elses_command_that_is_forwarded_to_a_group_is_not_done(
    rig: Rig, ada: Account, room: Room
) -> None:
    before = len(rig.world.posted(room))
    origin = {"type": "hidden_user", "sender_user_name": "Somebody", "date": 0}

    await say(rig, ada, STALL, room, forward_origin=origin)

    assert len(rig.world.posted(room)) == before


async def test_whoever_writes_as_a_channel_is_left_alone(rig: Rig, ada: Account, room: Room) -> None:
    before = len(rig.world.posted(room))
    elsewhere = {"id": -100777, "type": "channel", "title": "My band"}
    mask = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
    entry = rig.world.message(None, room, "/psst", sender_chat=elsewhere)

    await rig.world.push("message", entry | {"from": mask})
    await rig.settled()

    assert len(rig.world.posted(room)) == before


async def test_one_question_tells_who_moderates_for_everybody(rig: Rig, ada: Account, room: Room) -> None:
    await say(rig, ada, STALL, room)
    card = rig.world.last(room)
    before = len(rig.api.made("getChatAdministrators"))
    rig.surface._parts.callers.forget_admins(room.id)

    for number in range(8):
        await rig.world.press(rig.world.person(f"Player {number}", started=True), card, "I'm in")
    await rig.settled()

    assert "In: 8" in card.words
    assert len(rig.api.made("getChatAdministrators")) == before + 1
    assert rig.api.made("getChatMember") == []


async def test_while_nobody_can_say_who_moderates_it_is_as_it_was(
    rig: Rig, ada: Account, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await say(rig, ada, "/stall_rule", room)
    monkeypatch.setattr("bot.on_telegram.callers._ADMIN_FOR", 0.0)
    for method in ("getChatAdministrators", "getChatMember"):
        rig.api.fail(method, 9, refusal=Refusal(429, "Too Many Requests: retry after 30", retry_after=30))

    assert await rig.surface._parts.callers.is_admin(room.id, ada.id)
    assert not await rig.surface._parts.callers.is_admin(room.id, 12345)


# --- places -----------------------------------------------------------------------------------------------------------


async def test_what_a_group_may_not_be_told_is_told_to_whoever_asked(rig: Rig, ada: Account, room: Room) -> None:
    room.bot_writes = False

    await say(rig, ada, "/stall_shout text=hello", room)

    assert "hello" in rig.world.last(ada).words
    assert "cannot write in the group" in rig.world.last(ada).words
    assert (await channel(rig, str(room.id))).trouble


async def test_where_the_general_topic_is_closed_too_the_answer_comes_in_private(
    rig: Rig, ada: Account, room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    room.topics[77] = "Gigs"
    room.closed |= {1, 77}

    await say(rig, ada, "/stall_shout text=hello", room, thread=77)

    assert "hello" in rig.world.last(ada).words
    assert not any(record.exc_info for record in caplog.records)


async def test_a_card_in_a_topic_that_was_closed_is_answered_all_the_same(rig: Rig, ada: Account, room: Room) -> None:
    bob = rig.world.person("Bob", started=True)
    room.topics[77] = "Gigs"
    await say(rig, ada, STALL, room, thread=77)
    card = _with_button(rig, room, "I'm in")
    refusal = Refusal(400, "Bad Request: TOPIC_CLOSED")
    rig.api.fail("editMessageText", 99, refusal=refusal)

    await press(rig, bob, card, "I'm in")

    assert any("Bob is in" in post.words for post in rig.world.posted(ada))


async def test_a_topic_that_is_open_again_is_no_trouble_any_more(rig: Rig, ada: Account, room: Room) -> None:
    room.topics[77] = "Gigs"
    await say(rig, ada, "/stall_shout text=hi", room, thread=77)
    address = f"{room.id}:77"
    topic = await channel(rig, address)
    async with rig.house.tools.open_work() as work:
        await work.notices.set_channel_trouble(topic.id, "the topic is gone or closed")
        await work.commit()

    await rig.world.push("message", rig.world.message(ada, room, "", 77, forum_topic_reopened={}))
    await rig.settled()

    assert (await channel(rig, address)).trouble is None


async def test_names_follow_the_platform_and_outlive_a_restart(rig: Rig, ada: Account, room: Room) -> None:
    room.topics[77] = "Gigs"
    created: dict[str, Any] = {"name": "Gigs", "icon_color": 1}
    await rig.world.push("message", rig.world.message(ada, room, "", 77, forum_topic_created=created))
    await say(rig, ada, "/stall_shout text=hi", room, thread=77)
    await rig.world.push("message", rig.world.message(ada, room, "", 77, forum_topic_edited={"name": "Referrals"}))
    room.title = "Leeds & York deps"
    await rig.world.push("message", rig.world.message(ada, room, new_chat_title=room.title))
    await rig.settled()
    await rig.restart()

    await say(rig, rig.world.person("Bob"), "/stall_shout text=hi", room, thread=77)

    assert (await channel(rig, f"{room.id}:77")).name == "Referrals"
    assert (await community(rig, room)).name == "Leeds & York deps"


# --- what people send -------------------------------------------------------------------------------------------------


async def test_a_contact_is_the_person_it_is_of(rig: Rig, ada: Account, room: Room) -> None:
    bob = rig.world.person("Bob Smith", started=True, username="bobby")
    await rig.world.say(bob, "/start")
    await rig.settled()
    await say(rig, bob, "/stall_shout text=hi", room)
    heard: list[str] = []
    spelled = rig.house.desk.spelled

    async def listen(call: Any, text: str, uploads: Any = ()) -> Any:
        heard.append(text)
        return await spelled(call, text, uploads)

    rig.house.desk.spelled = listen  # type: ignore[method-assign]  # overheard, and done as before
    contact = {"phone_number": "+44 113 496 0000", "first_name": "Bob", "user_id": bob.id}
    await rig.world.say(ada, "", contact=contact)
    await rig.world.say(ada, "", contact={"phone_number": "+44 113 496 0001", "first_name": "Zoe", "last_name": "K"})
    await rig.settled()

    async with rig.house.tools.open_work(reading=True) as work:
        identity = await work.people.identity("telegram", str(bob.id))
    assert identity is not None
    assert heard[0].startswith(f"person:{identity.person_id}.")
    assert heard[1:] == ["Zoe K"]


async def test_a_voice_note_is_not_met_with_silence(rig: Rig, ada: Account) -> None:
    voice = {"file_id": "v", "file_unique_id": "v", "duration": 3}

    await rig.world.say(ada, "", voice=voice)
    await rig.settled()

    assert "Write it in words" in rig.world.last(ada).words


def _with_button(rig: Rig, room: Room, label: str) -> Post:
    return rig.world.find(room, lambda post: any(one["text"] == label for one in post.buttons()))
