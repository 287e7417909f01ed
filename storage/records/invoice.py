"""An invoice: what a player asks a client to pay, what came in, and how far the reminders about it have come.

Every sum is derived from the items, the tax rate and the payments, so that the parts always add up to the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from storage.records.money import Money


class InvoiceKind(StrEnum):
    """What the paper is: a demand, or the note that takes one back."""

    INVOICE = "invoice"
    CREDIT = "credit"


class InvoiceState(StrEnum):
    """What its owner made of it. How it stands on a day follows from this and the payments: `Invoice.standing`."""

    DRAFT = "draft"
    SENT = "sent"
    WRITTEN_OFF = "written_off"
    VOID = "void"


class Standing(StrEnum):
    """How an invoice stands on a day, as lists and cards name it."""

    DRAFT = "draft"
    SENT = "sent"
    PART_PAID = "part-paid"
    PAID = "paid"
    OVERDUE = "overdue"
    DISPUTED = "disputed"
    WRITTEN_OFF = "written off"
    VOID = "void"
    CREDIT = "credit note"


class PauseReason(StrEnum):
    """Why no reminders go out."""

    DISPUTE = "dispute"
    PROMISED = "promised"
    HOLIDAY = "holiday"


class LateRuleChoice(StrEnum):
    """By which rule a late client owes interest."""

    UK = "uk"
    EU = "eu"
    CONTRACT = "contract"
    NONE = "none"


class Tone(StrEnum):
    """How firmly a message speaks; from the softest to the hardest."""

    FRIENDLY = "friendly"
    FIRM = "firm"
    FINAL = "final"


class Towards(StrEnum):
    """What a payment settles."""

    PRINCIPAL = "principal"
    LATE = "late"  # interest and fixed sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line. price: of one, before tax. quantity: exact, at most three decimals."""

    what: str
    quantity: Decimal = Decimal(1)
    price: Money

    @property
    def total(self) -> Money:
        """Quantity times price, rounded half up once."""
        return self.price.times(self.quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """A tax line. rate: percent. number: the owner's tax number as it is printed."""

    label: str
    rate: Decimal
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """No reminders since a day, until one (included), or until they are resumed."""

    reason: PauseReason
    since: date
    until: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the whole with its own due date: the deposit, or the rest. paid: what has been paid of it."""

    label: str
    amount: Money
    due_on: date
    paid: Money

    @property
    def owed(self) -> Money:
        """What is still to be paid of it."""
        return self.amount - self.paid


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that came in. day: in the owner's zone. undone_at: when it was taken back; it counts no more then."""

    id: int = 0
    invoice_id: int
    amount: Money
    towards: Towards = Towards.PRINCIPAL
    day: date
    how: str | None = None
    made_at: datetime
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """One invoice, or the credit note to one.

    person_id: its owner, the player. client_id: who pays. gig_id: the gig it came from, if it did.
    year, sequence, number: without gaps for each owner and year; `number` is printed.
    credits_id: of a credit note, the invoice that it takes back.
    issued_on: the date on it. worked_on: the day of the work. All days are in the owner's zone.
    terms: the payment terms in words, as they are printed; `due_on` is what they came to.
    deposit, deposit_due: a first part with its own due date; both or neither.
    paid: principal received; late sums are counted apart. settled_on: the day the last of it came.
    reason: why it was made void or written off.
    late_rule: by which rule interest is counted; None: by what the law of the client's country gives.
    late_rate: percent a year of a contract. Base rates of the law stand in `Billing`.
    planned: running number of the last reminder kept for it. next_at: when that comes.
    rung_on: the day the last reminder came. chased_on, chased_tone: the last message its owner sent the client.
    snoozed_until: the day on which the next reminder comes instead of the ladder's.
    """

    id: int = 0
    person_id: int
    client_id: int
    kind: InvoiceKind = InvoiceKind.INVOICE
    year: int = 0
    sequence: int = 0
    number: str = ""
    gig_id: int | None = None
    credits_id: int | None = None
    issued_on: date
    worked_on: date | None = None
    currency: str
    items: tuple[Item, ...]
    tax: Tax | None = None
    due_on: date
    terms: str | None = None
    deposit: Money | None = None
    deposit_due: date | None = None
    po: str | None = None
    notes: str | None = None
    state: InvoiceState = InvoiceState.DRAFT
    sent_on: date | None = None
    sent_how: str | None = None
    paid_minor: int = 0
    settled_on: date | None = None
    pause: Pause | None = None
    reason: str | None = None
    late_rule: LateRuleChoice | None = None
    late_rate: Decimal | None = None
    planned: int = 0
    next_at: datetime | None = None
    rung_on: date | None = None
    chased_on: date | None = None
    chased_tone: Tone | None = None
    snoozed_until: date | None = None
    made_at: datetime
    state_at: datetime

    def __post_init__(self) -> None:
        if not self.items:
            raise ValueError("an invoice has at least one item")
        if any(item.price.currency != self.currency for item in self.items):
            raise ValueError("all items of an invoice are in its currency")
        if (self.deposit is None) != (self.deposit_due is None):
            raise ValueError("a deposit and its due date come together")

    @property
    def ref(self) -> str:
        """Its short id."""
        return f"I{self.id}"

    @property
    def net(self) -> Money:
        """The sum of the items, before tax."""
        total = Money(0, self.currency)
        for item in self.items:
            total += item.total
        return total

    @property
    def tax_amount(self) -> Money:
        """The tax on the whole, rounded half up once."""
        return Money(0, self.currency) if self.tax is None else self.net.times(self.tax.rate / 100)

    @property
    def total(self) -> Money:
        """What the client is to pay."""
        return self.net + self.tax_amount

    @property
    def paid(self) -> Money:
        """What has come in of the total."""
        return Money(self.paid_minor, self.currency)

    @property
    def owed(self) -> Money:
        """What is still to come of the total."""
        return self.total - self.paid

    @property
    def open(self) -> bool:
        """Whether money is awaited: sent, not wholly paid, neither void nor written off."""
        return self.kind is InvoiceKind.INVOICE and self.state is InvoiceState.SENT and self.owed.minor > 0

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts by due date; what was paid fills them in that order. Their sums are the invoice's."""
        deposit, deposit_due = self.deposit, self.deposit_due
        if deposit is None or deposit_due is None:
            return (Part(label="total", amount=self.total, due_on=self.due_on, paid=self.paid),)
        pieces = [("deposit", deposit, deposit_due), ("balance", self.total - deposit, self.due_on)]
        left, parts = self.paid, []
        for number, (label, amount, due) in enumerate(pieces):
            last = number == len(pieces) - 1
            paid = left if last or left < amount else amount
            parts.append(Part(label=label, amount=amount, due_on=due, paid=paid))
            left -= paid
        return tuple(parts)

    @property
    def next_part(self) -> Part | None:
        """The first part that is not wholly paid."""
        return next((part for part in self.parts if part.owed.minor > 0), None)

    def due_now(self, day: date) -> Money:
        """What should have been paid by a day and was not."""
        late = Money(0, self.currency)
        for part in self.parts:
            if part.due_on < day:
                late += part.owed
        return late

    def paused_on(self, day: date) -> bool:
        """Whether reminders are held back on a day."""
        return self.pause is not None and (self.pause.until is None or day <= self.pause.until)

    def standing(self, day: date) -> Standing:
        """How it stands on a day."""
        if self.kind is InvoiceKind.CREDIT and self.state is not InvoiceState.VOID:
            return Standing.CREDIT
        if self.state in _FINAL:
            return _FINAL[self.state]
        if self.owed.minor <= 0:
            return Standing.PAID
        if self.pause is not None and self.pause.reason is PauseReason.DISPUTE and self.paused_on(day):
            return Standing.DISPUTED
        if self.due_now(day).minor > 0:
            return Standing.OVERDUE
        return Standing.PART_PAID if self.paid_minor > 0 else Standing.SENT


_FINAL = {
    InvoiceState.DRAFT: Standing.DRAFT,
    InvoiceState.VOID: Standing.VOID,
    InvoiceState.WRITTEN_OFF: Standing.WRITTEN_OFF,
}
