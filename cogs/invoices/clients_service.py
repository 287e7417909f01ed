"""What is done with clients, one Work each; and the few looks around that invoices need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time

from cogs.invoices import drafting, planning, rules, sums, terms
from cogs.invoices.held import own, view_of
from cogs.invoices.kept import PAGE, Account, Ageing, View
from cogs.invoices.paper import StatementRow
from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, Misread, NotFound, Stale
from cogs.kit.form import Choice
from cogs.kit.tools import Tools
from cogs.kit.undo import offer_undo
from storage.records.client import Billing, Client, InvoiceHour
from storage.records.invoice import Invoice, InvoiceState
from storage.records.people import Channel
from storage.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A client's accounts, one for each currency, and what the paper needs. invoices: any of each currency."""

    client: Client
    billing: Billing
    name: str
    rows: dict[str, list[StatementRow]]
    invoices: dict[str, Invoice]
    ages: dict[str, Ageing]
    today: date


class ClientService:
    """The use cases. A client of somebody else answers exactly as one that does not exist."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work

    async def add(self, call: Call, client: Client) -> tuple[Client, bool]:
        """Keep a client; the second value says whether one of that name was there and was filled in instead."""
        async with self._open_work() as work:
            known = await work.clients.named(call.person_id, client.name)
            if known is None:
                kept = await work.clients.add(client)
                await offer_undo(work, call, f"Client {kept.name} added", action("clients.remove", kept.id))
            else:
                kept = await work.clients.change(_filled_in(known, client))
            await work.commit()
        return kept, known is not None

    async def named(self, call: Call, name: str) -> Client:
        """The caller's client by id or name. Raises Misread with near ones, NotFound for none."""
        async with self._open_work(reading=True) as work:
            return await _named(work, call, name)

    async def change(self, call: Call, client_id: int, change: Callable[[Client], Client]) -> Client:
        """Change what is known of a client."""
        async with self._open_work() as work:
            client = _own(call, await work.clients.get(client_id), client_id)
            changed = change(client)
            other = await work.clients.named(call.person_id, changed.name)
            if other is not None and other.id != client_id:
                raise Conflict(f"{other.ref} is called {other.name} already.", how="Choose another name.")
            kept = await work.clients.change(changed)
            await work.commit()
        return kept

    async def remove(self, call: Call, client_id: int) -> Client:
        """Take a client off the list. One with open invoices stays."""
        async with self._open_work() as work:
            client = _own(call, await work.clients.get(client_id), client_id)
            if await work.invoices.open_of(call.person_id, client_id=client_id):
                raise Conflict(f"{client.name} still owes you money.", how="/invoices shows what is open.")
            kept = await work.clients.change(replace(client, deleted_at=call.now))
            await offer_undo(work, call, f"Client {kept.name} removed"[:80], action("clients.restore", client_id))
            await work.commit()
        return kept

    async def restore(self, call: Call, client_id: int) -> Client:
        """Bring a client back."""
        async with self._open_work() as work:
            client = await work.clients.get(client_id)
            if client is None or client.person_id != call.person_id:
                raise NotFound("client", f"C{client_id}", list_command="/client list")
            if client.deleted_at is None:
                raise Stale(f"{client.name} is on your list.")
            kept = await work.clients.change(replace(client, deleted_at=None))
            await work.commit()
        return kept

    async def page(self, call: Call, number: int) -> tuple[list[Client], int, int]:
        """A page of the caller's clients, its number, and how many pages there are."""
        async with self._open_work(reading=True) as work:
            total = await work.clients.count(call.person_id)
            pages = max(1, -(-total // PAGE))
            number = min(max(number, 0), pages - 1)
            return await work.clients.of(call.person_id, first=number * PAGE, n=PAGE), number, pages

    async def suggested(self, call: Call, typed: str) -> list[Client]:
        """At most 25 of the caller's clients that fit what is being typed."""
        said = typed.strip().casefold()
        async with self._open_work(reading=True) as work:
            found = await work.clients.of(call.person_id)
        return [one for one in found if said in f"{one.ref} {one.name}".casefold()][:25]

    async def account(self, call: Call, client_id: int) -> Account:
        """A client with what is open, and how long they take."""
        async with self._open_work(reading=True) as work:
            client = _own(call, await work.clients.get(client_id), client_id)
            today = rules.today(call.now, call.zone)
            communities = [one.id for one in await work.communities.communities_of(call.person_id)]
            month = today.replace(day=1)
            # Only whole months are looked at, so that nobody can tell which payment moved the figure.
            shared = await work.invoices.days_shared(
                client.name, communities, before=month, since=terms.months_later(month, -sums.SHARED_MONTHS)
            )
            by_person: dict[int, list[int]] = {}
            for one in shared:
                by_person.setdefault(one.person_id, []).append(one.days)
            return Account(
                client=client,
                open=tuple(await work.invoices.open_of(call.person_id, client_id=client_id)),
                days=tuple(await work.invoices.days_of(call.person_id, client_id)),
                others=sums.shared_days(by_person),
                shares=(await work.clients.billing(call.person_id)).shares_days,
                today=today,
                invoiced=await work.clients.invoiced(client_id),
            )

    async def ageing(self, call: Call) -> list[Ageing]:
        """What is open to the caller by age, for each currency."""
        async with self._open_work(reading=True) as work:
            return sums.ageing(await work.invoices.open_of(call.person_id), rules.today(call.now, call.zone))

    async def statement(self, call: Call, client_id: int) -> Statement:
        """A client's accounts. Raises Conflict when nothing was ever sent."""
        async with self._open_work(reading=True) as work:
            client = _own(call, await work.clients.get(client_id), client_id)
            invoices = await work.invoices.everything_of(call.person_id, client_id=client_id)
            payments = await work.invoices.payments_of([one.id for one in invoices])
            billing = await work.clients.billing(call.person_id)
            person = await work.people.get(call.person_id)
        today = rules.today(call.now, call.zone)
        sent = {one.currency: one for one in invoices if one.state is not InvoiceState.DRAFT}
        rows = {currency: sums.account(invoices, payments, currency) for currency in sorted(sent)}
        rows = {currency: found for currency, found in rows.items() if found}
        if not rows:
            raise Conflict(f"Nothing was sent to {client.name} yet.", how="A statement begins with the first invoice.")
        return Statement(
            client=client, billing=billing, name=person.name if person is not None else call.name, rows=rows,
            invoices=sent, ages={one.currency: one for one in sums.ageing(invoices, today)}, today=today,
        )  # fmt: skip

    async def give_to(self, call: Call, invoice_id: int, name: str) -> View:
        """Put a draft in another client's name."""
        async with self._open_work() as work:
            invoice = own(call, await work.invoices.hold(invoice_id), invoice_id)
            if invoice.state is not InvoiceState.DRAFT:
                raise Conflict(f"{invoice.ref} is out, so its client stays.")
            client = await drafting.client_named(work, call, " ".join(name.split()))
            view = await view_of(work, await work.invoices.change(replace(invoice, client_id=client.id)), call)
            await work.commit()
        return view

    async def share_days(self, call: Call, on: bool) -> None:
        """Whether the caller's days to pay count in what others see of a payer."""
        async with self._open_work() as work:
            billing = await work.clients.billing(call.person_id)
            await work.clients.set_billing(replace(billing, shares_days=on))
            await work.commit()

    # --- around -------------------------------------------------------------------------------------------------------

    async def gigs_to_invoice(self, call: Call, typed: str) -> list[tuple[str, str]]:
        """Gigs that the caller was inked for and has not invoiced: id and label."""
        async with self._open_work(reading=True) as work:
            gigs = await work.gigs.many(await work.invoices.gigs_to_invoice(call.person_id))
        said = typed.strip().casefold()
        labels = [
            (
                gig.ref,
                f"{gig.ref} {gig.role.replace('_', ' ')}, {gig.span.first_day.isoformat()} {gig.where or ''}".strip(),
            )
            for gig in sorted(gigs.values(), key=lambda one: -one.id)
        ]
        return [(ref, label) for ref, label in labels if said in label.casefold()][:25]

    async def channels(self, call: Call, typed: str) -> list[Channel]:
        """The community's channels whose name fits what is being typed."""
        if call.community_id is None:
            return []
        async with self._open_work(reading=True) as work:
            channels = [one for one in await work.communities.channels_of(call.community_id) if one.is_there]
        return [one for one in channels if _folded(typed) in _folded(one.name)]

    async def set_hour(
        self, call: Call, weekday: int, clock: time, zone: str | None, channel: str | None
    ) -> tuple[InvoiceHour, Channel]:
        """Keep the community's invoice hour. Raises Misread for a channel that is not there."""
        assert call.community_id is not None
        async with self._open_work() as work:
            place = await _channel(work, call, channel)
            community = await work.communities.get(call.community_id)
            before = await work.clients.hold_hour(call.community_id)
            hour = InvoiceHour(
                community_id=call.community_id, channel_id=place.id, weekday=weekday, clock=clock,
                zone=(community.zone if community is not None else None) or zone or "UTC",
                planned=before.planned if before is not None else 0,
            )  # fmt: skip
            kept = await planning.plan_hour(work, await work.clients.set_hour(hour), call.now)
            await work.commit()
        return kept, place

    async def hour(self, call: Call) -> tuple[InvoiceHour | None, Channel | None]:
        """The community's invoice hour and its channel."""
        assert call.community_id is not None
        async with self._open_work(reading=True) as work:
            hour = await work.clients.hour(call.community_id)
            return hour, None if hour is None else await work.communities.channel_by_id(hour.channel_id)

    async def switch_hour(self, call: Call, on: bool) -> InvoiceHour:
        """Switch the invoice hour off, or on again. Raises Conflict where there is none."""
        assert call.community_id is not None
        async with self._open_work() as work:
            hour = await work.clients.hold_hour(call.community_id)
            if hour is None:
                raise Conflict("There is no invoice hour here.", how='/invoice hour when="Fri 16:00"')
            kept = await planning.plan_hour(work, replace(hour, active=on), call.now)
            await work.commit()
        return kept


async def _named(work: Work, call: Call, name: str) -> Client:
    bare = name.strip()
    if bare[:1].casefold() == "c" and bare[1:].isascii() and bare[1:].isdigit() and len(bare) <= 10:
        return _own(call, await work.clients.get(int(bare[1:])), int(bare[1:]))
    found = await work.clients.named(call.person_id, bare)
    if found is not None:
        return found
    near = [one for one in await work.clients.of(call.person_id) if bare.casefold() in one.name.casefold()]
    if len(near) == 1:
        return near[0]
    if near:
        raise Misread(
            f"Which “{bare[:40]}”?", choices=tuple(Choice(one.name[:38], one.ref) for one in near[:6]), field="name"
        )
    raise NotFound("client", bare[:40], list_command="/client list")


def _own(call: Call, client: Client | None, client_id: int) -> Client:
    if client is None or client.person_id != call.person_id or client.deleted_at is not None:
        raise NotFound("client", f"C{client_id}", list_command="/client list")
    return client


def _filled_in(known: Client, said: Client) -> Client:
    """What is known with what was said now; what was not said stays."""
    fields = ("contact", "address", "business", "country", "language", "currency", "terms", "tax_number", "note")
    return replace(known, **{name: getattr(said, name) for name in fields if getattr(said, name) is not None})


async def _channel(work: Work, call: Call, name: str | None) -> Channel:
    """The community's channel of that name; the one where the caller is when none is named."""
    assert call.community_id is not None
    if name is None and call.place.channel_id is not None:
        here = await work.communities.channel_by_id(call.place.channel_id)
        if here is not None:
            return here
    channels = [one for one in await work.communities.channels_of(call.community_id) if one.is_there]
    found = [one for one in channels if name is not None and _folded(name) in (_folded(one.name), _folded(one.address))]
    if len(found) == 1:
        return found[0]
    raise Misread(
        "Which channel?" if name is None or found else f"I know no channel “{name[:40]}” here.",
        choices=tuple(Choice(one.label[:38], one.address) for one in (found or channels)[:8]),
        example="#gigs",
        field="channel",
    )


def _folded(name: str) -> str:
    """A channel as people write it: "#Gigs", "gigs", or as the platform writes a link to it."""
    return name.strip().strip("<>").lstrip("#").casefold()
