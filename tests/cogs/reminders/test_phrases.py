"""What a repeat is called, and that the reader of times takes the words of a form back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.kit.when import Kind, parse
from cogs.reminders import repeats
from cogs.reminders.phrases import lead_text, repeat_text, typed_text
from storage.records.reminder import Timing
from tests.cogs.reminders.test_repeats import timing

DAY = date(2026, 11, 24)  # a Tuesday
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rrule", "said"),
    [
        ("FREQ=DAILY", "every day 09:00"),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days 09:00"),
        ("FREQ=WEEKLY;BYDAY=TU", "every Tue 09:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every other Tue 09:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "every 2 weeks on Tue and Thu 09:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,FR", "every Mon, Tue and Fri 09:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday 09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "1st of every month 09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=12", "12th of every month 09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "last day of every month 09:00"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "last Fri of every month 09:00"),
        ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=23", "every 3 months on the 23rd 09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", "30th of every month 09:00"),
        ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=2", "every year on 2 Mar 09:00"),
        ("FREQ=YEARLY;BYMONTH=4;BYDAY=-1FR", "every year on the last Fri of Apr 09:00"),
        ("FREQ=HOURLY;INTERVAL=2", "every 2 hours"),
        ("FREQ=MINUTELY;INTERVAL=30;COUNT=4", "every 30 minutes, 4 times in all"),
        ("FREQ=WEEKLY;UNTIL=20261220T235959Z;BYDAY=TU", "every Tue 09:00 until 20 Dec 2026"),
    ],
)
def test_a_repeat_is_called_so(rrule: str, said: str) -> None:
    assert repeat_text(timing("Europe/London", DAY, time(9), rrule)) == said


def test_what_comes_once_has_no_repeat_to_name() -> None:
    once = timing("Europe/London", DAY, time(9), None)

    assert repeat_text(once) == ""
    assert typed_text(once, NOW) is None


@settings(max_examples=200, deadline=None)
@given(
    rrule=st.sampled_from(
        [
            "FREQ=DAILY",
            "FREQ=DAILY;INTERVAL=3",
            "FREQ=WEEKLY;BYDAY=TU",
            "FREQ=WEEKLY;BYDAY=TU,TH",
            "FREQ=WEEKLY;BYDAY=SA,SU",
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE",
            "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,WE",
            "FREQ=MONTHLY;BYMONTHDAY=15",
            "FREQ=MONTHLY;BYMONTHDAY=-1",
            "FREQ=MONTHLY;BYDAY=1MO",
            "FREQ=MONTHLY;BYDAY=-1FR",
            "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=15",
            "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=3",
        ]
    ),
    minutes=st.integers(0, 24 * 60 - 1),
    ends=st.booleans(),
)
def test_the_words_of_a_form_are_read_back_as_the_same_times(rrule: str, minutes: int, ends: bool) -> None:
    clock = time(minutes // 60, minutes % 60)
    made = timing("Europe/London", DAY, clock, rrule)
    made = timing("Europe/London", (repeats.first_wall(made) or datetime.min.replace(tzinfo=UTC)).date(), clock, rrule)
    if ends:
        until = datetime(2028, 12, 20, 23, 59, 59, tzinfo=UTC)
        made = Timing(zone=made.zone, at=made.at, day=made.day, clock=clock, rrule=repeats.ending(rrule, until))

    said = typed_text(made, NOW)
    assert said is not None
    when = parse(said, now=NOW, tz="Europe/London", dayfirst=True)

    assert when.kind is Kind.RECURRENCE, said
    assert isinstance(when.start, datetime)
    again = Timing(zone=made.zone, at=when.start, day=when.start.date(), clock=clock, rrule=when.rrule)
    assert list(islice(repeats.occurrences(again, NOW), 12)) == list(islice(repeats.occurrences(made, NOW), 12)), said


@pytest.mark.parametrize(
    "rrule", ["FREQ=HOURLY;INTERVAL=2", "FREQ=WEEKLY;COUNT=5;BYDAY=TU", "FREQ=MONTHLY;BYMONTHDAY=28,29;BYSETPOS=-1"]
)
def test_what_cannot_be_said_again_is_left_to_be_typed_anew(rrule: str) -> None:
    assert typed_text(timing("Europe/London", DAY, time(9), rrule), NOW) is None


def test_a_length_ahead_in_words() -> None:
    assert lead_text(timedelta(hours=2)) == "2 h"
    assert lead_text(timedelta(days=1)) == "1 day"
    assert lead_text(timedelta(days=2, hours=3, minutes=5)) == "2 days 3 h 5 min"
