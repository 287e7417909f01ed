"""Phrases that hang on an event are settled once the event is known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cogs.kit.when import Hook, Kind, hang, parse

NOW = datetime(2027, 5, 12, 8, tzinfo=UTC)
#: Sunday 28 March 2027, 20:00 in London, the evening of the day the clocks go on.
GIG = datetime(2027, 3, 28, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("the evening before G1", "2027-03-27T18:00+00:00"),
        ("the night before the gig", "2027-03-27T18:00+00:00"),
        ("the morning of the gig", "2027-03-28T06:00+01:00"),
        ("the morning after the gig", "2027-03-29T06:00+01:00"),
        ("the day before G1", "2027-03-27T20:00+00:00"),
        ("the day before G1 at 6pm", "2027-03-27T18:00+00:00"),
        ("the day of the gig at 9am", "2027-03-28T09:00+01:00"),
        ("3 days before due", "2027-03-25T20:00+00:00"),
        ("2 weeks after the gig", "2027-04-11T20:00+01:00"),
        ("a month before the wedding", "2027-02-28T20:00+00:00"),
        ("2 hours before call", "2027-03-28T18:00+01:00"),
        ("24 hours before the gig", "2027-03-27T19:00+00:00"),
        ("90 minutes after G1", "2027-03-28T21:30+01:00"),
    ],
)
def test_hanging_phrase_is_settled_by_its_event(text: str, moment: str) -> None:
    when = parse(text, now=NOW, tz="Europe/London", dayfirst=True)
    assert when.kind is Kind.AMBIGUOUS
    settled = hang(when, GIG, "Europe/London")
    assert settled.kind is Kind.INSTANT
    assert settled.start == datetime.fromisoformat(moment)


def test_the_hook_keeps_what_the_offset_cannot_say() -> None:
    when = parse("the day before G12 at 6pm", now=NOW, tz="Europe/London", dayfirst=True)
    assert (when.anchor, when.offset) == ("g12", "-P1D")
    assert when.hook == Hook(days=-1, clock=18 * 3600)
    evening = parse("the evening before G12", now=NOW, tz="Europe/London", dayfirst=True)
    assert evening.hook == Hook(days=-1, part="evening")


def test_an_hour_nobody_can_tell_is_asked_about() -> None:
    when = parse("the day before the gig at 8", now=NOW, tz="Europe/London", dayfirst=True)
    assert (when.kind, when.anchor) == (Kind.AMBIGUOUS, None)


def test_a_phrase_that_hangs_on_nothing_stays_as_it_is() -> None:
    when = parse("friday 7pm", now=NOW, tz="Europe/London", dayfirst=True)
    assert hang(when, GIG, "Europe/London") is when


def test_the_end_of_the_calendar_is_turned_down() -> None:
    when = parse("2 weeks after the gig", now=NOW, tz="Europe/London", dayfirst=True)
    assert hang(when, datetime(9999, 12, 30, tzinfo=UTC), "Europe/London").kind is Kind.INVALID
    assert hang(when, GIG, "Nowhere/Atall").kind is Kind.INVALID
