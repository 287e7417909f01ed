"""What the program remembers about itself: which updates of a platform it took, marks, secrets it made.

An update that was pushed has a stream, which names what must stay in order, and is done at `done_at`, set in the same
transaction as what it did; one that was polled has neither.
"""

from __future__ import annotations

from sqlalchemy import Column, Table, text

from storage.tables.base import METADATA, partial
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
    Column("stream", Key),
    Column("done_at", Moment),
)

_UNDER_WAY = text("stream IS NOT NULL AND done_at IS NULL")
partial(
    "ix_seen_updates_under_way",
    seen_updates.c.platform,
    seen_updates.c.stream,
    where=_UNDER_WAY,
)
