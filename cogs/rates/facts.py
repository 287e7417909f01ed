"""Figures that others published, and what a community's moderators decide about pay; one Work each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import StrEnum

from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, NotAllowed, NotFound
from cogs.kit.tools import Tools
from cogs.kit.undo import offer_undo
from cogs.rates.service import is_on
from storage.records.gig import KindOfWork
from storage.records.people import Community
from storage.records.rate import COMMUNITY_RATES, OwnReference
from storage.reference import rates
from storage.reference.rates import PublishedRate
from storage.work import Work

#: More figures of its own than any community keeps right by hand.
MOST_REFERENCES = 100


class Body(StrEnum):
    """Who published a figure."""

    MU = "mu"
    AFM = "afm"
    OTHER = "other"

    @property
    def label(self) -> str:
        """As it is said."""
        return {"mu": "MU", "afm": "AFM", "other": "others"}[self.value]


def published(kind: KindOfWork, country: str, body: Body | None) -> tuple[PublishedRate, ...]:
    """Published figures of a kind of work in a country: base pay first, in force before dated; extras after."""
    try:
        rows = rates.published_for(None, kind.value, country)
    except KeyError:
        return ()
    return tuple(row for row in rows if body in (None, body_of(row)))


def body_of(row: PublishedRate) -> Body:
    """Which of the bodies a row is from, by its publisher."""
    publisher = row.source.publisher or ""
    if "AFM" in publisher or "American Federation" in publisher:
        return Body.AFM
    if "Musicians' Union" in publisher:
        return Body.MU
    return Body.OTHER


class FactService:
    """Looking at published figures, and keeping a community's own."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work

    async def own(self, call: Call, kind: KindOfWork) -> list[OwnReference]:
        """What the community's moderators added for a kind of work."""
        if call.community_id is None:
            return []
        async with self._open_work(reading=True) as work:
            return await work.rates.references(call.community_id, kind)

    async def home(self, call: Call) -> tuple[str | None, str | None]:
        """The caller's region and country, as they said them."""
        async with self._open_work(reading=True) as work:
            person = await work.people.get(call.person_id)
        return (person.region, person.country) if person is not None else (None, None)

    async def add(self, call: Call, reference: OwnReference) -> OwnReference:
        """Keep a figure for the community. Raises Conflict when it has too many."""
        async with self._open_work() as work:
            community = await _community(work, call)
            if len(await work.rates.references(community.id)) >= MOST_REFERENCES:
                raise Conflict(
                    f"{MOST_REFERENCES} figures are kept already.", how="Remove old ones: they are under /rate scale."
                )
            kept = await work.rates.add_reference(replace(reference, community_id=community.id))
            await offer_undo(work, call, f"Figure F{kept.id} added", action("ratefacts.remove", kept.id))
            await work.commit()
        return kept

    async def remove(self, call: Call, reference_id: int, *, back: bool = False) -> OwnReference:
        """Take one of the community's own figures off, or put it back. Raises NotFound."""
        async with self._open_work() as work:
            community = await _community(work, call)
            changed = await work.rates.remove_reference(reference_id, community.id, None if back else call.now)
            if changed is None:
                raise NotFound("figure", f"F{reference_id}", list_command="/rate scale")
            if not back:
                await offer_undo(work, call, f"Figure F{changed.id} removed", action("ratefacts.restore", changed.id))
            await work.commit()
        return changed

    async def switch(self, call: Call, on: bool | None) -> tuple[bool, int]:
        """Whether the community has figures of its members' pay, after setting it if said; and how many entries."""
        async with self._open_work() as work:
            community = await _community(work, call)
            if on is not None and on is not is_on(community):
                community = await work.communities.set_setting(community.id, COMMUNITY_RATES, None if on else False)
            number = await work.rates.number(community.id)
            await work.commit()
        return is_on(community), number


async def _community(work: Work, call: Call) -> Community:
    community = await work.communities.get(call.community_id) if call.community_id is not None else None
    if community is None:
        raise NotAllowed("That belongs to a community.", how="Use it in your server or group.")
    return community


def in_order(since: date | None, until: date | None) -> bool:
    """Whether a term begins before it ends."""
    return since is None or until is None or since <= until
