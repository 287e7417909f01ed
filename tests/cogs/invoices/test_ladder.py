"""On which days an owner is reminded, and how firmly the message speaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.invoices import ladder
from cogs.kit.faults import Misread
from storage.records.client import Billing, Preset
from storage.records.invoice import Invoice, InvoiceState, Pause, PauseReason, Tone
from tests.cogs.invoices.samples import TODAY, billing, invoice, money

DUE = date(2026, 12, 23)


def walk(made: Invoice, said: Billing, zone: str = "Europe/London", n: int = 10) -> list[date]:
    """The days on which it rings, when nothing happens in between."""
    now, days = datetime(2026, 11, 23, 10, tzinfo=UTC), []
    for _ in range(n):
        at = ladder.next_at(made, said, zone, now)
        if at is None:
            break
        day = at.astimezone(ZoneInfo(zone)).date()
        days.append(day)
        made, now = replace(made, rung_on=day, snoozed_until=None), at
    return days


def offsets(days: list[date]) -> list[int]:
    return [(day - DUE).days for day in days]


def test_the_normal_ladder_is_the_product_s_and_then_weekly() -> None:
    assert offsets(walk(invoice(), billing())) == [-3, 1, 7, 14, 30, 37, 44, 51, 58, 65]


def test_gentle_firm_and_own_steps_go_on_weekly_too() -> None:
    assert offsets(walk(invoice(), billing(preset=Preset.GENTLE), n=5)) == [3, 14, 30, 37, 44]
    assert offsets(walk(invoice(), billing(preset=Preset.FIRM), n=8)) == [-3, 1, 3, 7, 14, 21, 28, 35]
    assert offsets(walk(invoice(), billing(steps=(-10, 0, 5)), n=5)) == [-10, 0, 5, 12, 19]


def test_it_rings_at_the_owner_s_hour_on_the_owner_s_clock_over_a_clock_change() -> None:
    made = invoice(due_on=date(2027, 3, 28))  # the night the clocks go forward in London
    now = datetime(2027, 3, 20, tzinfo=UTC)
    first = ladder.next_at(made, billing(hour=time(9, 30)), "Europe/London", now)
    after = ladder.next_at(replace(made, rung_on=date(2027, 3, 25)), billing(hour=time(9, 30)), "Europe/London", now)
    assert first == datetime(2027, 3, 25, 9, 30, tzinfo=UTC)
    assert after == datetime(2027, 3, 29, 8, 30, tzinfo=UTC)


def test_nothing_rings_the_morning_after_sending_or_after_a_message() -> None:
    tomorrow_is_a_step = invoice(due_on=TODAY + timedelta(days=4), sent_on=TODAY)
    assert walk(tomorrow_is_a_step, billing(), n=1) == [TODAY + timedelta(days=5)]
    chased = invoice(due_on=TODAY, sent_on=date(2026, 11, 1), chased_on=TODAY)
    assert walk(chased, billing(), n=1) == [TODAY + timedelta(days=7)]


def test_an_invoice_sent_long_after_its_due_date_is_not_reminded_of_all_at_once() -> None:
    old = invoice(due_on=date(2026, 10, 1), sent_on=TODAY)
    assert walk(old, billing(), n=2) == [date(2026, 11, 28), date(2026, 12, 5)]


@pytest.mark.parametrize(
    "rest",
    [
        {"paid_minor": 22000},
        {"state": InvoiceState.DRAFT},
        {"state": InvoiceState.VOID},
        {"state": InvoiceState.WRITTEN_OFF},
        {"pause": Pause(reason=PauseReason.DISPUTE, since=TODAY)},
    ],
)
def test_nothing_rings_for_what_is_paid_closed_or_disputed(rest: dict[str, Any]) -> None:
    assert walk(invoice(**rest), billing()) == []


def test_a_promise_is_followed_up_the_day_after_and_the_ladder_goes_on() -> None:
    promised = invoice(pause=Pause(reason=PauseReason.PROMISED, since=TODAY, until=date(2026, 12, 26)))
    assert walk(promised, billing(), n=3) == [date(2026, 12, 27), date(2026, 12, 30), date(2027, 1, 6)]


def test_a_snooze_comes_instead_of_the_next_step() -> None:
    snoozed = invoice(snoozed_until=date(2026, 11, 26))
    assert offsets(walk(snoozed, billing(), n=2)) == [-27, -3]


def test_a_deposit_has_its_own_ladder_first() -> None:
    made = invoice(deposit=money(50), deposit_due=date(2026, 11, 30))
    assert walk(made, billing(), n=2) == [date(2026, 11, 27), date(2026, 12, 1)]
    assert offsets(walk(replace(made, paid_minor=5000), billing(), n=2)) == [-3, 1]


@given(
    st.dates(date(2026, 9, 1), date(2027, 6, 1)),
    st.dates(date(2026, 9, 1), date(2026, 11, 23)),
    st.sets(st.integers(-30, 60), min_size=1, max_size=6),
    st.times(),
    st.sampled_from(["Europe/London", "America/New_York", "Pacific/Auckland", "Asia/Kolkata"]),
)
def test_it_never_rings_twice_on_a_day_or_in_the_past_and_always_rings_again(
    due: date, sent: date, steps: set[int], hour: time, zone: str
) -> None:
    said = billing(steps=tuple(sorted(steps)), hour=hour.replace(second=0, microsecond=0))
    days = walk(invoice(due_on=due, sent_on=sent), said, zone, n=8)
    assert len(days) == 8
    assert all(later > earlier for earlier, later in pairwise(days))
    assert days[0] >= sent + ladder.PEACE
    last = due + timedelta(days=max(steps))
    for day in days:
        assert (day - due).days in steps or (day > last and (day - last).days % 7 == 0)


@pytest.mark.parametrize(
    ("late", "tone"),
    [(-3, Tone.FRIENDLY), (1, Tone.FRIENDLY), (7, Tone.FRIENDLY), (14, Tone.FIRM), (30, Tone.FINAL), (60, Tone.FINAL)],
)
def test_messages_grow_firmer_with_the_days(late: int, tone: Tone) -> None:
    assert ladder.tone_for(invoice(), Preset.NORMAL, DUE + timedelta(days=late)) is tone


def test_a_message_is_never_softer_than_the_last_one() -> None:
    assert ladder.tone_for(invoice(chased_tone=Tone.FIRM), Preset.NORMAL, DUE) is Tone.FIRM


def test_steps_are_read_and_shown() -> None:
    assert ladder.read_steps("-3,+1,+7, 14; 30") == (-3, 1, 7, 14, 30)
    assert ladder.steps_text((-3, 0, 1)) == "−3, 0, +1 days, then weekly"
    for wrong in ("", "soon", "-90", "400", ",".join("1" * 13)):
        with pytest.raises(Misread):
            ladder.read_steps(wrong)


@pytest.mark.parametrize(
    ("line", "steps"),
    [
        ("-3,+1,+7,+14", (-3, 1, 7, 14)),
        ("−3, 1, 7", (-3, 1, 7)),
        ("+1 +7 +14", (1, 7, 14)),
        ("1,7", (1, 7)),
        ("firm", None),
        ("at 9", None),
    ],
)
def test_steps_in_a_line_keep_their_signs(line: str, steps: tuple[int, ...] | None) -> None:
    found = ladder.find_steps(line)
    assert (ladder.read_steps(found[2]) if found else None) == steps
