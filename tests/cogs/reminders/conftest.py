"""A bell on a fresh database."""

from __future__ import annotations

import pytest

from storage.work import OpenWork
from tests.cogs.reminders.front import Bell
from tests.conftest import MovableClock


@pytest.fixture
def bell(open_work: OpenWork, clock: MovableClock) -> Bell:
    return Bell(open_work, clock)
