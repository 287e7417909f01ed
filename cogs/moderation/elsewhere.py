"""Gigs that hang on this community's board over a link: taken off here, and here alone.

Its poster and its home community are told nothing: what a board shows is its own moderators' business.
"""

from __future__ import annotations

from datetime import datetime

from storage.records.gig import Gig
from storage.records.moderation import Act
from storage.work import Work

#: The card of a gig on the board of others; its subject is the number under which it hangs there.
_CARD = "gigs.linked"


async def take_off(work: Work, gig_id: int, community_id: int, reason: str, actor_id: int, now: datetime) -> Gig | None:
    """The gig, once it is off this board; None when it is none of a linked community that hangs here."""
    hung = await work.boards.take_off(gig_id, community_id, now, reason=reason)
    gig = await work.gigs.get(gig_id) if hung is not None else None
    if hung is None or gig is None:
        return None
    await work.notices.refresh(_CARD, hung.id, now)
    await work.audit.note(community_id, actor_id, Act.REMOVED, gig.ref, now, reason=reason)
    return gig


async def put_back(work: Work, gig_id: int, community_id: int, reason: str, actor_id: int, now: datetime) -> Gig | None:
    """The gig, once it hangs here again; None when it was not taken off here, or the boards are apart by now."""
    hung = await work.boards.put_back(gig_id, community_id)
    gig = await work.gigs.get(gig_id) if hung is not None else None
    if hung is None or gig is None:
        return None
    await work.notices.refresh(_CARD, hung.id, now)
    await work.audit.note(community_id, actor_id, Act.RESTORED, gig.ref, now, reason=reason)
    return gig
