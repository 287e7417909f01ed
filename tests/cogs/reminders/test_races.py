"""Reminders when things happen at once, and in any order: one plan stands at every moment."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cogs.reminders import planning
from storage import engine
from storage.records.notice import Outcome
from storage.records.reminder import ReminderState
from tests.cogs.front import london, text_of
from tests.cogs.reminders.front import Bell
from tests.conftest import MovableClock

BOB = "Bob"


@pytest.mark.usefixtures("anywhere")
async def test_eight_presses_at_once_tick_off_once(bell: Bell) -> None:
    await bell.say(BOB, "/remind me every day 9am practise")
    await bell.until(london("2026-11-24", "09:00"))
    call = await bell.call(BOB)

    answers = await asyncio.gather(*(bell.desk.press(call, "fc:reminders.done:1:1") for _ in range(8)))

    said = [text_of(answer) for answer in answers]
    assert sum("Done: practise" in one for one in said) == 1
    assert sum("ticked off before" in one for one in said) == 7


@pytest.mark.usefixtures("anywhere")
async def test_eight_snoozes_at_once_ring_once(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am practise")
    await bell.until(london("2026-11-24", "09:00"))
    call = await bell.call(BOB)

    await asyncio.gather(*(bell.desk.press(call, f"fc:reminders.snooze:1:{minutes}") for minutes in "abcdefgh"))

    assert len(await bell.pass_by(hours=2)) == 1


@pytest.mark.usefixtures("anywhere")
async def test_a_change_while_it_rings_leaves_one_plan(bell: Bell) -> None:
    await bell.say(BOB, "/remind me every day 9am practise")
    bell.clock.move(to=london("2026-11-24", "09:00"))
    call = await bell.call(BOB)

    await asyncio.gather(
        bell.courier.deliver_due(),
        bell.desk.command(call, "remind edit", {"id": "R1", "field": "when", "value": "every day 10am"}),
        bell.desk.command(call, "remind edit", {"id": "R1", "field": "lead", "value": "1h"}),
    )

    await check(bell)
    rung = await bell.until(london("2026-11-26", "12:00"))
    assert sum(one.text.startswith("practise") for one in rung) == 3


DEEDS = st.sampled_from(
    [
        "/remind pause R1", "/remind resume R1", "/remind delete R1", "/remind done R1", "/remind snooze R1 20 min",
        "/remind edit R1 when every day 10am", "/remind edit R1 when 26 Nov 08:00", "/remind edit R1 repeat no",
        "/remind edit R1 repeat daily", "/remind edit R1 repeat every 6 hours", "/remind edit R1 lead 2h",
        "/remind edit R1 lead none", "/remind edit R1 what reeds", "restore", "reopen", "tomorrow", "wait 7", "wait 30",
        "down 50",
    ]
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(deeds=st.lists(DEEDS, min_size=3, max_size=14))
def test_after_any_deeds_exactly_one_plan_stands(deeds: list[str]) -> None:
    asyncio.run(through(deeds))


async def through(deeds: list[str]) -> None:
    storage = await engine.open("sqlite://")
    try:
        bell = Bell(storage.open_work, MovableClock())
        await bell.say(BOB, "/remind me every day 9am practise")
        for deed in deeds:
            word, _, hours = deed.partition(" ")
            if word == "wait":
                await bell.pass_by(hours=int(hours))
            elif word == "down":
                await bell.away_until(bell.clock.now() + timedelta(hours=int(hours)))
            elif deed.startswith("/"):
                assert "went wrong" not in text_of(await bell.say(BOB, deed))
            else:
                assert "went wrong" not in text_of(await bell.press_id(BOB, f"fc:reminders.{deed}:1"))
            await check(bell)
    finally:
        await storage.close()


async def check(bell: Bell) -> None:
    """What is kept for the reminder is what it says of itself, no more and no less."""
    reminder = await bell.reminder()
    waiting = await bell.waiting(BOB)
    dues = [one for one in waiting if one.kind == planning.DUE]
    aheads = [one for one in waiting if one.kind == planning.AHEAD]
    agains = [one for one in waiting if one.kind == planning.AGAIN]
    if reminder.rings_now:
        assert [(one.due_at, one.occurrence) for one in dues] == [(reminder.next_at, reminder.planned)]
        assert all(one.due_at < dues[0].due_at and one.occurrence < reminder.planned for one in aheads)
        assert len(aheads) <= len(reminder.leads)
    else:
        assert dues == aheads == []
        assert reminder.deleted_at is not None or reminder.next_at is None
    assert [one.due_at for one in agains] == [at for at in (reminder.snoozed_until,) if at is not None]
    if reminder.state is ReminderState.DONE:
        assert agains == []
    person = await bell.person(BOB)
    async with bell.tools.open_work(reading=True) as work:
        ended = await work.notices.of_person(person.id, ended_since=datetime(2026, 1, 1, tzinfo=UTC))
    said = [one.due_at for one in ended if one.kind == planning.DUE and one.result in (Outcome.SENT, Outcome.LATE)]
    assert len(said) == len(set(said))
