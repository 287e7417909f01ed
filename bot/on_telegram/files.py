"""What people send along: documents and pictures, fetched only when something wants them."""

from __future__ import annotations

import logging

from telegram import Document, Message, PhotoSize
from telegram.error import TelegramError

from cogs.kit.reply import Upload

log = logging.getLogger(__name__)

#: Bot API, getFile: a bot can download at most 20 MB.
MOST_BYTES = 20 * 1024 * 1024


class CannotFetch(Exception):
    """A file could not be had; the text says why, for the person who sent it."""


def has_file(message: Message) -> bool:
    """Whether a message brings a document or a picture."""
    return bool(message.document or message.photo)


async def fetch(message: Message) -> tuple[Upload, ...]:
    """The document or picture of a message; nothing when it has none. Raises CannotFetch."""
    source: Document | PhotoSize | None = message.document or (message.photo[-1] if message.photo else None)
    if source is None:
        return ()
    if (source.file_size or 0) > MOST_BYTES:
        raise CannotFetch("That file is over 20 MB, which is more than I can fetch. Send a smaller one.")
    try:
        content = bytes(await (await source.get_file()).download_as_bytearray())
    except TelegramError as error:
        log.info("a file could not be fetched: %s", type(error).__name__)
        raise CannotFetch("I could not fetch that file. Send it once more.") from None
    if len(content) > MOST_BYTES:
        raise CannotFetch("That file is over 20 MB, which is more than I can fetch. Send a smaller one.")
    kind = (message.document.mime_type if message.document else "image/jpeg") or "application/octet-stream"
    name = (message.document.file_name if message.document else None) or f"file-{message.message_id}{_ending(kind)}"
    return (Upload(name, content, kind, alt=message.caption or name),)


def _ending(kind: str) -> str:
    return {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}.get(kind, "")
