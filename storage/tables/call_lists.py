"""Whom people call first."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint

from storage.tables.base import METADATA
from storage.tables.columns import Key, Moment, Typed, own_id, person

call_lists = Table(
    "call_lists",
    METADATA,
    own_id(),
    person("owner_id"),
    person("person_id"),
    Column("role", Key, nullable=False),
    Column("name", Key, nullable=False),
    Column("place", Integer, nullable=False),
    Column("note", Typed),
    Column("added_at", Moment, nullable=False),
    Column("removed_at", Moment),
    UniqueConstraint("owner_id", "role", "name", "person_id"),
    Index(None, "person_id"),
    sqlite_autoincrement=True,
)
