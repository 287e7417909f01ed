"""What tests of the cellar ask for besides."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conftest import Postgres


@pytest.fixture
async def postgres_url(postgres: Postgres) -> AsyncIterator[str]:
    """The address of a database with nothing in it, on a real server."""
    name = await postgres.empty()
    yield postgres.url(name)
    await postgres.drop(name)
