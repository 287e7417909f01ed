"""Finding gigs: by chair, place, date, pay and kind, and by words; newest first by words, soonest first otherwise.

Words go through a full-text index over listed gigs only, read from its newest end, so that a page costs the same
however many gigs there are. What is read off a gig's own columns (dates, pay) is checked on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, column, delete, exists, literal, or_, select, table, text, union_all
from sqlalchemy.sql import Select

from storage.records.answer import INTERESTED
from storage.records.fee import Basis
from storage.records.gig import Audience, Gig, GigFilter, KindOfWork
from storage.records.money import Money
from storage.reference import instruments
from storage.stores.base import Store
from storage.stores.gig_words import community_mark, kind_mark, postgres_query, role_mark, sqlite_query
from storage.stores.gigs import gig_of
from storage.stores.ready import Ready
from storage.tables.answers import answers
from storage.tables.gigs import LISTED_SQL, LONG_MS, gig_filters, gigs

#: Tours and festivals that are shown because they are on: more than anybody pages through.
_MOST_RUNNING = 50

#: How many of the newest gigs are looked through for a word before the index of words is asked for all.
_NEWEST = 4000

_SOONEST = (gigs.c.start_at, gigs.c.id)
_LONG = gigs.alias("long")
_KEEP_FILTER = Ready(gig_filters.insert(), [column.name for column in gig_filters.c])
_FTS = table("gigs_fts", column("rowid"), column("gig_id"), column("words"))


class GigSearch(Store):
    """Questions about listed gigs, and the filters of lists that are being paged through."""

    async def find(self, wanted: GigFilter, now: datetime, *, limit: int, offset: int = 0) -> list[Gig]:
        """A page of what fits. With words newest first, else soonest first; somebody's own posts newest first.

        Gigs that have begun or expired are left out, except among somebody's own. A chair is also found by the names
        that leave open which of several it is (`instruments.alike`).
        """
        conditions = _conditions(wanted)
        if wanted.poster_id is not None:
            return await self._page(self._own(wanted.poster_id, wanted.community_id), conditions, limit, offset)
        conditions.append(gigs.c.expires_at > now)
        if wanted.words:
            conditions += _in_stretch(wanted)
            return await (self._in_words if self._postgres else self._in_order)(wanted, conditions, limit, offset)
        if wanted.start_to is not None:
            conditions.append(gigs.c.start_at < wanted.start_to)
        if wanted.start_from is not None:
            return await self._all(_from_a_day(wanted, wanted.start_from, conditions, limit, offset), gig_of)
        listed = _of_chairs(select(gigs), wanted).where(text(LISTED_SQL)).order_by(*_SOONEST)
        return await self._page(listed, conditions, limit, offset)

    async def _page(
        self, statement: Select[Any], conditions: Sequence[ColumnElement[bool]], limit: int, offset: int
    ) -> list[Gig]:
        return await self._all(statement.where(*conditions).limit(limit).offset(offset), gig_of)

    async def _in_order(
        self, wanted: GigFilter, conditions: Sequence[ColumnElement[bool]], limit: int, offset: int
    ) -> list[Gig]:
        """By words on SQLite, whose index is read newest first and no further than the page needs."""
        matches = text("gigs_fts MATCH :query").bindparams(query=sqlite_query(*_marked(wanted)))
        statement = select(gigs).join(_FTS, _FTS.c.rowid == gigs.c.id).where(matches).order_by(_FTS.c.rowid.desc())
        return await self._page(statement, conditions, limit, offset)

    async def _in_words(
        self, wanted: GigFilter, conditions: Sequence[ColumnElement[bool]], limit: int, offset: int
    ) -> list[Gig]:
        """By words on PostgreSQL, whose index of words knows no order.

        What is common is among the newest; what fills no page there is rare, and all of it is fetched by its words. In
        one statement the planner guesses which of the two it is, and reads a million gigs for a word that none has.
        """
        matches = text("found.words @@ CAST(:query AS tsquery)").bindparams(query=postgres_query(*_marked(wanted)))
        found = _FTS.alias("found")
        newest = select(_FTS.c.gig_id, _FTS.c.words).order_by(_FTS.c.gig_id.desc()).limit(_NEWEST).subquery("found")
        common = select(gigs).join(newest, newest.c.gig_id == gigs.c.id).where(matches)
        page = await self._page(common.order_by(newest.c.gig_id.desc()), conditions, limit, offset)
        if len(page) == limit:
            return page
        all_of_them = select(found.c.gig_id).where(matches).cte("named").prefix_with("MATERIALIZED")
        rare = select(gigs).join(all_of_them, all_of_them.c.gig_id == gigs.c.id)
        return await self._page(rare.order_by(gigs.c.id.desc()), conditions, limit, offset)

    def _own(self, person_id: int, community_id: int) -> Select[Any]:
        answered = exists().where(
            answers.c.gig_id == gigs.c.id, answers.c.person_id == person_id, answers.c.state.in_(INTERESTED)
        )
        theirs = select(answers.c.gig_id).where(answers.c.person_id == person_id, answers.c.state.in_(INTERESTED))
        mine = select(gigs.c.id).where(gigs.c.poster_id == person_id)
        return (
            select(gigs)
            .where(
                gigs.c.id.in_(mine.union(theirs)),
                gigs.c.community_id == community_id,
                or_(gigs.c.poster_id == person_id, answered),
            )
            .order_by(gigs.c.id.desc())
        )

    async def keep_filter(self, token: str, person_id: int, wanted: GigFilter, now: datetime) -> None:
        """Remember a list that somebody may page through."""
        await self._ready(_KEEP_FILTER, token=token, person_id=person_id, filter=_written(wanted), made_at=now)

    async def filter(self, token: str, person_id: int) -> GigFilter | None:
        """The list behind a token, for the person it was made for."""
        return await self._one(
            select(gig_filters.c.filter).where(gig_filters.c.token == token, gig_filters.c.person_id == person_id),
            lambda row: _read(row["filter"]),
        )

    async def purge_filters(self, before: datetime) -> int:
        """Forget lists made before then; how many."""
        return await self._count(delete(gig_filters).where(gig_filters.c.made_at < before))


def _marked(wanted: GigFilter) -> tuple[list[str], list[str]]:
    """(words of which each must be there, words of which one must) for a filter, its marks among them."""
    words = [*wanted.words]
    if wanted.kind is not None:
        words.append(kind_mark(wanted.kind))
    roles = [role_mark(wanted.community_id, role) for role in wanted.roles]
    if not roles:
        words.append(community_mark(wanted.community_id))
    return words, roles


def _of_chairs(statement: Select[Any], wanted: GigFilter) -> Select[Any]:
    """Of the community, and of any of the chairs that are looked for."""
    statement = statement.where(gigs.c.community_id == wanted.community_id)
    roles = sorted({near for role in wanted.roles for near in instruments.alike(role)})
    if len(roles) == 1:
        return statement.where(gigs.c.role == roles[0])
    return statement.where(gigs.c.role.in_(roles)) if roles else statement


def _from_a_day(
    wanted: GigFilter, day: datetime, conditions: Sequence[ColumnElement[bool]], limit: int, offset: int
) -> Select[Any]:
    """What is on from then on, soonest first: what has begun before and lasts, then what begins later.

    The two halves are found by an index each and put together by their ids. In one condition with OR between them,
    SQLite without statistics would read everything that is soon instead.
    """
    running = select(_LONG.c.id).where(
        text(f"long.{LISTED_SQL} AND long.end_at - long.start_at > {LONG_MS}"),
        _LONG.c.community_id == wanted.community_id,
        _LONG.c.end_at > day,
    )
    begun = _of_chairs(select(gigs.c.id), wanted).where(
        gigs.c.id.in_(running), gigs.c.start_at < day, *conditions
    ).limit(_MOST_RUNNING).subquery()  # fmt: skip
    later = _of_chairs(select(gigs.c.id), wanted).where(text(LISTED_SQL), gigs.c.start_at >= day, *conditions)
    later_page = later.order_by(*_SOONEST).limit(limit + offset).subquery()
    ids = union_all(select(begun.c.id), select(later_page.c.id))
    return select(gigs).where(gigs.c.id.in_(ids)).order_by(*_SOONEST).limit(limit).offset(offset)


def _in_stretch(wanted: GigFilter) -> list[ColumnElement[bool]]:
    """That a gig begins in the stretch, or has begun before and is still on."""
    found: list[ColumnElement[bool]] = []
    if wanted.start_from is not None:
        running = and_(text(f"end_at - start_at > {LONG_MS}"), gigs.c.end_at > wanted.start_from)
        found.append(or_(gigs.c.start_at >= wanted.start_from, running))
    if wanted.start_to is not None:
        found.append(gigs.c.start_at < wanted.start_to)
    return found


def _conditions(wanted: GigFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.at_least is not None:
        found += [
            gigs.c.worth_currency == wanted.at_least.currency,
            gigs.c.worth_minor >= literal(wanted.at_least.minor),
        ]
    if wanted.kind is not None:
        found.append(gigs.c.kind == wanted.kind)
    if wanted.posted_after is not None:
        found.append(gigs.c.posted_at > wanted.posted_after)
    if wanted.poster_id is None:
        found.append(gigs.c.audience == Audience.BOARD)
    if not wanted.unpaid and wanted.poster_id is None:
        found.append(gigs.c.fee_basis != Basis.UNPAID)
    return found


def _written(wanted: GigFilter) -> dict[str, object]:
    values: dict[str, Any] = asdict(wanted)
    for name in ("start_from", "start_to", "posted_after"):
        values[name] = None if values[name] is None else values[name].isoformat()
    return {name: value for name, value in values.items() if value not in (None, (), False)}


def _read(values: dict[str, Any]) -> GigFilter:
    values = dict(values)
    for name in ("start_from", "start_to", "posted_after"):
        if name in values:
            values[name] = datetime.fromisoformat(values[name])
    for name in ("roles", "words"):
        values[name] = tuple(values.get(name, ()))
    if "at_least" in values:
        values["at_least"] = Money(**values["at_least"])
    if "kind" in values:
        values["kind"] = KindOfWork(values["kind"])
    return GigFilter(**values)
