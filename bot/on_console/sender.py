"""The console's sending half, for the courier."""

from __future__ import annotations

from bot.desk.surface import Refused, Sent, Target, Unchanged, Vanished
from bot.on_console.local import CONSOLE, DM
from bot.on_console.transcript import Spot, Transcript
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from storage.records.posting import Posting


class ConsoleSender:
    """Delivers into the transcript. Messages are kept under their key, so what was delivered is known after a kill."""

    name = CONSOLE
    knows_keys = True

    def __init__(self, tools: Tools, transcript: Transcript) -> None:
        self._tools = tools
        self._transcript = transcript

    async def deliver(self, target: Target, reply: Reply, *, key: str, silent: bool) -> Sent:
        """Keep and show the message; a key known already is not shown again. Raises Refused for no such place."""
        address = target.dest or (f"{DM}:{target.account}" if target.account else None)
        spot = await self._spot(address) if address is not None else None
        if spot is None:
            raise Refused("there is no such place in the console")
        said = await self._transcript.say(spot, reply, self._tools.clock.now(), self._locale(target.locale), key=key)
        return Sent(str(said.id), spot.address)

    async def redraw(self, posting: Posting, reply: Reply) -> None:
        """Draw a card again. Raises Unchanged when it looks as before, Vanished when the message is gone."""
        async with self._tools.open_work(reading=True) as work:
            said = await work.said.get(int(posting.message)) if posting.message.isdigit() else None
        spot = await self._spot(posting.address) if said is not None else None
        if said is None or spot is None:
            raise Vanished
        # Nobody waits for a redraw, so its files are not put down once more.
        if not await self._transcript.redraw(
            said, spot, reply.with_(files=()), self._tools.clock.now(), self._locale(None)
        ):
            raise Unchanged

    async def _spot(self, address: str) -> Spot | None:
        async with self._tools.open_work(reading=True) as work:
            if address.startswith("#"):
                channel = await work.communities.channel(CONSOLE, address)
                return Spot(address, address, channel_id=channel.id) if channel is not None else None
            identity = await work.people.identity(CONSOLE, address.removeprefix(f"{DM}:"))
            return Spot(address, f"dm {identity.name}", person_id=identity.person_id) if identity is not None else None

    def _locale(self, readers: str | None) -> str:
        return readers or self._tools.defaults.locale
