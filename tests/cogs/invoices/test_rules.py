"""Sums that are exact whatever the items, the tax, the deposit, the payments and the currency's decimals."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cogs.invoices import rules, sums
from cogs.kit.faults import Conflict, Misread
from storage.records.invoice import Invoice, InvoiceState, Item, Tax
from storage.records.money import Money
from tests.cogs.invoices.samples import TODAY, call, invoice, money, payment

CURRENCIES = st.sampled_from(["GBP", "JPY", "KWD", "EUR"])
QUANTITIES = st.decimals("0.001", "999", places=3)
RATES = st.none() | st.decimals("0.1", "27", places=2)


@st.composite
def invoices(draw: st.DrawFn) -> Invoice:
    currency = draw(CURRENCIES)
    lines = draw(st.lists(st.tuples(QUANTITIES, st.integers(1, 10_000_000)), min_size=1, max_size=6))
    rate = draw(RATES)
    made = invoice(
        currency=currency,
        items=tuple(Item(what="x", quantity=q, price=Money(minor, currency)) for q, minor in lines),
        tax=None if rate is None else Tax(label="VAT", rate=rate),
    )
    if made.total.minor > 1 and draw(st.booleans()):
        deposit = Money(draw(st.integers(1, made.total.minor - 1)), currency)
        days = draw(st.integers(0, 30))
        made = invoice(
            currency=currency, items=made.items, tax=made.tax, deposit=deposit,
            deposit_due=TODAY + timedelta(days=days),
        )  # fmt: skip
    return made


@given(invoices())
def test_the_parts_of_an_invoice_add_up_to_the_whole(made: Invoice) -> None:
    assert sum(item.total.minor for item in made.items) == made.net.minor
    assert made.net + made.tax_amount == made.total
    assert sum(part.amount.minor for part in made.parts) == made.total.minor


@given(invoices())
def test_each_sum_is_rounded_half_up_once(made: Invoice) -> None:
    for item in made.items:
        exact = Fraction(item.price.minor) * Fraction(item.quantity)
        assert 2 * (item.total.minor - exact) <= 1
        assert 2 * (exact - item.total.minor) < 1
    if made.tax is not None:
        exact = Fraction(made.net.minor) * Fraction(made.tax.rate) / 100
        assert -1 < 2 * (made.tax_amount.minor - exact) <= 1


@given(invoices(), st.lists(st.tuples(st.integers(1, 10_000_000_000), st.integers(0, 60)), max_size=6), st.data())
def test_payments_and_what_is_owed_add_up_whatever_comes_in(
    made: Invoice, came: list[tuple[int, int]], data: st.DataObject
) -> None:
    assume(made.total.minor > 0)  # `rules.checked` refuses the others
    payments = []
    late_owed = Money(data.draw(st.integers(0, 5000)), made.currency)
    for number, (minor, days) in enumerate(came, 1):
        said = Money(minor, made.currency)
        try:
            principal, rest = rules.split(made, said, late_owed)
        except Misread:
            assert said.minor > made.owed.minor + late_owed.minor
            continue
        assert principal + rest == said
        late_owed -= rest
        if principal.minor:
            day = TODAY + timedelta(days=days)
            payments.append(payment(principal.amount, day, made.currency, number))
        made = rules.settled(made, payments)
        assert made.paid.minor == sum(one.amount.minor for one in payments)
        assert sum(part.owed.minor for part in made.parts) == made.owed.minor >= 0
        assert all(0 <= part.paid.minor <= part.amount.minor for part in made.parts)
        assert (made.owed.minor == 0) == (made.settled_on is not None)
        buckets = sums.ageing([made], TODAY + timedelta(days=40))
        assert sum(one.total.minor for one in buckets) == made.owed.minor


@given(st.lists(invoices(), max_size=6))
def test_ageing_adds_up_for_each_currency_and_never_across(made: list[Invoice]) -> None:
    found = sums.ageing(made, TODAY + timedelta(days=70))
    assert {one.currency: one.total.minor for one in found} == {
        currency: sum(one.owed.minor for one in made if one.currency == currency)
        for currency in {one.currency for one in made if one.open}
    }


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(-5, "current"), (0, "current"), (1, "1–30"), (30, "1–30"), (31, "31–60"), (60, "31–60"), (61, "61–90"),
     (90, "61–90"), (91, "90+"), (4000, "90+")],
)  # fmt: skip
def test_each_age_has_its_bucket(days: int, bucket: str) -> None:
    assert sums.bucket_of(days) == bucket


def test_items_are_read_with_counts_and_prices() -> None:
    found = rules.read_items("2 x Rehearsal @ 80; Session 250\n1,5 × Overtime: £40.50", "GBP", call())
    assert [(one.what, one.quantity, one.price) for one in found] == [
        ("Rehearsal", Decimal(2), money(80)),
        ("Session", Decimal(1), money(250)),
        ("Overtime", Decimal("1.5"), money("40.50")),
    ]


@given(invoices())
def test_items_written_out_read_back_the_same(made: Invoice) -> None:
    assert rules.read_items(rules.items_text(made.items), made.currency, call()) == made.items


@pytest.mark.parametrize(
    "text", ["", "Rehearsal", "0 x Rehearsal @ 80", "Rehearsal @ €80", "; ;", "\n".join(["a 1"] * 21)]
)
def test_items_that_make_no_sense_reopen_their_field(text: str) -> None:
    with pytest.raises(Misread) as fault:
        rules.read_items(text, "GBP", call())
    assert fault.value.field == "items"


def test_tax_lines_are_read_and_none_is_none() -> None:
    assert rules.read_tax("vat 20%", None, "GB1") == Tax(label="VAT", rate=Decimal(20), number="GB1")
    assert rules.read_tax("7,7", "MwSt.", None) == Tax(label="MwSt.", rate=Decimal("7.7"))
    assert rules.read_tax("no VAT", None, None) is None
    for wrong in ("lots", "51%", "-3"):
        with pytest.raises(Misread):
            rules.read_tax(wrong, None, None)


def test_a_deposit_is_less_than_the_whole_and_due_before_it() -> None:
    for deposit, due in ((220, TODAY), (0, TODAY), (50, date(2027, 1, 1))):
        with pytest.raises(Misread):
            rules.checked(invoice(deposit=money(deposit), deposit_due=due))
    with pytest.raises(Misread):
        rules.checked(invoice(0))


def test_nothing_is_paid_on_what_is_closed_or_paid() -> None:
    for state in (InvoiceState.VOID, InvoiceState.WRITTEN_OFF):
        with pytest.raises(Conflict):
            rules.payable(invoice(state=state))
    with pytest.raises(Conflict):
        rules.split(invoice(paid_minor=22000), None, money(0))
    with pytest.raises(Misread):
        rules.split(invoice(), money(5, "EUR"), money(0))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (None, TODAY),
        (TODAY, TODAY),
        (date(2026, 11, 20), date(2026, 11, 20)),
        (date(2027, 11, 20), date(2026, 11, 20)),
        (date(2027, 6, 1), date(2026, 6, 1)),
    ],
)
def test_a_day_without_a_year_was_the_last_one(said: date | None, meant: date) -> None:
    assert rules.past_day(said, TODAY) == meant


def test_a_day_to_come_is_no_day_on_which_money_came() -> None:
    for day in (TODAY + timedelta(days=1), date(2027, 3, 1)):
        with pytest.raises(Misread):
            rules.past_day(day, TODAY)


def test_shared_days_need_five_people_and_are_coarse_below_ten() -> None:
    assert sums.shared_days({n: [30] for n in range(4)}) is None
    assert sums.shared_days({**{n: [30] for n in range(4)}, 9: []}) is None
    assert sums.shared_days({n: [30 + n] for n in range(5)}) == (5, 35)
    assert sums.shared_days({n: [30 + n] for n in range(10)}) == (10, 34)
    assert sums.shared_days({**{n: [30] for n in range(9)}, 99: [1] * 500}) == (10, 30)
