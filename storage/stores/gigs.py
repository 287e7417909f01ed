"""Gigs: posted, changed, closed, and the one statement that gives a chair away."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, case, delete, func, select, update

from storage.faults import Gone
from storage.records.answer import AnswerState
from storage.records.gig import LISTED, Audience, Gig, GigChange, GigState, Terms, UnionTerms, Usage
from storage.stores.base import PersonalStore, Rows
from storage.stores.gig_words import search_words
from storage.stores.ready import Ready, among
from storage.tables.answers import answers
from storage.tables.columns import money_values, span_of, span_values
from storage.tables.gigs import fee_of, fee_values, gig_changes, gig_filters, gig_offers, gigs
from storage.tables.links import gig_boards
from storage.tables.moderation import reports, withheld
from storage.tables.referrals import referrals

_PLAIN = (
    "id community_id poster_id role seats call_time where country kind what reply_by state closed inked pencilled "
    "revision posted_at state_at expires_at audience"
).split()

_ADD = Ready(gigs.insert().returning(*gigs.c), [column.name for column in gigs.c if column.name != "id"])
_GET = Ready(select(gigs).where(gigs.c.id == bindparam("id")))
_HOLD = Ready(select(gigs).where(gigs.c.id == bindparam("id")).with_for_update())
_MANY = Ready(select(gigs).where(among(gigs.c.id, "ids")))

_TAKE_SEAT = Ready(
    update(gigs)
    .where(gigs.c.id == bindparam("gig"), gigs.c.closed.is_(False), gigs.c.inked < gigs.c.seats)
    .values(inked=gigs.c.inked + 1)
    .returning(*gigs.c)
)
_NUMBERS = {
    name: select(func.count())
    .select_from(answers)
    .where(answers.c.gig_id == bindparam("gig"), answers.c.state == state)
    .scalar_subquery()
    for name, state in (("inked", AnswerState.INKED), ("pencilled", AnswerState.PENCILLED))
}
_COUNT_ANSWERS = Ready(update(gigs).where(gigs.c.id == bindparam("gig")).values(**_NUMBERS).returning(*gigs.c))
_FOLLOWING = case(
    (gigs.c.inked >= gigs.c.seats, GigState.FILLED.value),
    (gigs.c.inked + gigs.c.pencilled >= gigs.c.seats, GigState.HELD.value),
    else_=GigState.OPEN.value,
)
_FOLLOW_ANSWERS = Ready(
    update(gigs)
    .where(gigs.c.id == bindparam("gig"), gigs.c.closed.is_(False), gigs.c.state != _FOLLOWING)
    .values(state=_FOLLOWING, state_at=bindparam("now"))
    .returning(*gigs.c)
)


class GigStore(PersonalStore):
    """Questions and deeds about gigs.

    Whoever changes an answer holds its gig first (`hold`), so that counts are exact and two such changes follow one
    another. On SQLite the one writer does that by itself.
    """

    personal = (gig_filters.c.person_id, gig_offers.c.person_id, gigs.c.poster_id)

    async def add(self, gig: Gig) -> Gig:
        """Keep a new gig and give it its id; the one in `gig` is ignored."""
        kept = await self._one(_ADD, gig_of, **_values(gig))
        assert kept is not None
        return kept

    @staticmethod
    def values_of(gig: Gig) -> dict[str, Any]:
        """What is written for a new gig, by column: for filling a database in bulk."""
        return _values(gig)

    async def get(self, gig_id: int) -> Gig | None:
        """One gig, in whatever state."""
        return await self._one(_GET, gig_of, id=gig_id)

    async def many(self, gig_ids: Sequence[int]) -> dict[int, Gig]:
        """Several gigs by id; ids that no gig has are left out."""
        found = await self._all(_MANY, gig_of, ids=gig_ids)
        return {gig.id: gig for gig in found}

    async def posted_by(self, poster_id: int) -> list[Gig]:
        """All that a person posted, in whatever state, the oldest first."""
        return await self._all(select(gigs).where(gigs.c.poster_id == poster_id).order_by(gigs.c.id), gig_of)

    async def hold(self, gig_id: int) -> Gig | None:
        """The gig, and nobody else changes it or its answers before this Work is over."""
        return await self._one(_HOLD, gig_of, id=gig_id)

    async def take_seat(self, gig_id: int) -> Gig | None:
        """One chair fewer is free; None when none was, or the gig is closed. Of two who want the last, one gets it."""
        return await self._one(_TAKE_SEAT, gig_of, gig=gig_id)

    async def settle(self, gig_id: int, now: datetime) -> Gig:
        """Count the answers again and let the state follow them, unless the gig was closed. Raises Gone."""
        counted = await self._one(_COUNT_ANSWERS, gig_of, gig=gig_id)
        if counted is None:
            raise Gone(f"gig {gig_id}")
        return await self._one(_FOLLOW_ANSWERS, gig_of, gig=gig_id, now=now) or counted

    async def change(self, gig: Gig, changes: Mapping[str, tuple[object, object]], now: datetime) -> Gig:
        """Write the gig as it is now and keep what stood there before: field -> (before, after), as JSON values.

        The revision is the caller's to raise. Raises Gone.
        """
        written = {k: v for k, v in _values(gig).items() if k not in _COUNTED}
        kept = await self._one(update(gigs).where(gigs.c.id == gig.id).values(**written).returning(*gigs.c), gig_of)
        if kept is None:
            raise Gone(f"gig {gig.id}")
        if changes:
            await self._do(
                gig_changes.insert(),
                [
                    {
                        "gig_id": gig.id,
                        "revision": gig.revision,
                        "field": field,
                        "before": before,
                        "after": after,
                        "changed_at": now,
                    }
                    for field, (before, after) in changes.items()
                ],
            )
        return kept

    async def changes(self, gig_id: int, after_revision: int) -> list[GigChange]:
        """What was changed since that revision, oldest first."""
        return await self._all(
            select(gig_changes)
            .where(gig_changes.c.gig_id == gig_id, gig_changes.c.revision > after_revision)
            .order_by(gig_changes.c.id),
            lambda row: GigChange(**row),
        )

    async def close(self, gig_id: int, state: GigState, from_states: Collection[GigState], now: datetime) -> Gig | None:
        """Close it by hand; None when it is not in one of `from_states` (any more)."""
        return await self._one(
            update(gigs)
            .where(gigs.c.id == gig_id, gigs.c.state.in_(from_states))
            .values(closed=True, state=state, state_at=now)
            .returning(*gigs.c),
            gig_of,
        )

    async def reopen(self, gig_id: int, expires_at: datetime, now: datetime) -> Gig | None:
        """Let its state follow the answers again; None when it was not closed, or is gone."""
        opened = await self._one(
            update(gigs)
            .where(gigs.c.id == gig_id, gigs.c.closed.is_(True))
            .values(closed=False, state=GigState.OPEN, state_at=now, expires_at=expires_at)
            .returning(*gigs.c),
            gig_of,
        )
        return None if opened is None else await self.settle(gig_id, now)

    async def expire(self, gig_id: int, now: datetime) -> Gig | None:
        """Close it as expired if it is listed and its time has passed; None otherwise."""
        return await self._one(
            update(gigs)
            .where(gigs.c.id == gig_id, gigs.c.state.in_(LISTED), gigs.c.expires_at <= now)
            .values(closed=True, state=GigState.EXPIRED, state_at=now)
            .returning(*gigs.c),
            gig_of,
        )

    async def extend(self, gig_id: int, expires_at: datetime) -> Gig | None:
        """Leave it on the board until then."""
        return await self._one(
            update(gigs).where(gigs.c.id == gig_id).values(expires_at=expires_at).returning(*gigs.c), gig_of
        )

    async def offer(self, gig_id: int, person_ids: Collection[int], now: datetime) -> list[int]:
        """Offer a gig to people privately; those to whom it was not offered before."""
        statement = self._insert(gig_offers).on_conflict_do_nothing(index_elements=["gig_id", "person_id"])
        return [
            person_id
            for person_id in person_ids
            if await self._count(statement.values(gig_id=gig_id, person_id=person_id, offered_at=now))
        ]

    async def offered_to(self, gig_id: int, person_id: int) -> bool:
        """Whether a gig was offered to somebody privately."""
        rows = await self._run(
            select(gig_offers.c.gig_id).where(gig_offers.c.gig_id == gig_id, gig_offers.c.person_id == person_id)
        )
        return rows.first() is not None

    async def widen(self, gig_id: int) -> Gig | None:
        """Offer a gig to everybody from now on; None when it is already."""
        return await self._one(
            update(gigs)
            .where(gigs.c.id == gig_id, gigs.c.audience != Audience.BOARD)
            .values(audience=Audience.BOARD)
            .returning(*gigs.c),
            gig_of,
        )

    async def record_of(self, poster_id: int, community_id: int) -> tuple[int, int]:
        """How many gigs a person has posted in a community, and how many of them were filled."""
        rows = (
            await self._run(
                select(
                    func.count().label("posted"),
                    func.count().filter(gigs.c.state == GigState.FILLED).label("filled"),
                ).where(gigs.c.poster_id == poster_id, gigs.c.community_id == community_id)
            )
        ).mappings()
        found = rows.one()
        return found["posted"], found["filled"]

    async def export(self, person_id: int) -> dict[str, Rows]:
        """The person's posts and the lists they page through, with what was changed about the posts."""
        mine = select(gigs.c.id).where(gigs.c.poster_id == person_id)
        rows = await super().export(person_id)
        rows["gig_changes"] = await self._rows(select(gig_changes).where(gig_changes.c.gig_id.in_(mine)))
        return rows

    async def forget(self, person_id: int) -> dict[str, int]:
        """Erase the person's posts, and with them everything that hangs on those; how many rows went, by table."""
        mine = select(gigs.c.id).where(gigs.c.poster_id == person_id)
        passed = select(referrals.c.id).where(referrals.c.gig_id.in_(mine))
        await self._do(update(referrals).where(referrals.c.parent_id.in_(passed)).values(parent_id=None))
        erased = {
            table.name: await self._count(delete(table).where(table.c.gig_id.in_(mine)))
            for table in (gig_changes, gig_offers, gig_boards, answers, referrals, reports, withheld)
        }
        for table, count in (await super().forget(person_id)).items():
            erased[table] = erased.get(table, 0) + count
        return erased


#: Columns that only statements about seats and states write.
_COUNTED = frozenset({"inked", "pencilled", "state", "closed", "state_at", "posted_at", "community_id", "poster_id"})


def _values(gig: Gig) -> dict[str, Any]:
    worth = gig.worth()
    return {
        **{name: getattr(gig, name) for name in _PLAIN if name != "id"},
        **span_values(gig.span),
        **fee_values(gig.fee),
        **money_values("worth", worth),
        "terms": {name: value for name, value in asdict(gig.terms).items() if value is not None},
        "words": " ".join(search_words(gig)),
    }


def gig_of(row: RowMapping) -> Gig:
    """The record in a row of `gigs`."""
    values = dict(row)
    stretch, pay = span_of(values), fee_of(values)
    assert stretch is not None and pay is not None
    return Gig(**{name: values[name] for name in _PLAIN}, span=stretch, fee=pay, terms=_terms(values["terms"]))


def _terms(kept: dict[str, Any]) -> Terms:
    if not kept:
        return _NO_TERMS
    if "usage" in kept:
        kept = {**kept, "usage": Usage(kept["usage"])}
    if "union" in kept:
        kept = {**kept, "union": UnionTerms(kept["union"])}
    return Terms(**kept)


_NO_TERMS = Terms()
