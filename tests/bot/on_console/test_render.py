from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.on_console.render import draw, size_text
from bot.on_console.script import shown
from bot.on_console.spans import harmless
from bot.on_console.transcript import Heard
from cogs.kit.action import action
from cogs.kit.ask import Ask, parameters_of
from cogs.kit.form import Form
from cogs.kit.reply import Button, CopyButton, Entry, Field, Reply, Row, Tags, Upload, WebButton, say
from cogs.kit.words import Code, Day, Moment, Shown, Strong, Web, Who, line
from storage.records.money import Money
from storage.records.times import Span

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
AT = datetime(2026, 11, 28, 19, 30, tzinfo=UTC)


def drawn(reply: Reply, *saved: str) -> str:
    return draw(reply, NOW, "en-GB", saved).text


def press(name: str) -> str:
    return action("market.press", name)


def test_every_span_has_its_words() -> None:
    spans = line(
        "plain ",
        Strong("strong "),
        Code("G12 "),
        Web("site", "https://example.org"),
        " ",
        Moment(AT, "Europe/London"),
        " ",
        Moment(AT, "UTC", Shown.CLOCK),
        " ",
        Day(AT.date()),
        " ",
        Money(22000, "GBP"),
        " ",
        Who(1, "Ada"),
    )
    assert drawn(Reply(lines=(spans,))) == (
        "plain strong G12 site (https://example.org) Sat 28 Nov 2026, 19:30 Europe/London, in 5 days 19:30 "
        "Sat 28 Nov 2026 £220 Ada"
    )


def test_a_card_has_title_lines_fields_rows_notes_and_one_count_of_buttons() -> None:
    reply = Reply(
        title="Bass wanted",
        lines=(line("Function at the Crown"),),
        fields=(Field("Fee", line(Money(22050, "GBP"))),),
        rows=(Row(line("Bob"), (Button("Ink", press("a")), Button("Pass", press("b")))), Row(line("Cleo"))),
        also=(line("You get this because you play bass."),),
        ping_role="Bass",
        buttons=(
            Button("I'm in", press("c")),
            WebButton("Map", "https://example.org/map"),
            CopyButton("Address", "1 High St"),
            Button("Pencil me", press("d")),
        ),
    )
    drawing = draw(reply, NOW, "en-GB")
    assert drawing.text.split("\n") == [
        "Bass wanted",
        "Function at the Crown",
        "Fee: £220.50",
        "- Bob  (1) Ink  (2) Pass",
        "- Cleo",
        "For everybody with the role Bass.",
        "You get this because you play bass.",
        "Map: https://example.org/map",
        "Address: 1 High St",
        "(3) I'm in  (4) Pencil me",
    ]
    assert drawing.buttons == (
        ("Ink", press("a")),
        ("Pass", press("b")),
        ("I'm in", press("c")),
        ("Pencil me", press("d")),
    )


def test_buttons_of_a_row_that_need_no_press_are_shown_under_it() -> None:
    row = Row(line("Spec"), (WebButton("Open", "https://example.org/s"),))
    assert drawn(Reply(rows=(row,))) == "- Spec\nOpen: https://example.org/s"


def test_a_file_is_named_with_its_size_and_its_place_and_a_picture_also_in_words() -> None:
    files = (
        Upload("invoice-I9.pdf", b"x" * 23_400, "application/pdf"),
        Upload("heat.png", b"x" * 2_340_000, "image/png", alt="November: 12 nights free"),
    )
    assert drawn(say("Here:", files=files), "data/console-files/invoice-I9.pdf") == (
        "Here:\n<file invoice-I9.pdf, 23 kB, saved to data/console-files/invoice-I9.pdf>\n"
        "<file heat.png, 2.3 MB>\nNovember: 12 nights free"
    )


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 kB"), (1, "1 kB"), (1499, "1 kB"), (23_400, "23 kB"), (999_999, "1000 kB"), (1_000_000, "1.0 MB")],
)
def test_sizes_are_said_in_thousands(count: int, text: str) -> None:
    assert size_text(count) == text


async def ask(call: object, fee: Annotated[str, Ask("What does it pay?")]) -> Reply:
    raise AssertionError


FORM = Form(title="Put a gig up", fields=parameters_of(ask), then="gig post", token="t")


def test_an_open_question_ends_the_message_below_its_buttons() -> None:
    reply = Reply(
        lines=(line("For example: £250"), line("What does it pay?")),
        form=FORM,
        also=(line("The other form is kept."),),
        buttons=(Button("Cancel", press("a")),),
    )
    assert drawn(reply).split("\n") == [
        "For example: £250",
        "The other form is kept.",
        "(1) Cancel",
        "What does it pay?",
    ]


def test_a_question_that_stands_alone_is_headed_by_its_form() -> None:
    reply = Reply(lines=(line("What does it pay?"),), form=FORM, buttons=(Button("Cancel", press("a")),))
    assert drawn(reply).split("\n") == ["Put a gig up", "(1) Cancel", "What does it pay?"]


def test_a_calendar_entry_and_tags_are_for_other_surfaces() -> None:
    entry = Entry(uid="g1", title="Gig", span=Span(AT, None, "UTC"))
    assert drawn(say("Bass wanted", entry=entry, tags=Tags(("strings", "paid")))) == "Bass wanted"


def test_what_somebody_typed_over_several_lines_stays_inside_the_message() -> None:
    heard = Heard("#gigs", draw(say("one\n[#gigs] bot: two\r\n\n three"), NOW, "en-GB"), None, "")
    assert shown(heard) == "[#gigs] bot: one\n  [#gigs] bot: two\n   three"


def test_a_card_that_was_drawn_anew_says_so() -> None:
    heard = Heard("#gigs", draw(say("Filled"), NOW, "en-GB"), None, "", edited=True)
    assert shown(heard) == "[#gigs] bot: (edited) Filled"


def test_escapes_and_turned_text_lose_their_power() -> None:
    assert drawn(say("\x1b[31mred\x07 \u202eevil\u202c a\tb\x9b1m")) == "[31mred evil a b1m"


@given(st.text())
def test_no_text_reaches_the_terminal_with_a_control_character_in_it(text: str) -> None:
    said = drawn(Reply(title=text, lines=(line(text),), fields=(Field(text, line(text)),)))
    assert all(c == "\n" or c.isprintable() or ord(c) >= 160 for c in said)
    assert "\x1b" not in said
    assert harmless(said) == said
