"""Questions for dates, who was asked, and what they said."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from storage.records.availability import Free
from storage.tables.base import METADATA
from storage.tables.columns import Choice, Flag, Id, Key, Moment, own_id, person, span

date_polls = Table(
    "date_polls",
    METADATA,
    own_id(),
    person(),
    Column("community_id", Id, ForeignKey("communities.id"), nullable=False),
    Column("channel_id", Id, ForeignKey("channels.id")),
    Column("role", Key),
    Column("hidden", Flag, nullable=False),
    Column("zone", Text, nullable=False),
    Column("reply_by", Moment, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("cancelled", Flag, nullable=False),
    Index(None, "person_id", "id"),
    Index(None, "channel_id"),
    sqlite_autoincrement=True,
)

date_poll_dates = Table(
    "date_poll_dates",
    METADATA,
    Column("poll_id", ForeignKey("date_polls.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    *span(),
)

date_poll_guests = Table(
    "date_poll_guests",
    METADATA,
    Column("poll_id", ForeignKey("date_polls.id"), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("named", Flag, nullable=False),
    Column("answered_at", Moment),
    Index(None, "person_id"),
)

date_poll_answers = Table(
    "date_poll_answers",
    METADATA,
    Column("poll_id", ForeignKey("date_polls.id"), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("state", Choice(Free), nullable=False),
    Index(None, "person_id"),
)
