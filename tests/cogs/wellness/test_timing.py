"""What a timer does next, and when it may speak."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.wellness import timing
from cogs.wellness.timing import Silence
from storage.records.wellness import BreakMode, BreakPlan, BreakTimer, Phase
from tests.cogs.front import london
from tests.cogs.wellness.front import at
from tests.conftest import START


def timer(play: int = 25, rest: int = 5) -> BreakTimer:
    return BreakTimer(
        id=1, person_id=1, mode=BreakMode.OWN, play=play, rest=rest, zone="Europe/London", began_at=START,
        ends_at=START + timedelta(minutes=play), made_at=START,
    )  # fmt: skip


@settings(max_examples=200)
@given(play=st.integers(5, 240), rest=st.integers(1, 120), late=st.integers(0, 60 * 24 * 9))
def test_what_follows_is_the_phase_that_a_clock_gone_through_by_hand_is_in(play: int, rest: int, late: int) -> None:
    was = timer(play, rest)
    now = was.ends_at + timedelta(minutes=late)

    found = timing.followed(was, now)

    into = late % (play + rest)
    assert found.phase is (Phase.REST if into < rest else Phase.WORK)
    assert found.began_at <= now < found.ends_at
    assert found.turn > was.turn


def test_a_snooze_before_the_break_and_in_it() -> None:
    early = timing.put_off(timer(), START + timedelta(minutes=20), 10)
    assert (early.phase, early.ends_at) == (Phase.WORK, START + timedelta(minutes=35))
    resting = timing.followed(timer(), START + timedelta(minutes=25))
    again = timing.put_off(resting, START + timedelta(minutes=26), 10)
    assert (again.phase, again.ends_at) == (Phase.WORK, START + timedelta(minutes=36))


def test_a_word_goes_before_a_break_that_is_long_enough_off() -> None:
    assert timing.warns_at(timer(25), START) == START + timedelta(minutes=23)
    assert timing.warns_at(timer(5), START) is None
    assert timing.warns_at(timer(25), START + timedelta(minutes=24)) is None


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (("2026-11-23", "09:00"), None),
        (("2026-11-23", "17:59"), None),
        (("2026-11-23", "18:00"), ("2026-11-24", "09:00")),
        (("2026-11-27", "18:30"), ("2026-11-30", "09:00")),  # Friday evening to Monday
        (("2027-03-26", "19:00"), ("2027-03-29", "09:00")),  # over the night the clocks change
    ],
)
def test_hours_and_weekdays_open_on_the_wall_clock(now: tuple[str, str], opens: tuple[str, str] | None) -> None:
    found = timing.opens_at(london(*now), "Europe/London", 0b0011111, 9 * 60, 18 * 60)

    assert found == (None if opens is None else london(*opens))


def test_hours_that_pass_midnight() -> None:
    assert timing.opens_at(at("23:30"), "Europe/London", 0b1111111, 20 * 60, 2 * 60) is None
    assert timing.opens_at(london("2026-11-24", "01:30"), "Europe/London", 0b1111111, 20 * 60, 2 * 60) is None
    assert timing.opens_at(london("2026-11-24", "02:00"), "Europe/London", 0b1111111, 1200, 120) == london(
        "2026-11-24", "20:00"
    )


def test_a_call_into_the_night_is_followed_by_the_night() -> None:
    silence = Silence("Europe/London", quiet=(time(22), time(8)), calls=((at("19:00"), at("22:30")),))

    assert silence.until(at("18:59")) is None
    assert silence.until(at("19:00")) == london("2026-11-24", "08:00")


def test_a_pause_ends_by_itself() -> None:
    plan = BreakPlan(person_id=1, zone="Europe/London", silent_until=at("12:00"))

    assert Silence("Europe/London", plan=plan).until(at("11:00")) == at("12:00")
    assert Silence("Europe/London", plan=plan).until(at("12:00")) is None


@settings(max_examples=150)
@given(
    days=st.integers(1, 127), begins=st.integers(0, 1439), ends=st.integers(0, 1439),
    minute=st.integers(0, 60 * 24 * 365), night=st.booleans(),
)  # fmt: skip
def test_silence_ends_at_a_moment_that_is_not_silent_or_for_want_of_any(
    days: int, begins: int, ends: int, minute: int, night: bool
) -> None:
    plan = BreakPlan(person_id=1, zone="America/New_York", days=days, begins=begins, ends=ends)
    silence = Silence("America/New_York", plan=plan, quiet=(time(22), time(8)) if night else None)
    now = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=minute)

    until = silence.until(now)

    if until is not None and not night:
        assert until > now
        assert silence.until(until) is None


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("mon-fri", 0b0011111),
        ("Monday to Friday", 0b0011111),
        ("sat, sun", 0b1100000),
        ("fri-mon", 0b1110001),
        ("tue and thu", 0b0001010),
        ("weekdays", 0b0011111),
        ("every day", 0b1111111),
        ("whenever", None),
        ("", None),
        ("mon-fri at noon", None),
    ],
)
def test_days_are_read(said: str, days: int | None) -> None:
    assert timing.read_days(said) == days


@given(st.integers(1, 127))
def test_days_are_said_as_they_are_read(days: int) -> None:
    assert timing.read_days(timing.days_text(days)) == days


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("9", 540), ("9:30", 570), ("6pm", 1080), ("12am", 0), ("12 pm", 720), ("24:00", 0), ("25", None),
     ("noonish", None),
     ("13pm", None), ("9:75", None)],
)  # fmt: skip
def test_clocks_are_read(said: str, minutes: int | None) -> None:
    assert timing.read_clock(said) == minutes
