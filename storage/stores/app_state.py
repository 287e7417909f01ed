"""What the program remembers about itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from storage.stores.base import Store
from storage.tables.app_state import app_state, seen_updates


class AppStore(Store):
    """Named values of the program, and which updates of a platform it has already taken."""

    async def value(self, key: str) -> str | None:
        """The value kept under the key; None when there is none."""
        row = (await self._run(select(app_state.c.value).where(app_state.c.key == key))).first()
        return None if row is None else str(row[0])

    async def set_value(self, key: str, value: str | None) -> None:
        """Keep a value under the key, instead of what was there; None removes it."""
        if value is None:
            await self._run(delete(app_state).where(app_state.c.key == key))
            return
        await self._run(
            self._insert(app_state)
            .values(key=key, value=value)
            .on_conflict_do_update(index_elements=["key"], set_={"value": value})
        )

    async def value_or_set(self, key: str, value: str) -> str:
        """The value kept under the key; `value` if nobody kept one yet. Two who try at once get the same answer."""
        await self._run(
            self._insert(app_state).values(key=key, value=value).on_conflict_do_nothing(index_elements=["key"])
        )
        kept = await self.value(key)
        assert kept is not None
        return kept

    async def seen_update(self, platform: str, update_id: int | str, now: datetime) -> bool:
        """Whether this update is new, and from now on it is not: True for exactly one of those who ask."""
        return bool(
            await self._count(
                self._insert(seen_updates)
                .values(platform=platform, id=str(update_id), seen_at=now)
                .on_conflict_do_nothing(index_elements=["platform", "id"])
            )
        )

    async def new_updates(self, platform: str, update_ids: Sequence[int | str], now: datetime) -> set[str]:
        """Those of many updates that are new, in one statement; see `seen_update`."""
        if not update_ids:
            return set()
        rows = [{"platform": platform, "id": str(one), "seen_at": now} for one in dict.fromkeys(update_ids)]
        statement = self._insert(seen_updates).on_conflict_do_nothing(index_elements=["platform", "id"])
        return set((await self._run(statement.returning(seen_updates.c.id), rows)).scalars())

    async def purge(self, before: datetime) -> int:
        """Forget updates taken before the moment; how many. Platforms repeat for a day at most: two days are safe."""
        return await self._count(delete(seen_updates).where(seen_updates.c.seen_at < before))
