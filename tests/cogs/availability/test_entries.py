"""A pattern lies where its wall clock says, through clock changes in three zones, past midnight and without an end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from storage.records.availability import DAY_MINUTES, EVERY_DAY, Entry, wall
from tests.cogs.availability.people import entry

ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe")
#: Days around which one of these zones changes its clocks (Lord Howe by half an hour).
CHANGES = (date(2027, 3, 28), date(2026, 10, 25), date(2027, 3, 14), date(2026, 11, 1), date(2027, 4, 4))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    first = draw(st.sampled_from(CHANGES)) + timedelta(days=draw(st.integers(-20, 4)))
    begins = draw(st.integers(0, DAY_MINUTES - 1))
    length = draw(st.integers(1, 3 * DAY_MINUTES))
    return entry(
        zone=draw(st.sampled_from(ZONES)),
        first=first,
        last=draw(st.none() | st.integers(0, 40).map(lambda n: first + timedelta(days=n))),
        begins=begins,
        ends=begins + length,
        days=draw(st.integers(1, EVERY_DAY)),
        every=draw(st.integers(1, 3)),
        but=tuple(first + timedelta(days=n) for n in draw(st.sets(st.integers(0, 20), max_size=3))),
        listed=tuple(first + timedelta(days=n) for n in sorted(draw(st.sets(st.integers(0, 20), max_size=2)))),
    )


def is_on(one: Entry, at: datetime) -> bool:
    """Whether the moment lies in the entry, found the long way: every day it might have begun on, one by one."""
    day = one.first
    while day <= at.astimezone(ZoneInfo(one.zone)).date() + timedelta(days=1):
        if one.begins_on(day):
            place = ZoneInfo(one.zone)
            if wall(day, one.begins, place) <= at < wall(day, one.ends, place):
                return True
        day += timedelta(days=1)
    return False


@settings(max_examples=150, deadline=None)
@given(entries(), st.sampled_from(CHANGES), st.integers(-3 * DAY_MINUTES, 3 * DAY_MINUTES), st.integers(1, 2000))
@example(entry(begins=22 * 60, ends=26 * 60, first=date(2026, 10, 20), days=64), CHANGES[1], 0, 180)
def test_nobody_is_missed_or_invented(one: Entry, day: date, minutes: int, length: int) -> None:
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes)
    end = start + timedelta(minutes=length)
    found = list(one.stretches(start, end))
    assert found == sorted(found)
    for step in range(0, length, max(1, length // 40)):
        at = start + timedelta(minutes=step)
        assert any(a <= at < b for a, b in found) == is_on(one, at)
    for a, b in found:
        assert a < end and start < b


@pytest.mark.parametrize(
    ("zone", "day", "begins", "ends", "hours"),
    [
        ("Europe/London", date(2027, 3, 27), 22 * 60, 26 * 60, 3),  # to 02:00, and 01:00 to 02:00 is left out
        ("Europe/London", date(2026, 10, 25), 0, DAY_MINUTES, 25),
        ("Europe/London", date(2027, 3, 28), 0, DAY_MINUTES, 23),
        ("America/New_York", date(2027, 3, 14), 0, DAY_MINUTES, 23),
        ("America/New_York", date(2026, 10, 31), 20 * 60, 27 * 60, 8),
        ("Australia/Lord_Howe", date(2027, 4, 4), 0, DAY_MINUTES, 24.5),
    ],
)
def test_a_night_over_a_clock_change_is_as_long_as_the_clock_says(
    zone: str, day: date, begins: int, ends: int, hours: float
) -> None:
    one = entry(zone=zone, first=day, last=day, begins=begins, ends=ends)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    [(a, b)] = one.stretches(start, start + timedelta(days=4))
    assert b - a == timedelta(hours=hours)


def test_every_other_week_counts_from_its_first() -> None:
    one = entry(first=date(2026, 11, 24), days=0b10, every=2)
    on = [day for n in range(35) if one.begins_on(day := date(2026, 11, 23) + timedelta(days=n))]
    assert on == [date(2026, 11, 24), date(2026, 12, 8), date(2026, 12, 22)]
