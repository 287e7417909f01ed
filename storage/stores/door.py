"""Everything that has to be known about somebody who does something in a shared place, in one look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, exists, or_, select

from storage.records.people import Channel, Community, Identity, Person
from storage.stores.base import Store
from storage.stores.ready import Ready
from storage.tables.answers import answers
from storage.tables.communities import channels, communities, memberships
from storage.tables.gigs import gigs
from storage.tables.people import identities, people


@dataclass(frozen=True, slots=True)
class Arrival:
    """Who arrived where. person: without their roles. channel: None when it is not known yet."""

    identity: Identity
    person: Person
    community: Community
    channel: Channel | None


_IDENTITY = [column for column in identities.c if column.name != "name_key"]
_PERSON = [column for column in people.c if column.name != "name_key"]
_COMMUNITY = list(communities.c)
_CHANNEL = list(channels.c)
_NAMES = [[column.name for column in part] for part in (_IDENTITY, _PERSON, _COMMUNITY, _CHANNEL)]

# Worked out once: each press asks it, and a statement's own making costs more than the look into the database.
_ARRIVAL = Ready(
    select(
        *(
            column.label(f"{position}_{column.name}")
            for position, part in enumerate((_IDENTITY, _PERSON, _COMMUNITY, _CHANNEL))
            for column in part
        )
    )
    .select_from(identities)
    .join(people, people.c.id == identities.c.person_id)
    .join(
        communities,
        and_(communities.c.surface == identities.c.surface, communities.c.account == bindparam("community")),
    )
    .join(
        memberships,
        and_(
            memberships.c.person_id == people.c.id,
            memberships.c.community_id == communities.c.id,
            memberships.c.left_at.is_(None),
        ),
    )
    .outerjoin(
        channels, and_(channels.c.surface == identities.c.surface, channels.c.address == bindparam("address"))
    )
    .where(identities.c.surface == bindparam("surface"), identities.c.account == bindparam("account"))
)


class DoorStore(Store):
    """Looks people up who come in by a shared place, and who may be named by whom."""

    async def knows(self, person_id: int, other_id: int) -> bool:
        """Whether somebody may name the other by number: in one community with them, or in one deal over a gig."""
        if person_id == other_id:
            return True
        mine, theirs = memberships.alias("mine"), memberships.alias("theirs")
        together = exists().where(
            mine.c.person_id == person_id,
            theirs.c.person_id == other_id,
            mine.c.community_id == theirs.c.community_id,
            mine.c.left_at.is_(None),
            theirs.c.left_at.is_(None),
        )
        dealing = exists().where(
            answers.c.gig_id == gigs.c.id,
            or_(
                and_(gigs.c.poster_id == person_id, answers.c.person_id == other_id),
                and_(gigs.c.poster_id == other_id, answers.c.person_id == person_id),
            ),
        )
        return (await self._run(select(or_(together, dealing)))).scalar_one() in (True, 1)

    async def arrival(self, surface: str, account: str, community: str, address: str) -> Arrival | None:
        """Who somebody is and where they are; None unless they are known as a member of that community.

        account, community: the platform's ids. address: of the channel.
        """
        found = await self._ready(_ARRIVAL, surface=surface, account=account, community=community, address=address)
        if not found:
            return None
        identity, person, place, channel = _parts([*found[0].values()])
        return Arrival(
            Identity(**identity),
            Person(**person),
            Community(**place),
            Channel(**channel) if channel["id"] is not None else None,
        )


def _parts(row: Sequence[Any]) -> list[dict[str, Any]]:
    """The row, cut into its four records' fields."""
    parts, start = [], 0
    for names in _NAMES:
        parts.append(dict(zip(names, row[start : start + len(names)], strict=True)))
        start += len(names)
    return parts
