from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cogs.home.cog import HomeCog
from cogs.kit.cog import Cog
from cogs.kit.tools import Tools
from cogs.profile.cog import ProfileCog
from cogs.profile.settings import SettingsCog
from tests.bot.on_console.sample_cog import MarketCog
from tests.fakes.telegram.rig import Rig
from tests.fakes.telegram.server import BotApi
from tests.fakes.telegram.world import Account, Room


def market(tools: Tools) -> tuple[Cog, ...]:
    """The market, and what every program has."""
    cogs: list[Cog] = [MarketCog(tools), ProfileCog(tools), SettingsCog(tools)]
    cogs.append(HomeCog(tools, lambda: cogs))
    return tuple(cogs)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """The fake; at the end nothing that was asked of it may contradict the published description."""
    async with BotApi() as api:
        yield api
    assert api.wrong == []


@pytest.fixture
async def rig(api: BotApi, tmp_path: Path) -> AsyncIterator[Rig]:
    """The program, listening."""
    rig = await Rig.open(api, tmp_path, furnish=market)
    yield rig
    await rig.close()


@pytest.fixture
async def ada(rig: Rig) -> Account:
    """The administrator, whose private chat is open and whose zone is known."""
    ada = rig.world.person("Ada")
    await rig.world.say(ada, "/tz Europe/London")
    await rig.settled()
    return ada


@pytest.fixture
async def room(rig: Rig, ada: Account) -> Room:
    room = rig.world.group("Leeds deps", ada)
    await rig.world.add_bot(room, ada)
    await rig.settled()
    return room
