"""Clients as replies: one with how they stand, the list, what is open by age, statements."""

from __future__ import annotations

from collections.abc import Sequence

from cogs.invoices.asked import Format
from cogs.invoices.cards import entry
from cogs.invoices.kept import Account, Ageing
from cogs.invoices.sums import usual_days
from cogs.kit.action import action
from cogs.kit.reply import DANGER, MAIN, AnyButton, Button, Field, Reply, Row, Upload
from cogs.kit.words import Code, Line, Plain, Span, Strong, line
from storage.records.client import Client

_MOST_OPEN = 6


def added(client: Client, *, before: bool) -> Reply:
    """The echo of a new client, or of one that was there and is filled in."""
    said = "Kept, with what was there: " if before else "Kept: "
    return Reply(
        lines=(line(said, Strong(client.name), " · ", Code(client.ref)),),
        fields=_known(client),
        buttons=(
            Button("Invoice them", action("clients.invoice", client.id), MAIN),
            Button("Fix", action("clients.edit", client.id)),
        ),
    )


def changed(client: Client, said: str) -> Reply:
    """The echo of a change."""
    return Reply(
        lines=(line(said, " ", Strong(client.name), " · ", Code(client.ref)),),
        fields=_known(client),
        buttons=(Button("Fix", action("clients.edit", client.id)),),
    )


def shown(account: Account) -> Reply:
    """A client with what is open and how long they take."""
    client = account.client
    fields = [*_known(client)]
    days = usual_days(account.days)
    if days is not None:
        count = len(account.days)
        fields.append(
            Field("Pays you", line(f"in {_days(days)}, the middle of {count} invoice{'s' if count != 1 else ''}"))
        )
    if account.others is not None:
        people, middle = account.others
        fields.append(
            Field("Pays members", line(f"in about {_days(middle)} (median of {people} people who share theirs)"))
        )
    open_ = tuple(entry(one, client, account.today) for one in account.open[:_MOST_OPEN])
    buttons: list[AnyButton] = [Button("Invoice them", action("clients.invoice", client.id), MAIN)]
    if account.invoiced:
        buttons.append(Button("Statement", action("clients.statement", client.id, Format.PDF)))
        buttons.append(Button("Statement as CSV", action("clients.statement", client.id, Format.CSV)))
    buttons.append(Button("Fix", action("clients.edit", client.id)))
    buttons.append(Button("Remove", action("clients.remove", client.id), DANGER))
    return Reply(title=f"{client.name} · {client.ref}", lines=open_, fields=tuple(fields), buttons=tuple(buttons))


def _known(client: Client) -> tuple[Field, ...]:
    sort = None if client.business is None else "business" if client.business else "private person"
    known = (
        ("Contact", client.contact), ("Address", client.address), ("Kind", sort), ("Country", client.country),
        ("Language", client.language), ("Currency", client.currency), ("Terms", client.terms),
        ("Tax number", client.tax_number), ("Note, yours alone", client.note),
    )  # fmt: skip
    return tuple(Field(label, line(text)) for label, text in known if text)


def page(clients: Sequence[Client], number: int, pages: int) -> Reply:
    """A page of the list."""
    if not clients:
        return Reply(lines=(line("No clients yet. Add one: ", Code('/client add name="Smith Ltd" terms="net 30"')),))
    rows = []
    for client in clients:
        said: list[Span | str] = [Code(client.ref), " ", client.name]
        said += [Plain(f" · {one}") for one in (client.terms, client.currency) if one]
        rows.append(Row(line(*said), (Button(f"Show {client.ref}", action("clients.show", client.id)),)))
    buttons: list[AnyButton] = []
    if number > 0:
        buttons.append(Button("Back", action("clients.page", number - 1)))
    if number < pages - 1:
        buttons.append(Button("Next", action("clients.page", number + 1)))
    buttons.append(Button("What is owed by age", action("clients.ageing")))
    of = f" · page {number + 1} of {pages}" if pages > 1 else ""
    return Reply(title=f"Clients{of}", rows=tuple(rows), buttons=tuple(buttons))


def ageing(found: Sequence[Ageing]) -> Reply:
    """What is open by age; currencies are never added together."""
    if not found:
        return Reply(lines=(line("Nothing is owed to you."),))
    fields: list[Field] = []
    for one in found:
        for name, amount in one.buckets:
            if amount.minor:
                label = "Not yet due" if name == "current" else f"{name} days late"
                fields.append(Field(label, line(amount)))
        fields.append(Field(f"Owed in {one.currency}", line(one.total)))
    return Reply(title="What is owed to you, by age", fields=tuple(fields))


def statement(client: Client, files: tuple[Upload, ...]) -> Reply:
    """The files of a statement."""
    return Reply(lines=(line("Statement for ", Strong(client.name), "."),), files=files)


def sharing(on: bool) -> Reply:
    """Whether days to pay are shared."""
    how: Line = line(
        "A payer's median shows to members only from five people up, never who they are, and no invoice of yours."
    )
    said = "Your days to pay count." if on else "Your days to pay are yours alone."
    label = "Stop sharing" if on else "Share my days to pay"
    return Reply(lines=(line(Strong(said)), how), buttons=(Button(label, action("clients.share", not on)),))


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"
