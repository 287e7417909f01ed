"""Finding gigs: by chair, place, date, pay and kind, and by words; newest first by words, soonest first otherwise.

Words go through a full-text index over listed gigs only, read from its newest end, so that a page costs the same
however many gigs there are. What is read off a gig's own columns (dates, pay) is checked on the way.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, column, delete, exists, literal, or_, select, table, text
from sqlalchemy.sql import Select

from storage.records.answer import INTERESTED
from storage.records.fee import Basis
from storage.records.gig import Gig, GigFilter, KindOfWork
from storage.records.money import Money
from storage.stores.base import Store
from storage.stores.gig_words import community_mark, kind_mark, postgres_query, role_mark, sqlite_query
from storage.stores.gigs import gig_of
from storage.tables.answers import answers
from storage.tables.gigs import LISTED_SQL, gig_filters, gigs

#: A gig of several days is found by a day in it unless it began longer before that than this.
_LONGEST_RUN = timedelta(days=14)

_FTS = table("gigs_fts", column("rowid"), column("gig_id"), column("words"))


class GigSearch(Store):
    """Questions about listed gigs, and the filters of lists that are being paged through."""

    async def find(self, wanted: GigFilter, now: datetime, *, limit: int, offset: int = 0) -> list[Gig]:
        """A page of what fits. With words newest first, else soonest first; somebody's own posts newest first.

        Gigs that have begun or expired are left out, except among somebody's own.
        """
        if wanted.poster_id is not None:
            statement = self._own(wanted.poster_id, wanted.community_id)
        elif wanted.words:
            statement = self._by_words(wanted)
        else:
            statement = select(gigs).where(text(LISTED_SQL), gigs.c.community_id == wanted.community_id)
            if len(wanted.roles) == 1:
                statement = statement.where(gigs.c.role == wanted.roles[0])
            elif wanted.roles:
                statement = statement.where(gigs.c.role.in_(wanted.roles))
            statement = statement.order_by(gigs.c.start_at, gigs.c.id)
        if wanted.poster_id is None:
            statement = statement.where(gigs.c.expires_at > now)
        statement = statement.where(*_conditions(wanted)).limit(limit).offset(offset)
        return await self._all(statement, gig_of)

    def _by_words(self, wanted: GigFilter) -> Select[Any]:
        words = [community_mark(wanted.community_id), *wanted.words]
        if wanted.kind is not None:
            words.append(kind_mark(wanted.kind))
        roles = [role_mark(role) for role in wanted.roles]
        if self._postgres:
            matches = text("gigs_fts.words @@ CAST(:query AS tsquery)").bindparams(query=postgres_query(words, roles))
            return select(gigs).join(_FTS, _FTS.c.gig_id == gigs.c.id).where(matches).order_by(_FTS.c.gig_id.desc())
        matches = text("gigs_fts MATCH :query").bindparams(query=sqlite_query(words, roles))
        return select(gigs).join(_FTS, _FTS.c.rowid == gigs.c.id).where(matches).order_by(_FTS.c.rowid.desc())

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
        await self._run(
            gig_filters.insert().values(token=token, person_id=person_id, filter=_written(wanted), made_at=now)
        )

    async def filter(self, token: str, person_id: int) -> GigFilter | None:
        """The list behind a token, for the person it was made for."""
        return await self._one(
            select(gig_filters.c.filter).where(gig_filters.c.token == token, gig_filters.c.person_id == person_id),
            lambda row: _read(row["filter"]),
        )

    async def purge_filters(self, before: datetime) -> int:
        """Forget lists made before then; how many."""
        return await self._count(delete(gig_filters).where(gig_filters.c.made_at < before))


def _conditions(wanted: GigFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.start_from is not None:
        # A festival that has begun the day before is still on. How far back to look is bounded, or every search by
        # date would read everything that is sooner.
        found += [
            gigs.c.start_at >= wanted.start_from - _LONGEST_RUN,
            or_(gigs.c.start_at >= wanted.start_from, and_(gigs.c.whole_days, gigs.c.end_at > wanted.start_from)),
        ]
    if wanted.start_to is not None:
        found.append(gigs.c.start_at < wanted.start_to)
    if wanted.at_least is not None:
        found += [
            gigs.c.worth_currency == wanted.at_least.currency,
            gigs.c.worth_minor >= literal(wanted.at_least.minor),
        ]
    if wanted.kind is not None:
        found.append(gigs.c.kind == wanted.kind)
    if wanted.posted_after is not None:
        found.append(gigs.c.posted_at > wanted.posted_after)
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
