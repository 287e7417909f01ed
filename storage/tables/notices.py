"""What must be said and when. The reasons of this shape: `storage.stores.notices`."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, text

from storage.tables.base import METADATA, partial
from storage.tables.columns import Flag, Id, Json, Key, Moment, Typed, own_id, person

_OPEN = text("next_at IS NOT NULL")
_ENDED = text("next_at IS NULL")
_OF_PERSON = text("person_id IS NOT NULL")
_OF_CHANNEL = text("channel_id IS NOT NULL")
_OF_SERIES = text("series_id IS NOT NULL")
_OPEN_SUBJECT = text("next_at IS NOT NULL AND subject IS NOT NULL")
_TROUBLED = text("trouble IS NOT NULL")


#: due_at: what was promised, never moved by retries. next_at: when to look again: due time, end of a lease, or retry;
#: NULL once it ended. platform: '' while there is nowhere to send it. dest: NULL until the private chat is opened.
#: owner: the process that claimed it and has not said how that went. doubtful: an earlier attempt may have arrived.
#: bundle: the message this one was put into together with others, the same again when that has to be repeated.
#: subject: "name=value" of the first argument, by which it is cancelled. ended_at, result, trouble: how it ended.
notices = Table(
    "notices",
    METADATA,
    own_id(),
    Column("platform", Key, nullable=False),
    Column("dest", Key),
    person(nullable=True),
    Column("channel_id", Id, ForeignKey("channels.id")),
    Column("lane", Integer, nullable=False),
    Column("kind", Key, nullable=False),
    Column("subject", Key),
    Column("args", Json, nullable=False),
    Column("key", Key, nullable=False),
    Column("topic", Text),
    Column("urgent", Flag, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("next_at", Moment),
    Column("expires_at", Moment, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("owner", Text),
    Column("doubtful", Flag, nullable=False),
    Column("bundle", Text),
    Column("series_id", Key),
    Column("occurrence", Integer, nullable=False),
    Column("ended_at", Moment),
    Column("message_id", Text),
    Column("result", Text),
    Column("trouble", Typed),
    Index("uq_notices_key", "key", unique=True),
    partial("ix_notices_due", "platform", "lane", "next_at", where=_OPEN),
    partial("ix_notices_person", "person_id", "next_at", where=_OF_PERSON),
    partial("ix_notices_channel", "channel_id", "next_at", where=_OF_CHANNEL),
    partial("ix_notices_subject", "kind", "subject", where=_OPEN_SUBJECT),
    partial("uq_notices_series", "series_id", "occurrence", where=_OF_SERIES, unique=True),
    partial("ix_notices_ended", "ended_at", where=_ENDED),
    partial("ix_notices_trouble", "ended_at", where=_TROUBLED),
    sqlite_autoincrement=True,
)
