"""What people do on a fake Discord: commands, suggestions, menus, presses, forms; each is sent on to the bot."""

from __future__ import annotations

import time
from typing import Any

from tests.fakes.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, SUBMIT, Interaction
from tests.fakes.discord.state import State
from tests.fakes.discord.world import ALLOWED, MANAGE_GUILD, Channel, Message, User, member, snowflake


class Acting(State):
    """The hands of the people. Fails where Discord's own client would not let them."""

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
        assert self.is_offered(channel, name), f"/{name} is not offered there"
        data: dict[str, Any] = {"id": command["id"], "name": first, "type": 1, "resolved": {}}
        given = [self._option(offered, key, value, data["resolved"]) for key, value in (options or {}).items()]
        for one in given:
            if one["name"] == typing:
                one["focused"] = True
        for word in reversed(rest):
            given = [{"type": 1, "name": word, "options": given}]
        data["options"] = given
        return await self._send(type, user, channel, data)

    def is_offered(self, channel: Channel, name: str) -> bool:
        """Whether a command is shown in a place: in servers, or in a private chat with the bot."""
        command = next((c for c in self.commands if c["type"] == 1 and c["name"] == name.split()[0]), None)
        contexts = command.get("contexts") if command is not None else None
        return contexts is None or (0 if channel.guild_id is not None else 1) in contexts

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
        if self.late:
            interaction.id = snowflake(time.time() - self.late)
            interaction.sent_at -= self.late
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
        if self.terse:  # the documentation says of this field that it may be absent
            del payload["context"]
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
