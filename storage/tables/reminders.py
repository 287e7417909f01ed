"""What people want to be reminded of."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, text

from storage.records.reminder import ReminderState
from storage.tables.base import METADATA, partial
from storage.tables.columns import Choice, Day, Id, Json, Moment, Typed, WallClock, own_id, person

_OF_COMMUNITY = text("community_id IS NOT NULL")
_OF_A_GIG = text("gig_id IS NOT NULL")

#: gig_id, hook: the gig it hangs on and how; no foreign key, since a reminder outlives its gig.
#: leads: minutes, as a JSON list. planned: the last running number of its notices. The rest: `records.reminder`.
reminders = Table(
    "reminders",
    METADATA,
    own_id(),
    person(),
    Column("community_id", Id, ForeignKey("communities.id")),
    Column("channel_id", Id, ForeignKey("channels.id")),
    Column("platform", Text),
    Column("role", Typed),
    Column("text", Typed, nullable=False),
    Column("zone", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("day", Day, nullable=False),
    Column("clock", WallClock),
    Column("rrule", Text),
    Column("gig_id", Id),
    Column("hook", Json),
    Column("leads", Json, nullable=False),
    Column("state", Choice(ReminderState), nullable=False),
    Column("next_at", Moment),
    Column("planned", Integer, nullable=False),
    Column("rung", Integer, nullable=False),
    Column("rung_at", Moment),
    Column("ticked", Integer, nullable=False),
    Column("snoozed_until", Moment),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("deleted_at", Moment),
    Index(None, "person_id", "state", "next_at"),
    partial(
        "ix_reminders_community",
        "community_id",
        "next_at",
        where=_OF_COMMUNITY,
    ),
    partial("ix_reminders_gig", "gig_id", where=_OF_A_GIG),
    Index(None, "channel_id"),
    sqlite_autoincrement=True,
)
