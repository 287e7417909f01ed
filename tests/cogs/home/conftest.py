"""The same front door as for profiles, with a courier that delivers what falls due."""

from __future__ import annotations

import pytest

from bot.desk.courier import Courier
from storage.work import OpenWork
from tests.bot.desk.courier_parts import FakeSender
from tests.cogs.front import Front
from tests.cogs.profile.conftest import furnish
from tests.conftest import MovableClock


@pytest.fixture
def front(open_work: OpenWork, clock: MovableClock) -> Front:
    return Front(open_work, clock, furnish)


@pytest.fixture
def post() -> FakeSender:
    """What arrives in private chats."""
    return FakeSender(knows_keys=True)


@pytest.fixture
def courier(front: Front, post: FakeSender) -> Courier:
    return Courier(
        front.tools.open_work,
        front.clock,
        [post],
        {kind: build for cog in front.cogs for kind, build in cog.notices().items()},
        after={kind: follow for cog in front.cogs for kind, follow in cog.afterwards().items()},
    )
