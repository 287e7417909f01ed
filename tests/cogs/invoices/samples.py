"""An invoice, a client and an owner's settings to start from."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from cogs.kit.call import Call, Place
from storage.records.client import Billing, Client
from storage.records.invoice import Invoice, InvoiceState, Item, Payment, Towards
from storage.records.money import Money

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def money(amount: str | int | Decimal, currency: str = "GBP") -> Money:
    return Money.of(amount, currency)


def invoice(amount: str | int = 220, currency: str = "GBP", **rest: Any) -> Invoice:
    values: dict[str, Any] = {
        "id": 9, "person_id": 1, "client_id": 3, "year": 2026, "sequence": 7, "number": "2026-007",
        "issued_on": TODAY, "currency": currency, "items": (Item(what="Bass guitar", price=money(amount, currency)),),
        "due_on": date(2026, 12, 23), "state": InvoiceState.SENT, "sent_on": TODAY, "made_at": NOW, "state_at": NOW,
    }  # fmt: skip
    return Invoice(**{**values, **rest})


def client(**rest: Any) -> Client:
    values: dict[str, Any] = {"id": 3, "person_id": 1, "name": "Smith Ltd", "made_at": NOW}
    return Client(**{**values, **rest})


def billing(**rest: Any) -> Billing:
    return Billing(**{"person_id": 1, **rest})


def payment(amount: str | int, day: date, currency: str = "GBP", number: int = 1, late: bool = False) -> Payment:
    return Payment(
        id=number, invoice_id=9, amount=money(amount, currency), day=day, made_at=NOW,
        towards=Towards.LATE if late else Towards.PRINCIPAL,
    )  # fmt: skip


def call(**rest: Any) -> Call:
    values: dict[str, Any] = {
        "person_id": 1, "name": "Bob", "community_id": 1, "surface": "console", "place": Place("console:dm", False),
        "now": NOW, "zone": "Europe/London",
    }  # fmt: skip
    return Call(**{**values, **rest})
