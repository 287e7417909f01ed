"""The life of servers: joined and left, renamed, channels deleted, rights lost and given back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

import discord

from bot.on_discord.callers import DISCORD, SHAPES, may_speak
from bot.on_discord.contact import Contact
from cogs.kit.tools import Tools
from storage.records.notice import NewNotice
from storage.records.people import Channel

log = logging.getLogger(__name__)

#: The notice that says hello to a server; drawn by the cog that sets servers up.
WELCOME = "setup.welcome"

#: Channels of these names, or that begin with them, are offered as the place for gig cards.
_BOARDS = ("gig-referrals", "gigs", "gig-board", "deps", "subs", "gig")

#: Noticed before anything was refused there.
LOST = "I may not see it or write there any more"

_Place = discord.abc.GuildChannel | discord.Thread


class Events:
    """Keeps our records of servers in line with Discord's. welcomes: whether there is anybody to draw a welcome."""

    def __init__(self, tools: Tools, client: discord.Client, contact: Contact, *, welcomes: bool) -> None:
        self._tools = tools
        self._client = client
        self._contact = contact
        self._welcomes = welcomes
        # One event after the other, in the order in which they came: joined and left at once must not change places.
        self._turn = asyncio.Lock()

    async def joined(self, guild: discord.Guild) -> None:
        """Brought into a server, for the first time or again: say hello where one may, and offer a board."""
        async with self._turn:
            await self._joined(guild)

    async def _joined(self, guild: discord.Guild) -> None:
        now = self._tools.clock.now()
        where = _speaks(guild)
        offered = _board(guild)
        async with self._tools.open_work() as work:
            community = await work.communities.greet(DISCORD, str(guild.id), guild.name, now)
            for known in await work.communities.channels_of(community.id, board=True):
                await work.notices.reopen_channel(known.id, now)  # what could not be posted while we were away
            board_id = None
            if offered is not None:
                kept = await work.communities.greet_channel(
                    community.id, DISCORD, str(offered.id), offered.name, shape=_shape(offered)
                )
                board_id = None if kept.board else kept.id
            if where is not None and self._welcomes:
                spoken = await work.communities.greet_channel(
                    community.id, DISCORD, str(where.id), where.name, shape=_shape(where)
                )
                await work.notices.add(
                    NewNotice(
                        kind=WELCOME,
                        channel_id=spoken.id,
                        args={"community": community.id, "board": board_id},
                        due_at=now,
                        key=f"{WELCOME}:{community.id}:{now:%Y%m%d}",
                    ),
                    now,
                )
            await work.commit()

    async def left(self, guild_id: int) -> None:
        """Put out of a server: nothing is posted there until somebody brings us back."""
        async with self._turn:
            await self._left(guild_id)

    async def _left(self, guild_id: int) -> None:
        async with self._tools.open_work() as work:
            community = await work.communities.at(DISCORD, str(guild_id))
            if community is not None:
                await work.communities.deactivate(community.id)
                await work.commit()

    async def renamed(self, guild: discord.Guild) -> None:
        """A server has another name."""
        async with self._turn:
            await self._renamed(guild)

    async def _renamed(self, guild: discord.Guild) -> None:
        async with self._tools.open_work() as work:
            community = await work.communities.at(DISCORD, str(guild.id))
            if community is not None and community.name != guild.name:
                await work.communities.change(community.id, name=guild.name)
                await work.commit()

    async def caught_up(self, present: Iterable[int], shards: tuple[int, frozenset[int]]) -> None:
        """After a start: servers that put us out meanwhile, or took us back.

        shards: how many there are, and which are ours. A server that was never heard of says so when it is first used.
        """
        count, ours = shards
        here = {str(one) for one in present}
        async with self._tools.open_work(reading=True) as work:
            known = await work.communities.of_surface(DISCORD)
        mine = [one for one in known if one.account.isdigit() and (int(one.account) >> 22) % count in ours]
        changed = [one for one in mine if one.active is not (one.account in here)]
        if not changed:
            return
        async with self._tools.open_work() as work:
            for one in changed:
                await work.communities.change(one.id, active=one.account in here)
            await work.commit()
        log.info("Discord: %s servers came or went since the last time", len(changed))

    async def deleted(self, channel_id: int) -> None:
        """A channel or thread is gone: no cards are hung there any more. What waits for it ends when it is sent."""
        async with self._turn:
            await self._deleted(channel_id)

    async def _deleted(self, channel_id: int) -> None:
        async with self._tools.open_work() as work:
            channel = await work.communities.channel(DISCORD, str(channel_id))
            if channel is None:
                return
            await work.communities.change_channel(channel.id, board=False)
            await work.notices.set_channel_trouble(channel.id, Channel.GONE)
            await work.commit()

    async def changed(self, channels: Iterable[_Place]) -> None:
        """Names or rights of channels may be others now: what was refused may be taken again."""
        async with self._turn:
            for channel in channels:
                await self._changed(channel)

    async def _changed(self, channel: _Place) -> None:
        async with self._tools.open_work(reading=True) as work:
            known = await work.communities.channel(DISCORD, str(channel.id))
        if known is None:
            return
        renamed = (known.name, known.shape) != (channel.name, _shape(channel))
        speaks = may_speak(channel)
        cured = known.trouble is not None and known.trouble != Channel.GONE and speaks
        if known.board and known.trouble is None and not speaks:
            await self._contact.tell(self._client, known.id, LOST)
        if not renamed and not cured:
            return
        async with self._tools.open_work() as work:
            await work.communities.change_channel(known.id, name=channel.name, shape=_shape(channel))
            if cured:
                await work.notices.set_channel_trouble(known.id, None)
                await work.notices.reopen_channel(known.id, self._tools.clock.now())
            await work.commit()


def _shape(channel: _Place) -> str:
    return SHAPES.get(channel.type, "text")


def _speaks(guild: discord.Guild) -> discord.TextChannel | None:
    """Where to say hello: the server's own place for such things, else the first channel in which one may write."""
    places = [guild.system_channel, *guild.text_channels]
    return next((one for one in places if one is not None and may_speak(one)), None)


def _board(guild: discord.Guild) -> discord.TextChannel | discord.ForumChannel | None:
    """The channel or forum that looks most like a gig board."""
    both: list[discord.TextChannel | discord.ForumChannel] = [*guild.forums, *guild.text_channels]
    places = [one for one in both if may_speak(one)]
    for name in _BOARDS:
        for exact in (True, False):
            for one in places:
                if one.name == name or (not exact and one.name.startswith(f"{name}-")):
                    return one
    return None
