"""The door for updates that Telegram pushes. What is behind it is `web.listen`, and before it any proxy with TLS."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web
from telegram import Bot, Update

from bot.on_telegram.updates import Unready

log = logging.getLogger(__name__)

#: Bot API, setWebhook: the header that carries secret_token.
_HEADER = "X-Telegram-Bot-Api-Secret-Token"
#: An update is a few kilobytes; the largest, with a long message and many entities, stays far below this. In bytes.
_BODY = 512 * 1024


class Webhook:
    """Checks who knocks, and lets updates in."""

    def __init__(self, bot: Bot, secret: str, put: Callable[[Update], Awaitable[None]]) -> None:
        self._bot = bot
        self._secret = secret.encode()
        self._put = put

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Answer a push: 403 without the secret, 400 for what is no update, 503 when it should come again.

        Else 200, and the update is done, or will be.

        Nothing of the body is logged: it is what people wrote.
        """
        given = request.headers.get(_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret):
            raise web.HTTPForbidden
        if (request.content_length or 0) > _BODY:
            raise web.HTTPRequestEntityTooLarge(max_size=_BODY, actual_size=request.content_length or 0)
        try:
            entry = await request.json()
            update = Update.de_json(entry, self._bot)
        except web.HTTPException:
            raise
        except Exception as error:  # noqa: BLE001  # whatever was sent, it was no update
            log.warning("a pushed update could not be read: %s", type(error).__name__)
            raise web.HTTPBadRequest from None
        try:
            await self._put(update)
        except Unready:
            raise web.HTTPServiceUnavailable from None
        return web.Response()
