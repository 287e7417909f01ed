"""How well communities are served, read from what the courier wrote down."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from storage.records.health import Condition, Failed
from storage.records.people import Channel
from storage.stores.base import Store
from storage.tables.communities import channels, communities, memberships
from storage.tables.notices import notices
from storage.tables.people import identities

#: How a message ended that nobody got (`storage.records.notice.Outcome`).
_LOST = ("refused by the platform", "gave up", "missed", "perhaps sent, not repeated")


class HealthStore(Store):
    """Questions only. Private messages are never looked at one by one, only counted by member."""

    async def of(self, community_id: int, since: datetime) -> Condition:
        """How a community is served; what was lost is counted since then."""
        paused = await self._all(
            select(channels)
            .where(channels.c.community_id == community_id, channels.c.trouble.is_not(None))
            .order_by(channels.c.id),
            lambda row: Channel(**row),
        )
        failed = await self._all(
            select(
                channels.c.id.label("channel_id"),
                channels.c.name.label("channel"),
                notices.c.trouble,
                func.count().label("count"),
                func.max(notices.c.ended_at, type_=notices.c.ended_at.type).label("last"),
            )
            .join(channels, channels.c.id == notices.c.channel_id)
            .where(
                channels.c.community_id == community_id,
                notices.c.trouble.is_not(None),
                notices.c.ended_at >= since,
                notices.c.result.in_(_LOST),
            )
            .group_by(channels.c.id, channels.c.name, notices.c.trouble)
            .order_by(func.count().desc(), channels.c.id),
            lambda row: Failed(**row),
        )
        mine = select(channels.c.id).where(channels.c.community_id == community_id)
        waiting = await self._run(
            select(func.count()).where(notices.c.channel_id.in_(mine), notices.c.next_at.is_not(None))
        )
        closed = await self._run(
            select(func.count(func.distinct(identities.c.person_id)))
            .select_from(identities)
            .join(memberships, memberships.c.person_id == identities.c.person_id)
            .join(communities, communities.c.id == memberships.c.community_id)
            .where(
                communities.c.id == community_id,
                memberships.c.left_at.is_(None),
                identities.c.surface == communities.c.surface,
                identities.c.unreachable.is_not(None),
            )
        )
        return Condition(
            paused=tuple(paused),
            failed=tuple(failed),
            waiting=int(waiting.scalar_one()),
            closed=int(closed.scalar_one()),
        )

    async def ailing(self, since: datetime) -> list[int]:
        """Communities that the bot is in, and in which something is refused now or was lost since then."""
        paused = select(channels.c.community_id).where(channels.c.trouble.is_not(None))
        lost = (
            select(channels.c.community_id)
            .join(notices, notices.c.channel_id == channels.c.id)
            .where(notices.c.trouble.is_not(None), notices.c.ended_at >= since, notices.c.result.in_(_LOST))
        )
        rows = await self._run(
            select(communities.c.id)
            .where(communities.c.active.is_(True), communities.c.id.in_(paused.union(lost)))
            .order_by(communities.c.id)
        )
        return list(rows.scalars())
