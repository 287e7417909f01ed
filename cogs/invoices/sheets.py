"""Invoices and statements as CSV and JSON. Pure.

A spreadsheet reads them right: UTF-8 with its mark, plain decimals with a point and the currency beside them, ISO days;
and text that it would run as a formula is led by an apostrophe (OWASP, CSV Injection, read November 2026).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from cogs.invoices.paper import StatementRow
from cogs.kit.sheets import table
from storage.records.client import Client
from storage.records.invoice import Invoice, InvoiceKind, Payment, Towards
from storage.records.money import Money

_COLUMNS = (
    "number id kind standing client issued_on worked_on due_on currency net tax_rate tax total deposit deposit_due "
    "paid owed sent_on settled_on po items reason"
).split()


def rows_of(invoices: Iterable[Invoice], clients: Mapping[int, Client], today: date) -> list[dict[str, str]]:
    """One row for each invoice; sums of a credit note are negative, so that a column adds up."""
    rows = []
    for one in invoices:
        sign = -1 if one.kind is InvoiceKind.CREDIT else 1
        values = {
            "number": one.number,
            "id": one.ref,
            "kind": one.kind.value,
            "standing": one.standing(today).value,
            "client": clients[one.client_id].name,
            "issued_on": one.issued_on.isoformat(),
            "worked_on": _day(one.worked_on),
            "due_on": _day(one.due_on),
            "currency": one.currency,
            "net": _plain(one.net, sign),
            "tax_rate": "" if one.tax is None else f"{one.tax.rate:f}",
            "tax": _plain(one.tax_amount, sign),
            "total": _plain(one.total, sign),
            "deposit": "" if one.deposit is None else _plain(one.deposit),
            "deposit_due": _day(one.deposit_due),
            "paid": _plain(one.paid),
            "owed": _plain(one.owed) if one.open else _plain(Money(0, one.currency)),
            "sent_on": _day(one.sent_on),
            "settled_on": _day(one.settled_on),
            "po": one.po or "",
            "items": "; ".join(f"{item.quantity:f} x {item.what}" for item in one.items),
            "reason": one.reason or "",
        }
        rows.append(values)
    return rows


def invoices_csv(invoices: Iterable[Invoice], clients: Mapping[int, Client], today: date) -> bytes:
    """All of them, one a line."""
    return table(_COLUMNS, [[row[name] for name in _COLUMNS] for row in rows_of(invoices, clients, today)])


def invoices_json(
    invoices: Sequence[Invoice], clients: Mapping[int, Client], payments: Iterable[Payment], today: date
) -> bytes:
    """All of them with items and payments; sums as decimal text, so that no reader rounds them."""
    came: dict[int, list[dict[str, str]]] = {}
    for one in payments:
        came.setdefault(one.invoice_id, []).append(
            {
                "day": one.day.isoformat(),
                "amount": _plain(one.amount),
                "towards": "late sums" if one.towards is Towards.LATE else "invoice",
                "how": one.how or "",
            }
        )
    written = [
        {
            **row,
            "items": [
                {"what": i.what, "quantity": f"{i.quantity:f}", "price": _plain(i.price), "total": _plain(i.total)}
                for i in one.items
            ],
            "payments": came.get(one.id, []),
        }
        for one, row in zip(invoices, rows_of(invoices, clients, today), strict=True)
    ]
    return (json.dumps({"day": today.isoformat(), "invoices": written}, ensure_ascii=False, indent=2) + "\n").encode()


def statement_csv(rows: Iterable[StatementRow]) -> bytes:
    """A client's account, one line an entry."""
    return table(
        ("day", "what", "number", "currency", "change", "balance"),
        [
            [one.day.isoformat(), one.what.replace("_", " "), one.number, one.change.currency, _plain(one.change),
             _plain(one.balance)]
            for one in rows
        ],
    )  # fmt: skip


def _plain(money: Money, sign: int = 1) -> str:
    return f"{money.amount * sign:f}"


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()
