"""The Discord surface: connects, listens until stopped, and sends. One new client for every attempt."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.desk.desk import Desk
from bot.desk.guests import Guests
from bot.desk.surface import Hopeless, Sent, Target
from bot.on_discord import commands, places, sync
from bot.on_discord.callers import DISCORD, Callers
from bot.on_discord.contact import MISSING, Contact
from bot.on_discord.events import WELCOME, Events
from bot.on_discord.render import Drawn
from bot.on_discord.router import Router
from bot.on_discord.seat import seat
from bot.on_discord.sender import Sender, not_connected
from bot.on_discord.translate import Words
from bot.settings import Settings
from cogs.kit.places import Missing, Standing
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from storage.records.people import Channel, Community, Identity
from storage.records.posting import Posting

log = logging.getLogger(__name__)

# Discord developer documentation, Gateway Close Event Codes, read August 2026: those that come again at every attempt.
_FATAL = {
    4004: "the token is refused; make a new one in the Developer Portal",
    4010: "discord.shard_ids names a shard that does not exist",
    4011: "the bot is in too many servers for discord.shards; leave it automatic or set more",
    4012: "Discord no longer speaks this version of its API",
    4013: "Discord does not know the intents asked for",
    4014: "Discord does not allow the intents asked for",
}

#: A 429 with a longer wait is handed to the courier, which breaks a send off after this long anyway. In seconds;
#: discord.py takes nothing smaller.
MOST_WAIT = 30.0

#: A connection that is not back after this long is given up for a new client, in seconds.
_LOST_AFTER = 300.0
_LOOK_EVERY = 15.0
#: How long a send waits for the first sign-in, in seconds.
_SIGN_IN = 15.0


class Client(discord.AutoShardedClient):
    """discord.py's client with nothing but servers in it: no members, no messages, no presences."""

    def __init__(self, *, shards: int | None, shard_ids: tuple[int, ...] | None) -> None:
        which: dict[str, Any] = {"shard_count": shards, "shard_ids": list(shard_ids) if shard_ids is not None else None}
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_ratelimit_timeout=MOST_WAIT,
            **which,
        )
        self.router: Router | None = None
        self.events: Events | None = None
        #: How many shards may introduce themselves at the same time (Discord's max_concurrency).
        self.at_once = 1
        self._announced: set[int] = set()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Shards introduce themselves in groups, five seconds apart."""
        if not initial and (shard_id or 0) % self.at_once == 0:
            await asyncio.sleep(5.0)

    async def on_error(self, event_method: str, /, *args: Any, **kwargs: Any) -> None:
        """A bug in an event: logged, and the next event is taken."""
        log.exception("the event %s failed", event_method)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Presses and forms; commands and suggestions come by the tree."""
        if self.router is not None:
            await self.router.interaction(interaction)

    async def on_ready(self) -> None:
        """Everything is known that was told at the start."""
        log.info("Discord: in %s servers", len(self.guilds))
        count = self.shard_count or 1
        ours = frozenset(self.shard_ids or range(count))
        self._announced = {one.id for one in self.guilds}
        if self.events is not None:
            await self.events.caught_up(self._announced, (count, ours))

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Brought into a server."""
        self._announced.add(guild.id)
        if self.events is not None:
            await self.events.joined(guild)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Back after an outage; or brought into a server whose arrival was announced in the same words."""
        if self._announced and guild.id not in self._announced:
            await self.on_guild_join(guild)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Put out of a server, or the server is gone."""
        if self.events is not None:
            await self.events.left(guild.id)

    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        """Something about a server changed."""
        if self.events is not None and before.name != after.name:
            await self.events.renamed(after)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel is gone."""
        if self.events is not None:
            await self.events.deleted(channel.id)

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """A thread is gone."""
        if self.events is not None:
            await self.events.deleted(payload.thread_id)

    async def on_thread_update(self, before: discord.Thread, after: discord.Thread) -> None:
        """A thread's name changed, or it was opened again."""
        told = (before.name, before.archived, before.locked) != (after.name, after.archived, after.locked)
        if self.events is not None and told:
            await self.events.changed([after])

    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """A channel's name or rights changed."""
        if self.events is not None:
            await self.events.changed([after])

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """The rights of a role changed; perhaps of ours."""
        if self.events is not None and before.permissions != after.permissions:
            await self.events.changed(after.guild.channels)

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """Roles changed; without the members intent Discord tells us of ourselves only."""
        if self.events is not None and self.user is not None and after.id == self.user.id:
            await self.events.changed(after.guild.channels)


