"""Who is free for a chair: everybody who plays it and shares with the community, sorted by what their time says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cogs.availability import rules
from cogs.availability.calendar import Verdict, trusted, verdict, verdict_of
from cogs.availability.service import share_setting
from cogs.kit.ask import Role
from cogs.kit.call import Call
from cogs.kit.offline import offline
from cogs.kit.tools import Tools
from storage.records.availability import Candidate, Diary, Free
from storage.records.packs import Pack, free_at
from storage.records.people import Visibility
from storage.records.times import Span
from storage.reference import instruments
from storage.stores.free_at import Taken
from storage.work import Work

#: What a time comes to that one thing said covers.
_SAID = {Free.FREE: Verdict.FREE, Free.MAYBE: Verdict.MAYBE, Free.NO: Verdict.NO}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Who may be asked. The order within each is the caller's own: those they worked with most, then by name.

    away: how many play the chair and cannot; who, is not said.
    """

    role: Role
    span: Span
    region: str | None
    free: tuple[Candidate, ...]
    maybe: tuple[Candidate, ...]
    unknown: tuple[Candidate, ...]
    away: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """Everything that was read, to be worked out on a thread."""

    span: Span
    region: str | None
    now: datetime
    players: Sequence[tuple[Candidate, Pack]]
    taken: Taken
    diaries: Mapping[int, Diary]
    hired: Mapping[int, int]
    ranks: Mapping[int, int]


class WhoService:
    """One question."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work

    async def who(self, call: Call, role: Role, span: Span, region: str | None) -> Found:
        """Everybody of the caller's community who plays the chair, doubles included, by how free they are."""
        async with self._open_work(reading=True) as work:
            question = await self._read(work, call, role, span, region)
        sorts = await offline(_sorted_out, question)
        return Found(
            role=role,
            span=span,
            region=region,
            free=sorts[Verdict.FREE],
            maybe=sorts[Verdict.MAYBE],
            unknown=sorts[Verdict.UNKNOWN],
            away=len(sorts[Verdict.NO]),
        )

    async def _read(self, work: Work, call: Call, role: Role, span: Span, region: str | None) -> _Question:
        assert call.community_id is not None
        roles = instruments.alike(role.id)
        players = await work.free_at.players(
            call.community_id, roles, but=call.person_id, unless=share_setting(call.community_id)
        )
        if region is not None:
            players = await offline(_near, players, region)
        known = [one.person_id for one, _ in players if one.visibility is Visibility.CONTACTS]
        if known:
            met = await work.free_at.colleagues_of(call.person_id, known)
            players = [
                one for one in players if one[0].visibility is not Visibility.CONTACTS or one[0].person_id in met
            ]
        taken = await work.free_at.taken(roles, span.start, span.until())
        # Of whole days somebody who is kept for a part of them may still be free for the rest.
        look_at = taken.maybe | taken.surely if span.whole_days else taken.maybe
        ids = [one.person_id for one, _ in players if one.person_id in look_at]
        return _Question(
            span=span,
            region=region,
            now=call.now,
            players=players,
            taken=taken,
            diaries=await work.diaries.diaries(ids, span.start, span.until()),
            hired=await work.free_at.hired_by(call.person_id),
            ranks={},
        )


def _near(players: Sequence[tuple[Candidate, Pack]], region: str) -> list[tuple[Candidate, Pack]]:
    known: dict[tuple[str | None, int | None], bool] = {}
    found = []
    for player in players:
        home = player[0].region, player[0].radius_km
        if home not in known:
            known[home] = rules.is_near(*home, region)
        if known[home]:
            found.append(player)
    return found


def _sorted_out(question: _Question) -> dict[Verdict, tuple[Candidate, ...]]:
    span, diaries = question.span, question.diaries
    simple = [
        (one.person_id, pack)
        for one, pack in question.players
        if one.person_id not in diaries and one.person_id not in question.taken.surely
    ]
    settled = free_at(simple, span.start, span.until(), question.now)
    sorts: dict[Verdict, list[Candidate]] = {found: [] for found in Verdict}
    for one, _ in question.players:
        person_id = one.person_id
        if person_id in settled.said:
            found = _SAID[settled.said[person_id]]
        elif person_id in settled.partly:
            hits = [hit for hit in settled.partly[person_id] if _counts(hit.region, question.region)]
            found = verdict_of(hits, span)
        elif person_id in diaries:
            found = verdict(_counted(diaries[person_id], question), span)
        else:
            found = Verdict.NO if person_id in question.taken.surely else Verdict.UNKNOWN
        sorts[found].append(one)
    last = len(question.ranks)

    def order(one: Candidate) -> tuple[int, int, bool, str, int]:
        rank = question.ranks.get(one.person_id, last)
        return rank, -question.hired.get(one.person_id, 0), one.is_double, one.name_key, one.person_id

    return {found: tuple(sorted(sort, key=order)) for found, sort in sorts.items()}


def _counts(said_of: str | None, asked_about: str | None) -> bool:
    """Whether something said of a region counts for the one that is asked about; without one, all of it does."""
    return said_of is None or asked_about is None or rules.is_near(said_of, None, asked_about)


def _counted(diary: Diary, question: _Question) -> Diary:
    """Without what has gone stale, and without what was said of another region than the one that is asked about."""
    entries = tuple(one for one in trusted(diary.entries, question.now) if _counts(one.region, question.region))
    return Diary(person_id=diary.person_id, entries=entries, bookings=diary.bookings, busy=diary.busy)
