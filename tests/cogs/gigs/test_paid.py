"""Where a fee sits beside what members were paid: on the card, in the echo, in the answer; asked once when below."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.records.fee import Unit
from storage.records.gig import KindOfWork
from storage.records.rate import COMMUNITY_RATES, Level, Measure, RateCell, RateFamily
from tests.cogs.front import labels, placed, text_of
from tests.cogs.gigs.front import Board

LINE = "/gig drums, Sat 28 Nov 19:30, Leeds, {fee}, function"
FACT = "The middle half of members were paid £200 to £300 for the whole gig for this (10 to 14 people, this country)."


async def known(board: Board, *, quartiles: bool = True, on: bool = True) -> None:
    """The hall has a figure for drums at functions in the United Kingdom."""
    call = await board.call("Ada", "#gigs")
    assert call.community_id is not None
    family = RateFamily(
        community_id=call.community_id, role="drums", kind=KindOfWork.FUNCTION, unit=Unit.FLAT, currency="GBP"
    )
    cell = RateCell(
        level=Level.COUNTRY,
        place="GB",
        part="",
        measure=Measure.BASE,
        middle=25_000,
        low=20_000 if quartiles else None,
        high=30_000 if quartiles else None,
        people=10 if quartiles else 5,
        counted=12,
        made_at=call.now,
    )
    async with board.tools.open_work() as work:
        everywhere = replace(cell, level=Level.ALL, place="", middle=27_500)
        await work.rates.replace_cells(family, [cell, everywhere])
        if not on:
            await work.communities.set_setting(call.community_id, COMMUNITY_RATES, False)
        await work.commit()


async def test_the_card_the_echo_and_the_answer_say_where_the_fee_sits(board: Board) -> None:
    await known(board)
    echo = text_of(await board.say("Ada", LINE.format(fee="£220"), place="#gigs"))
    assert f"{FACT} This fee is within that." in echo
    [(_, card)] = placed(await board.deliver())
    assert f"{FACT} This fee is within that." in text_of(card)
    assert FACT in text_of(await board.say("Ada", "/gig show G1"))
    assert FACT in text_of(await board.give("Bob", 1))
    assert FACT not in text_of(await board.give("Cy", 1, "pass"))


async def test_who_watches_reads_where_the_fee_sits(board: Board) -> None:
    await known(board)
    await board.say("Bob", "/watch drums", place="#gigs")
    await board.say("Ada", LINE.format(fee="£220"), place="#gigs")
    assert [FACT in letter for letter in await board.letters("Bob")] == [True]


async def test_a_counter_offer_is_measured_by_its_own_fee(board: Board) -> None:
    await known(board)
    await board.post("Ada", LINE.format(fee="£220"))
    said = text_of(await board.say("Bob", "/gig answer G1 counter £350", place="#gigs"))
    assert f"{FACT} This fee is above that." in said


async def test_a_fee_below_is_asked_about_once_and_then_goes_out(board: Board) -> None:
    await known(board)
    answer = await board.say("Ada", LINE.format(fee="£120"), place="#gigs")
    assert "Post it as it is?" in text_of(answer)
    assert {"Post it as it is", "Change the fee"} <= set(labels(answer))
    assert placed(await board.deliver()) == []
    done = text_of(await board.press("Ada", "Post it as it is"))
    assert "Posted G1" in done
    assert "This fee is below that." in done
    assert len(placed(await board.deliver())) == 1


async def test_the_fee_can_be_changed_instead_and_is_not_asked_about_again(board: Board) -> None:
    await known(board)
    await board.say("Ada", LINE.format(fee="£120"), place="#gigs")
    assert "What shall it pay?" in text_of(await board.press("Ada", "Change the fee"))
    done = text_of(await board.say("Ada", "£150"))
    assert "Posted G1" in done
    assert "£150" in done


@pytest.mark.parametrize("fee", ["£250", "£400", "quote", "€50", "£30/hour"])
async def test_nothing_else_is_asked_about(board: Board, fee: str) -> None:
    await known(board)
    assert "Posted G1" in text_of(await board.say("Ada", LINE.format(fee=fee), place="#gigs"))


async def test_a_median_alone_is_shown_and_never_asks(board: Board) -> None:
    await known(board, quartiles=False)
    said = text_of(await board.say("Ada", LINE.format(fee="£120"), place="#gigs"))
    assert "Members were paid about £250 for the whole gig for this (5 to 9 people, this country)." in said


async def test_where_figures_are_off_nothing_is_said_or_asked(board: Board) -> None:
    await known(board, on=False)
    said = text_of(await board.say("Ada", LINE.format(fee="£120"), place="#gigs"))
    assert "Posted G1" in said
    assert "were paid" not in said


# --- while a form is filled -------------------------------------------------------------------------------------------

RANGE = "Members were paid £200 to £300 for the whole gig, function (10 to 14 people, this country)."


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("role=drums seats=2", True),
        ("role=drummer type=wedding", True),
        ("role=drums type=session", False),
        ("role=bass", False),
        ("role=drums", True),
    ],
)
async def test_the_question_for_a_fee_says_what_was_paid(board: Board, typed: str, told: bool) -> None:
    await known(board)
    answer = await board.say("Ada", f'/gig post when="Sat 28 Nov 19:30" where=Leeds {typed}', place="#gigs")
    assert "What does it pay?" in text_of(answer)
    assert (RANGE in text_of(answer)) is told
    assert answer.reply.form is not None
    assert answer.reply.form.hints == ({"fee": RANGE} if told else {})


async def test_a_median_alone_is_said_beside_the_question(board: Board) -> None:
    await known(board, quartiles=False)
    said = text_of(await board.say("Ada", '/gig post when="Sat 28 Nov" role=drums where=Leeds', place="#gigs"))
    assert "Members were paid about £250 for the whole gig, function (5 to 9 people, this country)." in said


async def test_where_figures_are_off_the_question_says_nothing_of_them(board: Board) -> None:
    await known(board, on=False)
    said = text_of(await board.say("Ada", '/gig post when="Sat 28 Nov" role=drums where=Leeds', place="#gigs"))
    assert "were paid" not in said


async def test_a_counter_offer_is_asked_for_beside_what_was_paid(board: Board) -> None:
    await known(board)
    await board.post("Ada", LINE.format(fee="£220"))
    pressed = text_of(await board.press_id("Bob", "fc:answers.counter:1"))
    assert RANGE in pressed
    typed = text_of(await board.say("Cy", "/gig answer G1 counter", place="#gigs"))
    assert RANGE in typed
    assert "This fee is above that." in text_of(await board.say("Cy", "£350"))


async def test_a_gig_nobody_may_see_says_nothing_beside_a_question(board: Board) -> None:
    await known(board)
    await board.post("Ada", LINE.format(fee="£220"))
    there = text_of(await board.say("Eve", "/gig answer G1 counter"))
    nowhere = text_of(await board.say("Eve", "/gig answer G9 counter"))
    assert there == nowhere
    assert "were paid" not in there


# --- other ways to post -----------------------------------------------------------------------------------------------


async def test_another_chair_below_is_asked_about_once_too(board: Board) -> None:
    await known(board)
    await board.post("Ada", "/gig bass, Sat 28 Nov 19:30, Leeds, £250, function")
    await board.press_id("Ada", "fc:fix.another:1")
    assert RANGE in text_of(await board.say("Ada", "drums"))
    answer = await board.say("Ada", "£120")
    assert "Post it as it is?" in text_of(answer)
    assert await board.deliver() == []
    done = text_of(await board.press("Ada", "Post it as it is"))
    assert "Posted G2" in done
    assert "This fee is below that." in done


async def test_another_chair_can_pay_more_instead(board: Board) -> None:
    await known(board)
    await board.post("Ada", "/gig bass, Sat 28 Nov 19:30, Leeds, £120, function")
    await board.press_id("Ada", "fc:fix.another:1")
    await board.say("Ada", "drums")
    assert "Post it as it is?" in text_of(await board.say("Ada", "skip"))  # the same as the bass
    assert "What shall it pay?" in text_of(await board.press("Ada", "Change the fee"))
    done = text_of(await board.say("Ada", "£230"))
    assert "Posted G2" in done
    assert "within that" in done


async def test_a_message_saved_as_a_gig_is_asked_about_once_too(board: Board) -> None:
    await known(board)
    await board.say("Ada", '/gig save message="Drums needed! Sat 28 Nov 19:30, Leeds, £120, function"', place="#gigs")
    answer = await board.press("Ada", "Post it")
    assert "Post it as it is?" in text_of(answer)
    assert await board.deliver() == []
    done = text_of(await board.press("Ada", "Post it as it is"))
    assert "Posted G1" in done
    assert len([one for one in await board.deliver() if one.reply.card is not None]) == 1
