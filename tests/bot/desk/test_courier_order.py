"""What goes to one chat goes in the order in which it was promised, however often it was set back on the way."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from bot.desk.budgets import Budget, Pace
from bot.desk.delivery import Report, judge
from bot.desk.drawing import Drawer
from bot.desk.round import Desk, Round
from bot.desk.surface import Sent
from cogs.kit.action import action
from cogs.kit.reply import Button, Reply
from cogs.kit.words import line
from storage.records.notice import Lane, Notice
from storage.work import Work
from tests.bot.desk.courier_parts import FakeSender, keep, number, person
from tests.conftest import START

LEASE = timedelta(seconds=60)
SECOND = Pace(apart=1.0)


async def draw_big(notice: Notice, work: Work) -> Reply:
    """As `draw_number` does, with so many buttons that no more than two go into one message."""
    return Reply(
        lines=(line(str(notice.args["n"])),), buttons=tuple(Button(str(n), action("t.do", n)) for n in range(5))
    )


class Post:
    """A sender's process, one step at a time. `arrived`: the numbers each chat got, in order, each key once."""

    def __init__(self, open_work, chance: random.Random) -> None:
        self.chance = chance
        self.open_work = open_work
        self.arrived: dict[str, list[int]] = {}
        self.keys: set[str] = set()
        self.runs = 0
        self.start(0.0)

    def start(self, at: float) -> None:
        """Anew, with nothing known of what the last one did."""
        self.runs += 1
        desk = Desk(
            open_work=self.open_work,
            drawer=Drawer(self.open_work, {"t.say": draw_big}, {}, self.chance),
            after={},
            owner=f"run {self.runs}",
            lease=LEASE,
            batch=200,
            chance=self.chance,
        )
        self.round = Round("discord", desk, FakeSender("discord", knows_keys=True), Budget(SECOND, at))

    async def turn(self, at: float, *, dies: float = 0.0) -> None:
        """Claim, send and record what is due. dies: how likely the process ends before each of its steps."""
        if await self._died_on_the_way(at, dies):
            self.start(at)
            async with self.open_work() as work:
                await work.notices.retake("discord", START + timedelta(seconds=at), LEASE)
                await work.commit()

    async def _died_on_the_way(self, at: float, dies: float) -> bool:
        now = START + timedelta(seconds=at)
        batch = await self.round.exchange(now, 100)
        if self.chance.random() < dies:
            return True
        if batch is not None:
            await self.round.stock(batch, now, at, paced=True)
        while (taken := self.round.take()) is not None:
            if self.chance.random() < dies:
                return True
            parcel, _ = taken
            self.round.begin(parcel, at)
            if parcel.key not in self.keys:
                self.keys.add(parcel.key)
                self.arrived.setdefault(parcel.dest, []).extend(int(one.args["n"]) for one in parcel.notices)
            report = Report(parcel, Sent("m", parcel.dest), None)
            verdict = judge(report, now, knows_keys=True, platform_down=False, chance=self.chance)
            self.round.done.append((report, verdict))
            self.round.unacked += 1
            self.round.over(parcel)
        if self.chance.random() < dies:
            return True
        await self.round.exchange(now, 0)
        return False


async def test_a_slot_that_is_due_by_itself_is_not_put_behind_the_rest(open_work, anywhere):
    one = await person(open_work, surface="discord")
    dues = [0.0, 0.0001, 0.0002, 0.0003, 1.0, 1.5]
    await keep(open_work, *[number(n, one, after=timedelta(seconds=due), key=f"k{n}") for n, due in enumerate(dues)])
    post = Post(open_work, random.Random(1))
    for n in range(12):
        await post.turn(0.0004 + n * 0.9999)  # a moment before the chat is free, in the millisecond in which it is
    assert post.arrived == {"dm:Player One": [0, 1, 2, 3, 4, 5]}


@pytest.mark.parametrize("seed", [12, 13, 16])
async def test_the_order_is_kept_whatever_dies(open_work, seed):
    chance = random.Random(seed)
    expected: dict[str, list[int]] = {}
    for p in range(30):
        one = await person(open_work, f"P{p}", "discord")
        lane = chance.choice([Lane.URGENT, Lane.NORMAL])
        dues = sorted(chance.sample([*range(0, 2000, 7), *range(3000, 4000, 7)], chance.randrange(9)))
        new = [
            number(n, one, after=timedelta(milliseconds=due), lane=lane, key=f"{p} {n}") for n, due in enumerate(dues)
        ]
        await keep(open_work, *chance.sample(new, len(new)))
        if new:
            expected[f"dm:P{p}"] = list(range(len(new)))
    post, at = Post(open_work, chance), 0.0
    while at < 7:
        await post.turn(at, dies=0.1)
        at += chance.choice([0.02, 0.3, 0.9999])
    for _ in range(15):
        await post.turn(at)
        at += 1
    assert post.arrived == expected
    assert post.runs > 4
