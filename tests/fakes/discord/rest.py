"""The REST half: what is asked, checked against the description and the limits, done to the world, answered."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.discord import limits, schema
from tests.fakes.discord.interactions import DEFER, DEFER_UPDATE, MODAL, SAY, SUGGEST, UPDATE, Interaction, Refusal
from tests.fakes.discord.world import DM, FORUM, THREAD, Channel, Message, snowflake

if TYPE_CHECKING:
    from tests.fakes.discord.server import FakeDiscord


@dataclass
class Request:
    """A request as it came in."""

    method: str
    path: str
    body: Any
    files: dict[str, bytes] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)


@dataclass
class Trouble:
    """Requests that go wrong.

    path: a pattern. how: a status and body; "lost" (done, but no answer); "doubled"; or a wait in seconds.
    """

    method: str
    path: str
    how: tuple[int, dict[str, Any]] | str | float
    times: int = 1
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[..., Awaitable[Any]]
_ROUTES: list[tuple[str, re.Pattern[str], str]] = []


def _route(method: str, path: str) -> Callable[[Handler], Handler]:
    def mark(handler: Handler) -> Handler:
        _ROUTES.append((method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "$"), handler.__name__))
        return handler

    return mark


class Rest:
    """Answers requests. seen: all of them, in order."""

    def __init__(self, fake: FakeDiscord) -> None:
        self._fake = fake
        self.seen: list[Request] = []
        self.troubles: list[Trouble] = []

    async def serve(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/api/v10")
        body, files = await _read(request)
        asked = Request(request.method, path, body, files, dict(request.query))
        self.seen.append(asked)
        if request.headers.get("Authorization") not in (None, f"Bot {self._fake.token}"):
            return _answer(401, {"message": "401: Unauthorized", "code": 0})
        trouble = next((t for t in self.troubles if t.method == asked.method and re.search(t.path, path)), None)
        if trouble is not None:
            trouble.times -= 1
            if trouble.times <= 0:
                self.troubles.remove(trouble)
            if isinstance(trouble.how, float):
                await asyncio.sleep(trouble.how)
            elif isinstance(trouble.how, tuple):
                return _answer(*trouble.how, trouble.headers)
        answer = await self._do(asked)
        if trouble is not None and trouble.how == "doubled":
            answer = await self._do(asked)
        if trouble is not None and trouble.how == "lost":
            assert request.transport is not None
            request.transport.abort()
        return answer

    async def _do(self, asked: Request) -> web.StreamResponse:
        wrong = schema.wrong(asked.method, asked.path, asked.body) if asked.body is not None else None
        try:
            if wrong is not None:
                raise limits.Bad(wrong)
            for method, pattern, name in _ROUTES:
                if method == asked.method and (found := pattern.match(asked.path)):
                    done = await getattr(self, name)(asked, **found.groupdict())
                    return web.Response(status=204) if done is None else _answer(200, done)
        except limits.Bad as bad:
            self._fake.violations.append(f"{asked.method} {asked.path}: {bad}")
            return _answer(400, {"message": f"Invalid Form Body: {bad}", "code": 50035, "errors": {}})
        except Refusal as refusal:
            self._fake.refusals.append(refusal.code)
            return _answer(refusal.status, {"message": str(refusal), "code": refusal.code})
        self._fake.violations.append(f"{asked.method} {asked.path}: no such route")
        return _answer(404, {"message": "404: Not Found", "code": 0})

    # Who we are

    @_route("GET", "/users/@me")
    async def _me(self, asked: Request) -> Any:
        return self._fake.bot.payload()

    @_route("GET", "/gateway/bot")
    async def _gateway(self, asked: Request) -> Any:
        return {
            "url": self._fake.gateway_url,
            "shards": self._fake.shards,
            "session_start_limit": self._fake.start_limit,
        }

    @_route("GET", "/oauth2/applications/@me")
    async def _application(self, asked: Request) -> Any:
        return self._fake.application()

    @_route("GET", "/applications/@me")
    async def _application_too(self, asked: Request) -> Any:
        return self._fake.application()

    # Commands

    @_route("PUT", "/applications/{app}/commands")
    async def _commands(self, asked: Request, app: str) -> Any:
        limits.commands(asked.body)
        self._fake.commands = [
            {
                "version": str(snowflake()),
                "application_id": app,
                "default_member_permissions": None,
                "type": 1,
                "nsfw": False,
                "description": "",
                **one,
                "id": str(snowflake()),
            }
            for one in asked.body
        ]
        return self._fake.commands

    @_route("PUT", "/applications/{app}/guilds/{guild}/commands")
    async def _guild_commands(self, asked: Request, app: str, guild: str) -> Any:
        made = await self._commands(asked, app)
        return [{**one, "guild_id": guild} for one in made]

    # Interactions

    @_route("POST", "/interactions/{id}/{token}/callback")
    async def _callback(self, asked: Request, id: str, token: str) -> Any:
        interaction = self._interaction(token)
        interaction.check_first(asked.body)
        kind, data = asked.body["type"], asked.body.get("data") or {}
        if kind in (SAY, UPDATE):
            changes = kind == UPDATE
            limits.message(data, asked.files, was_card=changes and _source(interaction).is_card, edit=changes)
        interaction.answer_type = kind
        interaction.first_after = time.monotonic() - interaction.sent_at
        private = bool(data.get("flags", 0) & limits.EPHEMERAL)
        if kind in (SAY, DEFER):
            message = self._new(interaction.channel, data, asked.files, only=interaction.user.id if private else None)
            message.loading = kind == DEFER
            interaction.original = message
            if kind == SAY:
                interaction.said.append(message)
        elif kind == UPDATE:
            interaction.original = self._edit(_source(interaction), data, asked.files)
            interaction.said.append(interaction.original)
        elif kind == DEFER_UPDATE:
            interaction.original = interaction.source
        elif kind == MODAL:
            interaction.modal = data
        elif kind == SUGGEST:
            limits.need(len(data["choices"]) <= 25, "at most 25 suggestions")
            limits.need(all(1 <= len(c["name"]) <= 100 and len(str(c["value"])) <= 100 for c in data["choices"]), "100")
            interaction.suggestions = data["choices"]
        interaction.touched()
        if asked.query.get("with_response") not in ("1", "true"):
            return None
        about: dict[str, Any] = {"id": id, "type": interaction.type, "response_message_loading": kind == DEFER}
        made: dict[str, Any] = {"interaction": about}
        if interaction.original is not None:
            about |= {"response_message_id": str(interaction.original.id), "response_message_ephemeral": private}
            made["resource"] = {"type": kind, "message": interaction.original.payload()}
        return made

    @_route("PATCH", "/webhooks/{app}/{token}/messages/{message}")
    async def _edit_answer(self, asked: Request, app: str, token: str, message: str) -> Any:
        interaction = self._interaction(token)
        interaction.check_later()
        found = self._of(interaction, message)
        limits.message(asked.body, asked.files, was_card=found.is_card, edit=not found.loading)
        self._edit(found, asked.body, asked.files)
        interaction.said.append(found)
        interaction.touched()
        return found.payload()

    @_route("GET", "/webhooks/{app}/{token}/messages/{message}")
    async def _get_answer(self, asked: Request, app: str, token: str, message: str) -> Any:
        interaction = self._interaction(token)
        interaction.check_later()
        return self._of(interaction, message).payload()

    @_route("DELETE", "/webhooks/{app}/{token}/messages/{message}")
    async def _delete_answer(self, asked: Request, app: str, token: str, message: str) -> Any:
        interaction = self._interaction(token)
        interaction.check_later()
        self._of(interaction, message).deleted = True
        return None

    @_route("POST", "/webhooks/{app}/{token}")
    async def _follow_up(self, asked: Request, app: str, token: str) -> Any:
        interaction = self._interaction(token)
        interaction.check_later()
        limits.message(asked.body, asked.files)
        original = interaction.original
        if interaction.answer_type == DEFER and original is not None and original.loading and not original.deleted:
            # The first thing said after a deferral takes its place, and its privacy.
            self._edit(original, asked.body, asked.files)
            interaction.said.append(original)
            interaction.touched()
            return original.payload()
        private = bool((asked.body.get("flags") or 0) & limits.EPHEMERAL)
        message = self._new(interaction.channel, asked.body, asked.files, only=interaction.user.id if private else None)
        interaction.said.append(message)
        if original is not None and original.deleted:
            original.loading = False
        interaction.touched()
        return message.payload()

    # Messages

    @_route("POST", "/users/@me/channels")
    async def _open_dm(self, asked: Request) -> Any:
        user = self._fake.users.get(int(asked.body["recipient_id"]))
        if user is None:
            raise Refusal(400, 50033, "Invalid recipient")
        return self._fake.dm(user).payload()

    @_route("POST", "/channels/{channel}/messages")
    async def _send(self, asked: Request, channel: str) -> Any:
        place = self._channel(channel)
        self._check_place(place)
        if place.type == FORUM:
            raise Refusal(400, 40058, "a forum takes posts only")
        limits.message(asked.body, asked.files)
        nonce = asked.body.get("nonce")
        limits.need(nonce is not None and asked.body.get("enforce_nonce"), "sends carry a nonce of their own")
        limits.need(len(str(nonce)) <= 25, "a nonce has at most 25 characters")
        for known in self._fake.messages.values():
            if known.nonce == nonce and known.channel is place:
                return known.payload()
        message = self._new(place, asked.body, asked.files)
        message.nonce = str(nonce)
        self._fake.heard(message, place)
        return message.payload()

    @_route("GET", "/channels/{channel}/messages/{message}")
    async def _get_message(self, asked: Request, channel: str, message: str) -> Any:
        return self._message(channel, message).payload()

    @_route("PATCH", "/channels/{channel}/messages/{message}")
    async def _edit_message(self, asked: Request, channel: str, message: str) -> Any:
        place = self._channel(channel)
        found = self._message(channel, message)
        if place.archived:
            raise Refusal(400, 50083, "Thread is archived")
        if place.closed is not None:
            raise Refusal(403, place.closed)
        if asked.body.get("flags") is not None:
            limits.need(not found.is_card or asked.body["flags"] & limits.CARD, "the V2 flag stays")
        limits.message(asked.body, asked.files, was_card=found.is_card, edit=True)
        self._edit(found, asked.body, asked.files)
        return found.payload()

    @_route("DELETE", "/channels/{channel}/messages/{message}")
    async def _delete_message(self, asked: Request, channel: str, message: str) -> Any:
        self._message(channel, message).deleted = True
        return None

    # Threads

    @_route("GET", "/channels/{channel}")
    async def _get_channel(self, asked: Request, channel: str) -> Any:
        return self._channel(channel).payload()

    @_route("PATCH", "/channels/{channel}")
    async def _edit_channel(self, asked: Request, channel: str) -> Any:
        place, body = self._channel(channel), asked.body
        if place.archived and body.get("archived") is not False and body.keys() - {"archived", "locked"}:
            raise Refusal(400, 50083, "Thread is archived")
        if "available_tags" in body:
            limits.need(len(body["available_tags"]) <= 20, "at most 20 tags")
            place.tags = [_tag(one) for one in body["available_tags"]]
        if "applied_tags" in body:
            limits.need(len(body["applied_tags"]) <= 5, "at most 5 tags")
            place.applied = [str(one) for one in body["applied_tags"]]
        place.archived = body.get("archived", place.archived)
        place.locked = body.get("locked", place.locked)
        place.name = body.get("name", place.name)
        limits.need(1 <= len(place.name) <= 100, "a name has 1 to 100 characters")
        await self._fake.told_of(place)
        return place.payload()

    @_route("POST", "/channels/{channel}/tags")
    async def _new_tag(self, asked: Request, channel: str) -> Any:
        place = self._channel(channel)
        limits.need(1 <= len(asked.body["name"]) <= 20 and len(place.tags) < 20, "a tag")
        place.tags.append(_tag(asked.body))
        return place.payload()

    @_route("POST", "/channels/{channel}/threads")
    async def _new_thread(self, asked: Request, channel: str) -> Any:
        forum, body = self._channel(channel), asked.body
        self._check_place(forum)
        limits.need(1 <= len(body["name"]) <= 100, "a name has 1 to 100 characters")
        if forum.type != FORUM:
            raise Refusal(400, 40058)
        applied = [str(one) for one in body.get("applied_tags") or ()]
        limits.need(len(applied) <= 5 and set(applied) <= {one["id"] for one in forum.tags}, "tags of the forum")
        if forum.require_tag and not applied:
            raise Refusal(400, 40067, "A tag is required to create a forum post in this channel")
        limits.message(body["message"], asked.files)
        thread = Channel(body["name"], forum.guild_id, THREAD, parent_id=forum.id, applied=applied)
        self._fake.add_channel(thread)
        message = self._new(thread, body["message"], asked.files, id=thread.id)
        self._fake.heard(message, thread)
        payload = thread.payload() | {"owner_id": str(self._fake.bot.id)}
        await self._fake.gateway.dispatch("THREAD_CREATE", payload, guild_id=forum.guild_id)
        return {**payload, "message": message.payload()}

    # Events of a server

    @_route("POST", "/guilds/{guild}/scheduled-events")
    async def _new_event(self, asked: Request, guild: str) -> Any:
        place, body = self._fake.guilds[int(guild)], asked.body
        limits.need(body["entity_type"] == 3 and body["scheduled_end_time"], "elsewhere, with an end")
        limits.need(1 <= len(body["name"]) <= 100 and 1 <= len(body["entity_metadata"]["location"]) <= 100, "lengths")
        made = {
            "id": str(snowflake()),
            "guild_id": guild,
            "channel_id": None,
            "creator_id": str(self._fake.bot.id),
            "status": 1,
            "entity_id": None,
            "description": None,
            "user_count": 0,
            "image": None,
            "recurrence_rule": None,
            **body,
        }
        place.events[int(made["id"])] = made
        return made

    @_route("GET", "/guilds/{guild}/scheduled-events/{event}")
    async def _get_event(self, asked: Request, guild: str, event: str) -> Any:
        return self._event(guild, event)

    @_route("PATCH", "/guilds/{guild}/scheduled-events/{event}")
    async def _edit_event(self, asked: Request, guild: str, event: str) -> Any:
        found = self._event(guild, event)
        found.update(asked.body)
        return found

    @_route("DELETE", "/guilds/{guild}/scheduled-events/{event}")
    async def _delete_event(self, asked: Request, guild: str, event: str) -> Any:
        self._event(guild, event)
        del self._fake.guilds[int(guild)].events[int(event)]
        return None

    # Parts

    def _event(self, guild: str, event: str) -> dict[str, Any]:
        found = self._fake.guilds[int(guild)].events.get(int(event))
        if found is None:
            raise Refusal(404, 10070, "Unknown Guild Scheduled Event")
        return found

    def _interaction(self, token: str) -> Interaction:
        found = self._fake.interactions.get(token)
        if found is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        return found

    def _of(self, interaction: Interaction, message: str) -> Message:
        found = interaction.original if message == "@original" else self._fake.messages.get(int(message))
        if found is None or found.deleted:
            raise Refusal(404, 10008, "Unknown Message")
        return found

    def _channel(self, channel: str) -> Channel:
        found = self._fake.channels.get(int(channel)) if channel.isdigit() else None
        if found is None:
            raise Refusal(404, 10003, "Unknown Channel")
        return found

    def _message(self, channel: str, message: str) -> Message:
        place = self._channel(channel)
        found = self._fake.messages.get(int(message))
        if found is None or found.deleted or found.channel is not place or found.only is not None:
            raise Refusal(404, 10008, "Unknown Message")
        return found

    def _check_place(self, place: Channel) -> None:
        if place.type == DM and place.recipient is not None and not place.recipient.dms_open:
            raise Refusal(403, 50007, "Cannot send messages to this user")
        if place.closed is not None:
            raise Refusal(403 if place.closed in (50001, 50013) else 400, place.closed)
        if place.archived:
            raise Refusal(400, 50083, "Thread is archived")

    def _new(
        self,
        place: Channel,
        body: dict[str, Any],
        files: dict[str, bytes],
        *,
        only: int | None = None,
        id: int | None = None,
    ) -> Message:
        message = Message(id or snowflake(), place, self._fake.bot, only=only)
        self._fake.messages[message.id] = message
        self._set(message, body, files)
        self._fake.pings += limits.pings(body)
        return message

    def _edit(self, message: Message, body: dict[str, Any], files: dict[str, bytes]) -> Message:
        message.loading = False
        message.edits += 1
        self._set(message, body, files)
        return message

    def _set(self, message: Message, body: dict[str, Any], files: dict[str, bytes]) -> None:
        if "content" in body:
            message.content = body["content"] or ""
        if "components" in body:
            message.components = body["components"] or []
        if files or "attachments" in body:
            message.attachments = [self._fake.keep_file(name, content) for name, content in files.items()]
        message.flags |= (body.get("flags") or 0) & ~limits.EPHEMERAL
        message.number = self._fake.next_number()


def _source(interaction: Interaction) -> Message:
    limits.need(interaction.source is not None, "there is no message to change")
    assert interaction.source is not None
    return interaction.source


def _tag(body: dict[str, Any]) -> dict[str, Any]:
    return {"id": str(body.get("id") or snowflake()), "name": body["name"], "moderated": body.get("moderated", False),
            "emoji_id": None, "emoji_name": None}  # fmt: skip


async def _read(request: web.Request) -> tuple[Any, dict[str, bytes]]:
    if request.content_type == "multipart/form-data":
        body, files = None, {}
        async for part in await request.multipart():
            content = await part.read(decode=False)
            if part.name == "payload_json":
                body = json.loads(content)
            else:
                files[part.filename] = bytes(content)
        return body, files
    text = await request.text()
    return (json.loads(text) if text else None), {}


def _answer(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    # discord.py reads JSON only when the content type is exactly this.
    return web.Response(
        status=status, body=json.dumps(body).encode(), headers={"Content-Type": "application/json", **(headers or {})}
    )
