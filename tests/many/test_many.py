"""Four processes, one database: killed at random and cut off, they lose nothing, double nothing and keep the order."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

from tests.conftest import Postgres
from tests.many.fleet import Fleet, fleet

#: Seconds of trouble; `make soak` sets more.
TROUBLE = float(os.environ.get("SOAK") or 3.0)
PEOPLE, NOTES = (4, 3) if TROUBLE < 10 else (12, int(TROUBLE / 4))


async def test_nothing_is_lost_or_doubled(postgres: Postgres, tmp_path: Path) -> None:
    async with fleet(postgres, tmp_path, seed=int(os.environ.get("SEED") or 7)) as four:
        everybody = [
            *(four.on_telegram(four.api.world.person(f"T{n}", started=True), NOTES) for n in range(PEOPLE)),
            *(four.on_discord(four.discord.add_user(f"D{n}"), NOTES) for n in range(PEOPLE)),
        ]
        talking = asyncio.gather(*everybody)
        await trouble(four, until=time.monotonic() + TROUBLE / 2)
        await asyncio.wait_for(talking, 60 + 2 * TROUBLE)
        kept = await four.kept()
        assert four.told <= set(kept), "somebody was told of what is not kept, or a pushed update was lost"
        assert set(kept) <= four.told | set(four.refused)
        assert len(four.told) == 2 * PEOPLE * NOTES
        assert max(kept.values()) == 1, "something was done twice"

        await four.bring_forward()
        await trouble(four, until=time.monotonic() + TROUBLE / 2)
        async with asyncio.timeout(40 + TROUBLE):
            while await four.waiting():  # noqa: ASYNC110  # other processes deliver
                await asyncio.sleep(0.1)
        arrived, dues = four.arrived(), await four.dues()
    notes = [note for mine in arrived.values() for note in mine]
    once = [note for note in notes if not note.startswith("again ")]
    assert set(once) | {note.removeprefix("again ") for note in notes if note.startswith("again ")} == set(kept)
    assert len(once) == len(set(once)), "a message came twice, unmarked"
    assert not any(note.startswith("again D") for note in notes), "Discord knows a message by its nonce"
    assert len(notes) - len(set(kept)) <= 8 * (sum(one.kills for one in four.processes) + four.cuts)
    for mine in arrived.values():
        first = [dues[note] for note in mine if not note.startswith("again ")]
        assert first == sorted(first), "out of order"


async def trouble(four: Fleet, until: float) -> None:
    """Kills and cuts, until then."""
    while time.monotonic() < until:
        await asyncio.sleep(four.chance.uniform(0.2, 0.8))
        await (four.cut() if four.chance.random() < 0.3 else four.kill_one())