class DiscordSurface:
    """Discord for the program: `run` listens, `deliver` and `redraw` send, also in a process that only sends."""

    name = DISCORD
    knows_keys = True

    def __init__(self, *, settings: Settings, tools: Tools, desk: Desk, guests: Guests) -> None:
        self._settings = settings
        self._tools = tools
        self._desk = desk
        self._callers = Callers(tools, guests)
        self._contact = Contact(tools, speaks=MISSING.partition(".")[0] in desk.index.cogs)
        self._sender = Sender(tools, self._connected, self._contact)
        self._client: Client | None = None
        self._signed_in = asyncio.Event()
        self._listens = False
        self._signing_in = asyncio.Lock()

    # Sending

    async def deliver(self, target: Target, reply: Reply, *, key: str, silent: bool) -> Sent:
        """Send `reply`; `key` is the same for every attempt at the same message. Raises a SendFault."""
        return await self._sender.deliver(target, reply, key=key, silent=silent)

    async def redraw(self, posting: Posting, reply: Reply) -> None:
        """Draw a card again where it hangs. Raises a SendFault."""
        await self._sender.redraw(posting, reply)

    # What is true there now

    async def missing_rights(self, channel: Channel) -> tuple[Missing, ...] | None:
        """What the bot lacks in a channel to hang cards; None while nobody can say."""
        return await places.missing_rights(self._client, channel)

    async def standing(self, community: Community, identity: Identity) -> Standing | None:
        """How somebody stands in a server; None while nobody can say."""
        return await places.standing(self._client, community, identity)

    def healthy(self) -> bool:
        """Whether Discord answered recently; of a process that only sends, whether it could sign in."""
        client = self._client
        if client is None or client.is_closed():
            return False
        return not self._listens or math.isfinite(client.latency)

    async def aclose(self) -> None:
        """Let go of the connection of a process that only sends."""
        client, self._client = self._client, None
        if client is not None and not client.is_closed():
            await client.close()

    # Listening

    async def run(self, stop: asyncio.Event) -> None:
        """Listen until `stop` is set. Raises Hopeless when Discord will not have us at all."""
        self._listens = True
        self._signed_in.clear()
        await self.aclose()
        async with self._seat(stop) as free:
            if free:
                await self._run(stop)

    async def _run(self, stop: asyncio.Event) -> None:
        client = self._new_client()
        listening: asyncio.Task[None] | None = None
        stopped = asyncio.create_task(stop.wait())
        try:
            await self._sign_in(client)
            tree = await self._planted(client)
            again = await self._tell_commands(client, tree)
            self._client = client
            self._signed_in.set()
            if await self._find_gateway(client, stop):
                listening = asyncio.create_task(client.connect())
                await self._watch(client, listening, stopped, tree, again)
                if not stop.is_set():
                    await listening
        except discord.PrivilegedIntentsRequired as error:
            raise Hopeless(f"Discord: {_FATAL[4014]}") from error
        except discord.ConnectionClosed as error:
            if error.code in _FATAL:
                raise Hopeless(f"Discord: {_FATAL[error.code]}") from error
            raise
        finally:
            self._signed_in.clear()
            self._client = None
            stopped.cancel()
            await _closed(client)
            if listening is not None:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def _tell_commands(self, client: Client, tree: commands.Tree) -> float | None:
        """Tell Discord of the commands; in how many seconds to do so again, None: never."""
        told = await sync.synchronise(tree, self._tools, client.application_id or 0, self._settings.discord.dev_guild)
        assert client.router is not None
        mentions = sync.with_aliases(told.mentions, self._desk.index.commands.values())
        client.router.mentions = self._sender.mentions = mentions
        return told.again

    async def _watch(
        self,
        client: Client,
        listening: asyncio.Task[None],
        stopped: asyncio.Task[bool],
        tree: commands.Tree,
        again: float | None,
    ) -> None:
        """Until it ends, is stopped, or has been without a connection for too long.

        again: in how many seconds to tell Discord once more of the commands; None: it knows them.
        """
        loop = asyncio.get_running_loop()
        begun = loop.time()
        well = loop.time()
        patience = _LOST_AFTER + 6.0 * (client.shard_count or 1)
        while not listening.done() and not stopped.done():
            await asyncio.wait({listening, stopped}, timeout=_LOOK_EVERY, return_when=asyncio.FIRST_COMPLETED)
            if again is not None and loop.time() - begun > again:
                begun, again = loop.time(), await self._tell_commands(client, tree)
            if math.isfinite(client.latency):
                well = loop.time()
            elif loop.time() - well > patience:
                raise ConnectionError("Discord's gateway has not answered for too long")

    def _seat(self, stop: asyncio.Event) -> Any:
        given = self._settings.discord
        token = given.token.reveal() if given.token is not None else ""
        # The first part of a token is the application's id; nothing secret becomes the name of a file.
        owner = "".join(c for c in token.partition(".")[0] if c.isalnum())[:40] if "." in token else "bot"
        ids = "-".join(map(str, given.shard_ids)) if given.shard_ids is not None else "all"
        return seat(self._settings.app.data_dir, f"discord-{owner}-{ids}", stop)

    def _new_client(self) -> Client:
        given = self._settings.discord
        # discord.py keeps both addresses for the whole process.
        Route.BASE = given.api_base_url
        if given.gateway_url is not None:
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(given.gateway_url)
        shards = given.shards
        if shards is None and given.shard_ids is not None:
            shards = max(given.shard_ids) + 1
        return Client(shards=shards, shard_ids=given.shard_ids)

    async def _sign_in(self, client: Client) -> None:
        assert self._settings.discord.token is not None
        try:
            await client.login(self._settings.discord.token.reveal())
        except discord.LoginFailure as error:
            raise Hopeless(f"Discord: {_FATAL[4004]}") from error

    async def _planted(self, client: Client) -> commands.Tree:
        """The client with its ears: the tree of commands, the router, the events."""
        router = Router(self._desk, self._tools, self._callers, self._otherwise)
        tree = commands.Tree(client)
        tree.troubled = router.troubled
        await tree.set_translator(Words())
        commands.plant(tree, list(self._desk.index.commands.values()), router)
        client.router = router
        welcomes = WELCOME.partition(".")[0] in self._desk.index.cogs
        client.events = Events(self._tools, client, self._contact, welcomes=welcomes)
        return tree

    async def _find_gateway(self, client: Client, stop: asyncio.Event) -> bool:
        """Ask where to connect and with how many shards; wait while Discord allows no more connections today.

        False when `stop` was set meanwhile.
        """
        given = self._settings.discord
        if given.gateway_url is not None:
            client.shard_count = client.shard_count or 1
            return not stop.is_set()
        while True:
            advised, url, limit = await client.http.get_bot_gateway()
            client.shard_count = client.shard_count or advised
            client.at_once = max(1, int(limit.get("max_concurrency", 1)))
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)
            needed = len(client.shard_ids or range(client.shard_count))
            if limit.get("remaining", needed) >= needed:
                return not stop.is_set()
            # Going on would end every session and reset the token.
            wait = max(1.0, limit.get("reset_after", 60_000) / 1000)
            log.error("Discord allows no more connections for %.0f s; waiting", wait)
            try:
                async with asyncio.timeout(wait):
                    await stop.wait()
            except TimeoutError:
                continue
            return False

    async def _connected(self) -> discord.Client:
        """The client to send through. Raises Unavailable while there is none."""
        if self._listens:
            try:
                async with asyncio.timeout(_SIGN_IN):
                    await self._signed_in.wait()
            except TimeoutError:
                raise not_connected() from None
        else:
            await self._sign_in_to_send()
        client = self._client
        if client is None or client.is_closed():
            raise not_connected()
        return client

    async def _sign_in_to_send(self) -> None:
        """A process that only sends needs no gateway: signing in is enough."""
        async with self._signing_in:
            if self._client is not None and not self._client.is_closed():
                return
            client = self._new_client()
            try:
                await self._sign_in(client)
            except Exception as error:
                await _closed(client)
                raise not_connected() from error
            self._client = client

    async def _otherwise(
        self, interaction: discord.Interaction[Any], drawn: Drawn, private: bool
    ) -> tuple[str, str] | None:
        """An answer that came too late for its interaction."""
        channel = None if private or interaction.channel_id is None else str(interaction.channel_id)
        return await self._sender.say(interaction.client, channel, str(interaction.user.id), drawn)


async def _closed(client: discord.Client) -> None:
    """Close a client whatever state it is in; one that never signed in has nothing to close."""
    if client.is_closed():
        return
    closing: Awaitable[None] = client.close()
    try:
        async with asyncio.timeout(5.0):
            await closing
    except (AttributeError, TimeoutError):
        log.debug("the client had not got far enough to be closed")
