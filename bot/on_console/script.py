"""Playing lines from a file or a pipe: plain text out, the same every time, and an exit code."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from pathlib import Path

from bot.on_console.meta import QUIT, meta
from bot.on_console.shell import Failed, Shell
from bot.on_console.transcript import Heard

#: How often what is due is looked for while a pipe is silent and the clock is the real one, in seconds.
LOOK_EVERY = 1.0

#: A line longer than this is not read as one, in bytes.
LONGEST_LINE = 1024 * 1024


def shown(heard: Heard) -> str:
    """A message as plain text: the place before its first line, the other lines indented."""
    first, *rest = heard.drawn.text.split("\n")
    edited = "(edited) " if heard.edited and not heard.answers else ""
    return "\n".join([f"[{heard.label}] bot: {edited}{first}", *(f"  {one}" for one in rest)])


async def play(shell: Shell, lines: AsyncIterable[str], say: Callable[[str], object], *, strict: bool = False) -> int:
    """Play the lines until they end or one says !quit; 1 when an expectation was not met, else 0.

    Blank lines and those that begin with "# " are passed over.
    strict: a line that cannot be played (a button that is not there) counts as an expectation not met.
    """
    failed = number = 0
    async for text in lines:
        number += 1
        text = text.strip()
        if (not text and not shell.has_uploads) or text == "#" or text.startswith("# "):
            continue
        unplayable = shell.unplayable
        if text.startswith("!"):
            outcome = await meta(shell, text)
            if outcome == QUIT:
                break
            if isinstance(outcome, Failed):
                failed += 1
                say(f"line {number}: {outcome.text}")
        else:
            await shell.say(text)
        if strict and shell.unplayable > unplayable:
            failed += 1
            say(f"line {number}: this line could not be played: {text}")
    return 1 if failed else 0


async def lines_of(path: Path) -> AsyncIterator[str]:
    """The lines of a file."""
    for one in (await asyncio.to_thread(path.read_text, "utf-8-sig", "replace")).splitlines():
        yield one


async def standard_input(while_waiting: Callable[[], Awaitable[object]]) -> AsyncIterator[str]:
    """The lines that come through a pipe, each as soon as it is complete; `while_waiting` runs now and then."""
    if not stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode) and not stat.S_ISSOCK(
        os.fstat(sys.stdin.fileno()).st_mode
    ):
        for one in (await asyncio.to_thread(sys.stdin.buffer.read)).decode("utf-8", "replace").splitlines():
            yield one
        return
    reader = asyncio.StreamReader(limit=LONGEST_LINE)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    try:
        while True:
            waiting = asyncio.ensure_future(reader.readline())
            while not (await asyncio.wait([waiting], timeout=LOOK_EVERY))[0]:
                await while_waiting()
            read = waiting.result()
            if not read:
                return
            yield read.decode("utf-8", "replace").removeprefix("\ufeff")
    finally:
        transport.close()
