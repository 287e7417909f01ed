"""A till on a fresh database."""

from __future__ import annotations

import pytest

from storage.work import OpenWork
from tests.cogs.invoices.front import Till
from tests.conftest import MovableClock


@pytest.fixture
def till(open_work: OpenWork, clock: MovableClock) -> Till:
    return Till(open_work, clock)
