"""A post gone through again in one form: kept, changed, cleared, and left alone at any point."""

from __future__ import annotations

import pytest

from storage.records.answer import AnswerState
from tests.cogs.front import labels, text_of
from tests.cogs.gigs.front import Board

FULL = (
    "/gig post role=drums when='Sat 28 Nov 19:30-22:30' where=Leeds fee=£220 type=function what='Ceilidh band' seats=2"
)


async def open_form(board: Board, text: str = FULL) -> None:
    await board.post("Ada", text)
    opened = await board.say("Ada", "/gig edit G1", place="#gigs")
    assert "When now: 28 Nov 2026 19:30 - 28 Nov 2026 22:30." in text_of(opened)
    assert {"Keep it", "Done", "Cancel"} <= set(labels(opened))
    assert "Clear it" not in labels(opened)  # a post cannot do without a time


async def test_it_holds_everything_the_post_says(board: Board) -> None:
    await board.post("Ada", FULL)
    form = (await board.say("Ada", "/gig edit G1", place="#gigs")).reply.form
    assert form is not None
    assert form.values == {
        "when": "28 Nov 2026 19:30 - 28 Nov 2026 22:30",
        "where": "Leeds",
        "fee": "220 GBP",
        "role": "drums",
        "seats": "2",
        "type": "function",
        "what": "Ceilidh band",
        "length": "3 h",
    }
    assert [one.name for one in form.fields][:5] == ["when", "where", "fee", "role", "seats"]


async def test_several_things_change_at_once_and_the_rest_stays(board: Board) -> None:
    await open_form(board)
    before = await board.gig(1)
    await board.press("Ada", "Keep it")
    await board.say("Ada", "York")
    await board.say("Ada", "£240")
    done = text_of(await board.press("Ada", "Done"))
    assert "Changed G1: where, fee." in done
    after = await board.gig(1)
    assert (after.where, after.fee.money and after.fee.money.minor) == ("York", 24_000)
    assert (after.span, after.role, after.seats, after.what) == (before.span, before.role, before.seats, before.what)
    assert after.revision == before.revision + 1


async def test_a_form_that_changes_nothing_says_so(board: Board) -> None:
    await open_form(board)
    assert "says that already" in text_of(await board.press("Ada", "Done"))
    assert (await board.gig(1)).revision == 0


@pytest.mark.parametrize(
    ("field", "typed", "start", "length"),
    [
        ("when", "Sat 28 Nov 20:00-23:30", "20:00", "3:30"),
        ("when", "Sat 28 Nov 18:00", "18:00", "3:00"),
        ("length", "4 hours", "19:30", "4:00"),
    ],
)
async def test_time_and_length_agree(board: Board, field: str, typed: str, start: str, length: str) -> None:
    await open_form(board)
    while f"{field.capitalize()} now:" not in text_of(board.last("Ada")):
        await board.press("Ada", "Keep it")
    await board.say("Ada", typed)
    await board.press("Ada", "Done")
    gig = await board.gig(1)
    assert gig.span.end is not None
    assert f"{gig.span.start:%H:%M}" == start
    assert str(gig.span.end - gig.span.start).removesuffix(":00") == length


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("8pm", "Sat 28 Nov 2026, 20:00 Europe/London, in 5 days, until 23:00"),
        ("from 8pm to midnight", "Sat 28 Nov 2026, 20:00 Europe/London, in 5 days, until 00:00"),
        ("next tuesday", "Tue 1 Dec 2026, 19:30 Europe/London, in 8 days, until 22:30"),
        ("Wed 2 Dec 18:00", "Wed 2 Dec 2026, 18:00 Europe/London, in 9 days, until 21:00"),
        ("5-6 Dec", "Sat 5 Dec to Sun 6 Dec 2026"),
    ],
)
async def test_a_clock_alone_keeps_the_day_and_a_day_alone_the_clock(board: Board, typed: str, said: str) -> None:
    await board.post("Ada", FULL)
    assert f"When: {said}" in text_of(await board.say("Ada", f'/gig edit G1 when "{typed}"', place="#gigs"))


