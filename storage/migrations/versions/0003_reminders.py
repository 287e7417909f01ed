"""Reminders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "reminders",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=True),
        sa.Column("channel_id", ID, nullable=True),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("clock", sa.Time(), nullable=True),
        sa.Column("rrule", sa.Text(), nullable=True),
        sa.Column("gig_id", ID, nullable=True),
        sa.Column("hook", sa.Text(), nullable=True),
        sa.Column("leads", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("rung_at", sa.BigInteger(), nullable=True),
        sa.Column("ticked", sa.Integer(), nullable=False),
        sa.Column("snoozed_until", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_reminders_channel_id_channels")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_reminders_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_reminders_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminders_channel_id"), ["channel_id"], unique=False)
        batch_op.create_index(
            "ix_reminders_community",
            ["community_id", "next_at"],
            unique=False,
            sqlite_where=sa.text("community_id IS NOT NULL"),
            postgresql_where=sa.text("community_id IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_reminders_person_id_state_next_at"), ["person_id", "state", "next_at"], unique=False
        )


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reminders_person_id_state_next_at"))
        batch_op.drop_index(
            "ix_reminders_community",
            sqlite_where=sa.text("community_id IS NOT NULL"),
            postgresql_where=sa.text("community_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_reminders_channel_id"))

    op.drop_table("reminders")
