"""A diary on a fresh database."""

from __future__ import annotations

import pytest

from storage.work import OpenWork
from tests.cogs.availability.front import Diary
from tests.conftest import MovableClock


@pytest.fixture
def house(open_work: OpenWork, clock: MovableClock) -> Diary:
    return Diary(open_work, clock)