async def test_so_it_does_in_the_whole_form(board: Board) -> None:
    await open_form(board)
    await board.say("Ada", "20:15")
    assert "Sat 28 Nov 2026, 20:15 Europe/London, in 5 days, until 23:15" in text_of(await board.press("Ada", "Done"))


async def test_a_clock_is_added_to_a_day_that_has_none(board: Board) -> None:
    await board.post("Ada", "/gig bass guitar, Sat 28 Nov, Leeds, £220")
    assert "When: Sat 28 Nov 2026, 20:00" in text_of(await board.say("Ada", "/gig edit G1 when 8pm", place="#gigs"))


async def test_a_field_is_cleared_and_a_slip_loses_nothing(board: Board) -> None:
    await open_form(board)
    await board.press("Ada", "Keep it")
    await board.press("Ada", "Keep it")
    slip = await board.say("Ada", "fourty")
    assert "could not read" in text_of(slip)
    assert "Keep it" in labels(slip)  # what stood there, not the slip
    assert "Chair now: Drum kit." in text_of(await board.say("Ada", "£40/hour"))
    for _ in range(3):
        await board.press("Ada", "Keep it")
    assert "What now: Ceilidh band." in text_of(board.last("Ada"))
    await board.press("Ada", "Clear it")
    await board.press("Ada", "Done")
    gig = await board.gig(1)
    assert gig.what is None
    assert gig.fee.unit.value == "hour"


async def test_a_time_in_another_zone_is_asked_about_once(board: Board) -> None:
    await open_form(board)
    await board.press("Ada", "Keep it")
    await board.say("Ada", "Berlin")
    await board.press("Ada", "Done")
    gig = await board.gig(1)
    assert (gig.span.zone, f"{gig.span.start:%H:%M}") == ("Europe/Berlin", "18:30")  # 19:30 there, in UTC
    opened = await board.say("Ada", "/gig edit G1", place="#gigs")
    assert "When now:" in text_of(opened)
    assert "says that already" in text_of(await board.press("Ada", "Done"))


async def test_back_keeps_what_was_there_and_cancel_changes_nothing(board: Board) -> None:
    await open_form(board)
    await board.press("Ada", "Keep it")
    assert "When now: 28 Nov 2026" in text_of(await board.press("Ada", "Back"))
    await board.say("Ada", "Sun 29 Nov 19:30")
    await board.press("Ada", "Cancel")
    assert (await board.gig(1)).revision == 0


async def test_who_is_in_hears_of_everything_in_one_message(board: Board) -> None:
    await open_form(board)
    await board.give("Bob", 1)
    await board.pick("Ada", 1, "Bob")
    await board.letters("Bob")
    await board.press_id("Ada", "fc:fix.whole:1")
    await board.say("Ada", "Sat 28 Nov 20:00")
    await board.press("Ada", "Keep it")
    await board.say("Ada", "£260")
    assert "1 who is in must say" in text_of(await board.press("Ada", "Done"))
    [letter] = await board.letters("Bob")
    assert "20:00" in letter
    assert "£260" in letter
    assert await board.state(1, "Bob") is AnswerState.INKED


async def test_only_its_poster_opens_it(board: Board) -> None:
    await board.post("Ada", FULL)
    theirs = text_of(await board.say("Eve", "/gig edit G1"))
    assert theirs == text_of(await board.say("Eve", "/gig edit G9")).replace("G9", "G1")
    assert "somebody else's post" in text_of(await board.say("Bob", "/gig edit G1", place="#gigs"))


async def test_a_value_without_a_field_is_asked_about(board: Board) -> None:
    await board.post("Ada", FULL)
    asked = await board.say("Ada", "/gig edit id=G1 value=£300", place="#gigs")
    assert "What of it do you want to change?" in text_of(asked)
    assert "Changed G1: fee." in text_of(await board.press("Ada", "Fee"))
    assert "fee: 300 GBP" in text_of(await board.say("Ada", "/gig edit id=G1 field=fee", place="#gigs"))
