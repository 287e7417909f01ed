"""What is offered while somebody types an invoice, a client, a gig or a channel; the cogs of the room share it."""

from __future__ import annotations

from collections.abc import Sequence

from cogs.invoices.clients_service import ClientService
from cogs.invoices.service import InvoiceService
from cogs.kit.call import Call
from cogs.kit.form import Choice
from cogs.kit.tools import Tools


class Suggestions:
    """The methods that `Ask.suggest` names."""

    def __init__(self, tools: Tools) -> None:
        self._service = InvoiceService(tools)
        self._clients = ClientService(tools)
        self._clock = tools.clock

    async def suggest_invoices(self, call: Call, typed: str) -> Sequence[Choice]:
        """The caller's invoices, by id, number or client."""
        found = await self._service.suggested(call, typed)
        return [Choice(f"{one.ref} {one.number} {name}"[:100], one.ref) for one, name in found]

    async def suggest_clients(self, call: Call, typed: str) -> Sequence[Choice]:
        """The caller's clients, by name."""
        return [Choice(one.name[:100], one.name) for one in await self._clients.suggested(call, typed)]

    async def suggest_gigs(self, call: Call, typed: str) -> Sequence[Choice]:
        """Gigs that the caller was inked for and has not invoiced."""
        return [Choice(label[:100], ref) for ref, label in await self._clients.gigs_to_invoice(call, typed)]

    async def suggest_channels(self, call: Call, typed: str) -> Sequence[Choice]:
        """The community's channels."""
        found = await self._clients.channels(call, typed)
        return [Choice(one.label[:100], one.address) for one in found][:25]
