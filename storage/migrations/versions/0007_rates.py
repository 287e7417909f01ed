"""Keep what was paid, and the figures made of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "rate_cells",
        sa.Column("community_id", ID, nullable=False),
        sa.Column("role", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("place", KEY, nullable=False),
        sa.Column("part", KEY, nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("middle", sa.BigInteger(), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=True),
        sa.Column("high", sa.BigInteger(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_rate_cells_community_id_communities")
        ),
        sa.PrimaryKeyConstraint(
            "community_id",
            "role",
            "kind",
            "unit",
            "currency",
            "level",
            "place",
            "part",
            "measure",
            name=op.f("pk_rate_cells"),
        ),
    )
    op.create_table(
        "rate_families",
        sa.Column("community_id", ID, nullable=False),
        sa.Column("role", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("refreshed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_rate_families_community_id_communities")
        ),
        sa.PrimaryKeyConstraint("community_id", "role", "kind", "unit", "currency", name=op.f("pk_rate_families")),
    )
    with op.batch_alter_table("rate_families", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rate_families_refreshed_at"), ["refreshed_at"], unique=False)

    op.create_table(
        "rate_floors",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("least_minor", sa.BigInteger(), nullable=False),
        sa.Column("least_currency", sa.Text(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_rate_floors_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "unit", name=op.f("pk_rate_floors")),
    )
    op.create_table(
        "rate_references",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("covers", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("value_currency", sa.Text(), nullable=False),
        sa.Column("value_max_minor", sa.BigInteger(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_rate_references_community_id_communities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_references")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("rate_references", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rate_references_community_id"), ["community_id"], unique=False)

    op.create_table(
        "rate_reports",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("role", KEY, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("base_minor", sa.BigInteger(), nullable=False),
        sa.Column("base_currency", sa.Text(), nullable=False),
        sa.Column("extras_minor", sa.BigInteger(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("city_key", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("region_key", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("union", sa.Text(), nullable=True),
        sa.Column("years", sa.Text(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_rate_reports_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_rate_reports_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_reports")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("rate_reports", schema=None) as batch_op:
        batch_op.create_index(
            "ix_rate_reports_family", ["community_id", "role", "kind", "unit", "base_currency"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_rate_reports_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("rate_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rate_reports_person_id"))
        batch_op.drop_index("ix_rate_reports_family")

    op.drop_table("rate_reports")
    with op.batch_alter_table("rate_references", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rate_references_community_id"))

    op.drop_table("rate_references")
    op.drop_table("rate_floors")
    with op.batch_alter_table("rate_families", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rate_families_refreshed_at"))

    op.drop_table("rate_families")
    op.drop_table("rate_cells")
