"""What a command, its form and a reply look like on Discord, as text, for `firstcall tour`."""

from __future__ import annotations

from datetime import datetime

from bot.on_discord.options import discord_name, is_option, kind_word
from bot.on_discord.render import Beside, Buttons, FileLine, Pictures, Text, draw
from cogs.kit.cog import Command
from cogs.kit.reply import Reply


def preview(reply: Reply, now: datetime, locale: str) -> str:
    """A reply as Discord is sent it: Markdown, and buttons in brackets."""
    drawn = draw(reply, now, locale)
    lines = ["(card)" if drawn.card else "(note)"]
    for block in drawn.blocks:
        match block:
            case Text(markdown):
                lines += markdown.split("\n")
            case Beside(markdown, button):
                lines.append(f"{markdown}  [{button.label}]")
            case Buttons(buttons):
                lines.append("  ".join(f"[{one.label}]" for one in buttons))
            case Pictures(named):
                lines += [f"<picture {name}: {alt}>" for name, alt in named]
            case FileLine(name):
                lines.append(f"<file {name}>")
    return "\n".join(lines)


def preview_command(command: Command) -> str:
    """A slash command with its options, or the menu that it is on."""
    lines = [f"/{command.name}"]
    lines += [
        f"  {discord_name(one.name)} ({kind_word(one)}): {one.ask.question}"
        for one in command.parameters
        if is_option(one)
    ]
    if command.menu is not None:
        menu, label = command.menu
        lines.append(f"  also on the menu of a {menu.value}: {label}")
    return "\n".join(lines)
