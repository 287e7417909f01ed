"""Reminders changed, missed, listed: what stands afterwards, and what their owner is told."""

from __future__ import annotations

import pytest

from bot.desk.surface import Refused
from storage.records.notice import Outcome
from storage.records.reminder import ReminderState
from tests.cogs.front import london, text_of
from tests.cogs.reminders.front import Bell, rung_notices

BOB = "Bob"


# --- changing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        ("when tomorrow 11am", "Tue 24 Nov 2026, 11:00"),
        ("what buy reeds, and oil", "buy reeds, and oil"),
        ("repeat weekly", "every Fri 12:00"),
        ("lead 2h", "2 h before"),
        ("time tomorrow 17:00", "Tue 24 Nov 2026, 17:00"),
    ],
)
async def test_one_line_changes_one_thing(bell: Bell, change: str, fact: str) -> None:
    await bell.say(BOB, '/remind me when="fri 12:00" what=strings')

    assert fact in text_of(await bell.say(BOB, f"/remind edit R1 {change}"))


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        ("10am", "Fri 27 Nov 2026, 10:00"),
        ('"18:30"', "Fri 27 Nov 2026, 18:30"),
        ("thursday", "Thu 26 Nov 2026, 12:00"),
        ("tomorrow 8pm", "Tue 24 Nov 2026, 20:00"),
    ],
)
async def test_a_day_alone_keeps_the_clock_and_a_clock_alone_the_day(bell: Bell, change: str, fact: str) -> None:
    await bell.say(BOB, '/remind me when="fri 12:00" what=strings')

    assert fact in text_of(await bell.say(BOB, f"/remind edit R1 when {change}"))


@pytest.mark.parametrize(
    ("reading", "fact"),
    [("Every Fri 18:00", "Fri 27 Nov 2026, 18:00"), ("As now, from 1 Dec on", "Tue 1 Dec 2026, 18:00")],
)
async def test_another_weekday_for_a_weekly_one_is_asked_about_in_one_line_too(
    bell: Bell, reading: str, fact: str
) -> None:
    await bell.say(BOB, "/remind me every tuesday 6pm rehearsal")

    assert "not on a Friday" in text_of(await bell.say(BOB, "/remind edit R1 when friday"))
    assert fact in text_of(await bell.press(BOB, reading))


@pytest.mark.parametrize("change", ["when=8pm", "when: 8pm", 'when="8pm"', "time = 8pm"])
async def test_the_part_to_change_may_be_named_like_an_option(bell: Bell, change: str) -> None:
    await bell.say(BOB, "/remind me every tuesday 6pm rehearsal")

    assert "Tue 24 Nov 2026, 20:00" in text_of(await bell.say(BOB, f"/remind edit R1 {change}"))


@pytest.mark.parametrize(
    ("line", "words", "ends"),
    [
        ("weekdays 7am practise until 1 june", "practise", True),
        ("every tuesday 6pm run till the 5th of may", "run", True),
        ("every tuesday 6pm call mum until she answers", "call mum until she answers", False),
        ("tomorrow 6pm wait until 1 june", "wait until 1 june", False),
    ],
)
async def test_the_last_day_may_stand_behind_the_words(bell: Bell, line: str, words: str, ends: bool) -> None:
    answer = text_of(await bell.say(BOB, f"/remind me {line}"))

    assert answer.splitlines()[0] == f"Kept: {words} · R1"
    assert (" 2027" in answer) == ends


async def test_hours_between_are_read_off_the_line(bell: Bell) -> None:
    answer = text_of(await bell.say(BOB, "/remind me tomorrow 9am every 2 hours drink water"))

    assert "every 2 hours" in answer
    assert answer.splitlines()[0] == "Kept: drink water · R1"


async def test_a_clock_that_has_passed_on_its_day_is_the_next_one(bell: Bell) -> None:
    await bell.say(BOB, '/remind me when="today 18:00" what=strings')

    assert "Tue 24 Nov 2026, 09:00" in text_of(await bell.say(BOB, "/remind edit R1 when 9am"))


async def test_the_end_of_a_repeat_is_changed_and_kept(bell: Bell) -> None:
    await bell.say(BOB, "/remind me every day 9am strings")
    await bell.say(BOB, "/remind edit R1 until thu")

    assert len(await bell.pass_by(days=10)) == 3
    assert (await bell.reminder()).state is ReminderState.OVER


