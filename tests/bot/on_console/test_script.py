from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.on_console import script
from bot.on_console.meta import later
from bot.on_console.script import play
from tests.bot.on_console.conftest import market
from tests.house import MONDAY, House, lines_of

STALL = '/stall post role=bass when="Sat 28 Nov 19:30" fee=£220'
#: A morning's work by three people, with everything that could differ from run to run.
MORNING = f"""
!as Ada
!in #gigs
{STALL}
!as Bob
!in #gigs
!press I'm in
stall whole
food
!restart
/stall remind after=26h
!as Cleo
/stall list
!press Counter @ S1
£30
!as Ada
!inbox
!advance 3 days
/stall nonsense
"""


async def code_of(house: House, text: str, *, strict: bool = False) -> int:
    return await play(house.shell, lines_of(text), house.said.append, strict=strict)


async def test_the_same_script_says_the_same_every_time(tmp_path: Path) -> None:
    said = []
    for _ in range(2):
        house = await House.open(tmp_path, zone="UTC", furnish=market)
        said.append(await house.play(MORNING))
        await house.stop()
    assert said[0] == said[1]
    assert len(said[0].splitlines()) > 30


async def test_an_expectation_that_is_not_met_names_its_line_and_what_was_said(house: House) -> None:
    code = await code_of(house, "!as Ada\n\n/stall secret\n# a remark\n!expect £1\n!refute £999\n!expect £999")
    assert code == 1
    assert house.said == [
        "[dm Ada] bot: Worth £999.",
        "line 5: expected “£1”; since Ada's last line was said:\n  [dm Ada] Worth £999.",
        "line 6: did not expect “£999”; since Ada's last line was said:\n  [dm Ada] Worth £999.",
    ]


async def test_expectations_that_are_met_leave_no_trace(house: House) -> None:
    assert await code_of(house, "!as Ada\n/stall secret\n!expect worth  £999\n!refute £1") == 0
    assert house.said == ["[dm Ada] bot: Worth £999."]


async def test_only_what_came_since_the_last_line_counts(house: House) -> None:
    await house.play("!as Ada\n/stall secret\n/stall shout text=hello\n!expect hello\n!refute £999")


async def test_what_others_were_told_in_private_does_not_count(house: House) -> None:
    await house.play(f"!as Ada\n!in #gigs\n{STALL}\n!as Bob\n!press I'm in\n!refute Bob is in")
    assert "[dm Ada] bot: Bob is in." in house.said


async def test_of_a_card_drawn_anew_only_what_is_new_is_refuted(house: House) -> None:
    await house.play(
        f"!as Ada\n!in #gigs\n{STALL}\n!as Bob\n!in #gigs\n!press I'm in\n!refute By: Ada\n!expect By: Ada"
    )
    assert await code_of(house, "!refute In: 1") == 1


async def test_curly_and_straight_quotes_are_the_same_to_an_expectation(house: House) -> None:
    await house.play("!as Ada\n/stall shout text=“Don’t”\n!expect don't")


async def test_quit_ends_the_script(house: House) -> None:
    await house.play("!as Ada\n!quit\n/stall secret")
    assert house.said == []


async def test_an_unknown_meta_line_is_no_reason_to_stop_but_a_story_fails_by_it(house: House) -> None:
    assert await code_of(house, "!as Ada\n!fly\n/stall secret") == 0
    assert "I know no meta line !fly" in house.said[0]
    assert house.said[-1] == "[dm Ada] bot: Worth £999."
    assert await code_of(house, "!fly", strict=True) == 1
    assert house.said[-1] == "line 1: this line could not be played: !fly"


@pytest.mark.parametrize(
    "bad",
    [
        "!expect",
        "!refute",
        "!as",
        "!in",
        "!in two words",
        "!press",
        "!choose",
        "!now yesterday",
        "!advance soon",
        "!advance 99 years",
    ],
)
async def test_a_meta_line_that_cannot_be_read_says_how_it_is_written(house: House, bad: str) -> None:
    assert await code_of(house, f"!as Ada\n{bad}", strict=True) == 1
    assert house.shell.clock.now() == MONDAY


