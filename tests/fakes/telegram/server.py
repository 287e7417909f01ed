"""The Bot API over HTTP: refuses what Telegram refuses, and fails as it is told to."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.telegram.chats import Chats
from tests.fakes.telegram.messages import Messages
from tests.fakes.telegram.spec import faults_of
from tests.fakes.telegram.wire import NEWER, CallMade, Refusal, Trouble, given_in, refused

TOKEN = "4242:loopback-token-of-the-tests-0123456789"


@dataclass
class BotApi(Messages, Chats):
    """One server. `calls` is what the bot asked for; `wrong` what the published description would not have allowed."""

    calls: list[CallMade] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    token_good: bool = True
    #: Whether only such kinds of updates are handed out as were asked for.
    asked_for: bool = True

    def __post_init__(self) -> None:
        self.webhook: dict[str, Any] = {"url": ""}
        self._polling = 0
        self._poll_number = 0
        self._confirmed = 0
        self._handed = 0
        self._runner: web.AppRunner | None = None
        self.port = 0

    # The server

    async def __aenter__(self) -> BotApi:
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.router.add_route("*", "/bot{token}/{method}", self._call)
        application.router.add_get("/file/bot{token}/{path:.*}", self._download)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        async with self.world.changed:
            self._poll_number += 1_000_000  # ends every poll that waits
            self.world.changed.notify_all()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def file_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/file/bot"

    def fail(self, method: str, times: int = 1, **how: Any) -> None:
        self.troubles.append(Trouble(method, times, **how))

    def made(self, method: str) -> list[dict[str, Any]]:
        """What was given to the calls of a method that were done, in order."""
        return [call.given for call in self.calls if call.method == method and call.ok]

    async def taken(self) -> None:
        """Until the bot has come back for more after everything that is in the queue."""
        async with self.world.changed:
            await self.world.changed.wait_for(
                lambda: not self.world.updates or self._confirmed > max(u["update_id"] for u in self.world.updates)
            )

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        given = await given_in(request)
        if request.match_info["token"] != TOKEN or not self.token_good:
            return refused(Refusal(401, "Unauthorized"))
        trouble = self._trouble(method, given)
        if trouble is not None and trouble.cut:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        try:
            if trouble is not None and trouble.refusal is not None:
                raise trouble.refusal
            if method != "getUpdates":
                self.wrong += faults_of(method, {k: v for k, v in given.items() if k not in NEWER})
            deed = getattr(self, f"do_{_UPPER.sub(_lowered, method)}", None)
            if deed is None:
                raise Refusal(404, "Not Found: method not found")
            result = await deed(given)
        except Refusal as refusal:
            self.calls.append(CallMade(method, given, time.monotonic(), ok=False))
            return refused(refusal)
        self.calls.append(CallMade(method, given, time.monotonic(), ok=True))
        if trouble is not None and trouble.lost:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return web.json_response({"ok": True, "result": result})

    def _trouble(self, method: str, given: dict[str, Any]) -> Trouble | None:
        for trouble in self.troubles:
            if trouble.method == method and trouble.times > 0 and trouble.fits(given):
                trouble.times -= 1
                return trouble
        return None

    async def _download(self, request: web.Request) -> web.Response:
        content = self.world.files.get(request.match_info["path"])
        if content is None or request.match_info["token"] != TOKEN:
            raise web.HTTPNotFound
        return web.Response(body=content)

    # Updates

    async def do_get_updates(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook["url"]:
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        self._poll_number += 1
        mine = self._poll_number
        offset = given.get("offset", 0)
        wanted = {"update_id"} if not self.asked_for else set(given.get("allowed_updates") or ())
        async with self.world.changed:
            if self._polling:
                self._polling = 0
                self.world.changed.notify_all()
            self._polling = mine
            self._confirmed = max(self._confirmed, offset)
            self.world.updates = [u for u in self.world.updates if u["update_id"] >= offset]
            self.world.changed.notify_all()

            def ready() -> bool:
                return self._polling != mine or any(wanted & u.keys() for u in self.world.updates)

            try:
                async with asyncio.timeout(given.get("timeout", 0) or 0.01):
                    await self.world.changed.wait_for(ready)
            except TimeoutError:
                pass
            if self._polling != mine:
                if self._poll_number >= 1_000_000:
                    return []
                raise Refusal(409, "Conflict: terminated by other getUpdates request; make sure that only one bot runs")
            self._polling = 0
            self.world.updates = [u for u in self.world.updates if wanted & u.keys()]
            return [u for u in self.world.updates if wanted & u.keys()][:100]

    async def do_set_webhook(self, given: dict[str, Any]) -> bool:
        if not given["url"].startswith("https://"):
            raise Refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = dict(given)
        return True

    async def do_delete_webhook(self, given: dict[str, Any]) -> bool:
        self.webhook = {"url": ""}
        return True

    async def do_get_webhook_info(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"url": self.webhook["url"], "has_custom_certificate": False, "pending_update_count": 0}


_UPPER = re.compile("[A-Z]")


def _lowered(found: re.Match[str]) -> str:
    return f"_{found[0].lower()}"
