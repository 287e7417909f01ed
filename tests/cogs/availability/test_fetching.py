"""A link is read from public addresses only, a bounded amount, for a bounded time, and never leads inward."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from cogs.availability import fetching
from cogs.availability.fetching import NoCalendar, fetch, is_public, tidy_link


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
     "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1", "198.18.0.1", "192.0.2.1", "localhost", ""],
)  # fmt: skip
def test_addresses_that_nobody_outside_reaches_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_that_everybody_reaches_are(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "link",
    ["", "cal.example", "ftp://cal.example/x", "file:///etc/passwd", "https://", "http://a b/", "https://x:99999/",
     "javascript:alert(1)", "https://cal.example/" + "x" * 3000],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(link: str) -> None:
    with pytest.raises(NoCalendar):
        tidy_link(link)


def test_webcal_means_https() -> None:
    assert tidy_link("webcal://cal.example/me.ics#top") == "https://cal.example/me.ics"
    assert tidy_link("webcals://cal.example/me.ics") == "https://cal.example/me.ics"


@pytest.mark.parametrize(
    "link",
    ["http://127.0.0.1:{port}/me.ics", "http://localhost:{port}/me.ics", "http://[::1]:{port}/me.ics",
     "http://2130706433:{port}/me.ics", "http://0x7f.1:{port}/me.ics", "http://127.1:{port}/me.ics"],
)  # fmt: skip
async def test_no_spelling_of_this_machine_is_spoken_to(server: _Server, link: str) -> None:
    with pytest.raises(NoCalendar) as refused:
        await fetch(link.format(port=server.port))
    assert server.asked == []
    assert "private" in refused.value.what or "does not answer" in refused.value.what


async def test_a_calendar_is_read(server: _Server) -> None:
    assert await fetch(server.url("/me.ics"), allowed=anything) == b"BEGIN:VCALENDAR"
    assert server.asked == ["/me.ics"]


async def test_a_redirect_outward_is_followed(server: _Server) -> None:
    assert await fetch(server.url("/moved"), allowed=anything) == b"BEGIN:VCALENDAR"


async def test_a_redirect_inward_is_not(server: _Server) -> None:
    """127.0.0.2 stands for a private address here; only 127.0.0.1 counts as public."""
    with pytest.raises(NoCalendar, match="private"):
        await fetch(server.url("/inward"), allowed=lambda address: address == "127.0.0.1")
    assert server.asked == ["/inward"]


async def test_a_circle_of_redirects_ends(server: _Server) -> None:
    with pytest.raises(NoCalendar, match="nowhere"):
        await fetch(server.url("/circle"), allowed=anything)
    assert len(server.asked) == 4


async def test_more_than_is_read_is_not_read_to_its_end(server: _Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 100_000)
    with pytest.raises(NoCalendar, match="MB"):
        await fetch(server.url("/endless"), allowed=anything)


async def test_a_server_that_never_answers_is_left(server: _Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_PATIENCE", 0.2)
    with pytest.raises(NoCalendar, match="does not answer"):
        await fetch(server.url("/silent"), allowed=anything)


@pytest.mark.parametrize(("status", "lasting"), [(404, True), (500, False)])
async def test_an_answer_that_is_no_calendar_is_told(server: _Server, status: int, lasting: bool) -> None:
    with pytest.raises(NoCalendar, match=str(status)) as fault:
        await fetch(server.url(f"/status/{status}"), allowed=anything)
    assert fault.value.lasting is lasting


def anything(address: str) -> bool:
    return True


class _Server:
    """Answers on the loopback, and remembers what was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.port = 0
        self.over = asyncio.Event()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        match request.path:
            case "/moved":
                raise web.HTTPFound("/me.ics")
            case "/inward":
                raise web.HTTPFound(f"http://127.0.0.2:{self.port}/me.ics")
            case "/circle":
                raise web.HTTPFound("/circle")
            case "/silent":
                await self.over.wait()
            case "/endless":
                response = web.StreamResponse()
                await response.prepare(request)
                try:
                    while not self.over.is_set():
                        await response.write(b"x" * 65536)
                except (ConnectionError, asyncio.CancelledError):
                    pass
                return response
        if request.path.startswith("/status/"):
            return web.Response(status=int(request.path[8:]))
        return web.Response(body=b"BEGIN:VCALENDAR")


@pytest.fixture
async def server() -> AsyncIterator[_Server]:
    made = _Server()
    application = web.Application()
    application.router.add_get("/{tail:.*}", made.answer)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.port = runner.addresses[0][1]
    yield made
    made.over.set()
    await runner.cleanup()
