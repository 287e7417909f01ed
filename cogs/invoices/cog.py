"""The invoices cog: make, list, show, print, send, void; and what a player's invoices have in common."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from cogs.invoices import asked, cards, facturx, paper, sheets
from cogs.invoices.asked import Format, Paper, Shown
from cogs.invoices.kept import View, Wanted
from cogs.invoices.suggestions import Suggestions
from cogs.invoices.typesetting import Unprintable
from cogs.kit.action import action as action_id
from cogs.kit.ask import Ask, LongText
from cogs.kit.call import Call
from cogs.kit.cog import Cog, action, command
from cogs.kit.faults import Conflict
from cogs.kit.offline import offline
from cogs.kit.reply import Button, Reply, Upload
from cogs.kit.words import line

_EXAMPLE = "/invoice Smith 450 due 30d"


class InvoicesCog(Suggestions, Cog, name="invoices", topic="Invoices"):
    """Invoices that get paid: made in one line, sent as a PDF, chased until the money is there."""

    # --- making -------------------------------------------------------------------------------------------------------

    @command(
        "invoice new",
        "Make an invoice, from a gig, for a client, or from nothing",
        one_line=("invoice",),
        example=_EXAMPLE,
    )
    async def new(
        self,
        call: Call,
        client: Annotated[str | None, asked.CLIENT] = None,
        amount: Annotated[str | None, asked.AMOUNT] = None,
        what: Annotated[str | None, asked.WHAT] = None,
        gig: Annotated[int | None, asked.GIG] = None,
        due: Annotated[str | None, asked.DUE] = None,
        currency: Annotated[str | None, asked.CURRENCY] = None,
        deposit: Annotated[str | None, asked.DEPOSIT] = None,
        deposit_due: Annotated[str | None, asked.DEPOSIT_DUE] = None,
        items: Annotated[LongText | None, asked.ITEMS] = None,
        tax: Annotated[str | None, asked.TAX] = None,
        po: Annotated[str | None, asked.PO] = None,
        notes: Annotated[LongText | None, asked.NOTES] = None,
    ) -> Reply:
        """Keep a draft. From a gig it knows who pays, how much, and for what."""
        wanted = Wanted(
            client=client, gig_id=gig, what=what, amount=amount, currency=currency, due=due, deposit=deposit,
            deposit_due=deposit_due, items=items, tax=tax, po=po, notes=notes,
        )  # fmt: skip
        return cards.made(await self._service.new(call, wanted))

    @action("unmake")
    async def unmake(self, call: Call, invoice_id: int) -> Reply:
        """Take back that it was made: it becomes void and keeps its number."""
        return cards.changed(await self._service.void(call, invoice_id, "made by mistake", undoing=True), "Void:")

    # --- looking ------------------------------------------------------------------------------------------------------

    @command("invoice list", "Your invoices", aliases=("invoices",), example="/invoices overdue")
    async def list(
        self,
        call: Call,
        state: Annotated[
            Shown | None, Ask("Which ones?", example="overdue", also={"late": "overdue", "open": "sent"})
        ] = None,
        client: Annotated[str | None, asked.CLIENT] = None,
    ) -> Reply:
        """The first page of the caller's invoices."""
        client_id = (await self._clients.named(call, client)).id if client else 0
        return await self._page(call, 0, state, client_id)

    @action("page")
    async def page(self, call: Call, number: int, state: str, client_id: int) -> Reply:
        """Another page of the list, in place of this one."""
        narrowed = Shown(state) if state in set(Shown) else None
        return (await self._page(call, number, narrowed, client_id)).with_(replaces=True)

    async def _page(self, call: Call, number: int, state: Shown | None, client_id: int) -> Reply:
        standing = state.standing if state is not None else None
        return cards.page(await self._service.listed(call, number, standing, state is Shown.DUE, client_id), call)

    @command("invoice show", "One invoice in full", example="/invoice show I9")
    async def show(self, call: Call, id_: Annotated[int, asked.WHICH]) -> Reply:
        """One invoice."""
        return cards.shown(await self._service.show(call, id_))

    @action("show")
    async def show_pressed(self, call: Call, invoice_id: int) -> Reply:
        """One invoice of a list."""
        return cards.shown(await self._service.show(call, invoice_id))

    @action("mine")
    async def mine(self, call: Call) -> Reply:
        """What the presser has to send, what is due and what is to be chased: theirs alone."""
        return cards.mine(await self._service.mine(call))

    # --- papers -------------------------------------------------------------------------------------------------------

    @command("invoice pdf", "An invoice as a PDF, ready to send", example="/invoice pdf I9")
    async def pdf(
        self,
        call: Call,
        id_: Annotated[int, asked.WHICH],
        format_: Annotated[
            Paper | None,
            Ask(
                "Which PDF?",
                label="Format",
                also={"facturx": "e-invoice", "factur-x": "e-invoice", "zugferd": "e-invoice"},
            ),
        ] = None,
    ) -> Reply:
        """The paper."""
        return await self._paper(call, await self._service.show(call, id_), format_ is Paper.E_INVOICE)

    @action("pdf")
    async def pdf_pressed(self, call: Call, invoice_id: int) -> Reply:
        """The paper."""
        return await self._paper(call, await self._service.show(call, invoice_id), False)

    @action("e_invoice")
    async def e_invoice(self, call: Call, invoice_id: int) -> Reply:
        """The paper with its e-invoice inside."""
        return await self._paper(call, await self._service.show(call, invoice_id), True)

    async def _paper(self, call: Call, view: View, e_invoice: bool) -> Reply:
        sheet = paper.Sheet(
            invoice=view.invoice, client=view.client, billing=view.billing, name=view.name, locale=call.locale,
            credited=view.credited,
        )  # fmt: skip
        try:
            printed = await offline(paper.invoice_pdf, sheet, call.now, e_invoice=e_invoice)
        except facturx.Incomplete as missing:
            raise Conflict(
                f"An e-invoice needs {missing}.", how="Add it with /invoice details or /client edit, then try again."
            ) from missing
        except Unprintable as error:
            raise Conflict(
                "An e-invoice needs a font for every letter, and some letters here have none.",
                how="Write the name in other letters, or send the plain PDF.",
            ) from error
        file = Upload(paper.file_name(view.invoice), printed.pdf, "application/pdf")
        return cards.paper(view, file, whole=printed.whole, e_invoice=e_invoice)

    @command("invoice export", "All your invoices as a file", example="/invoice export csv")
    async def export(
        self, call: Call, format_: Annotated[Format | None, Ask("Which file, csv or json?", label="Format")] = None
    ) -> Reply:
        """CSV for a spreadsheet, JSON with items and payments; both when none is named."""
        invoices, clients, payments, today = await self._service.everything(call)
        name = f"invoices-{today.isoformat()}"
        files = []
        if format_ is not Format.JSON:
            files.append(Upload(f"{name}.csv", sheets.invoices_csv(invoices, clients, today), "text/csv"))
        if format_ in (None, Format.JSON):
            content = sheets.invoices_json(invoices, clients, payments, today)
            files.append(Upload(f"{name}.json", content, "application/json"))
        return Reply(lines=(line(f"All {len(invoices)} of your invoices."),), files=tuple(files))

    @action("export")
    async def export_pressed(self, call: Call) -> Reply:
        """All of them, as files."""
        return await self.export(call)

    # --- sending and closing ------------------------------------------------------------------------------------------

    @command("invoice sent", "Note that an invoice went out; reminders begin", example="/invoice sent I9")
    async def sent(
        self,
        call: Call,
        id_: Annotated[int, asked.WHICH],
        date_: Annotated[date | None, asked.DAY] = None,
        how: Annotated[str | None, asked.HOW] = None,
    ) -> Reply:
        """Begin the ladder."""
        return cards.changed(await self._service.sent(call, id_, date_, how), "Sent:")

    @action("sent")
    async def sent_pressed(self, call: Call, invoice_id: int) -> Reply:
        """It went out today."""
        return await self.sent(call, invoice_id)

    @action("unsend")
    async def unsend(self, call: Call, invoice_id: int) -> Reply:
        """It did not."""
        return cards.changed(await self._service.unsend(call, invoice_id), "Back to draft:")

    @command(
        "invoice void",
        "Make an invoice void; one that was sent gets a credit note",
        example="/invoice void I9 wrong name",
    )
    async def void(
        self,
        call: Call,
        id_: Annotated[int, asked.WHICH],
        reason: Annotated[str, Ask("Why is it void?", label="Reason", example="wrong client", max_length=200)],
    ) -> Reply:
        """Void, with a reason; never deleted."""
        view = await self._service.void(call, id_, reason)
        reply = cards.changed(view, "Void:")
        if view.credit is not None:
            button = Button("Credit note as PDF", action_id("invoices.pdf", view.credit.id))
            reply = reply.with_(buttons=(button, *reply.buttons))
        return reply

    @action("void", title="Make it void")
    async def void_pressed(
        self,
        call: Call,
        invoice_id: int,
        *,
        reason: Annotated[str, Ask("Why is it void?", label="Reason", example="wrong client", max_length=200)],
    ) -> Reply:
        """Void, with a reason."""
        return await self.void(call, invoice_id, reason)

    @action("unvoid")
    async def unvoid(self, call: Call, invoice_id: int) -> Reply:
        """As it was."""
        return cards.changed(await self._service.unvoid(call, invoice_id), "Back:")

    @command(
        "invoice writeoff",
        "Give up what is still owed on an invoice",
        aliases=("invoice write_off",),
        example="/invoice writeoff I9",
    )
    async def write_off(
        self,
        call: Call,
        id_: Annotated[int, asked.WHICH],
        reason: Annotated[
            str | None, Ask("Why?", label="Reason", example="they went out of business", max_length=200)
        ] = None,
    ) -> Reply:
        """No more is expected."""
        return cards.changed(await self._service.write_off(call, id_, reason), "Written off:")

    @action("write_off")
    async def write_off_pressed(self, call: Call, invoice_id: int) -> Reply:
        """No more is expected."""
        return await self.write_off(call, invoice_id)

    @action("reopen")
    async def reopen(self, call: Call, invoice_id: int) -> Reply:
        """The money is expected after all."""
        return cards.changed(await self._service.reopen(call, invoice_id), "Open again:")

    # --- money that came in -------------------------------------------------------------------------------------------

    @command("invoice paid", "Note money that came in", aliases=("paid",), example="/paid I9 200")
    async def paid(
        self,
        call: Call,
        id_: Annotated[int, asked.WHICH],
        amount: Annotated[str | None, asked.PAID] = None,
        date_: Annotated[date | None, asked.DAY] = None,
        how: Annotated[str | None, asked.HOW] = None,
    ) -> Reply:
        """All of it, or a part."""
        view, payment = await self._service.paid(call, id_, amount, date_, how)
        return cards.paid(view, payment)

    @action("paid")
    async def paid_pressed(self, call: Call, invoice_id: int) -> Reply:
        """All of it came today."""
        return await self.paid(call, invoice_id)

    @action("part_paid", title="How much arrived?")
    async def part_paid(
        self,
        call: Call,
        invoice_id: int,
        *,
        amount: Annotated[str, Ask("How much arrived?", label="Amount", example="200", max_length=40)],
    ) -> Reply:
        """A part of it came today."""
        return await self.paid(call, invoice_id, amount)

    @action("unpay")
    async def unpay(self, call: Call, payment_id: int) -> Reply:
        """It did not."""
        return cards.changed(await self._service.unpay(call, payment_id), "Payment taken back:")

    @action("fix_paid", title="What arrived?")
    async def fix_paid(
        self,
        call: Call,
        payment_id: int,
        *,
        amount: Annotated[str, Ask("How much arrived?", label="Amount", example="200", max_length=40)],
        date_: Annotated[date | None, asked.DAY] = None,
    ) -> Reply:
        """Another sum or day for a payment."""
        view, payment = await self._service.fix_paid(call, payment_id, amount, date_)
        return cards.paid(view, payment)
