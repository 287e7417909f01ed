"""Half-filled forms and deeds that can be taken back."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, select, update

from storage.records.draft import Draft, Undo
from storage.stores.base import PersonalStore
from storage.stores.ready import Ready
from storage.tables.drafts import drafts, undos

_DRAFT_FIELDS = frozenset(field.name for field in dataclasses.fields(Draft))

_MINE = (drafts.c.token == bindparam("token"), drafts.c.person_id == bindparam("person"))
_GET = Ready(select(drafts).where(*_MINE))
_TAKE = Ready(delete(drafts).where(*_MINE).returning(*drafts.c))
_OPEN = (
    select(drafts)
    .where(drafts.c.person_id == bindparam("person"), drafts.c.asked.is_not(None))
    .order_by(drafts.c.made_at.desc(), drafts.c.token)
    .limit(1)
)
_OPEN_ANYWHERE = Ready(_OPEN)
_OPEN_HERE = Ready(_OPEN.where(drafts.c.place == bindparam("place")))
_OFFER = Ready(undos.insert().returning(*undos.c), [column.name for column in undos.c if column.name != "id"])


class DraftStore(PersonalStore):
    """Questions and deeds about forms on their way and about undoing."""

    personal = (drafts.c.person_id, undos.c.person_id)

    async def keep(self, draft: Draft) -> None:
        """Keep a draft, instead of an older one with the same token (of the same person)."""
        values = _lists({name: getattr(draft, name) for name in _DRAFT_FIELDS})
        await self._do(
            self._insert(drafts)
            .values(**values)
            .on_conflict_do_update(index_elements=["token"], set_=values, where=drafts.c.person_id == draft.person_id)
        )

    async def get(self, token: str, person_id: int) -> Draft | None:
        """The person's draft; somebody else's is as good as none. Expired ones are still found, to say so kindly."""
        return await self._one(_GET, _draft, token=token, person=person_id)

    async def open_question(self, person_id: int, place: str | None = None) -> Draft | None:
        """The draft whose question the person's next plain text answers, the newest first; place None: anywhere.

        An expired one is returned too: the caller has `now`.
        """
        if place is None:
            return await self._one(_OPEN_ANYWHERE, _draft, person=person_id)
        return await self._one(_OPEN_HERE, _draft, person=person_id, place=place)

    async def change(self, token: str, person_id: int, **fields: Any) -> Draft | None:
        """Set fields of the person's draft and return it; None when it is gone."""
        unknown = fields.keys() - _DRAFT_FIELDS | fields.keys() & {"token", "person_id"}
        if unknown:
            raise TypeError(f"not fields of a draft that can be changed: {', '.join(sorted(unknown))}")
        return await self._one(
            update(drafts)
            .where(drafts.c.token == token, drafts.c.person_id == person_id)
            .values(**_lists(fields))
            .returning(*drafts.c),
            _draft,
        )

    async def newest(self, person_id: int, now: datetime) -> Draft | None:
        """The person's newest form that has not expired, wherever it was begun: what /resume takes up.

        What the desk keeps for itself is no form.
        """
        return await self._one(
            select(drafts)
            .where(drafts.c.person_id == person_id, drafts.c.expires_at > now, drafts.c.target.not_like("desk.%"))
            .order_by(drafts.c.made_at.desc(), drafts.c.token)
            .limit(1),
            _draft,
        )

    async def take(self, token: str, person_id: int) -> Draft | None:
        """The person's draft, removed: of two who submit it at once, one gets it."""
        return await self._one(_TAKE, _draft, token=token, person=person_id)

    async def drop(self, token: str, person_id: int) -> bool:
        """Throw the person's draft away; whether there was one."""
        return await self.take(token, person_id) is not None

    async def purge(self, now: datetime) -> int:
        """Throw away what expired, drafts and undos; how many rows went."""
        old = await self._count(delete(drafts).where(drafts.c.expires_at <= now))
        return old + await self._count(delete(undos).where(undos.c.until <= now))

    async def offer(self, person_id: int, label: str, action: str, until: datetime) -> Undo:
        """Let the person take a deed back until the moment given. action: the encoded action that does so."""
        undo = await self._one(
            _OFFER, _undo, person_id=person_id, label=label, action=action, until=until, used_at=None
        )
        assert undo is not None
        return undo

    async def take_undo(self, undo_id: int, person_id: int, now: datetime) -> Undo | None:
        """Use the undo: for the person it was offered to, in time, once. None otherwise."""
        return await self._one(
            update(undos)
            .where(
                undos.c.id == undo_id,
                undos.c.person_id == person_id,
                undos.c.used_at.is_(None),
                undos.c.until > now,
            )
            .values(used_at=now)
            .returning(*undos.c),
            _undo,
        )

    async def latest_undo(self, person_id: int, now: datetime) -> Undo | None:
        """The person's newest deed that can still be taken back."""
        return await self._one(
            select(undos)
            .where(undos.c.person_id == person_id, undos.c.used_at.is_(None), undos.c.until > now)
            .order_by(undos.c.id.desc())
            .limit(1),
            _undo,
        )


def _lists(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with their tuples as lists, which is what JSON keeps."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}


def _draft(row: RowMapping) -> Draft:
    offered = tuple((label, value) for label, value in row["offered"])
    return Draft(**{**row, "asked_fields": tuple(row["asked_fields"]), "offered": offered})


def _undo(row: RowMapping) -> Undo:
    return Undo(**row)
