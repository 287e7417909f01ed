"""Clients, what an owner's invoices share, and the communities' invoice hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping, func, select, update

from storage.faults import Gone
from storage.records.client import Billing, Client, InvoiceHour
from storage.stores.base import Store
from storage.tables.columns import folded
from storage.tables.invoices import billing, clients, invoice_hours, invoices


class ClientStore(Store):
    """Questions and deeds about clients. The rows are exported and erased with the invoices (`InvoiceStore`)."""

    async def add(self, client: Client) -> Client:
        """Keep a new client and give it its id; the one in `client` is ignored."""
        kept = await self._one(clients.insert().values(**_client_values(client)).returning(*clients.c), _client)
        assert kept is not None
        return kept

    async def get(self, client_id: int) -> Client | None:
        """One client, one taken off the list as well."""
        return await self._one(select(clients).where(clients.c.id == client_id), _client)

    async def many(self, client_ids: Sequence[int]) -> dict[int, Client]:
        """Several clients by id."""
        return {one.id: one for one in await self._all(select(clients).where(clients.c.id.in_(client_ids)), _client)}

    async def change(self, client: Client) -> Client:
        """Write the client as it is now. Raises Gone."""
        kept = await self._one(
            update(clients).where(clients.c.id == client.id).values(**_client_values(client)).returning(*clients.c),
            _client,
        )
        if kept is None:
            raise Gone(client.ref)
        return kept

    async def named(self, person_id: int, name: str) -> Client | None:
        """The owner's client of that name, whatever its case."""
        return await self._one(
            select(clients)
            .where(clients.c.person_id == person_id, clients.c.name_key == folded(name), clients.c.deleted_at.is_(None))
            .order_by(clients.c.id)
            .limit(1),
            _client,
        )

    async def of(self, person_id: int, *, first: int = 0, n: int = 500) -> list[Client]:
        """The owner's clients by name."""
        return await self._all(
            select(clients)
            .where(clients.c.person_id == person_id, clients.c.deleted_at.is_(None))
            .order_by(clients.c.name_key, clients.c.id)
            .offset(first)
            .limit(n),
            _client,
        )

    async def count(self, person_id: int) -> int:
        """How many clients the owner has."""
        return await self._how_many(
            select(func.count())
            .select_from(clients)
            .where(clients.c.person_id == person_id, clients.c.deleted_at.is_(None))
        )

    async def invoiced(self, client_id: int) -> bool:
        """Whether any invoice is in the client's name."""
        found = await self._run(select(invoices.c.id).where(invoices.c.client_id == client_id).limit(1))
        return found.first() is not None

    # --- what an owner's invoices share -------------------------------------------------------------------------------

    async def billing(self, person_id: int) -> Billing:
        """What the owner's invoices share; all unsaid when they never said anything."""
        found = await self._one(select(billing).where(billing.c.person_id == person_id), _billing)
        return found or Billing(person_id=person_id)

    async def set_billing(self, said: Billing) -> Billing:
        """Keep it in place of what was there."""
        values = asdict(said)
        values |= {
            "tax_rate": None if said.tax_rate is None else str(said.tax_rate),
            "steps": None if said.steps is None else list(said.steps),
        }
        await self._do(
            self._insert(billing)
            .values(**values)
            .on_conflict_do_update(
                index_elements=["person_id"], set_={name: v for name, v in values.items() if name != "person_id"}
            )
        )
        return said

    # --- the invoice hour ---------------------------------------------------------------------------------------------

    async def hour(self, community_id: int) -> InvoiceHour | None:
        """The community's invoice hour, if one was ever set."""
        return await self._one(select(invoice_hours).where(invoice_hours.c.community_id == community_id), _hour)

    async def hold_hour(self, community_id: int) -> InvoiceHour | None:
        """The same, and nobody else changes it before this Work is over."""
        return await self._one(
            select(invoice_hours).where(invoice_hours.c.community_id == community_id).with_for_update(), _hour
        )

    async def set_hour(self, hour: InvoiceHour) -> InvoiceHour:
        """Keep it in place of what was there."""
        values = asdict(hour)
        await self._do(
            self._insert(invoice_hours)
            .values(**values)
            .on_conflict_do_update(
                index_elements=["community_id"], set_={name: v for name, v in values.items() if name != "community_id"}
            )
        )
        return hour


def _client_values(client: Client) -> dict[str, Any]:
    values = {name: value for name, value in asdict(client).items() if name != "id"}
    return values | {"name_key": folded(client.name)}


def _client(row: RowMapping) -> Client:
    return Client(**{name: value for name, value in row.items() if name != "name_key"})


def _billing(row: RowMapping) -> Billing:
    values = dict(row)
    return Billing(
        **values
        | {
            "tax_rate": None if values["tax_rate"] is None else Decimal(values["tax_rate"]),
            "steps": None if values["steps"] is None else tuple(values["steps"]),
        }
    )


def _hour(row: RowMapping) -> InvoiceHour:
    return InvoiceHour(**row)
