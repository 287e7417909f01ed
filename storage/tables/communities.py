"""Communities, the places in them where several people read, and who belongs to which."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

from storage.records.people import Words
from storage.tables.base import METADATA
from storage.tables.columns import Choice, Flag, Id, Json, Key, Moment, Typed, own_id

communities = Table(
    "communities",
    METADATA,
    own_id(),
    Column("surface", Key, nullable=False),
    Column("account", Key, nullable=False),
    Column("name", Typed, nullable=False),
    Column("zone", Text),
    Column("currency", Text),
    Column("locale", Text),
    Column("words", Choice(Words)),
    Column("region", Typed),
    Column("active", Flag, nullable=False),
    Column("settings", Json, nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("surface", "account"),
    sqlite_autoincrement=True,
)

channels = Table(
    "channels",
    METADATA,
    own_id(),
    Column("community_id", Id, ForeignKey("communities.id"), nullable=False, index=True),
    Column("surface", Key, nullable=False),
    Column("address", Key, nullable=False),
    Column("name", Typed, nullable=False),
    Column("shape", Text, nullable=False),
    Column("board", Flag, nullable=False),
    Column("trouble", Typed),
    UniqueConstraint("surface", "address"),
    sqlite_autoincrement=True,
)

memberships = Table(
    "memberships",
    METADATA,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("community_id", ForeignKey("communities.id"), primary_key=True),
    Column("moderator", Flag, nullable=False),
    Column("joined_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("left_at", Moment),
    Index(None, "community_id", "person_id"),
)
