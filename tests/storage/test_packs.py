"""What is found in packs is what the entries say: every zone, clock change, odd pattern and age."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.availability.calendar import Verdict, trusted, verdict, verdict_of
from storage.records.availability import DAY_MINUTES, Candidate, Diary, Entry, Free
from storage.records.packs import free_at, packed
from storage.records.times import Span

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca")
#: Around changes of the clock in these zones, and in quiet weeks.
DAYS = st.one_of(
    st.dates(date(2026, 10, 20), date(2026, 11, 5)),
    st.dates(date(2027, 3, 1), date(2027, 4, 8)),
    st.dates(date(2026, 12, 1), date(2026, 12, 20)),
)
_SAID = {Free.FREE: Verdict.FREE, Free.MAYBE: Verdict.MAYBE, Free.NO: Verdict.NO}


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    first = draw(DAYS) - timedelta(days=draw(st.integers(0, 20)))
    last = draw(st.none() | st.integers(0, 40).map(lambda n: first + timedelta(days=n)))
    begins = draw(st.sampled_from((0, 0, 7, 540, 840, 1140, 1380)))
    length = draw(st.sampled_from((DAY_MINUTES, DAY_MINUTES - begins, 60, 185, 600, 4000)))
    listed = draw(st.just(()) | st.lists(DAYS, max_size=4, unique=True).map(lambda days: tuple(sorted(days))))
    return Entry(
        id=1,
        person_id=1,
        state=draw(st.sampled_from(list(Free))),
        zone=draw(st.sampled_from(ZONES)),
        first=min((first, *listed)),
        last=max(listed) if listed else last,
        begins=begins,
        ends=begins + length,
        days=draw(st.integers(1, 127)),
        every=draw(st.sampled_from((1, 1, 1, 2, 3))),
        listed=listed,
        but=tuple(sorted(draw(st.just(()) | st.lists(DAYS, max_size=3, unique=True).map(tuple)))),
        made_at=NOW,
        said_at=NOW - timedelta(days=draw(st.integers(0, 70)), milliseconds=draw(st.integers(0, 1))),
    )


@st.composite
def spans(draw: st.DrawFn) -> Span:
    day, zone = draw(DAYS), draw(st.sampled_from(ZONES))
    if draw(st.booleans()):
        return Span.of_days(day, day + timedelta(days=draw(st.integers(0, 4))), zone)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=draw(st.integers(0, 1439)))
    return Span(start, start + timedelta(minutes=draw(st.sampled_from((1, 30, 180, 180, 600, 3000, 9000)))), zone)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(entries(), max_size=6), min_size=1, max_size=4), spans())
def test_packed_or_laid_out_it_comes_to_the_same(people: list[list[Entry]], span: Span) -> None:
    sorted_people = [sorted(said, key=lambda entry: entry.said_at) for said in people]
    crowd = [candidate(number, said) for number, said in enumerate(sorted_people)]
    found = free_at(crowd, span.start, span.until(), NOW)
    for number, said in enumerate(sorted_people):
        expected = verdict(Diary(person_id=number, entries=trusted(said, NOW)), span)
        if number in found.said:
            assert _SAID[found.said[number]] is expected
        else:
            assert verdict_of(found.partly.get(number, ()), span) is expected


def candidate(number: int, said: list[Entry]) -> Candidate:
    pack = packed(said)
    return Candidate(number, "", None, None, False, False, pack.zones or None, pack.entries, pack.odd)


def test_what_is_said_of_a_region_goes_by_that_name_and_hides_nothing_else() -> None:
    usual = Entry(
        id=1, person_id=1, state=Free.FREE, zone="Europe/London", first=date(2026, 12, 1), last=None, made_at=NOW,
        said_at=NOW - timedelta(days=2),
    )  # fmt: skip
    away = Entry(
        id=2, person_id=1, state=Free.NO, zone="Europe/London", first=date(2026, 12, 1), last=None, region="Leeds",
        made_at=NOW, said_at=NOW,
    )  # fmt: skip
    start = datetime(2026, 12, 9, 19, tzinfo=UTC)
    found = free_at([candidate(1, [usual, away])], start, start + timedelta(hours=3), NOW)
    assert not found.said
    assert [(hit.state, hit.region) for hit in found.partly[1]] == [(Free.NO, "Leeds"), (Free.FREE, None)]


def test_days_beyond_what_two_bytes_count_are_kept_all_the_same() -> None:
    old = Entry(
        id=1, person_id=1, state=Free.NO, zone="Europe/London", first=date(1999, 12, 29), last=None, every=2,
        made_at=NOW, said_at=NOW,
    )  # fmt: skip
    for day in range(14):
        start = datetime(2026, 12, 1 + day, 12, tzinfo=UTC)
        span = Span(start, start + timedelta(hours=1), "Europe/London")
        found = free_at([candidate(1, [old])], span.start, span.until(), NOW)
        expected = verdict(Diary(person_id=1, entries=(old,)), span)
        assert verdict_of(found.partly.get(1, ()), span) is expected or _SAID[found.said[1]] is expected
