"""The console for a person at a terminal: colours, history, completion, and what falls due while they think.

Ctrl-C closes the open form, Ctrl-D ends the session. An empty line repeats the open question with what can be chosen.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from prompt_toolkit import PromptSession, print_formatted_text
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory
from prompt_toolkit.patch_stdout import patch_stdout
from prompt_toolkit.styles import Style

from bot.on_console.completion import ShellCompleter
from bot.on_console.meta import QUIT, meta
from bot.on_console.shell import Failed, Shell
from bot.on_console.transcript import Heard
from storage.faults import StorageFault

_STYLE = Style.from_dict(
    {
        "place": "ansicyan",
        "prompt": "ansicyan bold",
        "title": "bold",
        "strong": "bold",
        "label": "ansibrightblack",
        "code": "ansiyellow",
        "time": "ansigreen",
        "money": "ansigreen",
        "who": "ansimagenta",
        "web": "underline",
        "file": "ansiblue",
        "small": "ansibrightblack",
        "number": "ansicyan",
        "button": "bold",
        "console": "ansired",
    }
)

_WELCOME = (
    "First Call, the local chat. Type a command, for example: gig bass, Sat 19:30, Leeds, £220",
    "/help lists the commands. !as Bob speaks as Bob, !in #gigs enters a channel, !advance 3 days moves the clock.",
    "A number presses that button. Tab completes. Ctrl-D leaves.",
)

#: How often what is due is looked for while nobody types, in seconds.
_LOOK_EVERY = 1.0
#: How often the program sees to itself, and how soon after the start, in seconds.
_TEND_EVERY, _SOON = 180.0, 5.0


async def talk(open_shell: Callable[[Callable[[Heard], None]], Shell], data_dir: Path) -> int:
    """Talk until the person leaves; the exit code. open_shell: makes the shell, given what prints a message."""
    shell = open_shell(_print)
    history = data_dir / "console-history"
    await asyncio.to_thread(history.parent.mkdir, parents=True, exist_ok=True)
    session: PromptSession[str] = PromptSession(
        history=FileHistory(str(history)),
        completer=ShellCompleter(shell),
        style=_STYLE,
        complete_while_typing=True,
        reserve_space_for_menu=5,
    )
    # One line, or one look at what is due, at a time: they share the clock and the transcript.
    turn = asyncio.Lock()
    with patch_stdout(raw=True):
        for text in _WELCOME:
            _remark(text)
        await shell.start()
        looking = asyncio.create_task(_look(shell, turn))
        try:
            while await _take_line(shell, session, turn):
                pass
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
            await shell.close()
    return 0


async def _take_line(shell: Shell, session: PromptSession[str], turn: asyncio.Lock) -> bool:
    """Read one line and do it; False at the end."""
    async with turn:
        speaker = await shell.speaker()
        prompt = FormattedText([("class:prompt", f"{speaker.name} {shell.place_of(speaker)}> ")])
    try:
        text = (await session.prompt_async(prompt)).strip()
    except EOFError:
        return False
    except KeyboardInterrupt:
        async with turn:
            if not await shell.give_up():
                _remark("Ctrl-D leaves.")
        return True
    async with turn:
        try:
            return await _do(shell, text)
        except StorageFault as fault:
            _remark(f"The database cannot be used: {fault}", "class:console")
    return True


async def _do(shell: Shell, text: str) -> bool:
    if not text and not shell.has_uploads:
        await shell.ask_again()
    elif text.startswith("!"):
        outcome = await meta(shell, text)
        if isinstance(outcome, Failed):
            _remark(outcome.text, "class:console")
        return outcome != QUIT
    else:
        await shell.say(text)
    return True


async def _look(shell: Shell, turn: asyncio.Lock) -> None:
    """Deliver what falls due while nobody types, and tend. A clock that was set stands still, and so does this."""
    tended = time.monotonic() - _TEND_EVERY + _SOON
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        async with turn:
            if not shell.clock.is_real:
                continue
            try:
                await shell.deliver()
                if time.monotonic() - tended >= _TEND_EVERY:
                    tended = time.monotonic()
                    await shell.tend()
            except StorageFault as fault:
                _remark(f"The database cannot be used: {fault}", "class:console")


def _print(heard: Heard) -> None:
    """Show a message in colours."""
    pieces: list[tuple[str, str]] = [("class:place", f"[{heard.label}] "), ("", "bot: ")]
    if heard.edited and not heard.answers:
        pieces.append(("class:small", "(edited) "))
    for number, one in enumerate(heard.drawn.lines):
        pieces.append(("", "\n  " if number else ""))
        pieces.extend(one)
    print_formatted_text(FormattedText(pieces), style=_STYLE)


def _remark(text: str, style: str = "class:small") -> None:
    print_formatted_text(FormattedText([(style, text)]), style=_STYLE)
