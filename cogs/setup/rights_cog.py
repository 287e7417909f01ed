"""The word to a community that the bot lacks a right: which, and how it is given."""

from __future__ import annotations

from cogs.kit.cog import Cog, notice
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.setup import cards
from storage.records.notice import Notice
from storage.work import Work


class RightsCog(Cog, name="rights", topic="Setting up"):
    """Says what is missing in a channel where something could not be posted. Surfaces add the notice, one a day."""

    def __init__(self, tools: Tools) -> None:
        self._places = tools.places

    @notice("missing")
    async def missing(self, notice: Notice, work: Work) -> Reply | None:
        """With what the platform says of it now; None when messages are taken there again."""
        channel = await work.communities.channel_by_id(int(notice.args["channel"] or 0))
        if channel is None or channel.trouble is None:
            return None
        return cards.cannot_post(channel, await self._places.missing(channel))
