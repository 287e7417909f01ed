"""What people type about their time, as patterns; held against the calendar by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.availability import reading, rules
from cogs.availability.reading import Pattern, read_pattern
from cogs.kit.faults import Misread
from storage.records.availability import EVERY_DAY
from tests.cogs.availability.people import caller, entry

D = date
CALL = caller()

CASES = {
    "next week not before 2": Pattern(D(2026, 11, 30), D(2026, 12, 6), begins=840),
    "most of next week, not before 2": Pattern(D(2026, 11, 30), D(2026, 12, 6), begins=840),
    "every Tuesday evening until June": Pattern(D(2026, 11, 24), D(2027, 6, 30), begins=1080, days=2),
    "fortnightly Tuesday evenings until March": Pattern(D(2026, 11, 24), D(2027, 3, 31), begins=1080, days=2, every=2),
    "weekdays until 20 Dec": Pattern(D(2026, 11, 23), D(2026, 12, 20), days=31),
    "tomorrow 2-6pm": Pattern(D(2026, 11, 24), D(2026, 11, 24), 840, 1080),
    "Fri 6pm - Sun 2pm": Pattern(D(2026, 11, 27), D(2026, 11, 27), 1080, 3720),
    "Sat 10pm-2am": Pattern(D(2026, 11, 28), D(2026, 11, 28), 1320, 1560),
    "next week except Wednesday": Pattern(D(2026, 11, 30), D(2026, 12, 6), days=EVERY_DAY & ~4),
    "every Tuesday except 15 Dec": Pattern(D(2026, 11, 24), None, days=2, but=(D(2026, 12, 15),)),
    "December but not 14 Dec and 20 Dec": Pattern(
        D(2026, 12, 1), D(2026, 12, 31), but=(D(2026, 12, 14), D(2026, 12, 20))
    ),
    "weekends in January not after 10": Pattern(D(2027, 1, 2), D(2027, 1, 31), 0, 1320, days=96),
    "next week before 6pm": Pattern(D(2026, 11, 30), D(2026, 12, 6), 0, 1080),
    "no later than 6pm tomorrow": Pattern(D(2026, 11, 24), D(2026, 11, 24), 0, 1080),
    "from 5 Dec": Pattern(D(2026, 12, 5), None),
    "until 5 Jan": Pattern(D(2026, 11, 23), D(2027, 1, 5)),
    "after 5 tomorrow": Pattern(D(2026, 11, 24), D(2026, 11, 24), begins=1020),
    "Sat 7pm": Pattern(D(2026, 11, 28), D(2026, 11, 28), 1140, 1320, guessed=True),
    "12-14 Jan": Pattern(D(2027, 1, 12), D(2027, 1, 14)),
    "Tuesdays for 3 weeks": Pattern(D(2026, 11, 24), D(2026, 12, 8), days=2),
}


@pytest.mark.parametrize("text", CASES)
def test_a_phrase_becomes_the_pattern_it_says(text: str) -> None:
    assert read_pattern(text, CALL) == CASES[text]


def test_a_monthly_pattern_is_written_out_as_days() -> None:
    found = read_pattern("first Monday of every month until 30 Mar", CALL)
    assert found.listed == (D(2026, 12, 7), D(2027, 1, 4), D(2027, 2, 1), D(2027, 3, 1))
    assert found.last == D(2027, 3, 1)


@pytest.mark.parametrize(
    "text", ["bananas", "Tue or Wed", "next week not before 25", "tbc", "x" * 300, "2 days before the gig"]
)
def test_what_is_no_time_is_asked_about(text: str) -> None:
    with pytest.raises(Misread):
        read_pattern(text, CALL)


def test_leaving_out_every_day_is_refused() -> None:
    with pytest.raises(Misread, match="no day over"):
        read_pattern("14 Dec except 14 Dec", CALL)


@pytest.mark.parametrize(
    ("line", "state", "when", "note"),
    [
        ("free next week not before 2", "free", "next week not before 2", None),
        ("every Tuesday evening no until June", "no", "every Tuesday evening until June", None),
        ("not free 12 Dec", "no", "12 Dec", None),
        ("can't do Christmas", "no", "Christmas", None),
        ("maybe Sat 7pm (if the van is mended)", "maybe", "Sat 7pm", "if the van is mended"),
        ("no later than 6pm tomorrow free", "free", "no later than 6pm tomorrow", None),
        ("busy 12-14 Jan note: skiing", "no", "12-14 Jan", "skiing"),
        ("next week", None, "next week", None),
    ],
)
def test_a_line_falls_into_answer_time_and_note(line: str, state: str | None, when: str, note: str | None) -> None:
    found = reading.find_state(line)
    rest = line if found is None else line[: found[0]] + "\0" * (found[1] - found[0]) + line[found[1] :]
    said = reading.find_rest(rest)
    aside = reading.find_note(rest)
    assert (found and found[2], said and said[2], aside and aside[2]) == (state, when, note)


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from("free no not before after next week every Tue 2 15 Dec except until ( ) , -".split())
    ).map(" ".join)
)
def test_no_line_breaks_the_reader(text: str) -> None:
    reading.find_state(text), reading.find_note(text), reading.find_rest(text)
    reading.find_chair(text), reading.find_player(text)
    try:
        found = read_pattern(text, CALL)
    except Misread:
        return
    assert found.begins < found.ends
    assert found.last is None or found.first <= found.last


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 400), st.none() | st.integers(0, 60), st.integers(0, 1430), st.integers(1, 1439),
    st.integers(1, EVERY_DAY), st.sampled_from([1, 2]),
)  # fmt: skip
def test_the_form_opens_with_text_that_reads_back(
    ahead: int, lasting: int | None, begins: int, length: int, days: int, every: int
) -> None:
    first = D(2026, 11, 23) + timedelta(days=ahead)
    last = None if lasting is None else first + timedelta(days=lasting)
    if last is not None:
        days, every = EVERY_DAY, 1  # a range of dates; a pattern with an end keeps its first day only from now on
    kept = entry(first=first, last=last, begins=begins, ends=min(begins + length, 1440), days=days, every=every)
    found = read_pattern(rules.typed_text(kept), CALL)
    assert (found.begins, found.ends) == (kept.begins, kept.ends)
    assert (found.days, found.every) == (kept.days, kept.every)
    if last is not None:
        assert (found.first, found.last) == (first, last)
