"""What people want to hear of, and who wants to hear of a gig."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, func, select, update

from storage.records.watch import Watch, WatchHow
from storage.stores.base import PersonalStore, Rows
from storage.stores.ready import Ready, among
from storage.tables.columns import money_of, money_values
from storage.tables.communities import memberships
from storage.tables.people import people, person_roles
from storage.tables.watches import watch_roles, watches

#: In `watch_roles`: every chair.
_ANY = ""

#: How long a watch that was taken down can be put back; longer than any undo.
KEPT_DROPPED = timedelta(days=1)

_CHAIRS = Ready(
    select(watch_roles.c.watch_id, watch_roles.c.role)
    .where(among(watch_roles.c.watch_id, "ids"))
    .order_by(watch_roles.c.role)
)
_FOR_ROLES = Ready(
    select(watches)
    .where(
        watches.c.dropped_at.is_(None),
        watches.c.id.in_(
            select(watch_roles.c.watch_id).where(
                watch_roles.c.community_id == bindparam("community"), among(watch_roles.c.role, "roles")
            )
        ),
        watches.c.person_id.in_(
            select(memberships.c.person_id).where(
                memberships.c.community_id == bindparam("community"), memberships.c.left_at.is_(None)
            )
        ),
    )
    .order_by(watches.c.id)
)


class WatchStore(PersonalStore):
    """Questions and deeds about watches."""

    personal = (watches.c.person_id,)

    async def add(self, watch: Watch, *, at_most: int) -> Watch | None:
        """Keep a watch and give it its id; None when the person has `at_most` already."""
        if await self.number_of(watch.person_id) >= at_most:
            return None
        kept = await self._one(
            watches.insert()
            .values(
                person_id=watch.person_id,
                community_id=watch.community_id,
                region=watch.region,
                words=list(watch.words),
                kind=watch.kind,
                how=watch.how,
                made_at=watch.made_at,
                **money_values("at_least", watch.at_least),
            )
            .returning(watches.c.id),
            lambda row: int(row["id"]),
        )
        assert kept is not None
        await self._do(
            watch_roles.insert(),
            [{"watch_id": kept, "role": role, "community_id": watch.community_id} for role in (watch.roles or (_ANY,))],
        )
        return await self.get(kept)

    async def get(self, watch_id: int) -> Watch | None:
        """One watch."""
        found = await self._watches(watches.c.id == watch_id)
        return found[0] if found else None

    async def of(self, person_id: int, community_id: int | None = None) -> list[Watch]:
        """A person's watches, oldest first; in one community if it is given."""
        conditions = [watches.c.person_id == person_id]
        if community_id is not None:
            conditions.append(watches.c.community_id == community_id)
        return await self._watches(*conditions)

    async def number_of(self, person_id: int) -> int:
        """How many watches a person has, everywhere."""
        return await self._how_many(
            select(func.count()).where(watches.c.person_id == person_id, watches.c.dropped_at.is_(None))
        )

    async def drop(self, watch_id: int, person_id: int, now: datetime) -> bool:
        """Take the person's watch down; False when they have none of that id. What was dropped before goes for good."""
        old = select(watches.c.id).where(watches.c.person_id == person_id, watches.c.dropped_at < now - KEPT_DROPPED)
        await self._do(delete(watch_roles).where(watch_roles.c.watch_id.in_(old)))
        await self._do(
            delete(watches).where(watches.c.person_id == person_id, watches.c.dropped_at < now - KEPT_DROPPED)
        )
        return bool(
            await self._count(
                update(watches)
                .where(watches.c.id == watch_id, watches.c.person_id == person_id, watches.c.dropped_at.is_(None))
                .values(dropped_at=now)
            )
        )

    async def restore(self, watch_id: int, person_id: int, since: datetime) -> bool:
        """Put a watch back that the person took down since then; False when there is none."""
        return bool(
            await self._count(
                update(watches)
                .where(watches.c.id == watch_id, watches.c.person_id == person_id, watches.c.dropped_at >= since)
                .values(dropped_at=None)
            )
        )

    async def for_roles(self, community_id: int, roles: Collection[str]) -> list[Watch]:
        """Everybody's watches in a community that may fit a gig for one of these chairs; members only."""
        found = await self._ready(_FOR_ROLES, community=community_id, roles=[*roles, _ANY])
        return await self._with_chairs(found)

    async def takers_of_unpaid(self, community_id: int, roles: Collection[str]) -> list[int]:
        """Members who play one of these chairs and asked to see unpaid gigs too."""
        rows = await self._run(
            select(people.c.id)
            .join(person_roles, person_roles.c.person_id == people.c.id)
            .join(memberships, memberships.c.person_id == people.c.id)
            .where(
                memberships.c.community_id == community_id,
                memberships.c.left_at.is_(None),
                people.c.takes_unpaid.is_(True),
                person_roles.c.role.in_(roles),
            )
            .distinct()
            .order_by(people.c.id)
        )
        return list(rows.scalars())

    async def export(self, person_id: int) -> dict[str, Rows]:
        """The person's watches, with the chairs."""
        mine = select(watches.c.id).where(watches.c.person_id == person_id)
        rows = await super().export(person_id)
        rows["watch_roles"] = await self._rows(select(watch_roles).where(watch_roles.c.watch_id.in_(mine)))
        return rows

    async def forget(self, person_id: int) -> dict[str, int]:
        """Take all the person's watches down."""
        mine = select(watches.c.id).where(watches.c.person_id == person_id)
        roles = await self._count(delete(watch_roles).where(watch_roles.c.watch_id.in_(mine)))
        return {"watch_roles": roles} | await super().forget(person_id)

    async def _watches(self, *conditions: Any) -> list[Watch]:
        statement = select(watches).where(watches.c.dropped_at.is_(None), *conditions).order_by(watches.c.id)
        return await self._with_chairs((await self._run(statement)).mappings().all())

    async def _with_chairs(self, rows: Sequence[RowMapping]) -> list[Watch]:
        if not rows:
            return []
        chairs: dict[int, list[str]] = {}
        for row in await self._ready(_CHAIRS, ids=[row["id"] for row in rows]):
            if row["role"] != _ANY:
                chairs.setdefault(row["watch_id"], []).append(row["role"])
        return [_watch(row, chairs.get(row["id"], ())) for row in rows]


def _watch(row: RowMapping, roles: Sequence[str]) -> Watch:
    return Watch(
        id=row["id"],
        person_id=row["person_id"],
        community_id=row["community_id"],
        roles=tuple(roles),
        region=row["region"],
        words=tuple(row["words"]),
        at_least=money_of(dict(row), "at_least"),
        kind=row["kind"],
        how=WatchHow(row["how"]),
        made_at=row["made_at"],
    )
