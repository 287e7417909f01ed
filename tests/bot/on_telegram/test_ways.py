"""From a group to one person: what moves to the private chat, by which way, and what is left of the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from telegram import Chat, User

from bot.on_telegram import links
from bot.on_telegram.callers import Came
from tests.bot.on_telegram.groups import GIG, STALL, community, leading, press, say
from tests.fakes.telegram.rig import Rig
from tests.fakes.telegram.server import BotApi
from tests.fakes.telegram.wire import Refusal
from tests.fakes.telegram.world import Account, Room


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


async def test_a_file_waits_behind_the_way_too(rig: Rig, room: Room) -> None:
    bob = rig.world.person("Bob")
    rig.world.files["photo"] = content = bytes(range(256)) * 40
    document = {"file_id": "photo", "file_unique_id": "photo", "file_name": "stall.png", "mime_type": "image/png"}
    await say(rig, bob, "", room, document=document, caption="/stall_photo")
    way = rig.world.last(room)

    await rig.restart()
    await rig.world.say(bob, f"/start {leading(way)}")
    await rig.settled()

    assert rig.world.last(bob).file == ("stall.png", content)
    assert (room.id, way.id) not in rig.world.posts  # and the way is taken away, also by another process


async def test_a_file_too_large_to_wait_is_spoken_of(rig: Rig, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "MOST_BYTES", 100)
    bob = rig.world.person("Bob")
    rig.world.files["photo"] = b"x" * 101
    document = {"file_id": "photo", "file_unique_id": "photo", "file_name": "stall.png", "mime_type": "image/png"}
    await say(rig, bob, "", room, document=document, caption="/stall_photo")

    await rig.world.say(bob, f"/start {leading(rig.world.last(room))}")
    await rig.settled()

    assert "too large to be kept here" in rig.world.last(bob).words
    assert rig.world.last(bob).file is None


async def test_the_way_to_a_form_is_taken_away_after_a_restart(rig: Rig, room: Room) -> None:
    bob = rig.world.person("Bob")
    (way,) = await say(rig, bob, "/stall_whole", room)

    await rig.restart()
    await rig.world.say(bob, f"/start {leading(way)}")
    await rig.settled()

    assert "Which sort of work?" in rig.world.last(bob).words
    assert (room.id, way.id) not in rig.world.posts


async def test_each_has_at_most_one_way_in_a_group(rig: Rig, ada: Account, room: Room) -> None:
    bob = rig.world.person("Bob")
    await say(rig, ada, STALL, room)
    card = rig.world.last(room)
    posts = len(rig.world.posted(room))

    await press(rig, bob, card, "Counter")
    await press(rig, bob, card, "Counter")
    await press(rig, bob, card, "Counter")

    ways = rig.world.posted(room)[posts:]
    assert len(ways) == 1  # a new one takes the place of the one before
    assert "How much?" in rig.world.alerts(bob)[-1]
    assert rig.world.alerts(bob)[-1].endswith("Answer in our private chat.")
    await rig.world.say(bob, f"/start {leading(ways[0])}")
    await rig.settled()
    assert "How much?" in rig.world.last(bob).words
    assert len(rig.world.posted(room)) == posts


async def test_what_an_alert_says_whole_is_no_reason_for_a_second_way(api: BotApi, tmp_path: Path) -> None:
    rig = await Rig.open(api, tmp_path)
    ada, bob = rig.world.person("Ada"), rig.world.person("Bob")
    room = rig.world.group("Leeds deps", ada)
    await rig.world.add_bot(room, ada)
    await rig.world.say(ada, "/tz Europe/London")
    await rig.settled()
    (card,) = await say(rig, ada, GIG, room)

    await press(rig, bob, card, "I'm in")
    way = rig.world.last(room)
    await press(rig, bob, card, "Pencil me")

    assert "so that I can tell you what comes of it" in way.words
    assert rig.world.last(room) is way
    assert len(rig.world.alerts(bob)) == 2
    await rig.world.say(bob, f"/start {leading(way)}")
    await rig.settled()
    assert "You're in" in rig.world.last(bob).words
    await rig.close()
