"""Spans as Markdown: what people type is shown, never obeyed."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.on_discord.spans import bare, drawn, escaped, tidy
from cogs.kit.words import Code, Moment, Plain, Shown, Strong, Web, Who, line
from storage.records.money import Money

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
GIG = datetime(2026, 11, 28, 19, 30, tzinfo=UTC)

#: Text in which every sort of Discord's markup is likely.
_PIECES = [*"\\`*_~|<>[]()#-+@&!:/.t0 1\n", "everyone", "here", "https://a.b/c", "<@1>", "<t:1:R>", "</x:1>"]
NASTY = st.lists(st.sampled_from(_PIECES) | st.characters(codec="utf-8"), max_size=40).map("".join)
_ADDRESS = re.compile(r"(?<!\S)https?://[A-Za-z0-9.%/?=&+,:-]+(?!\S)")


def shown(markdown: str) -> str:
    """What a reader sees of escaped text: Discord hides a backslash before punctuation, and a mark of no width."""
    return re.sub(r"\\([^A-Za-z0-9\s])", r"\1", markdown).replace("\u200b", "")


def test_a_moment_is_words_and_what_every_reader_sees_on_their_own_clock() -> None:
    assert drawn(line(Moment(GIG, "Europe/London")), NOW, "en-GB") == (
        "Sat 28 Nov 2026, 19:30 Europe/London · <t:1795894200:F> (<t:1795894200:R>)"
    )
    assert drawn(line(Moment(GIG, "Europe/London", Shown.SHORT)), NOW, "en-GB") == (
        "Sat 28 Nov, 19:30 (<t:1795894200:R>)"
    )
    assert drawn(line(Moment(GIG, "Europe/London", Shown.DISTANCE)), NOW, "en-GB") == "<t:1795894200:R>"
    assert drawn(line(Moment(GIG, "Asia/Tokyo", Shown.CLOCK)), NOW, "en-GB") == "04:30"


def test_spans() -> None:
    said = line("To ", Who(1, "Sam_the*Man"), ": ", Money(22000, "GBP"), " ", Strong("now"), " ", Code("G12"))
    assert drawn(said, NOW, "en-GB") == r"To Sam\_the\*Man: £220 **now** `G12`"
    assert bare(said, NOW, "en-GB") == r"To Sam\_the\*Man: £220 now G12"


@pytest.mark.parametrize(
    ("typed", "markdown"),
    [
        ("/gig post", "</gig post:7>"),
        ("/unknown", "`/unknown`"),
        ("/gig", "</gig post:7>"),  # the word with which a line for it begins elsewhere
        ("/gig bass, Sat 7pm", "</gig post:7> `bass, Sat 7pm`"),
        ("/gig show G12", "</gig show:7> `G12`"),
        ("gig post", "`gig post`"),
        ("/gigs", "`/gigs`"),
    ],
)
def test_commands_can_be_tapped(typed: str, markdown: str) -> None:
    mentions = {"gig post": "</gig post:7>", "gig": "</gig post:7>", "gig show": "</gig show:7>"}
    assert drawn(line(Code(typed)), NOW, "en-GB", mentions) == markdown


@pytest.mark.parametrize(
    ("url", "markdown"),
    [
        ("https://example.org/a", r"[a\]b](<https://example.org/a>)"),
        ("https://example.org/a)b", r"a\]b (`https://example.org/a)b`)"),
    ],
)
def test_links_are_masked_only_where_markdown_can_hold_them(url: str, markdown: str) -> None:
    assert drawn(line(Web("a]b", url)), NOW, "en-GB") == markdown


def test_addresses_that_people_type_stay_whole() -> None:
    assert escaped("see https://bob.example/my-reel?x=1 ok") == "see https://bob.example/my-reel?x=1 ok"
    assert escaped("[win](https://evil.example)") == r"\[win\](https://evil.example)"


@settings(max_examples=400)
@given(NASTY)
@example("# title\n- list\n1. one\n> quote\n-# small")
@example("@everyone @here <@&1> <#1> <:a:1> <t:1:F> </gig:1>")
@example("``` ` ``")
def test_nothing_typed_becomes_markup(text: str) -> None:
    markdown = escaped(text)

    assert shown(markdown) == tidy(text).replace("\u200b", "")
    rest = re.sub(r"\\[^A-Za-z0-9\s]", "x", _ADDRESS.sub("x", markdown))
    assert not re.search(r"[`*_~|<>\[\]\\]", rest)
    assert not re.search(r"(?m)^\s*(?:-?#{1,3}\s|[+-]\s|\d+[.)]\s)", rest)
    assert not re.search(r"@(?:everyone|here|[!&]?\d)", rest)


@settings(max_examples=150)
@given(NASTY)
def test_code_and_emphasis_hold_what_they_are_given(text: str) -> None:
    code = drawn(line(Code(text)), NOW, "en-GB")
    strong = drawn((Plain("a"), Strong(text), Plain("b")), NOW, "en-GB")

    assert code == "" or (code[0] == code[-1] == "`" and "`" not in code[1:-1] and "\n" not in code)
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\*\*", strong)) in (0, 2)
