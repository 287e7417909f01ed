"""Keep reports, what is off the board, and the log of moderators."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "audit",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["people.id"], name=op.f("fk_audit_actor_id_people")),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_audit_community_id_communities")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_community_id_id"), ["community_id", "id"], unique=False)

    op.create_table(
        "post_mutes",
        sa.Column("community_id", ID, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, autoincrement=False, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_post_mutes_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_post_mutes_person_id_people")),
        sa.PrimaryKeyConstraint("community_id", "person_id", name=op.f("pk_post_mutes")),
    )
    with op.batch_alter_table("post_mutes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_mutes_person_id"), ["person_id"], unique=False)

    op.create_table(
        "gig_reports",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("gig_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_gig_reports_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["gig_id"], ["gigs.id"], name=op.f("fk_gig_reports_gig_id_gigs")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_gig_reports_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gig_reports")),
        sa.UniqueConstraint("gig_id", "person_id", name=op.f("uq_gig_reports_gig_id_person_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("gig_reports", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_gig_reports_community_id_settled_at_gig_id"),
            ["community_id", "settled_at", "gig_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_gig_reports_person_id"), ["person_id"], unique=False)

    op.create_table(
        "withheld_gigs",
        sa.Column("gig_id", ID, autoincrement=False, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("hung", sa.Boolean(), nullable=False),
        sa.Column("alarms", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_withheld_gigs_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["gig_id"], ["gigs.id"], name=op.f("fk_withheld_gigs_gig_id_gigs")),
        sa.PrimaryKeyConstraint("gig_id", name=op.f("pk_withheld_gigs")),
    )
    with op.batch_alter_table("withheld_gigs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_withheld_gigs_community_id"), ["community_id"], unique=False)



def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("withheld_gigs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_withheld_gigs_community_id"))

    op.drop_table("withheld_gigs")
    with op.batch_alter_table("gig_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gig_reports_person_id"))
        batch_op.drop_index(batch_op.f("ix_gig_reports_community_id_settled_at_gig_id"))

    op.drop_table("gig_reports")
    with op.batch_alter_table("post_mutes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_post_mutes_person_id"))

    op.drop_table("post_mutes")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_community_id_id"))
        batch_op.drop_index(batch_op.f("ix_audit_actor_id"))

    op.drop_table("audit")
