"""The console's sending half, for the courier."""

from __future__ import annotations

from bot.desk.surface import Refused, Sent, Target, Unchanged, Vanished
from bot.on_console.local import CONSOLE, DM
from bot.on_console.transcript import Spot, Transcript
from cogs.kit.places import Missing, Standing
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from storage.records.people import Channel, Community, Identity
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
        found = await self._spot(address) if address is not None else None
        if found is None:
            raise Refused("there is no such place in the console")
        spot, locale = found
        said = await self._transcript.say(spot, reply, self._tools.clock.now(), target.locale or locale, key=key)
        return Sent(str(said.id), spot.address)

    async def redraw(self, posting: Posting, reply: Reply) -> None:
        """Draw a card again. Raises Unchanged when it looks as before, Vanished when the message is gone."""
        async with self._tools.open_work(reading=True) as work:
            said = await work.said.get(int(posting.message)) if posting.message.isdigit() else None
        found = await self._spot(posting.address) if said is not None else None
        if said is None or found is None:
            raise Vanished
        spot, locale = found
        # Nobody waits for a redraw, so its files are not put down once more.
        if not await self._transcript.redraw(said, spot, reply.with_(files=()), self._tools.clock.now(), locale):
            raise Unchanged

    async def missing_rights(self, channel: Channel) -> tuple[Missing, ...] | None:
        """Nothing is ever missing in the console."""
        return ()

    async def standing(self, community: Community, identity: Identity) -> Standing | None:
        """How somebody stands in the local community: whoever came first moderates it."""
        async with self._tools.open_work(reading=True) as work:
            membership = await work.communities.membership(identity.person_id, community.id)
        if membership is None or membership.left_at is not None:
            return Standing(member=False)
        return Standing(member=True, moderator=membership.moderator)

    async def _spot(self, address: str) -> tuple[Spot, str] | None:
        """The place at an address, and the language its readers see; None when there is no such place."""
        async with self._tools.open_work(reading=True) as work:
            if address.startswith("#"):
                channel = await work.communities.channel(CONSOLE, address)
                if channel is None:
                    return None
                community = await work.communities.get(channel.community_id)
                locale = community.locale if community is not None else None
                return Spot(address, address, channel_id=channel.id), locale or self._tools.defaults.locale
            identity = await work.people.identity(CONSOLE, address.removeprefix(f"{DM}:"))
            person = await work.people.get(identity.person_id) if identity is not None else None
            if identity is None or person is None:
                return None
            spot = Spot(address, f"dm {identity.name}", person_id=person.id)
            return spot, person.locale or self._tools.defaults.locale
