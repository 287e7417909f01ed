"""What people say about their time, their calendars, and questions for dates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "availability",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("zone", KEY, nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("begins", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Text(), nullable=True),
        sa.Column("but", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_availability_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("availability", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_availability_person_id_last"), ["person_id", "last"], unique=False)

    op.create_table(
        "calendar_feeds",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("secret_hash", KEY, nullable=False),
        sa.Column("show", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_calendar_feeds_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_calendar_feeds_secret_hash")),
    )
    op.create_table(
        "calendars",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_calendars_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendars")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("calendars", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendars_next_at"), ["next_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_calendars_person_id"), ["person_id"], unique=False)

    op.create_table(
        "calendar_busy",
        sa.Column("id", ID, nullable=False),
        sa.Column("calendar_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=False),
        sa.Column("floating", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendars.id"], name=op.f("fk_calendar_busy_calendar_id_calendars")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_calendar_busy_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_busy")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("calendar_busy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_busy_calendar_id"), ["calendar_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_calendar_busy_person_id_start_at"), ["person_id", "start_at"], unique=False
        )

    op.create_table(
        "date_polls",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("channel_id", ID, nullable=True),
        sa.Column("role", KEY, nullable=True),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("reply_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_date_polls_channel_id_channels")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_date_polls_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_date_polls_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_polls")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("date_polls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_date_polls_channel_id"), ["channel_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_date_polls_person_id_id"), ["person_id", "id"], unique=False)

    op.create_table(
        "date_poll_answers",
        sa.Column("poll_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_date_poll_answers_person_id_people")),
        sa.ForeignKeyConstraint(["poll_id"], ["date_polls.id"], name=op.f("fk_date_poll_answers_poll_id_date_polls")),
        sa.PrimaryKeyConstraint("poll_id", "person_id", "number", name=op.f("pk_date_poll_answers")),
    )
    with op.batch_alter_table("date_poll_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_date_poll_answers_person_id"), ["person_id"], unique=False)

    op.create_table(
        "date_poll_dates",
        sa.Column("poll_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("whole_days", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["date_polls.id"], name=op.f("fk_date_poll_dates_poll_id_date_polls")),
        sa.PrimaryKeyConstraint("poll_id", "number", name=op.f("pk_date_poll_dates")),
    )
    op.create_table(
        "date_poll_guests",
        sa.Column("poll_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_date_poll_guests_person_id_people")),
        sa.ForeignKeyConstraint(["poll_id"], ["date_polls.id"], name=op.f("fk_date_poll_guests_poll_id_date_polls")),
        sa.PrimaryKeyConstraint("poll_id", "person_id", name=op.f("pk_date_poll_guests")),
    )
    with op.batch_alter_table("date_poll_guests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_date_poll_guests_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    """Back."""
    with op.batch_alter_table("date_poll_guests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_date_poll_guests_person_id"))

    op.drop_table("date_poll_guests")
    op.drop_table("date_poll_dates")
    with op.batch_alter_table("date_poll_answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_date_poll_answers_person_id"))

    op.drop_table("date_poll_answers")
    with op.batch_alter_table("date_polls", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_date_polls_person_id_id"))
        batch_op.drop_index(batch_op.f("ix_date_polls_channel_id"))

    op.drop_table("date_polls")
    with op.batch_alter_table("calendar_busy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_busy_person_id_start_at"))
        batch_op.drop_index(batch_op.f("ix_calendar_busy_calendar_id"))

    op.drop_table("calendar_busy")
    with op.batch_alter_table("calendars", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendars_person_id"))
        batch_op.drop_index(batch_op.f("ix_calendars_next_at"))

    op.drop_table("calendars")
    op.drop_table("calendar_feeds")
    with op.batch_alter_table("availability", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_availability_person_id_last"))

    op.drop_table("availability")
