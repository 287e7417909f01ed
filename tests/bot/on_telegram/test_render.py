from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.on_telegram.keyboard import MOST_BUTTONS, KeyDrawn, laid_out
from bot.on_telegram.render import ALERT_UNITS, TEXT_ENTITIES, TEXT_UNITS, Drawn, alert, draw, fits_alert, whole_text
from bot.on_telegram.spans import tidy, units
from cogs.kit.action import action
from cogs.kit.reply import DANGER, MAIN, Button, CopyButton, Field, Reply, Row, Upload, WebButton, say
from cogs.kit.words import Code, Moment, Plain, Shown, Strong, Web, Who, line
from storage.records.money import Money
from tests.fakes.telegram.markup import parse

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
GIG = datetime(2026, 11, 28, 19, 30, tzinfo=UTC)
ACT = action("gigs.show", 1)

#: Text as people might type it to break something, among anything at all.
TYPED = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["<b>", "</b>", "&lt;b&gt;", "<tg-time unix=", "&", "a & b <i>c", "\u202eevil", "\ud800", "`", "*_["]
    ),
)
SPAN = st.one_of(
    TYPED.map(Plain),
    TYPED.map(Strong),
    TYPED.map(Code),
    st.builds(Who, st.integers(1, 9), TYPED),
    st.builds(Web, TYPED, st.sampled_from(['https://a.example/x?y=1&z="<', "http://localhost/", "https://a.example/"])),
    st.sampled_from([Moment(GIG, "Europe/London", shown) for shown in Shown]),
)
LINE = st.lists(SPAN, max_size=5).map(tuple)
REPLY = st.builds(
    Reply,
    lines=st.lists(LINE, max_size=6).map(tuple),
    title=st.none() | TYPED,
    fields=st.lists(st.builds(Field, st.just("Where"), LINE), max_size=3).map(tuple),
    rows=st.lists(st.builds(Row, LINE), max_size=4).map(tuple),
    also=st.lists(LINE, max_size=2).map(tuple),
)


def drawn(reply: Reply, **how: bool) -> Drawn:
    return draw(reply, NOW, "en-GB", **how)


def shown(reply: Reply, **how: bool) -> str:
    return "\n".join(parse(text).text for text in drawn(reply, **how).texts)


@given(REPLY, st.booleans())
@settings(max_examples=150, deadline=None)
def test_nothing_that_people_typed_becomes_markup(reply: Reply, bare: bool) -> None:
    made = drawn(reply, bare=bare)

    for text in made.texts:
        read = parse(text)  # raises for anything that Telegram could not read
        assert read.units <= TEXT_UNITS
        assert len(read.entities) <= TEXT_ENTITIES
        for tag, _, attributes in read.entities:
            assert tag in ("b", "i", "code", "a", "tg-time")
            assert tag != "a" or attributes["href"].startswith("http")
    said = "".join("\n".join(parse(text).text for text in made.texts).split())
    for one in reply.lines:
        for span in one:
            if isinstance(span, Plain | Strong | Code):
                assert "".join(tidy(span.text).split()) in said


@given(st.lists(st.text(alphabet="ab😀<&\n ", max_size=900), max_size=12))
@settings(max_examples=60, deadline=None)
def test_long_replies_are_cut_between_lines_or_become_a_file(texts: list[str]) -> None:
    reply = Reply(lines=tuple(line(Strong("> "), text) for text in texts))

    made = drawn(reply)

    assert all(parse(text).units <= TEXT_UNITS for text in made.texts)
    visible = "".join("".join(parse(text).text for text in made.texts).split())
    if not made.files:
        assert visible == "".join(whole_text(reply, NOW, "en-GB").split()) or not visible.strip("…")
    else:
        assert made.files[0].content.decode() == whole_text(reply, NOW, "en-GB")
    single = drawn(reply, single=True)
    assert len(single.texts) == 1
    assert not single.files
    assert parse(single.texts[0]).units <= TEXT_UNITS


def test_more_entities_than_are_honoured_go_into_another_message() -> None:
    made = drawn(Reply(lines=tuple(line(Strong(f"n{n}")) for n in range(150))))

    assert [len(parse(text).entities) for text in made.texts] == [100, 50]


def test_lengths_are_counted_as_telegram_counts_them() -> None:
    assert units("a😀") == 3
    assert [parse(t).units for t in drawn(Reply(lines=(line("😀" * 2048), line("x")))).texts] == [4096, 1]


def test_one_span_too_long_for_a_message_becomes_a_file_with_everything() -> None:
    reply = Reply(title="Sheet", lines=(line("x" * 5000),))

    made = drawn(reply)

    assert made.files[0].name == "whole-text.txt"
    assert made.files[0].content.decode() == whole_text(reply, NOW, "en-GB")
    assert "in the file" in shown(reply)


