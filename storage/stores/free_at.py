"""Who plays a chair in a community and what they said of their time, in one statement for all of them.

Each player costs a handful of lookups and one packed row (`storage.records.packs`); what their rows say is worked out
elsewhere, off the event loop. Nothing is kept in memory from one question to the next, so nothing can be out of date,
whichever process wrote it.

What it costs grows with those who play the chair, since each of them is asked; measured by
`tests/bench/bench_availability.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, null, or_, select, union_all

from storage.records.answer import ENGAGED, AnswerState
from storage.records.availability import Busy, Candidate
from storage.stores.base import Store
from storage.stores.diaries import LONGEST, OFF
from storage.stores.raw import Raw
from storage.tables.answers import answers
from storage.tables.availability import calendar_busy
from storage.tables.gigs import gigs
from storage.tables.people import people, person_roles

_DAY = timedelta(days=1)
#: A gig without an end lasts this long; see `Span.until`.
_UNSAID = timedelta(hours=3)
#: Players fetched at once: few enough that making rows of them holds nobody up.
_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Taken:
    """Whom something other than their own words keeps.

    surely: an inked gig, or an event of an imported calendar, shares a moment with the time. maybe: a pencilled gig
    does; their diaries must be looked at.
    """

    surely: frozenset[int]
    maybe: frozenset[int]


class FreeAtStore(Store):
    """The questions behind "who is free"."""

    async def players(self, community_id: int, roles: Collection[str], *, but: int, unless: str) -> list[Candidate]:
        """Members who play one of these chairs, first or as a double, and do not hide; and what they said.

        but: somebody left out. unless: the name of the person's setting that says "off" where they do not share.
        Somebody who plays several of the chairs comes once for each.
        """
        found: list[Candidate] = []
        for role in sorted(roles):
            after = 0
            while True:
                rows: Sequence[Any] = await _PLAYERS.run(
                    self._transaction.connection,
                    role=role, community=community_id, but=but, unless=unless, after=after, at_once=_AT_ONCE,
                )  # fmt: skip
                found += map(Candidate._make, rows)
                if len(rows) < _AT_ONCE:
                    break
                after = rows[-1][0]
        return found

    async def taken(self, roles: Collection[str], start: datetime, end: datetime) -> Taken:
        """Players of these chairs, wherever they belong, whom a gig or an imported event may keep in [start, end)."""
        surely: set[int] = set()
        maybe: set[int] = set()
        rows: Sequence[Any] = (await self._run(_taken(roles, start, end))).all()
        for person_id, flag, begins, ends, zone in rows:
            if begins is None:  # a gig, inked or not
                (surely if flag else maybe).add(person_id)
                continue
            if flag:
                begins, ends = Busy(person_id=person_id, start=begins, end=ends, floating=True).stretch(zone or "UTC")
            if begins < end and start < ends:
                surely.add(person_id)
        return Taken(frozenset(surely), frozenset(maybe - surely))

    async def colleagues_of(self, person_id: int, others: Collection[int]) -> set[int]:
        """Those of the others who were inked for a gig together with the person, or either for a gig of the other."""
        theirs = answers.alias()
        hired = (
            select(answers.c.person_id)
            .join(gigs, gigs.c.id == answers.c.gig_id)
            .where(
                gigs.c.poster_id == person_id,
                answers.c.state == AnswerState.INKED,
                answers.c.person_id.in_(others),
            )
        )
        hired_me = (
            select(gigs.c.poster_id)
            .join(answers, answers.c.gig_id == gigs.c.id)
            .where(
                answers.c.person_id == person_id,
                answers.c.state == AnswerState.INKED,
                gigs.c.poster_id.in_(others),
            )
        )
        beside = (
            select(theirs.c.person_id)
            .join(answers, answers.c.gig_id == theirs.c.gig_id)
            .where(
                answers.c.person_id == person_id,
                answers.c.state == AnswerState.INKED,
                theirs.c.state == AnswerState.INKED,
                theirs.c.person_id.in_(others),
            )
        )
        return set((await self._run(hired.union(hired_me, beside))).scalars())

    async def hired_by(self, poster_id: int) -> dict[int, int]:
        """How often each player was inked for a gig that this person posted."""
        rows = await self._run(
            select(answers.c.person_id, func.count().label("times"))
            .join(gigs, gigs.c.id == answers.c.gig_id)
            .where(gigs.c.poster_id == poster_id, answers.c.state == AnswerState.INKED)
            .group_by(answers.c.person_id)
        )
        return {row.person_id: row.times for row in rows}


#: One portion of players, by number, in the order of `Candidate`. Values come as they are kept, and by way of `Raw`:
#: making objects of them costs more than finding them. The community is compared plus nothing, so that no engine begins
#: with its members, of whom there are many for each who plays this.
_PLAYERS = Raw(
    """
    SELECT p.id, p.name_key, p.region, p.radius_km, p.visibility = 'contacts', r.is_double, k.zones, k.entries, k.odd
    FROM person_roles r
    JOIN memberships m ON m.person_id = r.person_id AND m.community_id + 0 = :community AND m.left_at IS NULL
    JOIN people p ON p.id = r.person_id
    LEFT JOIN availability_packs k ON k.person_id = r.person_id
    WHERE r.role = :role AND r.person_id > :after AND r.person_id <> :but AND p.visibility <> 'nobody'
      AND NOT EXISTS (
        SELECT 1 FROM person_settings s WHERE s.person_id = r.person_id AND s.name = :unless AND s.value = 'off'
      )
    ORDER BY r.person_id
    LIMIT :at_once
    """
)


#: Where rows of events have from when to when, and the zone of their owner.
_NOTHING = (
    null().cast(calendar_busy.c.start_at.type).label("start_at"),
    null().cast(calendar_busy.c.end_at.type).label("end_at"),
    null().cast(people.c.zone.type).label("zone"),
)


def _taken(roles: Collection[str], start: datetime, end: datetime) -> Any:
    """Gigs by the time, which is narrower, with whether they are inked; events by the players, and if they float."""
    gig = (
        select(answers.c.person_id, (answers.c.state == AnswerState.INKED).label("flag"), *_NOTHING)
        .select_from(gigs)
        .join(answers, answers.c.gig_id == gigs.c.id)
        .where(
            gigs.c.start_at < end,
            gigs.c.start_at > start - LONGEST,
            or_(gigs.c.end_at > start, and_(gigs.c.end_at.is_(None), gigs.c.start_at > start - _UNSAID)),
            gigs.c.state.not_in(OFF),
            answers.c.state.in_(ENGAGED),
        )
    )
    # A stretch that means the clock of its owner may lie a day to either side once it is read on that.
    touches = and_(~calendar_busy.c.floating, calendar_busy.c.start_at < end, calendar_busy.c.end_at > start)
    event = (
        select(
            calendar_busy.c.person_id,
            calendar_busy.c.floating.label("flag"),
            calendar_busy.c.start_at,
            calendar_busy.c.end_at,
            people.c.zone,
        )
        .select_from(person_roles)
        .join(calendar_busy, calendar_busy.c.person_id == person_roles.c.person_id)
        .join(people, people.c.id == calendar_busy.c.person_id)
        .where(
            person_roles.c.role.in_(sorted(roles)),
            calendar_busy.c.start_at < end + _DAY,
            calendar_busy.c.start_at > start - LONGEST,
            calendar_busy.c.end_at > start - _DAY,
            or_(calendar_busy.c.floating, touches),
        )
    )
    return union_all(gig, event)
