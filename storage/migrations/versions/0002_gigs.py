"""Gigs, answers, referrals, watches, and the full-text index of gigs that are open.

The index holds listed gigs only. On SQLite it is an FTS5 table that keeps no text of its own, so a row is taken out by
saying again what was in it; on PostgreSQL a table of word vectors. Triggers fill both. Whoever rebuilds `gigs`
later (batch_alter_table) loses the SQLite triggers and must make them again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

LISTED = sa.text("state IN ('open', 'held')")
LONG = sa.text("state IN ('open', 'held') AND end_at - start_at > 90000000")

_PUT_IN = "INSERT INTO gigs_fts (rowid, words) VALUES (new.id, new.words);"
_TAKE_OUT = "INSERT INTO gigs_fts (gigs_fts, rowid, words) VALUES ('delete', old.id, old.words);"
SQLITE = (
    "CREATE VIRTUAL TABLE gigs_fts USING fts5(words, content='', tokenize='unicode61 remove_diacritics 0')",
    f"CREATE TRIGGER gigs_fts_in AFTER INSERT ON gigs WHEN new.state IN ('open', 'held') BEGIN {_PUT_IN} END",
    f"CREATE TRIGGER gigs_fts_out AFTER DELETE ON gigs WHEN old.state IN ('open', 'held') BEGIN {_TAKE_OUT} END",
    # One trigger for both, since nothing says which of two goes first, and the old words must be out before the new.
    "CREATE TRIGGER gigs_fts_change AFTER UPDATE OF state, words ON gigs "
    "WHEN old.state <> new.state OR old.words <> new.words BEGIN "
    "INSERT INTO gigs_fts (gigs_fts, rowid, words) "
    "SELECT 'delete', old.id, old.words WHERE old.state IN ('open', 'held'); "
    "INSERT INTO gigs_fts (rowid, words) SELECT new.id, new.words WHERE new.state IN ('open', 'held'); END",
)
POSTGRES = (
    "CREATE TABLE gigs_fts (gig_id BIGINT PRIMARY KEY REFERENCES gigs (id) ON DELETE CASCADE, words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_gigs_fts_words ON gigs_fts USING GIN (words)",
    "CREATE FUNCTION gigs_fts_follow() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN "
    "IF NEW.state IN ('open', 'held') THEN "
    "INSERT INTO gigs_fts (gig_id, words) VALUES (NEW.id, array_to_tsvector(string_to_array(NEW.words, ' '))) "
    "ON CONFLICT (gig_id) DO UPDATE SET words = excluded.words; "
    "ELSE DELETE FROM gigs_fts WHERE gig_id = NEW.id; END IF; RETURN NULL; END $$",
    "CREATE TRIGGER gigs_fts_in AFTER INSERT ON gigs FOR EACH ROW EXECUTE FUNCTION gigs_fts_follow()",
    "CREATE TRIGGER gigs_fts_to AFTER UPDATE OF state, words ON gigs FOR EACH ROW "
    "WHEN (old.state <> new.state OR old.words <> new.words) EXECUTE FUNCTION gigs_fts_follow()",
)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "gig_filters",
        sa.Column("token", KEY, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_gig_filters_person_id_people")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_gig_filters")),
    )
    with op.batch_alter_table("gig_filters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gig_filters_made_at"), ["made_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_gig_filters_person_id"), ["person_id"], unique=False)

    op.create_table(
        "gigs",
        sa.Column("id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("poster_id", ID, nullable=False),
        sa.Column("role", KEY, nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("start_at", sa.BigInteger(), nullable=False),
        sa.Column("end_at", sa.BigInteger(), nullable=True),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("whole_days", sa.Boolean(), nullable=False),
        sa.Column("call_time", sa.BigInteger(), nullable=True),
        sa.Column("where", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("fee_basis", sa.Text(), nullable=True),
        sa.Column("fee_minor", sa.BigInteger(), nullable=True),
        sa.Column("fee_currency", sa.Text(), nullable=True),
        sa.Column("fee_unit", sa.Text(), nullable=True),
        sa.Column("worth_minor", sa.BigInteger(), nullable=True),
        sa.Column("worth_currency", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reply_by", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("inked", sa.Integer(), nullable=False),
        sa.Column("pencilled", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("posted_at", sa.BigInteger(), nullable=False),
        sa.Column("state_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_gigs_community_id_communities")),
        sa.ForeignKeyConstraint(["poster_id"], ["people.id"], name=op.f("fk_gigs_poster_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gigs")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("gigs", schema=None) as batch_op:
        batch_op.create_index(
            "ix_gigs_long", ["community_id", "end_at"], unique=False, sqlite_where=LONG, postgresql_where=LONG
        )
        batch_op.create_index(
            "ix_gigs_posted", ["community_id", "posted_at"], unique=False, sqlite_where=LISTED, postgresql_where=LISTED
        )
        batch_op.create_index("ix_gigs_poster", ["poster_id", "id"], unique=False)
        batch_op.create_index(
            "ix_gigs_role_start",
            ["community_id", "role", "start_at"],
            unique=False,
            sqlite_where=LISTED,
            postgresql_where=LISTED,
        )
        batch_op.create_index(
            "ix_gigs_start", ["community_id", "start_at"], unique=False, sqlite_where=LISTED, postgresql_where=LISTED
        )

    op.create_table(
        "watches",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at_least_minor", sa.BigInteger(), nullable=True),
        sa.Column("at_least_currency", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("dropped_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_watches_community_id_communities")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_watches_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watches")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("watches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_watches_community_id"), ["community_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_watches_person_id"), ["person_id"], unique=False)

    op.create_table(
        "answers",
        sa.Column("id", ID, nullable=False),
        sa.Column("gig_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("fee_basis", sa.Text(), nullable=True),
        sa.Column("fee_minor", sa.BigInteger(), nullable=True),
        sa.Column("fee_currency", sa.Text(), nullable=True),
        sa.Column("fee_unit", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("got_it", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=False),
        sa.Column("state_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["gig_id"], ["gigs.id"], name=op.f("fk_answers_gig_id_gigs")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_answers_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("gig_id", "person_id", name=op.f("uq_answers_gig_id_person_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answers_person_id_id"), ["person_id", "id"], unique=False)

    op.create_table(
        "gig_changes",
        sa.Column("id", ID, nullable=False),
        sa.Column("gig_id", ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["gig_id"], ["gigs.id"], name=op.f("fk_gig_changes_gig_id_gigs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gig_changes")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("gig_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gig_changes_gig_id_revision"), ["gig_id", "revision"], unique=False)

    op.create_table(
        "referrals",
        sa.Column("id", ID, nullable=False),
        sa.Column("gig_id", ID, nullable=False),
        sa.Column("giver_id", ID, nullable=False),
        sa.Column("receiver_id", ID, nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("parent_id", ID, nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("won_at", sa.BigInteger(), nullable=True),
        sa.Column("thanked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["gig_id"], ["gigs.id"], name=op.f("fk_referrals_gig_id_gigs")),
        sa.ForeignKeyConstraint(["giver_id"], ["people.id"], name=op.f("fk_referrals_giver_id_people")),
        sa.ForeignKeyConstraint(["parent_id"], ["referrals.id"], name=op.f("fk_referrals_parent_id_referrals")),
        sa.ForeignKeyConstraint(["receiver_id"], ["people.id"], name=op.f("fk_referrals_receiver_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referrals")),
        sa.UniqueConstraint("gig_id", "receiver_id", "giver_id", name=op.f("uq_referrals_gig_id_receiver_id_giver_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_referrals_giver_id_receiver_id"), ["giver_id", "receiver_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_referrals_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_referrals_receiver_id_giver_id"), ["receiver_id", "giver_id"], unique=False
        )

    op.create_table(
        "watch_roles",
        sa.Column("watch_id", ID, nullable=False),
        sa.Column("role", KEY, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["watch_id"], ["watches.id"], name=op.f("fk_watch_roles_watch_id_watches"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("watch_id", "role", name=op.f("pk_watch_roles")),
    )
    with op.batch_alter_table("watch_roles", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_watch_roles_community_id_role_watch_id"), ["community_id", "role", "watch_id"], unique=False
        )

    for statement in POSTGRES if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """Back."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TABLE gigs_fts")
        op.execute("DROP FUNCTION gigs_fts_follow() CASCADE")
    else:
        for name in ("in", "out", "change"):
            op.execute(f"DROP TRIGGER gigs_fts_{name}")
        op.execute("DROP TABLE gigs_fts")
    with op.batch_alter_table("watch_roles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_watch_roles_community_id_role_watch_id"))

    op.drop_table("watch_roles")
    with op.batch_alter_table("referrals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referrals_receiver_id_giver_id"))
        batch_op.drop_index(batch_op.f("ix_referrals_parent_id"))
        batch_op.drop_index(batch_op.f("ix_referrals_giver_id_receiver_id"))

    op.drop_table("referrals")
    with op.batch_alter_table("gig_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gig_changes_gig_id_revision"))

    op.drop_table("gig_changes")
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answers_person_id_id"))

    op.drop_table("answers")
    with op.batch_alter_table("watches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_watches_person_id"))
        batch_op.drop_index(batch_op.f("ix_watches_community_id"))

    op.drop_table("watches")
    with op.batch_alter_table("gigs", schema=None) as batch_op:
        batch_op.drop_index("ix_gigs_long", sqlite_where=LONG, postgresql_where=LONG)
        batch_op.drop_index("ix_gigs_start", sqlite_where=LISTED, postgresql_where=LISTED)
        batch_op.drop_index("ix_gigs_role_start", sqlite_where=LISTED, postgresql_where=LISTED)
        batch_op.drop_index("ix_gigs_poster")
        batch_op.drop_index("ix_gigs_posted", sqlite_where=LISTED, postgresql_where=LISTED)

    op.drop_table("gigs")
    with op.batch_alter_table("gig_filters", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gig_filters_person_id"))
        batch_op.drop_index(batch_op.f("ix_gig_filters_made_at"))

    op.drop_table("gig_filters")
