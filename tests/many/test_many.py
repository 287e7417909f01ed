"""Four processes, one database: whatever happens to them, they lose nothing, double nothing and keep the order."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

from bot.desk.budgets import PACES
from tests.conftest import Postgres
from tests.many.fleet import fleet
from tests.many.story import too_fast, wrongly_kept, wrongly_sent
from tests.many.trouble import Trouble

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
        trouble = Trouble(four, longest=TROUBLE / 3)
        await trouble.until(time.monotonic() + TROUBLE / 2)
        await asyncio.wait_for(talking, 120 + 2 * TROUBLE)
        kept = await four.kept()
        four.wrong += wrongly_kept(four.told, four.refused, kept, wanted=2 * PEOPLE * NOTES)
        assert not four.wrong, "\n".join(one.what for one in four.wrong)

        await four.bring_forward()
        await trouble.until(time.monotonic() + TROUBLE / 2)
        async with asyncio.timeout(90 + TROUBLE):
            while await four.waiting():  # noqa: ASYNC110  # other processes deliver
                await asyncio.sleep(0.1)
        await four.stop()
        arrived, notices = four.arrived(), await four.notices()
        dues = {note: row["due_at"] for note, row in notices.items()}
        four.wrong += wrongly_sent(kept, arrived, dues, trouble.doubles)
        for platform in ("telegram", "discord"):
            messages = {(one.at, one.who) for one in arrived if one.platform == platform}
            four.wrong += too_fast(platform, [at for at, _ in messages], PACES[platform], four.story.stalls)
        print(four.story.summary(arrived))
        assert not four.wrong, "\n".join(one.what for one in four.wrong)
