"""Half-filled forms, and deeds that can still be taken back."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from storage.tables.base import METADATA
from storage.tables.columns import Id, Json, Key, Moment, Typed, own_id, person

drafts = Table(
    "drafts",
    METADATA,
    Column("token", Key, primary_key=True),
    person(),
    Column("place", Key, nullable=False),
    Column("target", Text, nullable=False),
    Column("community_id", Id, ForeignKey("communities.id"), index=True),
    Column("values", Json, nullable=False),
    Column("fixed", Text, nullable=False),
    Column("asked", Text),
    Column("asked_fields", Json, nullable=False),
    Column("offered", Json, nullable=False),
    Column("prompt", Text),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Index(None, "person_id", "place"),
)

undos = Table(
    "undos",
    METADATA,
    own_id(),
    person(),
    Column("label", Typed, nullable=False),
    Column("action", Text, nullable=False),
    Column("until", Moment, nullable=False, index=True),
    Column("used_at", Moment),
    Index(None, "person_id", "until"),
    sqlite_autoincrement=True,
)
