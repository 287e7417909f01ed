"""Whatever people do in whatever order, no chair is given twice, and nobody is in or out without being told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cogs.kit.action import action
from storage.engine import open
from storage.records.answer import ENGAGED, AnswerState
from storage.records.gig import GigState
from tests.cogs.front import placed, text_of
from tests.cogs.gigs.front import LINE, Board
from tests.conftest import MovableClock

PLAYERS = ("Bob", "Cleo", "Dan")

says = st.tuples(st.sampled_from(["ink", "pencil", "pass"]), st.sampled_from(PLAYERS))
backs = st.tuples(st.just("back"), st.sampled_from(PLAYERS))
picks = st.tuples(st.sampled_from(["inked", "pencilled", "let_go", "restore"]), st.sampled_from(PLAYERS))
ends = st.tuples(st.sampled_from(["cancelled", "postponed", "filled", "reopen"]), st.just(""))
edits = st.tuples(st.sampled_from(["seats=1", "seats=2", "fee=£1"]), st.just(""))
waits = st.tuples(st.just("deliver"), st.just(""))
deeds = st.lists(st.one_of(says, picks, picks, picks, backs, ends, edits, waits), min_size=5, max_size=25)


class Told:
    """What each player last heard that concerns whether they are to turn up."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}

    def hear(self, place: str, text: str) -> None:
        player = place.removeprefix("dm:").capitalize()
        for mark in (
            "You are inked",
            "You are pencilled",
            "You are released",
            "Not this time",
            "is filled",
            "is cancelled",
            "is postponed",
            "filled another way",
            "is back on",
        ):
            if mark in text:
                self.words[player] = mark


async def do(board: Board, deed: str, who: str, told: Told) -> None:
    if deed in ("ink", "pencil", "pass"):
        answer = await board.give(who, 1, deed)
    elif deed == "back":
        answer = await board.press_id(who, action("answers.back", 1))
    elif deed in ("inked", "pencilled", "let_go", "restore"):
        try:
            offer = await board.offer(1, who)
        except AssertionError:
            return
        if deed in ("inked", "pencilled"):
            answer = await board.press_id("Ada", action("answers.pick", offer.id, deed))
        else:
            answer = await board.press_id("Ada", action(f"answers.{deed}", offer.id))
    elif deed == "reopen":
        answer = await board.press_id("Ada", action("gigs.reopen", 1))
    elif deed == "deliver":
        for place, reply in placed(await board.deliver()):
            told.hear(place, text_of(reply))
        return
    elif "=" in deed:
        field, value = deed.split("=")
        answer = await board.press_id("Ada", action("fix.choose", 1, field, value))
    else:
        answer = await board.press_id("Ada", action("gigs.end", 1, deed))
    said = text_of(answer)
    assert "Sorry, something went wrong" not in said
    if answer.reply.lines and said.startswith(("You have stepped back", "As it was: you are")):
        told.words[who] = "stepped back" if "stepped" in said else "You are " + said.split("you are ")[1].split()[0]


async def play(sequence: Sequence[tuple[str, str]]) -> None:
    storage = await open("sqlite://")
    told = Told()
    try:
        board = Board(storage.open_work, MovableClock())
        await board.post("Ada", LINE + ", 2 seats")
        for player in PLAYERS:
            await board.give(player, 1)
        for deed, who in sequence:
            await do(board, deed, who, told)
            async with storage.open_work(reading=True) as work:
                gig = await work.gigs.get(1)
                assert gig is not None
                answers = await work.answers.to(1)
            counts = [answer.state for answer in answers]
            assert gig.inked == counts.count(AnswerState.INKED) <= gig.seats
            assert gig.pencilled == counts.count(AnswerState.PENCILLED)
            if not gig.closed:
                full = gig.inked >= gig.seats
                held = gig.inked + gig.pencilled >= gig.seats
                assert gig.state is (GigState.FILLED if full else GigState.HELD if held else GigState.OPEN)
            if gig.state is GigState.FILLED and not gig.closed:
                assert AnswerState.PENCILLED not in counts
        await do(board, "deliver", "", told)
        for player in PLAYERS:
            await knows(board, player, told)
    finally:
        await storage.close()


async def knows(board: Board, player: str, told: Told) -> None:
    """Once everything has arrived, each player's last word is how it is."""
    gig = await board.gig(1)
    try:
        state = await board.state(1, player)
    except AssertionError:
        return
    word = told.words.get(player, "")
    if gig.state is GigState.CANCELLED and state in ENGAGED | {AnswerState.WAITING}:
        assert word == "is cancelled"
    elif gig.state is GigState.POSTPONED and state in ENGAGED | {AnswerState.WAITING}:
        assert word == "is postponed"
    elif state is AnswerState.INKED:
        assert word in ("You are inked", "is back on", "filled another way")
    elif state is AnswerState.PENCILLED:
        assert word in ("You are pencilled", "is back on", "filled another way")
    elif state in (AnswerState.RELEASED, AnswerState.DECLINED):
        assert word in ("You are released", "Not this time")
    elif state is AnswerState.WITHDRAWN:
        assert word not in ("You are inked", "You are pencilled")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deeds)
def test_any_sequence_of_deeds_leaves_everybody_knowing_how_it_is(sequence: list[tuple[str, str]]) -> None:
    asyncio.run(play(sequence))
