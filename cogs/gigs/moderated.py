"""The gig board as moderation sees it."""

from __future__ import annotations

from datetime import datetime

from cogs.gigs import keeping
from cogs.gigs.service import look
from storage.records.gig import Gig
from storage.work import Work


class ModeratedBoard:
    """Shows, takes down and puts back posts, in a Work of whoever decides that."""

    async def visible(self, work: Work, gig_id: int, person_id: int) -> Gig:
        """The gig, if this person may see it. Raises NotFound."""
        return await look(work, gig_id, person_id)

    async def take_down(self, work: Work, gig: Gig, reason: str, now: datetime) -> int:
        """Take a held gig off the board; how many of those who answered are told."""
        return await keeping.take_down(work, gig, reason, now)

    async def put_back(self, work: Work, gig: Gig, now: datetime) -> Gig | None:
        """Put a held gig back as it was; None when it is not off the board."""
        return await keeping.put_back(work, gig, now)
