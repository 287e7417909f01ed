"""The console lives through the days it is moved over: chores are done on the way, and what they say arrives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.on_console.shell import days_between
from cogs.home.cog import HomeCog
from cogs.kit.cog import Cog, chore, notice
from cogs.kit.reply import Reply, say
from cogs.kit.tools import Tools
from cogs.profile.cog import ProfileCog
from cogs.profile.settings import SettingsCog
from storage.records.notice import NewNotice, Notice
from storage.work import Work
from tests.house import MONDAY, House


class CanaryCog(Cog, name="canary", topic="Canary"):
    """Looks each time, and sings on the second day."""

    def __init__(self, tools: Tools) -> None:
        self.looks: list[datetime] = []
        self._tools = tools

    @chore("look")
    async def look(self, now: datetime) -> None:
        self.looks.append(now)
        if len(self.looks) == 2:
            async with self._tools.open_work() as work:
                await work.notices.add(NewNotice(kind="canary.sing", person_id=1, due_at=now, urgent=True), now)
                await work.commit()

    @notice("sing")
    async def sing(self, notice: Notice, work: Work) -> Reply | None:
        return say(f"Tweet, {notice.due_at:%a %H:%M}.")


async def test_days_are_lived_through_one_by_one_and_what_is_noticed_is_said_on_its_day(tmp_path: Path) -> None:
    canaries: list[CanaryCog] = []

    def furnish(tools: Tools) -> tuple[Cog, ...]:
        canaries.append(CanaryCog(tools))
        cogs: list[Cog] = [canaries[-1], ProfileCog(tools), SettingsCog(tools)]
        cogs.append(HomeCog(tools, lambda: cogs))
        return tuple(cogs)

    house = await House.open(tmp_path, furnish=furnish)
    try:
        await house.play("!as Ada\n/me zone London\n!expect Europe/London")
        assert canaries[0].looks == []
        await house.play("!advance 3 days\n!expect Tweet, Wed 10:00.")
        assert canaries[0].looks == [MONDAY + timedelta(days=n) for n in (1, 2, 3)]
        await house.play("!advance 20 min\n!advance 5 hours\n!advance 1 hour")
        assert canaries[0].looks[3:] == [MONDAY + timedelta(days=3, hours=6, minutes=20)]
    finally:
        await house.stop()


START = datetime(2026, 3, 1, tzinfo=UTC)


@given(st.floats(min_value=0.001, max_value=40_000))
def test_however_far_the_way_it_ends_where_it_should_after_a_few_stops(hours: float) -> None:
    end = START + timedelta(hours=hours)
    stops = days_between(START, end)
    assert stops[-1] == end
    assert stops == sorted(set(stops))
    assert 1 <= len(stops) <= 14
    if hours <= 14 * 24:
        assert max(b - a for a, b in zip([START, *stops], stops, strict=False)) <= timedelta(days=1, seconds=1)


@pytest.mark.parametrize("script", ["!advance 400 days", "!now 2028-01-01T10:00Z"])
async def test_old_messages_and_notices_do_not_pile_up(script: str, tmp_path: Path) -> None:
    house = await House.open(tmp_path)
    try:
        await house.play("!as Ada\n/me zone London\n/remind me tomorrow 9am change strings")
        await house.play(f"!advance 3 days\n!expect change strings\n{script}\n!advance 5 days")
        async with house.shell.program.tools.open_work() as work:
            assert await work.said.old(house.shell.clock.now() - timedelta(days=400), 10) == []
            assert await work.notices.purge(house.shell.clock.now() - timedelta(days=90)) == 0
    finally:
        await house.stop()
