"""Who passed which gig to whom."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint

from storage.tables.base import METADATA
from storage.tables.columns import Id, Moment, Typed, own_id, person
from storage.tables.gigs import gigs

referrals = Table(
    "referrals",
    METADATA,
    own_id(),
    Column("gig_id", Id, ForeignKey(gigs.c.id), nullable=False),
    person("giver_id"),
    person("receiver_id"),
    Column("note", Typed),
    Column("parent_id", Id, ForeignKey("referrals.id"), index=True),
    Column("made_at", Moment, nullable=False),
    Column("won_at", Moment),
    Column("thanked_at", Moment),
    UniqueConstraint("gig_id", "receiver_id", "giver_id"),
    Index(None, "giver_id", "receiver_id"),
    Index(None, "receiver_id", "giver_id"),
    sqlite_autoincrement=True,
)
