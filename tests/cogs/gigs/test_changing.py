"""A post that is changed, closed, put back or out of time: what the poster sees, and who is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cogs.kit.action import action
from storage.records.gig import GigState
from tests.cogs.front import labels, placed, text_of
from tests.cogs.gigs.front import LINE, MODERATOR, Board


@pytest.mark.parametrize("line", ["/gig edit G1 fee £1", "/gig close G1 cancelled", "/gig reopen G1"])
async def test_only_the_poster_and_moderators_change_a_post(board: Board, line: str) -> None:
    await board.post()
    refused = await board.say("Bob", line)
    assert "somebody else's post" in text_of(refused)
    before = await board.gig(1)
    answer = await board.say(MODERATOR, line, place="#gigs")
    assert "somebody else's post" not in text_of(answer)
    assert await board.gig(1) != before or "reopen" in line


async def test_who_is_in_says_got_it_again_and_others_are_told(board: Board) -> None:
    gig = await board.post("Ada", LINE + ", 2 seats")
    for name in ("Bob", "Cleo", "Dan"):
        await board.give(name, gig)
    await board.give("Dan", gig, "pass")
    await board.pick("Ada", gig, "Bob")
    await board.deliver()
    answer = await board.say("Ada", "/gig edit G1 when Sat 28 Nov 21:00")
    assert "1 who is in must say" in text_of(answer)
    sent = dict(placed(await board.deliver()))
    assert set(sent) == {"dm:bob", "dm:cleo"}
    assert "Sat 28 Nov, 19:30 → Sat 28 Nov, 21:00" in text_of(sent["dm:bob"])
    assert [b.label for b in sent["dm:bob"].buttons if hasattr(b, "label")] == ["Got it", "Step back"]
    assert "has not said “got it”" in text_of(await board.say("Ada", "/gig show G1"))
    await board.press_id("Bob", action("answers.got_it", gig))
    assert "has not said “got it”" not in text_of(await board.say("Ada", "/gig show G1"))
    assert "had said so already" in text_of(await board.press_id("Bob", action("answers.got_it", gig)))


async def test_two_changes_in_a_row_are_one_message_from_the_oldest_to_the_newest(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    await board.deliver()
    await board.say("Ada", "/gig edit G1 fee £240")
    await board.say("Ada", "/gig edit G1 fee £260")
    [letter] = await board.letters("Bob")
    assert "£220 → £260" in letter  # nobody ever told Bob of £240


async def test_a_change_that_was_changed_back_is_not_told(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    await board.deliver()
    await board.say("Ada", "/gig edit G1 fee £240")
    await board.say("Ada", "/gig edit G1 fee £220")
    assert await board.letters("Bob") == []


async def test_fix_changes_one_field_and_says_what_it_was(board: Board) -> None:
    await board.post()
    await board.say("Ada", "/gig show G1")
    await board.press("Ada", "Fix")
    answer = await board.press("Ada", "Fee")
    assert answer.reply.form is not None
    assert answer.reply.form.values["value"] == "220 GBP"
    answer = await board.say("Ada", "£60/hour")
    assert "£60 an hour" in text_of(answer)
    assert "£60 an hour" in text_of(await board.card(1))


async def test_choices_are_tapped_and_can_be_left_unsaid(board: Board) -> None:
    await board.post()
    await board.say("Ada", "/gig show G1")
    await board.press("Ada", "Fix")
    answer = await board.press("Ada", "Kind")
    assert "session" in labels(answer)
    await board.press("Ada", "session")
    assert "Kind: session" in text_of(await board.card(1))
    await board.press_id("Ada", action("fix.choose", 1, "type", "-"))
    assert "Kind" not in text_of(await board.card(1))
    assert "could not read" in text_of(await board.press_id("Ada", action("fix.choose", 1, "fee", "-")))


async def test_what_is_written_wrong_in_a_form_is_asked_again(board: Board) -> None:
    await board.post()
    answer = await board.say("Ada", "/gig edit G1 fee fourty")
    assert "fourty" in text_of(answer)
    assert "Changed G1" in text_of(await board.say("Ada", "£40"))


@pytest.mark.parametrize(
    ("reason", "word"), [("cancelled", "is cancelled"), ("postponed", "is postponed"), ("filled", "another way")]
)
async def test_closing_tells_everybody_who_had_answered(board: Board, reason: str, word: str) -> None:
    gig = await board.post("Ada", LINE + ", 3 seats")
    for name in ("Bob", "Cleo", "Dan"):
        await board.give(name, gig)
    await board.give("Dan", gig, "pass")
    await board.pick("Ada", gig, "Bob")
    await board.deliver()
    await board.say("Ada", f"/gig close G1 {reason}")
    told = {place: text_of(reply) for place, reply in placed(await board.deliver())}
    assert set(told) == {"dm:bob", "dm:cleo"}
    assert word in told["dm:bob"]
    assert "inked" in told["dm:bob"]
    card = await board.card(gig)
    assert reason in text_of(card).casefold()
    assert card.buttons == ()
    assert "was " in text_of(await board.give("Emma", gig))


async def test_cancelling_by_that_word_is_no_post_of_a_chair_called_cancel(board: Board) -> None:
    gig = await board.post()
    await board.say("Ada", "/gig cancel G1 cancelled")
    assert (await board.gig(gig)).state is GigState.CANCELLED


async def test_undoing_a_cancellation_says_that_it_is_on_again(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    await board.pick("Ada", gig, "Bob")
    await board.deliver()
    await board.say("Ada", "/gig close G1 cancelled")
    assert len(await board.letters("Bob")) == 1
    await board.press("Ada", "Undo")
    assert (await board.gig(gig)).state is GigState.FILLED
    [letter] = await board.letters("Bob")
    assert "is back on" in letter


async def test_a_cancellation_undone_before_it_was_told_is_never_told(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    await board.deliver()
    await board.say("Ada", "/gig close G1 cancelled")
    await board.press("Ada", "Undo")
    assert await board.letters("Bob") == []


async def test_the_undo_is_over_after_ten_minutes(board: Board) -> None:
    await board.post()
    await board.say("Ada", "/gig close G1 cancelled")
    board.clock.move(timedelta(minutes=10))
    assert "nothing left to undo" in text_of(await board.press("Ada", "Undo"))


async def test_the_poster_hears_when_the_reply_by_time_passes_and_nothing_is_closed(board: Board) -> None:
    gig = await board.post("Ada", LINE + ", reply by tomorrow 6pm")
    await board.give("Bob", gig)
    await board.deliver()
    [(place, reply)] = placed(await board.until(datetime(2026, 11, 24, 18, tzinfo=UTC)))
    assert place == "dm:ada"
    assert "reply-by time has passed" in text_of(reply)
    assert "Bob" in text_of(reply)
    assert (await board.gig(gig)).state is GigState.OPEN


async def test_a_gig_leaves_the_board_at_its_time(board: Board) -> None:
    gig = await board.post()
    sent = placed(await board.until(datetime(2026, 11, 28, 19, 30, tzinfo=UTC)))
    assert "has left the board" in text_of(sent[-1][1])
    assert (await board.gig(gig)).state is GigState.EXPIRED
    assert (await board.card(gig)).buttons == ()
    assert "left the board" in text_of(await board.give("Bob", gig))
    assert "No open gig" in text_of(await board.say("Bob", "/gigs")) or "no open gig" in text_of(
        await board.say("Bob", "/gigs")
    )


async def test_a_gig_far_ahead_can_be_kept_up_after_thirty_days(board: Board) -> None:
    gig = await board.post("Ada", "/gig drums, Sat 20 Feb 19:30, Leeds, £220")
    sent = placed(await board.pass_by(days=31))
    assert "30 days are over" in text_of(sent[-1][1])
    await board.press_id("Ada", action("gigs.reopen", gig))
    assert (await board.gig(gig)).state is GigState.OPEN
    assert "You're in" in text_of(await board.give("Bob", gig))


async def test_a_filled_gig_says_nothing_when_its_time_comes(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    await board.pick("Ada", gig, "Bob")
    await board.deliver()
    assert placed(await board.pass_by(days=40)) == []
    assert (await board.gig(gig)).state is GigState.FILLED


async def test_a_new_date_puts_a_postponed_gig_back(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    await board.say("Ada", "/gig close G1 postponed")
    await board.say("Ada", "/gig edit G1 when Sat 12 Dec 20:00")
    assert (await board.gig(gig)).state is GigState.OPEN
    assert "Sat 12 Dec 2026, 20:00" in text_of(await board.card(gig))
