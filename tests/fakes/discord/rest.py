"""The REST half: what is asked, checked against the description and the limits, done to the world, answered."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.discord import answering, limits, posting, schema
from tests.fakes.discord.interactions import Refusal
from tests.fakes.discord.routes import Request, handler_of, route
from tests.fakes.discord.world import snowflake

if TYPE_CHECKING:
    from tests.fakes.discord.server import FakeDiscord

#: Rooms whose functions answer requests; naming them is what hangs their routes up.
_ROOMS = (answering, posting)


@dataclass
class Trouble:
    """Requests that go wrong.

    path: a pattern. how: a status and body; "lost" (done, but no answer); "cut" (not even done); "doubled"; or a wait
    in seconds.
    """

    method: str
    path: str
    how: tuple[int, dict[str, Any]] | str | float
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict)


class Rest:
    """Answers requests. seen: all of them, in order."""

    def __init__(self, fake: FakeDiscord) -> None:
        self._fake = fake
        self.seen: list[Request] = []
        self.troubles: list[Trouble] = []

    async def serve(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/api/v10")
        body, files = await _read(request)
        asked = Request(request.method, path, body, files, dict(request.query))
        self.seen.append(asked)
        if request.headers.get("Authorization") not in (None, f"Bot {self._fake.token}"):
            return _answer(401, {"message": "401: Unauthorized", "code": 0})
        trouble = next((t for t in self.troubles if t.method == asked.method and re.search(t.path, path)), None)
        if trouble is not None:
            trouble.times -= 1
            if trouble.times <= 0:
                self.troubles.remove(trouble)
            if trouble.how == "cut":
                _cut(request)
                return web.Response()
            if isinstance(trouble.how, float):
                await asyncio.sleep(trouble.how)
            elif isinstance(trouble.how, tuple):
                return _answer(*trouble.how, trouble.headers)
        answer = await self._do(asked)
        if trouble is not None and trouble.how == "doubled":
            answer = await self._do(asked)
        if trouble is not None and trouble.how == "lost":
            _cut(request)
        return answer

    async def _do(self, asked: Request) -> web.StreamResponse:
        wrong = schema.wrong(asked.method, asked.path, asked.body) if asked.body is not None else None
        try:
            if wrong is not None:
                raise limits.Bad(wrong)
            found = handler_of(asked)
            if found is not None:
                handler, parts = found
                done = await handler(self._fake, asked, **parts)
                return web.Response(status=204) if done is None else _answer(200, done)
        except limits.Bad as bad:
            self._fake.violations.append(f"{asked.method} {asked.path}: {bad}")
            return _answer(400, {"message": f"Invalid Form Body: {bad}", "code": 50035, "errors": {}})
        except Refusal as refusal:
            self._fake.refusals.append(refusal.code)
            return _answer(refusal.status, {"message": str(refusal), "code": refusal.code})
        self._fake.violations.append(f"{asked.method} {asked.path}: no such route")
        return _answer(404, {"message": "404: Not Found", "code": 0})


@route("GET", "/users/@me")
async def _me(fake: FakeDiscord, asked: Request) -> Any:
    return fake.bot.payload()


@route("GET", "/gateway/bot")
async def _gateway(fake: FakeDiscord, asked: Request) -> Any:
    return {
        "url": fake.gateway_url,
        "shards": fake.shards,
        "session_start_limit": fake.start_limit,
    }


@route("GET", "/oauth2/applications/@me")
async def _application(fake: FakeDiscord, asked: Request) -> Any:
    return fake.application()


@route("GET", "/applications/@me")
async def _application_too(fake: FakeDiscord, asked: Request) -> Any:
    return fake.application()


# Commands


@route("PUT", "/applications/{app}/commands")
async def _commands(fake: FakeDiscord, asked: Request, app: str) -> Any:
    limits.commands(asked.body)
    fake.commands = [
        {
            "version": str(snowflake()),
            "application_id": app,
            "default_member_permissions": None,
            "type": 1,
            "nsfw": False,
            "description": "",
            **one,
            "id": str(snowflake()),
        }
        for one in asked.body
    ]
    return fake.commands


@route("PUT", "/applications/{app}/guilds/{guild}/commands")
async def _guild_commands(fake: FakeDiscord, asked: Request, app: str, guild: str) -> Any:
    made = await _commands(fake, asked, app)
    return [{**one, "guild_id": guild} for one in made]


async def _read(request: web.Request) -> tuple[Any, dict[str, bytes]]:
    if request.content_type == "multipart/form-data":
        body, files = None, {}
        async for part in await request.multipart():
            content = await part.read(decode=False)
            if part.name == "payload_json":
                body = json.loads(content)
            else:
                files[part.filename] = bytes(content)
        return body, files
    text = await request.text()
    return (json.loads(text) if text else None), {}


def _answer(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    # discord.py reads JSON only when the content type is exactly this.
    return web.Response(
        status=status, body=json.dumps(body).encode(), headers={"Content-Type": "application/json", **(headers or {})}
    )


def _cut(request: web.Request) -> None:
    """Break the connection off."""
    assert request.transport is not None
    request.transport.abort()
