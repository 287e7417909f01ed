"""Telling Discord of the commands: only when they changed, since a server takes 200 new ones a day and no more."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands

from bot.on_discord.commands import ALONE, Tree
from cogs.kit.cog import Command
from cogs.kit.tools import Tools

log = logging.getLogger(__name__)


#: When Discord takes no change of the commands, it is asked again after this long at the earliest, in seconds.
_ASK_AGAIN = 600.0


@dataclass(frozen=True, slots=True)
class Told:
    """What Discord knows of the commands: those that can be tapped, name -> mention.

    again: seconds after which to tell it once more, because it did not take what is new; None: it knows everything.
    """

    mentions: Mapping[str, str]
    again: float | None = None


async def synchronise(tree: Tree, tools: Tools, application_id: int, dev_guild: int | None) -> Told:
    """Bring Discord's list in line with the tree.

    What was told last, and the ids that Discord gave, are remembered per application and place.
    dev_guild: a server that gets the commands as its own, at once, while they are being developed.
    Raises discord.HTTPException when Discord is down or refuses the token. A refusal of the commands alone stops
    nothing: those that it has work as before.
    """
    guild = discord.Object(dev_guild) if dev_guild is not None else None
    key = f"discord.commands:{application_id}:{dev_guild or 'everywhere'}"
    told = await fingerprint(tree)
    async with tools.open_work(reading=True) as work:
        kept = await work.app.value(key)
    known = json.loads(kept) if kept is not None else {}
    if known.get("hash") != told:
        if guild is not None:
            tree.copy_global_to(guild=guild)
        try:
            found = await tree.sync(guild=guild)
        except (discord.HTTPException, discord.RateLimited) as error:
            if isinstance(error, discord.HTTPException) and (error.status == 401 or error.status >= 500):
                raise
            log.error("Discord does not take the commands as they are now, and goes on with the former: %s", error)
            wait = error.retry_after if isinstance(error, discord.RateLimited) else 0.0
            return Told(_as_text(known), again=max(wait, _ASK_AGAIN))
        known = {"hash": told, "mentions": mentions(found)}
        async with tools.open_work() as work:
            await work.app.set_value(key, json.dumps(known))
            await work.commit()
        log.info("Discord was told of %s commands", len(found))
    return Told(_as_text(known))


def _as_text(known: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(mention) for name, mention in known.get("mentions", {}).items()}


def with_aliases(mentions: Mapping[str, str], commands: Iterable[Command]) -> dict[str, str]:
    """The same, with what the commands are called elsewhere: /tz in a text is tapped as /me zone here.

    Also the words with which a line for them begins where one types: /gig leads to /gig post.
    """
    made = dict(mentions)
    for command in commands:
        mention = mentions.get(command.name) or mentions.get(f"{command.name} {ALONE}")
        if mention is not None:
            made |= {name: made.get(name, mention) for name in (command.name, *command.aliases, *command.one_line)}
    return made


async def fingerprint(tree: Tree) -> str:
    """A hash of all that Discord would be told; the same for the same commands, on every machine."""
    translator = tree.translator
    payload = [
        await one.get_translated_payload(tree, translator) if translator is not None else one.to_dict(tree)
        for one in tree.get_commands()
    ]
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def mentions(found: Sequence[app_commands.AppCommand]) -> dict[str, str]:
    """Every slash command that runs by name, with what makes it something to tap in a message."""
    made: dict[str, str] = {}
    for command in found:
        if command.type is not discord.AppCommandType.chat_input:
            continue
        groups = [one for one in command.options if isinstance(one, app_commands.AppCommandGroup)]
        if groups:
            made |= {f"{command.name} {one.name}": one.mention for one in groups}
        else:
            made[command.name] = command.mention
    return made
