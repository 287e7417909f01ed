"""A scheduled event of the server for a confirmed public gig, where moderators want them."""

from __future__ import annotations

import logging
from datetime import timedelta

import discord

from bot.on_discord.callers import DISCORD
from bot.on_discord.spans import tidy
from cogs.kit.reply import Entry, Reply
from cogs.kit.tools import Tools

log = logging.getLogger(__name__)

#: The setting of a community by which moderators ask for events.
EVENTS = "server_events"

# Discord developer documentation, Guild Scheduled Event, read August 2026.
NAME_CHARACTERS = 100
PLACE_CHARACTERS = 100

#: An event outside Discord needs an end that is later than its start.
_SHORTEST = timedelta(minutes=15)


class Happenings:
    """Makes, changes and cancels events; remembers each by the entry's own name."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def follow(self, guild: discord.Guild, reply: Reply) -> None:
        """Bring the event of a card in line with it. What Discord refuses is logged: the card says it all in words."""
        entry = reply.entry
        if entry is None or not await self._wanted(guild):
            return
        try:
            await self._follow(guild, entry)
        except discord.HTTPException as error:
            log.info("an event could not be kept in line with its gig: %s", error.code)

    async def _wanted(self, guild: discord.Guild) -> bool:
        async with self._tools.open_work(reading=True) as work:
            community = await work.communities.at(DISCORD, str(guild.id))
        return community is not None and bool(community.settings.get(EVENTS))

    async def _follow(self, guild: discord.Guild, entry: Entry) -> None:
        key = f"discord.event:{guild.id}:{entry.uid}"
        async with self._tools.open_work(reading=True) as work:
            kept = await work.app.value(key)
        event_id, _, sequence = (kept or "").partition(":")
        public = entry.public and not entry.tentative
        if event_id and sequence == str(entry.sequence) and public:
            return
        start = entry.span.start
        end = max(entry.span.until(), start + _SHORTEST)
        if not public or start <= self._tools.clock.now():
            if event_id and not public:
                await self._drop(guild, int(event_id))
                await self._keep(key, None)
            return
        name = tidy(entry.title)[:NAME_CHARACTERS]
        place = (tidy(entry.where or "") or "See the card")[:PLACE_CHARACTERS]
        event = await _found(guild, event_id)
        if event is not None:
            await event.edit(name=name, start_time=start, end_time=end, location=place)
        else:
            event = await guild.create_scheduled_event(
                name=name,
                start_time=start,
                end_time=end,
                location=place,
                entity_type=discord.EntityType.external,
                privacy_level=discord.PrivacyLevel.guild_only,
            )
        await self._keep(key, f"{event.id}:{entry.sequence}")

    async def _drop(self, guild: discord.Guild, event_id: int) -> None:
        try:
            await (await guild.fetch_scheduled_event(event_id)).delete()
        except discord.NotFound:
            log.info("an event was gone already")

    async def _keep(self, key: str, value: str | None) -> None:
        async with self._tools.open_work() as work:
            await work.app.set_value(key, value)
            await work.commit()


async def _found(guild: discord.Guild, event_id: str) -> discord.ScheduledEvent | None:
    """The event that was made before; None when there was none, or somebody has deleted it."""
    try:
        return await guild.fetch_scheduled_event(int(event_id)) if event_id else None
    except discord.NotFound:
        return None
