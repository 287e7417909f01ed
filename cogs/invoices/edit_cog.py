"""The cog that changes invoices one part at a time, and the details that all of them share."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from cogs.invoices import asked, cards, drafting, rules, scanning, terms
from cogs.invoices.asked import AFTERWARDS, Part
from cogs.invoices.suggestions import Suggestions
from cogs.kit.action import action as action_id
from cogs.kit.ask import Ask, LongText, parameters_of
from cogs.kit.call import Call
from cogs.kit.cog import Cog, action, command
from cogs.kit.faults import Conflict, Misread
from cogs.kit.form import Choice, Form
from cogs.kit.reply import Button, Field, Reply
from cogs.kit.words import Code, Strong, line
from storage.records.client import Billing
from storage.records.invoice import Invoice, InvoiceState


class InvoiceEditCog(Suggestions, Cog, name="invoiceset", topic="Invoices"):
    """Change an invoice, and what all your invoices share."""

    @command("invoice edit", "Change an invoice", example="/invoice edit I9 due net 60")
    async def edit(
        self,
        call: Call,
        id_: Annotated[int, asked.WHICH],
        field: Annotated[Part | None, Ask("What shall change?", also=asked.PART_ALSO, free=False)] = None,
        value: Annotated[str | None, asked.VALUE] = None,
    ) -> Reply:
        """Change one thing about an invoice; with nothing said, offer what can be changed."""
        if field is None and value is not None:
            field, value = _taken_apart(value)
        if field is None:
            return cards.editing(await self._service.show(call, id_))
        if value is None:
            return await self.fix(call, id_, field)
        return await self.change(call, id_, field, value=LongText(value))

    @action("edit")
    async def edit_pressed(self, call: Call, invoice_id: int) -> Reply:
        """What can be changed about it."""
        return cards.editing(await self._service.show(call, invoice_id))

    @action("fix")
    async def fix(self, call: Call, invoice_id: int, part: Part) -> Reply:
        """Open the form for one part of it."""
        view = await self._service.show(call, invoice_id)
        parameter = parameters_of(InvoiceEditCog.change, keyword_only=True)[0]
        now = cards.typed(view.invoice, view.client, part)
        return Reply(
            form=Form(
                title=f"{view.invoice.ref}: {part.label}",
                fields=(parameter,),
                then=action_id("invoiceset.change", invoice_id, part),
                values={parameter.name: now} if now else {},
            )
        )

    @action("change", title="Change it")
    async def change(
        self, call: Call, invoice_id: int, part: Part, *, value: Annotated[LongText, asked.VALUE]
    ) -> Reply:
        """Another value for one part of it."""
        view = await self._service.show(call, invoice_id)
        if view.invoice.state is not InvoiceState.DRAFT and part not in AFTERWARDS:
            raise Conflict(
                f"{view.invoice.ref} is out, so its {part.label.casefold()} stays.",
                how=f"Make it void and write a new one: /invoice void {view.invoice.ref}",
            )
        try:
            if part is Part.CLIENT:
                return cards.changed(await self._clients.give_to(call, invoice_id, value), "Changed:")
            kept = await self._service.change(call, invoice_id, lambda it: changed(it, part, value, call))
        except Misread as fault:
            fault.field = "value"
            raise
        return cards.changed(kept, "Changed:")

    # --- what all of them share ---------------------------------------------------------------------------------------

    @command("invoice details", "Your name, address, account and tax on every invoice", example="/invoice details")
    async def details(
        self,
        call: Call,
        name: Annotated[str | None, Ask("What name stands on your invoices?", example="Bob Bass", free=False)] = None,
        address: Annotated[
            LongText | None,
            Ask("Your address, one line each?", example="12 Low Road; Leeds LS1 1AA", free=False, max_length=300),
        ] = None,
        country: Annotated[str | None, Ask("In which country are you based?", example="UK", free=False)] = None,
        iban: Annotated[
            str | None, Ask("Your IBAN?", label="IBAN", example="DE89 3704 0044 0532 0130 00", free=False)
        ] = None,
        bic: Annotated[str | None, Ask("Your BIC?", label="BIC", example="COBADEFFXXX", free=False)] = None,
        bank: Annotated[
            LongText | None,
            Ask(
                "Other account details?",
                label="Account",
                example="Sort code 12-34-56; Account 12345678",
                free=False,
                max_length=300,
            ),
        ] = None,
        account_name: Annotated[str | None, Ask("In whose name is the account?", free=False)] = None,
        tax_number: Annotated[str | None, Ask("Your tax or VAT number?", example="GB123456789", free=False)] = None,
        tax: Annotated[str | None, Ask("Which tax do you charge?", example="VAT 20%, or none", free=False)] = None,
        tax_note: Annotated[
            str | None,
            Ask("What is printed where you charge no tax?", example="VAT exempt, small business", free=False),
        ] = None,
        terms_: Annotated[str | None, Ask("Your usual terms?", label="Terms", example="net 30", free=False)] = None,
    ) -> Reply:
        """Keep what was named; show what there is."""
        given = {
            "name": name, "address": address, "country": country and rules.read_country(country),
            "iban": iban and scanning.read_iban(iban), "bic": bic and scanning.read_bic(bic), "bank": bank,
            "account_name": account_name, "tax_number": tax_number, "tax_note": tax_note, "terms": terms_,
        }  # fmt: skip
        if terms_ is not None and not _hangs(terms_):
            terms.due_on(terms_, rules.today(call.now, call.zone), call, field="terms")
        values: dict[str, object] = {key: value for key, value in given.items() if value is not None}
        if tax is not None:
            read = rules.read_tax(tax, None, None)
            values |= {"tax_rate": read.rate if read is not None else None, "tax_label": read.label if read else None}
        if not values:
            return _details(await self._service.billing(call))
        return _details(await self._service.set_billing(call, lambda it: replace(it, **values)))  # type: ignore[arg-type]  # named as its fields

    @action("details", title="On every invoice")
    async def details_pressed(
        self,
        call: Call,
        *,
        name: Annotated[str | None, Ask("What name stands on your invoices?", example="Bob Bass")] = None,
        address: Annotated[
            LongText | None, Ask("Your address, one line each?", example="12 Low Road; Leeds LS1 1AA", max_length=300)
        ] = None,
        country: Annotated[str | None, Ask("In which country are you based?", example="UK")] = None,
        account: Annotated[
            LongText | None,
            Ask(
                "IBAN, or sort code and account?",
                label="Account",
                example="DE89 3704 0044 0532 0130 00",
                max_length=300,
            ),
        ] = None,
        tax_number: Annotated[str | None, Ask("Your tax or VAT number?", example="GB123456789")] = None,
    ) -> Reply:
        """The form, with the five things that matter most; the account is taken for an IBAN when it is one."""
        iban = bank = None
        if account is not None:
            try:
                iban = scanning.read_iban(account)
            except Misread:
                if account.strip()[:2].isalpha() and sum(c.isdigit() for c in account) > 12:
                    raise Misread("That looks like an IBAN with a slip in it.", field="account") from None
                bank = account
        return await self.details(
            call, name, address, country, iban, None, LongText(bank) if bank else None, None, tax_number
        )


def _details(billing: Billing) -> Reply:
    rate = None if billing.tax_rate is None else f"{billing.tax_label or 'VAT'} {billing.tax_rate.normalize():f} %"
    shown = (
        ("Name", billing.name), ("Address", billing.address), ("Country", billing.country),
        ("IBAN", billing.iban and scanning.grouped(billing.iban)), ("BIC", billing.bic), ("Account", billing.bank),
        ("Account name", billing.account_name), ("Tax number", billing.tax_number), ("Tax", rate),
        ("Tax note", billing.tax_note), ("Terms", billing.terms),
    )  # fmt: skip
    fields = tuple(Field(label, line(str(text))) for label, text in shown if text)
    return Reply(
        lines=(
            line(Strong("On every invoice of yours")) if fields else line("Nothing is kept yet for your invoices."),
            line("Change one with ", Code('/invoice details iban="…"'), ", or all at once with the button."),
        ),
        fields=fields,
        buttons=(Button("Fill in", action_id("invoiceset.details")),),
    )


def _hangs(text: str) -> bool:
    """Whether terms hang on the gig, so that they come to a day only there."""
    return any(word in text.casefold() for word in ("gig", "show", "concert", "session", "job", "night", "event"))


def changed(invoice: Invoice, part: Part, text: str, call: Call) -> Invoice:
    """The invoice with another value in one part. Raises Misread."""
    match part:
        case Part.DUE:
            day = terms.due_on(text, invoice.issued_on, call, worked_on=invoice.worked_on)
            return replace(invoice, due_on=day, terms=text.strip())
        case Part.AMOUNT:
            if len(invoice.items) > 1:
                raise Misread("It has several items; change those instead.", example="2 x Rehearsal @ 80; Session 250")
            money = drafting.read_named(text, invoice.currency, call, "value")
            item = replace(invoice.items[0], price=money, quantity=rules.ONE)
            if money.currency != invoice.currency and invoice.deposit is not None:
                raise Misread(f"Its deposit is in {invoice.currency}; take that off first.")
            return replace(invoice, items=(item,), currency=money.currency)
        case Part.ITEMS:
            return replace(invoice, items=rules.read_items(text, invoice.currency, call))
        case Part.DEPOSIT:
            if text.strip().casefold() in ("no", "none", "0"):
                return replace(invoice, deposit=None, deposit_due=None)
            money = drafting.read_named(text, invoice.currency, call, "value")
            if money.currency != invoice.currency:
                raise Misread(f"The invoice is in {invoice.currency}.", example=f"50 {invoice.currency}")
            return replace(invoice, deposit=money, deposit_due=invoice.deposit_due or invoice.issued_on)
        case Part.DEPOSIT_DUE:
            if invoice.deposit is None:
                raise Misread("There is no deposit to be due.", example="none")
            return replace(
                invoice, deposit_due=terms.due_on(text, invoice.issued_on, call, worked_on=invoice.worked_on)
            )
        case Part.TAX:
            label = invoice.tax.label if invoice.tax is not None else None
            number = invoice.tax.number if invoice.tax is not None else None
            return replace(invoice, tax=rules.read_tax(text, label, number))
        case Part.PO:
            return replace(invoice, po=_or_none(text)[:60] or None)
        case Part.NOTES:
            return replace(invoice, notes=_or_none(text)[:800] or None)
        case Part.DATE:
            day = terms.due_on(text, invoice.issued_on.replace(month=1, day=1), call)
            if day.year != invoice.year:
                raise Misread(f"Its number is of {invoice.year}, so its date stays in that year.")
            return replace(invoice, issued_on=day, due_on=max(day, invoice.due_on))
        case Part.CLIENT:
            raise AssertionError("a client is changed by the service")


def _or_none(text: str) -> str:
    return "" if text.strip().casefold() in ("none", "-", "no") else text.strip()


def _taken_apart(text: str) -> tuple[Part | None, str | None]:
    """ "due net 60" to the part and its value."""
    first, _, rest = text.strip().partition(" ")
    word = first.casefold().rstrip(":=")
    word = asked.PART_ALSO.get(word, word)
    if word not in set(Part):
        raise Misread(
            f"I could not tell what “{first[:40]}” is to change.",
            example="due net 60",
            choices=tuple(Choice(part.label, part.value) for part in Part),
            field="field",
        )
    return Part(word), rest.strip() or None
