"""The features' commands as Discord's application commands: groups, options, choices, suggestions and menus."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from typing import Any, Protocol

import discord
from discord import app_commands

from bot.desk.own_words import OWN_WORDS
from bot.on_discord import options
from bot.on_discord.translate import worded
from cogs.kit.ask import Kind, Parameter
from cogs.kit.call import Right
from cogs.kit.cog import Command, Menu, Where

log = logging.getLogger(__name__)

#: discord.py 2.7.1 takes no more menu entries of one type, though Discord would.
MOST_MENUS = 5
MOST_COMMANDS = 100
MOST_IN_GROUP = 25

#: Aliases that are commands here too, because people look for them under these names on any bot.
EXPECTED = ("help", "privacy", "settings")

#: A group itself cannot run; a command that has the group's own name stands in it under this one.
ALONE = "open"

Interaction = discord.Interaction[Any]


class Takes(Protocol):
    """Whoever answers commands: the router."""

    async def command(self, interaction: Interaction, command: Command, values: dict[str, Any]) -> None:
        """A slash command with its options, by the attribute of the parameter."""

    async def suggest(
        self, interaction: Interaction, command: Command, parameter: Parameter, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Values for an option that is being typed."""

    async def menu(self, interaction: Interaction, command: Command, given: dict[str, str | discord.User]) -> None:
        """An entry of a message's or person's menu."""

    async def own_word(self, interaction: Interaction, word: str) -> None:
        """A word that every surface understands by itself: /undo."""


class Tree(app_commands.CommandTree[Any]):
    """discord.py's tree; what goes wrong in it is answered by the router."""

    troubled: Callable[[Interaction, Exception], Awaitable[None]] | None = None

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """A command that could not be called, most often because Discord still shows an older version of it."""
        if self.troubled is not None:
            await self.troubled(interaction, error)


def plant(tree: Tree, commands: Sequence[Command], takes: Takes) -> None:
    """Put every command and menu entry on the tree. Raises what discord.py raises for one that Discord would refuse."""
    groups: dict[str, list[Command]] = {}
    for command in commands:
        groups.setdefault(command.name.split()[0], []).append(command)
    for first, members in groups.items():
        alone = next((one for one in members if one.name == first), None)
        several = [one for one in members if one.name != first]
        if several:
            tree.add_command(_group(first, several, alone, takes))
        elif alone is not None:
            tree.add_command(_placed(_slash(alone, first, takes), [alone]))
    for command in commands:
        for alias in _natural(command, groups):
            tree.add_command(_placed(_slash(command, alias, takes), [command]))
    for word, summary in OWN_WORDS.items():
        if word not in groups:
            tree.add_command(_own(word, summary, takes))
    for menu in Menu:
        shown = [one for one in commands if one.menu is not None and one.menu[0] is menu]
        for command in shown[:MOST_MENUS]:
            tree.add_command(_placed(_entry(command, takes), [command]))
        for command in shown[MOST_MENUS:]:
            log.warning("the %s menu is full; %s is not on it", menu.value, command.name)


def _own(word: str, summary: str, takes: Takes) -> app_commands.Command[Any, ..., Any]:
    async def callback(interaction: Interaction) -> None:
        await takes.own_word(interaction, word)

    made: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=worded(word), description=worded(summary), callback=callback, auto_locale_strings=False
    )
    made.allowed_contexts = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)
    made.allowed_installs = app_commands.AppInstallationType(guild=True, user=True)
    return made


def _natural(command: Command, groups: dict[str, list[Command]]) -> list[str]:
    """Plurals that open a list, /gigs for /gig list, and names that people expect of every bot.

    Other aliases are for surfaces on which one types.
    """
    first = command.name.split()[0]
    natural = (f"{first}s", f"{first}ies", *EXPECTED)
    return [one for one in command.aliases if one in natural and one not in groups and one != command.name]


def _group(first: str, members: Sequence[Command], alone: Command | None, takes: Takes) -> app_commands.Group:
    """A group, and in it the command that has the group's own name, if there is one."""
    group = app_commands.Group(
        name=worded(first), description=worded(_described(first, members)), auto_locale_strings=False
    )
    for command in members[:MOST_IN_GROUP]:
        group.add_command(_slash(command, command.name.split()[1], takes))
    for command in members[MOST_IN_GROUP:]:
        log.warning("/%s has more than %s commands; %s is left out", first, MOST_IN_GROUP, command.name)
    if alone is not None and len(group.commands) < MOST_IN_GROUP:
        group.add_command(_slash(alone, ALONE, takes))
    _place(group, [*members, *([alone] if alone else [])])
    return group


