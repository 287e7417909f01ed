"""Who has said what of one moment: a question about thousands of people, answered without laying out their diaries.

The database narrows by the day of the week and the clock, generously; what is left is settled with whole numbers, on
the wall clock of each zone. Only people about whom that does not settle it are looked at in full: those with a gig, an
imported event, or something said of a part of the time; and everybody in the nights around a clock change.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select

from storage.records.answer import ENGAGED
from storage.records.availability import DAY_MINUTES, EVERY_DAY, STALE_AFTER, Candidate, Free
from storage.records.people import Visibility
from storage.records.times import Span
from storage.stores.base import Store
from storage.tables.answers import answers
from storage.tables.availability import availability, calendar_busy
from storage.tables.communities import memberships
from storage.tables.gigs import gigs
from storage.tables.people import people, person_roles, person_settings

_DAY = timedelta(days=1)
_LONGEST = timedelta(days=62)
#: Clock changes move a wall clock by at most this much (Lord Howe half an hour, everybody else an hour); twice that.
_SLACK = 120


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time on the wall clock of one zone.

    day: the local day on which it begins. begins, ends: minutes after that day's midnight. straight: no clock change
    is near, so that minutes can be counted.
    """

    day: int
    begins: int
    ends: int
    straight: bool


@lru_cache(maxsize=256)
def window(start: datetime, end: datetime, zone: str) -> Window:
    """The stretch as that zone's clock shows it."""
    place = ZoneInfo(zone)
    local, until = start.astimezone(place), end.astimezone(place)
    near = {(start + _DAY * n).astimezone(place).utcoffset() for n in (-3, -2, -1, 0, 1, 2)}
    near |= {(end + _DAY * n).astimezone(place).utcoffset() for n in (0, 1, 2)}
    exact = not local.second and not until.second and not local.microsecond and not until.microsecond
    ends = (until.date() - local.date()).days * DAY_MINUTES + until.hour * 60 + until.minute
    return Window(
        local.toordinal(), local.hour * 60 + local.minute, ends, exact and len(near) == 1 and end - start <= _DAY * 2
    )


@dataclass(frozen=True, slots=True)
class FreeAt:
    """What is known of one time.

    said: what settles it, by person. open: people who must be looked at in full; about all others nothing is known.
    """

    said: Mapping[int, Free]
    open: frozenset[int]


class FreeAtStore(Store):
    """The question. See the module for how."""

    async def candidates(self, community_id: int, roles: Collection[str], *, but: int, unless: str) -> list[Candidate]:
        """Members who play one of these chairs, first or as a double, and do not hide.

        but: somebody left out. unless: the name of the person's setting that says "off" where they do not share.
        """
        chosen = _chosen(community_id, roles, but=but, unless=unless)
        rows: Sequence[Any] = (await self._run(chosen.with_only_columns(*_SHOWN))).all()
        return [
            Candidate(person_id, name, name_key, region, radius_km, visibility, bool(is_double))
            for person_id, name, name_key, region, radius_km, visibility, is_double in rows
        ]

    async def free_at(
        self, community_id: int, roles: Collection[str], span: Span, *, but: int, unless: str, now: datetime
    ) -> FreeAt:
        """What these members said of a time, as far as it has not gone stale; what was said last counts.

        Entries for one region alone are never settled here.
        """
        start, end = span.start, span.until()
        who = _chosen(community_id, roles, but=but, unless=unless).with_only_columns(people.c.id)
        rows: Sequence[Any] = (await self._run(_entries(who, start, end, span.zone, now))).all()
        said: dict[int, Free] = {}
        open_: set[int] = set()
        for person_id, state, zone, first, last, begins, ends, days, every, odd in rows:
            if person_id in said or person_id in open_:
                continue  # what was said later comes first
            if odd:
                open_.add(person_id)
                continue
            there = window(start, end, zone)
            if not there.straight:
                open_.add(person_id)
                continue
            touched, covered = _lies(there, first, last, begins, ends, days, every)
            if covered:
                said[person_id] = state
            elif touched:
                open_.add(person_id)
        for person_id in (await self._run(_taken(who, start, end))).scalars():
            said.pop(person_id, None)
            open_.add(person_id)
        return FreeAt(said, frozenset(open_))


