"""The fake: a world of people and servers, served on loopback, and the hands with which tests reach into it."""

from __future__ import annotations

import asyncio
import itertools
import re
from typing import Any

from aiohttp import web

from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, SUBMIT, Interaction
from tests.fakes.discord.limits import walk
from tests.fakes.discord.rest import Request, Rest, Trouble
from tests.fakes.discord.world import (
    ALLOWED,
    DM,
    MANAGE_GUILD,
    THREAD,
    Channel,
    Guild,
    Message,
    User,
    member,
    snowflake,
    stamp,
)

#: Looks like a token of Discord's and is none.
TOKEN = "MTEyMjMzNDQ1NTY2Nzc4ODk5.fake.loopback"


class FakeDiscord:
    """Start it, point the program at `api_url`, and act as its people."""

    def __init__(self, *, shards: int = 1) -> None:
        self.token = TOKEN
        self.shards = shards
        self.start_limit = {"total": 1000, "remaining": 1000, "reset_after": 1000, "max_concurrency": 16}
        self.bot = User("First Call", bot=True)
        self.application_id = self.bot.id
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.messages: dict[int, Message] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: list[dict[str, Any]] = []
        self.violations: list[str] = []
        self.refusals: list[int] = []
        self.pings: list[str] = []
        self.files: dict[str, bytes] = {}
        self.gateway = Gateway(self)
        self.rest = Rest(self)
        self._numbers = itertools.count(1)
        self._sent = asyncio.Event()
        self._runner: web.AppRunner | None = None
        self.port = 0

    # Running

    async def start(self) -> FakeDiscord:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/gw", self.gateway.serve)
        app.router.add_get("/gw/", self.gateway.serve)
        app.router.add_get("/files/{name}", self._file)
        app.router.add_route("*", "/api/v10/{rest:.*}", self.rest.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        return self

    async def stop(self) -> None:
        if self._runner is not None:
            await self.gateway.close(1001)
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def gateway_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/gw"

    async def __aenter__(self) -> FakeDiscord:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    # The world

    def add_user(self, name: str, **about: Any) -> User:
        user = User(name, **about)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str, *channels: str, **about: Any) -> Guild:
        guild = Guild(name, **about)
        self.guilds[guild.id] = guild
        for one in channels:
            self.add_channel(Channel(one, guild.id))
        return guild

    def add_channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        if channel.guild_id is not None:
            self.guilds[channel.guild_id].channels.append(channel)
        return channel

    def dm(self, user: User) -> Channel:
        known = next((c for c in self.channels.values() if c.type == DM and c.recipient is user), None)
        return known or self.add_channel(Channel("", None, DM, recipient=user))

    def channel(self, name: str) -> Channel:
        return next(one for one in self.channels.values() if one.name == name.removeprefix("#"))

    async def join(self, guild: Guild) -> None:
        """The bot is brought into a server."""
        # A server that was not announced by READY comes without a word on whether it is available.
        payload = {name: value for name, value in guild.payload(self.bot).items() if name != "unavailable"}
        await self.gateway.dispatch("GUILD_CREATE", payload, guild_id=guild.id)

    async def leave(self, guild: Guild) -> None:
        del self.guilds[guild.id]
        await self.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild_id=guild.id)

    async def told_of(self, channel: Channel) -> None:
        kind = "THREAD_UPDATE" if channel.type == THREAD else "CHANNEL_UPDATE"
        await self.gateway.dispatch(kind, channel.payload(), guild_id=channel.guild_id)

    async def delete_channel(self, channel: Channel) -> None:
        del self.channels[channel.id]
        kind = "THREAD_DELETE" if channel.type == THREAD else "CHANNEL_DELETE"
        await self.gateway.dispatch(kind, channel.payload(), guild_id=channel.guild_id)

    def trouble(self, method: str, path: str, how: Any, *, times: int = 1, **headers: str) -> None:
        """The next requests of that kind go wrong: (status, body), "lost", or a wait in seconds."""
        self.rest.troubles.append(
            Trouble(method, path, how, times, {name.replace("_", "-"): value for name, value in headers.items()})
        )

    def check(self, fine: object, what: str) -> None:
        if not fine:
            self.violations.append(what)

    def seen(self, method: str, path: str) -> list[Request]:
        """The requests so far to addresses that match."""
        return [one for one in self.rest.seen if one.method == method and re.search(path, one.path)]

    def visible(self, user: User, channel: Channel | None = None) -> list[Message]:
        """Messages that somebody can see, newest first: in a channel, or everywhere."""
        mine = [
            one
            for one in self.messages.values()
            if not one.deleted
            and not one.loading
            and one.only in (None, user.id)
            and (one.channel.guild_id is not None or one.channel.recipient is user)
            and (channel is None or one.channel is channel)
        ]
        return sorted(mine, key=lambda one: -one.number)

    # What people do

    async def slash(
        self,
        user: User,
        channel: Channel,
        name: str,
        options: dict[str, Any] | None = None,
        *,
        type: int = COMMAND,
        typing: str | None = None,
    ) -> Interaction:
        """A slash command with its options; fails where Discord would not offer it."""
        first, *rest = name.split()
        command = next((c for c in self.commands if c["type"] == 1 and c["name"] == first), None)
        assert command is not None, f"there is no command /{first}"
        offered = command
        for word in rest:
            found = next((o for o in offered.get("options") or () if o["name"] == word and o["type"] in (1, 2)), None)
            assert found is not None, f"there is no command /{name}"
            offered = found
        contexts = command.get("contexts")
        context = 0 if channel.guild_id is not None else 1
        assert contexts is None or context in contexts, f"/{name} is not offered there"
        data: dict[str, Any] = {"id": command["id"], "name": first, "type": 1, "resolved": {}}
        given = [self._option(offered, key, value, data["resolved"]) for key, value in (options or {}).items()]
        for one in given:
            if one["name"] == typing:
                one["focused"] = True
        for word in reversed(rest):
            given = [{"type": 1, "name": word, "options": given}]
        data["options"] = given
        return await self._send(type, user, channel, data)

    async def suggestions(
        self, user: User, channel: Channel, name: str, option: str, text: str, **others: Any
    ) -> list[dict[str, Any]]:
        """Somebody types into an option; what is offered."""
        interaction = await self.slash(user, channel, name, {**others, option: text}, type=AUTOCOMPLETE, typing=option)
        await interaction.answered()
        return interaction.suggestions or []

    async def menu(self, user: User, channel: Channel, label: str, target: Message | User, **about: Any) -> Interaction:
        """An entry of the menu on a message or a person."""
        kind = 3 if isinstance(target, Message) else 2
        command = next((c for c in self.commands if c["type"] == kind and c["name"] == label), None)
        assert command is not None, f"there is no menu entry {label!r}"
        resolved: dict[str, Any] = {}
        if isinstance(target, Message):
            resolved["messages"] = {str(target.id): target.payload() | about}
        else:
            resolved["users"] = {str(target.id): target.payload()}
            resolved["members"] = {str(target.id): _partial(member(target, ALLOWED))}
        data = {"id": command["id"], "name": label, "type": kind, "target_id": str(target.id), "resolved": resolved}
        return await self._send(COMMAND, user, channel, data)

    async def press(self, user: User, message: Message, button: str) -> Interaction:
        """A press on a button by its label (or its beginning), or by its id."""
        found = [i for label, i in message.buttons if button in (label, i)] or [
            i for label, i in message.buttons if label.casefold().startswith(button.casefold())
        ]
        assert found, f"no button {button!r} among {[label for label, _ in message.buttons]}"
        return await self.press_id(user, message, found[0])

    async def press_id(self, user: User, message: Message, custom_id: str) -> Interaction:
        """A press with any id at all, as a modified client could send it."""
        data = {"custom_id": custom_id, "component_type": 2}
        return await self._send(COMPONENT, user, message.channel, data, source=message)

    async def submit(self, opened: Interaction, values: dict[str, Any]) -> Interaction:
        """Fill in the modal that was opened: by the fields' custom ids; what is not named stays as it was prefilled."""
        assert opened.modal is not None, "no form was opened"
        resolved: dict[str, Any] = {}
        components = []
        unknown = set(values)
        for label in opened.modal["components"]:
            field = label["component"]
            name = field["custom_id"]
            unknown.discard(name)
            components.append(
                {"type": 18, "id": len(components), "component": self._filled(field, values.get(name), resolved)}
            )
        assert not unknown, f"the form has no fields {unknown}"
        data = {"custom_id": opened.modal["custom_id"], "components": components, "resolved": resolved}
        return await self._send(SUBMIT, opened.user, opened.channel, data, source=opened.source)

    def attachment(self, name: str, content: bytes, kind: str) -> dict[str, Any]:
        """A file that somebody attaches."""
        return self.keep_file(name, content) | {"content_type": kind}

    # Parts

    def keep_file(self, name: str, content: bytes) -> dict[str, Any]:
        number = snowflake()
        key = f"{number}-{name}"
        self.files[key] = content
        url = f"http://127.0.0.1:{self.port}/files/{key}"
        return {"id": str(number), "filename": name, "size": len(content), "url": url, "proxy_url": url}

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["name"]])

    def next_number(self) -> int:
        return next(self._numbers)

    def heard(self, message: Message, channel: Channel) -> None:
        """A message was sent that answers nothing."""
        self._sent.set()

    async def next_message(self, channel: Channel, within: float = 5.0) -> Message:
        """The next message in a channel or private chat that answers no interaction; also one that came already."""
        async with asyncio.timeout(within):
            while True:
                found = [m for m in self.messages.values() if m.channel is channel and m.nonce and not m.deleted]
                if found:
                    return found[-1]
                self._sent.clear()
                await self._sent.wait()

    def application(self) -> dict[str, Any]:
        return {
            "id": str(self.application_id),
            "name": "First Call",
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "",
            "flags": 0,
            "summary": "",
            "owner": self.bot.payload(),
            "team": None,
        }

    def _option(self, offered: dict[str, Any], name: str, value: Any, resolved: dict[str, Any]) -> dict[str, Any]:
        found = next((o for o in offered.get("options") or () if o["name"] == name), None)
        assert found is not None, f"{offered['name']} has no option {name}"
        kind = found["type"]
        made: dict[str, Any] = {"name": name, "type": kind, "value": value}
        if isinstance(value, User):
            assert kind == 6, f"{name} takes no person"
            made["value"] = str(value.id)
            resolved.setdefault("users", {})[str(value.id)] = value.payload()
            resolved.setdefault("members", {})[str(value.id)] = _partial(member(value, ALLOWED))
        elif isinstance(value, dict):
            assert kind == 11, f"{name} takes no file"
            made["value"] = value["id"]
            resolved.setdefault("attachments", {})[value["id"]] = value
        elif found.get("choices"):
            known = {c["name"].casefold(): c["value"] for c in found["choices"]} | {
                str(c["value"]): c["value"] for c in found["choices"]
            }
            assert str(value).casefold() in known or value in known, f"{name} has no choice {value!r}"
            made["value"] = known.get(str(value).casefold(), known.get(str(value)))
        assert kind != 5 or isinstance(value, bool), f"{name} is yes or no"
        assert kind != 4 or isinstance(value, int), f"{name} is a number"
        return made

    def _filled(self, field: dict[str, Any], value: Any, resolved: dict[str, Any]) -> dict[str, Any]:
        kind, made = field["type"], {"type": field["type"], "custom_id": field["custom_id"], "id": 1}
        required = field.get("required", True)
        if kind == 4:
            text = field.get("value") or "" if value is None else value
            assert text or not required, f"{field['custom_id']} is required"
            assert len(text) <= field.get("max_length", 4000), f"{field['custom_id']} takes no more"
            return made | {"value": text}
        if kind in (3, 21, 22):
            defaults = [o["value"] for o in field["options"] if o.get("default")]
            chosen = defaults if value is None else ([value] if isinstance(value, str) else list(value))
            known = {o["label"].casefold(): o["value"] for o in field["options"]}
            chosen = [known.get(c.casefold(), c) for c in chosen if c]
            assert all(c in known.values() for c in chosen), f"{field['custom_id']}: {chosen} of {sorted(known)}"
            assert chosen or not required, f"{field['custom_id']} is required"
            return made | ({"value": chosen[0] if chosen else None} if kind == 21 else {"values": chosen})
        if kind == 5:
            people = [] if value is None else ([value] if isinstance(value, User) else list(value))
            for one in people:
                resolved.setdefault("users", {})[str(one.id)] = one.payload()
                resolved.setdefault("members", {})[str(one.id)] = _partial(member(one, ALLOWED))
            assert people or not required, f"{field['custom_id']} is required"
            return made | {"values": [str(one.id) for one in people]}
        files = [] if value is None else ([value] if isinstance(value, dict) else list(value))
        for one in files:
            resolved.setdefault("attachments", {})[one["id"]] = one
        assert files or not required, f"{field['custom_id']} is required"
        return made | {"values": [one["id"] for one in files]}

    async def _send(
        self, type: int, user: User, channel: Channel, data: dict[str, Any], source: Message | None = None
    ) -> Interaction:
        interaction = Interaction(type, user, channel, data, source)
        self.interactions[interaction.token] = interaction
        guild = self.guilds.get(channel.guild_id) if channel.guild_id is not None else None
        payload: dict[str, Any] = {
            "id": str(interaction.id),
            "application_id": str(self.application_id),
            "type": type,
            "data": data,
            "token": interaction.token,
            "version": 1,
            "channel_id": str(channel.id),
            "channel": channel.payload() | {"permissions": str(ALLOWED)},
            "app_permissions": str(ALLOWED),
            "locale": user.locale,
            "entitlements": [],
            "attachment_size_limit": 10 * 1024 * 1024,
            "authorizing_integration_owners": {"0": str(guild.id) if guild else "0"},
            "context": 0 if channel.guild_id is not None else 1,
        }
        if guild is not None:
            rights = ALLOWED | (MANAGE_GUILD if user.id in guild.moderators else 0)
            payload |= {
                "guild_id": str(guild.id),
                "guild": {"id": str(guild.id), "locale": "en-GB", "features": []},
                "guild_locale": "en-GB",
                "member": member(user, rights),
            }
        elif channel.guild_id is not None:  # a server that knows the bot only through this person
            payload |= {
                "guild_id": str(channel.guild_id),
                "guild": {"id": str(channel.guild_id), "locale": "en-GB", "features": []},
                "authorizing_integration_owners": {"1": str(user.id)},
                "member": member(user, ALLOWED),
            }
        else:
            payload["user"] = user.payload()
        if source is not None:
            payload["message"] = source.payload()
        await self.gateway.dispatch("INTERACTION_CREATE", payload, guild_id=channel.guild_id)
        return interaction


def _partial(made: dict[str, Any]) -> dict[str, Any]:
    """A member as it stands among resolved data: without the person."""
    return {name: value for name, value in made.items() if name != "user"}


__all__ = ["TOKEN", "FakeDiscord", "stamp", "walk"]
