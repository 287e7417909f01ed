"""What the program remembers about itself: positions in a platform's stream of updates, marks, secrets it made."""

from __future__ import annotations

from sqlalchemy import Column, Table

from storage.tables.base import METADATA
from storage.tables.columns import Key, Moment, Typed

app_state = Table(
    "app_state",
    METADATA,
    Column("key", Key, primary_key=True),
    Column("value", Typed, nullable=False),
)

seen_updates = Table(
    "seen_updates",
    METADATA,
    Column("platform", Key, primary_key=True),
    Column("id", Key, primary_key=True),
    Column("seen_at", Moment, nullable=False, index=True),
)
