"""Keep breaks, ears and rest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "break_entries",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("timer_id", ID, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("played", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_break_entries_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_entries")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("break_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_break_entries_person_id_at"), ["person_id", "at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_break_entries_timer_id_turn_person_id"), ["timer_id", "turn", "person_id"], unique=True
        )

    op.create_table(
        "break_plans",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("silent_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_break_plans_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_break_plans")),
    )
    op.create_table(
        "check_ins",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("energy", sa.Integer(), nullable=True),
        sa.Column("pain", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_check_ins_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_ins")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("check_ins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_ins_person_id_day"), ["person_id", "day"], unique=False)

    op.create_table(
        "hearing_logs",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("plugs", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_hearing_logs_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing_logs")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("hearing_logs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hearing_logs_person_id_day"), ["person_id", "day"], unique=False)

    op.create_table(
        "rest_hints",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_rest_hints_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "hint", "day", name=op.f("pk_rest_hints")),
    )
    op.create_table(
        "break_timers",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=True),
        sa.Column("channel_id", ID, nullable=True),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("play", sa.Integer(), nullable=False),
        sa.Column("rest", sa.Integer(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_break_timers_channel_id_channels")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_break_timers_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_break_timers_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_timers")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("break_timers", schema=None) as batch_op:
        batch_op.create_index(
            "ix_break_timers_here",
            ["channel_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND channel_id IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND channel_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_break_timers_own",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL AND channel_id IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND channel_id IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_break_timers_person_id_id"), ["person_id", "id"], unique=False)

    op.create_table(
        "break_members",
        sa.Column("timer_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_break_members_person_id_people")),
        sa.ForeignKeyConstraint(["timer_id"], ["break_timers.id"], name=op.f("fk_break_members_timer_id_break_timers")),
        sa.PrimaryKeyConstraint("timer_id", "person_id", name=op.f("pk_break_members")),
    )
    with op.batch_alter_table("break_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_break_members_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("break_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_break_members_person_id"))

    op.drop_table("break_members")
    with op.batch_alter_table("break_timers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_break_timers_person_id_id"))
        batch_op.drop_index(
            "ix_break_timers_own",
            sqlite_where=sa.text("ended_at IS NULL AND channel_id IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND channel_id IS NULL"),
        )
        batch_op.drop_index(
            "ix_break_timers_here",
            sqlite_where=sa.text("ended_at IS NULL AND channel_id IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NULL AND channel_id IS NOT NULL"),
        )

    op.drop_table("break_timers")
    op.drop_table("rest_hints")
    with op.batch_alter_table("hearing_logs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hearing_logs_person_id_day"))

    op.drop_table("hearing_logs")
    with op.batch_alter_table("check_ins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_check_ins_person_id_day"))

    op.drop_table("check_ins")
    op.drop_table("break_plans")
    with op.batch_alter_table("break_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_break_entries_timer_id_turn_person_id"))
        batch_op.drop_index(batch_op.f("ix_break_entries_person_id_at"))

    op.drop_table("break_entries")
