"""A front door with the rates behind it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from cogs.kit.cog import Cog
from cogs.kit.tools import Tools
from cogs.rates.cog import RatesCog
from cogs.rates.facts_cog import RateFactsCog
from cogs.rates.quote_cog import QuoteCog
from storage.work import OpenWork
from tests.cogs.front import Front
from tests.conftest import MovableClock


def furnish(tools: Tools) -> Sequence[Cog]:
    return (RatesCog(tools), RateFactsCog(tools), QuoteCog(tools))


@pytest.fixture
def front(open_work: OpenWork, clock: MovableClock) -> Front:
    return Front(open_work, clock, furnish)
