"""A studio on a fresh database."""

from __future__ import annotations

import pytest

from storage.work import OpenWork
from tests.cogs.wellness.front import Studio
from tests.conftest import MovableClock


@pytest.fixture
def studio(open_work: OpenWork, clock: MovableClock) -> Studio:
    return Studio(open_work, clock)
