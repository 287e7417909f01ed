"""The log of what moderators did in a community, for its moderators."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, select, update

from storage.records.moderation import AuditEntry
from storage.stores.base import PersonalStore
from storage.tables.moderation import audit
from storage.tables.people import people


class AuditStore(PersonalStore):
    """Written in the transaction of the deed itself; read by moderators. Nothing is changed or taken out of it."""

    personal = (audit.c.actor_id,)

    async def note(
        self,
        community_id: int,
        actor_id: int | None,
        act: str,
        subject: str,
        now: datetime,
        *,
        reason: str | None = None,
        **details: Any,
    ) -> None:
        """Write one line. actor_id: None for the program itself. details: JSON values."""
        await self._do(
            audit.insert().values(
                community_id=community_id,
                actor_id=actor_id,
                act=act,
                subject=subject,
                reason=reason,
                details=details,
                at=now,
            )
        )

    async def of(self, community_id: int, *, limit: int, offset: int = 0) -> list[AuditEntry]:
        """A page of the log, newest first, with the names of people as they are called now."""
        return await self._all(
            select(audit, people.c.name.label("actor"))
            .outerjoin(people, people.c.id == audit.c.actor_id)
            .where(audit.c.community_id == community_id)
            .order_by(audit.c.id.desc())
            .limit(limit)
            .offset(offset),
            _entry,
        )

    async def number(self, community_id: int) -> int:
        """How many lines there are."""
        return await self._how_many(select(func.count()).where(audit.c.community_id == community_id))

    async def forget(self, person_id: int) -> dict[str, int]:
        """Take the person's name off their deeds. The lines stay: they are the community's."""
        await self._do(update(audit).where(audit.c.actor_id == person_id).values(actor_id=None))
        return {}


def _entry(row: RowMapping) -> AuditEntry:
    return AuditEntry(**row)
