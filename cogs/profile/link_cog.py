"""The link cog: one person on several platforms."""

from __future__ import annotations

from typing import Annotated

from cogs.kit.ask import Ask
from cogs.kit.call import Call
from cogs.kit.codes import EXAMPLE
from cogs.kit.cog import Cog, action, command, notice
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.profile import link_cards, linking
from cogs.profile.linking import Offer
from storage.records.notice import Notice
from storage.work import Work

_CODE = Ask("Which code did your other account get?", label="Code", example=EXAMPLE, max_length=40)


class LinkCog(Cog, name="link", topic="You"):
    """Be one person on Discord and on Telegram."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work
        self._clock = tools.clock

    @command(
        "me link",
        "Link your Discord and Telegram accounts: get a code, or type in the one you got",
        aliases=("link",),
        example=f"/link {EXAMPLE}",
    )
    async def me_link(self, call: Call, code: Annotated[str | None, _CODE] = None) -> Reply:
        """Without a code: a new one, or the question that waits. With one: both names, and the question."""
        if code is not None:
            return link_cards.typed(await linking.type_in(self._open_work, call, code))
        found = await linking.offer(self._open_work, call)
        return link_cards.offered(found, call) if isinstance(found, Offer) else link_cards.wanted(found)

    @command("me unlink", "Take linked accounts apart; see first what goes where", aliases=("unlink",))
    async def me_unlink(self, call: Call) -> Reply:
        """What there is, with a button for each."""
        return link_cards.linked(await linking.accounts(self._open_work, call))

    @action("confirm")
    async def confirm(self, call: Call, code_id: int) -> Reply:
        """The first yes, by whoever typed the code in."""
        return link_cards.confirmed(await linking.confirm(self._open_work, call, code_id))

    @action("accept")
    async def accept(self, call: Call, code_id: int) -> Reply:
        """The second yes, by whoever made it."""
        return link_cards.accepted(await linking.accept(self._open_work, call, code_id))

    @action("refuse")
    async def refuse(self, call: Call, code_id: int) -> Reply:
        """No, by either."""
        await linking.refuse(self._open_work, call, code_id)
        return link_cards.refused()

    @action("unlink")
    async def unlink(self, call: Call, link_id: int) -> Reply:
        """Apart again, at once."""
        return link_cards.parted(await linking.unlink(self._open_work, call, link_id))

    @notice("wanted")
    async def wanted(self, notice: Notice, work: Work) -> Reply | None:
        """The question to whoever made the code; not asked when it has run out or was answered."""
        pair = await linking.waiting_pair(work, int(notice.args["code_id"] or 0), self._clock.now())
        return link_cards.wanted(pair) if pair is not None else None

    @notice("joined")
    async def joined(self, notice: Notice, work: Work) -> Reply | None:
        """To each of the two accounts, with the way back."""
        known = await linking.accounts_of(work, int(notice.args["to"] or 0))
        return link_cards.joined(known, int(notice.args["link_id"] or 0))

    @notice("parted")
    async def parted(self, notice: Notice, work: Work) -> Reply | None:
        """To each of the two."""
        return link_cards.told_parted(str(notice.args["left"]), here=notice.args["left"] == notice.args["on"])
