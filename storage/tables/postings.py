"""Where cards hang."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

from storage.tables.base import METADATA
from storage.tables.columns import Id, Key, Moment, own_id, person

postings = Table(
    "postings",
    METADATA,
    own_id(),
    Column("card", Text, nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("surface", Key, nullable=False),
    Column("address", Key, nullable=False),
    Column("message", Key, nullable=False),
    Column("channel_id", Id, ForeignKey("channels.id"), index=True),
    person(nullable=True, index=True),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("surface", "address", "message"),
    Index(None, "card", "subject_id"),
    sqlite_autoincrement=True,
)
