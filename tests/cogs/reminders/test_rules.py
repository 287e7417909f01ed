"""From words to a time that rings: what is taken, what is asked back, what hangs on a gig. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.kit.call import Call, Place
from cogs.kit.faults import Misread
from cogs.kit.when import When, parse
from cogs.reminders import repeats, rules
from storage.records.reminder import Timing
from storage.records.times import Span
from tests.cogs.front import london
from tests.conftest import START

CALL = Call(
    person_id=1, name="Ada", community_id=1, surface="test", place=Place("test:1", shared=False), now=START,
    zone="Europe/London",
)  # fmt: skip


def read(text: str, call: Call = CALL) -> When:
    return parse(text, now=call.now, tz=call.zone_or_utc, dayfirst=True)


def timing(text: str, call: Call = CALL) -> Timing:
    return rules.timing_of(read(text, call), call)


def test_an_instant_rings_at_that_instant() -> None:
    assert timing("tomorrow 9am").at == london("2026-11-24", "09:00")
    assert timing("in 20 minutes").at == START + timedelta(minutes=20)


def test_a_whole_day_rings_at_nine_and_has_no_clock_of_its_own() -> None:
    day = timing("sat 28 Nov")

    assert (day.at, day.clock, day.day) == (london("2026-11-28", "09:00"), None, date(2026, 11, 28))


def test_a_stretch_rings_when_it_begins() -> None:
    assert timing("tomorrow 2-6pm").at == london("2026-11-24", "14:00")
    assert timing("tonight").at == london("2026-11-23", "18:00")
    assert timing("next week").at == london("2026-11-30", "09:00")


def test_a_repeat_keeps_its_wall_clock_and_rule() -> None:
    weekly = timing("every tuesday 9am")

    assert (weekly.day, weekly.clock, weekly.rrule) == (date(2026, 11, 24), time(9), "FREQ=WEEKLY;BYDAY=TU")


@pytest.mark.parametrize("text", ["today 9am", "yesterday 5pm", "23 Nov 2026 09:59"])
def test_what_has_passed_is_asked_about(text: str) -> None:
    with pytest.raises(Misread, match="has passed") as fault:
        timing(text)
    assert fault.value.field == "when"


def test_a_time_earlier_today_offers_times_that_are_still_ahead() -> None:
    with pytest.raises(Misread) as fault:
        timing("today 9am")

    offered = [timing(choice.value).at for choice in fault.value.choices]
    assert offered == [START + timedelta(hours=1), london("2026-11-23", "18:00"), london("2026-11-24", "09:00")]


def test_a_stretch_that_has_begun_is_asked_about() -> None:
    call = replace(CALL, now=START + timedelta(hours=10))

    with pytest.raises(Misread, match="has begun"):
        timing("this evening", call)
    with pytest.raises(Misread, match="has begun"):
        timing("this week", call)


@pytest.mark.parametrize("text", ["before 6pm", "until friday"])
def test_an_open_beginning_is_asked_about(text: str) -> None:
    with pytest.raises(Misread, match="not when"):
        timing(text)


def test_a_year_too_far_is_asked_about() -> None:
    with pytest.raises(Misread, match="20 years"):
        timing("1 May 2126")


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=60), zone=st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe"]))
def test_any_phrase_rings_ahead_of_now_or_is_asked_about(text: str, zone: str) -> None:
    call = replace(CALL, zone=zone)
    try:
        found = timing(text, call)
    except Misread:
        return
    due = repeats.next_after(found, call.now)
    assert due is not None
    assert due > call.now


# --- repeats ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "said", "rule", "times"),
    [
        ("tomorrow 9am", "daily", "FREQ=DAILY", ["11-24", "11-25"]),
        ("tomorrow 9am", "Weekly", "FREQ=WEEKLY;BYDAY=TU", ["11-24", "12-01"]),
        ("tomorrow 9am", "every 2 weeks", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", ["11-24", "12-08"]),
        ("tomorrow 9am", "every other week", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", ["11-24", "12-08"]),
        ("sat 9am", "weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", ["11-30", "12-01"]),
        ("tomorrow 9am", "every thursday", "FREQ=WEEKLY;BYDAY=TH", ["11-26", "12-03"]),
        ("24 Nov 9am", "monthly", "FREQ=MONTHLY;BYMONTHDAY=24", ["11-24", "12-24"]),
        ("31 Dec 9am", "monthly", "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1", ["12-31", "01-31", "02-28"]),
        ("30 Dec 9am", "monthly", "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1", ["12-30", "01-30", "02-28", "03-30"]),
        ("24 Nov 9am", "yearly", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=24", ["11-24", "11-24"]),
        ("24 Nov 9am", "quarterly", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=24", ["11-24", "02-24"]),
        ("tomorrow 9am", "every 3 days", "FREQ=DAILY;INTERVAL=3", ["11-24", "11-27"]),
        ("tomorrow 9am", "every 12 hours", "FREQ=HOURLY;INTERVAL=12", ["11-24", "11-24", "11-25"]),
    ],
)
def test_how_often_is_read_and_begins_at_the_first_day_that_fits(
    start: str, said: str, rule: str, times: list[str]
) -> None:
    found = rules.with_repeat(timing(start), said, CALL)

    assert found.rrule == rule
    rung = repeats.occurrences(found, START)
    assert [f"{next(rung):%m-%d}" for _ in times] == times
    assert found.at == repeats.next_after(found, START)


@pytest.mark.parametrize("said", ["no", "none", "once"])
def test_no_repeat_is_no_repeat(said: str) -> None:
    assert rules.with_repeat(timing("tomorrow 9am"), said, CALL).rrule is None


def test_what_repeats_already_is_not_made_to_repeat_otherwise() -> None:
    weekly = timing("every tuesday 9am")

    assert rules.with_repeat(weekly, "weekly", CALL) == weekly
    with pytest.raises(Misread, match="already") as fault:
        rules.with_repeat(weekly, "daily", CALL)
    assert fault.value.field == "repeat"


@pytest.mark.parametrize("said", ["every 5 minutes", "every 14 min", "every minute"])
def test_a_repeat_faster_than_a_quarter_of_an_hour_is_refused_in_words(said: str) -> None:
    with pytest.raises(Misread, match="every 15 minutes"):
        rules.with_repeat(timing("tomorrow 9am"), said, CALL)


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=40) | st.from_regex(r"(every|each) [0-9]{0,5} ?(min|hours|days|weeks|months|years)"))
def test_any_repeat_comes_again_or_is_asked_about(text: str) -> None:
    try:
        found = rules.with_repeat(timing("tomorrow 9am"), text, CALL)
    except Misread as fault:
        assert fault.field == "repeat"
        return
    gap = repeats.shortest_gap(found)
    assert gap is None or gap >= rules.FASTEST


def test_a_new_clock_keeps_the_repeat() -> None:
    old = timing("every tuesday 9am")

    later = rules.moved(old, timing("1 Dec 5pm"), START)

    assert (later.rrule, later.clock, later.day) == ("FREQ=WEEKLY;BYDAY=TU", time(17), date(2026, 12, 1))
    assert rules.moved(old, timing("every thu 5pm"), START) == timing("every thu 5pm")


def test_a_repeat_said_without_a_clock_keeps_the_one_there_is() -> None:
    kept = rules.moved(timing("every tuesday 6pm"), timing("every fri"), START)

    assert (kept.rrule, kept.clock) == ("FREQ=WEEKLY;BYDAY=FR", time(18))
    assert kept.at == timing("every fri 6pm").at


def test_a_repeat_that_begins_on_a_skipped_clock_goes_on_at_the_clock_that_was_said() -> None:
    call = replace(CALL, now=datetime(2027, 3, 26, 10, tzinfo=UTC))
    kept = timing("every sunday 1:30am", call)

    assert kept.clock == time(1, 30)
    assert kept.at == london("2027-03-28", "02:30")
    assert next(repeats.occurrences(kept, kept.at)) == london("2027-04-04", "01:30")


def test_a_clock_of_another_place_is_kept_as_ones_own() -> None:
    call = replace(CALL, now=datetime(2027, 3, 10, 10, tzinfo=UTC))

    assert timing("every sunday 2:30am ET", call).clock == time(7, 30)


def test_a_day_on_which_the_repeat_never_comes_is_asked_about() -> None:
    with pytest.raises(Misread, match="not on a Friday") as asked:
        rules.moved(timing("every tuesday 6pm"), timing("fri 6pm"), START)

    assert [(one.label, one.value) for one in asked.value.choices] == [
        ("Every Fri 18:00", "every Fri at 18:00"),
        ("As now, from 1 Dec on", "every Tue at 18:00 starting 1 Dec 2026"),
    ]


def test_an_end_needs_a_repeat_and_a_time_before_it() -> None:
    with pytest.raises(Misread, match="once"):
        rules.with_end(timing("tomorrow 9am"), START + timedelta(days=9), START)
    with pytest.raises(Misread, match="ends before"):
        rules.with_end(timing("every tuesday 9am"), START + timedelta(hours=2), START)


def test_leads_are_sorted_and_shorter_than_the_repeat() -> None:
    daily = timing("every day 9am")

    assert rules.with_leads(daily, (timedelta(hours=1), timedelta(hours=3), timedelta(hours=1))) == (
        timedelta(hours=3),
        timedelta(hours=1),
    )
    with pytest.raises(Misread, match="time before it"):
        rules.with_leads(daily, (timedelta(days=1),))
    with pytest.raises(Misread, match="5 at most"):
        rules.with_leads(daily, tuple(timedelta(minutes=n) for n in range(1, 8)))


# --- what is missed, and what is next ---------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(days_off=st.integers(0, 40), hours=st.integers(0, 23))
def test_of_what_was_missed_only_the_latest_is_promised(days_off: int, hours: int) -> None:
    daily = timing("every day 9am")
    last = london("2026-11-24", "09:00")
    now = last + timedelta(days=days_off, hours=hours)

    due = rules.due_after(daily, last, now)

    missed = [last + timedelta(days=n) for n in range(1, 60) if last + timedelta(days=n) <= now]
    assert due == (missed[-1] if missed else last + timedelta(days=1))
    assert rules.overtaken(daily, last, now) == bool(missed)


# --- hanging on a gig -------------------------------------------------------------------------------------------------

GIG = Span(london("2026-11-28", "19:30"), london("2026-11-28", "22:30"), "Europe/London")
NEW_YORK = Span(datetime(2026, 11, 29, 0, 30, tzinfo=UTC), None, "America/New_York")  # 19:30 on the 28th there


@pytest.mark.parametrize(
    ("said", "span", "at"),
    [
        ("the evening before G1", GIG, london("2026-11-27", "18:00")),
        ("2 hours before G1", GIG, london("2026-11-28", "17:30")),
        ("the day before G1", GIG, london("2026-11-27", "19:30")),
        ("the day before G1 at 6pm", GIG, london("2026-11-27", "18:00")),
        ("a week after g1", GIG, london("2026-12-05", "19:30")),
        ("the evening before G1", NEW_YORK, datetime(2026, 11, 27, 23, tzinfo=UTC)),
    ],
)
def test_a_phrase_that_hangs_on_a_gig_is_settled_on_the_gigs_own_clock(said: str, span: Span, at: datetime) -> None:
    found = rules.hung_on(1, read(said), span, START)

    assert (found.at, found.zone) == (at, span.zone)
    assert found.hung is not None
    assert rules.settled(found.hung, span) == found


def test_it_moves_with_the_gig() -> None:
    hung = rules.hung_on(1, read("the evening before G1"), GIG, START).hung
    assert hung is not None

    moved = rules.settled(hung, Span(london("2026-12-05", "20:00"), None, "Europe/London"))

    assert moved is not None
    assert moved.at == london("2026-12-04", "18:00")


def test_a_gig_without_a_clock_has_a_day_before_it_but_no_hours() -> None:
    whole = Span.of_days(date(2026, 11, 28), date(2026, 11, 28), "Europe/London")

    day_before = rules.hung_on(1, read("the day before G1"), whole, START)
    assert (day_before.at, day_before.clock) == (london("2026-11-27", "09:00"), None)
    assert rules.hung_on(1, read("the evening before G1"), whole, START).at == london("2026-11-27", "18:00")
    with pytest.raises(Misread, match="no clock"):
        rules.hung_on(1, read("2 hours before G1"), whole, START)


def test_a_distance_that_lies_behind_is_asked_about() -> None:
    with pytest.raises(Misread, match="has passed"):
        rules.hung_on(1, read("3 weeks before G1"), GIG, START)


@pytest.mark.parametrize("said", ["3 days before due", "2 weeks after the wedding"])
def test_events_that_nobody_knows_are_asked_for_as_a_date(said: str) -> None:
    with pytest.raises(Misread, match="I do not know when"):
        rules.gig_named(read(said))


def test_a_gig_is_known_by_its_id() -> None:
    assert rules.gig_named(read("2 hours before G12")) == 12
    assert rules.gig_named(read("tomorrow 9am")) is None


def test_looks_grow_closer_and_stop_before_the_time_itself() -> None:
    due = START + timedelta(days=5)

    assert rules.next_look(due, START) == START + timedelta(hours=6)
    assert rules.next_look(due, due - timedelta(hours=3)) == due - timedelta(hours=2)
    assert rules.next_look(due, due - timedelta(minutes=30)) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("to send charts to Jo", "send charts to Jo"),
        ("that Bob owes me", "Bob owes me"),
        ("Tokyo tour", "Tokyo tour"),
        ("to", "to"),
    ],
)
def test_words_that_only_led_to_the_words_are_left_out(typed: str, kept: str) -> None:
    assert rules.tidy(typed) == kept
