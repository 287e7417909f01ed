from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from bot.desk.surface import Hopeless
from bot.on_web.server import WebServer
from bot.settings.kinds import Listen

SECRET = "a" * 32
BROKEN = "b0" * 16
HEADERS = ("X-Content-Type-Options", "Referrer-Policy", "Content-Security-Policy", "Cross-Origin-Resource-Policy")


class Site:
    """A server on a free port of loopback, and a client."""

    def __init__(self) -> None:
        self.states = {"database": "ok", "discord": "ok", "telegram": "ok"}
        self.hooked: list[bytes] = []
        self.server = WebServer(
            Listen("127.0.0.1", 0), states=self._states, feed=self._feed, hook=self._hook, metrics=self._metrics
        )
        self.client = aiohttp.ClientSession()

    async def _states(self) -> dict[str, str]:
        return self.states

    async def _metrics(self) -> tuple[bytes, str]:
        return b"up 1\n", "text/plain"

    async def _feed(self, secret: str) -> bytes | None:
        if secret == BROKEN:
            raise RuntimeError(f"no calendar for {secret}")
        return b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n" if secret == SECRET else None

    async def _hook(self, request: web.Request) -> web.Response:
        self.hooked.append(await request.read())
        return web.Response()

    async def get(self, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
        address = URL(f"http://127.0.0.1:{self.server.port}{path}", encoded=True)
        async with self.client.get(address, headers={k.replace("_", "-"): v for k, v in headers.items()}) as response:
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
    for path in (f"/calendar/{'b' * 32}.ics", "/calendar/short.ics", "/calendar/../livez.ics", "/"):
        assert (await site.get(path))[0] == 404


async def test_trying_secrets_is_slowed_down(site: Site) -> None:
    answers = [(await site.get(f"/calendar/{'c' * 32}.ics"))[0] for _ in range(80)]
    assert answers[0] == 404
    assert answers[-1] == 429


async def test_one_guesser_behind_a_proxy_does_not_shut_the_others_out(site: Site) -> None:
    guess = f"/calendar/{'c' * 32}.ics"
    # What stands before the proxy's own word was made up by whoever asks.
    forged = [await site.get(guess, X_Forwarded_For=f"203.0.113.{n}, 198.51.100.7") for n in range(80)]
    assert forged[-1][0] == 429
    assert (await site.get(f"/calendar/{SECRET}.ics", X_Forwarded_For="192.0.2.1"))[0] == 200
    # Nor does a customer with a network of addresses get more than one guesser's share.
    network = [await site.get(guess, X_Forwarded_For=f"2001:db8:1:2::{n:x}") for n in range(80)]
    assert network[-1][0] == 429
    assert (await site.get(guess, X_Forwarded_For="2001:db8:1:3::1"))[0] == 404
    assert (await site.get(guess, X_Forwarded_For="no address at all"))[0] == 404


@pytest.mark.parametrize(
    ("status", "request_"),
    [
        (400, b"GET /calendar/my-secret.ics HTTP/1.1\r\nHost: a\r\nOdd\x01 my-secret\r\n\r\n"),
        (400, b"GET http://my-secret:99999999/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, b"GET /my-secret\xff\xfe HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, b"GET /calendar/" + b"my-secret" * 2000 + b".ics HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, b"my-secret\r\n\r\n"),
        (400, b"POST /telegram/x HTTP/1.1\r\nHost: a\r\nContent-Length: my-secret\r\n\r\n"),
        (400, b"POST /telegram/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz my-secret\r\n"),
        (404, b"POST /no/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n LATER zz my-secret\r\n"),
        (404, b"POST /no/x HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nmy-secret"),
        (404, b"POST /no/x HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\nmy-secret"),
        (500, b"POST /telegram/x HTTP/1.1\r\nHost: a\r\nExpect: my-secret\xe8\r\nContent-Length: 1\r\n\r\na"),
    ],
)
async def test_nothing_of_a_request_that_makes_no_sense_is_logged(
    site: Site, request_: bytes, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
    now, _, later = request_.partition(b" LATER ")
    writer.write(now)
    answer = await reader.readline()
    writer.write(later)
    writer.close()
    async with asyncio.timeout(15):
        while len(site.server._door):  # noqa: ASYNC110  # what is left of a body is looked at after the answer
            await asyncio.sleep(0.005)
    assert b" %d " % status in answer
    assert "my-secret" not in caplog.text
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_body_is_not_unpacked(site: Site) -> None:
    packed = gzip.compress(b"{}" + b" " * 1000)
    headers = {"Content-Encoding": "gzip"}
    async with site.client.post(
        f"http://127.0.0.1:{site.server.port}/telegram/hook", data=packed, headers=headers
    ) as response:
        assert response.status == 200
    assert site.hooked == [packed]


async def test_figures_are_for_whoever_asks_directly(site: Site) -> None:
    assert (await site.get("/metrics"))[:2] == (200, "up 1\n")
    for header in ("X_Forwarded_For", "Forwarded", "X_Real_IP", "Via"):
        assert (await site.get("/metrics", **{header: "192.0.2.1"}))[0] == 404


async def test_every_answer_carries_the_headers_whatever_it_is(site: Site) -> None:
    for path in ("/livez", "/readyz", "/metrics", f"/calendar/{SECRET}.ics", "/nowhere", f"/calendar/{BROKEN}.ics"):
        _, _, headers = await site.get(path)
        assert [name for name in HEADERS if name not in headers] == [], path
        assert headers["Server"] == "firstcall"


async def test_a_bug_tells_a_stranger_its_reference_and_the_log_no_secret(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    status, text, _ = await site.get(f"/calendar/{BROKEN}.ics")
    assert status == 500
    (record,) = caplog.records
    assert record.__dict__["ref"] in text
    assert "RuntimeError" not in text
    assert record.__dict__["about_route"] == "/calendar/{secret}.ics"


@pytest.mark.parametrize(
    "path", ["/calendar/aaaa%0d%0aSet-Cookie:%20a=b.ics", "/livez%0d%0aX-Made-Up:1", "/%2e%2e/%2e%2e/etc"]
)
async def test_nothing_in_an_address_becomes_a_header_or_a_path(site: Site, path: str) -> None:
    status, _, headers = await site.get(path)
    assert status == 404
    assert "Set-Cookie" not in headers
    assert "X-Made-Up" not in headers


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
