"""Where a fee sits beside what members were paid: on the card, in the echo, in the answer; asked once when below."""

from __future__ import annotations

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
        await work.rates.replace_cells(family, [cell])
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
