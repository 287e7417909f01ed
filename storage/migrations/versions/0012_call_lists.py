"""Whom people call first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "call_lists",
        sa.Column("id", ID, nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("role", KEY, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_call_lists_owner_id_people")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_call_lists_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_lists")),
        sa.UniqueConstraint(
            "owner_id", "role", "name", "person_id", name=op.f("uq_call_lists_owner_id_role_name_person_id")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("call_lists", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_lists_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("call_lists", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_call_lists_person_id"))
    op.drop_table("call_lists")
