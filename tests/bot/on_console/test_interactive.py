from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.app import open_shell
from bot.on_console.completion import ShellCompleter
from bot.on_console.interactive import talk
from bot.on_console.script import shown
from bot.on_console.shell import Shell
from bot.on_console.transcript import Heard
from bot.settings import App, ConsoleOptions, Secret, Settings
from tests.bot.on_console.conftest import market
from tests.house import MONDAY, House

CTRL_C, CTRL_D = "\x03", "\x04"


async def typed(tmp_path: Path, *keys: str) -> list[str]:
    """What is shown to somebody who types these keys at a terminal, one after the other."""
    said: list[str] = []

    def make(show: Callable[[Heard], None]) -> Shell:
        def both(heard: Heard) -> None:
            show(heard)
            said.append(shown(heard))

        options = ConsoleOptions(database=Secret("sqlite://"), now=MONDAY, speaker="Ada", zone="UTC")
        return open_shell(Settings(app=App(data_dir=tmp_path)), options, both, furnish=market)

    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        for key in keys:
            pipe.send_text(key)
        async with asyncio.timeout(20):
            assert await talk(make, tmp_path) == 0
    return said


async def test_a_person_types_lines_and_leaves_with_ctrl_d(tmp_path: Path) -> None:
    said = await typed(tmp_path, "/stall secret\r", "!as Bob\r", "/stall rule\r", CTRL_D)
    assert said[0] == "[dm Ada] bot: Worth £999."
    assert "Only moderators" in said[1] or "Ruled" in said[1]


async def test_ctrl_c_closes_the_open_form_and_does_no_more_without_one(tmp_path: Path) -> None:
    said = await typed(tmp_path, "stall whole\r", CTRL_C, CTRL_C, "/resume\r", CTRL_D)
    assert said[1] == "[dm Ada] bot: Cancelled. Nothing was sent."
    assert "no half-filled form" in said[2]


async def test_a_number_presses_and_an_empty_line_asks_again(tmp_path: Path) -> None:
    said = await typed(tmp_path, "stall whole\r", "\r", "2\r", "!quit\r")
    assert said[0].endswith("Which sort of work?")
    assert said[1] == said[0]
    assert said[2].endswith("How many seats?")


async def test_lines_are_remembered_for_the_next_session(tmp_path: Path) -> None:
    await typed(tmp_path, "/stall secret\r", CTRL_D)
    assert "+/stall secret" in (tmp_path / "console-history").read_text("utf-8")


async def test_an_expectation_that_fails_is_shown_and_the_session_goes_on(tmp_path: Path) -> None:
    assert (await typed(tmp_path, "!expect gold\r", "/stall secret\r", CTRL_D))[-1] == "[dm Ada] bot: Worth £999."


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("!a", ["!as", "!advance"]),
        ("!in ", ["dm", "#gigs"]),
        ("!press I", ["I'm in"]),
        ("/stall s", ["/stall secret", "/stall shout"]),
        ("stall sh", ["stall shout"]),
        ("res", ["resume"]),
        ("/stall post ", ["role=", "when=", "fee=", "sort=", "note="]),
        ("/stall post role=bass f", ["bass-flute", "fee="]),
        ("/stall post sort=", ["food", "session"]),
        ("/stall post sort=f", ["food"]),
        ("/stall whole who=B", ["Bob"]),
        ("/stall whole seats=3 public=y", ["yes"]),
        ("what is this", []),
    ],
)
async def test_tab_offers_what_fits(house: House, text: str, offered: list[str]) -> None:
    await house.play('!as Ada\n!in #gigs\n/stall post role=bass when="Sat 28 Nov 19:30" fee=£220')
    assert [one async for one in _completions(house.shell, text)] == offered


async def _completions(shell: Shell, text: str) -> AsyncIterator[str]:
    async for one in ShellCompleter(shell).get_completions_async(Document(text), CompleteEvent()):
        yield one.text
