from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.spelling import Speller, named_values
from cogs.kit.ask import Ask, Kind, Parameter
from cogs.kit.cog import Command


async def _nothing() -> None: ...


def _command(name: str, *parameters: str, **rest: object) -> Command:
    asked = tuple(Parameter(name=p, attribute=p, kind=Kind.TEXT, ask=Ask("What?"), required=False) for p in parameters)
    return Command(name=name, summary=name, cog="x", handler=_nothing, parameters=asked, **rest)  # type: ignore[arg-type]


SPELLER = Speller(
    [
        _command("gig post", "role", "when", "fee", one_line=("gig",)),
        _command("gig list", "role", one_line=("gigs",)),
        _command("gig pick", "id", "player", "as"),
        _command("me zone", "zone", one_line=("tz",)),
        _command("dep find", "role", one_line=("dep",)),
        _command("dep status", "id"),
        _command("help", "topic"),
    ],
    {"sub": "dep"},
)


@pytest.mark.parametrize(
    ("text", "command", "given", "line"),
    [
        (
            "/gig post role=drums when=sat 19:30 fee=£250",
            "gig post",
            {"role": "drums", "when": "sat 19:30", "fee": "£250"},
            "",
        ),
        ('gig post role="alto sax" when="Sat, 28 Nov"', "gig post", {"role": "alto sax", "when": "Sat, 28 Nov"}, ""),
        ("/gig_post role=drums", "gig post", {"role": "drums"}, ""),
        ("/gig_post@FirstCallBot drums sat", "gig post", {}, "drums sat"),
        ("/gig bass, Sat 28 Nov 19:30, Leeds", "gig post", {}, "bass, Sat 28 Nov 19:30, Leeds"),
        ("/gigs bass leeds", "gig list", {}, "bass leeds"),
        ("/GIG POST drums", "gig post", {}, "drums"),
        ("/gig pick id=G1 player=Bob as=ink", "gig pick", {"id": "G1", "player": "Bob", "as": "ink"}, ""),
        ("/me zone Europe/London", "me zone", {}, "Europe/London"),
        ("/tz Europe/London", "me zone", {}, "Europe/London"),
        ("/sub Fri 7pm Ronnie's", "dep find", {}, "Fri 7pm Ronnie's"),
        ("/sub status D3", "dep status", {}, "D3"),
        ("help gigs", "help", {}, "gigs"),
        ("/gig post when=“Sat 28 Nov” bass", "gig post", {"when": "Sat 28 Nov"}, "bass"),
    ],
)
def test_spellings(text: str, command: str, given: dict[str, str], line: str) -> None:
    spelled = SPELLER.read(text)
    assert spelled.command is not None
    assert (spelled.command.name, dict(spelled.given), spelled.line) == (command, given, line)


def test_a_bare_group_opens_its_menu() -> None:
    spelled = SPELLER.read("/gig")
    assert (spelled.command, spelled.group) == (None, "gig")


def test_a_slip_is_answered_with_what_is_near() -> None:
    assert "gigs" in SPELLER.read("/gigz").near
    assert SPELLER.read("/gig pist").command is not None  # free text of the one-line form


def test_an_equals_sign_in_a_name_is_only_a_value_behind_a_known_name() -> None:
    assert named_values("a=b fee=£5 c=d", ["fee"]) == ({"fee": "£5 c=d"}, "a=b")


@given(st.text(max_size=200))
def test_any_line_is_taken_apart_without_harm(text: str) -> None:
    spelled = SPELLER.read(text)
    assert spelled.command is None or spelled.command.name in SPELLER.names()


def test_a_longer_word_for_a_command_is_near_it_and_a_word_by_chance_is_not() -> None:
    assert SPELLER.read("/gigsheet").near[0] == "gigs"
    assert SPELLER.read("/friday").near == ()
