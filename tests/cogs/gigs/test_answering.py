"""Answering, picking, letting go: private, once, with one winner, and everybody hears their own part and no more."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from cogs.kit.action import action
from cogs.kit.reply import Reply
from storage.records.answer import AnswerState
from storage.records.gig import GigState
from storage.work import OpenWork
from tests.cogs.front import labels, placed, text_of
from tests.cogs.gigs.front import LINE, MODERATOR, Board
from tests.conftest import MovableClock


async def test_an_answer_reaches_the_poster_and_nobody_else(board: Board) -> None:
    gig = await board.post()
    answer = await board.give("Bob", gig)
    assert answer.private
    assert "You're in if they pick you" in text_of(answer)
    assert "Ada" not in text_of(answer)
    [(place, letter)] = placed(await board.deliver())
    assert place == "dm:ada"
    assert "Bob: I'm in" in text_of(letter)
    assert [b.label for b in letter.buttons if hasattr(b, "label")] == ["Ink", "Pencil", "Decline"]
    assert "Bob" not in text_of(await board.card(gig))
    assert "Bob" not in text_of(await board.say("Cleo", "/gig show G1"))
    assert "Bob" in text_of(await board.say("Ada", "/gig show G1"))
    assert "Bob" not in text_of(await board.say(MODERATOR, "/gig show G1", place="#gigs"))


async def test_the_same_button_twice_is_one_answer(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    again = await board.give("Bob", gig)
    assert "Noted already" in text_of(again)
    assert len(await board.letters("Ada")) == 1


async def test_an_answer_can_be_changed_and_the_poster_hears_the_newest(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig, "pencil")
    await board.press_id("Bob", action("answers.counter", gig))
    await board.say("Bob", "£250")
    await board.say("Bob", "I bring a PA")
    [letter] = await board.letters("Ada")
    assert "£250" in letter
    assert "I bring a PA" in letter
    await board.give("Bob", gig)
    [letter] = await board.letters("Ada")
    assert "£250" not in letter
    assert "I'm in" in letter


async def test_a_counter_by_command_needs_its_fee(board: Board) -> None:
    gig = await board.post()
    answer = await board.say("Bob", f"/gig answer G{gig} counter")
    assert "What would you do it for?" in text_of(answer)
    answer = await board.say("Bob", "£1 million")
    assert "could not read" in text_of(answer)
    assert "£300" in text_of(await board.say("Bob", "£300"))


async def test_a_pass_is_told_only_after_a_yes(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig, "pass")
    assert await board.letters("Ada") == []
    await board.give("Cleo", gig)
    await board.deliver()
    await board.give("Cleo", gig, "pass")
    assert ["passed on" in letter for letter in await board.letters("Ada")] == [True]


async def test_nobody_answers_their_own_gig(board: Board) -> None:
    gig = await board.post()
    assert "your own post" in text_of(await board.give("Ada", gig))


async def test_inking_the_last_chair_tells_the_others_that_it_is_filled_and_not_by_whom(board: Board) -> None:
    gig = await board.post()
    for name, reply in (("Bob", "ink"), ("Cleo", "pencil"), ("Dan", "pass")):
        await board.give(name, gig, reply)
    await board.pick("Ada", gig, "Cleo", "pencilled")
    await board.deliver()
    answer = await board.pick("Ada", gig, "Bob")
    assert "G1 is filled" in text_of(answer)
    sent = dict(placed(await board.deliver()))
    told = {place: text_of(reply) for place, reply in sent.items() if place.startswith("dm:")}
    assert set(told) == {"dm:bob", "dm:cleo"}
    assert "The chair is yours" in told["dm:bob"]
    assert "is filled" in told["dm:cleo"]
    assert "Bob" not in told["dm:cleo"]
    assert "£" not in told["dm:cleo"]
    assert await board.state(gig, "Cleo") is AnswerState.WAITING
    card = await board.card(gig)
    assert card.buttons == ()
    assert "Filled" in text_of(card)


async def test_a_pencil_holds_the_card_and_ink_follows(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    await board.pick("Ada", gig, "Bob", "pencilled")
    assert (await board.gig(gig)).state is GigState.HELD
    assert "Pencilled" in text_of(await board.card(gig))
    await board.pick("Ada", gig, "Bob")
    assert (await board.gig(gig)).state is GigState.FILLED
    assert "already" in text_of(await board.pick("Ada", gig, "Bob"))


async def test_the_player_is_told_the_fee_they_asked_for(board: Board) -> None:
    gig = await board.post()
    await board.say("Bob", "/gig answer G1 counter £250")
    await board.deliver()
    await board.pick("Ada", gig, "Bob")
    [letter] = await board.letters("Bob")
    assert "£250" in letter
    assert "£220" not in letter


async def test_two_posters_thumbs_give_one_chair_once(board: Board) -> None:
    """The same gig on two phones: Ink for Bob and Ink for Cleo at the same moment."""
    gig = await board.post()
    await board.give("Bob", gig)
    await board.give("Cleo", gig)
    replies = await asyncio.gather(board.pick("Ada", gig, "Bob"), board.pick("Ada", gig, "Cleo"))
    said = sorted(text_of(reply) for reply in replies)
    assert sum("is inked for" in one for one in said) == 1
    assert sum("was filled" in one for one in said) == 1
    assert [await board.state(gig, name) for name in ("Bob", "Cleo")].count(AnswerState.INKED) == 1


@pytest.mark.usefixtures("anywhere")
async def test_of_many_picks_for_few_chairs_exactly_as_many_win(open_work: OpenWork, clock: MovableClock) -> None:
    board = Board(open_work, clock)
    gig = await board.post("Ada", LINE + ", 3 seats")
    players = [f"Player {number}" for number in range(10)]
    for player in players:
        await board.give(player, gig)
    offers = [await board.offer(gig, player) for player in players]
    calls = [await board.call("Ada") for _ in offers]
    answers = await asyncio.gather(
        *(
            board.desk.press(call, action("answers.pick", offer.id, AnswerState.INKED))
            for call, offer in zip(calls, offers, strict=True)
        )
    )
    states = [await board.state(gig, player) for player in players]
    assert states.count(AnswerState.INKED) == 3
    assert sum("is inked for" in text_of(answer) for answer in answers) == 3
    kept = await board.gig(gig)
    assert (kept.inked, kept.pencilled, kept.state) == (3, 0, GigState.FILLED)


@pytest.mark.usefixtures("anywhere")
async def test_pencils_at_the_same_moment_are_counted_right(open_work: OpenWork, clock: MovableClock) -> None:
    board = Board(open_work, clock)
    gig = await board.post("Ada", LINE + ", 8 seats")
    players = [f"Player {number}" for number in range(8)]
    for player in players:
        await board.give(player, gig)
    offers = [await board.offer(gig, player) for player in players]
    call = await board.call("Ada")
    await asyncio.gather(
        *(board.desk.press(call, action("answers.pick", offer.id, AnswerState.PENCILLED)) for offer in offers)
    )
    assert (await board.gig(gig)).pencilled == 8
    assert (await board.gig(gig)).state is GigState.HELD


async def test_stepping_back_frees_the_chair_and_who_waited_hears_of_it(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    await board.give("Cleo", gig, "pencil")
    await board.pick("Ada", gig, "Bob")
    await board.deliver()
    await board.press_id("Bob", action("answers.back", gig))
    told = {place: text_of(reply) for place, reply in placed(await board.deliver())}
    assert "Bob has stepped back" in told["dm:ada"]
    assert "has a free chair again" in told["dm:cleo"]
    assert "Bob" not in told["dm:cleo"]
    assert (await board.gig(gig)).state is GigState.OPEN
    assert "You're in" in text_of(await board.give("Dan", gig))


async def test_a_step_back_is_undone_by_whoever_did_it_while_the_chair_is_free(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    await board.pick("Ada", gig, "Bob")
    offer = await board.offer(gig, "Bob")
    await board.deliver()
    await board.press_id("Bob", action("answers.back", gig))
    for other in ("Ada", "Cleo"):
        refused = await board.press_id(other, action("answers.restore", offer.id))
        assert "There is no answer" in text_of(refused)
    assert "you are inked" in text_of(await board.press_id("Bob", action("answers.restore", offer.id)))
    assert (await board.gig(gig)).state is GigState.FILLED
    assert await board.letters("Ada") == []  # she never heard of it


async def test_a_step_back_that_was_read_is_taken_back_in_words(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    await board.pick("Ada", gig, "Bob")
    offer = await board.offer(gig, "Bob")
    await board.press_id("Bob", action("answers.back", gig))
    assert ["stepped back" in letter for letter in await board.letters("Ada")][-1:] == [True]
    await board.press_id("Bob", action("answers.restore", offer.id))
    [letter] = await board.letters("Ada")
    assert "Bob has not stepped back after all" in letter
    assert "inked as before" in letter


async def test_a_step_back_is_not_undone_once_the_chair_is_gone(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    await board.give("Cleo", gig)
    await board.pick("Ada", gig, "Bob")
    offer = await board.offer(gig, "Bob")
    await board.press_id("Bob", action("answers.back", gig))
    await board.pick("Ada", gig, "Cleo")
    answer = await board.press_id("Bob", action("answers.restore", offer.id))
    assert "was filled" in text_of(answer)
    assert await board.state(gig, "Bob") is AnswerState.WITHDRAWN


async def test_nobody_inks_themselves_by_an_old_undo(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    offer = await board.offer(gig, "Bob")
    refused = await board.press_id("Bob", action("answers.restore", offer.id))
    assert "There is no answer" in text_of(refused)  # waiting is nothing to restore, and not his to restore
    for deed in ("answers.pick:1:inked", "answers.pick:1:pencilled", "answers.let_go:1"):
        assert "There is no answer" in text_of(await board.press_id("Bob", f"fc:{deed}"))
    assert await board.state(gig, "Bob") is AnswerState.WAITING


async def test_releasing_tells_the_player_with_the_note_and_can_be_undone(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    await board.pick("Ada", gig, "Bob")
    await board.deliver()
    await board.say("Ada", '/gig release id=G1 player=Bob note="The date moved, sorry"')
    [letter] = await board.letters("Bob")
    assert "You are released" in letter
    assert "The date moved, sorry" in letter
    assert (await board.gig(gig)).state is GigState.OPEN
    await board.press("Ada", "Undo")
    assert await board.state(gig, "Bob") is AnswerState.INKED
    assert ["The chair is yours" in letter for letter in await board.letters("Bob")] == [True]


async def test_declining_is_polite_and_leaves_the_door_open(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    await board.deliver()
    offer = await board.offer(gig, "Bob")
    await board.press_id("Ada", action("answers.let_go", offer.id))
    [letter] = await board.letters("Bob")
    assert "Not this time" in letter
    assert "told no; they can answer again" in text_of(await board.pick("Ada", gig, "Bob"))
    await board.give("Bob", gig)
    assert await board.state(gig, "Bob") is AnswerState.WAITING


async def test_picking_somebody_who_has_not_answered_says_so(board: Board) -> None:
    await board.post()
    await board.person("Bob")
    assert "Bob has not answered G1" in text_of(await board.say("Ada", "/gig pick id=G1 player=Bob"))


async def test_a_button_of_a_filled_gig_says_how_it_stands(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    await board.pick("Ada", gig, "Bob")
    answer = await board.give("Cleo", gig)
    assert "G1 was filled. (Mon 23 Nov, 10:00)" in text_of(answer)
    assert "Nothing was changed" in text_of(answer)
    assert answer.private


async def test_nobody_leaves_a_gig_that_has_been_played(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    await board.pick("Ada", gig, "Bob")
    await board.until(datetime(2026, 11, 29, 12, tzinfo=UTC))
    assert "is over" in text_of(await board.press_id("Bob", action("answers.back", gig)))
    offer = await board.offer(gig, "Bob")
    assert "is over" in text_of(await board.press_id("Ada", action("answers.let_go", offer.id)))
    assert await board.state(gig, "Bob") is AnswerState.INKED


async def test_a_chair_that_comes_free_after_thirty_days_is_on_the_board_again(board: Board) -> None:
    gig = await board.post("Ada", "/gig drums, Sat 20 Feb 19:30, Leeds, £220")
    await board.give("Bob", gig)
    await board.pick("Ada", gig, "Bob")
    await board.pass_by(days=40)
    await board.press_id("Bob", action("answers.back", gig))
    assert "You're in" in text_of(await board.give("Cleo", gig))


async def test_moderators_pick_where_the_poster_is_away(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    answer = await board.say(MODERATOR, "/gig pick id=G1 player=Bob", place="#gigs")
    assert "Bob is inked" in text_of(answer)
    assert "somebody else's post" in text_of(await board.say("Cleo", "/gig pick id=G1 player=Bob"))


async def test_whos_asking_says_only_what_everybody_could_know(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    await board.pick("Ada", gig, "Bob")
    board.clock.move(timedelta(days=3))
    said = text_of(await board.press_id("Cleo", action("gigs.asker", gig)))
    assert "Ada posted G1, here for 3 days" in said
    assert "1 gig posted here, 1 filled" in said
    assert "Bob" not in said


async def test_a_long_list_of_answers_is_paged(board: Board) -> None:
    gig = await board.post()
    for number in range(10):
        await board.give(f"Player {number}", gig)
    answer = await board.say("Ada", "/gig show G1")
    assert len(answer.reply.rows) == 8
    answer = await board.press("Ada", "Next")
    assert len(answer.reply.rows) == 2
    assert "Back" in labels(answer)


async def test_letters_of_an_answer_that_was_taken_back_are_not_sent(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    await board.press_id("Bob", action("answers.back", gig))
    letters = await board.letters("Ada")
    assert ["stepped back" in letter for letter in letters] == [True]


async def test_old_and_forged_buttons_change_nothing(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    for forged in (
        "fc:answers.give:1:counter",
        "fc:answers.give:1:inked",
        "fc:answers.give:zzzzzzzz:ink",
        "fc:answers.pick:1:declined",
        "fc:gigs.end:1:open",
        "fc:gigs.end:1:expired",
        "fc:fix.choose:1:nonsense:1",
        "fc:find.page:nonsense:1",
        "fc:find.drop:1",
        "fc:find.again:1",
        "fc:referrals.thanked:2",
    ):
        for name in ("Ada", "Bob", "Eve"):
            answer = await board.press_id(name, forged)
            assert isinstance(answer.reply, Reply)
            assert "Sorry, something went wrong" not in text_of(answer), forged
    assert (await board.gig(gig)).state is GigState.OPEN
    assert await board.state(gig, "Bob") is AnswerState.WAITING


@pytest.mark.parametrize(
    "line", ["Bob sorry, they cancelled", "Bob: sorry, they cancelled", "@Bob sorry, they cancelled"]
)
async def test_words_behind_a_name_are_the_note(board: Board, line: str) -> None:
    gig = await board.post("Ada", LINE)
    await board.give("Bob", gig)
    await board.pick("Ada", gig, "Bob")
    assert "Bob is released" in text_of(await board.say("Ada", f"/gig release G{gig} {line}"))
    assert "“sorry, they cancelled”" in "".join(await board.letters("Bob"))


async def test_the_longest_name_that_somebody_bears_is_meant(board: Board) -> None:
    for name in ("Anna", "Anna Maria"):
        await board.say(name, "/me show")
    gig = await board.post("Ada", LINE)
    assert "Passed to Anna Maria:" in text_of(await board.say("Bob", f"/gig refer G{gig} anna maria she is great"))
    assert "Passed to Anna:" in text_of(await board.say("Bob", f"/gig refer G{gig} Anna she is great"))
    assert "nobody called “Annabel she is" in text_of(await board.say("Bob", f"/gig refer G{gig} Annabel she is great"))
