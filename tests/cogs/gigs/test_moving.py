"""A gig that moves takes along what hangs on it, in every room, at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cogs.gigs.cog import GigsCog
from cogs.gigs.fix_cog import FixCog
from cogs.kit.cog import Cog
from cogs.kit.tools import Tools
from cogs.reminders.cog import RemindersCog
from storage.records.reminder import Reminder
from storage.work import OpenWork
from tests.cogs.front import placed
from tests.cogs.gigs.front import Board
from tests.conftest import MovableClock


def furnish(tools: Tools) -> Sequence[Cog]:
    return (GigsCog(tools), FixCog(tools), RemindersCog(tools))


@pytest.fixture
def board(open_work: OpenWork, clock: MovableClock) -> Board:
    return Board(open_work, clock, furnish)


async def reminders(board: Board) -> list[Reminder]:
    async with board.tools.open_work(reading=True) as work:
        return await work.reminders.hung_on(1)


async def next_times(board: Board) -> list[str]:
    """When each rings, once the courier has done what is due now."""
    await board.deliver()
    times = [one.next_at for one in await reminders(board) if one.next_at is not None]
    return [f"{at.astimezone(ZoneInfo('Europe/London')):%a %d %b %H:%M}" for at in times]


async def hang_two(board: Board) -> None:
    await board.post()
    await board.say("Bob", '/remind me when="the evening before G1" what=strings')
    await board.say("Cy", '/remind me when="2 hours before G1" what=strings')


@pytest.mark.parametrize(
    ("change", "rings"),
    [
        ("when Sun 29 Nov 20:00", ["Sat 28 Nov 18:00", "Sun 29 Nov 18:00"]),
        ("when Thu 26 Nov 14:00", ["Wed 25 Nov 18:00", "Thu 26 Nov 12:00"]),
        ("fee £300", ["Fri 27 Nov 18:00", "Sat 28 Nov 17:30"]),
    ],
)
async def test_reminders_move_with_the_change_itself(board: Board, change: str, rings: list[str]) -> None:
    await hang_two(board)
    assert await next_times(board) == ["Fri 27 Nov 18:00", "Sat 28 Nov 17:30"]
    await board.say("Ada", f"/gig edit G1 {change}", place="#gigs")
    assert await next_times(board) == rings


async def test_two_changes_in_a_minute_move_it_twice(board: Board) -> None:
    await hang_two(board)
    for when in ("Sun 29 Nov 20:00", "Mon 30 Nov 20:00"):
        await board.say("Ada", f"/gig edit G1 when {when}", place="#gigs")
        await board.deliver()
    assert await next_times(board) == ["Sun 29 Nov 18:00", "Mon 30 Nov 18:00"]


async def test_the_looks_of_a_reminder_stay_one(board: Board) -> None:
    """A look that finds nothing moved keeps one next look, however it came about."""
    await hang_two(board)
    for where in ("York", "Leeds", "Hull"):
        await board.say("Ada", f"/gig edit G1 where {where}", place="#gigs")
        await board.say("Ada", f"/gig edit G1 length {3 if where == 'York' else 4}h", place="#gigs")
        await board.deliver()
        board.clock.move(timedelta(minutes=7))
    for one in await reminders(board):
        async with board.tools.open_work(reading=True) as work:
            waiting = await work.notices.of_person(one.person_id)
        assert sum(delivery.series_id == one.looks for delivery in waiting) == 1


async def test_what_was_moved_is_rung_once_and_at_its_new_time(board: Board) -> None:
    await hang_two(board)
    await board.say("Ada", "/gig edit G1 when Sun 29 Nov 20:00", place="#gigs")
    told = placed(await board.until(datetime(2026, 11, 29, 17, 59, tzinfo=UTC)))
    assert [dest for dest, reply in told if "strings" in str(reply.lines)] == ["dm:bob"]
    told = placed(await board.pass_by(days=3))
    assert [dest for dest, reply in told if "strings" in str(reply.lines)] == ["dm:cy"]