def test_a_moment_says_the_place_and_carries_the_instant() -> None:
    text = drawn(say(Moment(GIG, "Europe/London"))).texts[0]

    assert text == ('<tg-time unix="1795894200" format="wDt">Sat 28 Nov 2026, 19:30 Europe/London</tg-time>, in 5 days')


@pytest.mark.parametrize("far", [timedelta(days=1100), timedelta(days=-1100)])
def test_moments_that_telegram_would_refuse_are_plain(far: timedelta) -> None:
    assert "<tg-time" not in drawn(say(Moment(NOW + far, "Europe/London"))).texts[0]


def test_commands_can_be_tapped_and_other_code_copied() -> None:
    assert drawn(say(Code("/tz"), " ", Code("G12"), " ", Code("/gig post"))).texts[0] == (
        "/tz <code>G12</code> <code>/gig post</code>"
    )


def test_money_is_written_in_the_readers_way() -> None:
    assert "220" in shown(say(Money(22000, "GBP")))
    assert "1.200,50" in parse(draw(say(Money(120050, "EUR")), NOW, "de-DE").texts[0]).text


def test_buttons_have_looks_and_stand_at_most_three_in_a_row() -> None:
    made = drawn(
        say("?", buttons=(*(Button(label, ACT) for label in ("I'm in", "Pencil me", "Pass", "Counter")),
                          Button("Who's asking about this one?", ACT, MAIN), Button("No", ACT, DANGER)))
    )  # fmt: skip

    assert [[key.label for key in row] for row in made.keys] == [
        ["I'm in", "Pencil me", "Pass"],
        ["Counter"],
        ["Who's asking about this one?"],
        ["No"],
    ]
    assert [key.style for key in made.buttons][-2:] == ["success", "danger"]


def test_no_more_buttons_than_telegram_shows() -> None:
    assert sum(map(len, laid_out([KeyDrawn("x", data="fc:a.b")] * 120))) == MOST_BUTTONS


def test_what_cannot_be_a_button_is_written_out() -> None:
    copies = (CopyButton("Ref", "I9"), CopyButton("Text", "y" * 300))
    links = (WebButton("Here", "http://localhost:8080/x"), WebButton("There", "https://a.example"))
    reply = say("Pay", buttons=(*copies, *links))

    made = drawn(reply)

    assert [(key.label, key.copy, key.url) for key in made.buttons] == [
        ("Ref", "I9", None),
        ("There", None, "https://a.example"),
    ]
    assert "y" * 300 in shown(reply)
    assert "http://localhost:8080/x" in shown(reply)


def test_buttons_of_a_list_carry_the_number_of_their_entry_when_they_share_a_name() -> None:
    rows = (Row(line("one"), (Button("Show", ACT),)), Row(line("two"), (Button("Show", ACT), Button("Drop", ACT))))

    assert shown(Reply(rows=rows)) == "1. one\n2. two"
    assert [key.label for key in drawn(Reply(rows=rows)).buttons] == ["Show 1", "Show 2", "Drop"]


def test_for_a_screen_reader_there_is_no_emphasis_and_lists_are_numbered() -> None:
    reply = Reply(title="Gigs", lines=(line(Strong("now")),), rows=(Row(line("a")), Row(line("b"))))

    assert drawn(reply, bare=True).texts == ("Gigs\nnow\n\n1. a\n2. b",)


def test_a_short_text_is_the_caption_of_the_one_file() -> None:
    paper = Upload("i9.pdf", b"%PDF", "application/pdf")

    assert drawn(say("Invoice", files=(paper,))).captioned
    assert not drawn(say("x" * 1025, files=(paper,))).captioned
    assert not drawn(say("Invoice", files=(paper, paper))).captioned


def test_nothing_to_say_is_still_a_message() -> None:
    assert drawn(Reply()).texts == ("…",)
    assert drawn(say("\u200e \n")).texts == ("…",)


@given(st.text(min_size=1, max_size=400))
@settings(max_examples=60, deadline=None)
def test_alerts_fit(text: str) -> None:
    assert units(alert(say(text), NOW, "en-GB")) <= ALERT_UNITS


def test_only_short_words_without_buttons_fit_an_alert() -> None:
    def fits(reply: Reply) -> bool:
        return fits_alert(reply, NOW, "en-GB")

    assert fits(say("You are in."))
    assert not fits(say("You are in.", buttons=(Button("Undo", ACT),)))
    assert not fits(say("x" * 201))
    assert not fits(Reply(rows=(Row(line("a"), (Button("Show", ACT),)),)))
