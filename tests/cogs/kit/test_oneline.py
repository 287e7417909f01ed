from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.kit.ask import Ask, Role, parameters_of
from cogs.kit.oneline import read_line
from cogs.kit.when import When
from storage.records.fee import Fee
from storage.records.people import Person
from storage.records.times import Span
from tests.cogs.kit.people import LONDON


class Kind(StrEnum):
    SESSION = "session"
    FUNCTION = "function"
    TOUR = "tour"


async def gig(
    call: Any,
    role: Annotated[Role, Ask("Role?")],
    when: Annotated[Span, Ask("When?")],
    where: Annotated[str | None, Ask("Where?", place=True)] = None,
    fee: Annotated[Fee | None, Ask("Fee?")] = None,
    type_: Annotated[Kind | None, Ask("Kind?", also={"wedding": "function"})] = None,
    what: Annotated[str | None, Ask("What?")] = None,
    length: Annotated[timedelta | None, Ask("How long?")] = None,
    reply_by: Annotated[datetime | None, Ask("By when?", cues=("reply by", "within"))] = None,
    seats: Annotated[int | None, Ask("Seats?")] = None,
    id_: Annotated[int | None, Ask("Which?", ref="G")] = None,
) -> None: ...


async def remind(
    call: Any,
    when: Annotated[When, Ask("When?")],
    what: Annotated[str, Ask("What?")],
    lead: Annotated[timedelta | None, Ask("How long before?", cues=("lead",))] = None,
) -> None: ...


async def add(
    call: Any,
    role: Annotated[Role, Ask("Role?")],
    player: Annotated[Person, Ask("Who?")],
    rank: Annotated[int | None, Ask("Rank?", cues=("rank",))] = None,
) -> None: ...


@pytest.mark.parametrize(
    ("line", "values"),
    [
        (
            "bass guitar, Sat 28 Nov 19:30, Leeds, £220, function, reply by Thu 6pm",
            {
                "role": "bass guitar",
                "when": "Sat 28 Nov 19:30",
                "where": "Leeds",
                "fee": "£220",
                "type": "function",
                "reply_by": "by Thu 6pm",
            },
        ),
        (
            "Fri 7pm Ronnie's, keys, £200, within 2h",
            {"when": "Fri 7pm", "where": "Ronnie's", "role": "keys", "fee": "£200", "reply_by": "in 2h"},
        ),
        (
            "alto sax dep needed sat 28 nov 7.30pm the Sage, Gateshead £180 for 3 hours",
            {
                "role": "alto sax",
                "when": "sat 28 nov 7.30pm",
                "where": "the Sage, Gateshead",
                "fee": "£180",
                "length": "3 hours",
            },
        ),
        (
            "drums tomorrow 8pm Brudenell £150/call 2 seats",
            {"role": "drums", "when": "tomorrow 8pm", "where": "Brudenell", "fee": "£150/call", "seats": "2"},
        ),
        (
            "keys Sat 28 Nov 19:30-23:00 at the Fleece, Bristol. £250. wedding, black tie",
            {
                "role": "keys",
                "when": "Sat 28 Nov 19:30-23:00",
                "where": "the Fleece, Bristol",
                "fee": "£250",
                "type": "function",
                "what": "black tie",
            },
        ),
        ("G12", {"id": "G12"}),
    ],
)
def test_a_gig_in_one_line(line: str, values: dict[str, str]) -> None:
    reading = read_line(parameters_of(gig), line, LONDON)
    assert reading.values == values
    assert reading.left == ""


@given(st.permutations(["trumpet", "Sat 28 Nov 19:30", "Leeds", "£220", "tour", "2 seats", "reply by Thu 6pm"]))
def test_the_order_does_not_matter(pieces: list[str]) -> None:
    assert read_line(parameters_of(gig), ", ".join(pieces), LONDON).values == {
        "role": "trumpet",
        "when": "Sat 28 Nov 19:30",
        "where": "Leeds",
        "fee": "£220",
        "type": "tour",
        "seats": "2",
        "reply_by": "by Thu 6pm",
    }


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("tomorrow 9am send charts to Jo", {"when": "tomorrow 9am", "what": "send charts to Jo"}),
        ("call Sam in 20 minutes", {"when": "in 20 minutes", "what": "call Sam"}),
        ("every Tuesday 9am practise scales", {"when": "every Tuesday 9am", "what": "practise scales"}),
        ("pay the band on Friday at 17:00", {"when": "Friday at 17:00", "what": "pay the band"}),
        ("3 days before G12 buy reeds lead 2h", {"when": "3 days before G12", "what": "buy reeds", "lead": "2h"}),
        ("buy strings", {"what": "buy strings"}),
    ],
)
def test_a_reminder_in_one_line(line: str, values: dict[str, str]) -> None:
    assert read_line(parameters_of(remind), line, LONDON).values == values


def test_a_person_by_sign_or_as_the_word_left_over() -> None:
    assert read_line(parameters_of(add), "keys @sam rank 1", LONDON).values == {
        "role": "keys",
        "player": "@sam",
        "rank": "1",
    }
    assert read_line(parameters_of(add), "keys Bob", LONDON).values == {"role": "keys", "player": "Bob"}


async def note(call: Any, name: Annotated[str, Ask("Who?")], text: Annotated[str, Ask("What?")]) -> None: ...


@pytest.mark.parametrize(
    "line", ['Smith Ltd "knows Jo, ring first"', "Smith Ltd “knows Jo, ring first”", "Smith Ltd, knows Jo, ring first"]
)
def test_a_name_and_what_is_quoted_after_it_are_two_texts(line: str) -> None:
    read = read_line(parameters_of(note), line, LONDON).values
    assert read == {"name": "Smith Ltd", "text": "knows Jo, ring first"}


@pytest.mark.parametrize("line", ['tomorrow 9am "change strings"', "tomorrow 9am “change strings”"])
def test_quotes_around_a_value_are_not_part_of_it(line: str) -> None:
    assert read_line(parameters_of(remind), line, LONDON).values["what"] == "change strings"


def test_what_is_already_given_takes_nothing_from_the_line() -> None:
    reading = read_line(parameters_of(remind), "tomorrow 9am strings", LONDON, given=["what"])
    assert reading.values == {"when": "tomorrow 9am"}
    assert reading.left == "strings"


@given(st.text(max_size=300))
def test_any_line_is_read_without_harm(line: str) -> None:
    for handler in (gig, remind, add):
        for value in read_line(parameters_of(handler), line, LONDON).values.values():
            assert value
            assert "\x00" not in value


@pytest.mark.parametrize(
    ("line", "when", "what"),
    [
        ("dinsdag om 20:00 repetitie", "dinsdag om 20:00", "repetitie"),
        ("в пятницу в 18:00 репетиция", "пятницу в 18:00", "в, репетиция"),
        ("buy strings 20:00", "20:00", "buy strings"),
        ("am Freitag um 18 Uhr Rechnung schicken", "Freitag um 18 Uhr", "Rechnung schicken"),
    ],
)
def test_a_day_in_a_language_that_is_not_read_stays_with_its_clock(line: str, when: str, what: str) -> None:
    """Without it the clock would be today's, and nobody be asked."""
    assert read_line(parameters_of(remind), line, LONDON).values == {"when": when, "what": what}
