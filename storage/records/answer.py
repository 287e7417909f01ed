"""An answer: what one player said to one gig, and what the poster made of it. Its short id is O31, an offer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.records.fee import Fee


class AnswerKind(StrEnum):
    """What a player says."""

    INK = "ink"  # I'm in
    PENCIL = "pencil"  # Pencil me
    PASS = "pass"  # noqa: S105  # a musician's pass, not a password
    COUNTER = "counter"  # in, for another fee


class AnswerState(StrEnum):
    """Where an answer stands. `cogs.gigs.rules` says which state follows which, and by whose deed."""

    WAITING = "waiting"  # said, and the poster has not decided
    PENCILLED = "pencilled"
    INKED = "inked"
    DECLINED = "declined"  # by the poster, before anything was agreed
    RELEASED = "released"  # by the poster, after a pencil or ink
    PASSED = "passed"
    WITHDRAWN = "withdrawn"  # by the player


#: The player counts on the chair, and the poster on the player.
ENGAGED = frozenset({AnswerState.PENCILLED, AnswerState.INKED})
#: Whoever is in one of these hears what becomes of the gig.
INTERESTED = ENGAGED | {AnswerState.WAITING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One player's answer to one gig; changed in place, never doubled.

    fee: asked for in a counter-offer; None otherwise. note: to the poster.
    before: the state before the last move, for taking that move back.
    got_it: the gig's revision that the player has said "got it" to; when they were picked, the one of that moment.
    """

    id: int
    gig_id: int
    person_id: int
    reply: AnswerKind
    fee: Fee | None = None
    note: str | None = None
    state: AnswerState
    before: AnswerState | None = None
    got_it: int = 0
    answered_at: datetime
    state_at: datetime

    @property
    def ref(self) -> str:
        """Its short id."""
        return f"O{self.id}"
