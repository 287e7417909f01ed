from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.kit import moments
from cogs.kit.faults import Misread
from storage.records.times import Span
from tests.cogs.kit.people import LONDON, NEW_YORK


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("Sat 28 Nov 19:30", Span(datetime(2026, 11, 28, 19, 30, tzinfo=UTC), None, "Europe/London")),
        (
            "Sat 28 Nov 19:30-23:00",
            Span(datetime(2026, 11, 28, 19, 30, tzinfo=UTC), datetime(2026, 11, 28, 23, tzinfo=UTC), "Europe/London"),
        ),
        ("12-14 Jan", Span.of_days(date(2027, 1, 12), date(2027, 1, 14), "Europe/London")),
        ("28 Nov", Span.of_days(date(2026, 11, 28), date(2026, 11, 28), "Europe/London")),
        ("<t:1795894200:F>", Span(datetime.fromtimestamp(1795894200, UTC), None, "Europe/London")),
    ],
)
def test_a_gigs_time(text: str, span: Span) -> None:
    assert moments.read_span(text, LONDON) == span


def test_a_deadline_includes_the_day_it_names() -> None:
    assert moments.read_moment("Thu", LONDON) == datetime(2026, 11, 26, 23, 59, tzinfo=UTC)
    assert moments.read_moment("within 2h", LONDON) == LONDON.now + timedelta(hours=2)
    assert moments.read_moment("Thu 6pm", NEW_YORK) == datetime(2026, 11, 26, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["every Tuesday 19:30", "from 2pm", "until Friday", "soon", "", "2 weeks after the gig"]
)
def test_what_is_no_gigs_time_is_turned_down_or_asked_about(text: str) -> None:
    with pytest.raises(Misread) as caught:
        moments.read_span(text, LONDON)
    assert caught.value.what


def test_an_unclear_hour_is_a_question_whose_answers_read_back_exactly() -> None:
    with pytest.raises(Misread) as caught:
        moments.read_span("tomorrow at 9", LONDON)
    starts = [moments.read_span(choice.value, LONDON).start for choice in caught.value.choices]
    assert starts == [datetime(2026, 11, 24, 9, tzinfo=UTC), datetime(2026, 11, 24, 21, tzinfo=UTC)]
    assert [choice.label for choice in caught.value.choices] == ["Tue 24 Nov 2026, 09:00", "Tue 24 Nov 2026, 21:00"]


@pytest.mark.parametrize("text", ["zaterdag om 20:00", "sabato alle 20:00"])
def test_a_day_in_a_language_that_is_not_read_is_never_dropped(text: str) -> None:
    with pytest.raises(Misread) as caught:
        moments.read_span(text, LONDON)
    assert caught.value.choices == ()
    assert [choice.label for choice in moments.guesses(text, LONDON)] == ["Sat 28 Nov 2026, 20:00"]


@given(
    st.integers(0, 3 * 365 * 24 * 60).map(
        lambda minutes: datetime(2026, 11, 24, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe"]),
)
def test_the_text_of_any_moment_reads_back_as_it(at: datetime, zone: str) -> None:
    call = replace(LONDON, zone=zone)
    text = moments.value_text(at, None, call.zone_or_utc)
    assert moments.read_span(text, call).start == at


def test_a_date_in_numbers_is_asked_about_until_it_is_known_what_comes_first() -> None:
    nobody_knows = replace(LONDON, locale_said=False)
    with pytest.raises(Misread) as caught:
        moments.read_span("03/04 19:30", nobody_knows)
    assert [choice.label for choice in caught.value.choices] == ["Sat 3 Apr 2027, 19:30", "Thu 4 Mar 2027, 19:30"]
    for choice, day in zip(caught.value.choices, (date(2027, 4, 3), date(2027, 3, 4)), strict=True):
        assert moments.read_day(choice.value, nobody_knows) == day
    assert moments.read_day("03/04", LONDON) == date(2027, 4, 3)
    assert moments.read_day("03/04", NEW_YORK) == date(2027, 3, 4)


@pytest.mark.parametrize("text", ["25/12", "5/5", "2026-12-03", "4/4 groove, 28 Nov", "28.11.2026"])
def test_what_can_only_mean_one_day_is_not_asked_about(text: str) -> None:
    assert moments.read_day(text, replace(LONDON, locale_said=False)) == moments.read_day(text, LONDON)
