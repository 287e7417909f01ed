"""What is done about an invoice that is not paid: messages noted, reminders held back, late sums chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from cogs.invoices import late, planning, rules
from cogs.invoices.held import Deeds, must_be_open
from cogs.invoices.kept import View
from cogs.kit.call import Call
from cogs.kit.faults import Misread, Stale
from cogs.kit.words import Code
from storage.records.invoice import Invoice, LateRuleChoice, Pause, PauseReason, Tone
from storage.work import Work


class ChaseService(Deeds):
    """The use cases. Somebody else's invoice answers exactly as one that does not exist."""

    async def chased(self, call: Call, invoice_id: int, tone: Tone) -> View:
        """Note that the message went out: the owner is left in peace over the next morning."""
        today = rules.today(call.now, call.zone)

        async def deed(work: Work, invoice: Invoice) -> Invoice:
            must_be_open(invoice)
            return await planning.plan(
                work, replace(invoice, chased_on=today, chased_tone=tone, snoozed_until=None), call.now
            )

        return await self._do(call, invoice_id, deed)

    async def pause(
        self, call: Call, invoice_id: int, reason: PauseReason, until: date | None, note: str | None
    ) -> View:
        """Hold the reminders back, until a day or until they are resumed."""
        today = rules.today(call.now, call.zone)

        async def deed(work: Work, invoice: Invoice) -> Invoice:
            must_be_open(invoice)
            if until is not None and until < today:
                raise Misread("That day has passed.", example="Friday", field="until")
            if until is None and reason is PauseReason.PROMISED:
                raise Misread("Until when did they promise it?", example="Friday", field="until")
            paused = Pause(reason=reason, since=today, until=until, note=note)
            return await planning.plan(work, replace(invoice, pause=paused, snoozed_until=None), call.now)

        return await self._do(call, invoice_id, deed)

    async def resume(self, call: Call, invoice_id: int) -> View:
        """Go on with the ladder."""

        async def deed(work: Work, invoice: Invoice) -> Invoice:
            if invoice.pause is None:
                raise Stale(Code(invoice.ref), " is not paused.")
            return await planning.plan(work, replace(invoice, pause=None), call.now)

        return await self._do(call, invoice_id, deed)

    async def snooze(self, call: Call, invoice_id: int, days: int) -> View:
        """Come again in so many days, instead of by the ladder."""
        today = rules.today(call.now, call.zone)

        async def deed(work: Work, invoice: Invoice) -> Invoice:
            must_be_open(invoice)
            return await planning.plan(work, replace(invoice, snoozed_until=today + timedelta(days=days)), call.now)

        return await self._do(call, invoice_id, deed)

    async def interest(
        self, call: Call, invoice_id: int, rule: LateRuleChoice | None, rate: Decimal | None, half: str | None
    ) -> View:
        """Choose the rule for late sums; rate: a contract's percent, or the base rate of a half-year."""

        async def deed(work: Work, invoice: Invoice) -> Invoice:
            changed = replace(invoice, late_rule=rule or invoice.late_rule)
            client = await work.clients.get(changed.client_id)
            billing = await work.clients.billing(call.person_id)
            assert client is not None
            choice, country = late.law_of(changed, client, billing)
            if choice is LateRuleChoice.CONTRACT:
                if rate is None and changed.late_rate is None:
                    raise Misread("How many percent a year does the contract say?", example="8", field="rate")
                changed = replace(changed, late_rate=rate if rate is not None else changed.late_rate)
            elif rate is not None:
                if not country:
                    raise Misread(
                        "Which law gives the interest? A base rate means nothing without it.",
                        example="uk, eu",
                        field="rule",
                    )
                part = changed.next_part or changed.parts[-1]
                start = part.due_on + timedelta(days=1)
                period = half or late.half_of(start)
                rates = {**billing.base_rates, f"{country}:{period}": str(rate)}
                await work.clients.set_billing(replace(billing, base_rates=rates))
            return await work.invoices.change(changed)

        return await self._do(call, invoice_id, deed)

    async def set_business(self, call: Call, invoice_id: int, business: bool) -> View:
        """Say whether the invoice's client is a business."""

        async def deed(work: Work, invoice: Invoice) -> Invoice:
            client = await work.clients.get(invoice.client_id)
            assert client is not None
            await work.clients.change(replace(client, business=business))
            return invoice

        return await self._do(call, invoice_id, deed)
