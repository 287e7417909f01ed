"""Many people at once through one desk on one SQLite file: nobody ever sees a word of somebody else's."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk.answer import Answer
from bot.desk.closing import once_only
from bot.desk.desk import Desk
from bot.desk.guests import Guests, Visitor
from cogs import catalogue
from cogs.kit.tools import Tools
from storage import engine
from storage.stores.base import PEOPLE
from tests.bot.town import ids_of, said
from tests.conftest import MovableClock

#: People at once; each has a word that is theirs alone in everything they keep.
CROWD = 24


def word(number: int) -> str:
    """Somebody's own word: letters only, and in nobody else's."""
    return "Quill" + "".join("abcdefghij"[int(digit)] for digit in f"{number:03}") + "zz"


_ANY = re.compile(r"Quill[a-j]{3}zz")


class Crowd:
    """Guests are kept for a moment, as in the running program, and forgotten when somebody is written."""

    def __init__(self, storage: engine.Storage, clock: MovableClock) -> None:
        self.tools = Tools(open_work=once_only(storage.open_work), clock=clock)
        self.desk = Desk(catalogue.furnish(self.tools), self.tools, catalogue.GROUP_ALIASES)
        self.guests = Guests(self.tools)

    def visitor(self, number: int) -> Visitor:
        account, shared = str(1000 + number), number % 2 == 0
        at_home = Visitor(
            surface="discord", account=account, name=word(number), address=f"d{account}", dm=f"d{account}"
        )
        if not shared:
            return at_home
        return replace(at_home, address="c1", dm=None, community=("g1", "Hall"), channel=("c1", "gigs", "text"))

    async def say(self, number: int, text: str) -> Answer:
        call = await self.guests.call(self.visitor(number))
        heard = None if text.startswith("/") else await self.desk.heard(call, text, anywhere=True)
        return heard or await self.desk.spelled(call, text)

    async def press(self, number: int, action_id: str) -> Answer:
        return await self.desk.press(await self.guests.call(self.visitor(number)), action_id)


@pytest.fixture
async def crowd(tmp_path: Path, clock: MovableClock) -> AsyncIterator[Crowd]:
    storage = await engine.open(f"sqlite:///{tmp_path}/crowd.db")
    made = Crowd(storage, clock)
    await storage.listen(PEOPLE, made.guests.forget)
    made.guests.remember()
    yield made
    await storage.close()


async def test_a_crowd_is_never_mixed_up(crowd: Crowd) -> None:
    """Forms, drafts, undos, lists and cards of everybody at the same time, in an order that chance decides."""
    chance = random.Random(20261123)
    turns = [chance.randrange(12) for _ in range(CROWD * 20)]
    seen: list[str] = []

    async def live(number: int) -> None:
        mine = word(number)
        #: What somebody does; the unfinished form in the middle is answered by plain text.
        script = [
            "/me zone Europe/London",
            f"/client add {mine}",
            f"/invoice new client={mine} amount={100 + number} due=30d",
            f"/remind me tomorrow 9am {mine}",
            "/invoice new",
            mine,
            f"{200 + number}",
            "/invoices",
            "/reminders",
            f"/client show {mine}",
            "/resume",
            "/cancel",
            "/undo",
            "/me",
        ]
        waiting: list[str] = []
        for step, text in enumerate(script):
            for _ in range(turns[(number * 7 + step) % len(turns)]):
                await asyncio.sleep(0)  # lets others go first
            answer = await crowd.say(number, text)
            check(answer, mine, text)
            waiting += [one for one in ids_of(answer.reply) if ".show" in one or ".open" in one][:1]
        for one in waiting:
            check(await crowd.press(number, one), mine, one)

    def check(answer: Answer, mine: str, text: str) -> None:
        shown = said(answer)
        assert "gone wrong" not in shown, (text, shown)
        others = set(_ANY.findall(shown)) - {mine}
        assert not others, (mine, text, shown)
        assert answer.private
        seen.extend(_ANY.findall(shown))

    await asyncio.gather(*(live(number) for number in range(CROWD)))

    assert {word(number) for number in range(CROWD)} <= set(seen)
    assert len(seen) > CROWD * 5
