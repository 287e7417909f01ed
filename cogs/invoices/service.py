"""What is done with invoices, one Work each. Somebody else's answers exactly as one that does not exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from cogs.invoices import drafting, planning, rules
from cogs.invoices.held import Deeds, own, view_of, words_of
from cogs.invoices.kept import PAGE, Mine, Page, View, Wanted
from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, NotFound, Stale
from cogs.kit.undo import offer_undo
from cogs.kit.words import Code
from storage.records.client import Billing, Client
from storage.records.invoice import (
    Invoice,
    InvoiceKind,
    InvoiceState,
    Payment,
    Standing,
    Towards,
)
from storage.records.money import Money
from storage.work import Work

#: "due" in lists and in the invoice hour: within a week.
SOON = timedelta(days=7)


class InvoiceService(Deeds):
    """The use cases."""

    # --- making and showing -------------------------------------------------------------------------------------------

    async def new(self, call: Call, wanted: Wanted) -> View:
        """Keep a new draft with its number."""
        async with self._open_work() as work:
            invoice, _ = await drafting.draft(work, call, wanted)
            made = await work.invoices.add(invoice)
            view = await view_of(work, made, call)
            await offer_undo(work, call, f"Invoice {made.number} made", action("invoices.unmake", made.id))
            await work.commit()
        return view

    async def show(self, call: Call, invoice_id: int) -> View:
        """One invoice. Raises NotFound."""
        async with self._open_work(reading=True) as work:
            return await view_of(work, own(call, await work.invoices.get(invoice_id), invoice_id), call)

    async def listed(self, call: Call, number: int, standing: Standing | None, due: bool, client_id: int) -> Page:
        """A page of the caller's invoices; due: only what is due within a week or late. client_id 0: of all."""
        today = rules.today(call.now, call.zone)
        narrowed = {"standing": standing, "due_by": today + SOON if due else None, "client_id": client_id or None}
        async with self._open_work(reading=True) as work:
            if client_id:
                client = await work.clients.get(client_id)
                if client is None or client.person_id != call.person_id:
                    raise NotFound("client", f"C{client_id}", list_command="/client list")
            total = await work.invoices.count(call.person_id, today, **narrowed)  # type: ignore[arg-type]  # one mapping for two calls
            pages = max(1, -(-total // PAGE))
            number = min(max(number, 0), pages - 1)
            found = await work.invoices.of(call.person_id, today, **narrowed, first=number * PAGE, n=PAGE)  # type: ignore[arg-type]  # see above
            clients = await work.clients.many([one.client_id for one in found])
        views = tuple((one, clients[one.client_id]) for one in found)
        return Page(
            number=number, pages=pages, total=total, views=views, today=today, standing=standing, due=due,
            client_id=client_id,
        )  # fmt: skip

    async def suggested(self, call: Call, typed: str) -> list[tuple[Invoice, str]]:
        """At most 25 of the caller's invoices, with their clients' names, that fit what is being typed."""
        today = rules.today(call.now, call.zone)
        async with self._open_work(reading=True) as work:
            found = await work.invoices.of(call.person_id, today, n=200)
            clients = await work.clients.many([one.client_id for one in found])
        said = typed.strip().casefold()
        named = [(one, clients[one.client_id].name) for one in found]
        return [(one, name) for one, name in named if said in f"{one.ref} {one.number} {name}".casefold()][:25]

    async def mine(self, call: Call) -> Mine:
        """What the caller has to send, what is due within a week, and what is late."""
        today = rules.today(call.now, call.zone)
        async with self._open_work(reading=True) as work:
            drafts = await work.invoices.drafts_of(call.person_id)
            open_ = await work.invoices.open_of(call.person_id)
            clients = await work.clients.many([one.client_id for one in (*drafts, *open_)])

        def named(found: list[Invoice]) -> tuple[tuple[Invoice, Client], ...]:
            return tuple((one, clients[one.client_id]) for one in found)

        chase = [one for one in open_ if one.standing(today) is Standing.OVERDUE and not one.paused_on(today)]
        soon = [one for one in open_ if _soon(one, today)]
        return Mine(drafts=named(drafts), due=named(soon), late=named(chase), today=today)

    async def everything(self, call: Call) -> tuple[list[Invoice], dict[int, Client], list[Payment], date]:
        """All the caller's invoices, their clients, and payments."""
        async with self._open_work(reading=True) as work:
            found = await work.invoices.everything_of(call.person_id)
            clients = await work.clients.many([one.client_id for one in found])
            payments = await work.invoices.payments_of([one.id for one in found])
        return found, clients, payments, rules.today(call.now, call.zone)

    async def billing(self, call: Call) -> Billing:
        """What the caller's invoices share."""
        async with self._open_work(reading=True) as work:
            return await work.clients.billing(call.person_id)

    async def set_billing(self, call: Call, change: Callable[[Billing], Billing], *, plan: bool = False) -> Billing:
        """Change what the caller's invoices share; plan: their ladders are planned anew."""
        async with self._open_work() as work:
            billing = await work.clients.set_billing(change(await work.clients.billing(call.person_id)))
            if plan:
                for one in await work.invoices.open_of(call.person_id):
                    held = await work.invoices.hold(one.id)
                    if held is not None:
                        await planning.plan(work, held, call.now)
            await work.commit()
        return billing

    # --- changing -----------------------------------------------------------------------------------------------------

    async def change(self, call: Call, invoice_id: int, change: Callable[[Invoice], Invoice]) -> View:
        """Change what an invoice says. A changed due date plans its ladder anew."""

        async def deed(work: Work, invoice: Invoice) -> Invoice:
            if invoice.state in (InvoiceState.VOID, InvoiceState.WRITTEN_OFF):
                raise Conflict(f"{invoice.ref} is closed, so it stays as it is.")
            changed = rules.checked(change(invoice))
            moved = (changed.due_on, changed.deposit_due) != (invoice.due_on, invoice.deposit_due)
            if moved:
                changed = replace(changed, snoozed_until=None)
                return await planning.plan(work, changed, call.now)
            return await work.invoices.change(changed)

        return await self._do(call, invoice_id, deed)

    async def sent(self, call: Call, invoice_id: int, day: date | None, how: str | None) -> View:
        """Note that it went to the client; its ladder begins."""

        async def deed(work: Work, invoice: Invoice) -> Invoice:
            if invoice.kind is InvoiceKind.CREDIT:
                raise Conflict(f"{invoice.ref} is a credit note; there is nothing to chase.")
            if invoice.state is not InvoiceState.DRAFT:
                raise Stale(Code(invoice.ref), f" is {words_of(invoice.state)} already.", at=invoice.state_at)
            await offer_undo(work, call, f"Invoice {invoice.number} sent", action("invoices.unsend", invoice.id))
            return await self._send(work, invoice, call, day, how)

        return await self._do(call, invoice_id, deed)

    async def _send(self, work: Work, invoice: Invoice, call: Call, day: date | None, how: str | None) -> Invoice:
        on = rules.past_day(day, rules.today(call.now, call.zone))
        changed = replace(invoice, state=InvoiceState.SENT, state_at=call.now, sent_on=on, sent_how=how, rung_on=None)
        return await planning.plan(work, changed, call.now)

    async def unsend(self, call: Call, invoice_id: int) -> View:
        """Take back that it was sent, while nothing came in."""

        async def deed(work: Work, invoice: Invoice) -> Invoice:
            if invoice.state is not InvoiceState.SENT or await work.invoices.payments_of([invoice.id]):
                raise Stale(Code(invoice.ref), " has moved on since.")
            return await planning.plan(
                work, replace(invoice, state=InvoiceState.DRAFT, sent_on=None, state_at=call.now), call.now
            )

        return await self._do(call, invoice_id, deed)

    async def void(self, call: Call, invoice_id: int, reason: str, *, undoing: bool = False) -> View:
        """Make it void. One that was sent is taken back by a credit note with a number of its own.

        undoing: this takes back that it was made, and cannot be taken back itself.
        """

        async def deed(work: Work, invoice: Invoice) -> Invoice:
            if invoice.kind is InvoiceKind.CREDIT:
                raise Conflict(f"{invoice.ref} is a credit note.", how="Make a new invoice instead: /invoice new")
            if invoice.state is InvoiceState.VOID:
                raise Stale(Code(invoice.ref), " is void already.", at=invoice.state_at)
            if invoice.paid.minor > 0:
                raise Conflict(
                    f"Money came in for {invoice.ref}, so it cannot be void.",
                    how="Write off what will not come, or take the payment back first.",
                )
            if not undoing:
                await offer_undo(work, call, f"Invoice {invoice.number} void", action("invoices.unvoid", invoice.id))
            sent = invoice.state is not InvoiceState.DRAFT
            voided = await planning.plan(
                work, replace(invoice, state=InvoiceState.VOID, reason=reason, state_at=call.now), call.now
            )
            if sent:
                today = rules.today(call.now, call.zone)
                await work.invoices.add(
                    replace(
                        voided, id=0, kind=InvoiceKind.CREDIT, credits_id=invoice.id, issued_on=today, due_on=today,
                        state=InvoiceState.SENT, sent_on=today, reason=reason, deposit=None, deposit_due=None,
                        pause=None, planned=0, next_at=None, gig_id=None, made_at=call.now,
                    )
                )  # fmt: skip
            return voided

        return await self._do(call, invoice_id, deed)

    async def unvoid(self, call: Call, invoice_id: int) -> View:
        """Take back that it was made void; its credit note becomes void in its place and keeps its number."""

        async def deed(work: Work, invoice: Invoice) -> Invoice:
            if invoice.state is not InvoiceState.VOID:
                raise Stale(Code(invoice.ref), " is not void.")
            credit = await work.invoices.credit_to(invoice.id)
            if credit is not None:
                await work.invoices.change(
                    replace(credit, state=InvoiceState.VOID, reason="taken back", state_at=call.now)
                )
            state = InvoiceState.SENT if invoice.sent_on is not None else InvoiceState.DRAFT
            return await planning.plan(work, replace(invoice, state=state, reason=None, state_at=call.now), call.now)

        return await self._do(call, invoice_id, deed)

    async def write_off(self, call: Call, invoice_id: int, reason: str | None) -> View:
        """Give up what is still owed. What came in stays."""

        async def deed(work: Work, invoice: Invoice) -> Invoice:
            if not invoice.open:
                raise Stale(Code(invoice.ref), " is not open.", at=invoice.state_at)
            done = f"Invoice {invoice.number} written off"
            await offer_undo(work, call, done, action("invoices.reopen", invoice.id))
            changed = replace(invoice, state=InvoiceState.WRITTEN_OFF, reason=reason, state_at=call.now)
            return await planning.plan(work, changed, call.now)

        return await self._do(call, invoice_id, deed)

    async def reopen(self, call: Call, invoice_id: int) -> View:
        """Expect the money after all."""

        async def deed(work: Work, invoice: Invoice) -> Invoice:
            if invoice.state is not InvoiceState.WRITTEN_OFF:
                raise Stale(Code(invoice.ref), " is not written off.")
            changed = replace(invoice, state=InvoiceState.SENT, reason=None, state_at=call.now)
            return await planning.plan(work, changed, call.now)

        return await self._do(call, invoice_id, deed)

    # --- money --------------------------------------------------------------------------------------------------------

    async def paid(
        self,
        call: Call,
        invoice_id: int,
        amount: str | None,
        day: date | None,
        how: str | None,
        *,
        instead_of: Payment | None = None,
    ) -> tuple[View, Payment]:
        """Note a payment; None: all that is owed. What is more goes to interest and fixed sums, if such are owed.

        instead_of: a payment that is taken back first, in the same Work.
        """
        noted: list[Payment] = []

        async def deed(work: Work, invoice: Invoice) -> Invoice:
            if invoice.kind is InvoiceKind.CREDIT:
                raise Conflict(f"{invoice.ref} is a credit note; nothing is paid on it.")
            rules.payable(invoice)
            if instead_of is not None:
                await self._take_back(work, instead_of, call)
                invoice = rules.settled(invoice, await work.invoices.payments_of([invoice.id]))
            if invoice.state is InvoiceState.DRAFT:
                invoice = await self._send(work, invoice, call, day, how)
            on = rules.past_day(day, rules.today(call.now, call.zone))
            view = await view_of(work, invoice, call)
            late_owed = view.claim.owed if view.claim is not None else Money(0, invoice.currency)
            said = None if amount is None else drafting.read_named(amount, invoice.currency, call, "amount")
            for sum_, towards in zip(rules.split(invoice, said, late_owed), Towards, strict=True):
                if sum_.minor > 0:
                    noted.append(
                        await work.invoices.pay(
                            Payment(
                                invoice_id=invoice.id, amount=sum_, towards=towards, day=on, how=how, made_at=call.now
                            )
                        )
                    )
            await offer_undo(work, call, f"Payment on {invoice.number}", action("invoices.unpay", noted[-1].id))
            return await self._counted(work, invoice, call)

        view = await self._do(call, invoice_id, deed)
        return view, noted[-1]

    async def unpay(self, call: Call, payment_id: int) -> View:
        """Take a payment back, and the other half of one that was split between the debt and what is late."""
        async with self._open_work() as work:
            payment = await self._payment(work, call, payment_id)
            invoice = own(call, await work.invoices.hold(payment.invoice_id), payment.invoice_id)
            await self._take_back(work, payment, call)
            view = await view_of(work, await self._counted(work, invoice, call), call)
            await work.commit()
        return view

    async def _payment(self, work: Work, call: Call, payment_id: int) -> Payment:
        """A payment of the caller's; somebody else's answers as one that never was, its invoice's number included."""
        payment = await work.invoices.payment(payment_id)
        invoice = await work.invoices.get(payment.invoice_id) if payment is not None else None
        if payment is None or invoice is None or invoice.person_id != call.person_id:
            raise NotFound("payment")
        return payment

    async def _take_back(self, work: Work, payment: Payment, call: Call) -> None:
        found = await work.invoices.payments_of([payment.invoice_id])
        whole = [one for one in found if one.made_at == payment.made_at] if payment.id in {p.id for p in found} else []
        for one in whole:
            await work.invoices.take_back(replace(one, undone_at=call.now))
        if not whole:
            raise Stale("That payment was taken back before.")

    async def fix_paid(self, call: Call, payment_id: int, amount: str, day: date | None) -> tuple[View, Payment]:
        """Another sum or day for a payment: it is taken back, and the right one noted. All or nothing."""
        async with self._open_work(reading=True) as work:
            payment = await self._payment(work, call, payment_id)
        return await self.paid(call, payment.invoice_id, amount, day or payment.day, payment.how, instead_of=payment)

    async def _counted(self, work: Work, invoice: Invoice, call: Call) -> Invoice:
        """What came in, counted anew; a pause ends with the last of it, and the ladder follows."""
        counted = rules.settled(invoice, await work.invoices.payments_of([invoice.id]))
        if counted.owed.minor <= 0:
            counted = replace(counted, pause=None, snoozed_until=None)
        elif counted.next_part != invoice.next_part and counted.snoozed_until is not None:
            counted = replace(counted, snoozed_until=None)
        return await planning.plan(work, counted, call.now)


def _soon(invoice: Invoice, today: date) -> bool:
    part = invoice.next_part
    return part is not None and today <= part.due_on <= today + SOON
