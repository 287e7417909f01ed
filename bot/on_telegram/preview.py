"""What a command, its form and a reply look like on Telegram, as text, for `firstcall tour`."""

from __future__ import annotations

from datetime import datetime

from bot.on_telegram.render import draw
from cogs.kit.cog import Command
from cogs.kit.reply import Reply


def preview(reply: Reply, now: datetime, locale: str) -> str:
    """A reply as Telegram is sent it: HTML, and keys in brackets."""
    drawn = draw(reply, now, locale)
    lines = [line for text in drawn.texts for line in text.split("\n")]
    lines += ["  ".join(f"[{one.label}]" for one in row) for row in drawn.keys]
    lines += [f"<file {file.name}>" for file in drawn.files]
    return "\n".join(lines)


def preview_command(command: Command) -> str:
    """How a command is typed, and what is asked, one question at a time, when something is missing."""
    lines = [f"/{command.name}   or /{command.name.replace(' ', '_')}"]
    lines += [f"  or /{word} and everything in one line" for word in command.one_line]
    for one in command.parameters:
        if one.ask.hidden:
            continue
        choices = "  ".join(f"[{choice.label}]" for choice in one.choices())
        skip = "" if one.required else "  [Skip]"
        lines.append(f"  {one.ask.question}  {choices}{skip}".rstrip())
    return "\n".join(lines)
