"""Sums over several invoices: what is open by age, a client's account line by line, days to pay. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from statistics import median_low

from cogs.invoices.kept import Ageing
from cogs.invoices.paper import StatementRow
from storage.records.invoice import Invoice, InvoiceKind, InvoiceState, Payment, Towards
from storage.records.money import Money

#: Names of the parts and the most days late in them; product's.
BUCKETS = (("current", 0), ("1–30", 30), ("31–60", 60), ("61–90", 90), ("90+", None))

#: Product numbers of what is shared: at least five people; below ten a coarse figure; two years.
LEAST_PEOPLE = 5
_COARSE_BELOW = 10
_COARSE_DAYS = 7
SHARED_MONTHS = 24


def ageing(invoices: Iterable[Invoice], today: date) -> list[Ageing]:
    """What is open by how many days it is late, for each currency; a deposit stands where its own due date puts it."""
    found: dict[str, dict[str, int]] = {}
    for invoice in invoices:
        if not invoice.open:
            continue
        sums = found.setdefault(invoice.currency, {name: 0 for name, _ in BUCKETS})
        for part in invoice.parts:
            sums[bucket_of((today - part.due_on).days)] += part.owed.minor
    return [
        Ageing(currency=currency, buckets=tuple((name, Money(minor, currency)) for name, minor in sums.items()))
        for currency, sums in sorted(found.items())
    ]


def bucket_of(days_late: int) -> str:
    """The part that so many days belong to."""
    return next(name for name, most in BUCKETS if most is None or days_late <= most)


def account(invoices: Sequence[Invoice], payments: Iterable[Payment], currency: str) -> list[StatementRow]:
    """A client's account in one currency, by day; the last balance is what is owed. Drafts are not in it.

    What was written off is taken off on the day it was given up; a credit note takes off its invoice.
    """
    mine = {one.id: one for one in invoices if one.currency == currency and one.state is not InvoiceState.DRAFT}
    moves: list[tuple[date, int, str, str, Money]] = []
    for one in mine.values():
        if one.kind is InvoiceKind.CREDIT:
            if one.state is not InvoiceState.VOID:
                moves.append((one.issued_on, 2, "credit", one.number, -one.total))
            continue
        credited = any(o.credits_id == one.id and o.state is not InvoiceState.VOID for o in mine.values())
        if one.state is InvoiceState.VOID and not credited:
            continue  # never went out
        moves.append((one.issued_on, 0, "invoice", one.number, one.total))
        if one.state is InvoiceState.WRITTEN_OFF:
            moves.append((one.state_at.date(), 3, "written_off", one.number, -one.owed))
    for payment in payments:
        invoice = mine.get(payment.invoice_id)
        if invoice is not None and payment.towards is Towards.PRINCIPAL:
            moves.append((payment.day, 1, "payment", invoice.number, -payment.amount))
    balance, rows = Money(0, currency), []
    for day, _, what, number, change in sorted(moves, key=lambda move: (move[0], move[1], move[3])):
        balance += change
        rows.append(StatementRow(day=day, what=what, number=number, change=change, balance=balance))
    return rows


def usual_days(days: Sequence[int]) -> int | None:
    """The median; None of nothing."""
    return median_low(days) if days else None


def shared_days(by_person: Mapping[int, Sequence[int]]) -> tuple[int, int] | None:
    """How many people, and the median of their medians; None when that could point at a person.

    Each person weighs once, however many invoices they sent. Below ten people it is rounded to whole weeks.
    """
    people = [median_low(days) for days in by_person.values() if days]
    if len(people) < LEAST_PEOPLE:
        return None
    middle = median_low(people)
    if len(people) < _COARSE_BELOW:
        middle = (middle + _COARSE_DAYS // 2) // _COARSE_DAYS * _COARSE_DAYS
    return len(people), middle
