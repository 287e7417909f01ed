"""A console with the market in it, as a process of its own: `python child.py FOLDER`, lines through a pipe."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.app import open_shell
from bot.on_console.script import play, shown, standard_input
from bot.settings import App, ConsoleOptions, Secret, Settings
from tests.bot.on_console.conftest import market
from tests.house import MONDAY


async def main(folder: Path) -> int:
    options = ConsoleOptions(database=Secret(f"sqlite:///{folder / 'fc.db'}"), now=MONDAY, zone="UTC")
    shell = open_shell(Settings(app=App(data_dir=folder)), options, lambda heard: say(shown(heard)), furnish=market)
    await shell.start()
    say("ready")
    return await play(shell, standard_input(shell.deliver), say)


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1]))))
