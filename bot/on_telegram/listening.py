"""Asking for updates when one of them cannot be read.

python-telegram-bot reads a batch as a whole: one update of a shape it does not know costs all of them, its poller dies
of it, and the next one is given the same batch. So the batch is then looked through, and what cannot be read is left
out.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from telegram import Bot, Update
from telegram.error import TelegramError

from bot.on_telegram.requests import Requests

log = logging.getLogger(__name__)

#: What python-telegram-bot writes to the log with everything that people said in it, and the loggers that do so.
_SPOKEN = ("Error while parsing updates", "Can not load invalid JSON data")
_LOGGERS = ("telegram.Bot", "telegram.request.BaseRequest")


class Listener(Bot):
    """A bot whose polls are not lost because of one update."""

    def __init__(self, token: str, polling: Requests, **options: Any) -> None:
        """options: as for the base class."""
        self._polling = polling
        super().__init__(token, get_updates_request=polling, **options)

    async def get_updates(self, *args: Any, **options: Any) -> tuple[Update, ...]:
        """What happened; see the base class."""
        try:
            return await super().get_updates(*args, **options)
        except TelegramError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever is wrong with the update
            log.warning("a batch of updates could not be read: %s", type(error).__name__)
        self._polling.sift = readable
        try:
            return await super().get_updates(*args, **options)
        finally:
            self._polling.sift = None


def readable(body: bytes) -> bytes:
    """An answer to getUpdates without what cannot be read; its ids stay, so that it is not sent again."""
    answer = json.loads(body)
    entries = answer.get("result")
    if isinstance(entries, list):
        answer["result"] = [one if _can_be_read(one) else {"update_id": one["update_id"]} for one in entries]
    return json.dumps(answer).encode()


def _can_be_read(entry: dict[str, Any]) -> bool:
    try:
        Update.de_json(entry, None)
    except Exception as error:  # noqa: BLE001  # whatever is wrong with it
        log.warning("update %s could not be read and is left out: %s", entry.get("update_id"), type(error).__name__)
        return False
    return True


def keep_quiet() -> None:
    """Keep out of the log what python-telegram-bot would write there of what people say."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if _unspoken not in logger.filters:
            logger.addFilter(_unspoken)


def _unspoken(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(_SPOKEN)
