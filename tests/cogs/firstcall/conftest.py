"""Call lists, and who is free, behind a front door."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from cogs.availability.who_cog import WhoCog
from cogs.firstcall.cog import FirstCallCog
from cogs.kit.cog import Cog
from cogs.kit.tools import Tools
from cogs.profile.cog import ProfileCog
from storage.work import OpenWork
from tests.cogs.front import Front
from tests.conftest import MovableClock


def furnish(tools: Tools) -> Sequence[Cog]:
    return (FirstCallCog(tools), WhoCog(tools), ProfileCog(tools))


@pytest.fixture
def front(open_work: OpenWork, clock: MovableClock) -> Front:
    return Front(open_work, clock, furnish)
