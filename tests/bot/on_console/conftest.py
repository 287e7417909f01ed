from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cogs.kit.cog import Cog
from cogs.kit.tools import Tools
from tests.bot.on_console.sample_cog import MarketCog
from tests.house import House


def market(tools: Tools) -> tuple[Cog, ...]:
    """The cogs of the houses here."""
    return (MarketCog(tools),)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """The program with the market in it, on a database in memory, on a Monday at ten; people go by London's clock."""
    house = await House.open(tmp_path, zone="Europe/London", furnish=market)
    yield house
    await house.stop()
