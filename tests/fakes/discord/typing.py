"""A line of a story as somebody on Discord says it: a slash command with typed options, or the entry of a menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import discord

from bot.desk.desk import Desk
from bot.on_discord.commands import ALONE
from bot.on_discord.options import annotation, discord_name, has_choices, is_option
from cogs.kit.ask import Kind, Parameter
from cogs.kit.call import Call
from cogs.kit.cog import Command
from cogs.kit.faults import Fault
from cogs.kit.oneline import read_line
from cogs.kit.reading import read
from tests.fakes.discord.world import User


@dataclass
class Typed:
    """A slash command, and its options as Discord takes them. quoted: the message on whose menu it is instead."""

    command: Command
    name: str
    options: dict[str, Any]
    quoted: str | None = None


def typed(desk: Desk, call: Call, text: str, uploads: list[dict[str, Any]], person: Callable[[str], User]) -> Typed:
    """A line, without its slash, as the command and its options. Raises AssertionError when it is no command.

    person: somebody by the name that a story calls them, for options that are picked from Discord's list of people.
    """
    spelled = desk.speller.read(text)
    assert spelled.command is not None, "not a command by itself"
    command = spelled.command
    texts: dict[str, Any] = dict(spelled.given)
    if spelled.line.strip():
        texts |= read_line(command.parameters, spelled.line, call, given=texts).values
    waiting = [p for p in command.parameters if p.kind is Kind.UPLOAD]
    made: dict[str, Any] = {discord_name(p.name): one for p, one in zip(waiting, uploads, strict=False)}
    for parameter in command.parameters:
        given = texts.get(parameter.name)
        if given is not None and is_option(parameter):
            made[discord_name(parameter.name)] = _option(parameter, given, call, person)
    quoted = next((texts[p.name] for p in command.parameters if p.kind is Kind.QUOTED and p.name in texts), None)
    return Typed(command, _name(desk, command), made, quoted)


def _name(desk: Desk, command: Command) -> str:
    groups = {n.split()[0] for n in desk.index.commands if " " in n}
    return f"{command.name} {ALONE}" if command.name in groups else command.name


def _option(parameter: Parameter, text: str, call: Call, person: Callable[[str], User]) -> Any:
    """A typed value as the kind of option that Discord has for it."""
    if annotation(parameter) is discord.User:
        return person(text)
    if parameter.kind is Kind.YESNO or has_choices(parameter):
        try:
            value = read(parameter, text, call)
        except Fault as fault:
            raise AssertionError(f"{parameter.name} cannot be {text!r} on Discord") from fault
        return value if parameter.kind is Kind.YESNO else str(value.value)
    if parameter.kind is Kind.WHOLE and not parameter.many and parameter.ask.suggest is None:
        return int(text)
    return text
