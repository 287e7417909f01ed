"""Interactions to calls: who did it, where, and what they may do there at this moment."""

from __future__ import annotations

from typing import Any

import discord

from bot.desk.guests import Guests, Visitor
from cogs.kit.call import Call
from cogs.kit.tools import Tools

#: The surface's name, in identities, channels and notices.
DISCORD = "discord"

#: How our records call the kinds of channel.
SHAPES = {
    discord.ChannelType.forum: "forum",
    discord.ChannelType.media: "forum",
    discord.ChannelType.public_thread: "thread",
    discord.ChannelType.private_thread: "thread",
    discord.ChannelType.news_thread: "thread",
}


class Callers:
    """Builds the call of an interaction, and signs in people whom somebody else names."""

    def __init__(self, tools: Tools, guests: Guests) -> None:
        self._tools = tools
        self._guests = guests

    async def call(self, interaction: discord.Interaction[Any]) -> Call:
        """The call; reads only, unless something about the person is new."""
        return await self._guests.call(visitor(interaction))

    async def introduce(self, user: discord.User | discord.Member, community_id: int | None) -> str:
        """ "person:12" for somebody picked from Discord's own list, who may never have spoken to us.

        A bot is nobody: its name comes back, which the desk will not find.
        """
        if user.bot:
            return user.display_name
        now = self._tools.clock.now()
        async with self._tools.open_work(reading=True) as work:
            known = await work.people.identity(DISCORD, str(user.id))
            if known is not None and (
                community_id is None or await work.communities.is_member(known.person_id, community_id)
            ):
                return f"person:{known.person_id}"
        async with self._tools.open_work() as work:
            person = await work.people.greet(DISCORD, str(user.id), user.display_name, now)
            # Only somebody whom Discord shows as a member of the server belongs to it.
            if community_id is not None and isinstance(user, discord.Member):
                await work.communities.join(person.id, community_id, now)
            await work.commit()
        return f"person:{person.id}"


def visitor(interaction: discord.Interaction[Any]) -> Visitor:
    """What Discord says of whoever did something.

    A server in which we are not installed, and a private chat between others, is no community of ours: what is said
    there is said to the one person.
    """
    user = interaction.user
    address = str(interaction.channel_id or user.id)
    ours = interaction.guild_id is not None and (
        interaction.client.get_guild(interaction.guild_id) is not None or interaction.is_guild_integration()
    )
    # The bot's own private chat is the place messages to this person go; a chat between others is not.
    with_us = interaction.context.dm_channel or isinstance(interaction.channel, discord.DMChannel)
    dm = address if interaction.guild_id is None and with_us and not interaction.context.private_channel else None
    return Visitor(
        surface=DISCORD,
        account=str(user.id),
        name=user.display_name,
        address=address,
        dm=dm,
        community=_community(interaction) if ours else None,
        channel=_channel(interaction, address) if ours else None,
        moderator=ours and interaction.permissions.manage_guild,
        locale=str(interaction.locale),
        account_made=user.created_at,
        roles=_roles(user) if ours else frozenset(),
    )


def _roles(user: discord.User | discord.Member) -> frozenset[str]:
    """The names of somebody's roles in the server; the one that everybody has is none."""
    roles = user.roles if isinstance(user, discord.Member) else ()
    return frozenset(one.name.casefold() for one in roles if not one.is_default())


def _community(interaction: discord.Interaction[Any]) -> tuple[str, str]:
    guild = interaction.guild
    # An interaction may arrive before the server's data; its name follows with them.
    name = guild.name if guild is not None and guild.name else f"Server {interaction.guild_id}"
    return str(interaction.guild_id), name


def _channel(interaction: discord.Interaction[Any], address: str) -> tuple[str, str, str]:
    channel = interaction.channel
    kind = getattr(channel, "type", None)
    shape = SHAPES.get(kind, "text") if kind is not None else "text"
    return address, str(getattr(channel, "name", None) or address), shape
