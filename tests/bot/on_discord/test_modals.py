"""What stands beside the fields of a modal."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from discord import ui

from bot.on_discord import modals
from cogs.kit.ask import Ask, parameters_of
from cogs.kit.form import Form, Problem

RANGE = "Members were paid £200 to £300 for the whole gig, function (10 to 14 people, this country)."


async def post(fee: Annotated[str, Ask("What does it pay?", label="Fee", example="£220")]) -> None:
    """Something with a fee."""


def described(**more: Any) -> str | None:
    form = Form(title="Post a gig", fields=parameters_of(post), then="gig post", token="abc", **more)
    [label] = modals.modal(form, 0, with_people=False).children
    assert isinstance(label, ui.Label)
    return label.description


@pytest.mark.parametrize(
    ("hint", "said"),
    [
        (None, "What does it pay?"),
        ("Members were paid about £250.", "What does it pay? Members were paid about £250."),
        (RANGE, RANGE),  # both together are more than Discord takes, and the label says what is asked
        (RANGE * 2, f"{RANGE}Members…"),  # cut where a word ends
    ],
)
async def test_a_fact_stands_beside_the_question(hint: str | None, said: str) -> None:
    assert described(hints={} if hint is None else {"fee": hint}) == said


async def test_what_was_wrong_comes_first() -> None:
    assert described(hints={"fee": RANGE}, problems={"fee": Problem("I could not read that.")}) == (
        "I could not read that."
    )


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Post a gig", "Post a gig"),
        ("Take a gig off the board: filled, cancelled or postponed", "Take a gig off the board"),
        ("Note your energy and what hurts, for yourself alone", "Note your energy and what hurts"),
        ("Plan time off; it shows as no in your availability", "Plan time off"),
        ("Your name, address, account and tax on every invoice", "Your name, address, account and tax on…"),
        ("Say what everybody who reads this should know about it", "Say what everybody who reads this should…"),
    ],
)
async def test_a_title_that_is_too_long_ends_with_a_thought(title: str, said: str) -> None:
    form = Form(title=title, fields=parameters_of(post), then="gig post", token="abc")

    assert modals.modal(form, 0, with_people=False).title == said
