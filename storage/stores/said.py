"""The messages of the local console, as its platform would keep them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, delete, or_, select, update

from storage.records.said import Said
from storage.stores.base import PersonalStore
from storage.tables.said import console_messages

_Buttons = Sequence[tuple[str, str]]


class SaidStore(PersonalStore):
    """Questions and deeds about what the bot said in the local console."""

    personal = (console_messages.c.person_id,)

    async def say(
        self,
        place: str,
        text: str,
        now: datetime,
        *,
        person_id: int | None = None,
        buttons: _Buttons = (),
        card: str | None = None,
        subject_id: int | None = None,
        key: str | None = None,
        seen: bool = True,
    ) -> Said | None:
        """Keep a message; None when the delivery with this key was kept before. See `Said` for the values."""
        return await self._one(
            self._insert(console_messages)
            .values(
                place=place,
                person_id=person_id,
                text=text,
                buttons=[list(button) for button in buttons],
                card=card,
                subject_id=subject_id,
                key=key,
                seen=seen,
                said_at=now,
            )
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(*console_messages.c),
            _said,
        )

    async def change(
        self, message_id: int, text: str, buttons: _Buttons, *, card: str | None = None, subject_id: int | None = None
    ) -> Said | None:
        """Draw a message anew where it stands; None when there is no such message."""
        values: dict[str, Any] = {"text": text, "buttons": [list(button) for button in buttons]}
        if card is not None:
            values |= {"card": card, "subject_id": subject_id}
        return await self._one(
            update(console_messages)
            .where(console_messages.c.id == message_id)
            .values(**values)
            .returning(*console_messages.c),
            _said,
        )

    async def old(self, before: datetime, n: int) -> list[int]:
        """Ids of up to `n` messages said before the moment; what somebody has not seen yet is never old."""
        rows = await self._run(
            select(console_messages.c.id)
            .where(console_messages.c.said_at < before, console_messages.c.seen)
            .order_by(console_messages.c.id)
            .limit(n)
        )
        return list(rows.scalars())

    async def drop(self, message_ids: Sequence[int]) -> int:
        """Delete messages; how many there were."""
        if not message_ids:
            return 0
        return await self._count(delete(console_messages).where(console_messages.c.id.in_(message_ids)))

    async def get(self, message_id: int) -> Said | None:
        """One message."""
        return await self._one(select(console_messages).where(console_messages.c.id == message_id), _said)

    async def by_key(self, key: str) -> Said | None:
        """The message that a delivery became."""
        return await self._one(select(console_messages).where(console_messages.c.key == key), _said)

    async def visible_to(self, person_id: int, limit: int = 300) -> list[Said]:
        """What the person can see, their private chat and every channel, newest first."""
        theirs = or_(console_messages.c.person_id == person_id, console_messages.c.person_id.is_(None))
        return await self._all(
            select(console_messages).where(theirs).order_by(console_messages.c.id.desc()).limit(limit), _said
        )

    async def unseen(self, person_id: int) -> list[Said]:
        """What the person received and has not seen, oldest first."""
        return await self._all(
            select(console_messages)
            .where(console_messages.c.person_id == person_id, console_messages.c.seen.is_(False))
            .order_by(console_messages.c.id),
            _said,
        )

    async def mark_seen(self, person_id: int) -> None:
        """The person has seen everything in their private chat."""
        await self._do(
            update(console_messages)
            .where(console_messages.c.person_id == person_id, console_messages.c.seen.is_(False))
            .values(seen=True)
        )


def _said(row: RowMapping) -> Said:
    return Said(**{**row, "buttons": tuple((label, action) for label, action in row["buttons"])})
