"""Clients, what an owner prints on invoices and how they want to be reminded, and the weekly hour of a community."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from enum import StrEnum


class Preset(StrEnum):
    """A ready-made ladder of reminders."""

    GENTLE = "gentle"
    NORMAL = "normal"
    FIRM = "firm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who pays somebody's invoices; seen by that owner alone.

    business: True for a business or a public body, False for a private person, None: not said yet.
    country: ISO 3166 two-letter code. language: two letters, of the messages and papers for them.
    terms: payment terms in words ("net 30"); None: the owner's own. currency: None: the owner's own.
    deleted_at: taken off the list; invoices keep pointing at the row.
    """

    id: int = 0
    person_id: int
    name: str
    contact: str | None = None
    address: str | None = None
    business: bool | None = None
    country: str | None = None
    language: str | None = None
    currency: str | None = None
    terms: str | None = None
    tax_number: str | None = None
    note: str | None = None
    made_at: datetime
    deleted_at: datetime | None = None

    @property
    def ref(self) -> str:
        """Its short id."""
        return f"C{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Billing:
    """What one owner's invoices have in common; everything may be unsaid.

    name, address: the sender as printed; None: the person's name. bank: account details in their own words, lines.
    iban, bic: for papers that carry a code to scan. tax_label, tax_rate: the usual tax line; None: none is charged.
    tax_note: printed where no tax is charged ("VAT exempt, section 19 UStG").
    steps: days from the due date on which they are reminded; None: those of the preset. hour: on their own clock.
    base_rates: the central bank's rate for a half-year as they entered it: "GB:2026H2" -> percent.
    shares_days: whether their days-to-pay count, without a name, in what others see of a payer.
    """

    person_id: int
    name: str | None = None
    address: str | None = None
    country: str | None = None
    tax_number: str | None = None
    tax_label: str | None = None
    tax_rate: Decimal | None = None
    tax_note: str | None = None
    account_name: str | None = None
    iban: str | None = None
    bic: str | None = None
    bank: str | None = None
    terms: str | None = None
    preset: Preset = Preset.NORMAL
    steps: tuple[int, ...] | None = None
    hour: time = time(10)
    base_rates: dict[str, str] = field(default_factory=dict)
    shares_days: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceHour:
    """A community's weekly word about invoices. weekday: 0 is Monday. clock: in `zone`. active: False: switched off.

    planned: running number of the last one kept. next_at: when it comes.
    """

    community_id: int
    channel_id: int
    weekday: int
    clock: time
    zone: str
    active: bool = True
    planned: int = 0
    next_at: datetime | None = None
