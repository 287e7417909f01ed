"""Starts processes of the program in milliseconds: everything is imported once, and each is a fork of that.

`python -m tests.many.nursery` reads one line for each, a JSON object of its arguments, environment and log file, and
prints its process id. A process started so is the whole program, from its command line on; only the seconds that
imports take on a busy machine are saved.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys

import bot.app
import bot.on_discord.client
import bot.on_telegram.application
import bot.on_web.server
import bot.supervisor
import storage.engine
from bot.__main__ import main as firstcall
from cogs.kit import moments


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children that ended need not be asked how
    moments.warm()
    gc.collect()
    gc.freeze()
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _be(asked["arguments"], asked["environ"], asked["log"])
        print(child, flush=True)


def _be(arguments: list[str], environ: dict[str, str], log: str) -> None:
    """Become the program."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.update(environ)
    file = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, into in ((0, nothing), (1, file), (2, file)):
        os.dup2(into, number)
    code = 70
    try:
        code = firstcall(arguments)
    finally:
        os._exit(code)


assert all(
    (bot.app, bot.on_discord.client, bot.on_telegram.application, bot.on_web.server, bot.supervisor, storage.engine)
)

if __name__ == "__main__":
    main()
