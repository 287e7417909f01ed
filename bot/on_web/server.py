"""Routes, limits and headers of the web surface, on aiohttp."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from ipaddress import IPv4Address, IPv6Address, ip_address

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.desk.surface import Hopeless
from bot.logs import report_bug
from bot.on_web import door
from bot.on_web.door import Door, Patience
from bot.settings.kinds import Listen

log = logging.getLogger(__name__)

#: State of each part by name, "ok" or a word for what is wrong; "database" is always among them.
States = Mapping[str, str]
#: The calendar behind a secret, as iCalendar text; None when there is none (any more).
Feed = Callable[[str], Awaitable[bytes | None]]
#: Takes a webhook call in.
Hook = Callable[[web.Request], Awaitable[web.StreamResponse]]

#: Telegram Bot API: an update is far below this; nobody else has a reason to send anything. In bytes.
_BODY = 1024 * 1024
#: Calls a minute from one address, for the routes that a stranger may try secrets on.
_CALLS_A_MINUTE = 60
#: Addresses remembered for that; the oldest are forgotten, so that a flood costs no memory.
_ADDRESSES = 4096
#: A calendar program asks again after this long at the earliest. In seconds.
_FEED_FRESH = 900

#: "Whatever you have", in If-None-Match.
_ANY_MARK = "*"

#: The header in which a proxy says for whom it asks.
_FORWARDED = "X-Forwarded-For"
#: By any of these a proxy is known.
_PROXIED = (_FORWARDED, "Forwarded", "X-Real-IP", "Via")

#: What aiohttp raises outside our handlers about a request that makes no sense.
_NO_HTTP = (HttpProcessingError, web.RequestPayloadError, UnicodeError)

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Server": "firstcall",
}


class WebServer:
    """One listening address; `run` serves until told to stop."""

    name = "web"

    def __init__(
        self,
        listen: Listen,
        *,
        states: Callable[[], Awaitable[States]],
        feed: Feed | None = None,
        hook: Hook | None = None,
        metrics: Callable[[], Awaitable[tuple[bytes, str]]] | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._listen = listen
        self._states = states
        self._feed = feed
        self._hook = hook
        self._metrics = metrics
        self._gate = _Gate()
        self._door = Door(patience or Patience())
        #: The port in use; differs from the configured one when that is 0 (any free one). None until `run` listens.
        self.port: int | None = None
        self.listening = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Serve until `stop`. Raises Hopeless when the address is taken or not this machine's."""
        logging.getLogger("aiohttp.server").addFilter(_well_formed)
        runner = web.AppRunner(
            self.application(),
            access_log=None,
            shutdown_timeout=5,
            keepalive_timeout=self._door.patience.idle,
            auto_decompress=False,  # Telegram sends plain bodies; a small one that unpacks to a large one is an attack
        )
        await runner.setup()
        assert runner.server is not None
        try:
            try:
                server = await asyncio.get_running_loop().create_server(
                    self._door.behind(runner.server), self._listen.host, self._listen.port
                )
            except OSError as error:
                raise Hopeless(f"cannot listen on {self._listen}: {error.strerror or error}") from error
            try:
                self.port = server.sockets[0].getsockname()[1]
                self.listening.set()
                await stop.wait()
            finally:
                server.close()
        finally:
            self.listening.clear()
            await runner.cleanup()

    def application(self) -> web.Application:
        """The routes with their limits."""
        application = web.Application(client_max_size=_BODY, middlewares=[_with_headers])
        application.router.add_get("/livez", self._alive)
        application.router.add_get("/readyz", self._ready)
        if self._metrics is not None:
            application.router.add_get("/metrics", self._measured)
        application.router.add_get("/calendar/{secret:[A-Za-z0-9_-]{16,128}}.ics", self._calendar)
        application.router.add_post("/telegram/{path:[A-Za-z0-9_-]{1,128}}", self._telegram)
        return application

    async def _alive(self, request: web.Request) -> web.Response:
        """The loop answers; nothing else is claimed."""
        return web.Response(text="ok\n")

    async def _ready(self, request: web.Request) -> web.Response:
        """200 while the database and at least one platform answer, with "degraded" when not all do; else 503."""
        states = dict(await self._states())
        platforms = {name: state for name, state in states.items() if name != "database"}
        fine = [name for name, state in platforms.items() if state == "ok"]
        down = states.get("database") != "ok" or (bool(platforms) and not fine)
        status = "down" if down else "ok" if len(fine) == len(platforms) else "degraded"
        body = json.dumps({"status": status, **states})
        return web.Response(text=body + "\n", status=503 if down else 200, content_type="application/json")

    async def _measured(self, request: web.Request) -> web.Response:
        """For whoever asks directly. A proxy that lets the world in must not let it in here, however it is set up."""
        if any(name in request.headers for name in _PROXIED):
            raise web.HTTPNotFound
        assert self._metrics is not None
        body, kind = await self._metrics()
        return web.Response(body=body, headers={"Content-Type": kind})

    async def _calendar(self, request: web.Request) -> web.Response:
        self._gate.enter(request)
        found = await self._feed(request.match_info["secret"]) if self._feed is not None else None
        if found is None:
            raise web.HTTPNotFound(text="There is no such calendar.\n")
        # Programs ask every hour for years, and mostly nothing has changed (RFC 9110, 13.1.2 and 15.4.5).
        mark = sha256(found).hexdigest()[:32]
        kept = {"Cache-Control": f"private, max-age={_FEED_FRESH}", "ETag": f'"{mark}"'}
        if any(known.value in (mark, _ANY_MARK) for known in request.if_none_match or ()):
            return web.Response(status=304, headers=kept)
        return web.Response(
            body=found,
            headers={
                "Content-Type": "text/calendar; charset=utf-8",
                "Content-Disposition": 'inline; filename="firstcall.ics"',
                **kept,
            },
        )

    async def _telegram(self, request: web.Request) -> web.StreamResponse:
        if self._hook is None:
            raise web.HTTPNotFound
        return await self._hook(request)


