"""What was paid, as told; the figures of the last batch; floors; and figures that moderators added.

Cells hold nothing about a person: how many, and sums on a grid.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text

from storage.records.fee import Unit
from storage.records.gig import KindOfWork
from storage.records.rate import Level, Measure, UnionStatus, Years
from storage.tables.base import METADATA
from storage.tables.columns import Choice, Day, Id, Key, Moment, MoneyMinor, Typed, money, own_id, person

rate_reports = Table(
    "rate_reports",
    METADATA,
    own_id(),
    person(index=True),
    Column("community_id", Id, ForeignKey("communities.id"), nullable=False),
    Column("role", Key, nullable=False),
    Column("kind", Choice(KindOfWork), nullable=False),
    Column("unit", Choice(Unit), nullable=False),
    *money("base"),
    Column("extras_minor", MoneyMinor),
    Column("city", Typed),
    Column("city_key", Typed),
    Column("region", Typed),
    Column("region_key", Typed),
    Column("country", Text),
    Column("month", Day, nullable=False),
    Column("union", Choice(UnionStatus)),
    Column("years", Choice(Years)),
    Column("made_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Index("ix_rate_reports_family", "community_id", "role", "kind", "unit", "base_currency", "person_id"),
    sqlite_autoincrement=True,
)

rate_families = Table(
    "rate_families",
    METADATA,
    Column("community_id", Id, ForeignKey("communities.id"), nullable=False),
    Column("role", Key, nullable=False),
    Column("kind", Choice(KindOfWork), nullable=False),
    Column("unit", Choice(Unit), nullable=False),
    Column("currency", Text, nullable=False),
    Column("refreshed_at", Moment, nullable=False),
    PrimaryKeyConstraint("community_id", "role", "kind", "unit", "currency"),
    Index(None, "refreshed_at"),
)

rate_cells = Table(
    "rate_cells",
    METADATA,
    Column("community_id", Id, ForeignKey("communities.id"), nullable=False),
    Column("role", Key, nullable=False),
    Column("kind", Choice(KindOfWork), nullable=False),
    Column("unit", Choice(Unit), nullable=False),
    Column("currency", Text, nullable=False),
    Column("level", Choice(Level), nullable=False),
    Column("place", Key, nullable=False),
    Column("part", Key, nullable=False),
    Column("measure", Choice(Measure), nullable=False),
    Column("middle", MoneyMinor, nullable=False),
    Column("low", MoneyMinor),
    Column("high", MoneyMinor),
    Column("people", Integer, nullable=False),
    Column("counted", Integer, nullable=False),
    Column("made_at", Moment, nullable=False),
    PrimaryKeyConstraint(
        "community_id", "role", "kind", "unit", "currency", "level", "place", "part", "measure"
    ),
)  # fmt: skip

rate_floors = Table(
    "rate_floors",
    METADATA,
    person(),
    Column("unit", Choice(Unit), nullable=False),
    *money("least"),
    Column("set_at", Moment, nullable=False),
    PrimaryKeyConstraint("person_id", "unit"),
)

rate_references = Table(
    "rate_references",
    METADATA,
    own_id(),
    Column("community_id", Id, ForeignKey("communities.id"), nullable=False, index=True),
    Column("body", Typed, nullable=False),
    Column("kind", Choice(KindOfWork), nullable=False),
    Column("covers", Typed, nullable=False),
    Column("unit", Typed, nullable=False),
    *money("value"),
    Column("value_max_minor", MoneyMinor),
    Column("region", Typed),
    Column("url", Typed, nullable=False),
    Column("since", Day),
    Column("until", Day),
    Column("made_at", Moment, nullable=False),
    Column("removed_at", Moment),
    sqlite_autoincrement=True,
)
