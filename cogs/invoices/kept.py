"""An invoice or a client as it is shown, with what is known around it; and what is wanted of a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cogs.invoices.late import Claim
from storage.records.client import Billing, Client
from storage.records.invoice import Invoice, Payment, Standing
from storage.records.money import Money

#: Rows of a list; product numbers.
PAGE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """An invoice with its client, payments, late sums, and the owner's settings. today: in the owner's zone.

    name: the owner's, for papers and messages. credit: the credit note that takes it back. credited: of a credit note,
    the invoice it takes back. zone: the owner's, for moments.
    """

    invoice: Invoice
    client: Client
    billing: Billing
    payments: tuple[Payment, ...]
    claim: Claim | None
    today: date
    name: str
    zone: str
    credit: Invoice | None = None
    credited: Invoice | None = None

    @property
    def standing(self) -> Standing:
        """How it stands today."""
        return self.invoice.standing(self.today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the owner's invoices. narrowed: the words it was narrowed by, for its buttons."""

    number: int
    pages: int
    total: int
    views: tuple[tuple[Invoice, Client], ...]
    today: date
    standing: Standing | None
    due: bool
    client_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was said of a new invoice, still as text where it needs the client or the gig to be read."""

    client: str | None = None
    gig_id: int | None = None
    what: str | None = None
    amount: str | None = None
    currency: str | None = None
    due: str | None = None
    deposit: str | None = None
    deposit_due: str | None = None
    items: str | None = None
    tax: str | None = None
    po: str | None = None
    notes: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A client with how the owner stands with them.

    open: invoices on which money is awaited. days: days to pay of each settled invoice, the owner's own.
    others: what other members share: how many people, and their median; None where it may not be shown.
    """

    client: Client
    open: tuple[Invoice, ...]
    days: tuple[int, ...]
    others: tuple[int, int] | None
    shares: bool
    today: date
    invoiced: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ageing:
    """What is open in one currency by how late it is; the parts add up to the whole."""

    currency: str
    buckets: tuple[tuple[str, Money], ...]

    @property
    def total(self) -> Money:
        """All of it."""
        total = Money(0, self.currency)
        for _, amount in self.buckets:
            total += amount
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """What the invoice hour shows whoever presses: to be sent, due soon, to be chased."""

    drafts: tuple[tuple[Invoice, Client], ...]
    due: tuple[tuple[Invoice, Client], ...]
    late: tuple[tuple[Invoice, Client], ...]
    today: date
