"""Interactions to calls: who did it, where, and what they may do there at this moment."""

from __future__ import annotations

from typing import Any

import discord

from bot.desk.guests import Guests, Visitor
from bot.desk.naming import handed_over
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


#: Channels of one server that can be chosen by name.
_MOST_CHANNELS = 200


class Callers:
    """Builds the call of an interaction, and signs in people whom somebody else names."""

    def __init__(self, tools: Tools, guests: Guests) -> None:
        self._tools = tools
        self._guests = guests
        #: The channels of each server that were written down in this process, by id.
        self._written: dict[int, frozenset[int]] = {}

    async def call(self, interaction: discord.Interaction[Any]) -> Call:
        """The call; reads only, unless something about the person is new."""
        return await self._guests.call(visitor(interaction))

    async def acquaint(self, guild: discord.Guild) -> None:
        """Know the channels of a server by name, for those who set it up; only channels where the bot may write.

        Others become known when somebody uses the bot in them.
        """
        every: list[discord.TextChannel | discord.ForumChannel] = [*guild.text_channels, *guild.forums]
        places = [one for one in every if may_speak(one)][:_MOST_CHANNELS]
        here = frozenset(one.id for one in places)
        if here <= self._written.get(guild.id, frozenset()):
            return
        now = self._tools.clock.now()
        async with self._tools.open_work() as work:
            community = await work.communities.greet(DISCORD, str(guild.id), guild.name, now)
            known = {one.address for one in await work.communities.channels_of(community.id)}
            for one in places:
                if str(one.id) not in known:
                    shape = SHAPES.get(one.type, "text")
                    await work.communities.greet_channel(community.id, DISCORD, str(one.id), one.name, shape=shape)
            await work.commit()
        self._written[guild.id] = here

    async def introduce(self, user: discord.User | discord.Member, community_id: int | None) -> str:
        """ "person:12" for somebody picked from Discord's own list, who may never have spoken to us.

        A bot is nobody: its name comes back, which the desk will not find.
        """
        if user.bot:
            return user.display_name
        now = self._tools.clock.now()
        async with self._tools.open_work(reading=True) as work:
            known = await work.people.identity(DISCORD, str(user.id))
            is_here = known is not None and (
                community_id is None or await work.communities.is_member(known.person_id, community_id)
            )
        if known is not None and is_here:
            return await handed_over(self._tools.open_work, known.person_id)
        async with self._tools.open_work() as work:
            person = await work.people.greet(DISCORD, str(user.id), user.display_name, now)
            # Only somebody whom Discord shows as a member of the server belongs to it.
            if community_id is not None and isinstance(user, discord.Member):
                await work.communities.join(person.id, community_id, now)
            await work.commit()
        return await handed_over(self._tools.open_work, person.id)


def may_speak(channel: discord.abc.GuildChannel | discord.Thread) -> bool:
    """Whether the bot may see a channel and write there."""
    rights = channel.permissions_for(channel.guild.me)
    writes = rights.send_messages_in_threads if isinstance(channel, discord.Thread) else rights.send_messages
    return rights.view_channel and writes


def between_us(interaction: discord.Interaction[Any]) -> bool:
    """Whether something happened in the bot's own private chat with somebody, where nobody else can see it."""
    if interaction.guild_id is not None or interaction.context.private_channel:
        return False
    return bool(interaction.context.dm_channel) or isinstance(interaction.channel, discord.DMChannel)


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
    dm = address if between_us(interaction) else None
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
        by_menu=True,
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
