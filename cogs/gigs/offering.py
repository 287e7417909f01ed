"""Gigs for a call list: offered privately to its people, each once, and seen by nobody else."""

from __future__ import annotations

from datetime import datetime

from cogs.gigs import rules, telling
from cogs.kit.faults import Misread
from storage.records.gig import Audience, Gig
from storage.records.notice import NewNotice
from storage.records.people import Community, Topic
from storage.reference import instruments
from storage.work import Work


async def check(work: Work, gig: Gig) -> None:
    """Raises Misread, for the audience, where a gig would be offered to nobody."""
    if gig.audience is Audience.BOARD:
        return
    if gig.unpaid:
        raise Misread("An unpaid gig goes to people who asked for those, and to no list.", field="audience")
    if not await _people(work, gig):
        chair = instruments.chair(gig.role).name
        raise Misread(
            f"Nobody of this community is on your call list for {chair}. Put somebody on it with /firstcall add, or "
            "offer it to everybody.",
            field="audience",
        )


async def tell(work: Work, gig: Gig, community: Community, now: datetime) -> int:
    """Tell whom a new post is for: who watches for such a one, or the poster's call list; how many."""
    if gig.audience is Audience.BOARD:
        return await telling.tell_watchers(work, gig, community, now)
    new = await work.gigs.offer(gig.id, await _people(work, gig), now)
    await work.notices.add_many(
        [
            NewNotice(
                kind="calls.offered",
                person_id=person_id,
                args={"gig_id": gig.id, "to": person_id},
                due_at=now,
                key=f"calls.offered:{gig.id}:{person_id}",
                topic=Topic.OFFERS,
                urgent=rules.is_soon(gig, now),
                expires_after=max(gig.expires_at - now, rules.UNDO_FOR),
            )
            for person_id in new
        ],
        now,
    )
    return len(new)


async def _people(work: Work, gig: Gig) -> list[int]:
    """The poster's call list for the chair, in order, as far as it belongs to the gig's community."""
    ranks = await work.call_lists.ranks(gig.poster_id, instruments.alike(gig.role))
    here = [
        person_id
        for person_id in sorted(ranks, key=ranks.__getitem__)
        if await work.communities.is_member(person_id, gig.community_id)
    ]
    return here[: gig.seats] if gig.audience is Audience.FIRST else here
