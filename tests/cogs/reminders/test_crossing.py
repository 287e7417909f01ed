"""A change and a delivery that wait for each other: PostgreSQL undoes one of them, and it is done anew."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from storage.records.reminder import ReminderState
from storage.stores.notices import NoticeStore
from storage.stores.reminders import ReminderStore
from tests.cogs.front import london, text_of
from tests.cogs.reminders.front import Bell
from tests.cogs.reminders.test_races import BOB, check

#: How soon PostgreSQL looks whether a wait will never end; it undoes the one that waits, in milliseconds.
SOON, LATE = 20, 10_000


@pytest.fixture
def anywhere() -> str:
    """Only here: SQLite has one writer, who waits for nobody."""
    return "postgres"


@pytest.mark.usefixtures("anywhere")
@pytest.mark.parametrize("undone", ["the change", "the delivery"])
async def test_one_of_the_two_is_done_anew(bell: Bell, monkeypatch: pytest.MonkeyPatch, undone: str) -> None:
    await bell.say(BOB, "/remind me every day 9am practise")
    bell.clock.move(to=london("2026-11-24", "09:00"))
    call = await bell.call(BOB)
    held, recorded = asyncio.Event(), asyncio.Event()
    hold, cancel = ReminderStore.hold, NoticeStore.cancel_series

    async def impatient(store: Any, mine: str) -> None:
        patience = SOON if mine == undone else LATE
        await store._run(text(f"SET LOCAL deadlock_timeout = {patience}"))

    async def holding(store: ReminderStore, reminder_id: int) -> Any:
        """The change holds the reminder, wants its notice; the delivery has that, and wants the reminder."""
        if asyncio.current_task() is changing:
            found = await hold(store, reminder_id)
            held.set()
            return found
        await impatient(store, "the delivery")
        recorded.set()
        await held.wait()
        return await hold(store, reminder_id)

    async def cancelling(store: NoticeStore, series_id: str, now: Any) -> int:
        if asyncio.current_task() is changing:
            await recorded.wait()
            await impatient(store, "the change")
        return await cancel(store, series_id, now)

    monkeypatch.setattr(ReminderStore, "hold", holding)
    monkeypatch.setattr(NoticeStore, "cancel_series", cancelling)
    changing = asyncio.create_task(
        bell.desk.command(call, "remind edit", {"id": "R1", "field": "when", "value": "every day 10am"})
    )
    stop = asyncio.Event()
    delivering = asyncio.create_task(bell.courier.run(stop))

    async with asyncio.timeout(15):
        answer = await changing
        stop.set()
        await delivering

    assert "10:00" in text_of(answer)
    reminder = await bell.reminder()
    assert reminder.state is ReminderState.ACTIVE
    assert reminder.next_at == london("2026-11-24", "10:00")
    await check(bell)
    assert len(bell.sender.sent) == 1
