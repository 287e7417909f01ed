"""Breaks, ears, rest and check-ins."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, text

from storage.records.wellness import BreakMode, Hint, Pain, Phase, Plugs, Taken
from storage.tables.base import METADATA, partial
from storage.tables.columns import Choice, Day, Flag, Id, Moment, Typed, own_id, person

_RUNS_ALONE = text("ended_at IS NULL AND channel_id IS NULL")
_RUNS_HERE = text("ended_at IS NULL AND channel_id IS NOT NULL")

#: One running timer for each person, and one for each channel.
break_timers = Table(
    "break_timers",
    METADATA,
    own_id(),
    person(),
    Column("community_id", Id, ForeignKey("communities.id")),
    Column("channel_id", Id, ForeignKey("channels.id")),
    Column("mode", Choice(BreakMode), nullable=False),
    Column("play", Integer, nullable=False),
    Column("rest", Integer, nullable=False),
    Column("zone", Text, nullable=False),
    Column("phase", Choice(Phase), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("until", Moment),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment),
    partial(
        "ix_break_timers_own", "person_id", unique=True, where=_RUNS_ALONE
    ),
    partial(
        "ix_break_timers_here", "channel_id", unique=True, where=_RUNS_HERE
    ),
    Index(None, "person_id", "id"),
    sqlite_autoincrement=True,
)  # fmt: skip

break_members = Table(
    "break_members",
    METADATA,
    Column("timer_id", Id, ForeignKey("break_timers.id"), primary_key=True),
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True, index=True),
    Column("told", Flag, nullable=False),
    Column("joined_at", Moment, nullable=False),
)

break_plans = Table(
    "break_plans",
    METADATA,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("zone", Text, nullable=False),
    Column("days", Integer, nullable=False),
    Column("begins", Integer, nullable=False),
    Column("ends", Integer, nullable=False),
    Column("silent_until", Moment),
)

#: timer_id without a foreign key: what somebody did outlives the group's timer.
break_entries = Table(
    "break_entries",
    METADATA,
    own_id(),
    person(),
    Column("timer_id", Id, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("mode", Choice(BreakMode), nullable=False),
    Column("outcome", Choice(Taken), nullable=False),
    Column("played", Integer, nullable=False),
    Index(None, "person_id", "at"),
    Index(None, "timer_id", "turn", "person_id", unique=True),
    sqlite_autoincrement=True,
)

hearing_logs = Table(
    "hearing_logs",
    METADATA,
    own_id(),
    person(),
    Column("day", Day, nullable=False),
    Column("level", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("plugs", Choice(Plugs), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("deleted_at", Moment),
    Index(None, "person_id", "day"),
    sqlite_autoincrement=True,
)

check_ins = Table(
    "check_ins",
    METADATA,
    own_id(),
    person(),
    Column("day", Day, nullable=False),
    Column("energy", Integer),
    Column("pain", Choice(Pain)),
    Column("place", Typed),
    Column("note", Typed),
    Column("made_at", Moment, nullable=False),
    Column("deleted_at", Moment),
    Index(None, "person_id", "day"),
    sqlite_autoincrement=True,
)

rest_hints = Table(
    "rest_hints",
    METADATA,
    Column("person_id", Id, ForeignKey("people.id"), primary_key=True),
    Column("hint", Choice(Hint), primary_key=True),
    Column("day", Day, primary_key=True),
    Column("said_at", Moment, nullable=False),
)
