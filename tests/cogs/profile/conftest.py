"""People at the front door of a program with every cog that is about them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from cogs.home.cog import HomeCog
from cogs.home.privacy import PrivacyCog
from cogs.kit.cog import Cog
from cogs.kit.tools import Tools
from cogs.profile.cog import ProfileCog
from cogs.profile.settings import SettingsCog
from storage.work import OpenWork
from tests.cogs.front import Front
from tests.conftest import MovableClock


def furnish(tools: Tools) -> Sequence[Cog]:
    cogs: list[Cog] = []
    cogs += (
        ProfileCog(tools),
        SettingsCog(tools),
        PrivacyCog(tools, lambda: cogs),
        HomeCog(tools, lambda: cogs),
    )
    return cogs


@pytest.fixture
def front(open_work: OpenWork, clock: MovableClock) -> Front:
    return Front(open_work, clock, furnish)
