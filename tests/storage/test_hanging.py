"""A process that hangs in the middle of a Work: on PostgreSQL others wait for what it holds, and not for ever."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from storage.engine import IDLE_WITHIN
from storage.faults import Unreachable
from storage.work import OpenWork


@pytest.fixture
def anywhere() -> str:
    """Only here: the lock on an SQLite file is the system's, and ends with the process."""
    return "postgres"


@pytest.mark.usefixtures("anywhere")
async def test_what_it_holds_is_free_again(open_work: OpenWork) -> None:
    async def another() -> None:
        async with open_work() as work:
            await work.app.set_value("a", "another")
            await work.commit()

    async with asyncio.timeout(20):
        with pytest.raises(Unreachable):
            async with open_work() as work:
                assert (
                    await work.connection.execute(text("SHOW idle_in_transaction_session_timeout"))
                ).scalar_one() == (f"{IDLE_WITHIN.seconds // 60}min")
                await work.app.set_value("a", "hanging")
                await work.connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = '50ms'"))
                await asyncio.create_task(another())
                await work.commit()
    async with open_work(reading=True) as work:
        assert await work.app.value("a") == "another"
