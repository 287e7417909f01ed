from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.desk.surface import Hopeless
from bot.on_web.server import WebServer
from bot.settings.kinds import Listen

SECRET = "a" * 32


class Site:
    """A server on a free port of loopback, and a client."""

    def __init__(self) -> None:
        self.states = {"database": "ok", "discord": "ok", "telegram": "ok"}
        self.hooked: list[bytes] = []
        self.server = WebServer(Listen("127.0.0.1", 0), states=self._states, feed=self._feed, hook=self._hook)
        self.client = aiohttp.ClientSession()

    async def _states(self) -> dict[str, str]:
        return self.states

    async def _feed(self, secret: str) -> bytes | None:
        return b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n" if secret == SECRET else None

    async def _hook(self, request: web.Request) -> web.Response:
        self.hooked.append(await request.read())
        return web.Response()

    async def get(self, path: str) -> tuple[int, str, dict[str, str]]:
        async with self.client.get(f"http://127.0.0.1:{self.server.port}{path}") as response:
            return response.status, await response.text(), dict(response.headers)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site, stop = Site(), asyncio.Event()
    serving = asyncio.create_task(site.server.run(stop))
    await site.server.listening.wait()
    yield site
    await site.client.close()
    stop.set()
    await serving


async def test_it_is_alive_and_says_no_more(site: Site) -> None:
    status, text, headers = await site.get("/livez")
    assert (status, text) == (200, "ok\n")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Server"] == "firstcall"


@pytest.mark.parametrize(
    ("states", "status", "word"),
    [
        ({"database": "ok", "discord": "ok", "telegram": "ok"}, 200, '"ok"'),
        ({"database": "ok", "discord": "no answer", "telegram": "ok"}, 200, "degraded"),
        ({"database": "ok", "discord": "no answer", "telegram": "no answer"}, 503, "down"),
        ({"database": "no answer", "discord": "ok"}, 503, "down"),
        ({"database": "ok"}, 200, '"ok"'),
    ],
)
async def test_readiness_follows_the_parts(site: Site, states: dict[str, str], status: int, word: str) -> None:
    site.states = states
    answered, text, _ = await site.get("/readyz")
    assert answered == status
    assert word in text


async def test_a_calendar_is_served_to_who_knows_its_secret(site: Site) -> None:
    status, text, headers = await site.get(f"/calendar/{SECRET}.ics")
    assert status == 200
    assert text.startswith("BEGIN:VCALENDAR")
    assert headers["Content-Type"].startswith("text/calendar")
    for path in (f"/calendar/{'b' * 32}.ics", "/calendar/short.ics", "/calendar/../livez.ics", "/", "/metrics"):
        assert (await site.get(path))[0] == 404


async def test_trying_secrets_is_slowed_down(site: Site) -> None:
    answers = [(await site.get(f"/calendar/{'c' * 32}.ics"))[0] for _ in range(80)]
    assert answers[0] == 404
    assert answers[-1] == 429


async def test_a_webhook_body_has_a_bound(site: Site) -> None:
    base = f"http://127.0.0.1:{site.server.port}/telegram/hook"
    async with site.client.post(base, data=b"{}") as response:
        assert response.status == 200
    assert site.hooked == [b"{}"]
    async with site.client.post(base, data=b"x" * 2_000_000) as response:
        assert response.status == 413
    assert len(site.hooked) == 1


async def test_a_taken_address_is_said_plainly(site: Site) -> None:
    assert site.server.port is not None
    other = WebServer(Listen("127.0.0.1", site.server.port), states=site._states)
    with pytest.raises(Hopeless, match="cannot listen"):
        await other.run(asyncio.Event())
