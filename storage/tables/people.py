"""People, their platform accounts, the roles they play and the switches they set."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from storage.records.people import Visibility, Words
from storage.tables.base import METADATA
from storage.tables.columns import Choice, Flag, Key, Moment, Typed, WallClock, own_id, person

people = Table(
    "people",
    METADATA,
    own_id(),
    Column("name", Typed, nullable=False),
    Column("name_key", Key, nullable=False, index=True),
    Column("zone", Text),
    Column("currency", Text),
    Column("locale", Text),
    Column("words", Choice(Words)),
    Column("clock", Integer),
    Column("region", Typed),
    Column("country", Text),
    Column("radius_km", Integer),
    Column("styles", Typed),
    Column("links", Typed),
    Column("union", Typed),
    Column("visibility", Choice(Visibility), nullable=False),
    Column("takes_unpaid", Flag, nullable=False),
    Column("plain_text", Flag, nullable=False),
    Column("quiet_from", WallClock, nullable=False),
    Column("quiet_to", WallClock, nullable=False),
    Column("tour_step", Integer, nullable=False),
    Column("made_at", Moment, nullable=False),
    sqlite_autoincrement=True,
)

person_roles = Table(
    "person_roles",
    METADATA,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("role", Key, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("is_double", Flag, nullable=False),
    Index(None, "role", "person_id"),
)

identities = Table(
    "identities",
    METADATA,
    Column("surface", Key, primary_key=True),
    Column("account", Key, primary_key=True),
    person(index=True),
    Column("name", Typed, nullable=False),
    Column("name_key", Key, nullable=False, index=True),
    Column("dm", Key),
    Column("unreachable", Typed),
    Column("seen_at", Moment, nullable=False),
)

person_settings = Table(
    "person_settings",
    METADATA,
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("name", Key, primary_key=True),
    Column("value", Typed, nullable=False),
)
