"""Quotes, floors and what a gig is worth: sums first, then what people see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.kit.reply import Button, CopyButton
from cogs.rates import paper, quoting
from storage.records.fee import Unit
from storage.records.money import Money
from tests.cogs.front import Front, text_of


def pounds(text: str) -> Money:
    return Money.of(text.strip().lstrip("£"), "GBP")


@pytest.mark.parametrize(
    ("text", "minor", "note"), [("15%", 2_700, "15%"), ("£30", 3_000, ""), ("12,5 %", 2_250, "12.5%"), ("0%", 0, "0%")]
)
def test_a_surcharge_is_a_share_or_a_sum(text: str, minor: int, note: str) -> None:
    item = quoting.surcharge("Doubling", text, Money(18_000, "GBP"), pounds)
    assert (item.amount.minor, item.note) == (minor, note)


@pytest.mark.parametrize("text", ["double", "", "400%"])
def test_a_surcharge_without_a_figure_is_asked_about(text: str) -> None:
    with pytest.raises(quoting.Unclear):
        quoting.surcharge("Doubling", text, Money(18_000, "GBP"), pounds)


def test_currencies_are_never_added() -> None:
    with pytest.raises(quoting.Unclear, match="EUR"):
        quoting.surcharge("Travel", "30", Money(18_000, "GBP"), lambda text: Money.of(text, "EUR"))


@pytest.mark.parametrize(
    ("text", "unit", "minor"),
    [
        ("2h", Unit.CALL, 12_000),
        ("2h at £70", Unit.FLAT, 14_000),
        ("1.5", Unit.HOUR, 27_000),
        ("2 hours ot", Unit.CALL, 12_000),
    ],
)
def test_overtime_is_the_bases_own_hour_or_a_rate_that_was_said(text: str, unit: Unit, minor: int) -> None:
    item = quoting.overtime(text, Money(18_000, "GBP"), unit, pounds, lambda money: str(money.amount))
    assert item.amount.minor == minor


@pytest.mark.parametrize("unit", [Unit.FLAT, Unit.DAY, Unit.SERVICE, Unit.SONG])
def test_overtime_of_a_unit_without_hours_is_asked_about(unit: Unit) -> None:
    with pytest.raises(quoting.Unclear):
        quoting.overtime("2h", Money(18_000, "GBP"), unit, pounds, lambda money: "")


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=9))
def test_a_total_is_the_sum_of_its_items(sums: list[int]) -> None:
    items = [quoting.Item("x", Money(minor, "GBP")) for minor in sums]
    assert quoting.total(items) == Money(sum(sums), "GBP")


@given(st.integers(0, 10**7), st.integers(0, 10**6), st.integers(0, 6000))
def test_what_is_left_per_hour_times_the_hours_is_what_is_left(fee: int, costs: int, minutes: int) -> None:
    worth = quoting.Worth(fee=Money(fee, "GBP"), costs=Money(costs, "GBP"), mileage=None, minutes=minutes)
    assert worth.left.minor == fee - costs
    if minutes == 0:
        assert worth.hourly is None
    else:
        assert worth.hourly is not None
        assert abs(Fraction(worth.hourly.minor * minutes, 60) - worth.left.minor) <= Fraction(minutes, 120)


@given(st.text(max_size=60))
def test_finders_never_fall_over(text: str) -> None:
    for find in (quoting.find_base, quoting.find_overtime, quoting.find_times, quoting.find_what, quoting.find_sum,
                 quoting.finder("double", "double"), quoting.find_length("prep"), quoting.find_length("")):  # fmt: skip
        found = find(text)
        assert found is None or 0 <= found[0] <= found[1] <= len(text)


async def test_one_line_becomes_an_itemised_text_and_a_pdf(front: Front) -> None:
    answer = await front.say("Ada", "/quote £180 call + double 15% + cartage 25 + 2h ot")
    assert text_of(answer).splitlines()[1:6] == [
        "Fee, a call: £180",
        "Doubling (15%): £27",
        "Porterage: £25",
        "Overtime (2 h at £60): £120",
        "Total: £352",
    ]
    (pdf,) = answer.reply.files
    assert pdf.content.startswith(b"%PDF")
    copy, _ = answer.reply.buttons
    assert isinstance(copy, CopyButton)
    assert "Overtime (2 h at £60): £120" in copy.text


async def test_a_quote_opens_again_with_what_it_was_made_of(front: Front) -> None:
    made = await front.say("Ada", "/quote £180 call + double 15% + cartage 25")
    fix = next(button for button in made.reply.buttons if isinstance(button, Button))
    opened = await front.press("Ada", "Fix")
    assert opened.reply.form is not None
    assert opened.reply.form.values == {"base": "£180", "unit": "call", "doubling": "15%", "cartage": "25"}
    assert "Base now: £180." in text_of(opened)
    for label in ("Keep it", "Skip", "Keep it"):
        asked = await front.press("Ada", label)
    assert "Doubling now: 15%." in text_of(asked)
    assert "Porterage now: 25." in text_of(await front.say("Ada", "20%"))
    done = text_of(await front.press("Ada", "Done"))
    assert "Doubling (20%): £36" in done
    assert "Porterage: £25" in done
    assert "Total: £241" in done
    assert "no longer kept" in text_of(await front.press_id("Bob", fix.action))
    front.clock.move(timedelta(days=31))
    assert "no longer kept" in text_of(await front.press_id("Ada", fix.action))


async def test_what_is_cleared_in_a_quote_is_gone_and_a_slip_keeps_the_rest(front: Front) -> None:
    await front.say("Ada", "/quote £180 call + double 15% + cartage 25")
    await front.press("Ada", "Fix")
    await front.say("Ada", "a lot")
    for label in ("Skip", "Keep it", "Clear it"):
        await front.press("Ada", label)
    assert "could not read" in text_of(await front.press("Ada", "Done"))
    await front.say("Ada", "£200")
    done = text_of(await front.press("Ada", "Done"))
    assert "Fee, a call: £200" in done
    assert "Doubling" not in done
    assert "Total: £225" in done


async def test_a_bare_double_is_asked_about_and_nothing_is_made_up(front: Front) -> None:
    assert "How much is it for doubling" in text_of(await front.say("Ada", "/quote £180 call + double"))
    assert "Doubling (20%): £36" in text_of(await front.say("Ada", "20%"))


async def test_rush_irregular_hours_usage_travel_and_a_hold_fee(front: Front) -> None:
    said = text_of(
        await front.say(
            "Ada", "/rate quote base=€300 unit=day times=3 travel=120 rush=25% irregular=10% usage=€500 hold_fee=50"
        )
    )
    for one in (
        "Fee, a day (3 x €300): €900",
        "Travel: €120",
        "Short notice (25%): €225",
        "Irregular hours (10%): €90",
    ):
        assert one in said
    assert "Usage: €500" in said
    assert "Total: €1,835" in said
    assert "To hold the date: €50" in said


async def test_a_quote_in_two_currencies_is_refused(front: Front) -> None:
    assert "The base is in GBP" in str((await front.say("Ada", "/rate quote base=£180 travel=€30")).reply)


async def test_a_floor_is_kept_changed_and_forgotten_and_seen_by_nobody_else(front: Front) -> None:
    await front.say("Ada", "/rate floor £150 call")
    await front.say("Ada", "/rate floor 40 hour")
    await front.say("Ada", "/rate floor £160 call")
    said = text_of(await front.say("Ada", "/rate floor"))
    assert "£160 a call" in said
    assert "£40 an hour" in said
    assert "£150" not in said
    assert "£40" not in text_of(await front.say("Ada", "/rate floor 0 hour"))
    assert "You have set no floor" in text_of(await front.say("Bob", "/rate floor"))


async def test_worth_counts_time_miles_costs_and_ones_own_past(front: Front) -> None:
    await front.say("Ada", "/rate floor £40 hour")
    for paid in (140, 160, 180):
        await front.say("Ada", f"/rate share drums, function, Leeds, £{paid}", place="#hall")
    said = text_of(await front.say("Ada", "/worth £150 5h travel 60 prep 2h 80 miles costs £14"))
    assert "80 miles: £36" in said
    assert "Left: £100" in said
    assert "Per hour: £12.50 over 8 h in all" in said
    assert "Your last year: median £160 for the whole gig, 3 entries" in said
    assert "Your floor: £40 an hour; this is £27.50 below" in said
    assert "Your last year" not in text_of(await front.say("Bob", "/worth £150 5h"))


async def test_miles_without_a_published_allowance_are_not_counted(front: Front) -> None:
    said = text_of(await front.say("Ada", "/worth CHF 300 6h 80 miles"))
    assert "80 miles are not counted" in said
    assert "Left: CHF" in said


def test_a_quote_is_printed_at_any_part_of_a_second() -> None:
    now = datetime(2026, 11, 23, 10, 0, 0, 219_000, tzinfo=UTC)
    made = paper.printed("Quote", "Ada", "Smith", "23 Nov 2026", [("Call", "£180")], "£180", "", now)
    assert made.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ("£60/hour 3 hours travel £20", ("3 x £60", "Total: £200")),
        ("£60/hour 2 hours overtime at £80", ("Overtime (2 h at £80): £160", "Total: £220")),
        ("£90/call 2 calls", ("2 x £90", "Total: £180")),
    ],
)
async def test_how_many_hours_are_told_from_overtime(front: Front, line: str, facts: tuple[str, ...]) -> None:
    said = text_of(await front.say("Ada", f"/quote {line}"))
    for fact in facts:
        assert fact in said
    assert "did not use" not in said


@pytest.mark.parametrize(
    ("line", "hours"),
    [
        ("£150 6h prep 2", "8 h"),
        ("£150 6h 90 min travel", "7 h 30 min"),
        ("£150 6h travel 90", "7 h 30 min"),
        ("£150 6h 30 min", "6 h 30 min"),
    ],
)
async def test_preparation_and_travel_are_told_from_the_gig(front: Front, line: str, hours: str) -> None:
    said = text_of(await front.say("Ada", f"/worth {line}"))
    assert f"over {hours} in all" in said and "did not use" not in said


async def test_a_floor_is_switched_off_in_a_word(front: Front) -> None:
    assert "did not use" not in text_of(await front.say("Ada", "/rate floor 120 per hour"))
    await front.say("Ada", "/rate floor £100")
    assert "£100" not in text_of(await front.say("Ada", "/rate floor off"))
    assert "£120" not in text_of(await front.say("Ada", "/rate floor off hour"))
