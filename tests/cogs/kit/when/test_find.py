"""Times are found in longer lines with their places, and what is no time is left alone."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.kit.when import Found, Kind, find

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)  # a Monday

HEAP = "bass Leeds £220 Sat 28 Nov 19:30 by Thu 6pm until , 2 to - and or every 25:00 31/2 next at G1 the <t:1:F>"


def _find(text: str) -> tuple[Found, ...]:
    return find(text, now=NOW, tz="Europe/London", dayfirst=True)


@pytest.mark.parametrize(
    ("line", "phrases"),
    [
        (
            "bass, Sat 28 Nov 19:30, Leeds, £220, function, reply by Thu 6pm",
            [("Sat 28 Nov 19:30", ""), ("by Thu 6pm", "by")],
        ),
        ("dep Fri 7pm Ronnie's, keys, £200, within 2h", [("Fri 7pm", ""), ("within 2h", "within")]),
        ("12-14 Jan Smith tour 1st £300/day until 20 Dec", [("12-14 Jan", ""), ("until 20 Dec", "until")]),
        ("free next week not before 2", [("next week", ""), ("not before 2", "not before")]),
        (
            "drums, Fri 27 Nov, call 5pm, show 8pm, Café Ω, 6/8 feel, 120 bpm, G12",
            [("Fri 27 Nov, call 5pm, show 8pm", "")],
        ),
        ("June Smith, Sat 8pm, Christmas party, £150", [("Sat 8pm", "")]),
        ("bass Sat 8pm 2 horns", [("Sat 8pm", "")]),
        ("Fri 7pm, Sat 8pm, Sun 2-5pm", [("Fri 7pm", ""), ("Sat 8pm", ""), ("Sun 2-5pm", "")]),
        ("the evening before G1 strings", [("evening before G1", "")]),
        ("away 20 Dec - 3 Jan", [("20 Dec - 3 Jan", "")]),
        ("every Friday 8pm until 18 Dec at the Dog", [("every Friday 8pm until 18 Dec", "")]),
        ("tenor, tomorrow after 5, Hull", [("tomorrow after 5", "")]),
        ("free from 20 Dec", [("from 20 Dec", "from")]),
        ("sax Fri 27 Nov 7pm-11pm Berlin time, £200", [("Fri 27 Nov 7pm-11pm Berlin time", "")]),
        ("Sat 28 Nov 7pm for 3 hours, Leeds", [("Sat 28 Nov 7pm for 3 hours", "")]),
        ("keys <t:1795000000:F> Leeds", [("<t:1795000000:F>", "")]),
        ("double bass, Sat 28 Nov", [("Sat 28 Nov", "")]),
        ("remind me in 20 mins to call Bob", [("in 20 mins", "")]),
        ("mañana 20h, Café", [("mañana 20h", "")]),
        ("invoice G1 net 30", [("net 30", "")]),
        ("from 6 to 9 on friday, Leeds", [("from 6 to 9 on friday", "")]),
        ("Fri 8, £200, Leeds", [("Fri 8", "")]),
    ],
)
def test_phrases_are_found_with_their_leads(line: str, phrases: list[tuple[str, str]]) -> None:
    found = _find(line)
    assert [(each.text, each.lead) for each in found] == phrases
    assert all(line[each.start : each.end] == each.text for each in found)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "bass, Leeds, £220",
        "£300/day, 120 bpm, 12/8 shuffle, G12, O31",
        "2 horns and 3 strings",
        "1st violin",
        "Dm7 G7 in C, 440 Hz",
        "half up front, rest on the night",
        "June Tabor band",
        "Christmas party band",
        "M25, B12 6AQ",
        "£1,200 + travel",
        "call me maybe",
        "50% deposit",
        "may I sit in, sat in once",
        "45 minutes from Leeds",
    ],
)
def test_nothing_is_found_where_there_is_no_time(line: str) -> None:
    assert _find(line) == ()


def test_found_phrases_are_read_as_alone() -> None:
    day, deadline = _find("bass, Sat 28 Nov 19:30, Leeds, reply by Thu 6pm")
    assert day.when.start == datetime(2026, 11, 28, 19, 30, tzinfo=UTC)
    assert deadline.when.start == datetime(2026, 11, 26, 18, tzinfo=UTC)


def test_a_number_beside_a_day_makes_a_question() -> None:
    (found,) = _find("Fri 8, £200, Leeds")
    assert found.when.kind is Kind.AMBIGUOUS
    assert found.when.unread == "8"


def test_a_number_after_the_last_day_is_part_of_the_question() -> None:
    assert [found.when.unread for found in _find("last hold forty eight 15th 3")] in ([], ["3"])
    assert [found.text for found in _find("the 15th 3")] == ["15th 3"]


def test_a_deadline_keeps_its_open_side() -> None:
    _, until = _find("12-14 Jan Smith tour until 20 Dec")
    assert (until.when.start, until.when.end) == (None, date(2026, 12, 20))


def test_places_are_those_of_the_text_given() -> None:
    line = "Ｃafé “Ω” ½ price\u00a0–  vendredi à 21h 🎷"
    (found,) = _find(line)
    assert line[found.start : found.end] == found.text == "vendredi à 21h"


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_any_line_is_searched_without_a_fault(line: str) -> None:
    last = 0
    for found in _find(line):
        assert last <= found.start < found.end <= len(line)
        assert found.text == line[found.start : found.end]
        assert found.when.kind is not Kind.INVALID
        last = found.end


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(HEAP.split()),
        max_size=25,
    ).map(" ".join)
)
def test_any_heap_of_pieces_is_searched_without_a_fault(line: str) -> None:
    for found in _find(line):
        assert found.text == line[found.start : found.end]


def test_a_very_long_line_is_searched_up_to_a_limit() -> None:
    assert _find("x " * 5000 + "friday 7pm") == ()
    assert [found.text for found in _find("x " * 500 + "friday 7pm")] == ["friday 7pm"]
