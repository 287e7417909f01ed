"""What the program remembers about itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select, update

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
            await self._do(delete(app_state).where(app_state.c.key == key))
            return
        await self._do(
            self._insert(app_state)
            .values(key=key, value=value)
            .on_conflict_do_update(index_elements=["key"], set_={"value": value})
        )

    async def value_or_set(self, key: str, value: str) -> str:
        """The value kept under the key; `value` if nobody kept one yet. Two who try at once get the same answer."""
        await self._do(
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

    async def take_updates(
        self, platform: str, streams: Mapping[str, str | None], now: datetime
    ) -> dict[str, bool]:
        """Note many updates, by id; whether each is still to be done.

        streams: what must stay in order, for updates that will be reported by `finish_update`: one of those is to be
        done until it is finished, in case whoever took it before was killed. None: it is done once it was taken.
        """
        if not streams:
            return {}
        rows = [
            {"platform": platform, "id": one, "stream": streams[one], "seen_at": now}
            for one in sorted(streams)  # all processes in one order, or two would wait for each other
        ]
        statement = self._insert(seen_updates).on_conflict_do_nothing(index_elements=["platform", "id"])
        open_ = set((await self._run(statement.returning(seen_updates.c.id), rows)).scalars())
        if again := [one for one, stream in streams.items() if stream is not None and one not in open_]:
            kept = seen_updates.c
            unfinished = select(kept.id).where(
                kept.platform == platform, kept.id.in_(again), kept.stream.is_not(None), kept.done_at.is_(None)
            )
            open_ |= set((await self._run(unfinished)).scalars())
        return {one: one in open_ for one in streams}

    async def finish_update(self, platform: str, update_id: str, now: datetime) -> bool:
        """An update was done; False when somebody else did it meanwhile, and this transaction must not stand."""
        kept = seen_updates.c
        mine = update(seen_updates).where(kept.platform == platform, kept.id == update_id, kept.done_at.is_(None))
        return bool(await self._count(mine.values(done_at=now)))

    async def under_way(self, platform: str, stream: str, since: datetime) -> set[str]:
        """Updates of a stream that were taken since then, by whatever process, and are not done yet."""
        kept = seen_updates.c
        found = select(kept.id).where(
            kept.platform == platform, kept.stream == stream, kept.done_at.is_(None), kept.seen_at >= since
        )
        return set((await self._run(found)).scalars())

    async def purge(self, before: datetime) -> int:
        """Forget updates taken before the moment; how many. Platforms repeat for a day at most: two days are safe."""
        return await self._count(delete(seen_updates).where(seen_updates.c.seen_at < before))
