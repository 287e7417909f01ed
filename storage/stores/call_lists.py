"""Call lists: whom somebody calls first for a chair."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, delete, func, or_, select, update

from storage.records.call_list import Listed
from storage.stores.base import PersonalStore
from storage.tables.call_lists import call_lists
from storage.tables.people import people


class CallListStore(PersonalStore):
    """Questions and deeds about call lists. Who changes one takes it by `hold` first.

    A list is its owner's: it goes with their data, and nothing of it with the data of those who are on it.
    """

    personal = (call_lists.c.owner_id,)

    async def hold(self, owner_id: int) -> None:
        """Nobody else changes this person's lists before this Work is over."""
        await self._do(select(people.c.id).where(people.c.id == owner_id).with_for_update(key_share=True))

    async def of(self, owner_id: int, *, roles: Collection[str] = (), name: str | None = None) -> list[Listed]:
        """Who is on a person's lists, in order. roles: only for these chairs, if any; name: only on that list."""
        statement = select(call_lists).where(call_lists.c.owner_id == owner_id, call_lists.c.removed_at.is_(None))
        if roles:
            statement = statement.where(call_lists.c.role.in_(sorted(roles)))
        if name is not None:
            statement = statement.where(call_lists.c.name == name)
        return await self._all(
            statement.order_by(call_lists.c.name, call_lists.c.role, call_lists.c.place, call_lists.c.id), _listed
        )

    async def ranks(self, owner_id: int, roles: Collection[str]) -> dict[int, int]:
        """Players on a person's lists for these chairs, by number, with the best place each has, from 0.

        Several lists, and several chairs, are one here: first comes everybody who is first somewhere.
        """
        best: dict[int, tuple[int, int]] = {}
        counted: dict[tuple[str, str], int] = {}
        for number, one in enumerate(await self.of(owner_id, roles=roles)):
            place = counted[one.name, one.role] = counted.get((one.name, one.role), -1) + 1
            best[one.person_id] = min(best.get(one.person_id, (place, number)), (place, number))
        return {person_id: rank for rank, person_id in enumerate(sorted(best, key=best.__getitem__))}

    async def entry(self, owner_id: int, role: str, name: str, person_id: int) -> Listed | None:
        """One player's line on a list, taken off or not."""
        return await self._one(
            select(call_lists).where(
                call_lists.c.owner_id == owner_id,
                call_lists.c.role == role,
                call_lists.c.name == name,
                call_lists.c.person_id == person_id,
            ),
            _listed,
        )

    async def get(self, entry_id: int) -> Listed | None:
        """One line by its number, taken off or not."""
        return await self._one(select(call_lists).where(call_lists.c.id == entry_id), _listed)

    async def number(self, owner_id: int) -> int:
        """How many lines a person has on all lists."""
        return await self._how_many(
            select(func.count()).where(call_lists.c.owner_id == owner_id, call_lists.c.removed_at.is_(None))
        )

    async def put(
        self, owner_id: int, role: str, name: str, person_id: int, now: datetime, *, note: str | None
    ) -> None:
        """Write a player on a list, where they stood if they were taken off lately; `arrange` says where they go.

        note: None keeps the one there is.
        """
        statement = self._insert(call_lists).values(
            owner_id=owner_id, role=role, name=name, person_id=person_id, place=0, note=note, added_at=now
        )
        changes: dict[str, object] = {"removed_at": None} | ({} if note is None else {"note": note})
        await self._do(
            statement.on_conflict_do_update(index_elements=["owner_id", "role", "name", "person_id"], set_=changes)
        )

    async def arrange(self, owner_id: int, role: str, name: str, person_ids: Sequence[int]) -> None:
        """Put the players of a list into this order."""
        for place, person_id in enumerate(person_ids):
            await self._do(
                update(call_lists)
                .where(
                    call_lists.c.owner_id == owner_id,
                    call_lists.c.role == role,
                    call_lists.c.name == name,
                    call_lists.c.person_id == person_id,
                    call_lists.c.place != place,
                )
                .values(place=place)
            )

    async def remove(self, entry_id: int, now: datetime) -> bool:
        """Take a line off its list; False when it is off already."""
        return bool(
            await self._count(
                update(call_lists)
                .where(call_lists.c.id == entry_id, call_lists.c.removed_at.is_(None))
                .values(removed_at=now)
            )
        )

    async def clear_out(self, owner_id: int, removed_before: datetime) -> None:
        """Delete for good what was taken off before then."""
        await self._do(
            delete(call_lists).where(call_lists.c.owner_id == owner_id, call_lists.c.removed_at < removed_before)
        )

    async def forget(self, person_id: int) -> dict[str, int]:
        """Erase the person's lists, and the person from those of others."""
        theirs = or_(call_lists.c.owner_id == person_id, call_lists.c.person_id == person_id)
        return {call_lists.name: await self._count(delete(call_lists).where(theirs))}


def _listed(row: RowMapping) -> Listed:
    return Listed(**row)
