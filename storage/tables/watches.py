"""What people want to hear of. A watch has one row in `watch_roles` for each chair, or one with '' for every chair.

A watch that was taken down stays for a while, so that this can be undone.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table

from storage.records.gig import KindOfWork
from storage.records.watch import WatchHow
from storage.tables.base import METADATA
from storage.tables.columns import Choice, Id, Json, Key, Moment, Typed, money, own_id, person

watches = Table(
    "watches",
    METADATA,
    own_id(),
    person(index=True),
    Column("community_id", Id, ForeignKey("communities.id"), nullable=False, index=True),
    Column("region", Typed),
    Column("words", Json, nullable=False),
    *money("at_least", nullable=True),
    Column("kind", Choice(KindOfWork)),
    Column("how", Choice(WatchHow), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("dropped_at", Moment),
    sqlite_autoincrement=True,
)

watch_roles = Table(
    "watch_roles",
    METADATA,
    Column("watch_id", Id, ForeignKey("watches.id", ondelete="CASCADE"), primary_key=True),
    Column("role", Key, primary_key=True),
    Column("community_id", Id, nullable=False),
    Index(None, "community_id", "role", "watch_id"),
)
