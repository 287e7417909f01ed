"""Ordinary messages: to private chats, channels, threads and forums; cards drawn anew; and how each may end.

Every send carries a nonce made from the courier's key, so that one whose answer was lost is not posted twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import discord

from bot.desk.surface import Refused, SendFault, Sent, Target, Unavailable
from bot.on_discord import board, troubles
from bot.on_discord.calendar import Happenings
from bot.on_discord.callers import DISCORD
from bot.on_discord.contact import Contact
from bot.on_discord.nonces import nonce
from bot.on_discord.render import Drawn, draw
from bot.on_discord.spans import Mentions, escaped
from bot.on_discord.spans import drawn as written
from bot.on_discord.views import made
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from storage.records.posting import Posting

#: The setting of a community by which moderators let cards mention a role; nobody is pinged without it.
PINGS = "ping_roles"

#: A connected client, or one that can only send. Raises Unavailable when there is none.
Connected = Callable[[], Awaitable[discord.Client]]


class Sender:
    """Sends and redraws. client: the one to send through. mentions: commands that can be tapped, by name."""

    def __init__(self, tools: Tools, client: Connected, contact: Contact) -> None:
        self._tools = tools
        self._contact = contact
        self._client = client
        self._happenings = Happenings(tools)
        self._doubtful: set[str] = set()
        self.mentions: Mentions = {}

    async def deliver(self, target: Target, reply: Reply, *, key: str, silent: bool) -> Sent:
        """Send `reply`. Raises a SendFault."""
        client = await self._client()
        try:
            sent = await self._deliver(client, target, reply, key=key, silent=silent or reply.silent)
        except SendFault:
            raise
        except asyncio.CancelledError:
            self._doubtful.add(key)
            raise
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            if not isinstance(error, discord.HTTPException | discord.RateLimited):
                self._doubtful.add(key)
            fault = troubles.fault(error)
            await self._report(client, target.channel_id, error, fault)
            raise fault from error
        self._doubtful.discard(key)
        return sent

    async def redraw(self, posting: Posting, reply: Reply) -> None:
        """Draw a card again where it hangs. Raises a SendFault."""
        client = await self._client()
        locale, plain = await self._reader(posting)
        # What hangs is a card, and stays one though there is little left to say on it; plain text was never one.
        drawn = self._drawn(reply, locale, plain=plain, card=None if plain else True, above=_for_role(reply))
        try:
            await self._redraw(client, posting, reply, drawn, locale)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            fault = troubles.fault(error, redrawing=True)
            await self._report(client, posting.channel_id, error, fault)
            raise fault from error
        guild = board.guild_of(client, posting.address)
        if guild is not None:
            await self._happenings.follow(guild, reply)

    async def say(
        self, client: discord.Client, channel: str | None, account: str, drawn: Drawn
    ) -> tuple[str, str] | None:
        """An answer that came too late for its interaction: to a channel, or (None) to the person.

        Where it stands; None when nobody takes it, and then the next thing they ask is answered in any case.
        """
        try:
            address = channel or await _open_chat(client, account)
            message = await client.get_partial_messageable(int(address)).send(**made(drawn).new())
        except (discord.DiscordException, aiohttp.ClientError, OSError):
            return None
        return address, str(message.id)

    async def _redraw(self, client: discord.Client, posting: Posting, reply: Reply, drawn: Drawn, locale: str) -> None:
        news = self._news(reply, locale)
        try:
            await board.redraw(client, posting, reply, drawn, news)
        except discord.HTTPException as error:
            if error.code != troubles.CARD_FOR_EVER or drawn.card:
                raise
            # It was sent as a card before its reader asked for plain text, and cards stay cards.
            await board.redraw(client, posting, reply, self._drawn(reply, locale, plain=False, card=True), news)

    async def _report(
        self, client: discord.Client, channel_id: int | None, error: BaseException, fault: SendFault
    ) -> None:
        """Have the server told that a right is missing, if that is what was wrong."""
        lacks = isinstance(error, discord.HTTPException) and error.code in troubles.RIGHTS
        if lacks and channel_id is not None and isinstance(fault, Refused):
            await self._contact.tell(client, channel_id, fault.reason)

    async def _deliver(self, client: discord.Client, target: Target, reply: Reply, *, key: str, silent: bool) -> Sent:
        if target.dest is None and target.account is None:
            raise Refused("there is nowhere to send it")
        address = target.dest or await _open_chat(client, target.account or "")
        channel = client.get_channel(int(address))
        locale = target.locale or self._tools.defaults.locale
        role = await self._role(client, target, reply, address) if reply.ping_role else None
        above = role.mention if role is not None else _for_role(reply)
        drawn = self._drawn(reply, locale, plain=target.plain_text, above=above)
        mentions = discord.AllowedMentions(
            everyone=False, users=False, roles=[role] if role is not None else False, replied_user=False
        )
        if channel is None and target.channel_id is not None and await self._is_forum(target.channel_id):
            channel = await client.fetch_channel(int(address))
        if isinstance(channel, discord.ForumChannel):
            posted = await board.post(
                client, channel, reply, drawn, mentions=mentions, silent=silent, again=key in self._doubtful
            )
            await self._happenings.follow(channel.guild, reply)
            return Sent(posted, posted)
        what: dict[str, Any] = {
            **made(drawn).new(),
            "nonce": nonce(key),
            "silent": silent,
            "allowed_mentions": mentions,
        }
        if not drawn.card:
            what["suppress_embeds"] = True
        message = await board.unarchived(
            client, int(address), lambda: client.get_partial_messageable(int(address)).send(**what)
        )
        guild = board.guild_of(client, address)
        if guild is not None:
            await self._happenings.follow(guild, reply)
        return Sent(str(message.id), address)

    def _drawn(self, reply: Reply, locale: str, *, plain: bool, card: bool | None = None, above: str = "") -> Drawn:
        now = self._tools.clock.now()
        return draw(reply, now, locale, plain=plain, card=card, mentions=self.mentions, above=above)

    def _news(self, reply: Reply, locale: str) -> str:
        """What is said in a post beside its card, as Markdown."""
        told = reply.tags.news if reply.tags is not None else None
        return written(told, self._tools.clock.now(), locale, self.mentions) if told is not None else ""

    async def _role(self, client: discord.Client, target: Target, reply: Reply, address: str) -> discord.Role | None:
        """The role that a card may mention: one of that very name in that server, and only where moderators said so."""
        if target.channel_id is None:
            return None
        async with self._tools.open_work(reading=True) as work:
            channel = await work.communities.channel_by_id(target.channel_id)
            community = await work.communities.get(channel.community_id) if channel is not None else None
        if community is None or not community.settings.get(PINGS):
            return None
        guild = client.get_guild(int(community.account)) if community.account.isdigit() else None
        wanted = (reply.ping_role or "").casefold()
        roles = guild.roles if guild is not None else ()
        return next((one for one in roles if one.name.casefold() == wanted and not one.is_default()), None)

    async def _is_forum(self, channel_id: int) -> bool:
        async with self._tools.open_work(reading=True) as work:
            channel = await work.communities.channel_by_id(channel_id)
        return channel is not None and channel.shape == "forum"

    async def _reader(self, posting: Posting) -> tuple[str, bool]:
        """The language of whoever sees a hung card, and whether they asked for plain text."""
        default = self._tools.defaults.locale
        async with self._tools.open_work(reading=True) as work:
            if posting.person_id is not None:
                person = await work.people.get(posting.person_id)
                return (person.locale or default, person.plain_text) if person is not None else (default, False)
            channel = await work.communities.channel(DISCORD, posting.address)
            community = await work.communities.get(channel.community_id) if channel is not None else None
        return (community.locale or default) if community is not None else default, False


def _for_role(reply: Reply) -> str:
    """Whom a message is for, in words: where a role may not be mentioned, and in a message that is drawn anew."""
    return escaped(f"For everybody with the role {reply.ping_role}.") if reply.ping_role else ""


async def _open_chat(client: discord.Client, account: str) -> str:
    if not account.isdigit():
        raise Refused("that is no Discord account")
    chat = await client.create_dm(discord.Object(int(account)))
    return str(chat.id)


def not_connected() -> SendFault:
    """What a send ends in while there is no client."""
    return Unavailable("Discord is not connected")
