from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.kit.amounts import IN_LINE, read_fee, read_money
from cogs.kit.faults import Misread
from storage.records.fee import Basis, Fee, Unit
from storage.records.money import CURRENCIES, Money
from tests.cogs.kit.people import BERLIN, LONDON, NEW_YORK


@pytest.mark.parametrize(
    ("text", "minor", "currency"),
    [
        ("220", 22000, "GBP"),
        ("£220", 22000, "GBP"),
        ("£ 220", 22000, "GBP"),
        ("220 GBP", 22000, "GBP"),
        ("gbp 220", 22000, "GBP"),
        ("40.50", 4050, "GBP"),
        ("40,50", 4050, "GBP"),
        ("1,200", 120000, "GBP"),
        ("1,200.50", 120050, "GBP"),
        ("1.200,50", 120050, "GBP"),
        ("1 200,50 €", 120050, "EUR"),
        ("1’200", 120000, "GBP"),
        ("200 quid", 20000, "GBP"),
        ("1.5k", 150000, "GBP"),
        ("€99", 9900, "EUR"),
        ("$300", 30000, "USD"),
        ("A$300", 30000, "AUD"),
        ("¥30000", 30000, "JPY"),
        ("12.345 KWD", 12345, "KWD"),
        ("1,234,567", 123456700, "GBP"),
        ("0.5", 50, "GBP"),
        ("٣٠٠", 30000, "GBP"),
    ],
)
def test_sums_as_people_write_them(text: str, minor: int, currency: str) -> None:
    assert read_money(text, LONDON) == Money(minor, currency)


def test_a_bare_sum_is_in_the_callers_own_currency() -> None:
    assert read_money("220", NEW_YORK) == Money(22000, "USD")
    assert read_money("$220", replace(LONDON, currency="CAD")) == Money(22000, "CAD")


def test_a_point_before_three_digits_is_asked_about_where_both_readings_are_common() -> None:
    with pytest.raises(Misread) as caught:
        read_money("1.200", LONDON)
    assert [read_money(choice.value, LONDON).minor for choice in caught.value.choices] == [120000, 120]
    assert read_money("1.200", BERLIN) == Money(120000, "EUR")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fourty",
        "-5",
        "£-5",
        "−5",
        "1e9",
        "nan",
        "∞",
        "12.345.6,7,8",
        "£40$",
        "40 XYZ",
        "999999999",
        "4.567",
        "1..2",
        "£" * 50,
        "9" * 400,
    ],
)
def test_what_is_not_one_sum_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(Misread) as caught:
        read_money(text, LONDON)
    assert caught.value.what


@pytest.mark.parametrize(
    ("text", "fee"),
    [
        ("£220", Fee(Basis.PAID, Money(22000, "GBP"))),
        ("£300/day", Fee(Basis.PAID, Money(30000, "GBP"), Unit.DAY)),
        ("£60 an hour", Fee(Basis.PAID, Money(6000, "GBP"), Unit.HOUR)),
        ("£180 per call", Fee(Basis.PAID, Money(18000, "GBP"), Unit.CALL)),
        ("200 flat", Fee(Basis.PAID, Money(20000, "GBP"))),
        ("£150 per song", Fee(Basis.PAID, Money(15000, "GBP"), Unit.SONG)),
        ("quote", Fee(Basis.QUOTE)),
        ("Quotes please", Fee(Basis.QUOTE)),
        ("unpaid", Fee(Basis.UNPAID)),
        ("0", Fee(Basis.UNPAID)),
        ("£0", Fee(Basis.UNPAID)),
    ],
)
def test_fees_with_their_unit(text: str, fee: Fee) -> None:
    assert read_fee(text, LONDON) == fee


@pytest.mark.parametrize("text", ["some money", "£220 per moon", "-£5", "call", "per day"])
def test_what_is_no_fee_is_refused(text: str) -> None:
    with pytest.raises(Misread):
        read_fee(text, LONDON)


@given(st.integers(1, 10**8), st.sampled_from(sorted(CURRENCIES)))
def test_every_amount_reads_back_from_its_plain_form(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert read_money(f"{money.amount:f} {currency}", replace(LONDON, currency=currency)) == money


@given(st.text(max_size=80))
def test_any_text_is_a_sum_or_a_clear_refusal(text: str) -> None:
    for read in (read_money, read_fee):
        try:
            read(text, LONDON)
        except Misread as fault:
            assert fault.what


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bass, Sat 28 Nov 19:30, Leeds, £220, function", "£220"),
        ("12-14 Jan Smith tour 1st £300/day until 20 Dec", "£300/day"),
        ("keys, 200 quid, Fri", "200 quid"),
        ("violin 19:30 quotes please", "quotes please"),
        ("tuba 28 Nov unpaid", "unpaid"),
    ],
)
def test_a_sum_is_found_inside_a_line(text: str, found: str) -> None:
    match = IN_LINE.search(text)
    assert match is not None
    assert match[0] == found
