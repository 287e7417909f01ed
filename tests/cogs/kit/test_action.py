from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.kit.action import ACTION_BYTES, BadAction, action, take_apart, typed
from cogs.kit.reply import LABEL_CHARACTERS, Button


class Reply(StrEnum):
    INK = "i"
    PASS = "p"


async def handler(self: Any, call: Any, gig_id: int, reply: Reply, day: date, sure: bool, token: str = "") -> None:
    """An action of every kind of argument."""


def test_arguments_come_back_as_they_were_given() -> None:
    pressed = take_apart(action("gigs.answer", 84, Reply.PASS, date(2026, 11, 28), True, "k-_9"))
    assert pressed.name == "gigs.answer"
    assert typed(handler, pressed.args) == [84, Reply.PASS, date(2026, 11, 28), True, "k-_9"]


def test_an_id_reads_like_the_feature_and_counts_in_base_36() -> None:
    assert action("gigs.answer", 84, Reply.INK) == "fc:gigs.answer:2c:i"


@given(st.integers(-(2**60), 2**60))
def test_any_whole_number_survives(number: int) -> None:
    async def one(self: Any, call: Any, count: int) -> None: ...

    assert typed(one, take_apart(action("a.b", number)).args) == [number]


def test_an_id_over_64_bytes_is_refused_when_built() -> None:
    with pytest.raises(ValueError, match="over 64 bytes"):
        action("gigs.answer", "x" * ACTION_BYTES)
    with pytest.raises(ValueError, match="64 bytes"):
        Button("Answer", "fc:gigs.answer:" + "ü" * 25)


def test_a_colon_in_an_argument_is_refused_when_built() -> None:
    with pytest.raises(ValueError, match="colon"):
        action("gigs.answer", "a:b")


@pytest.mark.parametrize(
    "raw",
    [
        (),
        ("2c",),
        ("2c", "x", "261128", "1"),
        ("2c", "i", "26112", "1"),
        ("2c", "i", "261128", "2"),
        ("2c",) * 7,
        ("!", "i", "261128", "1"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(raw: tuple[str, ...]) -> None:
    with pytest.raises(BadAction):
        typed(handler, raw)


@given(st.text(max_size=90))
def test_no_text_gets_past_the_parser_but_an_id(text: str) -> None:
    try:
        pressed = take_apart(text)
    except BadAction:
        return
    assert text.startswith("fc:")
    assert text == "fc:" + ":".join((pressed.name, *pressed.args))


def test_a_label_too_long_for_a_phone_is_refused() -> None:
    with pytest.raises(ValueError, match="38"):
        Button("x" * (LABEL_CHARACTERS + 1), action("a.b"))
