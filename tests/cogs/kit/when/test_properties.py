"""What holds for any text, any moment and any zone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cogs.kit.when import Kind, When, find, parse
from tests.cogs.kit.when.scenes import cases

ZONES = (
    "Europe/London",
    "America/New_York",
    "Australia/Sydney",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
)
NOW = datetime(2027, 5, 12, 8, tzinfo=UTC)
MOMENTS = st.integers(1_577_836_800, 2_208_988_800).map(lambda second: datetime.fromtimestamp(second, UTC))
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=240)
WORDS = st.lists(
    st.sampled_from(
        "friday sat sun may 12 3 7:30 8pm 2-6pm to until from every other next last this week month at on of "
        "the and or , - / morning tonight in 2 hours days ago before after gig doors 5 show 30 net eom 1st "
        "31st 29 feb 12/3 5/6 2027 1930 half past quarter midnight noon ET CST Berlin time for 90 min £150 "
        "bpm 6/8 feel weekdays mondays daily times halb drei de 18 a 22h jeden von bis Uhr prochain <t:1:F> "
        "tbc soon wrap except starting weekend end early net".split(" ")
    ),
    max_size=12,
).map(" ".join)

STARTS = st.sampled_from("1 2 3 4 5 6 9am 11am 12pm 12am 5pm 10:30pm 19:30".split())
ENDS = st.sampled_from("1 2 5 11am 12am 3pm 11pm 23:30".split())
NOISE = st.sampled_from(
    "12/8 shuffle|6/8 feel|7/8 groove|4/4 time|120 bpm|tempo 120|£150|£1,200|$200 each|50%|150 quid|A440|440 hz"
    "|Dm7|G7|F#m|5 string bass|7-string guitar|G12|O31|1st violin|12 bar blues|march tempo|May I sub"
    "|sat in with us|half up front|€80 per hour".split("|")
)

#: Alone they are times; beside other words they are not.
WEAK_ALONE = frozenset({"sat", "sun", "may", "march"})


def _read(text: str, now: datetime = NOW, tz: str = "Europe/London", *, dayfirst: bool = True) -> When:
    return parse(text, now=now, tz=tz, dayfirst=dayfirst)


def _sound(when: When) -> None:
    """What every answer keeps to, whatever was asked."""
    told = when.as_dict()
    assert list(told) == ["kind", "start", "end", "rrule", "parts", "anchor", "offset", "options"]
    if when.kind in (Kind.AMBIGUOUS, Kind.INVALID):
        assert when.start is None and when.end is None and when.rrule is None and not when.parts
    else:
        assert when.start is not None or when.end is not None
        assert not when.options
    assert (when.rrule is not None) == (when.kind is Kind.RECURRENCE)
    if when.kind is Kind.DATE:
        assert type(when.start) is date
    if when.start is not None and when.end is not None:
        assert type(when.start) is type(when.end)
        if isinstance(when.start, datetime):
            assert when.start < when.end
        else:
            assert when.start <= when.end
    for point in (when.start, when.end, *when.parts):
        assert not isinstance(point, datetime) or point.tzinfo is not None
    assert len(when.options) in (0, 2, 3, 4)
    for option in when.options:
        assert option.is_answer
        _sound(option)


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT, st.sampled_from(ZONES), st.booleans())
@example("\ud800\udfff", "Europe/London", True)
@example("‮friday‬ 7pm", "Europe/London", True)
@example("٧ مساء", "Europe/London", True)
@example("７pm friday", "Asia/Kolkata", True)
@example("in 1" + "0" * 180 + " days", "Europe/London", True)
@example("0000-00-00", "Europe/London", True)
@example("1 jan 9999 23:59 - 2 jan 9999", "Australia/Sydney", True)
@example("99999-01-01T00:00:00Z", "Europe/London", True)
@example("12/" * 66, "Europe/London", True)
@example("<t:253402300799:F>", "Pacific/Auckland", True)
def test_any_text_gets_a_sound_answer(text: str, tz: str, dayfirst: bool) -> None:
    _sound(_read(text, tz=tz, dayfirst=dayfirst))


@settings(max_examples=600, deadline=None)
@given(WORDS, MOMENTS, st.sampled_from(ZONES), st.booleans())
def test_any_heap_of_time_words_gets_a_sound_answer(text: str, now: datetime, tz: str, dayfirst: bool) -> None:
    _sound(_read(text, now, tz, dayfirst=dayfirst))


@settings(max_examples=200, deadline=None)
@given(WORDS, MOMENTS)
def test_reading_twice_gives_the_same(text: str, now: datetime) -> None:
    assert _read(text, now) == _read(f"  {text.upper()}\t", now)


@pytest.mark.parametrize("year", [1, 9999])
@pytest.mark.parametrize(
    "text", ["tomorrow", "yesterday", "in 3 years", "2 years ago", "friday 8pm", "every day at 6pm", "29 feb", "10pm-2"]
)
def test_the_ends_of_the_calendar_are_survived(text: str, year: int) -> None:
    now = datetime(year, 12 if year > 1 else 1, 31 if year > 1 else 1, 12, tzinfo=UTC)
    for tz in ZONES:
        _sound(_read(text, now, tz))


@settings(max_examples=150, deadline=None)
@given(st.integers(978_307_200, 2_366_841_600), st.sampled_from(ZONES), MOMENTS)
def test_a_written_moment_reads_back(second: int, tz: str, now: datetime) -> None:
    shown = datetime.fromtimestamp(second - second % 60, ZoneInfo(tz)).replace(tzinfo=None)
    # Ten and eleven without am or pm are asked about, written with two digits or not.
    clock = f"{shown:%Hh%M}" if shown.hour in (10, 11) else f"{shown:%H:%M}"
    for text in (
        f"{shown.day} {shown:%B %Y} {clock}",
        f"{shown:%a} {shown.day} {shown:%b %Y}, {clock}",
        f"{shown:%Y-%m-%d %H:%M}",
        f"{shown:%B} {shown.day}, {shown.year} at {shown:%I:%M %p}",
        f"{shown.day}.{shown.month}.{shown.year} {shown.hour}h{shown:%M}",
    ):
        when = _read(text, now, tz)
        assert when.kind is Kind.INSTANT, text
        assert when.start == shown.replace(tzinfo=ZoneInfo(tz)).astimezone(UTC), text


@settings(max_examples=150, deadline=None)
@given(MOMENTS, st.sampled_from(ZONES), MOMENTS)
def test_iso_text_reads_back_exactly(moment: datetime, tz: str, now: datetime) -> None:
    moment = moment.replace(microsecond=0)
    assert _read(moment.astimezone(ZoneInfo(tz)).isoformat(), now, tz).start == moment
    assert _read(f"<t:{int(moment.timestamp())}:F>", now, tz).start == moment


@settings(max_examples=150, deadline=None)
@given(st.dates(date(2001, 1, 1), date(2044, 12, 31)), st.booleans(), MOMENTS)
def test_a_written_day_reads_back(day: date, dayfirst: bool, now: datetime) -> None:
    short = f"{day.day}/{day.month}/{day.year}" if dayfirst else f"{day.month}/{day.day}/{day.year}"
    for text in (
        f"{day.day} {day:%B %Y}",
        f"{day:%b} {day.day} {day.year}",
        short,
        day.isoformat(),
        f"{day:%A} {day.day} {day:%B %Y}",
    ):
        when = _read(text, now, dayfirst=dayfirst)
        assert (when.kind, when.start) == (Kind.DATE, day), text


@settings(max_examples=200, deadline=None)
@given(MOMENTS, st.sampled_from(ZONES), st.integers(0, 6))
def test_weekdays_keep_their_weeks(now: datetime, tz: str, number: int) -> None:
    today = now.astimezone(ZoneInfo(tz)).date()
    monday = today - timedelta(days=today.weekday())
    name = (monday + timedelta(days=number)).strftime("%A")
    assert _read(f"next {name}", now, tz).start == monday + timedelta(days=7 + number)
    coming, last = _read(f"coming {name}", now, tz).start, _read(f"last {name}", now, tz).start
    assert isinstance(coming, date) and isinstance(last, date)
    assert 1 <= (coming - today).days <= 7
    assert 1 <= (today - last).days <= 7
    bare = _read(name, now, tz)
    assert bare.kind is (Kind.AMBIGUOUS if today.weekday() == number else Kind.DATE)
    assert bare.start in (None, coming)


@settings(max_examples=200, deadline=None)
@given(MOMENTS, st.sampled_from(ZONES), st.integers(0, 23), st.integers(0, 59))
def test_a_clock_alone_is_the_next_one(now: datetime, tz: str, hour: int, minute: int) -> None:
    start = _read(f"{hour:02}h{minute:02}", now, tz).start
    assert isinstance(start, datetime)
    assert timedelta(0) < start - now <= timedelta(hours=25)
    shown = start.astimezone(ZoneInfo(tz))
    gap = datetime(shown.year, shown.month, shown.day, hour, minute, tzinfo=ZoneInfo(tz)).astimezone(UTC) == start
    assert (shown.hour, shown.minute) == (hour, minute) or gap


@settings(max_examples=150, deadline=None)
@given(MOMENTS, st.sampled_from(ZONES), st.integers(1, 500))
def test_hours_are_elapsed_and_days_are_of_the_calendar(now: datetime, tz: str, count: int) -> None:
    now = now.replace(microsecond=0)
    assert _read(f"in {count} hours", now, tz).start == now + timedelta(hours=count)
    assert _read(f"{count} minutes ago", now, tz).start == now - timedelta(minutes=count)
    assert _read(f"in {count} days", now, tz).start == now.astimezone(ZoneInfo(tz)).date() + timedelta(days=count)


@settings(max_examples=200, deadline=None)
@given(
    MOMENTS,
    st.sampled_from(ZONES),
    STARTS,
    ENDS,
)
def test_a_range_of_clocks_lasts_at_most_a_day(now: datetime, tz: str, first: str, last: str) -> None:
    when = _read(f"{first}-{last}", now, tz)
    if when.kind is Kind.RANGE:
        assert isinstance(when.start, datetime) and isinstance(when.end, datetime)
        assert timedelta(0) < when.end - when.start <= timedelta(hours=25)
        assert when.start > now


@pytest.mark.parametrize(
    ("tz", "day"),
    [
        ("Europe/London", date(2027, 3, 28)),
        ("America/New_York", date(2027, 11, 7)),
        ("Australia/Lord_Howe", date(2027, 4, 4)),
    ],
)
def test_every_minute_over_a_clock_change(tz: str, day: date) -> None:
    zone = ZoneInfo(tz)
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - timedelta(days=2)
    for minute in range(4 * 60):
        text = f"{day.isoformat()} {minute // 60:02}:{minute % 60:02}"
        wall = datetime.combine(day, clock(minute // 60, minute % 60))
        start = _read(text, now, tz).start
        # The offset before a gap and the first of a pair are both what fold 0 means.
        assert start == wall.replace(tzinfo=zone, fold=0).astimezone(UTC), text
        assert isinstance(start, datetime)
        shown = start.astimezone(zone).replace(tzinfo=None)
        assert shown == wall or shown - wall in (timedelta(minutes=60), timedelta(minutes=30))
        assert start.utcoffset() == start.astimezone(zone).utcoffset()


@settings(max_examples=150, deadline=None)
@given(st.lists(NOISE, min_size=1, max_size=4).map(", ".join))
def test_nothing_is_read_from_what_is_no_time(text: str) -> None:
    assert _read(text).kind is Kind.INVALID
    assert find(text, now=NOW, tz="Europe/London", dayfirst=True) == ()


@settings(max_examples=100, deadline=None)
@given(
    NOISE.filter(lambda noise: not noise.startswith("sat")),
    st.sampled_from(["friday 8pm", "Sat 15 May 19:30", "tomorrow 2-6pm", "every monday 7pm", "20-22 June"]),
)
def test_what_is_no_time_changes_nothing_beside_one(noise: str, phrase: str) -> None:
    assert _read(f"{phrase}, {noise}") == _read(phrase)
    assert _read(f"{noise}, {phrase}") == _read(phrase)


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(
        [
            case.text
            for case in cases()
            if case.scene == "london" and case.answer[0] in "2R" and case.text.lower() not in WEAK_ALONE
        ]
    ),
    st.integers(33, 99),
)
def test_a_number_left_over_is_never_dropped(text: str, number: int) -> None:
    assert _read(f"{text} zzz {number} zzz").kind is Kind.AMBIGUOUS


def test_a_long_text_is_turned_down_and_long_blanks_are_not() -> None:
    assert _read("friday 7pm" + " x" * 95).kind is Kind.INSTANT
    assert _read("friday 7pm" + " x" * 95 + "y").kind is Kind.INVALID
    assert _read(" " * 5000 + "friday\u00a0\u00a0\t\n7pm" + " " * 5000).kind is Kind.INSTANT
    assert _read("x" * 201).kind is Kind.INVALID


@pytest.mark.parametrize(
    "text", ["0" * 10_000, " " * 10_000, "friday " * 1400, " " * 9_990 + "fri 3pm", "é" * 10_000, "1:" * 5_000]
)
def test_a_very_long_text_takes_no_time(text: str) -> None:
    _read(text)
    best = min(_timed(text) for _ in range(7))
    assert best < 0.001


@pytest.mark.parametrize(
    "text",
    ["12/" * 66, "1-" * 100, "friday or " * 20, "at 7 " * 40, "every " * 33, "a " * 100, "<t:" * 66, "half " * 40],
)
def test_no_short_text_takes_long(text: str) -> None:
    best = min(_timed(text) for _ in range(5))
    assert best < 0.005


def _timed(text: str) -> float:
    begun = time.perf_counter()
    _read(text)
    return time.perf_counter() - begun


def test_a_naive_now_is_refused_and_an_unknown_zone_is_turned_down() -> None:
    with pytest.raises(ValueError, match="aware"):
        parse("friday", now=NOW.replace(tzinfo=None), tz="Europe/London", dayfirst=True)
    assert parse("friday", now=NOW, tz="Nowhere/Atall", dayfirst=True).kind is Kind.INVALID


def test_the_zone_of_the_process_and_its_locale_change_nothing() -> None:
    script = (
        "from tests.cogs.kit.when.scenes import cases, given; import hashlib, time; time.tzset();"
        "print(hashlib.sha256(repr([given(c.read()) for c in cases()]).encode()).hexdigest())"
    )
    digests = set()
    for tz, lang in (("UTC", "C"), ("Pacific/Kiritimati", "de_DE.UTF-8"), ("America/Los_Angeles", "tr_TR.UTF-8")):
        environment = {**os.environ, "TZ": tz, "LANG": lang, "LC_ALL": lang}
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        digests.add(done.stdout)
    assert len(digests) == 1


def test_the_reader_does_not_load_dateparser() -> None:
    script = (
        "import sys, cogs.kit.when as w; from datetime import datetime, UTC;"
        "w.parse('zzz 9', now=datetime(2027, 5, 12, tzinfo=UTC), tz='UTC', dayfirst=True);"
        "print('dateparser' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
