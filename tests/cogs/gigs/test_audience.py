"""Gigs for a call list: who is offered them, who learns nothing of them, and how they come to the board after all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from cogs.availability.calendars import CalendarService
from cogs.firstcall.cog import FirstCallCog
from cogs.gigs.offers_cog import OffersCog
from cogs.kit.action import action
from cogs.kit.cog import Cog
from cogs.kit.faults import NotFound
from cogs.kit.tools import Tools
from cogs.rates.quote_service import QuoteService
from storage.records.answer import AnswerState
from storage.work import OpenWork
from tests.cogs.front import labels, text_of
from tests.cogs.gigs.front import Board
from tests.cogs.gigs.front import furnish as gig_cogs
from tests.conftest import MovableClock

LINE = "/gig drums, Sat 12 Dec 19:30, Leeds, £220, function"


def furnish(tools: Tools) -> Sequence[Cog]:
    return (*gig_cogs(tools), OffersCog(tools), FirstCallCog(tools))


@pytest.fixture
async def board(open_work: OpenWork, clock: MovableClock) -> Board:
    """Sam is Ada's first call for drums, Bob comes next; Cleo watches for drums and is on no list."""
    board = Board(open_work, clock, furnish)
    for name in ("Ada", "Bob", "Sam", "Cleo"):
        await board.change(name, zone="Europe/London")
    await board.say("Ada", "/firstcall drums @Bob")
    await board.say("Ada", "/firstcall drums @Sam 1")
    await board.say("Cleo", "/watch drums how=dm", place="#gigs")
    return board


async def test_the_list_is_offered_it_in_private_and_the_board_shows_nothing(board: Board) -> None:
    said = text_of(await board.say("Ada", f"{LINE}, call list only", place="#gigs"))
    assert "on no board" in said and "2 people on your call list" in said
    letters = {one.target.dest: text_of(one.reply) for one in await board.deliver()}
    assert letters.keys() == {"dm:bob", "dm:sam"}
    assert "Ada asks you directly" in letters["dm:bob"]
    assert not any("list" in letter for letter in letters.values())


async def test_first_call_is_as_many_as_there_are_chairs(board: Board) -> None:
    await board.say("Ada", f"{LINE}, first call only", place="#gigs")
    assert {one.target.dest for one in await board.deliver()} == {"dm:sam"}
    await board.say("Ada", f"{LINE.replace('drums', '2 x drums')}, first call only", place="#gigs")
    assert {one.target.dest for one in await board.deliver()} == {"dm:sam", "dm:bob"}


async def test_nobody_else_learns_that_there_is_such_a_gig(board: Board) -> None:
    gig_id = await board.post("Ada", f"{LINE}, call list")
    none = await board.say("Cleo", "/gig show G99", place="#gigs")
    for line in (f"/gig show G{gig_id}", f"/gig answer G{gig_id} ink", f"/gig refer G{gig_id} @Bob"):
        said = text_of(await board.say("Cleo", line, place="#gigs"))
        assert said == text_of(none).replace("G99", f"G{gig_id}"), line
    assert await board.letters("Cleo") == []
    assert "no open gig" in text_of(await board.say("Cleo", "/gigs", place="#gigs"))
    assert "Leeds" not in text_of(await board.say("Cleo", "/gigs leeds", place="#gigs"))
    assert f"G{gig_id}" in text_of(await board.say("Ada", "/gig list mine=yes", place="#gigs"))
    assert "Leeds" in text_of(await board.say("Bob", f"/gig show G{gig_id}", place="#gigs"))


async def test_other_features_keep_it_to_few_too(board: Board) -> None:
    gig_id = await board.post("Ada", f"{LINE}, call list")
    cleo = await board.call("Cleo", "#gigs")
    with pytest.raises(NotFound):
        await CalendarService(board.tools).one_gig(cleo, gig_id)
    with pytest.raises(NotFound):
        await QuoteService(board.tools).gig(cleo, gig_id)


async def test_who_is_offered_it_can_answer_and_be_picked_but_not_pass_it_on(board: Board) -> None:
    gig_id = await board.post("Ada", f"{LINE}, call list")
    assert "not passed on" in text_of(await board.say("Bob", f"/gig refer G{gig_id} @Cleo", place="#gigs"))
    assert "Pass it on" not in labels(await board.say("Bob", f"/gig show G{gig_id}", place="#gigs"))
    await board.give("Bob", gig_id)
    await board.pick("Ada", gig_id, "Bob")
    assert await board.state(gig_id, "Bob") is AnswerState.INKED


async def test_an_offer_waits_for_quiet_hours_and_is_not_made_when_it_is_over(
    board: Board, clock: MovableClock
) -> None:
    clock.move(to=datetime(2026, 11, 23, 23, tzinfo=UTC))
    gig_id = await board.post("Ada", f"{LINE}, call list")
    assert not [one for one in board.sender.sent if one.target.dest in ("dm:bob", "dm:sam")]
    await board.say("Ada", f"/gig close id=G{gig_id} reason=cancelled", place="#gigs")
    clock.move(timedelta(hours=12))
    assert not [one for one in await board.deliver() if one.target.dest in ("dm:bob", "dm:sam")]


async def test_put_on_the_board_everybody_sees_it_and_the_list_is_not_written_to_again(board: Board) -> None:
    gig_id = await board.post("Ada", f"{LINE}, call list")
    assert "Put it on the board" in labels(await board.say("Ada", f"/gig show G{gig_id}", place="#gigs"))
    assert "somebody else's" in text_of(await board.press_id("Sam", action("calls.widen", gig_id)))
    await board.press_id("Ada", action("calls.widen", gig_id))
    went = {one.target.dest for one in await board.deliver()}
    assert "dm:cleo" in went and not went & {"dm:bob", "dm:sam"}
    assert "Leeds" in text_of(await board.card(gig_id))
    assert "Leeds" in text_of(await board.say("Cleo", "/gigs", place="#gigs"))
    assert "already" in text_of(await board.press_id("Ada", action("calls.widen", gig_id)))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("/gig trumpet, Sat 12 Dec 19:30, Leeds, £220, call list only", "is on your call list"),
        ("/gig drums, Sat 12 Dec 19:30, Leeds, unpaid, first call", "unpaid gig goes to people who asked"),
    ],
)
async def test_a_gig_for_nobody_is_asked_about_and_not_kept(board: Board, line: str, why: str) -> None:
    answer = await board.say("Ada", line, place="#gigs")
    assert why in text_of(answer)
    assert "The board" in labels(answer)
    async with board.tools.open_work(reading=True) as work:
        assert await work.gigs.many(range(1, 9)) == {}
