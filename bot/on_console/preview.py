"""What a command, its form and a reply look like in the console, for `firstcall tour`."""

from __future__ import annotations

from datetime import datetime

from bot.on_console.render import draw
from cogs.kit.cog import Command
from cogs.kit.reply import Reply


def preview(reply: Reply, now: datetime, locale: str) -> str:
    """A reply as the console draws it."""
    return draw(reply, now, locale).text


def preview_command(command: Command) -> str:
    """How a command is typed, what is asked when something is missing, and an example of each answer."""
    shown = [p for p in command.parameters if not p.ask.hidden]
    options = " ".join(f"{p.name}=…" if p.required else f"[{p.name}=…]" for p in shown)
    lines = [f"/{command.name} {options}".rstrip()]
    for one in shown:
        choices = ", ".join(choice.label for choice in one.choices())
        hint = choices or one.ask.example or ""
        lines.append(f"  {one.label}: {one.ask.question}{f'  ({hint})' if hint else ''}")
    return "\n".join(lines)
