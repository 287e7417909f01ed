"""Repeats against a calendar that is gone through day by day, over clock changes in three zones and more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.reminders import repeats
from storage.records.reminder import MORNING, Timing

#: London and New York change by an hour on different days, Sydney the other way round, Lord Howe by half an hour.
ZONES = ("Europe/London", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def timing(zone: str, day: date, clock: time | None, rrule: str | None) -> Timing:
    at = wall_moment(datetime.combine(day, clock or MORNING), zone)
    return Timing(zone=zone, at=at, day=day, clock=clock, rrule=rrule)


def wall_moment(wall: datetime, zone: str) -> datetime:
    """The first UTC minute at which the zone's clock shows `wall`, found by looking; in a gap, by the clock before."""
    there = ZoneInfo(zone)
    begin = wall.replace(tzinfo=UTC) - timedelta(hours=26)
    offsets = {(begin + timedelta(hours=h)).astimezone(there).utcoffset() or timedelta() for h in range(53)}
    shown = [
        at
        for at in sorted(wall.replace(tzinfo=UTC) - offset for offset in offsets)
        if at.astimezone(there).replace(tzinfo=None) == wall
    ]
    before = begin.astimezone(there).utcoffset() or timedelta()
    return shown[0] if shown else wall.replace(tzinfo=UTC) - before


def by_hand(kind: str, step: int, days: frozenset[int], day: date, clock: time, zone: str) -> Iterator[datetime]:
    """The same repeat, by asking of each day after the other whether it is one."""
    monday = day - timedelta(days=day.weekday())
    for count in range(1200):
        here = day + timedelta(days=count)
        match kind:
            case "DAILY":
                wanted = count % step == 0
            case "WEEKLY":
                wanted = here.weekday() in days and ((here - monday).days // 7) % step == 0
            case "MONTHLY":
                months = (here.year - day.year) * 12 + here.month - day.month
                wanted = here.day == day.day and months % step == 0
            case _:
                last_of_its_kind = (here + timedelta(days=7)).month != here.month
                wanted = here.weekday() == day.weekday() and last_of_its_kind
        if wanted:
            yield wall_moment(datetime.combine(here, clock), zone)


CLOCKS = st.times(max_value=time(23, 59)).map(lambda t: t.replace(second=0, microsecond=0)) | st.sampled_from(
    [time(1, 30), time(2), time(2, 15), time(0, 30), time(9), time(3)]
)


@settings(max_examples=150, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(2026, 9, 20), date(2027, 4, 10)),
    clock=CLOCKS,
    kind=st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "LAST"]),
    step=st.integers(1, 4),
    days=st.frozensets(st.integers(0, 6), min_size=1, max_size=4),
)
def test_a_repeat_is_what_the_calendar_says(
    zone: str, day: date, clock: time, kind: str, step: int, days: frozenset[int]
) -> None:
    if kind == "MONTHLY" and day.day > 28:
        day = day.replace(day=28)
    rrule = {
        "DAILY": f"FREQ=DAILY;INTERVAL={step}",
        "WEEKLY": f"FREQ=WEEKLY;INTERVAL={step};BYDAY={','.join(_DAYS[d] for d in sorted(days))}",
        "MONTHLY": f"FREQ=MONTHLY;INTERVAL={step};BYMONTHDAY={day.day}",
        "LAST": f"FREQ=MONTHLY;BYDAY=-1{_DAYS[day.weekday()]}",
    }[kind]
    wanted = list(islice(by_hand(kind, step, days, day, clock, zone), 8))

    found = list(islice(repeats.occurrences(timing(zone, day, clock, rrule), wanted[0] - timedelta(days=3)), 8))

    assert found == wanted
    assert all(early < late for early, late in pairwise(found))
    middle = wanted[5]
    assert repeats.next_after(timing(zone, day, clock, rrule), middle) == wanted[6]
    assert repeats.next_after(timing(zone, day, clock, rrule), middle - timedelta(seconds=1)) == middle
    assert repeats.latest(timing(zone, day, clock, rrule), wanted[1], wanted[6]) == wanted[6]
    assert repeats.latest(timing(zone, day, clock, rrule), wanted[6], wanted[6]) is None


