"""What a late client owes on top: interest for each day on what was still owed, and the fixed sum of the law. Pure.

General information, not legal advice; every card says so and names the source. Only rules that are in force are used
(`storage.reference.late_payment`), and only against businesses, except for what a contract says. Interest is simple:
debt x percent / 100 / 365 for each day after the due date (GOV.UK, late commercial payments, read 2026-11-23). Each
line is rounded half up once, and the whole is the sum of the lines.

Which base rate holds: in the UK the one of the half-year in which the debt became late, for good (Late Payment of
Commercial Debts (Rate of Interest) Order 2002, article 4); in the Union the one of each half-year (Directive
2011/7/EU, article 3(2)). The owner enters it: the table's own rows for it are not sure enough to be used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from storage.records.client import Billing, Client
from storage.records.invoice import Invoice, InvoiceKind, InvoiceState, LateRuleChoice, Part, Payment, Towards
from storage.records.money import Money
from storage.reference.countries import EU_MEMBERS
from storage.reference.late_payment import LateRule, LateTopic, fixed_sum, rules_for

_YEAR = 365
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some days on which the same sum was owed at the same rate. first: the first late day; last: the last one.

    rate: percent a year in all. interest: on these days; None where the base rate of `half` is not known.
    """

    first: date
    last: date
    owed: Money
    rate: Decimal | None
    interest: Money | None
    half: str | None = None

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What may be asked for on top of an invoice by a day.

    stretches: the working. fixed: the law's flat sum, with its rule. sources: the rows used.
    missing: half-years whose base rate nobody entered ("GB:2026H2"); their interest is not in the sum.
    paid: what already came in towards it.
    """

    choice: LateRuleChoice
    stretches: tuple[Stretch, ...]
    fixed: Money | None
    sources: tuple[LateRule, ...]
    missing: tuple[str, ...]
    paid: Money
    margin: Decimal | None = None

    @property
    def interest(self) -> Money:
        """The interest lines together."""
        total = Money(0, self.paid.currency)
        for one in self.stretches:
            total += one.interest or Money(0, self.paid.currency)
        return total

    @property
    def total(self) -> Money:
        """Interest and fixed sum together."""
        return self.interest + self.fixed if self.fixed is not None else self.interest

    @property
    def owed(self) -> Money:
        """What of it has not been paid."""
        return self.total - self.paid

    @property
    def per_day(self) -> Money | None:
        """What the last stretch adds each day, rounded; None while a rate is missing."""
        last = self.stretches[-1]
        return None if last.rate is None else last.owed.times(Fraction(last.rate) / 100 / _YEAR)


def half_of(day: date) -> str:
    """ "2026H2"."""
    return f"{day.year}H{1 if day.month <= 6 else 2}"


def read_half(text: str) -> str | None:
    """ "2026 H2", "H2 2026", "2026-2" as a half-year; None for anything else."""
    bare = "".join(c for c in text.upper() if c.isalnum())
    for year, half in ((bare[:4], bare[4:]), (bare[-4:], bare[:-4])):
        if year.isdigit() and len(year) == 4 and half in ("H1", "H2", "1", "2"):
            return f"{year}H{half[-1]}"
    return None


def law_of(invoice: Invoice, client: Client, billing: Billing) -> tuple[LateRuleChoice, str]:
    """The rule that holds, and the country whose table it stands in ("GB", "DE", "EU"; "" for none)."""
    country = client.country or billing.country or ""
    choice = invoice.late_rule
    if choice is None:
        choice = LateRuleChoice.NONE
        if client.business and country == "GB":
            choice = LateRuleChoice.UK
        elif client.business and country in EU_MEMBERS:
            choice = LateRuleChoice.EU
    if choice is LateRuleChoice.UK:
        return choice, "GB"
    if choice is LateRuleChoice.EU:
        return choice, country if country in EU_MEMBERS else "EU"
    return choice, ""


def claim(invoice: Invoice, payments: Sequence[Payment], client: Client, billing: Billing, today: date) -> Claim | None:
    """What may be claimed by a day; None when nothing is late or no rule gives anything.

    It stays when the principal is paid, since what was late was late.
    """
    choice, country = law_of(invoice, client, billing)
    by_law = choice in (LateRuleChoice.UK, LateRuleChoice.EU)
    if choice is LateRuleChoice.NONE or (by_law and not client.business):
        return None
    if invoice.state is not InvoiceState.SENT or invoice.kind is not InvoiceKind.INVOICE:
        return None
    rules = rules_for(country, True, on=today) if by_law else ()
    margin_row = next((r for r in rules if r.topic is LateTopic.INTEREST and r.value is not None), None)
    if by_law and margin_row is None:
        return None
    rates = _Rates(choice, country, margin_row, invoice, billing)
    stretches = tuple(
        rates.stretch(first, last, owed, late_since)
        for first, last, owed, late_since in _owed_late(invoice, payments, today, halves=choice is LateRuleChoice.EU)
    )
    if not stretches:
        return None
    fixed_row = None
    if by_law:
        found = fixed_sum(country, stretches[0].owed.amount, on=today)
        # A sum of pounds cannot be put on a debt in euros: the law names none for it.
        fixed_row = found if found is not None and found.currency == invoice.currency else None
    late = [one.amount.minor for one in payments if one.towards is Towards.LATE]
    return Claim(
        choice=choice,
        stretches=stretches,
        fixed=None if fixed_row is None else Money.of(fixed_row.value or 0, invoice.currency),
        sources=tuple(row for row in (margin_row, fixed_row) if row is not None),
        missing=tuple(dict.fromkeys(one.half for one in stretches if one.half is not None and one.rate is None)),
        paid=Money(sum(late), invoice.currency),
        margin=None if margin_row is None else margin_row.value,
    )


class _Rates:
    """Percent a year for a day, by the rule that holds."""

    def __init__(
        self, choice: LateRuleChoice, country: str, margin: LateRule | None, invoice: Invoice, billing: Billing
    ) -> None:
        self._choice = choice
        self._country = country
        self._margin = margin
        self._invoice = invoice
        self._billing = billing

    def stretch(self, first: date, last: date, owed: Money, late_since: date) -> Stretch:
        """A stretch with its rate and interest. late_since: the first late day of that part of the debt."""
        rate, half = self._rate(first, late_since)
        days = (last - first).days + 1
        interest = None if rate is None else owed.times(Fraction(rate) / 100 * days / _YEAR)
        return Stretch(first=first, last=last, owed=owed, rate=rate, interest=interest, half=half)

    def _rate(self, day: date, late_since: date) -> tuple[Decimal | None, str | None]:
        if self._margin is None or self._margin.value is None:
            return self._invoice.late_rate or Decimal(0), None
        half = f"{self._country}:{half_of(late_since if self._choice is LateRuleChoice.UK else day)}"
        entered = self._billing.base_rates.get(half)
        if entered is not None:
            return self._margin.value + Decimal(entered), half
        return None, half


def _owed_late(
    invoice: Invoice, payments: Sequence[Payment], today: date, *, halves: bool
) -> Iterator[tuple[date, date, Money, date]]:
    """Stretches of late days with what was owed on them: first and last day, sum, first late day of that part.

    A payment stops interest from the day after it came. halves: cut at the half-years, too.
    """
    for part, came in _by_part(invoice, payments):
        owed, start = part.amount, part.due_on + _DAY
        for day, amount in [*came, (today, None)]:
            until = min(day, today)
            for first, last in _cut(start, until, halves=halves):
                if owed.minor > 0:
                    yield first, last, owed, part.due_on + _DAY
            start = max(start, until + _DAY)
            if amount is not None:
                owed -= amount


def _cut(first: date, last: date, *, halves: bool) -> Iterator[tuple[date, date]]:
    while first <= last:
        turn = date(first.year, 6, 30) if first.month <= 6 else date(first.year, 12, 31)
        end = min(last, turn) if halves else last
        yield first, end
        first = end + _DAY


def _by_part(invoice: Invoice, payments: Sequence[Payment]) -> Iterator[tuple[Part, list[tuple[date, Money]]]]:
    """Each part with what came in for it, by day: payments fill the parts in the order of their due dates."""
    left = [
        [one.day, one.amount]
        for one in sorted(payments, key=lambda p: (p.day, p.id))
        if one.towards is Towards.PRINCIPAL
    ]
    for part in invoice.parts:
        wanted, came = part.amount, list[tuple[date, Money]]()
        while wanted.minor > 0 and left:
            day, amount = left[0]
            assert isinstance(day, date) and isinstance(amount, Money)
            taken = min(amount, wanted)
            came.append((day, taken))
            wanted -= taken
            if taken == amount:
                left.pop(0)
            else:
                left[0] = [day, amount - taken]
        yield part, came
