"""Who is free for a chair: everybody who plays it and shares with the community, sorted by what their time says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cogs.availability import rules
from cogs.availability.calendar import Verdict, trusted, verdict, verdict_of
from cogs.availability.service import share_setting
from cogs.kit.ask import Role
from cogs.kit.call import Call
from cogs.kit.faults import NotAllowed
from cogs.kit.offline import offline
from cogs.kit.tools import Tools
from storage.records.availability import Candidate, Diary, Free
from storage.records.packs import free_at
from storage.records.people import Person
from storage.records.times import Span
from storage.reference import instruments
from storage.work import Work

#: What a time comes to that one thing said covers.
_SAID = {Free.FREE: Verdict.FREE, Free.MAYBE: Verdict.MAYBE, Free.NO: Verdict.NO}
#: In the order in which they are listed; who cannot is not.
_LISTED = (Verdict.FREE, Verdict.MAYBE, Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Who may be asked, by number. The order within each is the caller's own: their call list, then those they worked
    with most, then by name.

    away: how many play the chair and cannot; who, is not said.
    page, pages: which part of all of them, from 0, is `shown`, each with what their time comes to.
    doubles, listed: of those shown, who plays the chair as a double, and who is on the caller's call list.
    """

    role: Role
    span: Span
    region: str | None
    free: tuple[int, ...]
    maybe: tuple[int, ...]
    unknown: tuple[int, ...]
    away: int
    page: int
    pages: int
    shown: tuple[tuple[Verdict, Person], ...]
    doubles: frozenset[int]
    listed: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """Everything that was read, to be worked out on a thread.

    surely: people whom a gig or an event keeps, whatever else there is. diaries: of those who must be looked at whole.
    ranks: places on the caller's call list. hired: how often the caller inked them.
    """

    span: Span
    region: str | None
    now: datetime
    players: Sequence[Candidate]
    surely: frozenset[int]
    diaries: Mapping[int, Diary]
    hired: Mapping[int, int]
    ranks: Mapping[int, int]


class WhoService:
    """One question."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work

    async def who(self, call: Call, role: Role, span: Span, region: str | None, page: int = 0) -> Found:
        """Everybody of the caller's community who plays the chair, doubles included, by how free they are."""
        async with self._open_work(reading=True) as work:
            question = await self._read(work, call, role, span, region)
            sorts, doubles = await offline(_sorted_out, question)
            everybody = [(found, person_id) for found in _LISTED for person_id in sorts[found]]
            pages = max(1, -(-len(everybody) // rules.PAGE))
            page = min(max(page, 0), pages - 1)
            part = everybody[page * rules.PAGE : (page + 1) * rules.PAGE]
            people = await work.people.many([person_id for _, person_id in part])
        return Found(
            role=role,
            span=span,
            region=region,
            free=sorts[Verdict.FREE],
            maybe=sorts[Verdict.MAYBE],
            unknown=sorts[Verdict.UNKNOWN],
            away=len(sorts[Verdict.NO]),
            page=page,
            pages=pages,
            shown=tuple((found, people[person_id]) for found, person_id in part),
            doubles=doubles & people.keys(),
            listed=frozenset(question.ranks.keys() & people.keys()),
        )

    async def _read(self, work: Work, call: Call, role: Role, span: Span, region: str | None) -> _Question:
        if call.community_id is None:  # the command asks for one; an old button may outlive it
            raise NotAllowed("That belongs to a community.", how="Use it in your server or group.")
        roles = instruments.alike(role.id)
        players: Sequence[Candidate] = await work.free_at.players(
            call.community_id, roles, but=call.person_id, unless=share_setting(call.community_id)
        )
        if region is not None:
            players = await offline(_near, players, region)
        strangers = {one.person_id for one in players if one.contacts_only}
        if strangers:
            strangers -= await work.free_at.colleagues_of(call.person_id, strangers)
            players = [one for one in players if one.person_id not in strangers]
        taken = await work.free_at.taken(roles, span.start, span.until())
        surely, look_at = taken.surely, taken.maybe
        if span.whole_days:  # who is kept for a part of them may still be free for the rest
            surely, look_at = frozenset(), surely | look_at
        kept = {one[0] for one in players} & look_at if look_at else ()
        return _Question(
            span=span,
            region=region,
            now=call.now,
            players=players,
            surely=surely,
            diaries=await work.diaries.diaries(sorted(kept), span.start, span.until()),
            hired=await work.free_at.hired_by(call.person_id),
            ranks=await work.call_lists.ranks(call.person_id, roles),
        )


def _near(players: Sequence[Candidate], region: str) -> list[Candidate]:
    homes = {(one.region, one.radius_km) for one in players}
    near = {home for home in homes if rules.is_near(*home, region)}
    return [one for one in players if (one.region, one.radius_km) in near]


def _sorted_out(question: _Question) -> tuple[dict[Verdict, tuple[int, ...]], frozenset[int]]:
    """Everybody by number under what their time comes to, and who plays the chair as a double only."""
    span, diaries, surely = question.span, question.diaries, question.surely
    # Somebody who plays several of the chairs counts by the one that is not a double.
    players: dict[int, Candidate] = {}
    for one in question.players:
        known = players.get(one[0])
        if known is None or known.is_double:
            players[one[0]] = one
    settled = free_at(players.values(), span.start, span.until(), question.now)
    sorts: dict[Verdict, list[Candidate]] = {found: [] for found in Verdict}
    for person_id, one in players.items():
        if person_id in surely:
            found = Verdict.NO
        elif person_id in diaries:
            found = verdict(_counted(diaries[person_id], question), span)
        elif person_id in settled.said:
            found = _SAID[settled.said[person_id]]
        elif person_id in settled.partly:
            hits = settled.partly[person_id]
            found = verdict_of((hit for hit in hits if _counts(hit.region, question.region)), span)
        else:
            found = Verdict.UNKNOWN
        sorts[found].append(one)
    doubles = frozenset(person_id for person_id, one in players.items() if one.is_double)
    return {found: _in_order(sort, question) for found, sort in sorts.items()}, doubles


def _in_order(people: Iterable[Candidate], question: _Question) -> tuple[int, ...]:
    ranks, hired, last = question.ranks, question.hired, len(question.ranks)
    keys = sorted(
        (ranks.get(one[0], last), -hired.get(one[0], 0), one.is_double, one.name_key, one[0]) for one in people
    )
    return tuple(key[-1] for key in keys)


def _counts(said_of: str | None, asked_about: str | None) -> bool:
    """Whether something said of a region counts for the one that is asked about; without one, all of it does."""
    return said_of is None or asked_about is None or rules.is_near(said_of, None, asked_about)


def _counted(diary: Diary, question: _Question) -> Diary:
    """Without what has gone stale, and without what was said of another region than the one that is asked about."""
    entries = tuple(one for one in trusted(diary.entries, question.now) if _counts(one.region, question.region))
    return Diary(person_id=diary.person_id, entries=entries, bookings=diary.bookings, busy=diary.busy)
