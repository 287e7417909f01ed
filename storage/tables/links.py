"""One-time codes, people with several accounts, linked boards, and which gigs hang on the boards of others."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint

from storage.records.link import CodeFor, CodeState
from storage.tables.base import METADATA
from storage.tables.columns import Choice, Id, Json, Key, Moment, Typed, own_id, person
from storage.tables.gigs import gigs

#: digest: a keyed hash of the code, by which it is found.
link_codes = Table(
    "link_codes",
    METADATA,
    own_id(),
    Column("purpose", Choice(CodeFor), nullable=False),
    person(index=True),
    Column("surface", Key, nullable=False),
    Column("community_id", Id, ForeignKey("communities.id")),
    Column("digest", Key, nullable=False, unique=True),
    Column("state", Choice(CodeState), nullable=False),
    person("taken_by", nullable=True, index=True),
    Column("taken_on", Key),
    Column("taken_there", Id, ForeignKey("communities.id")),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    sqlite_autoincrement=True,
)

#: Codes that somebody typed in, and those of theirs that somebody else typed in: both are counted for an hour.
link_tries = Table(
    "link_tries",
    METADATA,
    own_id(),
    person(),
    Column("at", Moment, nullable=False, index=True),
    Index(None, "person_id", "at"),
    sqlite_autoincrement=True,
)

#: surface, account: no foreign key to the account, whose row changes hands. brought, sequences: `records.link`.
person_links = Table(
    "person_links",
    METADATA,
    own_id(),
    person(index=True),
    Column("surface", Key, nullable=False),
    Column("account", Key, nullable=False),
    Column("linked_at", Moment, nullable=False),
    Column("brought", Json, nullable=False),
    Column("sequences", Json, nullable=False),
    UniqueConstraint("surface", "account"),
    sqlite_autoincrement=True,
)

board_links = Table(
    "board_links",
    METADATA,
    own_id(),
    Column("community_id", Id, ForeignKey("communities.id"), nullable=False),
    Column("other_id", Id, ForeignKey("communities.id"), nullable=False, index=True),
    Column("takes", Json, nullable=False),
    Column("gives", Json, nullable=False),
    Column("made_at", Moment, nullable=False),
    UniqueConstraint("community_id", "other_id"),
    sqlite_autoincrement=True,
)

gig_boards = Table(
    "gig_boards",
    METADATA,
    own_id(),
    Column("gig_id", Id, ForeignKey(gigs.c.id), nullable=False),
    Column("community_id", Id, ForeignKey("communities.id"), nullable=False),
    Column("hung_at", Moment, nullable=False),
    Column("removed_at", Moment),
    Column("reason", Typed),
    UniqueConstraint("gig_id", "community_id"),
    Index(None, "community_id", "gig_id"),
    sqlite_autoincrement=True,
)
