"""What one's own quote and floor, and the worth of a gig, need from the database; one Work each."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cogs.kit.call import Call
from cogs.kit.faults import NotFound, Stale
from cogs.kit.tools import Tools
from storage.records.client import Client
from storage.records.draft import Draft
from storage.records.fee import Unit
from storage.records.gig import Gig
from storage.records.money import Money
from storage.records.rate import RateFloor, RateReport
from storage.reference import tax
from storage.reference.sources import Source, within_term

#: How long Fix works under a quote.
QUOTES_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What somebody's own past says: floors, and entries of the last twelve months."""

    floors: tuple[RateFloor, ...]
    entries: tuple[RateReport, ...]
    country: str | None


class QuoteService:
    """Floors, one's own year, a gig's fee, a client's currency."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work

    async def floors(self, call: Call) -> list[RateFloor]:
        """The caller's own."""
        async with self._open_work(reading=True) as work:
            return await work.rates.floors(call.person_id)

    async def set_floor(self, call: Call, unit: Unit, least: Money) -> list[RateFloor]:
        """Keep a floor, or (nothing) forget it; all of them then."""
        async with self._open_work() as work:
            if least.minor > 0:
                await work.rates.set_floor(RateFloor(person_id=call.person_id, unit=unit, least=least, set_at=call.now))
            else:
                await work.rates.drop_floor(call.person_id, unit)
            floors = await work.rates.floors(call.person_id)
            await work.commit()
        return floors

    async def own(self, call: Call) -> Own:
        """What the caller's own past says."""
        year_ago = (call.now - timedelta(days=365)).date().replace(day=1)
        async with self._open_work(reading=True) as work:
            person = await work.people.get(call.person_id)
            entries = [one for one in await work.rates.of(call.person_id) if one.month >= year_ago]
            floors = await work.rates.floors(call.person_id)
        country = person.country if person is not None else None
        return Own(floors=tuple(floors), entries=tuple(entries), country=country or call.country)

    async def gig(self, call: Call, gig_id: int) -> Gig:
        """A gig that the caller may see on the board. Raises NotFound for all others."""
        async with self._open_work(reading=True) as work:
            gig = await work.gigs.get(gig_id)
            seen = gig is not None and (
                gig.poster_id == call.person_id
                or (not gig.for_few and await work.communities.is_member(call.person_id, gig.community_id))
            )
        if gig is None or not seen:
            raise NotFound("gig", f"G{gig_id}", list_command="/gigs")
        return gig

    async def client(self, call: Call, name: str) -> Client:
        """One of the caller's own clients, by name. Raises NotFound."""
        async with self._open_work(reading=True) as work:
            client = await work.clients.named(call.person_id, name)
        if client is None:
            raise NotFound("client", name, list_command="/client list")
        return client

    async def keep_quote(self, call: Call, values: dict[str, str]) -> str:
        """Keep what a quote was made of, for its owner to fix; the token under which."""
        token = secrets.token_urlsafe(9)
        async with self._open_work() as work:
            await work.drafts.keep(
                Draft(
                    token=token,
                    person_id=call.person_id,
                    place=call.place.key,
                    target="command:rate.quote",
                    community_id=call.community_id,
                    values=values,
                    made_at=call.now,
                    expires_at=call.now + QUOTES_KEPT,
                )
            )
            await work.commit()
        return token

    async def quoted(self, call: Call, token: str) -> dict[str, str]:
        """What one of the caller's own quotes was made of. Raises Stale when it is forgotten, or somebody else's."""
        async with self._open_work(reading=True) as work:
            draft = await work.drafts.get(token, call.person_id)
        if draft is None or draft.expires_at <= call.now:
            raise Stale("That quote is no longer kept. Write it anew: /rate quote")
        return draft.values

    async def clients(self, call: Call) -> list[Client]:
        """The caller's clients, to offer."""
        async with self._open_work(reading=True) as work:
            return await work.clients.of(call.person_id, n=100)


def mileage(currency: str, miles: int, today: date) -> tuple[Money, Decimal, Source] | None:
    """Miles at the allowance published by the tax office whose currency it is; None where we know of none."""
    for row in tax.everything():
        if (
            row.unit == "per mile"
            and row.currency == currency
            and row.value is not None
            and within_term(today, row.effective_from, row.effective_to)
        ):
            return Money.of(row.value * miles, currency), row.value, row.source
    return None
