"""The setup cog: a community's channels, and hello when the bot is brought in."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from cogs.kit.ask import Ask
from cogs.kit.call import Call, Right
from cogs.kit.cog import Cog, Where, action, command, notice
from cogs.kit.form import Choice
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.setup import cards, service
from storage.records.notice import Notice
from storage.work import Work


class Switch(StrEnum):
    """Whether something is wanted."""

    ON = "on"
    OFF = "off"


_CHANNEL = Ask("Which channel?", example="gigs", suggest="channels", max_length=100)
_CARDS = Ask("Should gig cards hang there?", label="Gig cards", example="on")


class SetupCog(Cog, name="setup", topic="Setting up"):
    """For moderators: where gig cards go."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work

    @command(
        "setup channels",
        "Choose where gig cards hang: here, or in a channel you name",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
        example="/setup channels channel=gigs cards=on",
    )
    async def setup_channels(
        self,
        call: Call,
        channel: Annotated[str | None, _CHANNEL] = None,
        cards_: Annotated[Switch | None, _CARDS] = None,
    ) -> Reply:
        """Nothing said in a private chat: the list. Nothing said in a channel: that channel becomes a board."""
        if channel is None and call.place.channel_id is None:
            return cards.listed(await service.channels(self._open_work, call))
        meant = await service.named(self._open_work, call, channel)
        return await self._hang(call, meant.id, cards_ is not Switch.OFF)

    async def channels(self, call: Call, typed: str) -> Sequence[Choice]:
        """The channels that are known, for the option."""
        known = await service.channels(self._open_work, call)
        wanted = typed.removeprefix("#").casefold()
        return [Choice(one.label, one.name) for one in known if wanted in one.name.casefold()]

    @action("use", needs=Right.MODERATE)
    async def use(self, call: Call, channel_id: int) -> Reply:
        """Hang gig cards there."""
        return await self._hang(call, channel_id, True)

    @action("stop", needs=Right.MODERATE)
    async def stop(self, call: Call, channel_id: int) -> Reply:
        """Hang no more gig cards there."""
        return await self._hang(call, channel_id, False)

    @notice("welcome")
    async def welcome(self, notice: Notice, work: Work) -> Reply | None:
        """Hello to a community that brought the bot in; None when it was put out again meanwhile."""
        community = await work.communities.get(int(notice.args["community"] or 0))
        if community is None or not community.active:
            return None
        board_id = notice.args.get("board")
        board = await work.communities.channel_by_id(int(board_id)) if board_id is not None else None
        return cards.welcome(community.name, board if board is not None and not board.board else None)

    async def _hang(self, call: Call, channel_id: int, on: bool) -> Reply:
        channel, changed = await service.hang_cards(self._open_work, call, channel_id, on)
        return cards.hung(channel, changed=changed)
