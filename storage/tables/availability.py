"""What people said about their time, the calendars they imported, and the feeds that calendar programs read."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from storage.records.availability import FeedShow, Free
from storage.tables.base import METADATA
from storage.tables.columns import Choice, Day, Flag, Id, Json, Key, Moment, Typed, own_id, person

#: listed, but: days as ISO 8601 text, as JSON lists; NULL for none, so that a question can pass them over.
#: last: 9999-12-31 for ever, so that one comparison finds what is still going on.
availability = Table(
    "availability",
    METADATA,
    own_id(),
    person(),
    Column("state", Choice(Free), nullable=False),
    Column("zone", Key, nullable=False),
    Column("first", Day, nullable=False),
    Column("last", Day, nullable=False),
    Column("begins", Integer, nullable=False),
    Column("ends", Integer, nullable=False),
    Column("days", Integer, nullable=False),
    Column("every", Integer, nullable=False),
    Column("listed", Json),
    Column("but", Json),
    Column("region", Typed),
    Column("note", Typed),
    Column("made_at", Moment, nullable=False),
    Column("said_at", Moment, nullable=False),
    Column("asked_at", Moment),
    Column("deleted_at", Moment),
    Index(None, "person_id", "last"),
    sqlite_autoincrement=True,
)

#: The same once more for each person, packed: see `storage.records.packs`. zones: names, with blanks between.
availability_packs = Table(
    "availability_packs",
    METADATA,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("zones", Key, nullable=False),
    Column("entries", LargeBinary, nullable=False),
    Column("odd", Text),
)

calendars = Table(
    "calendars",
    METADATA,
    own_id(),
    person(index=True),
    Column("url", Text),
    Column("until", Moment, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("read_at", Moment, nullable=False),
    Column("next_at", Moment, index=True),
    Column("failures", Integer, nullable=False),
    Column("trouble", Typed),
    sqlite_autoincrement=True,
)

calendar_busy = Table(
    "calendar_busy",
    METADATA,
    own_id(),
    Column("calendar_id", Id, ForeignKey("calendars.id"), nullable=False, index=True),
    person(),
    Column("start_at", Moment, nullable=False),
    Column("end_at", Moment, nullable=False),
    Column("floating", Flag, nullable=False),
    Index(None, "person_id", "start_at", "end_at"),
    sqlite_autoincrement=True,
)

calendar_feeds = Table(
    "calendar_feeds",
    METADATA,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("secret_hash", Key, nullable=False, unique=True),
    Column("show", Choice(FeedShow), nullable=False),
    Column("made_at", Moment, nullable=False),
)
