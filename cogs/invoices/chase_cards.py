"""Chasing as replies: the step of the ladder, the message to send, pauses, late sums with their working, the hour."""

from __future__ import annotations

from decimal import Decimal

from cogs.invoices import ladder, letters, scanning
from cogs.invoices.cards import distance, pause_line
from cogs.invoices.kept import View
from cogs.invoices.late import Claim
from cogs.kit.action import action
from cogs.kit.reply import MAIN, QUIET, AnyButton, Button, CopyButton, Field, Reply
from cogs.kit.words import Code, Day, Line, Moment, Plain, Span, Strong, Web, line
from cogs.kit.words import Shown as HowShown
from storage.records.client import Billing, InvoiceHour
from storage.records.invoice import LateRuleChoice, Tone
from storage.records.money import Money
from storage.records.people import Channel

NOT_ADVICE = "General information, not legal advice."
#: Days that Snooze holds the next reminder back.
SNOOZE_DAYS = 3
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def step(view: View, locale: str) -> Reply:
    """A step of the ladder: how it stands, and the next message at the right tone."""
    invoice, part = view.invoice, view.invoice.next_part
    assert part is not None
    days = (view.today - part.due_on).days
    tone = ladder.tone_for(invoice, view.billing.preset, view.today)
    what = "deposit " if part.label == "deposit" else ""
    if days > 0:
        state = line(Strong("Overdue"), f" by {_days(days)}: {what}", part.owed, " was due ", Day(part.due_on))
    elif days == 0:
        state = line(Strong("Due today"), f": {what}", part.owed)
    else:
        state = line(
            Strong("Due soon"),
            f": {what}",
            part.owed,
            " on ",
            Day(part.due_on),
            f", {distance(part.due_on, view.today)}",
        )
    head = line(Strong(f"Invoice {invoice.number}"), " · ", view.client.name, " · ", Code(invoice.ref))
    return _with_message(view, (head, state), tone, None, locale)


def message(view: View, tone: Tone, language: str | None, locale: str) -> Reply:
    """The message that was asked for."""
    invoice, part = view.invoice, view.invoice.next_part
    assert part is not None
    head = line(
        Strong(f"{tone.value.capitalize()} message"),
        " for ",
        invoice.number,
        " · ",
        view.client.name,
        " · ",
        Code(invoice.ref),
    )
    state = line(part.owed, " owed, due ", Day(part.due_on), f", {distance(part.due_on, view.today)}")
    return _with_message(view, (head, state), tone, language, locale)


def _with_message(view: View, lines: tuple[Line, ...], tone: Tone, language: str | None, locale: str) -> Reply:
    invoice = view.invoice
    fields = []
    if view.claim is not None and view.claim.owed.minor > 0:
        fields.append(
            Field("Late sums today", line(view.claim.owed, " on top · ", Code(f"/invoice interest {invoice.ref}")))
        )
    if invoice.owed != (invoice.next_part.owed if invoice.next_part is not None else invoice.owed):
        fields.append(Field("Owed in all", line(invoice.owed)))
    paused = (pause_line(invoice.pause),) if invoice.pause is not None and invoice.paused_on(view.today) else ()
    return Reply(
        lines=(*lines, *paused),
        fields=tuple(fields),
        buttons=(
            CopyButton("Message to copy", letter(view, tone, language, locale)),
            Button("Sent it", action("chasing.sent_it", invoice.id, tone), MAIN),
            Button("Paid", action("invoices.paid", invoice.id)),
            Button("Part paid", action("invoices.part_paid", invoice.id)),
            Button("Promised", action("chasing.promised", invoice.id)),
            Button("Dispute", action("chasing.dispute", invoice.id)),
            Button("Snooze", action("chasing.snooze", invoice.id)),
        ),
        also=(line(NOT_ADVICE),) if view.claim is not None and tone is not Tone.FRIENDLY else (),
    )


def letter(view: View, tone: Tone, language: str | None, locale: str) -> str:
    """The message to the client, with what is owed today."""
    invoice, part = view.invoice, view.invoice.next_part
    assert part is not None
    written_in = language or letters.language_of(view.client.language, locale)
    due = invoice.due_now(view.today)
    claim = view.claim.owed if view.claim is not None and view.claim.owed.minor > 0 else None
    return letters.write(
        letters.Letter(
            number=invoice.number,
            what=invoice.items[0].what + (" …" if len(invoice.items) > 1 else ""),
            owed=due if due.minor > 0 else part.owed,
            due=part.due_on,
            days_late=(view.today - part.due_on).days,
            sender=view.name,
            late_sum=claim,
            pay_to=_account(view.billing),
            by_contract=view.claim is not None and view.claim.choice is LateRuleChoice.CONTRACT,
            deposit=part.label == "deposit" and due in (part.owed, Money(0, invoice.currency)),
        ),
        tone,
        written_in,
        locale,
    )


def _account(billing: Billing) -> str | None:
    if billing.iban:
        return f"{scanning.grouped(billing.iban)}" + (f", {billing.account_name}" if billing.account_name else "")
    return ", ".join(billing.bank.replace(";", "\n").split("\n")) if billing.bank else None


def after(view: View, said: str, button: Button | None = None) -> Reply:
    """The echo of a deed on the reminders: what was done and what comes next."""
    invoice = view.invoice
    lines = [line(said, " ", Strong(invoice.number), " · ", view.client.name, " · ", Code(invoice.ref))]
    if invoice.pause is not None and invoice.paused_on(view.today):
        lines.append(pause_line(invoice.pause))
    fields = []
    if invoice.next_at is not None:
        fields.append(Field("Next reminder to you", line(Moment(invoice.next_at, view.zone))))
    buttons: tuple[AnyButton, ...] = (Button("Show it", action("invoices.show", invoice.id)),)
    return Reply(lines=tuple(lines), fields=tuple(fields), buttons=(*((button,) if button else ()), *buttons))


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


