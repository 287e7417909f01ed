"""Every command that a text tells people to use is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from bot.desk.own_words import OWN_WORDS
from bot.desk.spelling import Speller
from cogs import catalogue
from tests import readme

ROOT = Path(__file__).parents[2]
#: Words that a platform has of its own.
_OTHERS = {"start", "stop", "setprivacy"}
_MENTION = re.compile(r"(?:^|(?<=[\s(“]))/([a-z][a-z_]*)(?: +([a-z_]+))?(?![\w/.:-])")


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """The string constants of a module that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documents = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield node.lineno, node.value


#: The rooms that speak to people in chat.
_SOURCES = sorted(
    path
    for room in ("bot/desk", "bot/on_console", "bot/on_discord", "bot/on_telegram", "cogs")
    for path in (ROOT / room).rglob("*.py")
)


async def test_commands_that_texts_name_exist() -> None:
    commands = [command for cog in await readme.cogs() for command in cog.commands()]
    speller = Speller(commands, catalogue.GROUP_ALIASES)
    found, wrong = 0, []
    for path in _SOURCES:
        for number, text in _texts(path):
            for mention in _MENTION.finditer(text):
                found += 1
                spelled = speller.read(mention[0])
                known = mention[1] in {*OWN_WORDS, *_OTHERS} or spelled.command or spelled.group
                if not known:
                    wrong.append(f"{path.relative_to(ROOT)}:{number} {mention[0]}")
    assert not wrong
    assert found > 100
