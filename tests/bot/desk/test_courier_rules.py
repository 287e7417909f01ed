"""The courier's arithmetic: quiet hours over clock changes, budgets, and what goes into one message."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.desk.budgets import Budget, Pace
from bot.desk.digest import MOST_BUTTONS, MOST_ENTRIES, Entry, caught_up, shares, together
from bot.desk.parcels import Drawn, own_key, pack
from bot.desk.quiet import quiet_until
from cogs.kit.reply import Button, Reply, Row, say
from storage.records.notice import Lane, Notice, Outcome, Reach
from tests.conftest import START

ZONES = ["UTC", "Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"]
LONDON = ZoneInfo("Europe/London")

clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
moments = st.integers(0, 4 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(moments, st.sampled_from(ZONES), clocks, clocks)
def test_quiet_hours_end_on_the_readers_own_wall_clock(now, zone, begins, ends):
    until = quiet_until(now, zone, (begins, ends))
    clock = now.astimezone(ZoneInfo(zone)).time()
    inside = begins != ends and (begins <= clock < ends if begins < ends else clock >= begins or clock < ends)
    assert (until is not None) == inside
    if until is not None:
        assert now < until <= now + timedelta(hours=26)
        shown = until.astimezone(ZoneInfo(zone))
        before = (until - timedelta(seconds=2)).astimezone(ZoneInfo(zone))
        gap = shown.utcoffset() != before.utcoffset()
        assert shown.time() == ends or (gap and shown.time() > ends)


@given(moments, st.sampled_from(ZONES), clocks, clocks)
def test_nothing_is_held_twice_in_one_night(now, zone, begins, ends):
    until = quiet_until(now, zone, (begins, ends))
    assume(until is not None)
    again = quiet_until(until, zone, (begins, ends))
    # Only a clock that goes back over the end can make the night go on, and by less than the step of the clock.
    assert again is None or again - until <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "ends", "until"),
    [
        # The clocks go forward at 01:00 UTC: the night is an hour shorter, and 01:30 is not shown at all.
        (datetime(2026, 3, 28, 23, tzinfo=UTC), time(8), datetime(2026, 3, 29, 7, tzinfo=UTC)),
        (datetime(2026, 3, 28, 23, tzinfo=UTC), time(1, 30), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        # They go back at 01:00 UTC: an hour longer, and 01:30 is shown twice.
        (datetime(2026, 10, 24, 23, tzinfo=UTC), time(8), datetime(2026, 10, 25, 8, tzinfo=UTC)),
        (datetime(2026, 10, 24, 23, tzinfo=UTC), time(1, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 15, tzinfo=UTC), time(1, 30), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_the_night_the_clocks_change(now, ends, until):
    assert quiet_until(now, "Europe/London", (time(22), ends)) == until


def test_a_zone_this_machine_does_not_know_counts_as_utc():
    assert quiet_until(datetime(2026, 1, 1, 23, tzinfo=UTC), "Mars/Olympus", (time(22), time(8))) == datetime(
        2026, 1, 2, 8, tzinfo=UTC
    )


@settings(max_examples=60, deadline=None)
@given(
    st.integers(5, 60),
    st.integers(0, 4),
    st.lists(st.tuples(st.sampled_from(["send", "reply", "wait"]), st.floats(0, 0.5)), max_size=120),
)
def test_no_second_ever_holds_more_than_the_rate_and_what_was_saved(rate, reserve, deeds):
    budget, now, sends = Budget(Pace(per_second=rate, reserve=reserve, burst=10), 0.0), 0.0, []
    replies = 0
    for deed, seconds in deeds:
        now += seconds if deed == "wait" else 0.001
        if deed == "reply":
            budget.reply(now)
            replies += 1
        elif deed == "send":
            while budget.wait(now) == 0:
                budget.spend(now)
                sends.append(now)
    for first in sends:
        assert sum(first <= at < first + 1 for at in sends) <= rate + 10
    assert len(sends) + replies <= now * rate + 10 + replies


def test_a_budget_starts_with_nothing_but_the_reserve_and_wait_is_exact():
    budget = Budget(Pace(per_second=10, reserve=4, burst=10), 100.0)
    assert budget.spare(100.0) == 0
    assert budget.wait(100.0) == pytest.approx(0.1)
    assert budget.wait(100.1) == 0
    budget.reply(100.1)
    budget.reply(100.1)
    assert budget.wait(100.1) == pytest.approx(0.2)
    assert budget.spare(200.0) == 6


def test_haste_is_answered_with_a_lower_rate_that_recovers():
    budget = Budget(Pace(per_second=30, reserve=0, burst=1), 0.0)
    budget.close(5.0, slower=True)
    assert budget.wait(1.0) == 4.0
    assert budget.spare(4.9) == 0
    slow = budget.ahead(1.0)
    assert slow == 21
    budget.wait(5.0 + 120)
    assert 21 < budget.ahead(1.0) < 30
    budget.wait(5.0 + 600)
    assert budget.ahead(1.0) == 30


def test_destinations_that_fell_silent_are_forgotten():
    budget = Budget(Pace(per_second=30, apart=1.0), 0.0)
    for n in range(20_000):
        budget.use(f"c{n}", n * 0.01)
    assert len(budget._free_at) < 5000
    assert budget.free_at("c19999") > 199.99


def test_groups_have_their_own_distance():
    budget = Budget(Pace(apart=1.0, apart_in_groups=3.0), 0.0)
    budget.use("-100123:4", 10.0)
    budget.use("77", 10.0)
    assert (budget.free_at("-100123:4"), budget.free_at("77"), budget.free_at("78")) == (13.0, 11.0, 0.0)


def entry(n, buttons=0):
    return Entry(say(f"words {n}", buttons=tuple(Button(f"B{b}", f"fc:t.x:{b}") for b in range(buttons))), START, "UTC")


@given(st.lists(st.integers(0, 12), max_size=40))
def test_common_messages_hold_everything_in_order_and_not_too_much(buttons):
    entries = [entry(n, count) for n, count in enumerate(buttons)]
    groups = shares(entries)
    assert [one for group in groups for one in group] == entries
    for group in groups:
        assert len(group) <= MOST_ENTRIES
        assert len(group) == 1 or sum(len(one.reply.buttons) for one in group) <= MOST_BUTTONS
        for drawing in (together, caught_up):
            reply = drawing(group)
            assert [row.buttons for row in reply.rows] == [one.reply.buttons for one in group]


def test_a_common_message_says_all_that_each_would_have_said():
    whole = Reply(
        title="Title",
        lines=say("first").lines,
        rows=(Row(say("a row").lines[0], (Button("Go", "fc:t.x:1"),)),),
        also=(say("why you get this").lines[0],),
    )
    reply = together([Entry(whole, START, "UTC"), Entry(whole, START, "UTC", late=True)])
    texts = ["".join(getattr(span, "text", "<t>") for span in row.line) for row in reply.rows]
    assert texts == ["Title · first · a row", "Late, due <t>: Title · first · a row"]
    assert len(reply.also) == 1
    assert reply.rows[0].buttons == (Button("Go", "fc:t.x:1"),)


def noticed(n, *, lane=Lane.NORMAL, due=START, **rest):
    return Notice(
        id=n,
        kind="t.say",
        platform="console",
        dest="d",
        person_id=1,
        channel_id=None,
        args={"n": n},
        lane=lane,
        due_at=due,
        expires_at=due + timedelta(days=7),
        attempt=1,
        owner="me",
        key=str(n),
        **rest,
    )


notices_drawn = st.lists(
    st.tuples(st.sampled_from(list(Lane)), st.integers(0, 4000), st.booleans(), st.sampled_from([None, "b1", "b2"])),
    max_size=30,
)


@given(notices_drawn, st.booleans())
def test_every_notice_is_in_exactly_one_message_and_no_key_is_used_twice(drawn, knows_keys):
    claimed = [
        noticed(n, lane=lane, due=START - timedelta(seconds=ago), doubtful=doubtful, bundle=bundle)
        for n, (lane, ago, doubtful, bundle) in enumerate(drawn, 1)
    ]
    reach = {(1, None): Reach(dest="d", account="a")}
    parcels = pack([Drawn(n, say(f"n{n.id}")) for n in claimed], reach, START, knows_keys=knows_keys)
    assert sorted(n.id for parcel in parcels for n in parcel.notices) == [n.id for n in claimed]
    keys = [parcel.key for parcel in parcels]
    assert len(set(keys)) == len(keys)
    assert all(len(key) <= 25 for key in keys)
    for parcel in parcels:
        assert len({n.bundle for n in parcel.notices}) == 1
        if len(parcel.notices) > 1 and parcel.notices[0].bundle is None:
            assert not any(n.doubtful for n in parcel.notices)
    assert [parcel.notices[0].lane for parcel in parcels] == sorted(parcel.notices[0].lane for parcel in parcels)


@given(st.integers(1, 2**40), moments)
def test_a_key_fits_discords_nonce_and_changes_with_the_due_time(n, due):
    first = noticed(n, due=due)
    assert len(own_key(first)) <= 25
    assert own_key(first) == own_key(replace(first, attempt=7, owner="other"))
    assert own_key(first) != own_key(replace(first, due_at=due + timedelta(seconds=1)))


def test_soft_ones_and_quiet_hours_are_not_called_late():
    asleep = Reach(dest="d", account="a", quiet=(time(22), time(8)))
    night = datetime(2026, 11, 23, 3, tzinfo=UTC)
    morning = datetime(2026, 11, 23, 8, 1, tzinfo=UTC)
    reaches = {(1, None): asleep}
    (held,) = pack([Drawn(noticed(1, due=night), say("x"))], reaches, morning, knows_keys=True)
    assert held.result == Outcome.SENT
    (soft,) = pack(
        [Drawn(noticed(1, lane=Lane.SOFT, due=START), say("x"))], reaches, START + timedelta(minutes=6), knows_keys=True
    )
    assert soft.result == Outcome.SENT
    (late,) = pack([Drawn(noticed(1, due=night), say("x"))], reaches, morning + timedelta(minutes=2), knows_keys=True)
    assert late.result == Outcome.LATE
