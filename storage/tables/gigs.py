"""Gigs, what was changed about them, and the lists that people are paging through.

The full-text index `gigs_fts` is written by migration 0002 and filled by triggers: it holds only gigs that are open or
held, so it stays small however many have been played.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, text

from storage.records.fee import Basis, Fee, Unit
from storage.records.gig import Audience, GigState, KindOfWork
from storage.tables.base import METADATA, partial
from storage.tables.columns import (
    Choice,
    Flag,
    Id,
    Json,
    Key,
    Moment,
    Typed,
    money,
    money_of,
    money_values,
    own_id,
    person,
    span,
)

#: Gigs that are found, listed and answered. The same words stand in the migration's triggers.
LISTED_SQL = "state IN ('open', 'held')"
_LISTED = text(LISTED_SQL)
#: Gigs of more than a day: few, and the only ones that may have begun before the dates somebody looks for.
LONG_MS = 90_000_000  # 25 hours: the longest day there is
_LONG = text(f"{LISTED_SQL} AND end_at - start_at > {LONG_MS}")


def fee() -> tuple[Column[Any], ...]:
    """Four columns for a `Fee`: `fee_basis`, `fee_minor`, `fee_currency`, `fee_unit`; all empty for none."""
    return (Column("fee_basis", Choice(Basis)), *money("fee", nullable=True), Column("fee_unit", Choice(Unit)))


def fee_values(said: Fee | None) -> dict[str, object]:
    """What to write into the columns of `fee()`."""
    return {
        "fee_basis": None if said is None else said.basis,
        "fee_unit": None if said is None else said.unit,
        **money_values("fee", None if said is None else said.money),
    }


def fee_of(row: Mapping[str, Any]) -> Fee | None:
    """What the columns of `fee()` hold."""
    basis = row["fee_basis"]
    return None if basis is None else Fee(basis, money_of(row, "fee"), row["fee_unit"])


#: words: what a search looks through, folded; see `gig_search`. worth: `Gig.worth()`, for minimum fees.
gigs = Table(
    "gigs",
    METADATA,
    own_id(),
    Column("community_id", Id, ForeignKey("communities.id"), nullable=False),
    person("poster_id"),
    Column("role", Key, nullable=False),
    Column("seats", Integer, nullable=False),
    *span(),
    Column("call_time", Moment),
    Column("where", Typed),
    Column("country", Text),
    *fee(),
    *money("worth", nullable=True),
    Column("kind", Choice(KindOfWork)),
    Column("what", Typed),
    Column("terms", Json, nullable=False),
    Column("words", Typed, nullable=False),
    Column("reply_by", Moment),
    Column("state", Choice(GigState), nullable=False),
    Column("closed", Flag, nullable=False),
    Column("inked", Integer, nullable=False),
    Column("pencilled", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("posted_at", Moment, nullable=False),
    Column("state_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("audience", Choice(Audience), nullable=False, server_default=Audience.BOARD),
    partial(
        "ix_gigs_role_start",
        "community_id",
        "role",
        "start_at",
        where=_LISTED,
    ),
    partial("ix_gigs_posted", "community_id", "posted_at", where=_LISTED),
    partial("ix_gigs_start", "community_id", "start_at", where=_LISTED),
    partial("ix_gigs_long", "community_id", "end_at", where=_LONG),
    Index("ix_gigs_poster", "poster_id", "id"),
    # Whom a time keeps, asked of all gigs whatever their state or community.
    Index("ix_gigs_begin", "start_at", "end_at"),
    sqlite_autoincrement=True,
)

gig_changes = Table(
    "gig_changes",
    METADATA,
    own_id(),
    Column("gig_id", Id, ForeignKey("gigs.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("field", Text, nullable=False),
    Column("before", Json),
    Column("after", Json),
    Column("changed_at", Moment, nullable=False),
    Index(None, "gig_id", "revision"),
    sqlite_autoincrement=True,
)

#: To whom a gig was offered that hangs on no board.
gig_offers = Table(
    "gig_offers",
    METADATA,
    Column("gig_id", ForeignKey("gigs.id"), primary_key=True),
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Column("offered_at", Moment, nullable=False),
    Index(None, "person_id"),
)

#: A list somebody may still page through: the filter behind the token on its Next button.
gig_filters = Table(
    "gig_filters",
    METADATA,
    Column("token", Key, primary_key=True),
    person(index=True),
    Column("filter", Json, nullable=False),
    Column("made_at", Moment, nullable=False, index=True),
)
