"""Where cards hang, so that every copy can be redrawn when the thing changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import RowMapping, delete, select

from storage.records.posting import Posting
from storage.stores.base import PersonalStore
from storage.tables.postings import postings


class PostingStore(PersonalStore):
    """Questions and deeds about messages that show a card."""

    personal = (postings.c.person_id,)

    async def hang(
        self,
        card: str,
        subject_id: int,
        *,
        surface: str,
        address: str,
        message: str,
        now: datetime,
        channel_id: int | None = None,
        person_id: int | None = None,
    ) -> Posting:
        """Remember that a message shows a card. A message shows one card: what it showed before is replaced."""
        values = {
            "card": card,
            "subject_id": subject_id,
            "channel_id": channel_id,
            "person_id": person_id,
            "made_at": now,
        }
        posting = await self._one(
            self._insert(postings)
            .values(surface=surface, address=address, message=message, **values)
            .on_conflict_do_update(index_elements=["surface", "address", "message"], set_=values)
            .returning(*postings.c),
            _posting,
        )
        assert posting is not None
        return posting

    async def of(self, card: str, subject_id: int) -> list[Posting]:
        """Everywhere this thing's card hangs, oldest first."""
        return await self._all(
            select(postings)
            .where(postings.c.card == card, postings.c.subject_id == subject_id)
            .order_by(postings.c.id),
            _posting,
        )

    async def get(self, posting_id: int) -> Posting | None:
        """One posting."""
        return await self._one(select(postings).where(postings.c.id == posting_id), _posting)

    async def newest_for(
        self,
        card: str,
        subject_id: int,
        *,
        person_id: int | None = None,
        channel_id: int | None = None,
        surface: str | None = None,
    ) -> Posting | None:
        """The newest message showing this thing's card, in the person's or channel's place and on the surface named."""
        statement = select(postings).where(postings.c.card == card, postings.c.subject_id == subject_id)
        if person_id is not None:
            statement = statement.where(postings.c.person_id == person_id)
        if channel_id is not None:
            statement = statement.where(postings.c.channel_id == channel_id)
        if surface is not None:
            statement = statement.where(postings.c.surface == surface)
        return await self._one(statement.order_by(postings.c.made_at.desc(), postings.c.id.desc()).limit(1), _posting)

    async def at(self, surface: str, address: str, message: str) -> Posting | None:
        """What the message shows."""
        return await self._one(
            select(postings).where(
                postings.c.surface == surface, postings.c.address == address, postings.c.message == message
            ),
            _posting,
        )

    async def old(self, before: datetime, n: int) -> list[int]:
        """Ids of up to `n` postings hung up before the moment."""
        rows = await self._run(
            select(postings.c.id).where(postings.c.made_at < before).order_by(postings.c.id).limit(n)
        )
        return list(rows.scalars())

    async def drop(self, posting_ids: Sequence[int]) -> int:
        """Forget postings; how many there were."""
        if not posting_ids:
            return 0
        return await self._count(delete(postings).where(postings.c.id.in_(posting_ids)))

    async def take_down(self, posting_id: int) -> bool:
        """The message is gone (or shows something else now); whether it was known."""
        return bool(await self._count(delete(postings).where(postings.c.id == posting_id)))


def _posting(row: RowMapping) -> Posting:
    return Posting(**row)
