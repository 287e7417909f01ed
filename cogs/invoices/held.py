"""An invoice held for a deed, and as its owner sees it: what the services of invoices and of chasing share."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

from cogs.invoices import late, rules
from cogs.invoices.kept import View
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, NotFound, Stale
from cogs.kit.tools import Tools
from cogs.kit.words import Code
from storage.records.invoice import Invoice, InvoiceState
from storage.work import Work

#: What is done to a held invoice; it comes back as it was written down.
Deed = Callable[[Work, Invoice], Awaitable[Invoice]]


class Deeds:
    """A service that does something to one invoice in one Work."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work

    async def _do(self, call: Call, invoice_id: int, deed: Deed) -> View:
        """A deed on one of the caller's invoices, in one Work."""
        async with self._open_work() as work:
            invoice = own(call, await work.invoices.hold(invoice_id), invoice_id)
            view = await view_of(work, await deed(work, invoice), call)
            await work.commit()
        return view


async def view_of(work: Work, invoice: Invoice, call: Call) -> View:
    """The invoice with everything around it, as its owner sees it."""
    return await seen(work, invoice, rules.today(call.now, call.zone), call.zone_or_utc)


async def seen(work: Work, invoice: Invoice, today: date, zone: str) -> View:
    """The invoice with everything around it, on a day."""
    client = await work.clients.get(invoice.client_id)
    person = await work.people.get(invoice.person_id)
    assert client is not None and person is not None
    billing = await work.clients.billing(invoice.person_id)
    payments = await work.invoices.payments_of([invoice.id])
    void = invoice.state is InvoiceState.VOID
    return View(
        invoice=invoice, client=client, billing=billing, payments=tuple(payments),
        claim=late.claim(invoice, payments, client, billing, today), today=today, name=billing.name or person.name,
        zone=zone, credit=await work.invoices.credit_to(invoice.id) if void else None,
        credited=None if invoice.credits_id is None else await work.invoices.get(invoice.credits_id),
    )  # fmt: skip


def own(call: Call, invoice: Invoice | None, invoice_id: int) -> Invoice:
    """The invoice, if it is the caller's. Raises NotFound."""
    if invoice is None or invoice.person_id != call.person_id:
        raise NotFound("invoice", f"I{invoice_id}", list_command="/invoices")
    return invoice


def must_be_open(invoice: Invoice) -> None:
    """Raises Conflict for a draft, Stale for what is paid or closed."""
    if invoice.open:
        return
    if invoice.state is InvoiceState.DRAFT:
        raise Conflict(f"{invoice.ref} is a draft.", how=f"Send it first, then /invoice sent {invoice.ref}")
    if invoice.state is InvoiceState.SENT:
        raise Stale(Code(invoice.ref), " is paid.")
    raise Stale(Code(invoice.ref), f" is {words_of(invoice.state)}.", at=invoice.state_at)


def words_of(state: InvoiceState) -> str:
    """A state as it is said."""
    return state.value.replace("_", " ")
