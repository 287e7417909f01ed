"""The README is true to the letter: its session plays, its commands exist, its make targets and files are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import readme
from tests.house import House

TEXT = readme.README.read_text()
ROOT = readme.README.parent


async def test_the_session_plays_as_written(tmp_path: Path) -> None:
    (session,) = re.findall(r"```firstcall\n(.*?)```", TEXT, re.DOTALL)
    (shown,) = re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL)
    house = await House.open(tmp_path)
    try:
        printed = await house.play(session)
    finally:
        await house.stop()
    messages = [message.rstrip() for message in shown.split("\n\n")]
    assert len(messages) >= 4
    for message in messages:
        assert message in printed


async def test_every_command_is_listed_and_no_other() -> None:
    listed = TEXT.partition(readme.BEGIN)[2].partition(readme.END)[0]
    assert listed == readme.table(await readme.cogs()), "renew it: python -m tests.readme"


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", TEXT, re.MULTILINE))
    assert {"run", "test", "lint", "bench", "help"} <= named
    assert named <= targets


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\((?!https?://)([^)#]+)\)", TEXT))))
def test_every_file_that_is_linked_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_every_firstcall_command_that_is_named_is_understood() -> None:
    from bot.arguments import parse

    for line in re.findall(r"^\.venv/bin/firstcall (.*?)(?:\s+#.*)?$", TEXT, re.MULTILINE):
        parse(line.split())
