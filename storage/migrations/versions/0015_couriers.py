"""Every process may send: who is there, how much of a rate is taken, and when a chat is free, instead of seats."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Forward. Seats last for half a minute, so nothing is lost with them."""
    op.drop_table("courier_seats")
    op.create_table(
        "courier_processes",
        sa.Column("platform", KEY, nullable=False),
        sa.Column("owner", KEY, nullable=False),
        sa.PrimaryKeyConstraint("platform", "owner", name=op.f("pk_courier_processes")),
    )
    op.create_table(
        "courier_rates",
        sa.Column("platform", KEY, nullable=False),
        sa.Column("taken_until", sa.BigInteger(), nullable=False),
        sa.Column("closed_until", sa.BigInteger(), nullable=False),
        sa.Column("speed", sa.Integer(), nullable=False),
        sa.Column("speed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", name=op.f("pk_courier_rates")),
    )
    op.create_table(
        "courier_chats",
        sa.Column("platform", KEY, nullable=False),
        sa.Column("dest", KEY, nullable=False),
        sa.Column("free_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "dest", name=op.f("pk_courier_chats")),
    )


def downgrade() -> None:
    """Back."""
    op.drop_table("courier_chats")
    op.drop_table("courier_rates")
    op.drop_table("courier_processes")
    op.create_table(
        "courier_seats",
        sa.Column("platform", KEY, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", name=op.f("pk_courier_seats")),
    )