def _well_formed(record: logging.LogRecord) -> bool:
    """Not a request that is no HTTP: aiohttp would log its bytes, and there may be the secret of a feed in them.

    Nor one whose body is not what its head says: every stranger could fill the log with traces.
    """
    return record.exc_info is None or not isinstance(record.exc_info[1], _NO_HTTP)


class _Gate:
    """Lets each address in so many times a minute; forgets the oldest addresses first."""

    def __init__(self, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._calls: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def enter(self, request: web.Request) -> None:
        """Raises 429 with the seconds to wait when the address has been here too often."""
        address, now = _address(request), self._steady()
        tokens, at = self._calls.pop(address, (float(_CALLS_A_MINUTE), now))
        tokens = min(float(_CALLS_A_MINUTE), tokens + (now - at) * _CALLS_A_MINUTE / 60)
        self._calls[address] = (max(0.0, tokens - 1), now)
        while len(self._calls) > _ADDRESSES:
            self._calls.popitem(last=False)
        if tokens < 1:
            raise web.HTTPTooManyRequests(
                text="Too many calls. Try again in a minute.\n", headers={"Retry-After": "60"}
            )


def _address(request: web.Request) -> str:
    """Who asks. A proxy on this machine or in its network says so for others; nobody else is believed.

    Of an IPv6 address the network: a single customer has as many addresses in it as they like.
    """
    found = _read_address(request.remote or "")
    if found is not None and found.is_private:
        told = request.headers.get(_FORWARDED, "").rpartition(",")[2].strip()
        found = _read_address(told) or found
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
    return str(found)


def _read_address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


@web.middleware
async def _with_headers(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    door.begun(request)
    try:
        response = await handler(request)
    except web.HTTPException as error:
        for name, value in _HEADERS.items():
            error.headers[name] = error.headers.get(name, value) if name != "Server" else value
        raise
    except Exception as error:  # noqa: BLE001  # whatever it was, a stranger learns no more than that it failed
        reference = report_bug(log, error, "a web request failed", route=_route(request))
        response = web.Response(status=500, text=f"Sorry, that failed on our side. Reference: {reference}\n")
    finally:
        door.answered(request)
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _route(request: web.Request) -> str:
    """The route and not the path, which may hold a secret."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else ""
