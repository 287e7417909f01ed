"""The README's list of commands, written from the catalogue: `python -m tests.readme` renews it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from cogs import catalogue
from cogs.kit.call import Right
from cogs.kit.cog import Cog, Command
from cogs.kit.tools import Tools
from storage import engine

README = Path(__file__).parent.parent / "README.md"
BEGIN = "<!-- commands: renewed by `python -m tests.readme`, checked by the tests -->\n"
END = "<!-- end of commands -->"


class _Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 23, 10, tzinfo=UTC)


async def cogs() -> tuple[Cog, ...]:
    """The catalogue, furnished on a database in memory."""
    storage = await engine.open("sqlite://")
    try:
        return catalogue.furnish(Tools(open_work=storage.open_work, clock=_Clock()))
    finally:
        await storage.close()


def table(furnished: tuple[Cog, ...]) -> str:
    """One table a topic: the command with its options, what it does, its one-line words."""
    topics: dict[str, list[Command]] = {}
    for cog in furnished:
        if cog.commands():
            topics.setdefault(cog.topic, []).extend(cog.commands())
    return "".join(f"\n**{topic}**\n\n{_rows(commands)}" for topic, commands in topics.items()) + "\n"


def _rows(commands: list[Command]) -> str:
    lines = ["| command | does | also written |", "|---|---|---|"]
    for command in commands:
        options = " · ".join(f"{p.name}{'*' if p.required else ''}" for p in command.parameters if not p.ask.hidden)
        also = ", ".join(f"`/{word}`" for word in dict.fromkeys((*command.one_line, *command.aliases)))
        who = " (moderators)" if command.needs is Right.MODERATE else ""
        name = f"`/{command.name}`" + (f" {options}" if options else "")
        lines.append(f"| {name} | {_cell(command.summary)}{who} | {also} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write the list into the README."""
    before, _, rest = README.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}{table(asyncio.run(cogs()))}{END}{after}")


if __name__ == "__main__":
    main()
