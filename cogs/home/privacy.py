"""The privacy cog: what is kept, taking it away, and being forgotten."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

from cogs.home import cards, service
from cogs.home.export import Format, export
from cogs.kit.ask import Ask
from cogs.kit.call import Call
from cogs.kit.cog import Cog, action, afterwards, command, notice
from cogs.kit.offline import offline
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.kit.words import line
from storage.records.notice import Notice
from storage.work import Work

_FORMAT = Ask("Which files?", example="json", also={"zip": "all", "everything": "all", "calendar": "ics"})
_CONFIRM = Ask("Forget you for good in ten minutes?", example="yes")


class PrivacyCog(Cog, name="privacy", topic="You"):
    """What is kept of you, and how to take it away or have it erased."""

    def __init__(self, tools: Tools, commands_of: Callable[[], Sequence[Cog]]) -> None:
        """commands_of: every cog of the program; each may have something to close before somebody goes."""
        self._open_work = tools.open_work
        self._clock = tools.clock
        self._commands_of = commands_of

    @command("me privacy", "See what is kept of you, where, how long, and who sees it", aliases=("privacy",))
    async def me_privacy(self, call: Call) -> Reply:
        """The page, with today's counts."""
        rows = await service.kept(self._open_work, call)
        return cards.privacy(rows, forgotten_at=await service.due(self._open_work, call), call=call)

    @command("me export", "Take everything kept of you as files: JSON, CSV, calendar", aliases=("export",))
    async def me_export(self, call: Call, format_: Annotated[Format | None, _FORMAT] = None) -> Reply:
        """Without a format, all of them in one archive."""
        return await self._export(call, format_ or Format.ALL)

    @command(
        "me forget", "Have everything kept of you erased, after ten minutes", aliases=("forget", "me delete", "delete")
    )
    async def me_forget(self, call: Call, confirm: Annotated[bool | None, _CONFIRM] = None) -> Reply:
        """Says what goes and asks; "yes" at once does not ask."""
        if confirm:
            return await self._forget(call)
        return await self._leaving(call)

    # Buttons

    @action("export")
    async def export_all(self, call: Call) -> Reply:
        """All formats in one archive."""
        return await self._export(call, Format.ALL)

    @action("leave")
    async def leave(self, call: Call) -> Reply:
        """The question before the deed."""
        return await self._leaving(call)

    @action("forget_me")
    async def forget_me(self, call: Call) -> Reply:
        """The deed, after the grace."""
        return await self._forget(call)

    @action("stay")
    async def stay(self, call: Call) -> Reply:
        """A change of mind before anything was asked for."""
        return Reply(lines=(line("Good. Everything is kept as it was."),), replaces=True)

    @action("keep")
    async def keep(self, call: Call) -> Reply:
        """A change of mind during the grace."""
        await service.keep(self._open_work, call)
        return Reply(lines=(line("Everything is kept. You will not be forgotten."),))

    async def _export(self, call: Call, wanted: Format) -> Reply:
        tables = await service.everything(self._open_work, call)
        upload = await offline(export, tables, wanted, call.now)
        rows = {table: len(rows) for table, rows in tables.items()}
        return Reply(lines=(cards.exported(rows),), files=(upload,))

    async def _leaving(self, call: Call) -> Reply:
        already = await service.due(self._open_work, call)
        if already is not None:
            return cards.going(already, call, again=True)
        tables = await service.everything(self._open_work, call)
        accounts = list(dict.fromkeys(str(row["surface"]).capitalize() for row in tables["identities"]))
        return cards.leaving({table: len(rows) for table, rows in tables.items()}, accounts)

    async def _forget(self, call: Call) -> Reply:
        already = await service.due(self._open_work, call)
        at = await service.wish(self._open_work, call)
        return cards.going(at, call, again=already is not None)

    # What falls due

    @notice("forget")
    async def forget(self, notice: Notice, work: Work) -> Reply | None:
        """Nothing is said here: the proof follows what was done."""
        return None

    @afterwards("forget")
    async def erase(self, notice: Notice, work: Work) -> None:
        """The erasing itself, in the transaction that records the wish as done."""
        farewells = [cog.farewell for cog in self._commands_of()]
        await service.erase(work, notice, farewells, self._clock.now())

    @notice("forgotten")
    async def forgotten(self, notice: Notice, work: Work) -> Reply | None:
        """The proof."""
        receipt = await service.proof(work, notice)
        return cards.proof(receipt) if receipt is not None else None

    @afterwards("forgotten")
    async def drop_address(self, notice: Notice, work: Work) -> None:
        """The address has served; it goes whether or not the proof arrived."""
        await service.drop_address(work, notice)
