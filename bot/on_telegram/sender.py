"""Sending, editing and acknowledging: the only place where requests to write are made.

For the courier every failure is raised as a kind it knows. People who wait for an answer get more patience: what was
not sent because of haste or a lost connection is sent again here, and never what may have arrived.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from telegram import (
    Bot,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode, ReactionEmoji
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.desk.surface import Moved, Refused, SendFault, Sent, TooFast, Unavailable, Unsure, Vanished
from bot.on_telegram.keyboard import KeyDrawn, Keys
from bot.on_telegram.render import Drawn
from bot.on_telegram.spans import plain
from bot.on_telegram.troubles import NoTopic, NotUnderstood, is_late, meaning, seconds_of
from cogs.kit.reply import Upload

log = logging.getLogger(__name__)
T = TypeVar("T")

#: Bot API, sendPhoto: at most 10 MB. What is not one of these kinds or larger goes as a document.
_PHOTO_BYTES = 10 * 1024 * 1024
_PHOTOS = frozenset({"image/png", "image/jpeg", "image/webp"})
#: How often, and how long at most, an answer to a person waits for a platform that asks for patience. In seconds.
_TRIES, _PATIENCE = 4, 60.0
#: Every text goes without previews: what a person's link shows is not ours to post.
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_HTML: dict[str, Any] = {"parse_mode": ParseMode.HTML}
_TIME_TAG = re.compile(r"</?tg-time[^>]*>")
_ANY_TAG = re.compile(r"<[^>]*>")


def address_of(chat_id: int, thread: int | None = None) -> str:
    """The address of a chat, or of a topic in it: "-100123" or "-100123:45"."""
    return f"{chat_id}:{thread}" if thread else str(chat_id)


def taken_apart(address: str) -> tuple[int, int | None]:
    """The chat and the topic of an address. Raises Refused for one that is not Telegram's."""
    chat, _, thread = address.partition(":")
    try:
        return int(chat), int(thread) if thread else None
    except ValueError:
        raise Refused("not an address of Telegram") from None


def markup(keys: Keys) -> InlineKeyboardMarkup | None:
    """The keyboard as python-telegram-bot has it; None for no keys."""
    return InlineKeyboardMarkup([[_button(one) for one in row] for row in keys]) if keys else None


def _forced(drawn: Drawn) -> ForceReply | None:
    """Bot API, ForceReply: opens the reply for those who are answered or named, with a hint of 1-64 characters."""
    if drawn.asks is None:
        return None
    return ForceReply(selective=True, input_field_placeholder=drawn.asks[:64] or None)


def _button(one: KeyDrawn) -> InlineKeyboardButton:
    return InlineKeyboardButton(
        one.label,
        callback_data=one.data,
        url=one.url,
        copy_text=CopyTextButton(one.copy) if one.copy is not None else None,
        style=one.style,
    )


