"""Stretches joined, taken out, laid over each other: held against a count of every minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.availability import calendar
from cogs.availability.calendar import Piece, Verdict, pieces, trusted, verdict
from storage.records.availability import DAY_MINUTES, Booking, Diary, Entry, Free, Stretch
from storage.records.times import Span
from tests.cogs.availability.people import MONDAY, entry

ZERO = datetime(2026, 12, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def at(minutes: int) -> datetime:
    return ZERO + MINUTE * minutes


@st.composite
def stretches(draw: st.DrawFn) -> Stretch:
    start = draw(st.integers(0, 100))
    return at(start), at(start + draw(st.integers(0, 40)))


def minutes_of(found: list[Stretch]) -> set[int]:
    return {n for n in range(150) if any(a <= at(n) < b for a, b in found)}


@given(st.lists(stretches(), max_size=6), st.lists(stretches(), max_size=6))
def test_sets_of_stretches_are_sets_of_minutes(ones: list[Stretch], others: list[Stretch]) -> None:
    left, right = minutes_of(ones), minutes_of(others)
    assert minutes_of(calendar.joined(ones)) == left
    assert minutes_of(calendar.without(ones, others)) == left - right
    assert minutes_of(calendar.common(ones, others)) == left & right
    for found in (calendar.joined(ones), calendar.without(ones, others), calendar.common(ones, others)):
        assert all(a < b for a, b in found)
        assert all(one[1] <= two[0] for one, two in pairwise(found))


def said(state: Free, begins: int, ends: int) -> Entry:
    return entry(state, zone="UTC", first=date(2026, 12, 1), last=date(2026, 12, 1), begins=begins, ends=ends)


def booked(begins: int, ends: int, *, inked: bool, gig_id: int = 7) -> Booking:
    return Booking(gig_id=gig_id, person_id=1, inked=inked, span=Span(at(begins), at(ends), "UTC"))


@st.composite
def diaries(draw: st.DrawFn) -> Diary:
    def some(make: object) -> list[object]:
        found = []
        for _ in range(draw(st.integers(0, 3))):
            begins = draw(st.integers(0, 100))
            found.append(make(begins, begins + draw(st.integers(1, 60))))  # type: ignore[operator]
        return found

    return Diary(
        person_id=1,
        entries=tuple(some(lambda a, b: said(draw(st.sampled_from(Free)), a, b))),  # type: ignore[arg-type]
        bookings=tuple(some(lambda a, b: booked(a, b, inked=draw(st.booleans())))),  # type: ignore[arg-type]
        busy=tuple(some(lambda a, b: (at(a), at(b)))),  # type: ignore[arg-type]
    )


def by_hand(diary: Diary, moment: datetime) -> Free | None:
    """One moment judged alone: taken, else what was said last, with a pencil making it a maybe unless that was no."""
    taken = any(one.inked and one.stretch()[0] <= moment < one.stretch()[1] for one in diary.bookings)
    if taken or any(a <= moment < b for a, b in diary.busy):
        return Free.NO
    state = None
    for one in diary.entries:
        if any(a <= moment < b for a, b in one.stretches(moment, moment + MINUTE)):
            state = one.state
    pencilled = any(not one.inked and one.stretch()[0] <= moment < one.stretch()[1] for one in diary.bookings)
    return Free.MAYBE if pencilled and state is not Free.NO else state


@settings(max_examples=120, deadline=None)
@given(diaries(), st.integers(0, 100), st.integers(1, 80))
def test_every_minute_of_a_diary_is_what_it_is_alone(diary: Diary, begins: int, length: int) -> None:
    found = pieces(diary, at(begins), at(begins + length))
    assert found[0].start == at(begins) and found[-1].end == at(begins + length)
    assert all(one.end == two.start for one, two in pairwise(found))
    for n in range(begins, begins + length):
        [piece] = [one for one in found if one.start <= at(n) < one.end]
        assert piece.state == by_hand(diary, at(n))
    states = {by_hand(diary, at(n)) for n in range(begins, begins + length)}
    expected = (
        Verdict.NO if Free.NO in states
        else Verdict.MAYBE if Free.MAYBE in states
        else Verdict.UNKNOWN if None in states
        else Verdict.FREE
    )  # fmt: skip
    assert verdict(diary, Span(at(begins), at(begins + length), "UTC")) is expected


DAY = Span.of_days(date(2026, 12, 1), date(2026, 12, 1), "UTC")


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ((), Verdict.UNKNOWN),
        ((said(Free.FREE, 0, DAY_MINUTES),), Verdict.FREE),
        ((said(Free.FREE, 0, DAY_MINUTES), said(Free.NO, 1080, DAY_MINUTES)), Verdict.MAYBE),
        ((said(Free.NO, 0, DAY_MINUTES),), Verdict.NO),
        ((said(Free.FREE, 840, DAY_MINUTES),), Verdict.MAYBE),
    ],
)
def test_a_whole_day_is_what_its_parts_allow(entries: tuple[Entry, ...], expected: Verdict) -> None:
    assert verdict(Diary(person_id=1, entries=entries), DAY) is expected


def test_what_was_said_last_counts() -> None:
    first, last = said(Free.NO, 0, DAY_MINUTES), said(Free.FREE, 600, 700)
    evening = Span(at(600), at(660), "UTC")
    assert verdict(Diary(person_id=1, entries=(first, last)), evening) is Verdict.FREE
    assert verdict(Diary(person_id=1, entries=(last, first)), evening) is Verdict.NO


def test_after_sixty_days_it_no_longer_counts() -> None:
    old = replace(said(Free.FREE, 0, DAY_MINUTES), said_at=MONDAY - timedelta(days=60))
    fresh = replace(old, said_at=MONDAY - timedelta(days=60) + timedelta(seconds=1))
    assert trusted([old, fresh], MONDAY) == (fresh,)


def test_neighbours_that_are_one_thing_are_told_as_one() -> None:
    cut = [Piece(at(0), at(5), Free.NO), Piece(at(5), at(9), Free.NO), Piece(at(9), at(10), Free.NO, busy=True)]
    assert calendar.merged(cut) == [Piece(at(0), at(9), Free.NO), cut[2]]
