"""The fake: a world of people and servers, served on loopback, and the hands with which tests reach into it."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from tests.fakes.discord.acting import Acting
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.rest import Rest, Trouble
from tests.fakes.discord.routes import Request
from tests.fakes.discord.world import THREAD, Channel, Guild

#: Looks like a token of Discord's and is none.
TOKEN = "MTEyMjMzNDQ1NTY2Nzc4ODk5.fake.loopback"


class FakeDiscord(Acting):
    """Start it, point the program at `api_url`, and act as its people."""

    def __init__(self, *, shards: int = 1) -> None:
        super().__init__()
        self.token = TOKEN
        self.shards = shards
        self.start_limit = {"total": 1000, "remaining": 1000, "reset_after": 1000, "max_concurrency": 16}
        self.gateway = Gateway(self)
        self.rest = Rest(self)
        self._runner: web.AppRunner | None = None

    # Running

    async def start(self) -> FakeDiscord:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/gw", self.gateway.serve)
        app.router.add_get("/gw/", self.gateway.serve)
        app.router.add_get("/files/{name}", self._file)
        app.router.add_route("*", "/api/v10/{rest:.*}", self.rest.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        return self

    async def stop(self) -> None:
        if self._runner is not None:
            await self.gateway.close(1001)
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gw"

    async def __aenter__(self) -> FakeDiscord:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # The life of servers

    async def join(self, guild: Guild) -> None:
        """The bot is brought into a server."""
        # A server that was not announced by READY comes without a word on whether it is available.
        payload = {name: value for name, value in guild.payload(self.bot).items() if name != "unavailable"}
        await self.gateway.dispatch("GUILD_CREATE", payload, guild_id=guild.id)

    async def leave(self, guild: Guild) -> None:
        del self.guilds[guild.id]
        await self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild_id=guild.id)

    async def told_of(self, channel: Channel) -> None:
        kind = "THREAD_UPDATE" if channel.type == THREAD else "CHANNEL_UPDATE"
        await self.gateway.dispatch(kind, channel.payload(), guild_id=channel.guild_id)

    async def delete_channel(self, channel: Channel) -> None:
        del self.channels[channel.id]
        kind = "THREAD_DELETE" if channel.type == THREAD else "CHANNEL_DELETE"
        await self.gateway.dispatch(kind, channel.payload(), guild_id=channel.guild_id)

    def trouble(self, method: str, path: str, how: Any, *, times: int = 1, **headers: str) -> None:
        """The next requests of that kind go wrong: (status, body), "lost", or a wait in seconds."""
        self.rest.troubles.append(
            Trouble(method, path, how, times, {name.replace("_", "-"): value for name, value in headers.items()})
        )

    def check(self, fine: object, what: str) -> None:
        if not fine:
            self.violations.append(what)

    def seen(self, method: str, path: str) -> list[Request]:
        """The requests so far to addresses that match."""
        return [one for one in self.rest.seen if one.method == method and re.search(path, one.path)]

    # Files

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["name"]])
