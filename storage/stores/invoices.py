"""Invoices and payments: numbered, kept, listed, paid, and put together for statements and shared days-to-pay."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Text, and_, cast, delete, func, not_, or_, select, update

from storage.faults import Gone
from storage.records.answer import AnswerState
from storage.records.invoice import Invoice, InvoiceKind, InvoiceState, PauseReason, Payment, Standing
from storage.stores.base import PersonalStore, Rows
from storage.stores.invoice_rows import invoice_of, payment_of, values_of
from storage.tables.answers import answers
from storage.tables.columns import folded
from storage.tables.communities import memberships
from storage.tables.invoices import billing, clients, invoice_numbers, invoices, payments


@dataclass(frozen=True, slots=True)
class DaysToPay:
    """One settled invoice of one member: whose it is, and how many days lay between sending and the last payment."""

    person_id: int
    days: int


class InvoiceStore(PersonalStore):
    """Questions and deeds about invoices. Who changes one takes it by `hold` first.

    Clients, settings and numbers are exported and erased here as well: an invoice points at its client, and the two go
    together.
    """

    personal = (invoices.c.person_id, clients.c.person_id, invoice_numbers.c.person_id, billing.c.person_id)

    async def add(self, invoice: Invoice) -> Invoice:
        """Keep a new invoice with its id and the owner's next number in the year of its date.

        The number is taken in this very transaction: of two at once the second waits, and one that is rolled back
        gives its number back, so there are no gaps.
        """
        year = invoice.issued_on.year
        taken = await self._run(
            self._insert(invoice_numbers)
            .values(person_id=invoice.person_id, year=year, last=1)
            .on_conflict_do_update(index_elements=["person_id", "year"], set_={"last": invoice_numbers.c.last + 1})
            .returning(invoice_numbers.c.last)
        )
        sequence = int(taken.scalar_one())
        values = values_of(invoice) | {"year": year, "sequence": sequence, "number": f"{year}-{sequence:03}"}
        kept = await self._one(invoices.insert().values(**values).returning(*invoices.c), invoice_of)
        assert kept is not None
        return kept

    async def get(self, invoice_id: int) -> Invoice | None:
        """One invoice."""
        return await self._one(select(invoices).where(invoices.c.id == invoice_id), invoice_of)

    async def hold(self, invoice_id: int) -> Invoice | None:
        """The invoice, and nobody else changes it before this Work is over."""
        return await self._one(select(invoices).where(invoices.c.id == invoice_id).with_for_update(), invoice_of)

    async def change(self, invoice: Invoice) -> Invoice:
        """Write the invoice as it is now; owner and number stay. Raises Gone."""
        kept = await self._one(
            update(invoices)
            .where(invoices.c.id == invoice.id)
            .values(**{name: v for name, v in values_of(invoice).items() if name not in _FIXED})
            .returning(*invoices.c),
            invoice_of,
        )
        if kept is None:
            raise Gone(invoice.ref)
        return kept

    async def credit_to(self, invoice_id: int) -> Invoice | None:
        """The credit note that takes an invoice back, if there is one."""
        return await self._one(
            select(invoices)
            .where(invoices.c.credits_id == invoice_id, invoices.c.state != InvoiceState.VOID)
            .order_by(invoices.c.id.desc())
            .limit(1),
            invoice_of,
        )

    async def of_gig(self, person_id: int, gig_id: int) -> Invoice | None:
        """The owner's invoice for a gig, unless it was made void."""
        return await self._one(
            select(invoices)
            .where(
                invoices.c.person_id == person_id,
                invoices.c.gig_id == gig_id,
                invoices.c.kind == InvoiceKind.INVOICE,
                invoices.c.state != InvoiceState.VOID,
            )
            .order_by(invoices.c.id.desc())
            .limit(1),
            invoice_of,
        )

    async def gigs_to_invoice(self, person_id: int, n: int = 25) -> list[int]:
        """Gigs that the person was inked for and has no invoice of, the latest first; ids."""
        done = select(invoices.c.id).where(
            invoices.c.person_id == person_id,
            invoices.c.gig_id == answers.c.gig_id,
            invoices.c.kind == InvoiceKind.INVOICE,
            invoices.c.state != InvoiceState.VOID,
        )
        found = await self._run(
            select(answers.c.gig_id)
            .where(answers.c.person_id == person_id, answers.c.state == AnswerState.INKED, ~done.exists())
            .order_by(answers.c.gig_id.desc())
            .limit(n)
        )
        return [row.gig_id for row in found]

    async def of(
        self,
        person_id: int,
        today: date,
        *,
        standing: Standing | None = None,
        due_by: date | None = None,
        client_id: int | None = None,
        first: int = 0,
        n: int = 8,
    ) -> list[Invoice]:
        """The owner's invoices, the newest number first; see `_which` for what narrows them."""
        return await self._all(
            select(invoices)
            .where(_which(person_id, today, standing, due_by, client_id))
            .order_by(invoices.c.id.desc())
            .offset(first)
            .limit(n),
            invoice_of,
        )

    async def count(
        self,
        person_id: int,
        today: date,
        *,
        standing: Standing | None = None,
        due_by: date | None = None,
        client_id: int | None = None,
    ) -> int:
        """How many `of` would give in all."""
        return await self._how_many(
            select(func.count()).select_from(invoices).where(_which(person_id, today, standing, due_by, client_id))
        )

    async def everything_of(self, person_id: int, *, client_id: int | None = None) -> list[Invoice]:
        """All of the owner's invoices and credit notes, oldest first; of one client if given."""
        where = [invoices.c.person_id == person_id]
        if client_id is not None:
            where.append(invoices.c.client_id == client_id)
        return await self._all(select(invoices).where(*where).order_by(invoices.c.issued_on, invoices.c.id), invoice_of)

    async def open_of(self, person_id: int, *, client_id: int | None = None) -> list[Invoice]:
        """The owner's invoices on which money is awaited, what is due first first."""
        where = [
            invoices.c.person_id == person_id,
            invoices.c.kind == InvoiceKind.INVOICE,
            invoices.c.state == InvoiceState.SENT,
            invoices.c.paid_minor < invoices.c.total_minor,
        ]
        if client_id is not None:
            where.append(invoices.c.client_id == client_id)
        return await self._all(select(invoices).where(*where).order_by(invoices.c.due_on, invoices.c.id), invoice_of)

    async def drafts_of(self, person_id: int) -> list[Invoice]:
        """The owner's drafts, oldest first."""
        return await self._all(
            select(invoices)
            .where(invoices.c.person_id == person_id, invoices.c.state == InvoiceState.DRAFT)
            .order_by(invoices.c.id),
            invoice_of,
        )

    # --- payments -----------------------------------------------------------------------------------------------------

    async def pay(self, payment: Payment) -> Payment:
        """Keep a payment; the invoice's own sums are for the caller to write."""
        values = {
            "invoice_id": payment.invoice_id,
            "amount_minor": payment.amount.minor,
            "amount_currency": payment.amount.currency,
            "towards": payment.towards,
            "day": payment.day,
            "how": payment.how,
            "made_at": payment.made_at,
        }
        kept = await self._one(payments.insert().values(**values).returning(*payments.c), payment_of)
        assert kept is not None
        return kept

    async def payment(self, payment_id: int) -> Payment | None:
        """One payment, one taken back as well."""
        return await self._one(select(payments).where(payments.c.id == payment_id), payment_of)

    async def take_back(self, payment: Payment) -> bool:
        """Count a payment no more, as of `undone_at`; False when it was taken back before."""
        return bool(
            await self._count(
                update(payments)
                .where(payments.c.id == payment.id, payments.c.undone_at.is_(None))
                .values(undone_at=payment.undone_at)
            )
        )

    async def payments_of(self, invoice_ids: Collection[int]) -> list[Payment]:
        """What came in for these invoices, oldest first; without what was taken back."""
        return await self._all(
            select(payments)
            .where(payments.c.invoice_id.in_(invoice_ids), payments.c.undone_at.is_(None))
            .order_by(payments.c.day, payments.c.id),
            payment_of,
        )

    # --- days to pay --------------------------------------------------------------------------------------------------

    async def days_of(self, person_id: int, client_id: int) -> list[int]:
        """How many days each settled invoice to a client took, from sending to the last payment."""
        found = await self._run(
            select(invoices.c.sent_on, invoices.c.settled_on).where(
                invoices.c.person_id == person_id, invoices.c.client_id == client_id, _SETTLED
            )
        )
        return [(row.settled_on - row.sent_on).days for row in found]

    async def days_shared(
        self, name: str, community_ids: Collection[int], *, before: date, since: date
    ) -> list[DaysToPay]:
        """Days to pay of a payer by this name, over the members of these communities who share theirs.

        before: only what was settled before that day; since: and not earlier than that one.
        """
        there = (
            select(memberships.c.person_id)
            .where(memberships.c.community_id.in_(community_ids), memberships.c.left_at.is_(None))
            .scalar_subquery()
        )
        found = await self._run(
            select(invoices.c.person_id, invoices.c.sent_on, invoices.c.settled_on)
            .join(clients, clients.c.id == invoices.c.client_id)
            .join(billing, billing.c.person_id == invoices.c.person_id)
            .where(
                clients.c.name_key == folded(name),
                billing.c.shares_days.is_(True),
                invoices.c.person_id.in_(there),
                _SETTLED,
                invoices.c.settled_on < before,
                invoices.c.settled_on >= since,
            )
        )
        return [DaysToPay(row.person_id, (row.settled_on - row.sent_on).days) for row in found]

    # --- everything about a person ------------------------------------------------------------------------------------

    async def export(self, person_id: int) -> dict[str, Rows]:
        """The person's invoices with their payments, clients, numbers and settings."""
        rows = await super().export(person_id)
        mine = select(invoices.c.id).where(invoices.c.person_id == person_id)
        rows["payments"] = await self._rows(select(payments).where(payments.c.invoice_id.in_(mine)))
        return rows

    async def forget(self, person_id: int) -> dict[str, int]:
        """Erase them all; how many rows went, by table."""
        own = select(clients.c.id).where(clients.c.person_id == person_id)
        mine = or_(invoices.c.person_id == person_id, invoices.c.client_id.in_(own))
        ids = select(invoices.c.id).where(mine)
        erased = {
            "payments": await self._count(delete(payments).where(payments.c.invoice_id.in_(ids))),
            "invoices": await self._count(delete(invoices).where(mine)),
        }
        for table, count in (await super().forget(person_id)).items():
            erased[table] = erased.get(table, 0) + count
        return erased


