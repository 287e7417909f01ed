"""The whole program on a fresh database, driven by the lines of the console's script language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from bot.app import Furnish, open_shell
from bot.on_console.script import play, shown
from bot.on_console.shell import Shell
from bot.settings import App, ConsoleOptions, Secret, Settings
from cogs import catalogue

#: Monday morning in a week in which nothing odd happens.
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


class House:
    """A running program. `said` is everything it printed so far, in order."""

    def __init__(self, shell: Shell, said: list[str]) -> None:
        self.shell = shell
        self.said = said

    @classmethod
    async def open(
        cls,
        data_dir: Path,
        *,
        now: datetime | None = MONDAY,
        url: str = "sqlite://",
        speaker: str | None = None,
        zone: str | None = None,
        furnish: Furnish = catalogue.furnish,
    ) -> House:
        """Start it. data_dir: for files of replies. now: where the clock stands; None: the real time."""
        said: list[str] = []
        options = ConsoleOptions(database=Secret(url), now=now, speaker=speaker, zone=zone)
        settings = Settings(app=App(data_dir=data_dir))
        shell = open_shell(settings, options, lambda heard: said.append(shown(heard)), furnish=furnish)
        await shell.start()
        return cls(shell, said)

    async def play(self, script: str, *, strict: bool = True) -> str:
        """Play lines; what was printed because of them. Fails with the transcript when an expectation is not met.

        strict: a line that cannot be played fails as well.
        """
        before = len(self.said)
        code = await play(self.shell, lines_of(script), self.said.append, strict=strict)
        printed = "\n".join(self.said[before:])
        assert code == 0, "\n" + printed
        return printed

    async def stop(self) -> None:
        """Stop the program."""
        await self.shell.close()


async def lines_of(script: str) -> AsyncIterator[str]:
    """The lines of a script."""
    for one in script.strip().splitlines():
        yield one
