"""What a form fills in: a command, or an action with its arguments. One shape, so that filling knows no difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cogs.kit.action import BadAction, Pressed, action, take_apart, typed
from cogs.kit.ask import Parameter
from cogs.kit.call import Call, Right
from cogs.kit.cog import Cog, Command, Deed, Handler, Where
from cogs.kit.reply import Reply, Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Something that can be done once its parameters are filled.

    key: "command:gig.post", or an action id: what a draft remembers. args: an action's arguments, typed.
    """

    key: str
    title: str
    parameters: tuple[Parameter, ...]
    handler: Handler
    replies: Visibility
    needs: Right = Right.MEMBER
    where: Where = Where.ANYWHERE
    opens_form: bool = False
    args: tuple[Any, ...] = ()

    async def do(self, call: Call, values: Mapping[str, Any]) -> Reply:
        """Run the handler with `values` by parameter name; what was not given takes its default."""
        keywords = {p.attribute: values[p.name] for p in self.parameters if p.name in values}
        return await self.handler(call, *self.args, **keywords)


class Index:
    """Finds targets by command name, action id, or what a draft remembers."""

    def __init__(self, cogs: Iterable[Cog]) -> None:
        self.commands: dict[str, Command] = {}
        self.deeds: dict[str, Deed] = {}
        self.cogs: dict[str, Cog] = {}
        for cog in cogs:
            self.cogs[cog.name] = cog
            for command in cog.commands():
                if command.name in self.commands:
                    raise ValueError(f"two commands are called {command.name!r}")
                self.commands[command.name] = command
            self.deeds.update({deed.name: deed for deed in cog.deeds()})

    def command(self, name: str) -> Target:
        """The target of a command by its name ("gig post"). Raises KeyError."""
        command = self.commands[name]
        return Target(
            key=f"command:{command.key}",
            title=command.summary,
            parameters=command.parameters,
            handler=command.handler,
            replies=command.replies,
            needs=command.needs,
            where=command.where,
            opens_form=command.opens_form,
        )

    def press(self, pressed: Pressed) -> Target:
        """The target of a press. Raises BadAction when no cog has that action or the arguments do not fit."""
        deed = self.deeds.get(pressed.name)
        if deed is None:
            raise BadAction(pressed.name)
        return Target(
            key=action(pressed.name, *pressed.args),
            title=deed.title,
            parameters=deed.parameters,
            handler=deed.handler,
            replies=deed.replies,
            needs=deed.needs,
            args=tuple(typed(deed.handler, pressed.args)),
        )

    def remembered(self, key: str) -> Target:
        """The target that a draft remembers. Raises BadAction when this program no longer has it."""
        if key.startswith("command:"):
            name = key.removeprefix("command:").replace(".", " ")
            if name not in self.commands:
                raise BadAction(key)
            return self.command(name)
        return self.press(take_apart(key))
