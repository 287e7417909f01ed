"""The lists of commands that Telegram shows, by scope: set when they changed, and not at every start.

A list is for the eye: what may be done where is decided when it is done.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import TelegramError

from bot.desk.desk import Desk
from bot.desk.own_words import OWN_WORDS
from cogs.kit.call import Right
from cogs.kit.cog import Command, Where
from cogs.kit.reply import PUBLIC
from cogs.kit.tools import Tools

log = logging.getLogger(__name__)

#: Bot API, setMyCommands: at most 100 commands; names of 1-32 characters a-z 0-9 _, descriptions of 1-256.
MOST_COMMANDS, MOST_DESCRIPTION = 100, 256
#: Two-letter languages with words of their own, and "" for everybody else. The program speaks English only.
LANGUAGES = ("",)

#: Under which the address that opens a private chat with a one-time code is kept, for the other platforms to show.
_DOOR = "link.door.telegram"

Listed = tuple[tuple[str, str], ...]


def private_menu(desk: Desk) -> Listed:
    """What is listed in private chats: every command with a name of one word, and the groups of the others."""
    own = [(word, summary) for word, summary in OWN_WORDS.items()]
    own.append(("stop", "Switch off every message that comes by itself"))
    return _cut([*_named(desk.index.commands.values(), desk), *own])


def group_menu(desk: Desk) -> Listed:
    """What is listed in groups: what runs there for everybody."""
    public = [one for one in desk.index.commands.values() if _is_public(one) and one.needs is Right.MEMBER]
    return _cut([*_named(public, desk), *_help(desk)])


def admin_menu(desk: Desk) -> Listed:
    """What administrators see in groups: the same, and what only they may do."""
    shown = [one for one in desk.index.commands.values() if _is_public(one)]
    return _cut([*_named(shown, desk), *_help(desk)])


async def keep_door(username: str | None, tools: Tools) -> None:
    """Let the other platforms know the address behind which accounts are linked; `Messages` follows it (`l_`)."""
    if not username:
        return
    address = f"https://t.me/{username}?start=l_"
    async with tools.open_work() as work:
        if await work.app.value(_DOOR) != address:
            await work.app.set_value(_DOOR, address)
            await work.commit()


async def set_menus(bot: Bot, desk: Desk, tools: Tools) -> None:
    """Tell Telegram the lists if they are not the ones it was told last. A failure is logged; the next start tries."""
    scopes: tuple[tuple[BotCommandScope, Listed], ...] = (
        (BotCommandScopeAllPrivateChats(), private_menu(desk)),
        (BotCommandScopeAllGroupChats(), group_menu(desk)),
        (BotCommandScopeAllChatAdministrators(), admin_menu(desk)),
    )
    payload = json.dumps([[scope.type, listed, LANGUAGES] for scope, listed in scopes], sort_keys=True)
    digest = hashlib.sha256(payload.encode()).hexdigest()
    key = f"telegram.menus.{bot.id}"
    await keep_door(bot.username, tools)
    async with tools.open_work(reading=True) as work:
        if await work.app.value(key) == digest:
            return
    try:
        for scope, listed in scopes:
            for language in LANGUAGES:
                commands = [BotCommand(name, summary) for name, summary in listed]
                if commands:
                    await bot.set_my_commands(commands, scope=scope, language_code=language or None)
    except TelegramError as error:
        log.warning("the lists of commands could not be set: %s", type(error).__name__)
        return
    async with tools.open_work() as work:
        await work.app.set_value(key, digest)
        await work.commit()


def _named(commands: Iterable[Command], desk: Desk) -> list[tuple[str, str]]:
    """Names of one word with what they do; a group of commands stands once, under its first word."""
    found: list[tuple[str, str]] = []
    for command in commands:
        group, _, sub = command.name.partition(" ")
        names = [group] if not sub else [*command.one_line, *(one for one in command.aliases if " " not in one)]
        if sub and group not in names:
            topic = desk.index.cogs[command.cog]
            found.append((group, topic.intro or command.summary))
        found += [(name, command.summary) for name in names[:1]]
    return found


def _cut(entries: Iterable[tuple[str, str]]) -> Listed:
    """Each name once, the best description first, as many as Telegram takes."""
    found: dict[str, str] = {}
    for name, summary in entries:
        bare = name.replace("-", "_")
        if bare.isascii() and bare.replace("_", "").isalnum() and len(bare) <= 32:
            found.setdefault(bare.lower(), summary[:MOST_DESCRIPTION])
    return tuple(found.items())[:MOST_COMMANDS]


def _is_public(command: Command) -> bool:
    return command.replies is PUBLIC or command.where is Where.COMMUNITY or command.needs is Right.MODERATE


def _help(desk: Desk) -> list[tuple[str, str]]:
    return [("help", desk.index.commands["help"].summary)] if "help" in desk.index.commands else []
