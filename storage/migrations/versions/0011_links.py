"""Keep links of people and of boards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "board_links",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("other_id", ID, nullable=False),
        sa.Column("takes", sa.Text(), nullable=False),
        sa.Column("gives", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_board_links_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["other_id"], ["communities.id"], name=op.f("fk_board_links_other_id_communities")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_links")),
        sa.UniqueConstraint("community_id", "other_id", name=op.f("uq_board_links_community_id_other_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("board_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_board_links_other_id"), ["other_id"], unique=False)

    op.create_table(
        "link_codes",
        sa.Column("id", ID, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("surface", KEY, nullable=False),
        sa.Column("community_id", ID, nullable=True),
        sa.Column("digest", KEY, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("taken_by", ID, nullable=True),
        sa.Column("taken_on", KEY, nullable=True),
        sa.Column("taken_there", ID, nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_link_codes_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_link_codes_person_id_people")),
        sa.ForeignKeyConstraint(["taken_by"], ["people.id"], name=op.f("fk_link_codes_taken_by_people")),
        sa.ForeignKeyConstraint(
            ["taken_there"], ["communities.id"], name=op.f("fk_link_codes_taken_there_communities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_codes")),
        sa.UniqueConstraint("digest", name=op.f("uq_link_codes_digest")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("link_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_codes_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_codes_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_codes_taken_by"), ["taken_by"], unique=False)

    op.create_table(
        "link_tries",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_link_tries_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_tries")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("link_tries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_tries_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_link_tries_person_id_at"), ["person_id", "at"], unique=False)

    op.create_table(
        "person_links",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("surface", KEY, nullable=False),
        sa.Column("account", KEY, nullable=False),
        sa.Column("linked_at", sa.BigInteger(), nullable=False),
        sa.Column("brought", sa.Text(), nullable=False),
        sa.Column("sequences", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_links_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_links")),
        sa.UniqueConstraint("surface", "account", name=op.f("uq_person_links_surface_account")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("person_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_links_person_id"), ["person_id"], unique=False)

    op.create_table(
        "gig_boards",
        sa.Column("id", ID, nullable=False),
        sa.Column("gig_id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("hung_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_gig_boards_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["gig_id"], ["gigs.id"], name=op.f("fk_gig_boards_gig_id_gigs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gig_boards")),
        sa.UniqueConstraint("gig_id", "community_id", name=op.f("uq_gig_boards_gig_id_community_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("gig_boards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gig_boards_community_id_gig_id"), ["community_id", "gig_id"], unique=False)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("gig_boards", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gig_boards_community_id_gig_id"))

    op.drop_table("gig_boards")
    with op.batch_alter_table("person_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_links_person_id"))

    op.drop_table("person_links")
    with op.batch_alter_table("link_tries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_tries_person_id_at"))
        batch_op.drop_index(batch_op.f("ix_link_tries_at"))

    op.drop_table("link_tries")
    with op.batch_alter_table("link_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_codes_taken_by"))
        batch_op.drop_index(batch_op.f("ix_link_codes_person_id"))
        batch_op.drop_index(batch_op.f("ix_link_codes_expires_at"))

    op.drop_table("link_codes")
    with op.batch_alter_table("board_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_board_links_other_id"))

    op.drop_table("board_links")
