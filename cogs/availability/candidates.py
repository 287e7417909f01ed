"""Who is free for a chair: everybody who plays it and shares with the community, sorted by what their time says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cogs.availability import rules
from cogs.availability.calendar import Verdict, trusted, verdict
from cogs.availability.service import share_setting
from cogs.kit.ask import Role
from cogs.kit.call import Call
from cogs.kit.tools import Tools
from storage.records.availability import Candidate, Diary, Free
from storage.records.people import Visibility
from storage.records.times import Span
from storage.reference import instruments
from storage.work import Work

#: What a time comes to that one thing said covers, or about which nothing is known.
_SAID = {Free.FREE: Verdict.FREE, Free.MAYBE: Verdict.MAYBE, Free.NO: Verdict.NO, None: Verdict.UNKNOWN}


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


class WhoService:
    """One question."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work

    async def who(self, call: Call, role: Role, span: Span, region: str | None) -> Found:
        """Everybody of the caller's community who plays the chair, doubles included, by how free they are."""
        assert call.community_id is not None
        async with self._open_work(reading=True) as work:
            candidates = await self._candidates(work, call, role, region)
            settled = await work.free_at.free_at(
                call.community_id,
                instruments.alike(role.id),
                span,
                but=call.person_id,
                unless=share_setting(call.community_id),
                now=call.now,
            )
            looked_at = [one.person_id for one in candidates if one.person_id in settled.open]
            diaries = await work.availability.diaries(looked_at, span.start, span.until())
        sorts: dict[Verdict, list[Candidate]] = {found: [] for found in Verdict}
        for one in candidates:
            diary = diaries.get(one.person_id)
            if diary is not None:
                sorts[verdict(_counted(diary, call, region), span)].append(one)
            else:
                sorts[_SAID[settled.said.get(one.person_id)]].append(one)
        return Found(
            role=role,
            span=span,
            region=region,
            free=tuple(sorts[Verdict.FREE]),
            maybe=tuple(sorts[Verdict.MAYBE]),
            unknown=tuple(sorts[Verdict.UNKNOWN]),
            away=len(sorts[Verdict.NO]),
        )

    async def _candidates(self, work: Work, call: Call, role: Role, region: str | None) -> Sequence[Candidate]:
        assert call.community_id is not None
        roles = instruments.alike(role.id)
        found = await work.free_at.candidates(
            call.community_id, roles, but=call.person_id, unless=share_setting(call.community_id)
        )
        if region is not None:
            found = [one for one in found if rules.is_near(one.region, one.radius_km, region)]
        known = [one for one in found if one.visibility is Visibility.CONTACTS]
        if known:
            met = await work.availability.colleagues_of(call.person_id, [one.person_id for one in known])
            found = [one for one in found if one.visibility is not Visibility.CONTACTS or one.person_id in met]
        hired = await work.availability.hired_by(call.person_id)
        return sorted(found, key=lambda one: (-hired.get(one.person_id, 0), one.is_double, one.name_key, one.person_id))


def _counted(diary: Diary, call: Call, region: str | None) -> Diary:
    """Without what has gone stale, and without what was said of another region than the one that is asked about."""
    entries = trusted(diary.entries, call.now)
    if region is not None:
        entries = tuple(one for one in entries if one.region is None or rules.is_near(one.region, None, region))
    return Diary(person_id=diary.person_id, entries=entries, bookings=diary.bookings, busy=diary.busy)
