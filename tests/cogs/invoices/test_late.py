"""Late sums: worked by hand for the usual cases, and true of any payments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.invoices import late, rules
from storage.records.client import Billing
from storage.records.invoice import Invoice, InvoiceState, LateRuleChoice
from storage.records.money import Money
from tests.cogs.invoices.samples import billing, client, invoice, money, payment

DUE = date(2026, 7, 10)
UK = client(business=True, country="GB")
RATES = billing(base_rates={"GB:2026H2": "4", "GB:2027H1": "1"})


def owed_since(due: date = DUE, amount: int = 1000, currency: str = "GBP", **rest: object) -> Invoice:
    return invoice(amount, currency, due_on=due, issued_on=date(2026, 6, 10), sent_on=date(2026, 6, 10), **rest)


def test_uk_interest_is_eight_points_over_the_base_rate_for_each_day_late() -> None:
    found = late.claim(owed_since(), [], UK, RATES, DUE + timedelta(days=50))
    assert found is not None
    assert [(one.days, one.owed, one.rate, one.interest) for one in found.stretches] == [
        (50, money(1000), Decimal(12), money("16.44"))  # 1000 x 0.12 x 50 / 365 = 16.438…
    ]
    assert found.fixed == money(70)
    assert found.total == money("86.44")
    assert [row.id for row in found.sources] == ["gb-interest", "gb-fixed-70"]


@pytest.mark.parametrize(("debt", "fixed"), [("999.99", 40), ("1000", 70), ("9999.99", 70), ("10000", 100)])
def test_uk_fixed_sums_have_their_bands(debt: str, fixed: int) -> None:
    made = invoice(debt, due_on=DUE, issued_on=date(2026, 6, 10))
    found = late.claim(made, [], UK, RATES, DUE + timedelta(days=1))
    assert found is not None
    assert found.fixed == money(fixed)


def test_nothing_is_late_on_the_due_date_itself() -> None:
    assert late.claim(owed_since(), [], UK, RATES, DUE) is None
    assert late.claim(owed_since(), [], UK, RATES, DUE + timedelta(days=1)) is not None


def test_interest_runs_on_what_is_still_owed_after_each_part_payment() -> None:
    made = owed_since()
    came = [payment(400, DUE + timedelta(days=10), number=1), payment(100, DUE + timedelta(days=30), number=2)]
    found = late.claim(made, came, UK, RATES, DUE + timedelta(days=50))
    assert found is not None
    assert [(one.days, one.owed) for one in found.stretches] == [(10, money(1000)), (20, money(600)), (20, money(500))]
    assert [one.interest for one in found.stretches] == [money("3.29"), money("3.95"), money("3.29")]
    assert found.fixed == money(70)  # by the debt as it became late


def test_what_was_late_is_kept_when_the_principal_is_paid() -> None:
    came = [payment(1000, DUE + timedelta(days=50))]
    paid = rules.settled(owed_since(), came)
    for later in (50, 51, 400):
        found = late.claim(paid, came, UK, RATES, DUE + timedelta(days=later))
        assert found is not None
        assert found.total == money("86.44")


def test_a_payment_before_the_due_date_leaves_nothing_late() -> None:
    came = [payment(1000, DUE)]
    assert late.claim(rules.settled(owed_since(), came), came, UK, RATES, DUE + timedelta(days=50)) is None


def test_the_uk_base_rate_is_that_of_the_half_year_in_which_the_debt_became_late() -> None:
    found = late.claim(owed_since(date(2026, 12, 20)), [], UK, RATES, date(2027, 1, 31))
    assert found is not None
    assert {one.rate for one in found.stretches} == {Decimal(12)}


def test_a_deposit_is_late_by_its_own_date() -> None:
    made = owed_since(deposit=money(200), deposit_due=date(2026, 7, 1))
    found = late.claim(made, [], UK, RATES, date(2026, 7, 20))
    assert found is not None
    assert [(one.first, one.owed) for one in found.stretches] == [
        (date(2026, 7, 2), money(200)),
        (date(2026, 7, 11), money(800)),
    ]


def test_the_european_rate_changes_with_the_half_year() -> None:
    made = invoice(1000, "EUR", due_on=date(2026, 6, 20), issued_on=date(2026, 5, 20))
    said = billing(base_rates={"IE:2026H1": "2.15", "IE:2026H2": "2.40"})
    found = late.claim(made, [], client(business=True, country="IE"), said, date(2026, 7, 10))
    assert found is not None
    assert [(one.first, one.days, one.rate) for one in found.stretches] == [
        (date(2026, 6, 21), 10, Decimal("10.15")),
        (date(2026, 7, 1), 10, Decimal("10.40")),
    ]
    assert found.fixed == money(40, "EUR")


def test_a_member_state_s_own_margin_goes_before_the_union_s() -> None:
    made = invoice(1000, "EUR", due_on=DUE, issued_on=date(2026, 6, 10))
    without = late.claim(made, [], client(business=True, country="DE"), billing(), date(2026, 7, 20))
    assert without is not None
    assert without.missing == ("DE:2026H2",)
    assert without.interest == money(0, "EUR")
    assert without.fixed == money(40, "EUR")
    said = billing(base_rates={"DE:2026H2": "1.27"})
    found = late.claim(made, [], client(business=True, country="DE"), said, date(2026, 7, 20))
    assert found is not None
    assert found.stretches[0].rate == Decimal("10.27")


@pytest.mark.parametrize("business", [False, None])
def test_the_law_gives_nothing_against_a_private_person(business: bool | None) -> None:
    wedding = client(business=business, country="GB")
    for choice in (None, LateRuleChoice.UK, LateRuleChoice.EU):
        assert late.claim(owed_since(late_rule=choice), [], wedding, RATES, date(2026, 12, 1)) is None


def test_a_contract_gives_what_it_says_to_anybody_and_no_fixed_sum() -> None:
    made = owed_since(late_rule=LateRuleChoice.CONTRACT, late_rate=Decimal("7.3"))
    found = late.claim(made, [], client(business=False), billing(), DUE + timedelta(days=50))
    assert found is not None
    assert (found.total, found.fixed, found.sources) == (money(10), None, ())


def test_a_sum_of_pounds_is_not_put_on_a_debt_in_euros() -> None:
    found = late.claim(owed_since(currency="EUR"), [], UK, RATES, DUE + timedelta(days=50))
    assert found is not None
    assert found.fixed is None


def test_rows_that_are_not_in_force_are_not_used() -> None:
    found = late.claim(owed_since(), [], UK, RATES, date(2028, 1, 1))
    assert found is not None
    assert all(row.in_force for row in found.sources)
    assert not any("reform" in row.id for row in found.sources)


def test_no_country_with_such_a_law_gives_nothing_by_itself() -> None:
    assert late.claim(owed_since(), [], client(business=True, country="US"), billing(), date(2026, 12, 1)) is None
    assert late.claim(owed_since(), [], client(business=True), billing(), date(2026, 12, 1)) is None
    assert late.claim(owed_since(late_rule=LateRuleChoice.NONE), [], UK, RATES, date(2026, 12, 1)) is None


def test_a_draft_or_a_void_invoice_is_never_late() -> None:
    for state in (InvoiceState.DRAFT, InvoiceState.VOID, InvoiceState.WRITTEN_OFF):
        assert late.claim(replace(owed_since(), state=state), [], UK, RATES, date(2026, 12, 1)) is None


@given(
    st.lists(st.tuples(st.integers(1, 60_000), st.integers(-20, 120)), max_size=5),
    st.integers(1, 150),
    st.sampled_from(["GBP", "JPY", "KWD"]),
)
def test_late_days_are_each_counted_once_on_what_was_owed_that_day(
    came: list[tuple[int, int]], after: int, currency: str
) -> None:
    made = invoice(
        "1000", currency, due_on=DUE, issued_on=date(2026, 6, 1), deposit=Money(300, currency),
        deposit_due=DUE - timedelta(days=15), late_rule=LateRuleChoice.CONTRACT, late_rate=Decimal("9.5"),
    )  # fmt: skip
    payments, left = [], made.total.minor
    for number, (minor, days) in enumerate(came, 1):
        minor = min(minor, left)
        left -= minor
        if minor:
            payments.append(payment(Money(minor, currency).amount, DUE + timedelta(days=days), currency, number))
    today = DUE + timedelta(days=after)
    found = late.claim(rules.settled(made, payments), payments, client(), Billing(person_id=1), today)

    exact = Fraction(0)
    day = made.deposit_due
    assert day is not None
    while (day := day + timedelta(days=1)) <= today:
        before = sum(one.amount.minor for one in payments if one.day < day)
        due = 300 if day <= DUE else made.total.minor
        exact += Fraction(max(0, due - before)) * Fraction("9.5") / 100 / 365
    if found is None:
        assert exact == 0
        return
    assert found.interest.minor == sum(one.interest.minor for one in found.stretches if one.interest is not None)
    assert abs(found.interest.minor - exact) <= Fraction(len(found.stretches), 2)


def test_half_years_are_read() -> None:
    for said in ("2026H2", "H2 2026", "2026-2", "2026 h2"):
        assert late.read_half(said) == "2026H2"
    assert late.read_half("2026H3") is None
    assert late.read_half("soon") is None