class Sender:
    """Writes to chats. It outlives restarts of whoever listens, so that the courier can go on meanwhile."""

    def __init__(self, bot: Bot, moved: Callable[[str, str], Awaitable[None]]) -> None:
        """moved: told when a chat has a new address: the old one, the new one."""
        self.bot = bot
        self._moved = moved
        self._held: dict[int, float] = {}
        self._dates = True
        #: Told of every message that answers a person, with its address, so that deliveries keep their distance.
        self.replied: Callable[[str], object] = lambda _: None

    # New messages

    async def send(self, address: str, drawn: Drawn, *, silent: bool = False, reply_to: int | None = None) -> Sent:
        """Send a drawing; the message that carries its keys. Raises a SendFault.

        reply_to: the message it answers; it is sent all the same when that is gone.
        """
        chat, thread = taken_apart(address)
        try:
            return await self._send(chat, thread, drawn, silent=silent, reply_to=reply_to)
        except NoTopic:
            log.warning("a topic of chat %s is gone or closed; writing to its general one", chat)
        try:
            return await self._send(chat, None, drawn, silent=silent, reply_to=None)
        except NoTopic:
            raise Refused("the topics are closed") from None

    async def _send(self, chat: int, thread: int | None, drawn: Drawn, *, silent: bool, reply_to: int | None) -> Sent:
        common: dict[str, Any] = {
            "chat_id": chat,
            "message_thread_id": thread,
            "disable_notification": silent or drawn.silent or None,
        }
        answering = ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None
        keys = markup(drawn.keys) or _forced(drawn)
        if drawn.captioned or not drawn.texts:
            caption = drawn.texts[0] if drawn.texts else None
            first, *rest = drawn.files
            alone = await self._file(first, caption, {**common, "reply_markup": keys, "reply_parameters": answering})
            await self._rest(rest, common)
            return Sent(str(alone.message_id), address_of(chat, thread))
        sent: Message | None = None
        for number, text in enumerate(drawn.texts, 1):
            last = number == len(drawn.texts)
            options = {
                **common,
                "reply_markup": keys if last else None,
                "reply_parameters": answering if number == 1 else None,
            }
            try:
                sent = await self._text(text, options)
            except SendFault:
                if sent is None:
                    raise
                raise Unsure("a part of it arrived") from None
        await self._rest(drawn.files, common)
        assert sent is not None  # there is at least one text
        return Sent(str(sent.message_id), address_of(chat, thread))

    async def _text(self, text: str, options: dict[str, Any]) -> Message:
        return await self._readable(
            text, lambda html: self.bot.send_message(text=html, link_preview_options=NO_PREVIEW, **_HTML, **options)
        )

    async def _rest(self, files: Any, common: dict[str, Any]) -> None:
        """Files that follow a message which is there already: a failure costs them, not the message."""
        for file in files:
            try:
                await self._file(file, None, common)
            except (SendFault, NoTopic) as fault:
                log.warning("a file could not be sent: %s", type(fault).__name__)

    async def _file(self, file: Upload, caption: str | None, options: dict[str, Any]) -> Message:
        if caption is None and file.alt:
            caption = plain(file.alt[:500]).html
        whole = InputFile(file.content, filename=file.name)
        if file.kind in _PHOTOS and len(file.content) <= _PHOTO_BYTES:
            try:
                return await self._readable(
                    caption or "",
                    lambda html: self.bot.send_photo(photo=whole, caption=html or None, **_HTML, **options),
                )
            except Unsure as refusal:
                if not str(refusal).startswith("refused:"):  # an odd shape is refused as a photo, never as a file
                    raise
        return await self._readable(
            caption or "",
            lambda html: self.bot.send_document(document=whole, caption=html or None, **_HTML, **options),
        )

    # Edits

    async def edit(self, address: str, message: int, drawn: Drawn, *, media: bool = False) -> None:
        """Draw a message anew with its keyboard. media: it is a file with a caption. Raises a SendFault."""
        chat, _ = taken_apart(address)
        keys = markup(drawn.keys)
        where: dict[str, Any] = {"chat_id": chat, "message_id": message, "reply_markup": keys}
        text = drawn.texts[0] if drawn.texts else "…"
        if media:
            await self._readable(text, lambda html: self.bot.edit_message_caption(caption=html, **_HTML, **where))
        else:
            await self._readable(
                text,
                lambda html: self.bot.edit_message_text(text=html, link_preview_options=NO_PREVIEW, **_HTML, **where),
            )

    async def bare_of_keys(self, chat: int, message: int) -> None:
        """Take the keyboard off a message; whatever happens, nobody waits for it."""
        try:
            await self.bot.edit_message_reply_markup(chat_id=chat, message_id=message, reply_markup=None)
        except TelegramError as error:
            log.debug("a keyboard stays: %s", type(error).__name__)

    async def nod(self, chat: int, message: int) -> None:
        """A sign on somebody's message that it was read; where a chat allows no such signs, nothing."""
        with contextlib.suppress(TelegramError):
            await self.bot.set_message_reaction(chat, message, ReactionEmoji.EYES)

    async def remove(self, address: str, message: int) -> None:
        """Take a message of ours away; one that stays does no harm."""
        with contextlib.suppress(TelegramError):
            await self.bot.delete_message(taken_apart(address)[0], message)

    # Presses

    async def acknowledge(self, query_id: str, text: str | None = None, url: str | None = None) -> None:
        """End the spinner of a press, with words or by opening an address where there is one. Never raises."""
        try:
            await self.bot.answer_callback_query(query_id, text=text, show_alert=True if text else None, url=url)
        except RetryAfter as error:
            log.info("a press was not acknowledged: wait %s s", seconds_of(error))
        except BadRequest as error:
            if not is_late(error):
                log.warning("a press was not acknowledged: %s", error.message[:80])
        except TelegramError as error:
            log.info("a press was not acknowledged: %s", type(error).__name__)

    # Patience

    async def answer(self, address: str, drawn: Drawn, *, reply_to: int | None = None) -> Sent:
        """Send an answer to a person. Raises Refused when they cannot be written to, else a SendFault in the end."""
        sent = await self._patiently(address, lambda at: self.send(at, drawn, reply_to=reply_to))
        self.replied(sent.dest)
        return sent

    async def redo(self, address: str, message: int, drawn: Drawn, *, media: bool = False) -> None:
        """Edit a message as the answer to a person. Raises Vanished when it cannot be, else a SendFault in the end."""
        try:
            await self._patiently(address, lambda at: self.edit(at, message, drawn, media=media))
        except NoTopic:
            raise Vanished from None

    async def _patiently(self, address: str, attempt: Callable[[str], Awaitable[T]]) -> T:
        for left in reversed(range(_TRIES)):
            chat, _ = taken_apart(address)
            await self._turn(chat)
            try:
                return await attempt(address)
            except TooFast as fault:
                self._held[chat] = time.monotonic() + fault.seconds
                if not left or fault.seconds > _PATIENCE:
                    raise
            except Moved as fault:
                if not left:
                    raise
                await self._moved(str(chat), fault.dest)
                address = fault.dest
            except Unavailable:
                if not left:
                    raise
                await asyncio.sleep(0.2 * 2 ** (_TRIES - left - 1))
        raise Vanished  # not reached: the last attempt returns or raises

    async def _turn(self, chat: int) -> None:
        """Wait while the platform has asked to leave this chat alone."""
        until = self._held.get(chat)
        if until is None:
            return
        wait = until - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        self._held.pop(chat, None)

    # What the server cannot read

    async def _readable(self, html: str, attempt: Callable[[str], Awaitable[T]]) -> T:
        """Make a request; for a server that does not know an entity yet, again in simpler words. Raises as `_made`."""
        if not self._dates:
            html = _TIME_TAG.sub("", html)
        try:
            return await _made(attempt(html))
        except NotUnderstood:
            log.warning("the server could not read a message; sending it in simpler markup")
        simpler = _TIME_TAG.sub("", html)
        if simpler != html:
            try:
                done = await _made(attempt(simpler))
            except NotUnderstood:
                log.warning("the server could not read a message in simpler markup either")
            else:
                self._dates = False
                return done
        try:
            return await _made(attempt(_ANY_TAG.sub("", html)))
        except NotUnderstood:
            raise Unsure("refused: it could not be read") from None


async def _made(request: Awaitable[T]) -> T:
    """The request's outcome. Raises a SendFault, NoTopic or NotUnderstood."""
    try:
        return await request
    except TelegramError as error:
        fault = meaning(error)
        if isinstance(fault, Unsure) and str(fault).startswith("refused:"):
            log.error("Telegram refused a message: %s", str(fault))
        raise fault from None
