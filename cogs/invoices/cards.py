"""Invoices as replies: the echo, one in full, lists, and what the invoice hour shows."""

from __future__ import annotations

from datetime import date

from cogs.invoices.asked import AFTERWARDS, Part, Shown
from cogs.invoices.kept import Mine, Page, View
from cogs.invoices.rules import items_text
from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.reply import DANGER, MAIN, AnyButton, Button, Field, Reply, Row, Upload
from cogs.kit.words import Code, Day, Line, Moment, Plain, Span, Strong, line
from cogs.kit.words import Shown as HowShown
from storage.records.client import Client
from storage.records.invoice import Invoice, InvoiceKind, InvoiceState, Pause, PauseReason, Payment, Standing, Towards
from storage.records.money import Money

#: Rows of each part of What's mine.
_MOST_MINE = 6


def distance(day: date, today: date) -> str:
    """ "today", "in 30 days", "3 days ago"."""
    days = (day - today).days
    if days in (0, 1, -1):
        return {0: "today", 1: "tomorrow", -1: "yesterday"}[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def due_line(day: date, today: date) -> Line:
    """A due date with its weekday and how far off it is."""
    return line(Day(day), f", {distance(day, today)}")


# --- after a deed -----------------------------------------------------------------------------------------------------


def made(view: View) -> Reply:
    """The echo of a new invoice, with ways to fix it, print it and send it."""
    invoice = view.invoice
    return Reply(
        lines=(line(Strong(f"Invoice {invoice.number}"), " · ", Code(invoice.ref), " · draft"),),
        fields=_fields(view),
        buttons=(
            Button("Get the PDF", action("invoices.pdf", invoice.id), MAIN),
            Button("Mark as sent", action("invoices.sent", invoice.id)),
            Button("Fix", action("invoiceset.edit", invoice.id)),
        ),
        also=_hints(view),
    )


def changed(view: View, said: str) -> Reply:
    """The echo of a change: what was done, how it stands, what comes next."""
    invoice = view.invoice
    return Reply(
        lines=(
            line(said, " ", Strong(invoice.number), " · ", view.client.name, " · ", Code(invoice.ref)),
            *_state(view),
        ),
        fields=_due_fields(view),
        buttons=_deeds(view),
    )


def paid(view: View, payment: Payment) -> Reply:
    """The echo of a payment, with what is left."""
    invoice = view.invoice
    came = [one for one in view.payments if one.made_at == payment.made_at]
    total = Money(sum(one.amount.minor for one in came), invoice.currency)
    late = [one.amount for one in came if one.towards is Towards.LATE]
    lines = [line(Strong("Paid: "), total, " on ", Day(payment.day), " for ", invoice.number, ", ", view.client.name)]
    if late:
        lines.append(line(late[0], " of it is towards interest and fixed sum."))
    if view.standing is Standing.PAID:
        lines.append(line("That is all of it. No more reminders."))
        if view.claim is not None and view.claim.owed.minor > 0:
            lines.append(
                line("Late sums of ", view.claim.owed, " stay open: see ", Code(f"/invoice interest {invoice.ref}"))
            )
    else:
        lines.append(line("Still owed: ", invoice.owed))
    return Reply(
        lines=tuple(lines),
        fields=() if view.standing is Standing.PAID else _due_fields(view),
        buttons=(
            Button("Show it", action("invoices.show", invoice.id)),
            Button("Fix", action("invoices.fix_paid", payment.id)),
        ),
    )


# --- one in full ------------------------------------------------------------------------------------------------------


def shown(view: View) -> Reply:
    """One invoice with everything about it, and a button for each thing that can be done."""
    invoice = view.invoice
    sort = "Credit note" if invoice.kind is InvoiceKind.CREDIT else "Invoice"
    return Reply(
        title=f"{sort} {invoice.number} · {view.client.name}"[:256],
        lines=_state(view),
        fields=_fields(view),
        buttons=_deeds(view),
        also=_hints(view),
    )


def _state(view: View) -> tuple[Line, ...]:
    invoice, standing = view.invoice, view.standing
    said: list[Span | str | Money] = [Strong(standing.value.capitalize())]
    if standing in (Standing.OVERDUE, Standing.PART_PAID, Standing.SENT, Standing.DISPUTED):
        said += [" · ", invoice.owed, " owed"]
    if standing is Standing.DRAFT:
        said += [" · ", invoice.total]
    if standing is Standing.PAID and invoice.settled_on is not None:
        said += [" on ", Day(invoice.settled_on)]
    if invoice.sent_on is not None and invoice.state is InvoiceState.SENT and invoice.kind is InvoiceKind.INVOICE:
        said += [", sent ", Day(invoice.sent_on, HowShown.SHORT)]
    if invoice.reason:
        said += [": ", invoice.reason]
    lines = [line(*said)]
    if view.credit is not None:
        lines.append(line("Taken back by credit note ", view.credit.number, " · ", Code(view.credit.ref)))
    if view.credited is not None:
        lines.append(line("Takes back invoice ", view.credited.number, " · ", Code(view.credited.ref)))
    if invoice.pause is not None and invoice.open and invoice.paused_on(view.today):
        lines.append(pause_line(invoice.pause))
    return tuple(lines)


def pause_line(pause: Pause) -> Line:
    """Why nothing is said, and until when."""
    why = {PauseReason.DISPUTE: "disputed", PauseReason.PROMISED: "promised", PauseReason.HOLIDAY: "holiday"}
    said: list[Span | str] = [f"No reminders: {why[pause.reason]}"]
    said += [" until ", Day(pause.until)] if pause.until is not None else [" until you resume it"]
    if pause.note:
        said += [" · ", pause.note]
    return line(*said)


def _fields(view: View) -> tuple[Field, ...]:
    invoice = view.invoice
    fields = [Field("Client", line(view.client.name, " · ", Code(view.client.ref)))]
    if len(invoice.items) == 1 and invoice.items[0].quantity == 1:
        fields.append(Field("For", line(invoice.items[0].what)))
    else:
        for item in invoice.items:
            count = f"{item.quantity.normalize():f} × "
            fields.append(Field(item.what[:100], line(count, item.price, " = ", item.total)))
    if invoice.tax is not None:
        rate = f"{invoice.tax.label} {invoice.tax.rate.normalize():f} %"
        fields.append(Field(rate, line(invoice.net, " + ", invoice.tax_amount)))
    fields.append(Field("Total", line(invoice.total)))
    if invoice.paid.minor > 0 and invoice.kind is InvoiceKind.INVOICE:
        fields.append(Field("Paid", line(invoice.paid)))
    fields += _due_fields(view)
    for label, text in (("PO", invoice.po), ("Notes", invoice.notes)):
        if text:
            fields.append(Field(label, line(text)))
    return tuple(fields)


def _due_fields(view: View) -> tuple[Field, ...]:
    invoice = view.invoice
    if invoice.kind is InvoiceKind.CREDIT or invoice.state in (InvoiceState.VOID, InvoiceState.WRITTEN_OFF):
        return ()
    fields = []
    if invoice.deposit is not None and invoice.deposit_due is not None:
        fields.append(Field("Deposit", (*line(invoice.deposit, ", due "), *due_line(invoice.deposit_due, view.today))))
    terms = f" ({invoice.terms})" if invoice.terms else ""
    fields.append(Field("Due", (*due_line(invoice.due_on, view.today), Plain(terms))))
    if invoice.next_at is not None:
        fields.append(Field("Next reminder to you", line(Moment(invoice.next_at, view.zone))))
    if view.claim is not None and view.claim.owed.minor > 0:
        fields.append(
            Field("Late sums today", line(view.claim.owed, " on top, ", Code(f"/invoice interest {invoice.ref}")))
        )
    return tuple(fields)


def _hints(view: View) -> tuple[Line, ...]:
    billing = view.billing
    if view.invoice.state is not InvoiceState.DRAFT:
        return ()
    if not (billing.iban or billing.bank):
        return (line("Add your address and account once, and they are on every invoice: ", Code("/invoice details")),)
    return ()


def _deeds(view: View) -> tuple[AnyButton, ...]:
    invoice = view.invoice
    pdf = Button("Get the PDF", action("invoices.pdf", invoice.id))
    if invoice.kind is InvoiceKind.CREDIT:
        return (pdf,)
    match invoice.state:
        case InvoiceState.DRAFT:
            return (
                Button("Get the PDF", action("invoices.pdf", invoice.id), MAIN),
                Button("Mark as sent", action("invoices.sent", invoice.id)),
                Button("Fix", action("invoiceset.edit", invoice.id)),
                Button("Void", action("invoices.void", invoice.id), DANGER),
            )
        case InvoiceState.VOID:
            credit = view.credit
            return (Button("Show the credit note", action("invoices.show", credit.id)),) if credit is not None else ()
        case InvoiceState.WRITTEN_OFF:
            return (pdf, Button("Reopen", action("invoices.reopen", invoice.id)))
    if view.standing is Standing.PAID:
        return (pdf,)
    paused = invoice.pause is not None and invoice.paused_on(view.today)
    return (
        Button("Paid", action("invoices.paid", invoice.id), MAIN),
        Button("Part paid", action("invoices.part_paid", invoice.id)),
        Button("Write to them", action("chasing.chase", invoice.id)),
        pdf,
        Button("Resume", action("chasing.resume", invoice.id))
        if paused
        else Button("Dispute", action("chasing.dispute", invoice.id)),
        Button("Fix", action("invoiceset.edit", invoice.id)),
        Button("Write off", action("invoices.write_off", invoice.id), DANGER),
        Button("Void", action("invoices.void", invoice.id), DANGER),
    )


def editing(view: View) -> Reply:
    """What can be changed, one button each; once it is sent, only what makes no second paper."""
    invoice = view.invoice
    parts = [part for part in Part if invoice.state is InvoiceState.DRAFT or part in AFTERWARDS]
    note = (
        ()
        if invoice.state is InvoiceState.DRAFT
        else (line("It is out, so its sums stay. Wrong? Void it and make a new one."),)
    )
    return Reply(
        lines=(line("What shall change about ", Strong(invoice.number), " · ", Code(invoice.ref), "?"), *note),
        fields=_fields(view),
        buttons=tuple(Button(part.label, action("invoiceset.fix", invoice.id, part)) for part in parts),
    )


def typed(invoice: Invoice, client: Client, part: Part) -> str:
    """What stands in a part now, as it could have been typed; "" where there is nothing."""
    match part:
        case Part.DUE:
            return f"{invoice.due_on.day} {invoice.due_on:%b %Y}"
        case Part.AMOUNT if len(invoice.items) == 1:
            return f"{invoice.net.amount} {invoice.currency}"
        case Part.ITEMS:
            return items_text(invoice.items)
        case Part.CLIENT:
            return client.name
        case Part.DEPOSIT if invoice.deposit is not None:
            return f"{invoice.deposit.amount} {invoice.currency}"
        case Part.DEPOSIT_DUE if invoice.deposit_due is not None:
            return f"{invoice.deposit_due.day} {invoice.deposit_due:%b %Y}"
        case Part.TAX if invoice.tax is not None:
            return f"{invoice.tax.label} {invoice.tax.rate}%"
        case Part.DATE:
            return f"{invoice.issued_on.day} {invoice.issued_on:%b %Y}"
    return {Part.PO: invoice.po, Part.NOTES: invoice.notes}.get(part) or ""


def paper(view: View, file: Upload, *, whole: bool, e_invoice: bool) -> Reply:
    """The PDF, and what to do with it."""
    invoice = view.invoice
    lines = [line(Strong(file.name), " is ready to send as it is.")]
    if e_invoice:
        lines.append(line("The e-invoice (Factur-X, ZUGFeRD) is inside."))
    if not whole:
        lines.append(line("Some letters have no font here and show as boxes. Look at it before you send it."))
    buttons: list[AnyButton] = []
    if invoice.state is InvoiceState.DRAFT:
        buttons.append(Button("Mark as sent", action("invoices.sent", invoice.id), MAIN))
        buttons.append(Button("Fix", action("invoiceset.edit", invoice.id)))
    if not e_invoice:
        buttons.append(Button("With e-invoice inside", action("invoices.e_invoice", invoice.id)))
    return Reply(lines=tuple(lines), files=(file,), buttons=tuple(buttons), also=_hints(view))


# --- lists ------------------------------------------------------------------------------------------------------------


def entry(invoice: Invoice, client: Client, today: date) -> Line:
    """One invoice on one line."""
    standing = invoice.standing(today)
    said: list[Span | str | Money] = [Code(invoice.ref), " ", invoice.number, " · ", client.name, " · "]
    part = invoice.next_part
    if invoice.open and part is not None:
        said += [invoice.owed, f" · {standing.value}, due ", Day(part.due_on, HowShown.SHORT)]
    else:
        said += [invoice.total, f" · {standing.value}"]
    return line(*said)


def page(found: Page, call: Call) -> Reply:
    """A page of the list, with buttons to the next one and to the files."""
    what = found.standing.value if found.standing is not None else "due" if found.due else ""
    if not found.total:
        nothing = f"No {what} invoices." if what else "No invoices yet."
        return Reply(lines=(line(nothing, " Make one: ", Code("/invoice Smith 450 due 30d")),))
    rows = tuple(
        Row(
            entry(invoice, client, found.today),
            (Button(f"Show {invoice.ref}", action("invoices.show", invoice.id)),),
        )
        for invoice, client in found.views
    )
    filter_ = (Shown(what).value if what else "all", found.client_id)
    buttons: list[AnyButton] = []
    if found.number > 0:
        buttons.append(Button("Back", action("invoices.page", found.number - 1, *filter_)))
    if found.number < found.pages - 1:
        buttons.append(Button("Next", action("invoices.page", found.number + 1, *filter_)))
    buttons.append(Button("What is owed by age", action("clients.ageing")))
    buttons.append(Button("Export", action("invoices.export")))
    of = f" · page {found.number + 1} of {found.pages}" if found.pages > 1 else ""
    return Reply(
        title=f"{what.capitalize() + ' invoices' if what else 'Invoices'} · {found.total}{of}",
        rows=rows,
        buttons=tuple(buttons),
    )


def mine(found: Mine) -> Reply:
    """What is to be sent, what is due, what is to be chased: the presser's own."""
    groups = (
        ("To send", found.drafts, "invoices.show"),
        ("To chase", found.late, "chasing.chase"),
        ("Due soon", found.due, "invoices.show"),
    )
    lines: list[Line] = []
    buttons: list[AnyButton] = []
    for title, views, deed in groups:
        if not views:
            continue
        lines.append(line(Strong(f"{title}: {len(views)}")))
        for invoice, client in views[:_MOST_MINE]:
            lines.append(entry(invoice, client, found.today))
            verb = "Chase" if deed == "chasing.chase" else "Show"
            buttons.append(Button(f"{verb} {invoice.ref}", action(deed, invoice.id)))
        if len(views) > _MOST_MINE:
            lines.append(line(f"and {len(views) - _MOST_MINE} more: ", Code("/invoices")))
    if not lines:
        return Reply(lines=(line("Nothing to send, nothing due, nothing to chase."),), buttons=())
    return Reply(title="Your invoices", lines=tuple(lines), buttons=tuple(buttons[:12]))
