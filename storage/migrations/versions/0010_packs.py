"""What each person said of their time once more, packed; and gigs and events found by the time they take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.records.availability import Entry, Free
from storage.records.packs import packed
from storage.records.times import from_milliseconds

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

#: People packed at once: what they said is read whole.
_AT_ONCE = 1000

_SAID = sa.table(
    "availability",
    sa.column("id"), sa.column("person_id"), sa.column("state"), sa.column("zone"), sa.column("first", sa.Date()),
    sa.column("last", sa.Date()), sa.column("begins"), sa.column("ends"), sa.column("days"), sa.column("every"),
    sa.column("listed"), sa.column("but"), sa.column("region"), sa.column("said_at"), sa.column("deleted_at"),
)  # fmt: skip


def upgrade() -> None:
    """Forward."""
    packs = op.create_table(
        "availability_packs",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("zones", KEY, nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.Column("odd", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_availability_packs_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_availability_packs")),
    )
    with op.batch_alter_table("calendar_busy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_busy_person_id_start_at"))
        batch_op.create_index(
            batch_op.f("ix_calendar_busy_person_id_start_at_end_at"), ["person_id", "start_at", "end_at"], unique=False
        )
    with op.batch_alter_table("gigs", schema=None) as batch_op:
        batch_op.create_index("ix_gigs_begin", ["start_at", "end_at"], unique=False)
    _pack(packs)


def _pack(packs: sa.Table) -> None:
    connection = op.get_bind()
    most = connection.execute(sa.select(sa.func.max(_SAID.c.person_id))).scalar() or 0
    for low in range(0, most + 1, _AT_ONCE):
        rows = connection.execute(
            sa.select(_SAID)
            .where(_SAID.c.deleted_at.is_(None), _SAID.c.person_id >= low, _SAID.c.person_id < low + _AT_ONCE)
            .order_by(_SAID.c.person_id, _SAID.c.said_at, _SAID.c.id)
        )
        new = []
        for person_id, said in groupby(rows.mappings(), key=lambda row: row["person_id"]):
            pack = packed(_entries(said))
            new.append({"person_id": person_id, "zones": pack.zones, "entries": pack.entries, "odd": pack.odd})
        if new:
            connection.execute(packs.insert(), new)


def _entries(rows: Iterator[Any]) -> Iterator[Entry]:
    for row in rows:
        said_at = from_milliseconds(row["said_at"])
        listed, but = (tuple(map(date.fromisoformat, json.loads(row[name] or "[]"))) for name in ("listed", "but"))
        yield Entry(
            id=row["id"], person_id=row["person_id"], state=Free(row["state"]), zone=row["zone"], first=row["first"],
            last=None if row["last"] == date.max else row["last"], begins=row["begins"], ends=row["ends"],
            days=row["days"], every=row["every"], listed=listed, but=but, region=row["region"], made_at=said_at,
            said_at=said_at,
        )  # fmt: skip


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("gigs", schema=None) as batch_op:
        batch_op.drop_index("ix_gigs_begin")
    with op.batch_alter_table("calendar_busy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_busy_person_id_start_at_end_at"))
        batch_op.create_index(
            batch_op.f("ix_calendar_busy_person_id_start_at"), ["person_id", "start_at"], unique=False
        )
    op.drop_table("availability_packs")
