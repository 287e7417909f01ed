"""What players said to gigs: one row for a player and a gig."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from storage.records.answer import AnswerKind, AnswerState
from storage.tables.base import METADATA
from storage.tables.columns import Choice, Id, Moment, Typed, own_id, person
from storage.tables.gigs import fee

answers = Table(
    "answers",
    METADATA,
    own_id(),
    Column("gig_id", Id, ForeignKey("gigs.id"), nullable=False),
    person(),
    Column("reply", Choice(AnswerKind), nullable=False),
    *fee(),
    Column("note", Typed),
    Column("state", Choice(AnswerState), nullable=False),
    Column("before", Choice(AnswerState)),
    Column("got_it", Integer, nullable=False),
    Column("answered_at", Moment, nullable=False),
    Column("state_at", Moment, nullable=False),
    UniqueConstraint("gig_id", "person_id"),
    Index(None, "person_id", "id"),
    sqlite_autoincrement=True,
)
