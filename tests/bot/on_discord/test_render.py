"""Replies as cards and notes, held against Discord's limits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.on_console.render import draw as on_console
from bot.on_discord.preview import preview
from bot.on_discord.render import CARD_CHARACTERS, Beside, Buttons, Drawn, Text, draw
from bot.on_discord.views import made, read_id
from cogs.kit.action import action
from cogs.kit.reply import MAIN, Button, CopyButton, Field, Reply, Row, Upload, WebButton
from cogs.kit.words import Code, Moment, Strong, line
from storage.records.money import Money
from tests.fakes.discord import limits

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
GIG = datetime(2026, 11, 28, 19, 30, tzinfo=UTC)

CARD = Reply(
    title="Bass wanted",
    lines=(line("For a wedding."),),
    fields=(Field("When", line(Moment(GIG, "Europe/London"))), Field("Fee", line(Money(22000, "GBP")))),
    buttons=(Button("I'm in", action("gigs.answer", 1), MAIN), WebButton("Map", "https://example.org/map")),
    also=(line("Posted by Ada."),),
)


def body(drawn: Drawn) -> tuple[dict[str, Any], dict[str, Any]]:
    """What Discord is sent."""
    said = made(drawn)
    sent: dict[str, Any] = {"components": said.view.to_components() if said.view else [], "content": said.content}
    if drawn.card:
        sent["flags"] = limits.CARD
    return sent, {one.filename: one for one in said.files}


def fits(drawn: Drawn) -> None:
    limits.message(*body(drawn))


async def test_a_card_side_by_side_with_the_console() -> None:
    drawn = draw(CARD, NOW, "en-GB")

    fits(drawn)
    assert preview(CARD, NOW, "en-GB").split("\n") == [
        "(card)",
        "## Bass wanted",
        "For a wedding.",
        "**When:** Sat 28 Nov 2026, 19:30 Europe/London · <t:1795894200:F> (<t:1795894200:R>)",
        "**Fee:** £220",
        "-# Posted by Ada.",
        "[I'm in]  [Map]",
    ]
    assert on_console(CARD, NOW, "en-GB").text.split("\n") == [
        "Bass wanted",
        "For a wedding.",
        "When: Sat 28 Nov 2026, 19:30 Europe/London, in 5 days",
        "Fee: £220",
        "Posted by Ada.",
        "Map: https://example.org/map",
        "(1) I'm in",
    ]


async def test_plain_text_is_a_note_without_emphasis() -> None:
    drawn = draw(CARD, NOW, "en-GB", plain=True)

    fits(drawn)
    assert not drawn.card
    assert drawn.text.startswith("Bass wanted\nFor a wedding.\nWhen: Sat 28 Nov 2026, 19:30 Europe/London")
    assert "**" not in drawn.text and "##" not in drawn.text


async def test_short_answers_are_notes_unless_they_replace_a_card() -> None:
    short = Reply(lines=(line("Done."),))

    assert not draw(short, NOW, "en-GB").card
    assert draw(short, NOW, "en-GB", card=True).card
    fits(draw(short, NOW, "en-GB", card=True))
    fits(draw(Reply(), NOW, "en-GB"))
    fits(draw(Reply(), NOW, "en-GB", card=True))


async def test_a_list_has_its_buttons_beside() -> None:
    rows = tuple(Row(line(f"G{n}"), (Button("Show", action("gigs.show", n)),)) for n in range(8))
    drawn = draw(Reply(title="Gigs", rows=rows, buttons=(Button("Next", action("gigs.list", 2)),)), NOW, "en-GB")

    fits(drawn)
    assert [one.markdown for one in drawn.blocks if isinstance(one, Beside)] == [f"G{n}" for n in range(8)]


async def test_a_crowded_list_is_numbered_and_so_are_its_buttons() -> None:
    words = ("Show", "Hide", "Drop")  # three each are more than fit beside
    rows = tuple(
        Row(line(f"G{n}"), tuple(Button(word, action(f"a.{word.casefold()}", n)) for word in words)) for n in range(8)
    )
    drawn = draw(Reply(title="Gigs", rows=rows), NOW, "en-GB")

    fits(drawn)
    labels = [one.label for block in drawn.blocks if isinstance(block, Buttons) for one in block.buttons]
    assert labels[:4] == ["Show 1", "Hide 1", "Drop 1", "Show 2"] and len(labels) == 24
    assert any(isinstance(one, Text) and "8\\. G7" in one.markdown for one in drawn.blocks)


@pytest.mark.parametrize("plain", [False, True])
async def test_buttons_of_a_list_say_what_they_are_about(plain: bool) -> None:
    rows = tuple(Row(line(Code(f"G{n}"), " Bass"), (Button("Show", action("gigs.show", n)),)) for n in range(1, 4))
    drawn = draw(Reply(title="Gigs", rows=rows), NOW, "en-GB", plain=plain)

    found = [one.button.label for one in drawn.blocks if isinstance(one, Beside)]
    found += [one.label for block in drawn.blocks if isinstance(block, Buttons) for one in block.buttons]
    assert found == ["Show G1", "Show G2", "Show G3"]


async def test_twins_are_told_apart_and_do_the_same() -> None:
    twins = (Button("One", action("gigs.show", 1)), Button("Two", action("gigs.show", 1)))
    sent, _ = body(draw(Reply(lines=(line("x"),), buttons=twins), NOW, "en-GB"))
    ids = [one["custom_id"] for one in limits.walk(sent["components"]) if "custom_id" in one]

    assert len(set(ids)) == 2
    assert {read_id(one) for one in ids} == {action("gigs.show", 1)}


async def test_pictures_have_words_and_files_are_shown() -> None:
    files = (
        Upload("a chart.png", b"1", "image/png", "Two bars, the second higher"),
        Upload("a chart.png", b"2", "image/png", "Another"),
        Upload("invoice I9.pdf", b"3", "application/pdf"),
    )
    drawn = draw(Reply(lines=(line("Here."),), files=files), NOW, "en-GB")

    fits(drawn)
    sent, named = body(drawn)
    gallery = next(one for one in sent["components"] if one["type"] == limits.GALLERY)
    assert gallery["items"][0]["description"] == "Two bars, the second higher"
    assert len(named) == 3


async def test_what_is_copied_elsewhere_stands_in_a_block() -> None:
    drawn = draw(Reply(lines=(line("Send this:"),), buttons=(CopyButton("Text", "Dear ``` Sam"),)), NOW, "en-GB")

    fits(drawn)
    assert "```\nDear ˋˋˋ Sam\n```" in drawn.text


async def test_a_long_answer_is_cut_between_lines_and_whole_in_a_file() -> None:
    lines = tuple(line(f"Line {n} ", Strong("and more of it " * 5)) for n in range(100))
    for plain in (False, True):
        drawn = draw(Reply(title="Long", lines=lines), NOW, "en-GB", plain=plain)
        fits(drawn)
        assert "The rest is in the file." in drawn.text
        assert drawn.files[-1].content.decode().count("Line ") == 100
        assert drawn.text.count("**") % 2 == 0


_texts = st.text(st.characters(codec="utf-8"), max_size=300)
_lines = st.lists(st.builds(lambda a, b: line(a, Strong(b), Code(b)), _texts, _texts), max_size=12).map(tuple)
_labels = st.text(min_size=1, max_size=38)
_button = st.builds(lambda n, label: Button(label, action("a.b", n)), st.integers(0, 5), _labels)
_rows = st.lists(
    st.builds(lambda a, b: Row(line(a), tuple(b)), _texts, st.lists(_button, max_size=4)), max_size=12
).map(tuple)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    reply=st.builds(
        Reply,
        title=st.none() | _texts,
        lines=_lines,
        fields=st.lists(st.builds(lambda a, b: Field(a[:40], line(b)), _texts, _texts), max_size=8).map(tuple),
        rows=_rows,
        buttons=st.lists(_button, max_size=20).map(tuple),
        also=_lines,
    ),
    plain=st.booleans(),
    card=st.sampled_from([None, True]),
)
def test_every_reply_fits(reply: Reply, plain: bool, card: bool | None) -> None:
    drawn = draw(reply, NOW, "en-GB", plain=plain, card=card)

    assert len(drawn.text) <= CARD_CHARACTERS + 40
    fits(drawn)
