"""The Bot API over HTTP: refuses what Telegram refuses, and fails as it is told to."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.fakes.telegram.markup import BadMarkup, Shown, parse
from tests.fakes.telegram.spec import faults_of
from tests.fakes.telegram.world import ADMIN_RIGHTS, BOT, Alerted, Post, Room, World

TOKEN = "4242:loopback-token-of-the-tests-0123456789"


class Refusal(Exception):
    """An answer that is not ok."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


@dataclass(slots=True)
class Trouble:
    """How the next fitting calls fail. lost: the deed is done and the connection cut; cut: before the deed."""

    method: str
    times: int
    refusal: Refusal | None = None
    lost: bool = False
    cut: bool = False
    fits: Callable[[dict[str, Any]], bool] = lambda _: True


@dataclass(frozen=True, slots=True)
class CallMade:
    method: str
    given: dict[str, Any]
    at: float
    ok: bool


@dataclass
class BotApi:
    """One server. `calls` is what the bot asked for; `wrong` what the published description would not have allowed."""

    world: World = field(default_factory=World)
    calls: list[CallMade] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    ephemeral: bool = False
    knows_times: bool = True
    per_chat: tuple[int, float] | None = None
    token_good: bool = True

    def __post_init__(self) -> None:
        self.webhook: dict[str, Any] = {"url": ""}
        self._polling = 0
        self._poll_number = 0
        self._confirmed = 0
        self._handed = 0
        self._recent: dict[int, deque[float]] = {}
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
        given = await _given(request)
        if request.match_info["token"] != TOKEN or not self.token_good:
            return _answer(Refusal(401, "Unauthorized"))
        trouble = self._trouble(method, given)
        if trouble is not None and trouble.cut:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        try:
            if trouble is not None and trouble.refusal is not None:
                raise trouble.refusal
            if method != "getUpdates":
                self.wrong += faults_of(method, {k: v for k, v in given.items() if k not in _NEWER})
            deed = getattr(self, f"do_{_UPPER.sub(_lowered, method)}", None)
            if deed is None:
                raise Refusal(404, "Not Found: method not found")
            result = await deed(given)
        except Refusal as refusal:
            self.calls.append(CallMade(method, given, time.monotonic(), ok=False))
            return _answer(refusal)
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
        wanted = set(given.get("allowed_updates") or ())
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

    async def do_get_me(self, given: dict[str, Any]) -> dict[str, Any]:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}

    async def do_set_my_commands(self, given: dict[str, Any]) -> bool:
        if len(given["commands"]) > 100:
            raise Refusal(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
        for one in given["commands"]:
            if not (1 <= len(one["command"]) <= 32 and one["command"].replace("_", "").isalnum()):
                raise Refusal(400, "Bad Request: BOT_COMMAND_INVALID")
            if one["command"] != one["command"].lower() or not 1 <= len(one["description"]) <= 256:
                raise Refusal(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        scope = given.get("scope", {"type": "default"})["type"]
        self.world.commands[scope, given.get("language_code", "")] = given["commands"]
        return True

    async def do_get_chat_member(self, given: dict[str, Any]) -> dict[str, Any]:
        room = self._room(given)
        user = self.world.accounts.get(given["user_id"])
        if user is None:
            raise Refusal(400, "Bad Request: PARTICIPANT_ID_INVALID")
        status = room.members.get(user.id, "left")
        made: dict[str, Any] = {"user": user.entry(), "status": status}
        if status in ("administrator", "creator"):
            made |= {"is_anonymous": False}
        if status == "administrator":
            made |= dict.fromkeys(ADMIN_RIGHTS, False)
        return made

    # Messages

    async def do_send_message(self, given: dict[str, Any]) -> dict[str, Any]:
        if "ephemeral_message_parameters" in given and self.ephemeral:
            shown, room = self._shown(given, "text", 4096), self._room(given)
            reader = given["ephemeral_message_parameters"]["receiver_user_id"]
            self.world.for_one.append((reader, shown.text, self._keys(given, room)))
            entry = {"message_id": 0, "date": self.world.unix, "chat": room.entry(), "text": shown.text}
            return entry | {"ephemeral_message_id": len(self.world.for_one)}
        room = self._writable(given)
        shown = self._shown(given, "text", 4096)
        return self._posted(room, given, shown, "text")

    async def do_send_document(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._media(given, "document")

    async def do_send_photo(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._media(given, "photo")

    def _media(self, given: dict[str, Any], kind: str) -> dict[str, Any]:
        room = self._writable(given)
        shown = self._shown(given, "caption", 1024) if given.get("caption") else None
        return self._posted(room, given, shown, kind)

    def _posted(self, room: Room, given: dict[str, Any], shown: Shown | None, kind: str) -> dict[str, Any]:
        self._pace(room)
        world = self.world
        reply = given.get("reply_parameters") or {}
        if reply and (room.id, reply["message_id"]) not in world.posts and not reply.get("allow_sending_without_reply"):
            raise Refusal(400, "Bad Request: message to be replied not found")
        post = Post(
            room.id, world.count("message"), BOT, shown.text if shown else "", shown, self._keys(given, room),
            given.get("message_thread_id"), reply.get("message_id"), kind, given.get("_file"),
            bool(given.get("disable_notification")), world.count("at"), by_bot=True,
        )  # fmt: skip
        world.posts[room.id, post.id] = post
        world.log.append(post)
        entry = {"message_id": post.id, "date": world.unix, "chat": room.entry(), "from": BOT}
        if kind == "text":
            entry["text"] = post.text
        return entry

    async def do_edit_message_text(self, given: dict[str, Any]) -> Any:
        return self._edited(given, "text", 4096)

    async def do_edit_message_caption(self, given: dict[str, Any]) -> Any:
        return self._edited(given, "caption", 1024)

    async def do_edit_message_reply_markup(self, given: dict[str, Any]) -> Any:
        post, room = self._editable(given)
        keys = self._keys(given, room)
        if keys == post.keys:
            raise Refusal(400, _UNMODIFIED)
        post.keys = keys
        return self._entry(post, room)

    def _edited(self, given: dict[str, Any], name: str, most: int) -> dict[str, Any]:
        post, room = self._editable(given)
        if (post.kind == "text") != (name == "text"):
            raise Refusal(400, f"Bad Request: there is no {name} in the message to edit")
        shown, keys = self._shown(given, name, most), self._keys(given, room)
        if (shown, keys) == (post.shown, post.keys):
            raise Refusal(400, _UNMODIFIED)
        self._pace(room)
        post.before, post.shown, post.keys, post.edited = post.words, shown, keys, True
        post.at = self.world.count("at")
        self.world.log.append(
            Post(
                post.chat,
                post.id,
                BOT,
                shown.text,
                shown,
                keys,
                post.thread,
                kind=post.kind,
                at=post.at,
                by_bot=True,
                edited=True,
                before=post.before,
            )
        )
        return self._entry(post, room)

    def _editable(self, given: dict[str, Any]) -> tuple[Post, Room]:
        room = self._writable(given)
        post = self.world.posts.get((room.id, given["message_id"]))
        if post is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        if not post.by_bot:
            raise Refusal(400, "Bad Request: message can't be edited")
        return post, room

    def _entry(self, post: Post, room: Room) -> dict[str, Any]:
        entry = {"message_id": post.id, "date": self.world.unix, "chat": room.entry(), "from": BOT}
        return entry | {"text": post.words}

    async def do_delete_message(self, given: dict[str, Any]) -> bool:
        room = self._room(given)
        if self.world.posts.pop((room.id, given["message_id"]), None) is None:
            raise Refusal(400, "Bad Request: message to delete not found")
        return True

    async def do_answer_callback_query(self, given: dict[str, Any]) -> bool:
        known = self.world.queries.get(given["callback_query_id"])
        if known is None or known[2]:
            raise Refusal(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        if len(given.get("text", "")) > 200:
            raise Refusal(400, "Bad Request: MESSAGE_TOO_LONG")
        user, chat, _ = known
        self.world.queries[given["callback_query_id"]] = (user, chat, True)
        self.world.log.append(Alerted(user, chat, given.get("text"), self.world.count("at")))
        return True

    async def do_send_chat_action(self, given: dict[str, Any]) -> bool:
        self._writable(given)
        return True

    async def do_set_message_reaction(self, given: dict[str, Any]) -> bool:
        room = self._writable(given)
        if (room.id, given["message_id"]) not in self.world.posts:
            raise Refusal(400, "Bad Request: message to react not found")
        return True

    async def do_get_file(self, given: dict[str, Any]) -> dict[str, Any]:
        content = self.world.files.get(given["file_id"])
        if content is None:
            raise Refusal(400, "Bad Request: invalid file_id")
        if len(content) > 20 * 1024 * 1024:
            raise Refusal(400, "Bad Request: file is too big")
        name = given["file_id"]
        return {"file_id": name, "file_unique_id": name, "file_size": len(content), "file_path": name}

    # What may be written where

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
        if thread in room.closed:
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


_UPPER = re.compile("[A-Z]")


def _lowered(found: re.Match[str]) -> str:
    return f"_{found[0].lower()}"


_UNMODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
#: Parameters of a newer Bot API than the description beside the checkout.
_NEWER = frozenset({"ephemeral_message_parameters", "_file"})


async def _given(request: web.Request) -> dict[str, Any]:
    """The parameters, as their JSON values; a file is its bytes, and its name and bytes stand under "_file"."""
    given: dict[str, Any] = {}
    for name, value in {**request.query, **(await request.post())}.items():
        if isinstance(value, web.FileField):
            content = value.file.read()
            given["_file"] = (value.filename, content)
            given[name] = content
        else:
            given[name] = _value(name, str(value))
    attached = [name for name in given if name.startswith("attached")]
    for name, value in list(given.items()):
        if isinstance(value, str) and value.startswith("attach://"):
            given[name] = given[value.removeprefix("attach://")]
    for name in attached:
        del given[name]
    return given


#: Parameters that are text, whatever they look like.
_TEXTS = frozenset({"text", "caption", "url", "file_id", "callback_query_id", "secret_token", "language_code"})


def _value(name: str, text: str) -> Any:
    if name in _TEXTS:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _answer(refusal: Refusal) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return web.json_response(body, status=refusal.code)