async def test_the_clock_is_shown_set_and_moved(house: House) -> None:
    await house.play("!as Ada\n!now\n!expect Mon 23 Nov 2026, 10:00 Europe/London")
    await house.play("!now 2027-07-01T09:30+02:00\n!now\n!expect Thu 1 Jul 2027, 08:30 Europe/London")
    await house.play("!now 2026-07-01T09:30\n!now\n!expect Wed 1 Jul 2026, 09:30 Europe/London")
    await house.play("!advance 1h 30m\n!now\n!expect 11:00")


async def test_what_falls_due_on_the_way_comes_in_order_each_at_its_own_time(house: House) -> None:
    await house.play("!as Ada\n/stall remind after=2h\n/stall remind after=1h\n!advance 10 days")
    async with house.shell.program.tools.open_work(reading=True) as work:
        kept = [said for said in await work.said.visible_to(1) if said.text.startswith("Later")]
    delivered = [(said.text.split("\n")[0], said.said_at - MONDAY) for said in reversed(kept)]
    hour, day = timedelta(hours=1), timedelta(days=1)
    assert delivered == [
        (f"Later, number {number + 1}.", first + number * day) for number in range(3) for first in (hour, 2 * hour)
    ]
    assert house.shell.clock.now() == MONDAY + 10 * day


async def test_a_real_clock_goes_on_until_it_is_set(tmp_path: Path) -> None:
    house = await House.open(tmp_path, now=None, furnish=market)
    was_real = house.shell.clock.is_real
    assert abs(house.shell.clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
    await house.play("!as Ada\n!advance 1 h")
    assert (was_real, house.shell.clock.is_real) == (True, False)
    assert timedelta(minutes=59) < house.shell.clock.now() - datetime.now(UTC) <= timedelta(hours=1)
    await house.stop()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("3 days", "2026-01-03T00:00"),
        ("3d", "2026-01-03T00:00"),
        ("1 week, 2 days and 3 hours", "2026-01-09T03:00"),
        ("90 min", "2025-12-31T01:30"),
        ("1.5h", "2025-12-31T01:30"),
        ("30 s", "2025-12-31T00:00:30"),
        ("2 months", "2026-02-28T00:00"),
        ("1 month", "2026-01-31T00:00"),
        ("1 year", "2026-12-31T00:00"),
    ],
)
def test_lengths_of_time_move_the_clock(text: str, moment: str) -> None:
    assert later(datetime(2025, 12, 31, tzinfo=UTC), text) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "3", "days", "-3 days", "3 days ago", "1e9 days", "3 dogs"])
def test_other_words_are_no_length_of_time(text: str) -> None:
    assert later(MONDAY, text) is None


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_lengths(text: str) -> None:
    moment = later(MONDAY, text)
    assert moment is None or moment >= MONDAY


async def test_a_silent_pipe_leaves_time_for_what_falls_due(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    waits = 0

    async def look() -> None:
        nonlocal waits
        waits += 1
        if waits == 3:
            os.write(writing, "one\ncafé".encode())
        if waits == 6:
            os.close(writing)

    monkeypatch.setattr(script, "LOOK_EVERY", 0.001)
    monkeypatch.setattr("sys.stdin", os.fdopen(reading))
    async with asyncio.timeout(10):
        assert [one async for one in script.standard_input(look)] == ["one\n", "café"]
    assert waits == 6


async def test_lines_come_from_a_redirected_file_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lines"
    path.write_bytes(b"one\r\ntwo")

    async def look() -> None:
        raise AssertionError("a file never keeps anybody waiting")

    with path.open() as file:
        monkeypatch.setattr("sys.stdin", file)
        assert [one async for one in script.standard_input(look)] == ["one", "two"]
