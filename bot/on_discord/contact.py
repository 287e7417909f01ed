"""A word to somebody of a server who can mend what is wrong there: the moderators' own channel, or the owner.

Where the bot lacks a right nothing is said to those who asked for nothing, and nothing is said twice a day.
"""

from __future__ import annotations

import logging

import discord

from bot.on_discord.callers import DISCORD, SHAPES, may_speak
from cogs.kit.tools import Tools
from storage.records.notice import NewNotice
from storage.records.people import Channel, Community

log = logging.getLogger(__name__)

#: The notice that says what is missing; drawn by the cog that sets servers up.
MISSING = "rights.missing"


class Contact:
    """Remembers why a channel refuses, and has a server told of it. speaks: whether there is a cog that says it."""

    def __init__(self, tools: Tools, *, speaks: bool) -> None:
        self._tools = tools
        self._speaks = speaks

    async def tell(self, client: discord.Client, channel_id: int, reason: str) -> None:
        """A channel of ours takes no messages for lack of a right."""
        now = self._tools.clock.now()
        async with self._tools.open_work() as work:
            channel = await work.communities.channel_by_id(channel_id)
            community = await work.communities.get(channel.community_id) if channel is not None else None
            if channel is None or community is None:
                return
            await work.notices.set_channel_trouble(channel.id, reason)
            key = f"{MISSING}:{community.id}:{now:%Y%m%d}"
            told = await work.notices.by_key(key) is not None
            await work.commit()
        if told or not self._speaks or not community.account.isdigit():
            return
        try:
            await self._tell(client, community, channel, key)
        except discord.DiscordException as error:
            log.info("nobody of a server could be told what is missing: %s", type(error).__name__)

    async def _tell(self, client: discord.Client, community: Community, channel: Channel, key: str) -> None:
        guild = client.get_guild(int(community.account)) or await client.fetch_guild(int(community.account))
        place = _place(guild, channel.address)
        owner = await guild.fetch_member(guild.owner_id) if place is None and guild.owner_id is not None else None
        now = self._tools.clock.now()
        async with self._tools.open_work() as work:
            person_id = spoken_id = None
            if place is not None:
                shape = SHAPES.get(place.type, "text")
                spoken_id = (
                    await work.communities.greet_channel(community.id, DISCORD, str(place.id), place.name, shape=shape)
                ).id
            elif owner is not None:
                person_id = (await work.people.greet(DISCORD, str(owner.id), owner.display_name, now)).id
            else:
                return
            await work.notices.add(
                NewNotice(
                    kind=MISSING,
                    person_id=person_id,
                    channel_id=spoken_id,
                    args={"channel": channel.id},
                    due_at=now,
                    key=key,
                ),
                now,
            )
            await work.commit()


def _place(guild: discord.Guild, troubled: str) -> discord.TextChannel | None:
    """The channel that Discord itself uses to tell moderators things, else the server's own; another than `troubled`.

    None without a connection that knows the server's channels.
    """
    both = (guild.public_updates_channel, guild.system_channel)
    return next((one for one in both if one is not None and str(one.id) != troubled and may_speak(one)), None)
