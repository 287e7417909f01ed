from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.kit.ask import Ask, LongText, Role, Zone
from cogs.kit.faults import Misread
from cogs.kit.reading import clean, read
from storage.records.fee import Fee
from storage.records.times import Span
from tests.cogs.kit.people import LONDON, parameter


class Kind(StrEnum):
    SESSION = "session"
    LIVE = "live"
    HEAVY_PENCIL = "heavy_pencil"


async def everything(
    call: Any,
    text: Annotated[str, Ask("Text?", max_length=20)],
    long: Annotated[LongText, Ask("Long?")],
    seats: Annotated[int, Ask("Seats?", at_least=1, at_most=99)],
    id_: Annotated[int, Ask("Which?", ref="G")],
    fee: Annotated[Fee, Ask("Fee?")],
    sure: Annotated[bool, Ask("Sure?")],
    kind: Annotated[Kind, Ask("Kind?", also={"gig": "live"})],
    when: Annotated[Span, Ask("When?")],
    length: Annotated[timedelta, Ask("How long?")],
    role: Annotated[Role, Ask("Role?")],
    roles: Annotated[tuple[Role, ...], Ask("Roles?")],
    zone: Annotated[Zone, Ask("Zone?")],
) -> None:
    """A handler with every kind that needs no database."""


NAMES = ["text", "long", "seats", "id", "fee", "sure", "kind", "when", "length", "role", "roles", "zone"]


def value(name: str, text: str) -> Any:
    return read(parameter(everything, name), text, LONDON)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("text", "  a\tb \n c ", "a b c"),
        ("text", "\u202eabc\u202c\x00", "abc"),
        ("long", "a\r\nb", "a\nb"),
        ("seats", "3 seats", 3),
        ("id", "g12", 12),
        ("id", "G12", 12),
        ("id", "#12", 12),
        ("sure", "Yep", True),
        ("sure", "nein", False),
        ("kind", "GIG", Kind.LIVE),
        ("kind", "sess", Kind.SESSION),
        ("kind", "heavy pencil", Kind.HEAVY_PENCIL),
        ("length", "2h30", timedelta(minutes=150)),
        ("length", "90 min", timedelta(minutes=90)),
        ("length", "1.5 hours", timedelta(minutes=90)),
        ("length", "within 2h", timedelta(hours=2)),
        ("length", "3 days", timedelta(days=3)),
        ("length", "half an hour", timedelta(minutes=30)),
        ("zone", "Leeds", "Europe/London"),
        ("zone", "america/new york", "America/New_York"),
    ],
)
def test_values_as_people_write_them(name: str, text: str, expected: object) -> None:
    assert value(name, text) == expected


def test_chairs_by_any_name() -> None:
    assert value("role", "alto sax").label == "Alto saxophone"
    assert value("role", "kit").label == "Drum kit"
    assert [role.id for role in value("roles", "trumpet, flugel & cornet")] == ["trumpet", "flugelhorn", "cornet"]


def test_bass_stays_open_and_is_not_guessed() -> None:
    assert value("role", "bass").label == "Bass (guitar or upright)"
    assert value("role", "bass guitar").id == "bass-guitar"


def test_alto_is_asked_about() -> None:
    with pytest.raises(Misread) as caught:
        value("role", "alto")
    assert len(caught.value.choices) >= 2
    for choice in caught.value.choices:
        assert value("role", choice.value).label == choice.label


def test_the_time_it_is_for_me_offers_cities() -> None:
    with pytest.raises(Misread) as caught:
        value("zone", "10:00")
    assert "Europe/London" in [choice.value for choice in caught.value.choices]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("text", ""),
        ("text", "x" * 21),
        ("text", "\u202e\u200f"),
        ("seats", "0"),
        ("seats", "100"),
        ("seats", "many"),
        ("seats", "1e3"),
        ("id", "H12"),
        ("id", "12345678901"),
        ("id", "G-1"),
        ("sure", "perhaps"),
        ("kind", "wedding"),
        ("kind", ""),
        ("length", "long"),
        ("length", "0 min"),
        ("length", "99999 days"),
        ("role", "zzzz"),
        ("zone", "Atlantis"),
        ("when", ""),
        ("when", "lorem ipsum"),
    ],
)
def test_what_cannot_be_taken_says_why_and_names_its_field(name: str, text: str) -> None:
    with pytest.raises(Misread) as caught:
        value(name, text)
    assert caught.value.what
    assert caught.value.field == name


@given(st.sampled_from(NAMES), st.text(max_size=120))
def test_any_text_is_a_value_or_a_clear_refusal(name: str, text: str) -> None:
    try:
        value(name, text)
    except Misread as fault:
        assert fault.what
        assert fault.field == name


@given(st.text(max_size=200))
def test_clean_text_has_no_controls_and_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not any(c in once for c in "\x00\x1b\u202a\u202e\u2066\r\n\t")


@pytest.mark.parametrize(
    ("typed", "offered"), [("UTC+2", "Europe/Athens"), ("+5:30", "Asia/Kolkata"), ("Londn", "Europe/London")]
)
def test_an_offset_or_a_slip_is_answered_with_cities_to_tap(typed: str, offered: str) -> None:
    with pytest.raises(Misread) as asked:
        value("zone", typed)
    assert offered in [choice.value for choice in asked.value.choices]