def _lies(there: Window, first: date, last: date, begins: int, ends: int, days: int, every: int) -> tuple[bool, bool]:
    """Whether a pattern shares a moment with the window, and whether one stretch of it covers the window."""
    touched = False
    low, high = first.toordinal(), last.toordinal()
    monday = low - (low - 1) % 7
    for offset in range(-((ends - 1) // DAY_MINUTES), (there.ends - 1) // DAY_MINUTES + 1 if there.ends else 1):
        day = there.day + offset
        if not low <= day <= high or not days >> (day - 1) % 7 & 1:
            continue
        if every > 1 and (day - monday) // 7 % every:
            continue
        on, off = begins + offset * DAY_MINUTES, ends + offset * DAY_MINUTES
        if on < there.ends and there.begins < off:
            touched = True
            if on <= there.begins and there.ends <= off:
                return True, True
    return touched, False


_SHOWN: tuple[ColumnElement[Any], ...] = (
    people.c.id,
    people.c.name,
    people.c.name_key,
    people.c.region,
    people.c.radius_km,
    people.c.visibility,
    func.min(case((person_roles.c.is_double, 1), else_=0)),
)


def _chosen(community_id: int, roles: Collection[str], *, but: int, unless: str) -> Select[Any]:
    refused = (
        select(literal(1))
        .where(
            person_settings.c.person_id == people.c.id,
            person_settings.c.name == unless,
            person_settings.c.value == "off",
        )
        .exists()
    )
    return (
        select(people.c.id)
        .select_from(person_roles)
        .join(memberships, memberships.c.person_id == person_roles.c.person_id)
        .join(people, people.c.id == person_roles.c.person_id)
        .where(
            person_roles.c.role.in_(sorted(roles)),
            # Plus nothing: no engine shall begin with the community, which has many members for each who plays this.
            memberships.c.community_id + 0 == community_id,
            memberships.c.left_at.is_(None),
            people.c.visibility != Visibility.NOBODY,
            people.c.id != but,
            ~refused,
        )
        .group_by(people.c.id)
    )


def _entries(who: Select[Any], start: datetime, end: datetime, zone: str, now: datetime) -> Select[Any]:
    """Everything that may touch the time, the last said first."""
    table = availability.c
    odd = or_(table.listed.is_not(None), table.but.is_not(None), table.region.is_not(None))
    here = window(start, end, zone)
    near = _near(here)
    return (
        select(
            table.person_id, table.state, table.zone, table.first, table.last, table.begins, table.ends, table.days,
            table.every, odd,
        )
        .where(
            table.person_id.in_(who),
            table.last >= start.date() - _LONGEST,
            table.first <= end.date() + _DAY * 2,
            table.said_at > now - STALE_AFTER,
            table.deleted_at.is_(None),
            or_(odd, table.ends > 2 * DAY_MINUTES, case((table.zone == zone, near), else_=_anywhere(start, end))),
        )
        .order_by(table.said_at.desc(), table.id.desc())
    )  # fmt: skip


def _near(here: Window) -> ColumnElement[bool]:
    """For the asker's own zone: begins on that day or the days around it, and not at quite another hour."""
    table = availability.c
    if here.ends - here.begins > DAY_MINUTES * 6:
        return table.days != 0
    slack = 0 if here.straight else _SLACK
    low, high = here.begins - slack, here.ends + slack
    ways = []
    for offset in range(-2, here.ends // DAY_MINUTES + 2):
        shift = offset * DAY_MINUTES
        ways.append(
            and_(
                table.days.bitwise_and(_bit(here.day + offset)) != 0,
                table.begins + shift < high,
                table.ends + shift > low,
            )
        )
    return or_(*ways)


def _anywhere(start: datetime, end: datetime) -> ColumnElement[bool]:
    """For any other zone: some day that the time may fall on somewhere in the world, or the day before it."""
    days = 0
    day = (start - _DAY * 2).astimezone(UTC).date()
    while day <= (end + _DAY).astimezone(UTC).date() and days != EVERY_DAY:
        days |= _bit(day.toordinal())
        day += _DAY
    return availability.c.days.bitwise_and(days) != 0


def _bit(ordinal: int) -> int:
    return 1 << (ordinal - 1) % 7


def _taken(who: Select[Any], start: datetime, end: datetime) -> Select[Any]:
    """Whom a gig or an imported event may keep at that time, generously."""
    gig = (
        select(answers.c.person_id)
        .join(gigs, gigs.c.id == answers.c.gig_id)
        .where(
            answers.c.person_id.in_(who),
            answers.c.state.in_(ENGAGED),
            gigs.c.start_at < end,
            gigs.c.start_at > start - _LONGEST,
        )
    )
    event = select(calendar_busy.c.person_id).where(
        calendar_busy.c.person_id.in_(who),
        calendar_busy.c.start_at < end + _DAY,
        calendar_busy.c.start_at > start - _LONGEST,
        calendar_busy.c.end_at > start - _DAY,
    )
    both = gig.union(event).subquery()
    return select(both.c.person_id)
