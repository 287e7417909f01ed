"""What may be written where: chats that take nothing, text that cannot be read, keyboards that are too much."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.markup import BadMarkup, Shown, parse
from tests.fakes.telegram.wire import Refusal
from tests.fakes.telegram.world import Room, World


@dataclass
class Limits:
    """knows_times: whether date entities are known. per_chat: so many messages within so many seconds."""

    world: World = field(default_factory=World)
    knows_times: bool = True
    per_chat: tuple[int, float] | None = None
    _recent: dict[int, deque[float]] = field(default_factory=dict)

    def _room(self, given: dict[str, Any]) -> Room:
        room = self.world.rooms.get(given["chat_id"])
        if room is None:
            raise Refusal(400, "Bad Request: chat not found")
        if room.moved_to is not None:
            raise Refusal(
                400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=room.moved_to
            )
        return room

    def _writable(self, given: dict[str, Any]) -> Room:
        room = self._room(given)
        if room.type == "private":
            user = self.world.accounts[room.id]
            if user.deactivated:
                raise Refusal(403, "Forbidden: user is deactivated")
            if user.blocked:
                raise Refusal(403, "Forbidden: bot was blocked by the user")
            if not user.started:
                raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        elif not room.bot_in:
            raise Refusal(403, f"Forbidden: bot was kicked from the {room.type} chat")
        elif not room.bot_writes:
            raise Refusal(400, "Bad Request: not enough rights to send text messages to the chat")
        thread = given.get("message_thread_id")
        if thread is not None and thread not in room.topics:
            raise Refusal(400, "Bad Request: message thread not found")
        if (thread or 1) in room.closed:
            raise Refusal(400, "Bad Request: TOPIC_CLOSED")
        return room

    def _pace(self, room: Room) -> None:
        if self.per_chat is None:
            return
        most, within = self.per_chat
        recent, now = self._recent.setdefault(room.id, deque()), time.monotonic()
        while recent and now - recent[0] > within:
            recent.popleft()
        if len(recent) >= most:
            raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)
        recent.append(now)

    def _shown(self, given: dict[str, Any], name: str, most: int) -> Shown:
        text = given.get(name, "")
        if not text.strip():
            raise Refusal(400, f"Bad Request: message {'text' if name == 'text' else 'caption'} is empty")
        if given.get("parse_mode") == "HTML":
            try:
                if not self.knows_times and "<tg-time" in text:
                    raise BadMarkup('Unsupported start tag "tg-time" at byte offset 0')
                shown = parse(text)
            except BadMarkup as fault:
                raise Refusal(400, f"Bad Request: can't parse entities: {fault}") from None
        else:
            shown = Shown(text, ())
        if not shown.text.strip():
            raise Refusal(400, "Bad Request: text must be non-empty")
        if shown.units > most:
            raise Refusal(400, f"Bad Request: message {'is' if name == 'text' else 'caption is'} too long")
        return shown

    def _keys(self, given: dict[str, Any], room: Room) -> list[list[dict[str, Any]]]:
        markup = given.get("reply_markup") or {}
        if "keyboard" in markup and room.type != "private":
            for row in markup["keyboard"]:
                if any("request_users" in one or "request_location" in one for one in row):
                    raise Refusal(400, "Bad Request: users can be requested in private chats only")
        rows: list[list[dict[str, Any]]] = markup.get("inline_keyboard", [])
        if sum(map(len, rows)) > 100 or any(len(row) > 8 for row in rows):
            raise Refusal(400, "Bad Request: reply markup is too long")
        for one in (one for row in rows for one in row):
            does = [name for name in ("callback_data", "url", "copy_text") if name in one]
            if not one.get("text") or len(does) != 1:
                raise Refusal(400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed")
            if "callback_data" in one and not 1 <= len(one["callback_data"].encode()) <= 64:
                raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
            if "url" in one and "." not in one["url"].split("/")[2]:
                raise Refusal(400, "Bad Request: inline keyboard button URL is invalid: Wrong HTTP URL")
            if "copy_text" in one and not 1 <= len(one["copy_text"]["text"]) <= 256:
                raise Refusal(400, "Bad Request: BUTTON_COPY_TEXT_INVALID")
            if one.get("style") not in (None, "primary", "success", "danger"):
                raise Refusal(400, "Bad Request: BUTTON_STYLE_INVALID")
        return rows
