"""The messages of the local console."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text, UniqueConstraint

from storage.tables.base import METADATA
from storage.tables.columns import Flag, Id, Json, Key, Moment, Typed, own_id, person

console_messages = Table(
    "console_messages",
    METADATA,
    own_id(),
    Column("place", Key, nullable=False),
    person(nullable=True),
    Column("text", Typed, nullable=False),
    Column("buttons", Json, nullable=False),
    Column("card", Text),
    Column("subject_id", Id),
    Column("key", Key),
    Column("seen", Flag, nullable=False),
    Column("said_at", Moment, nullable=False),
    UniqueConstraint("key"),
    Index(None, "person_id", "seen"),
    sqlite_autoincrement=True,
)
