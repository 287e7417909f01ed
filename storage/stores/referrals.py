"""Gigs passed on from one person to another, and the ledger of who owes whom a thank-you."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, RowMapping, bindparam, delete, func, or_, select, update

from storage.records.referral import LedgerLine, Referral
from storage.stores.base import PersonalStore, Rows
from storage.stores.ready import Ready
from storage.tables.referrals import referrals

_FIRST_TO = Ready(
    select(referrals)
    .where(referrals.c.gig_id == bindparam("gig"), referrals.c.receiver_id == bindparam("receiver"))
    .order_by(referrals.c.id)
    .limit(1)
)


class ReferralStore(PersonalStore):
    """Questions and deeds about referrals."""

    personal = (referrals.c.giver_id,)

    async def pass_on(
        self, gig_id: int, giver_id: int, receiver_id: int, now: datetime, *, note: str | None = None
    ) -> Referral | None:
        """Keep a referral, as the next link of the giver's own if they had the gig by one; None if it is kept already.

        A person who was told by two colleagues has two referrals; the first counts.
        """
        own = (
            select(referrals.c.id)
            .where(referrals.c.gig_id == gig_id, referrals.c.receiver_id == giver_id)
            .order_by(referrals.c.id)
            .limit(1)
            .scalar_subquery()
        )
        return await self._one(
            self._insert(referrals)
            .values(
                gig_id=gig_id, giver_id=giver_id, receiver_id=receiver_id, note=note, parent_id=own, made_at=now
            )
            .on_conflict_do_nothing(index_elements=["gig_id", "receiver_id", "giver_id"])
            .returning(*referrals.c),
            _referral,
        )  # fmt: skip

    async def get(self, referral_id: int) -> Referral | None:
        """One referral."""
        return await self._one(select(referrals).where(referrals.c.id == referral_id), _referral)

    async def first_to(self, gig_id: int, receiver_id: int) -> Referral | None:
        """The referral by which a person first heard of a gig."""
        return await self._one(_FIRST_TO, _referral, gig=gig_id, receiver=receiver_id)

    async def number_by(self, gig_id: int, giver_id: int) -> int:
        """How many people somebody has passed a gig to."""
        return await self._how_many(
            select(func.count()).where(referrals.c.gig_id == gig_id, referrals.c.giver_id == giver_id)
        )

    async def chain(self, referral_id: int) -> list[Referral]:
        """The way a gig took, from the first who passed it on down to this referral; at most 20 links."""
        links: list[Referral] = []
        next_id: int | None = referral_id
        while next_id is not None and len(links) < 20:
            link = await self.get(next_id)
            if link is None:
                break
            links.append(link)
            next_id = link.parent_id
        return links[::-1]

    async def won(self, referral_id: int, now: datetime) -> Referral | None:
        """It became work; None when that was known."""
        return await self._one(
            update(referrals)
            .where(referrals.c.id == referral_id, referrals.c.won_at.is_(None))
            .values(won_at=now)
            .returning(*referrals.c),
            _referral,
        )

    async def thank(self, giver_id: int, receiver_id: int, now: datetime) -> int:
        """The receiver has thanked the giver for everything so far; for how many referrals."""
        return await self._count(
            update(referrals)
            .where(referrals.c.giver_id == giver_id, referrals.c.receiver_id == receiver_id)
            .values(thanked_at=now)
        )

    async def passed_to(self, person_id: int) -> list[LedgerLine]:
        """Who passed this person work, the most recent first."""
        return await self._ledger(referrals.c.receiver_id, person_id, referrals.c.giver_id)

    async def passed_by(self, person_id: int) -> list[LedgerLine]:
        """To whom this person passed work, the most recent first."""
        return await self._ledger(referrals.c.giver_id, person_id, referrals.c.receiver_id)

    async def _ledger(self, whose: Column[Any], person_id: int, other: Column[Any]) -> list[LedgerLine]:
        last = func.max(referrals.c.made_at, type_=referrals.c.made_at.type)
        return await self._all(
            select(
                other.label("person_id"),
                func.count().label("passed"),
                func.count(referrals.c.won_at).label("won"),
                last.label("last_at"),
                func.max(referrals.c.thanked_at, type_=referrals.c.thanked_at.type).label("thanked_at"),
            )
            .where(whose == person_id)
            .group_by(other)
            .order_by(last.desc(), other),
            lambda row: LedgerLine(**row),
        )

    async def export(self, person_id: int) -> dict[str, Rows]:
        """What was passed on by the person, and to them."""
        return {
            "referrals": await self._rows(
                select(referrals).where(or_(referrals.c.giver_id == person_id, referrals.c.receiver_id == person_id))
            )
        }

    async def forget(self, person_id: int) -> dict[str, int]:
        """Erase them; chains that went through the person begin behind them."""
        theirs = or_(referrals.c.giver_id == person_id, referrals.c.receiver_id == person_id)
        ids = select(referrals.c.id).where(theirs)
        await self._do(update(referrals).where(referrals.c.parent_id.in_(ids)).values(parent_id=None))
        return {"referrals": await self._count(delete(referrals).where(theirs))}


def _referral(row: RowMapping) -> Referral:
    return Referral(**row)
