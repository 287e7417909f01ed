"""Reminders at work: set, rung, snoozed, ticked off, paused and taken back, on a real database."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from cogs.reminders import rules
from storage.records.reminder import ReminderState
from tests.cogs.front import labels, london, text_of
from tests.cogs.reminders.front import Bell, answer_of, rung_notices

BOB = "Bob"


# --- setting ----------------------------------------------------------------------------------------------------------


async def test_one_line_is_kept_and_said_back_in_full(bell: Bell) -> None:
    answer = await bell.say(BOB, "/remind me tomorrow 9am to send charts to Jo")

    assert answer.private
    assert "send charts to Jo · R1" in text_of(answer)
    assert "Tue 24 Nov 2026, 09:00 Europe/London, tomorrow" in text_of(answer)
    assert labels(answer) == ["Fix", "Undo"]


async def test_it_rings_at_its_time_and_then_no_more(bell: Bell) -> None:
    await bell.say(BOB, "/remind tomorrow 9am send charts to Jo")

    assert await bell.until(london("2026-11-24", "08:59")) == []
    (rung,) = await bell.until(london("2026-11-24", "09:00"))
    assert rung.text.startswith("send charts to Jo")
    assert labels(answer_of(rung)) == ["Done", "Snooze 10 min", "1 hour", "Tomorrow 9:00", "Edit"]
    assert await bell.pass_by(days=30) == []
    assert (await bell.reminder()).state is ReminderState.OVER


async def test_a_repeat_says_its_next_times_and_comes_on_the_wall_clock(bell: Bell) -> None:
    bell.clock.move(to=datetime(2026, 10, 23, 10, tzinfo=UTC))
    answer = await bell.say(BOB, "/remind me every day 9am practise")
    assert "every day 09:00" in text_of(answer)
    assert "Sun 25 Oct, 09:00 · Mon 26 Oct, 09:00" in text_of(answer)

    rung = await bell.until(london("2026-10-26", "12:00"))

    assert [one.text.splitlines()[0] for one in rung] == ["practise"] * 3
    assert [d.due_at for d in await rung_notices(bell, BOB)] == [
        datetime(2026, 10, 24, 8, tzinfo=UTC),
        datetime(2026, 10, 25, 9, tzinfo=UTC),
        datetime(2026, 10, 26, 9, tzinfo=UTC),
    ]


async def test_a_whole_day_rings_at_nine_and_says_so(bell: Bell) -> None:
    answer = await bell.say(BOB, "/remind me when=friday what=strings")

    assert "Fri 27 Nov 2026, 09:00" in text_of(answer)
    assert "no clock was given" in text_of(answer)


async def test_what_was_asked_for_by_the_minute_comes_at_night_and_a_whole_day_does_not(bell: Bell) -> None:
    person = await bell.person(BOB)
    async with bell.tools.open_work() as work:
        await work.people.change(person.id, quiet_from=time(0), quiet_to=time(10))
        await work.commit()
    await bell.say(BOB, '/remind me when="tomorrow 06:00" what=lobby')
    await bell.say(BOB, "/remind me when=tomorrow what=strings")

    assert [one.text.splitlines()[0] for one in await bell.until(london("2026-11-24", "09:30"))] == ["lobby"]
    assert [one.text.splitlines()[0] for one in await bell.until(london("2026-11-24", "10:00"))] == ["strings"]


async def test_leads_come_before_each_time(bell: Bell) -> None:
    answer = await bell.say(BOB, '/remind me when="every fri 12:00" what=strings lead="1 day, 2h"')
    assert "1 day before, 2 h before" in text_of(answer)

    rung = await bell.until(london("2026-12-04", "13:00"))

    assert [one.text.splitlines()[0] for one in rung] == ["Coming up: strings", "Coming up: strings", "strings"] * 2
    dues = [d.due_at for d in await rung_notices(bell, BOB)]
    assert dues[3:] == [london("2026-12-03", "12:00"), london("2026-12-04", "10:00"), london("2026-12-04", "12:00")]


async def test_a_lead_that_has_passed_is_left_out_and_said(bell: Bell) -> None:
    answer = await bell.say(BOB, '/remind me when="tomorrow 9am" what=strings lead="2 days, 1h"')

    assert "2 days before has passed" in text_of(answer)
    assert len(await bell.waiting(BOB)) == 2


async def test_what_repeats_too_fast_is_refused_and_the_rest_is_kept(bell: Bell) -> None:
    answer = await bell.say(BOB, '/remind me when="tomorrow 9am" what=water repeat="every 5 minutes"')
    assert "more often than every 15 minutes" in text_of(answer)

    answer = await bell.say(BOB, "every 2 hours")

    assert "water · R1" in text_of(answer)
    assert "every 2 hours" in text_of(answer)


async def test_an_unclear_hour_is_asked_with_buttons(bell: Bell) -> None:
    answer = await bell.say(BOB, "/remind me tomorrow at 9 send charts")
    assert labels(answer)[:2] == ["Tue 24 Nov 2026, 09:00", "Tue 24 Nov 2026, 21:00"]

    answer = await bell.press(BOB, "Tue 24 Nov 2026, 21:00")

    assert "Tue 24 Nov 2026, 21:00" in text_of(answer)


async def test_undo_takes_a_new_reminder_back(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am strings")
    await bell.press(BOB, "Undo")

    assert await bell.pass_by(days=3) == []
    assert "no reminders" in text_of(await bell.say(BOB, "/reminders"))


async def test_two_hundred_may_wait_and_no_more(bell: Bell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST", 3)
    for day in ("tomorrow", "wed", "thu"):
        await bell.say(BOB, f"/remind me {day} 9am strings")

    refused = await bell.say(BOB, "/remind me fri 9am strings")
    assert "3 reminders waiting" in text_of(refused)
    await bell.say(BOB, "/remind delete R1")
    assert "R4" in text_of(await bell.say(BOB, "/remind me fri 9am strings"))


async def test_words_over_the_limit_are_refused_and_quoted_ones_cut(bell: Bell) -> None:
    long = "x" * 501
    assert "500 at most" in text_of(await bell.say(BOB, f'/remind me when="tomorrow 9am" what="{long}"'))

    call = await bell.call(BOB)
    answer = await bell.desk.command(call, "remind about", {"quoted": "y" * 900, "when": "tomorrow 9am"})

    assert "R1" in text_of(answer)
    assert (await bell.reminder()).text == "y" * 499 + "…"


# --- ringing ----------------------------------------------------------------------------------------------------------


async def test_a_snooze_comes_once_more_and_leaves_the_repeat_alone(bell: Bell) -> None:
    await bell.say(BOB, "/remind me every day 9am practise")
    await bell.until(london("2026-11-24", "09:00"))
    await bell.say(BOB, "/remind snooze R1 1 hour")

    (again,) = await bell.until(london("2026-11-24", "12:00"))
    assert again.text.startswith("practise")
    assert [d.due_at for d in await rung_notices(bell, BOB)][-1] - london("2026-11-24", "10:00") < timedelta(seconds=30)
    await bell.until(london("2026-11-25", "08:59"))
    assert len(await bell.until(london("2026-11-25", "09:00"))) == 1


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("1 hour", ("2026-11-23", "11:00")),
        ("for 2h30", ("2026-11-23", "12:30")),
        ("tomorrow", ("2026-11-24", "09:00")),
        ("until Fri 6pm", ("2026-11-27", "18:00")),
        ("till next week", ("2026-11-30", "09:00")),
    ],
)
async def test_a_snooze_takes_a_length_or_a_time(bell: Bell, said: str, until: tuple[str, str]) -> None:
    await bell.say(BOB, "/remind me every day 9am practise")
    await bell.say(BOB, f"/remind snooze R1 {said}")

    chosen = (await bell.reminder()).snoozed_until
    assert chosen is not None
    assert chosen.replace(second=0) == london(*until)


async def test_a_snooze_to_a_time_that_is_none_asks_again_in_its_own_field(bell: Bell) -> None:
    await bell.say(BOB, "/remind me every day 9am practise")
    for said in ("yesterday", "every day", "1 Jan 2029", "blue"):
        assert "For how long, or until when?" in text_of(await bell.say(BOB, f"/remind snooze R1 {said}")), said
        assert (await bell.reminder()).snoozed_until is None
        await bell.say(BOB, "/cancel")
    await bell.say(BOB, "/remind snooze R1 today 8am")
    await bell.say(BOB, "tomorrow 8am")

    assert (await bell.reminder()).snoozed_until == london("2026-11-24", "08:00")


async def test_a_snooze_that_has_rung_is_over(bell: Bell) -> None:
    await bell.say(BOB, "/remind me every day 9am practise")
    await bell.say(BOB, "/remind snooze R1 1 hour")
    assert "snoozed to Mon 23 Nov, 11:00" in text_of(await bell.say(BOB, "/reminders"))

    assert len(await bell.pass_by(hours=2)) == 1

    assert "snoozed" not in text_of(await bell.say(BOB, "/reminders"))


async def test_a_second_snooze_replaces_the_first(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am practise")
    await bell.until(london("2026-11-24", "09:00"))
    call = await bell.call(BOB)
    await bell.desk.press(call, "fc:reminders.snooze:1:a")
    await bell.desk.press(call, "fc:reminders.snooze:1:1o")

    assert len(await bell.pass_by(hours=3)) == 1


async def test_tomorrow_is_nine_on_the_readers_own_clock(bell: Bell) -> None:
    await bell.say(BOB, "/remind me today 6pm practise")
    await bell.until(london("2026-11-23", "18:00"))
    await bell.press_id(BOB, "fc:reminders.tomorrow:1")

    assert (await bell.reminder()).snoozed_until == london("2026-11-24", "09:00")


async def test_done_ends_what_comes_once(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am practise")
    done = await bell.say(BOB, "/remind done R1")
    assert "Done: practise" in text_of(done)
    assert await bell.until(london("2026-11-24", "08:00")) == []

    twice = await bell.say(BOB, "/remind done R1")
    assert "was ticked off" in text_of(twice)


async def test_a_tick_taken_back_rings_after_all(bell: Bell) -> None:
    await bell.say(BOB, "/remind me today 10:05am practise")
    await bell.say(BOB, "/remind done R1")
    bell.clock.move(timedelta(minutes=8))
    await bell.press(BOB, "Undo")

    (late,) = await bell.pass_by(minutes=1)
    assert "Late: this was due" in late.text


async def test_done_on_a_repeat_ticks_off_this_time_only(bell: Bell) -> None:
    await bell.say(BOB, "/remind me every day 9am practise")
    await bell.until(london("2026-11-24", "09:00"))
    await bell.press_id(BOB, "fc:reminders.done:1:1")
    assert "ticked off before" in text_of(await bell.press_id(BOB, "fc:reminders.done:1:1"))

    assert len(await bell.until(london("2026-11-25", "09:00"))) == 1


async def test_done_before_it_rings_leaves_the_next_time_out(bell: Bell) -> None:
    await bell.say(BOB, "/remind me every day 9am practise")
    answer = await bell.say(BOB, "/remind done R1")
    assert "left out" in text_of(answer)
    assert "Wed 25 Nov 2026, 09:00" in text_of(answer)

    assert await bell.until(london("2026-11-24", "12:00")) == []
    assert len(await bell.until(london("2026-11-25", "09:00"))) == 1


async def test_a_pause_sends_nothing_and_resuming_goes_on_ahead(bell: Bell) -> None:
    await bell.say(BOB, "/remind me every day 9am practise")
    await bell.say(BOB, "/remind pause R1")
    assert await bell.pass_by(days=4) == []

    answer = await bell.say(BOB, "/remind resume R1")

    assert "Sat 28 Nov 2026, 09:00" in text_of(answer)
    assert len(await bell.until(london("2026-11-28", "10:00"))) == 1


async def test_what_passed_while_paused_wants_a_new_time(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am practise")
    await bell.say(BOB, "/remind pause R1")
    await bell.pass_by(days=2)

    assert "passed while it was paused" in text_of(await bell.say(BOB, "/remind resume R1"))
    assert (await bell.reminder()).state is ReminderState.PAUSED


async def test_a_deleted_one_is_silent_and_comes_back_within_ten_minutes(bell: Bell) -> None:
    await bell.say(BOB, "/remind me every day 9am practise")
    await bell.say(BOB, "/remind delete R1")
    assert "no reminder R1" in text_of(await bell.say(BOB, "/remind show R1"))
    await bell.press_id(BOB, "fc:reminders.restore:1")

    assert len(await bell.until(london("2026-11-24", "09:00"))) == 1


async def test_a_deleted_one_is_silent(bell: Bell) -> None:
    await bell.say(BOB, "/remind me every day 9am practise")
    await bell.say(BOB, "/remind delete R1")

    assert await bell.pass_by(days=3) == []
