"""What may follow what, and what a gig's time, fee and unsaid terms come to."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.gigs import one_line, rules
from cogs.gigs.rules import Deed
from storage.records.answer import ENGAGED, Answer, AnswerKind, AnswerState
from storage.records.fee import Basis, Fee, Unit
from storage.records.gig import Gig, GigState, KindOfWork, Terms, folded_words
from storage.records.money import Money
from storage.records.times import Span
from storage.records.watch import Watch
from storage.reference import work_kinds

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
LONDON = "Europe/London"


def gig(**fields: object) -> Gig:
    start = datetime(2026, 11, 28, 19, 30, tzinfo=UTC)
    values: dict[str, object] = {
        "id": 1,
        "community_id": 1,
        "poster_id": 1,
        "role": "drums",
        "span": Span(start, None, LONDON),
        "where": "Leeds",
        "fee": Fee(Basis.PAID, Money(22000, "GBP")),
        "posted_at": NOW,
        "state_at": NOW,
        "expires_at": start,
    }
    return Gig(**{**values, **fields})  # type: ignore[arg-type]  # fields of the record by name


def answer(state: AnswerState, before: AnswerState | None = None, at: datetime = NOW) -> Answer:
    return Answer(
        id=1, gig_id=1, person_id=2, reply=AnswerKind.INK, state=state, before=before, answered_at=at, state_at=at
    )


def test_kinds_of_work_are_those_of_the_reference() -> None:
    assert {kind.value for kind in KindOfWork} == {kind.value for kind in work_kinds.Kind}


def test_every_state_can_be_left_again_except_by_the_clock() -> None:
    reached = {state for moves in rules.MOVES.values() for state in moves.values()}
    left = {state for moves in rules.MOVES.values() for state in moves if state is not None}
    assert reached == left == set(AnswerState)


def test_only_the_poster_inks_and_pencils() -> None:
    for deed in (Deed.SAY, Deed.PASS, Deed.WITHDRAW):
        for before, after in rules.MOVES[deed].items():
            assert after not in ENGAGED or after is before


def test_nobody_is_inked_who_has_not_answered() -> None:
    assert rules.from_states(Deed.INK) == {AnswerState.WAITING, AnswerState.PENCILLED}
    assert rules.follows(Deed.INK, None) is None


@given(st.integers(1, 50), st.integers(0, 50), st.integers(0, 50))
def test_a_gig_is_filled_exactly_when_no_chair_is_free(seats: int, inked: int, pencilled: int) -> None:
    state = rules.state_of(seats, inked, pencilled)
    assert (state is GigState.FILLED) == (inked >= seats)
    assert (state is GigState.OPEN) == (inked + pencilled < seats)


@pytest.mark.parametrize("state", list(AnswerState))
def test_a_move_can_be_taken_back_for_ten_minutes(state: AnswerState) -> None:
    moved = answer(state, AnswerState.INKED)
    assert rules.can_restore(moved, NOW + timedelta(minutes=10)) == (state in rules.RESTORABLE)
    assert not rules.can_restore(moved, NOW + timedelta(minutes=10, seconds=1))
    assert not rules.can_restore(answer(state, AnswerState.PASSED), NOW)


def test_a_post_expires_at_gig_time_or_after_thirty_days() -> None:
    assert rules.expiry(gig().span, NOW) == gig().span.start
    far = Span(NOW + timedelta(days=90), None, LONDON)
    assert rules.expiry(far, NOW) == NOW + timedelta(days=30)


def test_a_gig_without_a_clock_is_looked_for_until_its_first_day_is_over() -> None:
    span = Span.of_days(date(2026, 10, 25), date(2026, 10, 27), LONDON)  # the clocks go back on the first day
    assert rules.gig_time(span) == datetime(2026, 10, 26, 0, tzinfo=UTC)
    assert not rules.is_over(span, datetime(2026, 10, 25, 23, 59, tzinfo=UTC))
    assert rules.is_over(span, datetime(2026, 10, 26, tzinfo=UTC))


@pytest.mark.parametrize(
    ("clock", "spoken", "hour"), [(time(5, 30), True, 17), (time(5, 30), False, 5), (time(11), True, 11)]
)
def test_a_call_time_is_the_last_one_before_the_start(clock: time, spoken: bool, hour: int) -> None:
    at = rules.at_clock(gig().span, clock, LONDON, spoken=spoken)
    assert at.astimezone(ZoneInfo(LONDON)).hour == hour


@given(
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.times(),
    st.sampled_from(["Europe/Paris", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe"]),
    st.booleans(),
)
def test_a_span_said_in_one_place_lies_in_another(day: date, clock: time, zone: str, same_clock: bool) -> None:
    start = datetime.combine(day, clock, ZoneInfo(LONDON)).astimezone(UTC)
    span = Span(start, start + timedelta(hours=3), LONDON)
    moved = rules.in_zone(span, LONDON, zone, same_clock=same_clock)
    assert moved.zone == zone
    assert moved.end is not None and moved.end >= moved.start
    if same_clock:
        wall = start.astimezone(ZoneInfo(LONDON)).replace(tzinfo=ZoneInfo(zone))
        assert moved.start == wall.astimezone(UTC)
    else:
        assert (moved.start, moved.end) == (span.start, span.end)


def test_the_card_names_what_a_player_would_ask_next_and_no_more_than_four() -> None:
    assert rules.unsaid(gig()) == ("who pays", "when it is paid", "how long", "cancellation")
    recorded = gig(kind=KindOfWork.SESSION, span=Span.of_days(date(2026, 11, 28), date(2026, 11, 28), LONDON))
    assert rules.unsaid(recorded)[:2] == ("start time", "usage")
    start = gig().span.start
    said = gig(
        span=Span(start, start + timedelta(hours=3), LONDON),
        terms=Terms(pays="the client", pay_by="on the night", cancellation="half", extras="travel"),
    )
    assert rules.unsaid(said) == ()
    assert "who pays" not in rules.unsaid(gig(fee=Fee(Basis.UNPAID)))


def test_the_worth_of_a_gig_counts_hours_and_days_and_refuses_to_guess() -> None:
    start = gig().span.start
    hourly = Fee(Basis.PAID, Money(6050, "GBP"), Unit.HOUR)
    assert gig().worth() == Money(22000, "GBP")
    assert gig(fee=hourly).worth() is None
    assert gig(fee=hourly, span=Span(start, start + timedelta(minutes=150), LONDON)).worth() == Money(15125, "GBP")
    days = Span.of_days(date(2026, 12, 12), date(2026, 12, 14), LONDON)
    assert gig(fee=Fee(Basis.PAID, Money(30000, "GBP"), Unit.DAY), span=days).worth() == Money(90000, "GBP")
    assert gig(fee=Fee(Basis.PAID, Money(9000, "GBP"), Unit.SONG)).worth() is None
    assert gig(fee=Fee(Basis.QUOTE)).worth() is None


def watch(**fields: object) -> Watch:
    return Watch(id=1, person_id=2, community_id=1, made_at=NOW, **fields)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("fields", "fits"),
    [
        ({}, True),
        ({"words": ("leeds",)}, True),
        ({"words": ("leeds", "york")}, False),
        ({"at_least": Money(22000, "GBP")}, True),
        ({"at_least": Money(22001, "GBP")}, False),
        ({"at_least": Money(1, "EUR")}, False),
        ({"kind": KindOfWork.TOUR}, False),
    ],
)
def test_a_watch_fits_by_place_pay_and_kind(fields: dict[str, object], fits: bool) -> None:
    assert rules.fits(watch(**fields), gig()) is fits


def test_a_minimum_never_matches_what_nobody_can_add_up() -> None:
    assert not rules.fits(watch(at_least=Money(1, "GBP")), gig(fee=Fee(Basis.QUOTE)))


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (datetime(2026, 10, 24, 8, 30, tzinfo=UTC), datetime(2026, 10, 25, 9, tzinfo=UTC)),  # over the clock change
        (datetime(2027, 3, 27, 9, 30, tzinfo=UTC), datetime(2027, 3, 28, 8, tzinfo=UTC)),
        (datetime(2026, 11, 23, 8, 59, tzinfo=UTC), datetime(2026, 11, 23, 9, tzinfo=UTC)),
        (datetime(2026, 11, 23, 9, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC)),
    ],
)
def test_digests_come_at_nine_on_the_readers_clock(now: datetime, morning: datetime) -> None:
    assert rules.next_morning(now, LONDON) == morning


@given(st.text(max_size=200))
def test_folded_words_hold_nothing_but_letters_and_digits(text: str) -> None:
    for word in folded_words(text):
        assert word.isalnum()
        assert folded_words(word) == (word,) or len(word) > 40


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("wedding in York", "function"),
        ("function, Leeds", "function"),
        ("recording session at Abbey Road", "session"),
        ("session drummer needed", None),
        ("we live in Leeds", None),
        ("panto season", "theatre"),
    ],
)
def test_a_line_names_its_kind_of_work(line: str, kind: str | None) -> None:
    found = one_line.kind(line)
    assert (found[2] if found else None) == kind


@pytest.mark.parametrize(
    ("find", "line", "said"),
    [
        (one_line.call_time, "Leeds, call 5pm, £200", "5pm"),
        (one_line.call_time, "load-in at 16:30", "16:30"),
        (one_line.call_time, "call Jo on Tuesday", None),
        (one_line.pay_by, "£200 paid within 30 days, Leeds", "within 30 days"),
        (one_line.pay_by, "£200 cash on the night", "on the night"),
        (one_line.pays, "payer: Acme Ltd, Leeds", "Acme Ltd"),
        (one_line.seats, "2x trumpet Sat", "2"),
        (one_line.pays, "£200, pays: the client, Leeds", "the client"),
        (one_line.pays, "Leeds, pays: £200", None),
        (one_line.seats, "£220 x", None),
        (one_line.seats, "2 violins, 5 Dec 2pm, Leeds", "2"),
        (one_line.seats, "need three trumpets Sat", "3"),
        (one_line.seats, "Sat 28 bass, Leeds", None),
        (one_line.seats, "drums, 100 Club, 12 Dec", None),
        (one_line.mine, "mine", "yes"),
        (one_line.mine, "a gig of mine in Leeds", None),
    ],
)
def test_values_are_found_behind_their_own_word(find: object, line: str, said: str | None) -> None:
    found = find(line)  # type: ignore[operator]  # one of the finders above
    assert (found[2] if found else None) == said


@given(st.text(max_size=120))
def test_finders_stay_inside_the_line(text: str) -> None:
    for find in (one_line.kind, one_line.call_time, one_line.pay_by, one_line.pays, one_line.seats, one_line.mine):
        found = find(text)
        if found is not None:
            assert 0 <= found[0] <= found[1] <= len(text)
            assert found[2]
