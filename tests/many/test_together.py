"""Three couriers send together: within what the platform takes from a bot, and going on when one of them hangs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from bot.desk.budgets import PACES
from tests.conftest import Postgres
from tests.many.crowd import couriers, keep
from tests.many.fleet import Fleet, fleet
from tests.many.story import Wrong, most_in_a_second, too_fast, wrongly_sent
from tests.many.test_many import TROUBLE
from tests.many.trouble import hanging

COURIERS = ("courier", "courier", "courier")
PACE = PACES["telegram"]

#: How long one hangs, in seconds: shorter than a claim holds, and in a soak longer as well.
HANGS = [3.0] if TROUBLE < 10 else [3.0, 20.0, 75.0]

#: Chats are kept apart to within this, in seconds: what was on its way may have taken longer than what followed.
JITTER = 0.1


async def until(happened: Callable[[], bool], within: float) -> None:
    async with asyncio.timeout(within):
        while not happened():  # noqa: ASYNC110  # it is other processes that do it
            await asyncio.sleep(0.02)


async def all_there(three: Fleet) -> None:
    async with asyncio.timeout(60):
        while await couriers(three) < len(COURIERS):  # noqa: ASYNC110  # they come by themselves
            await asyncio.sleep(0.1)


async def finish(three: Fleet, kept: dict[str, int], most_again: int) -> None:
    """Wait for the last one, and look at everything."""
    async with asyncio.timeout(90):
        while await three.waiting():  # noqa: ASYNC110  # other processes deliver
            await asyncio.sleep(0.1)
    await three.stop()
    arrived, notices = three.arrived(), await three.notices()
    three.wrong += wrongly_sent(kept, arrived, {note: row["due_at"] for note, row in notices.items()}, most_again)
    times = sorted({(one.at, one.who) for one in arrived})
    for within in (1.0, 3.0):
        three.wrong += too_fast("telegram", [at for at, _ in times], PACE, three.story.stalls, within)
    print(three.story.summary(arrived))
    assert not three.wrong, "\n".join(one.what for one in three.wrong)


async def test_all_together_keep_to_the_rate(postgres: Postgres, tmp_path: Path) -> None:
    async with fleet(postgres, tmp_path, seed=0, parts=COURIERS) as three:
        await all_there(three)
        crowd = [(three.api.world.person(f"T{n}", started=True), [0.0]) for n in range(110)]
        crowd += [(three.api.world.person(f"M{n}", started=True), [0.0, 0.3, 0.6]) for n in range(6)]
        kept = await keep(three, crowd, start=1.0)
        await until(lambda: len(three.arrived()) >= len(kept), 60)
        messages = sorted({(one.at, one.who) for one in three.arrived()})
        for who in [f"M{n}" for n in range(6)]:
            mine = [at for at, whose in messages if whose == who]
            assert len(mine) > 1, "what fell due later came along with what was due before"
            for before, after in pairwise(mine):
                seen_late = sum(long for when, long in three.story.stalls if when <= after and when + long >= before)
                if after - before < PACE.apart - JITTER - seen_late:
                    three.wrong.append(Wrong(f"{after - before:.2f} s apart in the chat of {who}", at=after))
        assert most_in_a_second([at for at, _ in messages]) >= PACE.per_second / 2, "so slow says nothing of the limit"
        await finish(three, kept, most_again=0)


@pytest.mark.parametrize("seconds", HANGS)
async def test_when_one_hangs_the_others_go_on(postgres: Postgres, tmp_path: Path, seconds: float) -> None:
    async with fleet(postgres, tmp_path, seed=0, parts=COURIERS) as three:
        await all_there(three)
        crowd = [(three.api.world.person(f"T{n}", started=True), [0.0]) for n in range(60)]
        kept = await keep(three, crowd[:45], start=1.0)
        await until(lambda: len(three.arrived()) >= 15, 30)
        async with hanging(three, three.processes[0]):
            began = time.monotonic()
            later = await keep(three, crowd[45:], start=0.5)
            await until(lambda: later.keys() <= {one.note for one in three.arrived()}, 45)  # a claim holds for 60
            await asyncio.sleep(max(0.0, seconds - (time.monotonic() - began)))
        await finish(three, kept | later, most_again=PACE.unacked)