#: What only `add` writes.
_FIXED = frozenset({"person_id", "year", "sequence", "number", "kind", "credits_id", "made_at"})


_SETTLED = and_(
    invoices.c.kind == InvoiceKind.INVOICE,
    invoices.c.state == InvoiceState.SENT,
    invoices.c.sent_on.is_not(None),
    invoices.c.settled_on.is_not(None),
)


def _which(
    person_id: int, today: date, standing: Standing | None, due_by: date | None, client_id: int | None
) -> ColumnElement[bool]:
    """due_by: money is awaited on it and the next due date is not after that day. standing: as it is today.

    Whether a deposit is due cannot be said in SQL without knowing the payments' order, but whoever has paid less than
    the deposit owes it, and that can.
    """
    where: list[ColumnElement[bool]] = [invoices.c.person_id == person_id]
    sent = and_(
        invoices.c.kind == InvoiceKind.INVOICE,
        invoices.c.state == InvoiceState.SENT,
        invoices.c.paid_minor < invoices.c.total_minor,
    )
    deposit_open = invoices.c.paid_minor < func.coalesce(invoices.c.deposit_minor, 0)

    def due(day: date) -> ColumnElement[bool]:
        return or_(invoices.c.due_on <= day, and_(deposit_open, func.coalesce(invoices.c.deposit_due <= day, False)))

    yesterday = date.fromordinal(today.toordinal() - 1)
    disputed = func.coalesce(cast(invoices.c.pause, Text), "").like(f'%"reason":"{PauseReason.DISPUTE.value}"%')
    match standing:
        case Standing.DRAFT:
            where.append(invoices.c.state == InvoiceState.DRAFT)
        case Standing.VOID:
            where.append(invoices.c.state == InvoiceState.VOID)
        case Standing.WRITTEN_OFF:
            where.append(invoices.c.state == InvoiceState.WRITTEN_OFF)
        case Standing.CREDIT:
            where.append(invoices.c.kind == InvoiceKind.CREDIT)
        case Standing.PAID:
            where += [
                invoices.c.kind == InvoiceKind.INVOICE,
                invoices.c.state == InvoiceState.SENT,
                invoices.c.paid_minor >= invoices.c.total_minor,
            ]
        case Standing.DISPUTED:
            where += [sent, disputed]
        case Standing.OVERDUE:
            where += [sent, due(yesterday), not_(disputed)]
        case Standing.PART_PAID:
            where += [sent, invoices.c.paid_minor > 0, not_(due(yesterday)), not_(disputed)]
        case Standing.SENT:
            where += [sent, invoices.c.paid_minor == 0, not_(due(yesterday)), not_(disputed)]
    if due_by is not None:
        where += [sent, due(due_by)]
    if client_id is not None:
        where.append(invoices.c.client_id == client_id)
    return and_(*where)
