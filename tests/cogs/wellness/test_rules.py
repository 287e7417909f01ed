"""Doses against the published table, and rest against diaries gone through by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.wellness import rules
from storage.records.times import Span
from storage.records.wellness import HearingLog, Hint, Plugs
from storage.reference import wellness
from tests.cogs.front import london
from tests.conftest import START

TODAY = date(2026, 11, 23)


def log(level: int, minutes: int, plugs: Plugs = Plugs.NONE, day: date = TODAY) -> HearingLog:
    return HearingLog(person_id=1, day=day, level=level, minutes=minutes, plugs=plugs, made_at=START)


@pytest.mark.parametrize("level", [85, 88, 91, 94, 97, 100])
def test_a_full_dose_is_what_the_published_table_says(level: int) -> None:
    published = wellness.by_id(f"niosh-{level}").value

    assert rules.allowed_minutes(level) == published
    assert rules.dose([log(level, int(published or 0))]) == pytest.approx(100)


def test_the_limit_is_the_one_of_the_reference() -> None:
    assert wellness.by_id("niosh-rel").value == rules.LIMIT_DB
    assert wellness.by_id("niosh-exchange").value == rules.HALVING_DB


@settings(max_examples=100)
@given(level=st.integers(rules.LEAST_DB, rules.MOST_DB), minutes=st.integers(1, 1440))
def test_three_db_more_is_double_and_plugs_are_as_good_as_less_sound(level: int, minutes: int) -> None:
    assert rules.dose([log(level + 3, minutes)]) == pytest.approx(2 * rules.dose([log(level, minutes)]))
    assert rules.dose([log(level + 15, minutes, Plugs.FIFTEEN)]) == pytest.approx(rules.dose([log(level, minutes)]))


@settings(max_examples=100)
@given(
    first=st.integers(70, 110), minutes=st.integers(1, 300), level=st.integers(70, 110)
)  # fmt: skip
def test_what_is_left_fills_the_day_and_not_more(first: int, minutes: int, level: int) -> None:
    before = rules.dose([log(first, minutes)])
    left = rules.minutes_left(level, before)

    after = before + 100 * left / rules.allowed_minutes(level)
    assert left >= 0
    assert after <= max(100, before) + 1e-4
    if before < 100:
        assert after + 100 / rules.allowed_minutes(level) > 100 - 1e-4


def test_a_week_is_five_full_days_and_each_day_has_its_own() -> None:
    logs = [log(94, 60), log(94, 60, day=TODAY - timedelta(days=2))]

    assert rules.week_dose(logs) == pytest.approx(40)
    assert rules.daily(logs, TODAY - timedelta(days=6)) == [0, 0, 0, 0, 100, 0, 100]


# --- rest -------------------------------------------------------------------------------------------------------------


def call(day: date, begins: str = "14:00", hours: float = 3) -> Span:
    start = london(day.isoformat(), begins)
    return Span(start, start + timedelta(hours=hours), "Europe/London")


def days(*numbers: int) -> list[date]:
    return [TODAY + timedelta(days=n) for n in numbers]


def doubles(*numbers: int) -> list[Span]:
    return [call(day, begins) for day in days(*numbers) for begins in ("11:00", "15:00")]


def test_the_third_double_day_in_a_row_is_found_once() -> None:
    assert rules.tired(doubles(1, 2), "Europe/London", TODAY) == []
    found = rules.tired(doubles(1, 2, 3, 4), "Europe/London", TODAY)
    assert [(one.hint, one.day, one.last) for one in found] == [(Hint.DOUBLES, days(1)[0], days(3)[0])]
    assert rules.tired(doubles(1, 2, 4), "Europe/London", TODAY) == []


def test_a_fortnight_without_a_day_off_is_found_and_thirteen_days_are_not() -> None:
    assert rules.tired([call(day) for day in days(*range(13))], "Europe/London", TODAY) == []
    found = rules.tired([call(day) for day in days(*range(-3, 11))], "Europe/London", TODAY)
    assert [(one.hint, one.last) for one in found] == [(Hint.NO_DAY_OFF, days(10)[0])]


def test_a_tour_of_whole_days_counts_on_each_of_them() -> None:
    tour = Span.of_days(TODAY, TODAY + timedelta(days=15), "Europe/London")

    assert [one.hint for one in rules.tired([tour], "Europe/London", TODAY)] == [Hint.NO_DAY_OFF]
    assert rules.longest_row([tour], "Europe/London", TODAY) == 16
    assert rules.next_day_off([tour], "Europe/London", TODAY) == days(16)[0]


@pytest.mark.parametrize(
    ("ends_at", "begins", "short"),
    [("20:00", "08:00", True), ("20:00", "10:30", False), ("18:30", "08:00", False), ("23:00", "09:30", True)],
)
def test_a_late_call_and_an_early_one_leave_a_short_night(ends_at: str, begins: str, short: bool) -> None:
    """Each late call lasts three hours from `ends_at`."""
    late, early = call(days(1)[0], ends_at), call(days(2)[0], begins)

    found = rules.tired([early, late], "Europe/London", TODAY)

    assert [(one.hint, one.day) for one in found] == ([(Hint.SHORT_NIGHT, days(2)[0])] if short else [])


def test_what_has_passed_is_not_spoken_of() -> None:
    assert rules.tired(doubles(-4, -3, -2), "Europe/London", TODAY) == []


@settings(max_examples=60)
@given(st.sets(st.integers(-15, 28)))
def test_rows_agree_with_counting_days(numbers: set[int]) -> None:
    found = rules.tired([call(day) for day in days(*numbers)], "Europe/London", TODAY)

    runs = [n for n in range(-15, 29) if all(n - back in numbers for back in range(14)) and n - 14 not in numbers]
    assert [one.last for one in found] == [day for day in days(*runs) if day >= TODAY]
    off = rules.next_day_off([call(day) for day in days(*numbers)], "Europe/London", TODAY)
    assert (off - TODAY).days == next(n for n in range(60) if n not in numbers)
