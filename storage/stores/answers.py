"""What players said to gigs. Whoever changes an answer holds its gig first (`GigStore.hold`) and settles it after."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, and_, bindparam, or_, select, update

from storage.records.answer import ENGAGED, Answer, AnswerKind, AnswerState
from storage.records.fee import Fee
from storage.stores.base import PersonalStore
from storage.stores.gigs import GigStore
from storage.stores.ready import Ready, among
from storage.tables.answers import answers
from storage.tables.gigs import fee_of, fee_values, gigs

_OF = Ready(select(answers).where(answers.c.gig_id == bindparam("gig"), answers.c.person_id == bindparam("person")))
_TO = Ready(select(answers).where(answers.c.gig_id == bindparam("gig")).order_by(answers.c.id))
_MINE_TO = Ready(select(answers).where(answers.c.person_id == bindparam("person"), among(answers.c.gig_id, "gigs")))


class AnswerStore(PersonalStore):
    """Questions and deeds about answers."""

    personal = (answers.c.person_id,)

    async def get(self, answer_id: int) -> Answer | None:
        """One answer."""
        return await self._one(select(answers).where(answers.c.id == answer_id), _answer)

    async def of(self, gig_id: int, person_id: int) -> Answer | None:
        """What this player said to this gig."""
        return await self._one(_OF, _answer, gig=gig_id, person=person_id)

    async def to(self, gig_id: int, states: Collection[AnswerState] | None = None) -> list[Answer]:
        """What was said to a gig, in the order in which people first answered; only in these states if given."""
        found = await self._all(_TO, _answer, gig=gig_id)
        return found if states is None else [answer for answer in found if answer.state in states]

    async def mine_to(self, gig_ids: Collection[int], person_id: int) -> dict[int, Answer]:
        """What one player said to several gigs, by gig."""
        found = await self._all(_MINE_TO, _answer, gigs=list(gig_ids), person=person_id)
        return {answer.gig_id: answer for answer in found}

    async def engaged(self, person_id: int) -> list[Answer]:
        """What a player said to the gigs for which they are pencilled or inked, the oldest gig first."""
        mine = select(answers).where(answers.c.person_id == person_id, answers.c.state.in_(ENGAGED))
        return await self._all(mine.order_by(answers.c.gig_id), _answer)

    async def have_worked_together(self, one: int, other: int) -> bool:
        """Whether the two were inked for the same gig, or one of them for a gig that the other posted."""
        theirs = answers.alias()
        hired = (
            select(answers.c.id)
            .join(gigs, gigs.c.id == answers.c.gig_id)
            .where(
                answers.c.state == AnswerState.INKED,
                or_(
                    and_(answers.c.person_id == one, gigs.c.poster_id == other),
                    and_(answers.c.person_id == other, gigs.c.poster_id == one),
                ),
            )
        )
        side_by_side = (
            select(answers.c.id)
            .join(theirs, theirs.c.gig_id == answers.c.gig_id)
            .where(
                answers.c.person_id == one,
                answers.c.state == AnswerState.INKED,
                theirs.c.person_id == other,
                theirs.c.state == AnswerState.INKED,
            )
        )
        return bool((await self._run(select(or_(hired.exists(), side_by_side.exists())))).scalar())

    async def say(
        self,
        gig_id: int,
        person_id: int,
        reply: AnswerKind,
        state: AnswerState,
        now: datetime,
        *,
        fee: Fee | None = None,
        note: str | None = None,
    ) -> Answer:
        """Keep what a player says, instead of what they said before to this gig; `before` remembers the state."""
        values: dict[str, Any] = {
            "reply": reply,
            "state": state,
            "note": note,
            "answered_at": now,
            "state_at": now,
            **fee_values(fee),
        }
        kept = await self._one(
            self._insert(answers)
            .values(gig_id=gig_id, person_id=person_id, got_it=0, **values)
            .on_conflict_do_update(index_elements=["gig_id", "person_id"], set_=values | {"before": answers.c.state})
            .returning(*answers.c),
            _answer,
        )
        assert kept is not None
        return kept

    async def move(
        self,
        answer_id: int,
        to: AnswerState,
        from_states: Collection[AnswerState],
        now: datetime,
        *,
        got_it: int | None = None,
    ) -> Answer | None:
        """Put an answer into another state; None when it is in none of `from_states` (any more)."""
        values: dict[str, Any] = {"state": to, "before": answers.c.state, "state_at": now}
        if got_it is not None:
            values["got_it"] = got_it
        return await self._one(
            update(answers)
            .where(answers.c.id == answer_id, answers.c.state.in_(from_states))
            .values(**values)
            .returning(*answers.c),
            _answer,
        )

    async def got_it(self, answer_id: int, revision: int) -> Answer | None:
        """The player has seen the gig as it is in this revision; None when they said so before."""
        return await self._one(
            update(answers)
            .where(answers.c.id == answer_id, answers.c.got_it < revision)
            .values(got_it=revision)
            .returning(*answers.c),
            _answer,
        )

    async def forget(self, person_id: int) -> dict[str, int]:
        """Erase the person's answers; chairs they sat on are free again in the gigs of others."""
        rows = await self._run(
            select(answers.c.gig_id, gigs.c.state_at)
            .join(gigs, and_(gigs.c.id == answers.c.gig_id, gigs.c.poster_id != person_id))
            .where(answers.c.person_id == person_id, answers.c.state.in_(ENGAGED))
        )
        freed = [(row["gig_id"], row["state_at"]) for row in rows.mappings()]
        erased = await super().forget(person_id)
        for gig_id, state_at in freed:
            await GigStore(self._transaction).settle(gig_id, state_at)
        return erased


def _answer(row: RowMapping) -> Answer:
    plain = {key: value for key, value in row.items() if not key.startswith("fee_")}
    return Answer(**plain, fee=fee_of(dict(row)))
