"""The secret addresses by which calendar programs read somebody's gigs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import RowMapping, delete, select

from storage.records.availability import CalendarFeed, FeedShow
from storage.stores.base import PersonalStore
from storage.tables.availability import calendar_feeds


class FeedStore(PersonalStore):
    """Questions and deeds about calendar feeds; a person has one or none."""

    personal = (calendar_feeds.c.person_id,)

    async def of(self, person_id: int) -> CalendarFeed | None:
        """The person's feed."""
        return await self._one(select(calendar_feeds).where(calendar_feeds.c.person_id == person_id), _feed)

    async def behind(self, secret_hash: str) -> CalendarFeed | None:
        """The feed whose secret has that hash."""
        return await self._one(select(calendar_feeds).where(calendar_feeds.c.secret_hash == secret_hash), _feed)

    async def put(self, person_id: int, secret_hash: str, show: FeedShow, now: datetime) -> None:
        """From now on this secret opens the person's feed, and no other."""
        values = {"secret_hash": secret_hash, "show": show, "made_at": now}
        await self._do(
            self._insert(calendar_feeds)
            .values(person_id=person_id, **values)
            .on_conflict_do_update(index_elements=["person_id"], set_=values)
        )

    async def show(self, person_id: int, show: FeedShow) -> bool:
        """What the feed says of each gig from now on; False when there is no feed."""
        statement = calendar_feeds.update().where(calendar_feeds.c.person_id == person_id).values(show=show)
        return bool(await self._count(statement))

    async def off(self, person_id: int) -> bool:
        """There is no feed any more; False when there was none."""
        return bool(await self._count(delete(calendar_feeds).where(calendar_feeds.c.person_id == person_id)))


def _feed(row: RowMapping) -> CalendarFeed:
    return CalendarFeed(**row)
