"""Invoices and payments as rows and back: sums in minor units, rates as text, items and pauses as JSON."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping

from storage.records.invoice import Invoice, Item, Pause, PauseReason, Payment, Tax, Towards
from storage.records.money import Money

_PLAIN = (
    "id person_id client_id kind year sequence number gig_id credits_id issued_on worked_on currency due_on terms "
    "deposit_due po notes state sent_on sent_how paid_minor settled_on reason late_rule planned next_at rung_on "
    "chased_on chased_tone snoozed_until made_at state_at"
).split()


def values_of(invoice: Invoice) -> dict[str, Any]:
    """The columns of an invoice but its id; year, sequence and number are as the invoice has them."""
    tax, pause = invoice.tax, invoice.pause
    return {
        **{name: getattr(invoice, name) for name in _PLAIN if name != "id"},
        "items": [
            {"what": item.what, "quantity": str(item.quantity), "price": item.price.minor} for item in invoice.items
        ],
        "tax_label": None if tax is None else tax.label,
        "tax_rate": None if tax is None else str(tax.rate),
        "tax_number": None if tax is None else tax.number,
        "total_minor": invoice.total.minor,
        "deposit_minor": None if invoice.deposit is None else invoice.deposit.minor,
        "pause": None
        if pause is None
        else {
            "reason": pause.reason.value,
            "since": pause.since.isoformat(),
            "until": None if pause.until is None else pause.until.isoformat(),
            "note": pause.note,
        },
        "late_rate": None if invoice.late_rate is None else str(invoice.late_rate),
    }


def invoice_of(row: RowMapping) -> Invoice:
    """A row of invoices as an invoice."""
    currency, pause = row["currency"], row["pause"]
    return Invoice(
        **{name: row[name] for name in _PLAIN},
        items=tuple(
            Item(what=item["what"], quantity=Decimal(item["quantity"]), price=Money(item["price"], currency))
            for item in row["items"]
        ),
        tax=None
        if row["tax_rate"] is None
        else Tax(label=row["tax_label"], rate=Decimal(row["tax_rate"]), number=row["tax_number"]),
        deposit=None if row["deposit_minor"] is None else Money(row["deposit_minor"], currency),
        pause=None
        if pause is None
        else Pause(
            reason=PauseReason(pause["reason"]),
            since=date.fromisoformat(pause["since"]),
            until=None if pause["until"] is None else date.fromisoformat(pause["until"]),
            note=pause["note"],
        ),
        late_rate=None if row["late_rate"] is None else Decimal(row["late_rate"]),
    )


def payment_of(row: RowMapping) -> Payment:
    """A row of payments as a payment."""
    return Payment(
        id=row["id"],
        invoice_id=row["invoice_id"],
        amount=Money(row["amount_minor"], row["amount_currency"]),
        towards=Towards(row["towards"]),
        day=row["day"],
        how=row["how"],
        made_at=row["made_at"],
        undone_at=row["undone_at"],
    )
