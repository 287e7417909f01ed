"""Questions that are asked in a group, because what they are for is said there."""

from __future__ import annotations

from tests.bot.on_telegram.groups import press, say
from tests.fakes.telegram.rig import Rig
from tests.fakes.telegram.world import Account, Post, Room


async def asked(rig: Rig, who: Account, room: Room) -> Post:
    """What the group is asked when the command is typed bare."""
    await say(rig, who, "/stall_shout", room)
    return rig.world.last(room)


async def test_text_is_asked_for_as_a_reply_and_the_answer_is_said_there(rig: Rig, ada: Account, room: Room) -> None:
    bob = rig.world.person("Bob")  # who never pressed Start
    question = await asked(rig, bob, room)
    assert question.asks
    assert question.reply_to is not None
    assert question.buttons() == []

    await rig.restart()
    (answer,) = await say(rig, bob, "Hello all", room, reply_to=question)

    assert answer.words == "Hello all"
    assert (room.id, question.id) not in rig.world.posts  # it has done its work
    assert rig.world.posted(bob) == []


async def test_only_who_was_asked_can_answer(rig: Rig, ada: Account, room: Room) -> None:
    bob, eve = rig.world.person("Bob"), rig.world.person("Eve")
    question = await asked(rig, bob, room)

    assert await say(rig, eve, "Hello from Eve", room, reply_to=question) == []
    assert await say(rig, bob, "Hello without a reply", room) == []
    assert (await say(rig, bob, "Hello", room, reply_to=question))[0].words == "Hello"


async def test_it_is_cancelled_by_the_word_that_it_names(rig: Rig, ada: Account, room: Room) -> None:
    bob = rig.world.person("Bob", started=True)
    question = await asked(rig, bob, room)
    assert "cancel" in question.words

    said = await say(rig, bob, "Cancel", room, reply_to=question)

    assert said == []
    assert (room.id, question.id) not in rig.world.posts
    assert await say(rig, bob, "Hello", room, reply_to=question) == []


async def test_private_questions_are_not_asked_there(rig: Rig, ada: Account, room: Room) -> None:
    await say(rig, ada, "/stall_whole", room)

    assert "Which sort of work?" in rig.world.last(ada).words
    assert not any("Which sort" in post.words for post in rig.world.posted(room))


async def test_choices_are_tapped_there_and_whoever_taps_is_named_in_the_next_question(
    rig: Rig, ada: Account, room: Room
) -> None:
    bob, eve = rig.world.person("Bob"), rig.world.person("Eve")
    await say(rig, bob, "/stall_call", room)
    choice = rig.world.last(room)

    await press(rig, eve, choice, "food")  # not asked, so nothing happens
    assert (room.id, choice.id) in rig.world.posts
    await press(rig, bob, choice, "food")
    question = rig.world.last(room)

    assert (room.id, choice.id) not in rig.world.posts
    assert question.asks
    assert question.words.startswith("Bob")
    (answer,) = await say(rig, bob, "Leeds", room, reply_to=question)
    assert "food in Leeds" in answer.words
