"""Everything that a fake Discord knows, and the ways to put something into it that nobody is told of."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.world import DM, Channel, Guild, Message, User, snowflake


class State:
    """People, servers, channels, messages, interactions and files, by id."""

    gateway: Gateway
    port = 0

    def __init__(self) -> None:
        self.bot = User("First Call", bot=True)
        self.application_id = self.bot.id
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Message] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: list[dict[str, Any]] = []
        self.violations: list[str] = []
        self.refusals: list[int] = []
        self.pings: list[str] = []
        self.files: dict[str, bytes] = {}
        #: How long interactions have been on their way already, in seconds.
        self.late = 0.0
        #: Leave out of interactions what need not be there.
        self.terse = False
        self._numbers = itertools.count(1)
        self._sent = asyncio.Event()

    def add_user(self, name: str, **about: Any) -> User:
        user = User(name, **about)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, *channels: str, **about: Any) -> Guild:
        guild = Guild(name, **about)
        self.guilds[guild.id] = guild
        for one in channels:
            self.add_channel(Channel(one, guild.id))
        return guild

    def add_channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        if channel.guild_id is not None:
            self.guilds[channel.guild_id].channels.append(channel)
        return channel

    def dm(self, user: User) -> Channel:
        known = next((c for c in self.channels.values() if c.type == DM and c.recipient is user), None)
        return known or self.add_channel(Channel("", None, DM, recipient=user))

    def channel(self, name: str) -> Channel:
        return next(one for one in self.channels.values() if one.name == name.removeprefix("#"))

    def visible(self, user: User, channel: Channel | None = None) -> list[Message]:
        """Messages that somebody can see, newest first: in a channel, or everywhere."""
        mine = [
            one
            for one in self.messages.values()
            if not one.deleted
            and not one.loading
            and one.only in (None, user.id)
            and (one.channel.guild_id is not None or one.channel.recipient is user)
            and (channel is None or one.channel is channel)
        ]
        return sorted(mine, key=lambda one: -one.number)

    def keep_file(self, name: str, content: bytes) -> dict[str, Any]:
        number = snowflake()
        key = f"{number}-{name}"
        self.files[key] = content
        url = f"http://127.0.0.1:{self.port}/files/{key}"
        return {"id": str(number), "filename": name, "size": len(content), "url": url, "proxy_url": url}

    def attachment(self, name: str, content: bytes, kind: str) -> dict[str, Any]:
        """A file that somebody attaches."""
        return self.keep_file(name, content) | {"content_type": kind}

    def next_number(self) -> int:
        return next(self._numbers)

    def heard(self, message: Message, channel: Channel) -> None:
        """A message was sent that answers nothing."""
        self._sent.set()

    async def next_message(self, channel: Channel, within: float = 5.0) -> Message:
        """The next message in a channel or private chat that answers no interaction; also one that came already."""
        async with asyncio.timeout(within):
            while True:
                found = [m for m in self.messages.values() if m.channel is channel and m.nonce and not m.deleted]
                if found:
                    return found[-1]
                self._sent.clear()
                await self._sent.wait()

    def application(self) -> dict[str, Any]:
        return {
            "id": str(self.application_id),
            "name": "First Call",
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "",
            "flags": 0,
            "summary": "",
            "owner": self.bot.payload(),
            "team": None,
        }
