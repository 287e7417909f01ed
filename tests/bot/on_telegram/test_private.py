"""Private chats, through python-telegram-bot and the fake."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from telegram import Chat, User

from bot.on_telegram.callers import Came
from storage.tables.base import METADATA
from tests.fakes.telegram.rig import Rig
from tests.fakes.telegram.world import Account, Post


@pytest.fixture
async def ada(rig: Rig) -> Account:
    """Somebody in a group that the bot is in, whose zone is known and who has been told where to begin."""
    ada = rig.world.person("Ada")
    room = rig.world.group("Leeds deps", ada)
    await rig.world.add_bot(room, ada)
    await tell(rig, ada, "/tz Europe/London")
    return ada


async def tell(rig: Rig, who: Account, text: str, **extra: Any) -> Post:
    """Say something in private; the newest message of the bot there."""
    await rig.world.say(who, text, **extra)
    await rig.settled()
    return rig.world.last(who)


async def tap(rig: Rig, who: Account, label: str) -> Post:
    """Press a key of the newest message that has it; the newest message then."""
    post = rig.world.find(who, lambda post: any(one["text"] == label for one in post.buttons()))
    await rig.world.press(who, post, label)
    await rig.settled()
    return rig.world.last(who)


def labels(post: Post) -> list[str]:
    return [one["text"] for one in post.buttons()]


async def test_start_says_hello_with_buttons(rig: Rig) -> None:
    ada = rig.world.person("Ada")

    hello = await tell(rig, ada, "/start")

    assert "Hello Ada" in hello.words
    assert "Help" in labels(hello)


@pytest.mark.parametrize(
    "typed",
    [
        "/stall post role=bass when=\"sat 28 nov 19:30\" fee=£220",
        "/stall_post role=bass when=sat 28 nov 19:30 fee=£220",
        "/stall bass, Sat 28 Nov 19:30, £220",
        "/stall@FirstCallBot bass, Sat 28 Nov 19:30, £220",
        "stall bass, Sat 28 Nov 19:30, £220",
    ],
)  # fmt: skip
async def test_every_spelling_of_a_command_does_the_same(rig: Rig, ada: Account, typed: str) -> None:
    post = await tell(rig, ada, typed)

    assert "Posted S1, Sat 28 Nov 2026, 19:30 Europe/London" in post.words
    assert labels(post) == ["Fix", "Undo"]


async def test_a_bare_command_asks_one_thing_at_a_time_over_a_restart(rig: Rig, ada: Account) -> None:
    question = await tell(rig, ada, "/stall_post")
    assert "Which chair?" in question.words
    assert "Cancel" in labels(question)

    await rig.restart()
    second = await tell(rig, ada, "bass")
    assert "When is it?" in second.words
    assert question.keys == []  # an answered question can no longer be pressed
    assert labels(second) == ["Back", "Cancel"]

    await tell(rig, ada, "sat 28 nov 19:30")
    await rig.restart()
    assert "Posted S1" in (await tell(rig, ada, "220")).words


async def test_taps_go_on_in_the_same_message(rig: Rig, ada: Account) -> None:
    first = await tell(rig, ada, "/stall_whole")
    assert labels(first) == ["food", "session", "Cancel"]

    second = await tap(rig, ada, "session")
    assert second.id == first.id
    assert "How many seats?" in second.words
    third = await tap(rig, ada, "Skip")
    assert third.id == first.id
    assert "May all see it?" in third.words
    back = await tap(rig, ada, "Back")
    assert "How many seats?" in back.words
    gone = await tap(rig, ada, "Cancel")
    assert gone.id == first.id
    assert "Cancelled" in gone.words


async def test_what_reads_like_a_button_is_that_button(rig: Rig, ada: Account) -> None:
    await tell(rig, ada, "/stall_whole")

    assert "How many seats?" in (await tell(rig, ada, "Session")).words


async def test_a_press_is_acknowledged_before_anything_else(rig: Rig, ada: Account) -> None:
    await tell(rig, ada, "/stall_whole")
    before = len(rig.api.calls)

    await tap(rig, ada, "food")

    made = [call.method for call in rig.api.calls[before:] if call.method != "getUpdates"]
    assert made[0] == "answerCallbackQuery"
    assert made.count("answerCallbackQuery") == 1


async def test_a_command_in_the_middle_keeps_the_form(rig: Rig, ada: Account) -> None:
    question = await tell(rig, ada, "/stall_whole")

    other = await tell(rig, ada, "/psst")
    assert "£999" in other.words
    assert "/resume" in other.words
    assert question.keys == []
    assert "Which sort" in (await tell(rig, ada, "/resume")).words
    assert "Cancelled" in (await tell(rig, ada, "/cancel")).words
    assert "nothing to cancel" in (await tell(rig, ada, "/cancel")).words


async def test_undo_takes_back_the_last_deed(rig: Rig, ada: Account) -> None:
    await tell(rig, ada, "/stall bass, Sat 28 Nov 19:30, £220")

    assert "Closed S1" in (await tell(rig, ada, "/undo")).words


async def test_stop_switches_everything_off_and_says_how_to_come_back(rig: Rig, ada: Account) -> None:
    stopped = await tell(rig, ada, "/stop")

    assert "/notify all telegram" in stopped.words
    call = await rig.surface._parts.callers.call(_came(rig, ada))
    async with rig.house.tools.open_work(reading=True) as work:
        kept = await work.people.settings(call.person_id)
    assert {kept[f"notify.{topic}"] for topic in ("offers", "gigs", "reminders")} == {"off"}


async def test_a_date_of_the_app_is_read_without_asking_for_a_zone(rig: Rig) -> None:
    bob = rig.world.person("Bob")
    await rig.world.add_bot(rig.world.group("Deps", bob), bob)
    await rig.settled()
    text = "/stall 🎷 bass, TOMORROW, £220"
    entity = {"type": "date_time", "offset": 16, "length": 8, "unix_time": 1795894200, "date_time_format": "wDt"}
    command = {"type": "bot_command", "offset": 0, "length": 6}

    post = await tell(rig, bob, text, entities=[command, entity])

    assert "Sat 28 Nov 2026, 19:30" in post.words


async def test_people_are_picked_instead_of_typed(rig: Rig, ada: Account) -> None:
    bob = rig.world.person("Bob")
    await tell(rig, bob, "/start")
    await tell(rig, ada, "/stall_whole sort=food seats=2 public=yes who=nobody-known")
    asked = rig.world.last(ada)
    keyboard = rig.api.made("sendMessage")[-1]["reply_markup"]["keyboard"]
    assert "request_users" in keyboard[0][0]

    await rig.world.say(ada, "", users_shared={"request_id": 1, "users": [{"user_id": bob.id, "first_name": "Bob"}]})
    await rig.settled()

    assert "for Bob" in rig.world.last(ada).words
    assert (ada.id, asked.id) not in rig.world.posts  # the keyboard went with its message


async def test_people_are_found_by_name_and_by_what_others_type_to_mention_them(rig: Rig, ada: Account) -> None:
    bob = rig.world.person("Bob Smith", username="bobby_bass")
    room = next(room for room in rig.world.rooms.values() if room.title)
    await rig.world.say(bob, "/stall_shout text=hi", room)
    await rig.settled()

    for typed in ("@bobby_bass", "Bob Smith", "bob"):
        said = await tell(rig, ada, f"/stall_whole sort=food seats=2 public=yes who={typed}")
        assert "for Bob Smith" in said.words


async def test_a_location_becomes_a_zone_and_is_not_kept(rig: Rig, ada: Account) -> None:
    told = await tell(rig, ada, "", location={"latitude": 40.75, "longitude": -73.95})

    assert "America/New_York" in told.words
    async with rig.house.storage.open_work(reading=True) as work:
        rows = [str(row) for table in METADATA.sorted_tables for row in await work.people._run(select(table))]
    assert any("America/New_York" in row for row in rows)
    assert not any("40.75" in row or "73.95" in row for row in rows)


async def test_between_two_clocks_the_choice_is_a_tap(rig: Rig, ada: Account) -> None:
    nashville = {"latitude": 36.16, "longitude": -86.78}

    await tell(rig, ada, "", location=nashville)
    offered = [row[0]["text"] for row in rig.api.made("sendMessage")[-1]["reply_markup"]["keyboard"]]
    assert "/tz America/Chicago" in offered
    assert "America/Chicago" in (await tell(rig, ada, "/tz America/Chicago")).words

    bob = rig.world.person("Bob")
    await rig.world.add_bot(rig.world.group("Deps", bob), bob)
    await rig.settled()
    await tell(rig, bob, "/stall bass, Sat 28 Nov 19:30, £220")
    await tell(rig, bob, "", location=nashville)
    offered = [row[0]["text"] for row in rig.api.made("sendMessage")[-1]["reply_markup"]["keyboard"]]
    assert "America/Chicago" in offered
    assert "19:30 America/Chicago" in (await tell(rig, bob, "America/Chicago")).words


async def test_a_location_answers_the_question_for_the_zone(rig: Rig) -> None:
    bob = rig.world.person("Bob")
    await rig.world.add_bot(rig.world.group("Deps", bob), bob)
    await rig.settled()
    await tell(rig, bob, "/stall bass, Sat 28 Nov 19:30, £220")
    assert "Which city" in "".join(post.words for post in rig.world.posted(bob))

    posted = await tell(rig, bob, "", location={"latitude": 51.5, "longitude": -0.1})

    assert "Posted S1, Sat 28 Nov 2026, 19:30 Europe/London" in posted.words


async def test_a_photo_comes_in_and_goes_out(rig: Rig, ada: Account) -> None:
    rig.world.files["p1"] = b"jpeg" * 10
    await tell(rig, ada, "/stall_photo")
    size = {"file_id": "p1", "file_unique_id": "p1", "width": 10, "height": 10, "file_size": 40}

    kept = await tell(rig, ada, "", photo=[size])

    assert "Kept 40 bytes" in kept.words
    assert kept.kind == "photo"
    assert kept.file is not None
    assert kept.file[1] == b"jpeg" * 10


async def test_a_file_under_a_command_goes_to_the_command(rig: Rig, ada: Account) -> None:
    rig.world.files["d1"] = b"%PDF"
    document = {"file_id": "d1", "file_unique_id": "d1", "file_name": "a.pdf", "mime_type": "application/pdf"}

    kept = await tell(rig, ada, "", document=document, caption="/stall_photo")

    assert (kept.kind, kept.file) == ("document", ("a.pdf", b"%PDF"))


async def test_a_file_too_large_to_fetch_is_said_so(rig: Rig, ada: Account) -> None:
    document = {"file_id": "d1", "file_unique_id": "d1", "file_name": "a.wav", "file_size": 21 * 1024 * 1024}

    said = await tell(rig, ada, "", document=document, caption="/stall_photo")

    assert "20 MB" in said.words


async def test_a_file_out_of_nowhere_is_asked_about(rig: Rig, ada: Account) -> None:
    rig.world.files["d1"] = b"%PDF"
    document = {"file_id": "d1", "file_unique_id": "d1", "file_name": "a.pdf"}

    assert "what it is for" in (await tell(rig, ada, "", document=document)).words


async def test_plain_words_get_a_hint(rig: Rig, ada: Account) -> None:
    assert "/help" in (await tell(rig, ada, "hello there")).words


async def test_old_buttons_of_other_bots_and_versions_do_no_harm(rig: Rig, ada: Account) -> None:
    post = await tell(rig, ada, "/psst")

    await rig.world.press_data(ada, post, "fc:gone.away:1")
    await rig.world.press_data(ada, post, "something else")
    await rig.settled()

    assert "older version" in rig.world.last(ada).words


async def test_pressing_the_same_thing_twice_changes_nothing_and_says_nothing_wrong(rig: Rig, ada: Account) -> None:
    await tell(rig, ada, "/stall bass, Sat 28 Nov 19:30, £220")
    listed = await tell(rig, ada, "/stall_list")

    await rig.world.press(ada, listed, "Show")
    await rig.settled()
    shown = len(rig.world.posted(ada))
    await rig.world.press_data(ada, listed, "fc:stalls.show:1")  # as two quick thumbs do
    await rig.settled()

    assert len(rig.world.posted(ada)) == shown
    assert "S1 by Ada" in rig.world.posts[ada.id, listed.id].words


def _came(rig: Rig, who: Account) -> Came:
    return Came(Chat(who.id, "private"), User(who.id, who.name, False))


async def test_a_newcomer_by_a_link_from_elsewhere_is_greeted(rig: Rig) -> None:
    ada = rig.world.person("Ada")

    await rig.world.say(ada, "/start our-website")
    await rig.settled()
    assert "Hello Ada" in rig.world.last(ada).words

    await rig.world.say(ada, "/psst")
    await rig.world.say(ada, "/start a-link-that-was-used")
    await rig.settled()
    assert "expired" in rig.world.last(ada).words