@pytest.mark.parametrize(
    ("zone", "day", "clock", "moments"),
    [
        # Back on 25 Oct 2026: nine stays nine.
        ("Europe/London", date(2026, 10, 24), time(9), "24T08:00 25T09:00 26T09:00"),
        # 01:30 comes twice: the first.
        ("Europe/London", date(2026, 10, 24), time(1, 30), "24T00:30 25T00:30 26T01:30"),
        # Forward on 28 Mar 2027: 01:30 does not come, and is 02:30 summer time.
        ("Europe/London", date(2027, 3, 27), time(1, 30), "27T01:30 28T01:30 29T00:30"),
        ("America/New_York", date(2027, 3, 13), time(2, 30), "13T07:30 14T07:30 15T06:30"),
        ("America/New_York", date(2026, 10, 31), time(1, 15), "31T05:15 01T05:15 02T06:15"),
        # Half an hour on Lord Howe: back on 4 Apr 2027 at 02:00, forward on 4 Oct 2026 at 02:00.
        ("Australia/Lord_Howe", date(2026, 10, 3), time(2, 15), "02T15:45 03T15:45 04T15:15"),
        ("Australia/Lord_Howe", date(2027, 4, 3), time(1, 45), "02T14:45 03T14:45 04T15:15"),
    ],
)  # fmt: skip
def test_a_daily_clock_over_a_clock_change(zone: str, day: date, clock: time, moments: str) -> None:
    daily = timing(zone, day, clock, "FREQ=DAILY")

    found = list(islice(repeats.occurrences(daily, daily.at - timedelta(seconds=1)), 3))

    assert " ".join(f"{at:%dT%H:%M}" for at in found) == moments


def test_hours_are_elapsed_time_over_a_clock_change() -> None:
    every_two = timing("Europe/London", date(2026, 10, 24), time(23), "FREQ=HOURLY;INTERVAL=2")

    found = list(islice(repeats.occurrences(every_two, every_two.at), 6))

    assert found == [every_two.at + timedelta(hours=2 * n) for n in range(1, 7)]


@settings(max_examples=60, deadline=None)
@given(
    step=st.integers(15, 600),
    count=st.integers(1, 40),
    after=st.integers(-3, 30000),
)
def test_elapsed_steps_are_counted_like_beads(step: int, count: int, after: int) -> None:
    beads = timing("Europe/London", date(2026, 10, 24), time(23), f"FREQ=MINUTELY;INTERVAL={step};COUNT={count}")
    moment = beads.at + timedelta(minutes=after)
    wanted = [at for at in (beads.at + timedelta(minutes=step * n) for n in range(count)) if at > moment]

    assert list(repeats.occurrences(beads, moment)) == wanted


def test_ten_years_of_quarters_of_an_hour_are_found_at_once() -> None:
    beads = timing("Europe/London", date(2026, 1, 1), time(9), "FREQ=MINUTELY;INTERVAL=15")
    later = datetime(2036, 1, 1, 12, 7, tzinfo=UTC)

    assert repeats.next_after(beads, later) == datetime(2036, 1, 1, 12, 15, tzinfo=UTC)


def test_a_count_and_an_end_are_kept() -> None:
    counted = timing("Europe/London", date(2026, 11, 24), time(9), "FREQ=WEEKLY;COUNT=3;BYDAY=TU")
    ended = timing("Europe/London", date(2026, 11, 24), time(9), "FREQ=DAILY;UNTIL=20261126T235959Z")
    whole = timing("Europe/London", date(2026, 11, 24), None, "FREQ=DAILY;UNTIL=20261126")
    start = datetime(2026, 11, 1, tzinfo=UTC)

    assert [at.day for at in repeats.occurrences(counted, start)] == [24, 1, 8]
    assert [at.day for at in repeats.occurrences(ended, start)] == [24, 25, 26]
    assert [(at.day, at.hour) for at in repeats.occurrences(whole, start)] == [(24, 9), (25, 9), (26, 9)]


def test_the_end_of_a_day_is_the_end_where_the_person_lives() -> None:
    """23:59:59 on 20 Dec in New York is already the 21st in UTC."""
    daily = timing("America/New_York", date(2026, 12, 18), time(21), "FREQ=DAILY")
    until = datetime(2026, 12, 20, 23, 59, tzinfo=ZoneInfo("America/New_York"))
    rrule = repeats.ending("FREQ=DAILY;COUNT=9", until)
    ended = Timing(zone=daily.zone, at=daily.at, day=daily.day, clock=daily.clock, rrule=rrule)

    assert rrule == "FREQ=DAILY;UNTIL=20261221T045900Z"
    assert repeats.last_day(ended) == date(2026, 12, 20)
    assert len(list(repeats.occurrences(ended, daily.at - timedelta(hours=1)))) == 3


def test_a_repeat_may_come_to_the_end_of_the_calendar() -> None:
    yearly = timing("Pacific/Auckland", date(9998, 6, 1), time(9), "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=1")
    weekly = timing("Europe/London", date(9999, 12, 1), time(9), "FREQ=WEEKLY;BYDAY=SA,SU")

    assert len(list(repeats.occurrences(yearly, yearly.at - timedelta(days=1)))) == 2
    assert len(list(repeats.occurrences(weekly, weekly.at - timedelta(days=1)))) == 8


def test_the_shortest_gap_is_the_one_between_two_neighbours() -> None:
    weekly = timing("Europe/London", date(2026, 11, 24), time(9), "FREQ=WEEKLY;BYDAY=TU,TH")
    once = timing("Europe/London", date(2026, 11, 24), time(9), None)

    assert repeats.shortest_gap(weekly) == timedelta(days=2)
    assert repeats.shortest_gap(once) is None
