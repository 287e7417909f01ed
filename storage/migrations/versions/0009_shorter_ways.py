"""Find gigs of a chair by one word, pay of a family person by person, and reminders by the gig they hang on.

The words of a gig began with "xc<community> xr<chair> …"; a chair's word now names the community as well.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_PAGE = 5_000
_GIGS = sa.table("gigs", sa.column("id"), sa.column("community_id"), sa.column("words"))
_FAMILY = ["community_id", "role", "kind", "unit", "base_currency"]
_OF_A_GIG = sa.text("gig_id IS NOT NULL")


def upgrade() -> None:
    """Forward."""
    _rewrite(lambda word, here: f"{here}r{word[2:]}" if word.startswith("xr") else None)
    _index_pay([*_FAMILY, "person_id"])
    op.create_index(
        "ix_reminders_gig", "reminders", ["gig_id"], sqlite_where=_OF_A_GIG, postgresql_where=_OF_A_GIG
    )  # fmt: skip


def downgrade() -> None:
    """Back."""
    op.drop_index("ix_reminders_gig", table_name="reminders")
    _index_pay(_FAMILY)
    _rewrite(lambda word, here: f"xr{word[len(here) + 1 :]}" if word.startswith(f"{here}r") else None)


def _index_pay(columns: list[str]) -> None:
    op.drop_index("ix_rate_reports_family", table_name="rate_reports")
    op.create_index("ix_rate_reports_family", "rate_reports", columns)


def _rewrite(chair: Callable[[str, str], str | None]) -> None:
    """Write the words of chairs anew; triggers carry that into the full-text index. chair: None for any other word."""
    connection, last = op.get_bind(), 0
    new = (
        sa.update(_GIGS).where(_GIGS.c.id == sa.bindparam("gig")).values(words=sa.bindparam("said"))
    )  # fmt: skip
    while rows := connection.execute(sa.select(_GIGS).where(_GIGS.c.id > last).order_by(_GIGS.c.id).limit(_PAGE)).all():
        last = rows[-1].id
        changed = []
        for id_, community, words in rows:
            here, *rest = words.split(" ")
            for place, word in enumerate(rest):
                mark = chair(word, here) if here == f"xc{community}" else None
                if mark is None:
                    break  # chairs come right behind the community; a word that only looks like one was typed
                rest[place] = mark
            changed.append({"gig": id_, "said": " ".join([here, *rest])})
        connection.execute(new, changed)
