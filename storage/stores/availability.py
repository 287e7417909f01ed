"""What people said about their time: entry by entry, and packed for the question who is free."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, delete, or_, select, update

from storage.faults import Gone
from storage.records.availability import Entry
from storage.records.packs import packed
from storage.stores.base import PersonalStore, Rows
from storage.tables.availability import availability, availability_packs
from storage.tables.people import people

#: Stands for "for ever" in the column `last`.
_EVER = date.max
#: How far apart two zones' calendars can be, either way.
_A_DAY_AND_MORE = timedelta(days=2)

_COLUMNS = tuple(column.name for column in availability.c)


class AvailabilityStore(PersonalStore):
    """Questions and deeds about what people say. Who changes an entry takes it by `hold` first.

    Every deed packs what its person says anew (`storage.records.packs`), in the same Work.
    """

    personal = (availability_packs.c.person_id, availability.c.person_id)

    async def add(self, entry: Entry) -> Entry:
        """Keep something new and give it its id; the one in `entry` is ignored."""
        kept = await self._one(
            availability.insert().values(**_values(entry)).returning(*availability.c), entry_of
        )  # fmt: skip
        assert kept is not None
        await self.pack([kept.person_id])
        return kept

    async def get(self, entry_id: int) -> Entry | None:
        """One entry, deleted ones as well."""
        return await self._one(select(availability).where(availability.c.id == entry_id), entry_of)

    async def hold(self, entry_id: int) -> Entry | None:
        """The entry, and nobody else changes it before this Work is over."""
        return await self._one(select(availability).where(availability.c.id == entry_id).with_for_update(), entry_of)

    async def change(self, entry: Entry) -> Entry:
        """Write the entry as it is now. Raises Gone when there is none with its id."""
        changed = await self._one(
            update(availability)
            .where(availability.c.id == entry.id)
            .values(**_values(entry))
            .returning(*availability.c),
            entry_of,
        )
        if changed is None:
            raise Gone(entry.ref)
        await self.pack([changed.person_id])
        return changed

    async def current(self, person_id: int, today: date) -> list[Entry]:
        """What a person said that has not passed, in the order in which it was said."""
        return await self._all(
            select(availability)
            .where(
                availability.c.person_id == person_id,
                availability.c.last >= today - _A_DAY_AND_MORE,
                availability.c.deleted_at.is_(None),
            )
            .order_by(availability.c.said_at, availability.c.id),
            entry_of,
        )

    async def confirm(self, entry_ids: Collection[int], person_id: int, now: datetime) -> int:
        """Say the entries again as they are; how many there were."""
        count = await self._count(
            update(availability)
            .where(
                availability.c.id.in_(entry_ids),
                availability.c.person_id == person_id,
                availability.c.deleted_at.is_(None),
            )
            .values(said_at=now, asked_at=None)
        )
        await self.pack([person_id])
        return count

    async def asked(self, entry_ids: Collection[int], now: datetime) -> None:
        """Their owner was asked whether they are still true."""
        await self._do(update(availability).where(availability.c.id.in_(entry_ids)).values(asked_at=now))

    async def clear_out(self, person_id: int, passed_before: date, deleted_before: datetime) -> int:
        """Delete for good what has long passed, or was deleted before then; how many rows went."""
        count = await self._count(
            delete(availability).where(
                availability.c.person_id == person_id,
                or_(availability.c.last < passed_before, availability.c.deleted_at < deleted_before),
            )
        )
        if count:
            await self.pack([person_id])
        return count

    async def pack(self, person_ids: Sequence[int]) -> None:
        """Pack anew what these people say. For deeds that went past this store; its own have done so."""
        for person_id in sorted(person_ids):
            # One at a time for each person: two that packed at once would each miss what the other has just written.
            await self._do(
                select(people.c.id).where(people.c.id == person_id).with_for_update(key_share=True)
            )  # fmt: skip
            said = await self._all(
                select(availability)
                .where(availability.c.person_id == person_id, availability.c.deleted_at.is_(None))
                .order_by(availability.c.said_at, availability.c.id),
                entry_of,
            )
            new = packed(said)
            values = {"zones": new.zones, "entries": new.entries, "odd": new.odd}
            if new.entries:
                statement = self._insert(availability_packs).values(person_id=person_id, **values)
                await self._do(statement.on_conflict_do_update(index_elements=["person_id"], set_=values))
            else:
                await self._do(delete(availability_packs).where(availability_packs.c.person_id == person_id))

    async def export(self, person_id: int) -> dict[str, Rows]:
        """What the person said; the packs say the same once more, and not to people."""
        return {name: rows for name, rows in (await super().export(person_id)).items() if name == availability.name}


def _values(entry: Entry) -> dict[str, object]:
    values = {name: getattr(entry, name) for name in _COLUMNS if name != "id"}
    return values | {
        "last": entry.last or _EVER,
        "listed": [day.isoformat() for day in entry.listed] or None,
        "but": [day.isoformat() for day in entry.but] or None,
    }


def entry_of(row: RowMapping | Mapping[str, Any]) -> Entry:
    """The record in a row of `availability`."""
    values = dict(row)
    values["last"] = None if row["last"] == _EVER else row["last"]
    for name in ("listed", "but"):
        values[name] = tuple(map(date.fromisoformat, row[name] or ()))
    return Entry(**values)
