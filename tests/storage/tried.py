"""A table with every kind of column, for tests of what columns keep and of statements that are worked out once."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from sqlalchemy import Column, ForeignKey, MetaData, Table

from storage.tables import columns
from storage.tables.columns import Choice, Day, Json, Moment, MoneyMinor, Typed


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Size(IntEnum):
    SMALL = 0
    LARGE = 2


#: Holds nothing but TRIED, which is in no database of the program.
METADATA = MetaData()
TRIED = Table(
    "tried",
    METADATA,
    columns.own_id(),
    Column("at", Moment),
    Column("minor", MoneyMinor),
    Column("day", Day),
    Column("clock", columns.WallClock),
    Column("flag", columns.Flag),
    Column("typed", Typed),
    Column("key", columns.Key, unique=True),
    Column("json", Json),
    Column("colour", Choice(Colour)),
    Column("size", Choice(Size)),
    Column("other", columns.Id, ForeignKey("tried.id")),
    *columns.money("fee", nullable=True),
    *columns.span("gig_", nullable=True),
)
