"""The house: people, communities, drafts, postings, notices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Forward."""

    op.create_table(
        "app_state",
        sa.Column("key", KEY, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_app_state")),
    )
    op.create_table(
        "communities",
        sa.Column("id", ID, nullable=False),
        sa.Column("surface", KEY, nullable=False),
        sa.Column("account", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communities")),
        sa.UniqueConstraint("surface", "account", name=op.f("uq_communities_surface_account")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "courier_seats",
        sa.Column("platform", KEY, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", name=op.f("pk_courier_seats")),
    )
    op.create_table(
        "people",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", KEY, nullable=False),
        sa.Column("zone", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("clock", sa.Integer(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("radius_km", sa.Integer(), nullable=True),
        sa.Column("styles", sa.Text(), nullable=True),
        sa.Column("links", sa.Text(), nullable=True),
        sa.Column("union", sa.Text(), nullable=True),
        sa.Column("visibility", sa.Text(), nullable=False),
        sa.Column("takes_unpaid", sa.Boolean(), nullable=False),
        sa.Column("plain_text", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_to", sa.Time(), nullable=False),
        sa.Column("tour_step", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_name_key"), ["name_key"], unique=False)

    op.create_table(
        "seen_updates",
        sa.Column("platform", KEY, nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "id", name=op.f("pk_seen_updates")),
    )
    with op.batch_alter_table("seen_updates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seen_updates_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "channels",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("surface", KEY, nullable=False),
        sa.Column("address", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("board", sa.Boolean(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_channels_community_id_communities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
        sa.UniqueConstraint("surface", "address", name=op.f("uq_channels_surface_address")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channels_community_id"), ["community_id"], unique=False)

    op.create_table(
        "drafts",
        sa.Column("token", KEY, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("place", KEY, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("community_id", ID, nullable=True),
        sa.Column("values", sa.Text(), nullable=False),
        sa.Column("fixed", sa.Text(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=True),
        sa.Column("asked_fields", sa.Text(), nullable=False),
        sa.Column("offered", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_drafts_community_id_communities")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_drafts_person_id_people")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_drafts")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drafts_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_drafts_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_drafts_person_id_place"), ["person_id", "place"], unique=False)

    op.create_table(
        "identities",
        sa.Column("surface", KEY, nullable=False),
        sa.Column("account", KEY, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", KEY, nullable=False),
        sa.Column("dm", KEY, nullable=True),
        sa.Column("unreachable", sa.Text(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_identities_person_id_people")),
        sa.PrimaryKeyConstraint("surface", "account", name=op.f("pk_identities")),
    )
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identities_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_identities_person_id"), ["person_id"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("moderator", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_memberships_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_memberships_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "community_id", name=op.f("pk_memberships")),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_memberships_community_id_person_id"), ["community_id", "person_id"], unique=False
        )

    op.create_table(
        "person_roles",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("role", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_double", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_roles_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_person_roles")),
    )
    with op.batch_alter_table("person_roles", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_roles_role_person_id"), ["role", "person_id"], unique=False)

    op.create_table(
        "person_settings",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("name", KEY, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_settings_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", "name", name=op.f("pk_person_settings")),
    )
    op.create_table(
        "undos",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_undos_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undos")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("undos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_undos_person_id_until"), ["person_id", "until"], unique=False)
        batch_op.create_index(batch_op.f("ix_undos_until"), ["until"], unique=False)

    op.create_table(
        "notices",
        sa.Column("id", ID, nullable=False),
        sa.Column("platform", KEY, nullable=False),
        sa.Column("dest", KEY, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("channel_id", ID, nullable=True),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("kind", KEY, nullable=False),
        sa.Column("subject", KEY, nullable=True),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("doubtful", sa.Boolean(), nullable=False),
        sa.Column("bundle", sa.Text(), nullable=True),
        sa.Column("series_id", KEY, nullable=True),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_notices_channel_id_channels")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notices_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notices_channel",
            ["channel_id", "next_at"],
            unique=False,
            sqlite_where=sa.text("channel_id IS NOT NULL"),
            postgresql_where=sa.text("channel_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_notices_due",
            ["platform", "lane", "next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_notices_ended",
            ["ended_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NULL"),
            postgresql_where=sa.text("next_at IS NULL"),
        )
        batch_op.create_index(
            "ix_notices_person",
            ["person_id", "next_at"],
            unique=False,
            sqlite_where=sa.text("person_id IS NOT NULL"),
            postgresql_where=sa.text("person_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_notices_subject",
            ["kind", "subject"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL AND subject IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL AND subject IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_notices_trouble",
            ["ended_at"],
            unique=False,
            sqlite_where=sa.text("trouble IS NOT NULL"),
            postgresql_where=sa.text("trouble IS NOT NULL"),
        )
        batch_op.create_index("uq_notices_key", ["key"], unique=True)
        batch_op.create_index(
            "uq_notices_series",
            ["series_id", "occurrence"],
            unique=True,
            sqlite_where=sa.text("series_id IS NOT NULL"),
            postgresql_where=sa.text("series_id IS NOT NULL"),
        )

    op.create_table(
        "postings",
        sa.Column("id", ID, nullable=False),
        sa.Column("card", sa.Text(), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("surface", KEY, nullable=False),
        sa.Column("address", KEY, nullable=False),
        sa.Column("message", KEY, nullable=False),
        sa.Column("channel_id", ID, nullable=True),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_postings_channel_id_channels")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_postings_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
        sa.UniqueConstraint("surface", "address", "message", name=op.f("uq_postings_surface_address_message")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_postings_card_subject_id"), ["card", "subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_postings_channel_id"), ["channel_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_postings_person_id"), ["person_id"], unique=False)

    op.create_table(
        "console_messages",
        sa.Column("id", ID, nullable=False),
        sa.Column("place", KEY, nullable=False),
        sa.Column("person_id", ID, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("buttons", sa.Text(), nullable=False),
        sa.Column("card", sa.Text(), nullable=True),
        sa.Column("subject_id", ID, nullable=True),
        sa.Column("key", KEY, nullable=True),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_console_messages_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_console_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_console_messages_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("console_messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_console_messages_person_id_seen"), ["person_id", "seen"], unique=False)


def downgrade() -> None:
    """Back."""

    op.drop_table("console_messages")
    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_postings_person_id"))
        batch_op.drop_index(batch_op.f("ix_postings_channel_id"))
        batch_op.drop_index(batch_op.f("ix_postings_card_subject_id"))

    op.drop_table("postings")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_notices_series",
            sqlite_where=sa.text("series_id IS NOT NULL"),
            postgresql_where=sa.text("series_id IS NOT NULL"),
        )
        batch_op.drop_index("uq_notices_key")
        batch_op.drop_index(
            "ix_notices_trouble",
            sqlite_where=sa.text("trouble IS NOT NULL"),
            postgresql_where=sa.text("trouble IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_notices_subject",
            sqlite_where=sa.text("next_at IS NOT NULL AND subject IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL AND subject IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_notices_person",
            sqlite_where=sa.text("person_id IS NOT NULL"),
            postgresql_where=sa.text("person_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_notices_ended", sqlite_where=sa.text("next_at IS NULL"), postgresql_where=sa.text("next_at IS NULL")
        )
        batch_op.drop_index(
            "ix_notices_due",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_notices_channel",
            sqlite_where=sa.text("channel_id IS NOT NULL"),
            postgresql_where=sa.text("channel_id IS NOT NULL"),
        )

    op.drop_table("notices")
    with op.batch_alter_table("undos", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_undos_until"))
        batch_op.drop_index(batch_op.f("ix_undos_person_id_until"))

    op.drop_table("undos")
    op.drop_table("person_settings")
    with op.batch_alter_table("person_roles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_roles_role_person_id"))

    op.drop_table("person_roles")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_memberships_community_id_person_id"))

    op.drop_table("memberships")
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identities_person_id"))
        batch_op.drop_index(batch_op.f("ix_identities_name_key"))

    op.drop_table("identities")
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drafts_person_id_place"))
        batch_op.drop_index(batch_op.f("ix_drafts_expires_at"))
        batch_op.drop_index(batch_op.f("ix_drafts_community_id"))

    op.drop_table("drafts")
    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channels_community_id"))

    op.drop_table("channels")
    with op.batch_alter_table("seen_updates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seen_updates_seen_at"))

    op.drop_table("seen_updates")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_people_name_key"))

    op.drop_table("people")
    op.drop_table("courier_seats")
    op.drop_table("communities")
    op.drop_table("app_state")