async def test_a_changed_time_rings_then_and_not_before(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am strings")
    await bell.say(BOB, "/remind edit R1 when tomorrow 8am")

    assert len(await bell.until(london("2026-11-24", "08:00"))) == 1
    assert await bell.pass_by(days=3) == []


async def test_fix_asks_for_the_time_alone_and_keeps_the_words(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am strings")
    question = await bell.press(BOB, "Fix")
    assert question.reply.form is not None
    assert dict(question.reply.form.values) == {"when": "24 Nov 2026 09:00"}

    answer = await bell.say(BOB, "wed 8am")

    assert "strings · R1" in text_of(answer)
    assert "Wed 25 Nov 2026, 08:00" in text_of(answer)


async def test_new_words_are_what_rings(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am strings")
    await bell.say(BOB, "/remind edit R1 what reeds")

    (rung,) = await bell.pass_by(days=1)
    assert rung.text.startswith("reeds")


async def test_a_change_that_cannot_be_read_says_so_and_changes_nothing(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am strings")
    before = await bell.reminder()

    for change in ("when blue", "repeat blue", "lead blue", "until fri", "where here", "blue 9am", "where telegram"):
        answer = await bell.say(BOB, f"/remind edit R1 {change}")
        assert "Changed" not in text_of(answer), change
    assert await bell.reminder() == before


async def test_a_paused_one_stays_paused_when_it_is_changed(bell: Bell) -> None:
    await bell.say(BOB, "/remind me every day 9am strings")
    await bell.say(BOB, "/remind pause R1")
    await bell.say(BOB, "/remind edit R1 when every day 8am")

    assert await bell.pass_by(days=2) == []


async def test_one_that_is_over_goes_on_with_a_new_time(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am strings")
    await bell.pass_by(days=1)
    await bell.say(BOB, "/remind edit R1 when fri 9am")

    assert len(await bell.pass_by(days=4)) == 1


# --- being away, and being late ---------------------------------------------------------------------------------------


async def test_what_came_while_the_program_was_down_comes_late_and_says_when_it_was_due(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am strings")

    (late,) = await bell.away_until(london("2026-11-24", "15:00"))

    assert "Late: this was due" in late.text
    assert "sent late" in text_of(await bell.say(BOB, "/reminders"))


async def test_of_a_repeat_only_the_latest_missed_time_is_said(bell: Bell) -> None:
    await bell.say(BOB, "/remind me every day 9am practise")

    (late,) = await bell.away_until(london("2026-11-28", "15:00"))

    assert london("2026-11-28", "09:00").isoformat() in late.text
    assert len(await bell.until(london("2026-11-29", "09:00"))) == 1


async def test_after_months_the_repeat_goes_on_as_if_nothing_had_been(bell: Bell) -> None:
    await bell.say(BOB, "/remind me every monday 9am practise")

    await bell.away_until(london("2027-03-26", "15:00"))

    assert len(bell.sender.sent) <= 1
    (next_one,) = await bell.until(london("2027-03-29", "12:00"))
    assert next_one.text.startswith("practise")
    assert (await bell.reminder()).next_at == london("2027-04-05", "09:00")


async def test_a_refused_message_shows_on_the_list_with_its_reason_and_comes_once_it_can(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am strings")
    bell.sender.says = lambda target, key: Refused("the person blocked the bot")
    assert await bell.until(london("2026-11-24", "10:00")) == []

    assert "(the person blocked the bot)" in text_of(await bell.page_of(BOB))
    bell.sender.says = lambda target, key: None
    assert "the person blocked the bot" in text_of(await bell.say(BOB, "/reminders"))  # and can be written to again

    (late,) = await bell.pass_by(minutes=1)
    assert late.text.startswith("strings")
    assert "sent late" in text_of(await bell.say(BOB, "/reminders"))


async def test_what_never_arrived_says_so_for_two_days(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am strings")
    bell.sender.says = lambda target, key: Refused("the person blocked the bot")
    await bell.until(london("2026-12-02", "10:00"))

    assert [d.result for d in await rung_notices(bell, BOB)] == [Outcome.MISSED]
    assert "could not be delivered" in text_of(await bell.say(BOB, "/reminders"))
    await bell.pass_by(days=3)
    assert "no reminders" in text_of(await bell.say(BOB, "/reminders"))


# --- the list ---------------------------------------------------------------------------------------------------------


async def test_the_list_is_cut_into_pages_of_eight(bell: Bell) -> None:
    for hour in range(10, 20):
        await bell.say(BOB, f'/remind me when="25 Nov 2026 {hour}h00" what="at {hour}"')

    first = await bell.say(BOB, "/remind list")
    assert "10 · page 1 of 2" in text_of(first)
    assert len(first.reply.rows) == 8
    assert "at 10" in text_of(first)
    second = await bell.press(BOB, "Next")
    assert len(second.reply.rows) == 2
    assert second.reply.replaces
    assert "at 19" in text_of(second)
    assert len((await bell.press(BOB, "Back")).reply.rows) == 8


async def test_ids_and_words_are_suggested(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am strings")
    await bell.say(BOB, "/remind me tomorrow 9am reeds")
    call = await bell.call(BOB)

    assert [c.value for c in await bell.desk.suggest(call, "remind done", "id", "")] == ["R1", "R2"]
    assert [c.value for c in await bell.desk.suggest(call, "remind edit", "id", "ree")] == ["R2"]
    assert await bell.desk.suggest(await bell.call("Cleo"), "remind done", "id", "") == ()
