"""A board on a fresh database."""

from __future__ import annotations

import pytest

from storage.work import OpenWork
from tests.cogs.gigs.front import Board
from tests.conftest import MovableClock


@pytest.fixture
def board(open_work: OpenWork, clock: MovableClock) -> Board:
    return Board(open_work, clock)
