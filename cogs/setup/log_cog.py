"""The log cog: how well the community is served, what its moderators did, and both without being asked."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from cogs.kit.ask import Ask
from cogs.kit.call import Call, Right
from cogs.kit.cog import Cog, Where, action, chore, command, notice
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.setup import log_cards as cards
from cogs.setup.asked import FileKind
from cogs.setup.logbook import FRESH, LogService
from storage.records.notice import Notice
from storage.work import Work


class LogCog(Cog, name="log", topic="Setting up"):
    """For moderators: what could not be delivered and why, and who did what."""

    def __init__(self, tools: Tools) -> None:
        self._service = LogService(tools)

    @command(
        "setup health",
        "What could not be posted here and why, and which rights are missing",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
    )
    async def health(self, call: Call) -> Reply:
        """As the platform says now."""
        return cards.health(await self._service.health(call), call.zone_or_utc)

    @action("health", needs=Right.MODERATE)
    async def check(self, call: Call) -> Reply:
        """The same again."""
        return cards.health(await self._service.health(call), call.zone_or_utc)

    @command(
        "setup audit",
        "What moderators did here, when and why",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
        aliases=("audit",),
    )
    async def audit(self, call: Call) -> Reply:
        """Newest first."""
        return cards.log(*await self._service.page(call, 0), 0, call)

    @action("page", needs=Right.MODERATE)
    async def page(self, call: Call, page: int) -> Reply:
        """A page of it."""
        page = max(0, page)
        return cards.log(*await self._service.page(call, page), page, call)

    @command(
        "setup export",
        "The log of the moderators as a file",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
        example="/setup export csv",
    )
    async def export(
        self, call: Call, format: Annotated[FileKind | None, Ask("As CSV or JSON?", label="Format")] = None
    ) -> Reply:
        """A spreadsheet unless somebody wants JSON."""
        return cards.file(*await self._service.file(call, as_json=format is FileKind.JSON))

    @action("file", needs=Right.MODERATE)
    async def file(self, call: Call) -> Reply:
        """The same from the log."""
        return cards.file(*await self._service.file(call, as_json=False))

    @chore("digests")
    async def digests(self, now: datetime) -> None:
        """Where something is wrong, moderators hear of it in the morning."""
        await self._service.plan_digests(now)

    @notice("digest")
    async def digest(self, notice: Notice, work: Work) -> Reply | None:
        """From today's data; None when all is well again."""
        community = await work.communities.get(int(notice.args["community"] or 0))
        if community is None or not community.active:
            return None
        condition = await work.health.of(community.id, notice.due_at - FRESH)
        if condition.well:
            return None
        return cards.digest(condition, community.name, community.zone or "UTC")