# --- late sums --------------------------------------------------------------------------------------------------------


def interest(view: View, choice: LateRuleChoice, why_none: str | None) -> Reply:
    """Interest and fixed sum with the working line by line, sources, and what is still unknown."""
    invoice, claim = view.invoice, view.claim
    title = f"Late sums on {invoice.number} · {view.client.name}"[:256]
    buttons = [
        Button(label, action("chasing.rule", invoice.id, rule), MAIN if rule is choice else QUIET)
        for label, rule in (
            ("UK statutory", LateRuleChoice.UK),
            ("EU", LateRuleChoice.EU),
            ("Contract", LateRuleChoice.CONTRACT),
            ("None", LateRuleChoice.NONE),
        )
    ]
    if view.client.business is None:
        buttons = [
            Button("They are a business", action("chasing.business", invoice.id, True), MAIN),
            Button("A private person", action("chasing.business", invoice.id, False)),
            *buttons,
        ]
    if claim is None:
        return Reply(
            title=title, lines=(line(why_none or "Nothing is late."),), buttons=tuple(buttons), also=(line(NOT_ADVICE),)
        )
    lines: list[Line] = []
    for one in claim.stretches:
        days = line(Day(one.first, HowShown.SHORT), " – ", Day(one.last)) if one.days > 1 else line(Day(one.first))
        if one.rate is None or one.interest is None:
            lines.append((*days, *line(": ", one.owed, f" for {_days(one.days)}, base rate not entered")))
        else:
            lines.append((*days, *line(": ", one.owed, f" × {_percent(one.rate)} × {one.days} / 365 = ", one.interest)))
    if claim.fixed is not None:
        lines.append(line("Fixed sum, once: ", claim.fixed))
    lines.append(line(Strong("Late sums: "), claim.total))
    if claim.paid.minor > 0:
        lines.append(line("Of which paid: ", claim.paid, ", still owed: ", claim.owed))
    if invoice.owed.minor > 0:
        lines.append(line(Strong("With the invoice: "), invoice.owed + claim.owed))
        if claim.per_day is not None:
            lines.append(line("Each further day adds ", claim.per_day))
    for half in claim.missing:
        buttons.insert(
            0,
            Button(
                f"Enter base rate {half.split(':')[1]}",
                action("chasing.base_rate", invoice.id, half.split(":")[1]),
                MAIN,
            ),
        )
    return Reply(title=title, lines=tuple(lines), buttons=tuple(buttons), also=(*_sources(claim), line(NOT_ADVICE)))


def _sources(claim: Claim) -> tuple[Line, ...]:
    found: list[Line] = []
    for row in claim.sources:
        said: list[Span] = [Plain(f"{row.rule}. ")]
        name = row.legal_basis or row.source.title
        said.append(Web(name, row.source.url) if row.source.url else Plain(name))
        if row.source.checked_on is not None:
            said += [Plain(", read "), Day(row.source.checked_on)]
        found.append(tuple(said))
    return tuple(found)


def _percent(rate: Decimal) -> str:
    text = f"{rate:f}".rstrip("0").rstrip(".") if "." in f"{rate:f}" else f"{rate:f}"
    return f"{text} %"


# --- ladder and hour --------------------------------------------------------------------------------------------------


def ladder_set(billing: Billing, zone: str) -> Reply:
    """How the owner is reminded."""
    steps = ladder.steps_of(billing)
    name = "own steps" if billing.steps is not None else billing.preset.value
    return Reply(
        lines=(
            line(Strong("Reminders to you: "), name),
            line(f"{ladder.steps_text(steps)} from the due date, at {billing.hour:%H:%M} {zone}."),
            line("They go to you alone, never to a client."),
        ),
        buttons=(
            Button("Gentle", action("chasing.preset", "gentle")),
            Button("Normal", action("chasing.preset", "normal")),
            Button("Firm", action("chasing.preset", "firm")),
        ),
    )


def hour_set(hour: InvoiceHour, channel: Channel | None) -> Reply:
    """When a community's invoice hour comes."""
    where = channel.label if channel is not None else "a channel that is gone"
    if not hour.active:
        return Reply(
            lines=(line("The invoice hour is off."),),
            buttons=(Button("Switch it on", action("chasing.hour_on", True)),),
        )
    fields = [
        Field("Where", line(where)),
        Field("When", line(f"{WEEKDAYS[hour.weekday]}s at {hour.clock:%H:%M} {hour.zone}")),
    ]
    if hour.next_at is not None:
        fields.append(Field("Next", line(Moment(hour.next_at, hour.zone))))
    return Reply(
        lines=(line(Strong("Invoice hour: "), "one message a week, with nobody's data in it."),),
        fields=tuple(fields),
        buttons=(Button("Fix", action("chasing.hour_fix")), Button("Switch it off", action("chasing.hour_on", False))),
    )


def hour() -> Reply:
    """The weekly message. It says nothing of anybody."""
    return Reply(
        lines=(
            line(Strong("Invoice hour")),
            line("Ten minutes for your own money: send what is not out, chase what is late."),
        ),
        buttons=(Button("What's mine?", action("invoices.mine"), MAIN),),
        also=(line("Only you see what the button shows."),),
    )
