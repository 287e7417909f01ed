"""Keep which pushed updates are done, and what of them must stay in order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
UNDER_WAY = sa.text("stream IS NOT NULL AND done_at IS NULL")


def upgrade() -> None:
    """Forward."""
    with op.batch_alter_table("seen_updates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stream", KEY, nullable=True))
        batch_op.add_column(sa.Column("done_at", sa.BigInteger(), nullable=True))
        batch_op.create_index(
            "ix_seen_updates_under_way",
            ["platform", "stream"],
            unique=False,
            sqlite_where=UNDER_WAY,
            postgresql_where=UNDER_WAY,
        )


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("seen_updates", schema=None) as batch_op:
        batch_op.drop_index("ix_seen_updates_under_way")
        batch_op.drop_column("done_at")
        batch_op.drop_column("stream")
