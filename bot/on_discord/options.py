"""Kinds of Ask and Discord's types of options: which is which, and how a value comes back as typed text.

Every option may be left out, required ones too: what is missing is asked by a form, which a phone fills in more easily
than a row of options.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any

import discord
from discord import app_commands

from bot.desk.filling import Given
from bot.on_discord.spans import tidy
from bot.on_discord.translate import worded
from cogs.kit.ask import Kind, Parameter
from cogs.kit.faults import Misread
from cogs.kit.reply import Upload

# Discord developer documentation, Application Commands, read August 2026.
MOST_CHOICES = 25
CHOICE_CHARACTERS = 100
WHOLE_NUMBERS = 2**53 - 1
OPTION_CHARACTERS = 6000
QUOTED_CHARACTERS = 4000

#: Discord's limit on files in our own answers; what people send in is read up to the same size. 10 MiB.
FILE_BYTES = 10 * 1024 * 1024

#: Kinds for which the desk knows usual values, whether or not the cog suggests any.
_SUGGESTED = frozenset({Kind.ROLE, Kind.ZONE})

#: Turns an account of Discord into "person:12".
Introduce = Callable[[discord.User | discord.Member], Awaitable[str]]


def is_option(parameter: Parameter) -> bool:
    """Whether a parameter is an option of the slash command; a quoted message comes by the menu instead."""
    return parameter.kind is not Kind.QUOTED and not parameter.ask.hidden


def discord_name(name: str) -> str:
    """A parameter's or command's name as Discord takes it."""
    return name.casefold().replace(" ", "-")[:32]


def has_choices(parameter: Parameter) -> bool:
    """Whether the values are few enough to be listed with the command."""
    return parameter.enum is not None and not parameter.many and 1 <= len(parameter.enum) <= MOST_CHOICES


def is_suggested(parameter: Parameter) -> bool:
    """Whether Discord asks us while the value is being typed."""
    if parameter.kind in (Kind.YESNO, Kind.UPLOAD) or has_choices(parameter) or annotation(parameter) is discord.User:
        return False
    return (
        parameter.ask.suggest is not None
        or parameter.kind is Kind.CHOICE
        or (parameter.kind in _SUGGESTED and not parameter.many)
    )


def choices(parameter: Parameter) -> list[app_commands.Choice[str]]:
    """The listed values of an option."""
    return [
        app_commands.Choice(name=worded(one.label[:CHOICE_CHARACTERS]), value=one.value) for one in parameter.choices()
    ]


def annotation(parameter: Parameter) -> Any:
    """The type that discord.py reads the kind of option off."""
    match parameter.kind:
        case Kind.YESNO:
            return bool
        case Kind.UPLOAD:
            return discord.Attachment
        case Kind.PERSON if not parameter.many:
            return discord.User
        case Kind.WHOLE if not parameter.many and parameter.ask.suggest is None:
            low, high = parameter.ask.at_least, parameter.ask.at_most
            return app_commands.Range[
                int,
                low if low is not None else -WHOLE_NUMBERS,
                high if high is not None else WHOLE_NUMBERS,
            ]
    if has_choices(parameter):
        return str
    return app_commands.Range[str, 1, min(OPTION_CHARACTERS, max(parameter.max_length, 100))]


def kind_word(parameter: Parameter) -> str:
    """What sort of option it is, in a word, for previews."""
    if has_choices(parameter):
        return ", ".join(one.label for one in parameter.choices())
    made = annotation(parameter)
    words = {bool: "yes or no", discord.Attachment: "file", discord.User: "person", str: "text"}
    if made in words:
        return words[made]
    if parameter.kind is Kind.WHOLE and parameter.ask.suggest is None and not parameter.many:
        return "number"
    return "text, suggested while typing" if is_suggested(parameter) else "text"


async def given(
    values: Mapping[str, Any], parameters: Mapping[str, Parameter], introduce: Introduce
) -> dict[str, Given]:
    """What was filled in, by parameter, as the desk takes it. Raises Misread for a file that is too large."""
    taken: dict[str, Given] = {}
    for attribute, value in values.items():
        parameter = parameters[attribute]
        if value is None:
            continue
        taken[parameter.name] = await _given(value, introduce)
    return taken


async def _given(value: Any, introduce: Introduce) -> Given:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, discord.Attachment):
        return await read_file(value)
    if isinstance(value, discord.User | discord.Member):
        return await introduce(value)
    return str(value)


async def read_file(attachment: discord.Attachment) -> Upload:
    """A file that somebody attached. Raises Misread when it is too large or cannot be fetched."""
    if attachment.size > FILE_BYTES:
        raise Misread(f"“{tidy(attachment.filename)}” is larger than 10 MB.", example="a smaller file, or a link to it")
    try:
        content = await attachment.read()
    except (discord.HTTPException, OSError) as error:
        raise Misread("Discord did not hand me that file. Attach it once more.") from error
    kind = (attachment.content_type or "application/octet-stream").partition(";")[0].strip()
    alt = attachment.description or f"A picture called {attachment.filename}"
    return Upload(attachment.filename, content, kind, alt if kind.startswith("image/") else None)


def words_of(message: discord.Message) -> str:
    """What a message says, for somebody who points at it: as typed, forwarded, or drawn as a card by another bot."""
    said = [message.content, *(one.content for one in message.message_snapshots)]
    said += [text for one in message.components for text in _texts(one)]
    said += [text for one in message.embeds for text in (one.title, one.description) if text]
    return "\n".join(one for one in said if one)[:QUOTED_CHARACTERS]


def _texts(component: discord.Component) -> Iterator[str]:
    """The texts in a component, inner ones too."""
    if isinstance(component, discord.TextDisplay):
        yield component.content
    inner: Iterable[discord.Component] = getattr(component, "children", ())
    for one in inner:
        yield from _texts(one)
