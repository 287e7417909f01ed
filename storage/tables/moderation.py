"""Reports, posts kept off the board, people who may not post for a while, and the log of what moderators did."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

from storage.records.gig import GigState
from storage.records.moderation import ReportReason
from storage.tables.base import METADATA
from storage.tables.columns import Choice, Flag, Id, Json, Moment, Typed, own_id, person
from storage.tables.gigs import gigs

reports = Table(
    "gig_reports",
    METADATA,
    own_id(),
    Column("community_id", Id, ForeignKey("communities.id"), nullable=False),
    Column("gig_id", Id, ForeignKey(gigs.c.id), nullable=False),
    person(index=True),
    Column("reason", Choice(ReportReason), nullable=False),
    Column("note", Typed),
    Column("made_at", Moment, nullable=False),
    Column("settled_at", Moment),
    UniqueConstraint("gig_id", "person_id"),
    Index(None, "community_id", "settled_at", "gig_id"),
    sqlite_autoincrement=True,
)

withheld = Table(
    "withheld_gigs",
    METADATA,
    Column("gig_id", Id, ForeignKey(gigs.c.id), primary_key=True, autoincrement=False),
    Column("community_id", Id, ForeignKey("communities.id"), nullable=False, index=True),
    Column("state", Choice(GigState), nullable=False),
    Column("closed", Flag, nullable=False),
    Column("hung", Flag, nullable=False),
    Column("alarms", Json, nullable=False),
    Column("reason", Typed),
    Column("at", Moment, nullable=False),
)

mutes = Table(
    "post_mutes",
    METADATA,
    Column("community_id", Id, ForeignKey("communities.id"), primary_key=True, autoincrement=False),
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True, autoincrement=False, index=True),
    Column("until", Moment, nullable=False),
    Column("reason", Typed, nullable=False),
    Column("made_at", Moment, nullable=False),
)

#: actor_id: empty for what the program did, and once the moderator has been erased: the deed stays, the name goes.
audit = Table(
    "audit",
    METADATA,
    own_id(),
    Column("community_id", Id, ForeignKey("communities.id"), nullable=False),
    person("actor_id", nullable=True, index=True),
    Column("act", Text, nullable=False),
    Column("subject", Typed, nullable=False),
    Column("reason", Typed),
    Column("details", Json, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "community_id", "id"),
    sqlite_autoincrement=True,
)
