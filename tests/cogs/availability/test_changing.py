"""Changing something said: the part that is named changes, the rest stands, and what is unclear is asked about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cogs.availability import changing, reading
from tests.cogs.availability.front import Diary
from tests.cogs.front import labels, text_of


@pytest.mark.parametrize(
    ("said", "change", "now"),
    [
        ("maybe sat evening", "3pm", "maybe, Sat 28 Nov 2026 from 15:00"),
        ("maybe sat evening", "sunday", "maybe, Sun 29 Nov 2026 from 18:00"),
        ("maybe sat evening", "when sunday", "maybe, Sun 29 Nov 2026 from 18:00"),
        ("maybe sat evening", "sunday 2pm-6pm", "maybe, Sun 29 Nov 2026 14:00-18:00"),
        ("maybe sat evening", "all day", "maybe, Sat 28 Nov 2026"),
        ("free thu 2pm-6pm", "9am", "free, Thu 26 Nov 2026 09:00-13:00"),
        ("free next week not before 2", "not before 4", "free, Mon 30 Nov - Sun 6 Dec 2026, from 16:00 each day"),
        ("free next week not before 2", "12-14 Dec", "free, Sat 12 Dec - Mon 14 Dec 2026, from 14:00 each day"),
        ("free next week not before 2", "until 4 Dec", "free, Mon 30 Nov - Fri 4 Dec 2026, from 14:00 each day"),
        ("every tuesday evening no", "8pm", "no, Tuesdays from 20:00"),
        ("every tuesday evening no", "mornings", "no, Tuesdays 06:00-12:00"),
        ("every tuesday evening no", "until july", "no, Tuesdays from 18:00, until Sat 31 Jul 2027"),
        ("every tuesday evening no until june", "until july", "no, Tuesdays from 18:00, until Sat 31 Jul 2027"),
        ("every tuesday evening no", "except 15 Dec", "no, Tuesdays from 18:00, except Tue 15 Dec 2026"),
        ("every tuesday evening no", "every fri", "no, Fridays from 18:00"),
        ("no 24 Dec", "maybe", "maybe, Thu 24 Dec 2026"),
        ("no 24 Dec", "state: free 28 Dec", "free, Mon 28 Dec 2026"),
    ],
)
async def test_the_part_that_is_named_changes(house: Diary, said: str, change: str, now: str) -> None:
    await house.say("Bob", f"/avail {said}")
    answer = await house.text("Bob", f"/avail edit A1 {change}")
    assert answer.splitlines()[0] == f"Changed: {now} · A1"
    assert "did not use" not in answer and "Your note" not in answer


async def test_a_pattern_that_begins_on_a_skipped_clock_goes_on_at_the_clock_that_was_said(house: Diary) -> None:
    house.clock.move(to=datetime(2027, 3, 26, 10, tzinfo=UTC))
    assert "no, Sundays 01:30-04:30" in await house.text("Bob", "/avail no every sunday 1:30am")


async def test_a_note_is_what_stands_behind_the_word(house: Diary) -> None:
    await house.say("Bob", "/avail no 24 Dec")
    assert "Your note: kids are off" in await house.text("Bob", "/avail edit A1 note kids are off")
    answer = await house.text("Bob", "/avail edit A1 28 Dec (away)")
    assert "Mon 28 Dec 2026" in answer and "Your note: away" in answer


@pytest.mark.parametrize(
    ("reading", "now"),
    [("Every Wednesday", "no, Wednesdays from 18:00"), ("Only Wed 25 Nov 2026", "no, Wed 25 Nov 2026")],
)
async def test_another_weekday_for_a_weekly_one_is_asked_about(house: Diary, reading: str, now: str) -> None:
    await house.say("Bob", "/avail every tuesday evening no")
    asked = await house.say("Bob", "/avail edit A1 wednesday")
    assert labels(asked)[:2] == ["Every Wednesday", "Only Wed 25 Nov 2026"]
    assert f"Changed: {now}" in text_of(await house.press("Bob", reading))


async def test_the_form_behind_fix_keeps_the_rest_too(house: Diary) -> None:
    await house.say("Bob", "/avail maybe sat evening")
    await house.press("Bob", "Fix")
    assert "Sat 28 Nov 2026 from 21:00" in await house.text("Bob", "9pm")


async def test_a_day_that_is_over_is_not_kept(house: Diary) -> None:
    assert "has passed" in await house.text("Bob", "/avail no yesterday")
    assert "Mon 23 Nov 2026" in await house.text("Bob", "today")


async def test_travel_is_switched_off_in_a_word(house: Diary) -> None:
    assert "45 min" in await house.text("Bob", "/avail travel 45 min")
    assert "No travel" in await house.text("Bob", "/avail travel off")


@pytest.mark.parametrize(
    ("line", "chair"),
    [
        ("keys 3 Jan, 4 Jan", "keys"),
        ("3 Jan, 4 Jan bass", "bass"),
        ("3 Jan bass by Fri", "bass"),
        ("alto sax 3 Jan", "alto sax"),
        ("@viola, @jo 3 Jan", None),
        ("3 Jan, 10 Jan by Fri", None),
    ],
)
def test_a_chair_is_found_before_and_behind_dates(line: str, chair: str | None) -> None:
    found = reading.find_chair(line)
    assert (found[2] if found else None) == chair


@pytest.mark.parametrize("line", ["A1 when friday", "friday A1", "#a1: friday", "A1 to friday"])
def test_the_time_of_a_change_is_all_but_its_id(line: str) -> None:
    found = changing.find_when(line)
    assert found is not None and found[2] == "friday"


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("/diary next week", "Mon 30 Nov - Sun 6 Dec 2026"),
        ("/diary tomorrow", "Tue 24 Nov 2026"),
        ("/diary next month", "Tue 1 Dec - Thu 31 Dec 2026"),
        ("/diary week", "Mon 23 Nov - Sun 29 Nov 2026"),
    ],
)
async def test_the_diary_opens_where_it_is_asked_to(house: Diary, line: str, days: str) -> None:
    said = await house.text("Bob", line)
    assert days in said and "did not use" not in said
