"""What is typed under a question instead of pressing: done, keep it, skip, back, cancel; wrong answers taken back."""

from __future__ import annotations

import pytest

from bot.desk.answer import Answer
from cogs.kit.call import Call
from cogs.kit.reply import Button
from storage.records.fee import Fee
from tests.bot.desk.test_desk import Room, button, room, said

__all__ = ["room"]


def labels(answer: Answer | None) -> list[str]:
    assert answer is not None
    return [b.label for b in answer.reply.buttons if isinstance(b, Button)]


async def typed(room: Room, call: Call, *texts: str) -> Answer:
    """The answer to the last of some lines, each typed under the question before it."""
    answer = None
    for text in texts:
        answer = await room.desk.heard(call, text)
    assert answer is not None
    return answer


@pytest.mark.parametrize("word", ["done", "Done", "DONE.", "save", "that\u2019s all"])
async def test_done_typed_hands_a_form_in_as_its_button_does(room: Room, word: str) -> None:
    call = await room.call()
    asked = await room.desk.command(call, "note fix")
    assert "Done" in labels(asked)
    assert said(await typed(room, call, word)) == "Kept."
    assert room.notes.done[0]["text"] == "hello"


async def test_every_button_of_a_form_can_be_typed(room: Room) -> None:
    call = await room.call()
    await room.desk.command(call, "note fix")
    where = await typed(room, call, "keep it", "keep", "Keep It")
    assert said(where).endswith("Which mood?")
    assert said(await typed(room, call, "back")).endswith("What does it pay?")
    text = await typed(room, call, "keep", "skip")
    assert labels(text) == ["Keep it", "Clear it", "Done", "Back", "Cancel"]
    assert said(await typed(room, call, "clear it")) == "Kept."
    assert room.notes.done[0]["text"] is None


@pytest.mark.parametrize("word", ["cancel", "never mind", "quit"])
async def test_cancel_typed_drops_the_form(room: Room, word: str) -> None:
    call = await room.call()
    await room.desk.command(call, "note fix")
    assert said(await typed(room, call, word)).startswith("Cancelled")
    assert await room.desk.heard(call, "hello") is None
    assert room.notes.done == []


async def test_what_a_field_holds_is_shown_as_people_write_it(room: Room) -> None:
    call = await room.call()
    await room.desk.command(call, "note fix")
    fee = await typed(room, call, "keep", "keep")
    assert "220 GBP" not in said(fee)
    assert any("220" in str(span) for span in fee.reply.lines[0][1:])


async def test_a_wrong_answer_does_not_cost_what_stood_in_the_field(room: Room) -> None:
    call = await room.call()
    await room.desk.command(call, "note fix")
    wrong = await typed(room, call, "keep", "keep", "fourty", "fifty")
    assert said(wrong).endswith("What does it pay?")
    assert "fifty" in said(wrong)
    assert "Keep it" in labels(wrong)
    assert said(await typed(room, call, "done")) == "Kept."
    fee = room.notes.done[0]["fee"]
    assert isinstance(fee, Fee)
    assert fee.money is not None and fee.money.minor == 22000


async def test_a_right_answer_after_a_wrong_one_is_the_one_that_counts(room: Room) -> None:
    call = await room.call()
    await room.desk.command(call, "note fix")
    await typed(room, call, "keep", "keep", "fourty", "£40", "done")
    fee = room.notes.done[0]["fee"]
    assert isinstance(fee, Fee)
    assert fee.money is not None and fee.money.minor == 4000


async def test_back_from_a_wrong_answer_goes_to_the_question_before(room: Room) -> None:
    call = await room.call()
    await room.desk.command(call, "note fix")
    assert said(await typed(room, call, "keep", "blurb")).endswith("When is it?")
    assert said(await typed(room, call, "back")).endswith("Which chair?")


async def test_going_back_keeps_what_was_typed(room: Room) -> None:
    call = await room.call()
    await room.desk.command(call, "note add", {"fee": "£220"})
    back = await typed(room, call, "drums", "back")
    assert said(back).startswith("Role now: Drum kit.")
    assert "Keep it" in labels(back)
    assert said(await typed(room, call, "keep")).endswith("When is it?")
    assert said(await typed(room, call, "2026-11-28T19:30")) == "Kept."


async def test_a_long_form_can_be_handed_in_once_something_was_said(room: Room) -> None:
    call = await room.call()
    first = await room.desk.command(call, "note whole")
    assert labels(first) == ["warm", "cool", "Skip", "Cancel"]
    second = await typed(room, call, "warm")
    assert said(await room.desk.press(call, button(second, "Done"))) == "Noted."
    assert room.notes.done == [{"mood": "warm", "text": None, "seats": None}]


async def test_a_form_that_lacks_something_offers_no_done(room: Room) -> None:
    call = await room.call()
    await room.desk.command(call, "note ache")
    asked = await typed(room, call, "wrist")
    assert "Done" not in labels(asked)
    assert said(await typed(room, call, "done")).endswith("Since how many days?")
    assert room.notes.done == []


async def test_clear_is_an_answer_where_there_is_nothing_to_clear(room: Room) -> None:
    call = await room.call()
    await room.desk.command(call, "note whole")
    await typed(room, call, "warm", "clear", "done")
    assert room.notes.done == [{"mood": "warm", "text": "clear", "seats": None}]


async def test_a_word_that_the_field_itself_takes_is_an_answer(room: Room) -> None:
    call = await room.call()
    await room.desk.command(call, "note ache", {"since": "3"})
    assert said(await typed(room, call, "back")) == "Ouch."
    assert room.notes.done == [{"where": "back", "since": 3}]


async def test_an_optional_answer_that_was_not_taken_can_be_skipped(room: Room) -> None:
    call = await room.call()
    await room.desk.command(call, "note whole")
    wrong = await typed(room, call, "warm", "hello", "many")
    assert "many" in said(wrong)
    assert said(await room.desk.press(call, button(wrong, "Skip"))) == "Noted."


async def test_the_last_optional_question_is_left_with_skip_and_not_with_done_too(room: Room) -> None:
    call = await room.call()
    await room.desk.command(call, "note whole")
    last = await typed(room, call, "warm", "hello")
    assert labels(last) == ["Skip", "Back", "Cancel"]
    assert said(await typed(room, call, "done")) == "Noted."
    assert room.notes.done == [{"mood": "warm", "text": "hello", "seats": None}]


async def test_what_the_handler_cannot_do_without_has_no_skip_and_is_asked_once(room: Room) -> None:
    call = await room.call()
    asked = await room.desk.command(call, "note either")
    assert [str(getattr(s, "text", s)) for one in asked.reply.lines for s in one].count("For whom?") == 1
    assert labels(asked) == ["Cancel"]
    assert said(await typed(room, call, "Jo")) == "Kept."
