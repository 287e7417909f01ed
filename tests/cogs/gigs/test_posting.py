"""Posting: what is read, asked and refused, where the card hangs, and who sees it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from cogs.kit.action import action
from cogs.kit.words import Plain
from storage.records.gig import GigState
from storage.work import OpenWork
from tests.cogs.front import labels, placed, text_of
from tests.cogs.gigs.front import LINE, Board

FIVE = ["I'm in", "Pencil me", "Pass", "Counter", "Who's asking?"]


async def test_one_line_posts_at_once_and_the_card_goes_up(board: Board) -> None:
    answer = await board.say("Ada", f"{LINE}, reply by Thu 6pm", place="#gigs")
    said = text_of(answer)
    assert answer.private
    assert "Posted G1" in said
    assert "Sat 28 Nov 2026, 19:30 Europe/London, in 5 days" in said
    assert "£220" in said
    assert "Thu 26 Nov 2026, 18:00" in said
    assert labels(answer) == ["Fix", "More details", "Another chair", "Undo"]
    [(place, card)] = placed(await board.deliver())
    assert place == "#gigs"
    assert card.card is not None and (card.card.card, card.card.subject_id) == ("gigs.board", 1)
    assert "Drum kit wanted" in text_of(card)
    assert "Ada" in text_of(card)
    assert [b.label for b in card.buttons if hasattr(b, "label")] == FIVE
    assert card.tags is not None and card.tags.names == ("percussion", "paid", "open")


@pytest.mark.parametrize(
    ("typed", "facts"),
    [
        ("bass, sat 7.30pm, Leeds, 220, function", ("Where: Leeds", "Fee: £220")),
        ("2 violins, 5 Dec 2pm-6pm, Royal Albert Hall, £120/call", ("Where: Royal Albert Hall", "Chairs: 2")),
        (
            "drums, Sat 28 Nov 8pm, 100 Club, 180, pays: the client",
            ("Where: 100 Club", "Fee: £180", "Paid by: the client"),
        ),
    ],
)
async def test_a_hurried_line_is_read_as_it_was_meant(board: Board, typed: str, facts: tuple[str, ...]) -> None:
    said = text_of(await board.say("Ada", f"/gig {typed}", place="#gigs"))
    for fact in facts:
        assert fact in said


async def test_a_message_is_read_beyond_its_first_comma(board: Board) -> None:
    message = "bass player needed Sat 5 Dec 8pm at the Sage Gateshead £180, black tie. DM me"
    said = text_of(await board.say("Ada", f"/gig save {message}", place="#gigs"))
    for fact in ("Where: the Sage Gateshead", "Fee: £180", "What: black tie. DM me"):
        assert fact in said
    assert "did not use" not in said


@pytest.mark.parametrize("stray", ["12", "1930"])
async def test_a_stray_number_is_neither_a_place_nor_a_fee(board: Board, stray: str) -> None:
    said = text_of(await board.say("Ada", f"/gig drums, Sat 28 Nov 8pm, {stray}", place="#gigs"))
    assert said.endswith("Where is it?")


@pytest.mark.parametrize(("kind", "public"), [("live", True), ("function", False)])
async def test_only_what_is_certain_and_has_an_audience_is_a_date_for_everybody(
    board: Board, kind: str, public: bool
) -> None:
    gig_id = await board.post(text=f"/gig bass, Sat 28 Nov 19:30, Leeds, £220, {kind}")
    entry = (await board.card(gig_id)).entry
    assert entry is not None and (entry.public, entry.tentative) == (False, True)

    await board.give("Bob", gig_id)
    await board.pick("Ada", gig_id, "Bob")
    filled = await board.card(gig_id)
    assert filled.entry is not None and (filled.entry.public, filled.entry.tentative) == (public, False)
    assert filled.tags is not None and filled.tags.closed and filled.tags.news is not None

    await board.say("Ada", f"/gig close G{gig_id} cancelled")
    cancelled = await board.card(gig_id)
    assert cancelled.entry is not None and not cancelled.entry.public  # or an event of it would stay


@pytest.mark.parametrize(
    ("fee", "unit", "shown"),
    [
        ("£60", "hour", "Fee: £60 an hour"),
        ("£60/hour", "hour", "Fee: £60 an hour"),
        ("£60", "session", "Fee: £60 a call"),
        ("£60", "flat", "Fee: £60\n"),
        ("quote", "day", "Fee: quotes for a day, please"),
        ("unpaid", "day", "Fee: unpaid\n"),
    ],
)
async def test_a_unit_may_be_said_apart_from_the_sum(board: Board, fee: str, unit: str, shown: str) -> None:
    post = f'/gig post role=drums when="Sat 12 Dec 7pm" where=Leeds fee="{fee}" unit={unit}'
    assert shown in text_of(await board.say("Ada", post, place="#gigs"))


@pytest.mark.parametrize("unit", ["day", "flat"])
async def test_two_units_for_one_fee_are_asked_about(board: Board, unit: str) -> None:
    post = f'/gig post role=drums when="Sat 12 Dec 7pm" where=Leeds fee="£60/hour" unit={unit}'
    asked = text_of(await board.say("Ada", post, place="#gigs"))
    assert "Is the fee per hour, or for the whole gig?" in asked or "Is the fee per hour or per day?" in asked
    said = text_of(await board.say("Ada", "£200", place="#gigs"))
    assert ("£200 a day" if unit == "day" else "Fee: £200\n") in said


async def test_options_say_everything_and_nothing_is_left_unsaid(board: Board) -> None:
    answer = await board.say(
        "Ada",
        '/gig post role="alto sax" when="Sat 12 Dec 7pm" where="Union Chapel, London" fee="£60/hour" type=live '
        'what="Black tie" seats=2 length="3 hours" call_time="5.30pm" reply_by="Fri" pays="the client" '
        'pay_by="on the night" extras="travel £30" union=either credit="by name" cancellation="half within a week"',
        place="#gigs",
    )
    said = text_of(answer)
    for fact in (
        "Alto saxophone wanted",
        "Sat 12 Dec 2026, 19:00 Europe/London",
        "until 22:00",
        "call 17:30",
        "£60 an hour",
        "Black tie",
        "Chairs: 2",
        "the client · on the night",
        "travel £30",
        "union or not",
        "half within a week",
        "Fri 27 Nov 2026, 23:59",
    ):
        assert fact in said
    assert "Not said yet" not in said


async def test_what_is_missing_is_asked_and_a_restart_does_not_lose_it(board: Board, open_work: OpenWork) -> None:
    answer = await board.say("Ada", "/gig drums, £220", place="#gigs")
    assert "When is it?" in text_of(answer)
    answer = await board.say("Ada", "Sat 28 Nov 19:30")
    assert "Where is it?" in text_of(answer)
    again = Board(open_work, board.clock)
    answer = await again.say("Ada", "Leeds")
    assert "Posted G1" in text_of(answer)
    assert "£220" in text_of(answer)


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("/gig drums, yesterday 7pm, Leeds, £220", "is over"),
        ("/gig drums, Sat 28 Nov 2037 19:30, Leeds, £220", "more than three years off"),
        ("/gig drums, Sat 28 Nov 19:30, Leeds, £220, reply by Sun 29 Nov", "after the gig"),
        ("/gig drums, Sat 28 Nov 19:30, Leeds, £220, reply by today 9am", "09:00 has passed"),
        ("/gig drums, 31 Nov 19:30, Leeds, £220", "31"),
        ("/gig post role=kazoophone when=Sat where=Leeds fee=£220", "no instrument or chair"),
        ("/gig post role=drums when=Sat where=Leeds fee=-5", "never negative"),
        ("/gig post role=drums when=Sat where=Leeds fee=999999999999", "more than any gig pays"),
        ("/gig post role=drums when=Sat where=Leeds fee=220 seats=0", "too small"),
        ("/gig post role=drums when=Sat where=Leeds fee=220 call_time=soon", "as a clock time"),
    ],
)
async def test_what_cannot_be_is_asked_back_and_nothing_is_posted(board: Board, line: str, asked: str) -> None:
    answer = await board.say("Ada", line, place="#gigs")
    assert asked in text_of(answer)
    assert answer.private
    assert placed(await board.deliver()) == []


async def test_a_venue_on_another_clock_asks_whose_time_is_meant(board: Board) -> None:
    answer = await board.say("Ada", "/gig drums, Sat 28 Nov 19:30, Paris, £220", place="#gigs")
    assert "Is 19:30 the time in Paris, or yours in London?" in text_of(answer)
    answer = await board.press("Ada", "19:30 in Paris")
    assert "Sat 28 Nov 2026, 19:30 Europe/Paris" in text_of(answer)
    assert (await board.gig(1)).span.start == datetime(2026, 11, 28, 18, 30, tzinfo=UTC)


async def test_ones_own_clock_is_shown_on_the_venues(board: Board) -> None:
    await board.say("Ada", "/gig drums, Sat 28 Nov 19:30, Paris, £220", place="#gigs")
    answer = await board.press("Ada", "19:30 in London")
    assert "20:30 Europe/Paris" in text_of(answer)
    assert (await board.gig(1)).span.start == datetime(2026, 11, 28, 19, 30, tzinfo=UTC)


async def test_without_a_board_the_card_hangs_where_it_was_typed_and_else_nowhere(board: Board) -> None:
    call = await board.call("Ada", "#gigs")
    async with board.tools.open_work() as work:
        assert call.place.channel_id is not None
        await work.communities.change_channel(call.place.channel_id, board=False)
        await work.commit()
    await board.say("Ada", LINE, place="#pub")
    assert [place for place, _ in placed(await board.deliver())] == ["#pub"]
    answer = await board.say("Ada", LINE)
    assert "/setup channels" in text_of(answer)
    assert placed(await board.deliver()) == []


async def test_unpaid_hangs_nowhere_and_reaches_only_who_asked_for_it(board: Board) -> None:
    for name in ("Bob", "Cleo"):
        person = await board.person(name)
        async with board.tools.open_work() as work:
            await work.people.set_roles(person.id, ["drums"])
            await work.commit()
    await board.change("Bob", takes_unpaid=True)
    answer = await board.say("Ada", "/gig drums, Sat 28 Nov 19:30, Leeds, unpaid", place="#gigs")
    assert "Unpaid gigs hang on no board: 1 person here hears of it" in text_of(answer)
    sent = placed(await board.deliver())
    assert [place for place, _ in sent] == ["dm:bob"]
    assert "unpaid" in text_of(sent[0][1])
    assert "G1" in text_of(await board.say("Bob", "/gigs"))
    assert "G1" not in text_of(await board.say("Cleo", "/gigs"))
    assert "There is no gig G1 for you to see" in text_of(await board.say("Cleo", "/gig show G1"))
    assert "There is no gig G1 for you to see" in text_of(await board.give("Cleo", 1))


async def test_a_post_can_be_taken_back(board: Board) -> None:
    await board.say("Ada", LINE, place="#gigs")
    answer = await board.press("Ada", "Undo")
    assert "G1 is cancelled" in text_of(answer)
    assert placed(await board.deliver()) == []  # it had not gone up yet
    assert (await board.gig(1)).state is GigState.CANCELLED


async def test_people_of_other_communities_see_nothing_of_it(board: Board) -> None:
    await board.post()
    for line in ("/gig show G1", "/gig edit G1 fee £1", "/gig close G1 filled", "/gig reopen G1"):
        stranger = text_of(await board.say("Eve", line))
        nobody = text_of(await board.say("Eve", line.replace("G1", "G9")))
        assert re.sub("G9", "G1", nobody) == stranger


async def test_the_same_gig_for_another_chair(board: Board) -> None:
    await board.post()
    await board.say("Ada", "/gig show G1")
    await board.press_id("Ada", action("fix.another", 1))
    await board.say("Ada", "keys")
    answer = await board.say("Ada", "skip")
    assert "Posted G2: Keyboards wanted" in text_of(answer)
    assert (await board.gig(2)).fee == (await board.gig(1)).fee


async def test_a_message_is_read_echoed_and_posted_once_confirmed(board: Board) -> None:
    answer = await board.say("Ada", '/gig save message="Dep needed! alto sax, Fri 4 Dec 8pm, York, £180 function"')
    said = text_of(answer)
    for fact in ("Alto saxophone", "Fri 4 Dec 2026, 20:00", "York", "£180", "function"):
        assert fact in said
    assert placed(await board.deliver()) == []
    assert "Posted G1" in text_of(await board.press("Ada", "Post it"))
    again = action("gigs.confirm", _token(answer))
    assert "posted or dropped already" in text_of(await board.press_id("Ada", again))


@pytest.mark.parametrize("words", ["need a sub", "needs a dep", "looking for a dep", "Subs needed:"])
async def test_words_that_only_ask_are_no_part_of_the_place(board: Board, words: str) -> None:
    said = text_of(await board.say("Ada", f'/gig save message="{words} bass Sat 5 Dec 7.30pm The Sub Club £200"'))
    assert "Where: The Sub Club\n" in said


async def test_nobody_confirms_what_somebody_else_saved(board: Board) -> None:
    answer = await board.say("Ada", '/gig save message="alto sax, Fri 4 Dec 8pm, York, £180"')
    stolen = await board.press_id("Bob", action("gigs.confirm", _token(answer)))
    assert "posted or dropped already" in text_of(stolen)
    assert placed(await board.deliver()) == []


def _token(answer: object) -> str:
    [button] = [b for b in answer.reply.buttons if b.label == "Post it"]  # type: ignore[attr-defined]  # an Answer
    return str(button.action.rpartition(":")[2])


async def test_what_people_type_stays_plain_text(board: Board) -> None:
    evil = "<b>@everyone</b> **bold** [x](http://evil)"
    answer = await board.say("Ada", f'/gig post role=drums when="Sat 19:30" where="{evil}" fee=220', place="#gigs")
    [where] = [field.line for field in answer.reply.fields if field.label == "Where"]
    assert where == (Plain(evil),)