def _described(first: str, members: Sequence[Command]) -> str:
    """What a group is for: the names of what is in it. Discord shows it nowhere but in the permissions."""
    return f"{first.capitalize()}: {', '.join(one.name.split()[1] for one in members)}"[:100]


def _slash(command: Command, name: str, takes: Takes) -> app_commands.Command[Any, ..., Any]:
    shown = [one for one in command.parameters if options.is_option(one)][:25]
    made: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=worded(options.discord_name(name)),
        description=worded(command.summary),
        callback=_callback(command, shown, takes),
        auto_locale_strings=False,
    )
    for parameter in shown:
        if options.is_suggested(parameter):
            made.autocomplete(parameter.attribute)(_suggester(command, parameter, takes))
    return made


def _callback(command: Command, shown: Sequence[Parameter], takes: Takes) -> Callable[..., Coroutine[Any, Any, None]]:
    """A function whose signature discord.py reads as the options of the command; a default makes one optional."""

    async def callback(interaction: Interaction, **values: Any) -> None:
        await takes.command(interaction, command, values)

    keyword = inspect.Parameter.KEYWORD_ONLY
    signature = [inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Interaction)]
    signature += [
        inspect.Parameter(one.attribute, keyword, default=None, annotation=options.annotation(one)) for one in shown
    ]
    callback.__dict__["__signature__"] = inspect.Signature(signature)
    callback = app_commands.describe(**{one.attribute: worded(one.ask.question) for one in shown})(callback)
    renamed = {one.attribute: worded(options.discord_name(one.name)) for one in shown}
    callback = app_commands.rename(**renamed)(callback)
    listed = {one.attribute: options.choices(one) for one in shown if options.has_choices(one)}
    return app_commands.choices(**listed)(callback) if listed else callback


def _suggester(
    command: Command, parameter: Parameter, takes: Takes
) -> Callable[[Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]:
    async def suggest(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return await takes.suggest(interaction, command, parameter, current)

    return suggest


def _entry(command: Command, takes: Takes) -> app_commands.ContextMenu:
    assert command.menu is not None
    menu, label = command.menu
    parameters = command.parameters

    async def on_message(interaction: Interaction, message: discord.Message) -> None:
        quoted = next((p for p in parameters if p.kind is Kind.QUOTED), None) or next(
            (p for p in parameters if p.kind in (Kind.LONG, Kind.TEXT)), None
        )
        text = options.words_of(message)
        await takes.menu(interaction, command, {quoted.name: text} if quoted is not None else {})

    async def on_person(interaction: Interaction, user: discord.User) -> None:
        person = next((p for p in parameters if p.kind is Kind.PERSON), None)
        await takes.menu(interaction, command, {person.name: user} if person is not None else {})

    return app_commands.ContextMenu(name=worded(label), callback=on_message if menu is Menu.MESSAGE else on_person)


def _placed(
    made: app_commands.Command[Any, ..., Any] | app_commands.ContextMenu, of: Sequence[Command]
) -> app_commands.Command[Any, ..., Any] | app_commands.ContextMenu:
    _place(made, of)
    return made


def _place(
    made: app_commands.Group | app_commands.Command[Any, ..., Any] | app_commands.ContextMenu, of: Iterable[Command]
) -> None:
    """Where the command is offered, and to whom at first; servers narrow it further, and rights are checked again.

    A group is offered wherever one of its commands makes sense.
    """
    of = list(of)
    for_moderators = all(one.needs is Right.MODERATE for one in of)
    anywhere = any(one.where is not Where.COMMUNITY and one.needs is not Right.MODERATE for one in of)
    # A server's own commands are in its private chats with the bot too: somebody who belongs to one community is
    # answered there as well.
    made.allowed_contexts = app_commands.AppCommandContext(
        guild=True, dm_channel=not for_moderators, private_channel=anywhere
    )
    made.allowed_installs = app_commands.AppInstallationType(guild=True, user=anywhere)
    if for_moderators:
        made.default_permissions = discord.Permissions(manage_guild=True)
