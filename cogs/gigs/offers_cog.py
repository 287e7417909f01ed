"""Gigs for a call list: the private offer, and the way from the list to the board."""

from __future__ import annotations

from cogs.gigs import cards, letters
from cogs.gigs.cog import community_words
from cogs.gigs.service import GigService
from cogs.kit.call import Call
from cogs.kit.cog import Cog, action, notice
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from storage.records.gig import LISTED
from storage.records.notice import Notice
from storage.work import Work


class OffersCog(Cog, name="calls", topic="Gigs"):
    """Offer a gig to one's call list."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._service = GigService(tools)

    @notice("offered")
    async def offered(self, notice: Notice, work: Work) -> Reply | None:
        """To one of the list; not when it is gone by now, or the reader has answered it."""
        now = self._tools.clock.now()
        gig = await work.gigs.get(int(notice.args["gig_id"] or 0))
        reader = await work.people.get(int(notice.args["to"] or 0))
        if gig is None or reader is None or gig.standing(now) not in LISTED:
            return None
        if await work.answers.of(gig.id, reader.id) is not None:
            return None
        poster = await work.people.get(gig.poster_id)
        words = reader.words or await community_words(work, gig, self._tools)
        return letters.offered(gig, poster, now, words)

    @action("widen")
    async def widen(self, call: Call, gig_id: int) -> Reply:
        """The list did not fill it: put it on the board, where everybody sees it."""
        return cards.posted(await self._service.widen(call, gig_id), call)
