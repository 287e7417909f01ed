"""To whom gigs are offered: the board, or a call list; and who was offered what in private."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward. A column with a default is added in place, so that the triggers on `gigs` stay."""
    op.add_column("gigs", sa.Column("audience", sa.Text(), server_default="board", nullable=False))
    op.create_table(
        "gig_offers",
        sa.Column("gig_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("offered_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["gig_id"], ["gigs.id"], name=op.f("fk_gig_offers_gig_id_gigs")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_gig_offers_person_id_people")),
        sa.PrimaryKeyConstraint("gig_id", "person_id", name=op.f("pk_gig_offers")),
    )
    with op.batch_alter_table("gig_offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gig_offers_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    """Back. What was offered to few would be seen by all, so it goes."""
    with op.batch_alter_table("gig_offers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gig_offers_person_id"))
    op.drop_table("gig_offers")
    op.execute(
        "UPDATE gigs SET state = 'cancelled', closed = true WHERE audience <> 'board' AND state IN ('open', 'held')"
    )
    op.drop_column("gigs", "audience")
