"""Reminders at work: set, rung, snoozed, ticked off, paused, changed and taken back, on a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.desk.answer import Answer
from bot.desk.surface import Refused
from cogs.reminders import planning, rules
from storage.records.notice import Delivery, Ended, Outcome
from storage.records.reminder import ReminderState
from tests.bot.desk.courier_parts import Delivered
from tests.cogs.profile.front import labels, text_of
from tests.cogs.reminders.front import MODERATOR, Bell, london

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
    assert await bell.pass_by(timedelta(days=30)) == []
    assert (await bell.reminder()).state is ReminderState.OVER


async def test_a_repeat_says_its_next_times_and_comes_on_the_wall_clock(bell: Bell) -> None:
    bell.clock.move(to=datetime(2026, 10, 23, 10, tzinfo=UTC))
    answer = await bell.say(BOB, "/remind me every day 9am practise")
    assert "every day 09:00" in text_of(answer)
    assert "Sun 25 Oct, 09:00 · Mon 26 Oct, 09:00" in text_of(answer)

    rung = await bell.until(london("2026-10-26", "12:00"))

    assert [one.text.splitlines()[0] for one in rung] == ["practise"] * 3
    assert [d.due_at for d in await rung_notices(bell)] == [
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
    dues = [d.due_at for d in await rung_notices(bell)]
    assert dues[3:] == [london("2026-12-03", "12:00"), london("2026-12-04", "10:00"), london("2026-12-04", "12:00")]


async def test_a_lead_that_has_passed_is_left_out_and_said(bell: Bell) -> None:
    answer = await bell.say(BOB, '/remind me when="tomorrow 9am" what=strings lead="2 days, 1h"')

    assert "2 days before has passed" in text_of(answer)
    assert len(await bell.open_notices(BOB)) == 2


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

    assert await bell.pass_by(timedelta(days=3)) == []
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
    assert [d.due_at for d in await rung_notices(bell)][-1] - london("2026-11-24", "10:00") < timedelta(seconds=30)
    await bell.until(london("2026-11-25", "08:59"))
    assert len(await bell.until(london("2026-11-25", "09:00"))) == 1


async def test_a_snooze_that_has_rung_is_over(bell: Bell) -> None:
    await bell.say(BOB, "/remind me every day 9am practise")
    await bell.say(BOB, "/remind snooze R1 1 hour")
    assert "snoozed to Mon 23 Nov, 11:00" in text_of(await bell.say(BOB, "/reminders"))

    assert len(await bell.pass_by(timedelta(hours=2))) == 1

    assert "snoozed" not in text_of(await bell.say(BOB, "/reminders"))


async def test_a_second_snooze_replaces_the_first(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am practise")
    await bell.until(london("2026-11-24", "09:00"))
    call = await bell.call(BOB)
    await bell.desk.press(call, "fc:reminders.snooze:1:a")
    await bell.desk.press(call, "fc:reminders.snooze:1:1o")

    assert len(await bell.pass_by(timedelta(hours=3))) == 1


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

    (late,) = await bell.pass_by(timedelta(minutes=1))
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
    assert await bell.pass_by(timedelta(days=4)) == []

    answer = await bell.say(BOB, "/remind resume R1")

    assert "Sat 28 Nov 2026, 09:00" in text_of(answer)
    assert len(await bell.until(london("2026-11-28", "10:00"))) == 1


async def test_what_passed_while_paused_wants_a_new_time(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am practise")
    await bell.say(BOB, "/remind pause R1")
    await bell.pass_by(timedelta(days=2))

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

    assert await bell.pass_by(timedelta(days=3)) == []


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


async def test_the_end_of_a_repeat_is_changed_and_kept(bell: Bell) -> None:
    await bell.say(BOB, "/remind me every day 9am strings")
    await bell.say(BOB, "/remind edit R1 until thu")

    assert len(await bell.pass_by(timedelta(days=10))) == 3
    assert (await bell.reminder()).state is ReminderState.OVER


async def test_a_changed_time_rings_then_and_not_before(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am strings")
    await bell.say(BOB, "/remind edit R1 when tomorrow 8am")

    assert len(await bell.until(london("2026-11-24", "08:00"))) == 1
    assert await bell.pass_by(timedelta(days=3)) == []


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

    (rung,) = await bell.pass_by(timedelta(days=1))
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

    assert await bell.pass_by(timedelta(days=2)) == []


async def test_one_that_is_over_goes_on_with_a_new_time(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am strings")
    await bell.pass_by(timedelta(days=1))
    await bell.say(BOB, "/remind edit R1 when fri 9am")

    assert len(await bell.pass_by(timedelta(days=4))) == 1


# --- being away, and being late ---------------------------------------------------------------------------------------


async def test_what_came_while_the_program_was_down_comes_late_and_says_when_it_was_due(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am strings")

    (late,) = await bell.asleep_until(london("2026-11-24", "15:00"))

    assert "Late: this was due" in late.text
    assert "sent late" in text_of(await bell.say(BOB, "/reminders"))


async def test_of_a_repeat_only_the_latest_missed_time_is_said(bell: Bell) -> None:
    await bell.say(BOB, "/remind me every day 9am practise")

    (late,) = await bell.asleep_until(london("2026-11-28", "15:00"))

    assert london("2026-11-28", "09:00").isoformat() in late.text
    assert len(await bell.until(london("2026-11-29", "09:00"))) == 1


async def test_after_months_the_repeat_goes_on_as_if_nothing_had_been(bell: Bell) -> None:
    await bell.say(BOB, "/remind me every monday 9am practise")

    await bell.asleep_until(london("2027-03-26", "15:00"))

    assert len(bell.sender.sent) <= 1
    (next_one,) = await bell.until(london("2027-03-29", "12:00"))
    assert next_one.text.startswith("practise")
    assert (await bell.reminder()).next_at == london("2027-04-05", "09:00")


async def test_a_refused_message_shows_on_the_list_with_its_reason(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am strings")
    bell.sender.says = lambda target, key: Refused("the person blocked the bot")
    await bell.until(london("2026-11-24", "10:00"))

    assert "nowhere takes private messages" in text_of(await bell.say(BOB, "/reminders"))


async def test_what_never_arrived_says_so_for_two_days(bell: Bell) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am strings")
    bell.sender.says = lambda target, key: Refused("the person blocked the bot")
    await bell.until(london("2026-12-02", "10:00"))

    assert [d.result for d in await rung_notices(bell)] == [Outcome.MISSED]
    assert "could not be delivered" in text_of(await bell.say(BOB, "/reminders"))
    await bell.pass_by(timedelta(days=3))
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


# --- privacy and rights -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    ["/remind show R1", "/remind done R1", "/remind delete R1", "/remind pause R1", "/remind edit R1 what mine",
     "/remind snooze R1 1 hour", "/remind resume R1"],
)  # fmt: skip
async def test_somebody_elses_reminder_answers_as_one_that_does_not_exist(bell: Bell, line: str) -> None:
    await bell.say(BOB, "/remind me tomorrow 9am strings")

    for who in ("Eve", MODERATOR):
        theirs = await bell.say(who, line, place="#gigs" if who == MODERATOR else "dm")
        nobodys = await bell.say(who, line.replace("R1", "R99"))
        assert text_of(theirs) == text_of(nobodys).replace("R99", "R1")
        assert "no reminder R1" in text_of(theirs)
    assert (await bell.reminder()).text == "strings"
    assert (await bell.reminder()).state is ReminderState.ACTIVE


@pytest.mark.parametrize("deed", ["done:1:1", "snooze:1:a", "tomorrow:1", "pause:1", "delete:1", "restore:1", "show:1"])
async def test_any_button_can_be_pressed_by_anybody_and_does_nothing_to_others(bell: Bell, deed: str) -> None:
    await bell.say(BOB, "/remind me every day 9am strings")
    before = await bell.reminder()

    answer = await bell.press_id("Eve", f"fc:reminders.{deed}")

    assert "no reminder R1" in text_of(answer)
    assert await bell.reminder() == before


async def test_everything_typed_in_a_channel_is_answered_privately(bell: Bell) -> None:
    assert (await bell.say(BOB, "/remind me tomorrow 9am strings", place="#gigs")).private
    assert (await bell.say(BOB, "/reminders", place="#gigs")).private


async def test_here_is_the_channel_for_a_moderator_and_the_private_chat_for_others(bell: Bell) -> None:
    await bell.say(MODERATOR, '/remind me when="tomorrow 9am" what="bring stands" where=here', place="#gigs")
    await bell.say(BOB, "/reminders")  # his private chat is open from now on
    mine = await bell.say(BOB, '/remind me when="tomorrow 9am" what="my own" where=here', place="#gigs")
    assert "Only moderators" in text_of(mine)

    rung = await bell.pass_by(timedelta(days=1))

    places = {one.text.splitlines()[0]: one.target.dest for one in rung}
    assert places == {"bring stands": "#gigs", "my own": "dm:bob"}


async def test_a_channel_is_reminded_by_moderators_only_and_pings_only_the_role(bell: Bell) -> None:
    refused = await bell.say(BOB, '/remind channel when="tomorrow 6pm" what="hi @everyone"', place="#gigs")
    assert "Only moderators" in text_of(refused)
    await bell.say(
        MODERATOR, '/remind channel when="tomorrow 6pm" what="hi @everyone" role=Strings repeat=weekly', place="#gigs"
    )

    (rung,) = await bell.pass_by(timedelta(days=2))

    assert rung.target.dest == "#gigs"
    assert rung.reply.ping_role == "Strings"
    assert rung.reply.buttons == ()
    assert rung.text.startswith("hi @everyone")
    listed = await bell.say(MODERATOR, "/remind list", place="#gigs")
    assert "#gigs, for the role Strings" in text_of(listed)


async def test_a_channel_that_is_not_named_is_asked_for(bell: Bell) -> None:
    await bell.say(BOB, "/reminders", place="#gigs")
    await bell.say(BOB, "/reminders", place="#rehearsals")
    call = await bell.call(MODERATOR, "#gigs")
    answer = await bell.desk.command(call, "remind channel", {"when": "tomorrow 6pm", "what": "hi", "channel": "nope"})
    assert labels(bell._kept(MODERATOR, answer))[:2] == ["#gigs", "#rehearsals"]

    answer = await bell.desk.press(call, answer.reply.buttons[1].action)

    assert "#rehearsals" in text_of(answer)


async def test_one_who_no_longer_moderates_can_stop_a_channels_reminder_but_not_change_its_words(bell: Bell) -> None:
    await bell.say(MODERATOR, '/remind channel when="every day 6pm" what="hi"', place="#gigs")

    changed = await bell.say(MODERATOR, "/remind edit R1 what spam")  # in the private chat nobody moderates
    assert "Only moderators" in text_of(changed)
    assert (await bell.reminder()).text == "hi"
    assert "paused" in text_of(await bell.say(MODERATOR, "/remind pause R1"))


async def test_a_platform_that_is_not_linked_is_not_promised(bell: Bell) -> None:
    answer = await bell.say(BOB, '/remind me when="tomorrow 9am" what=strings where=telegram')
    assert "cannot write to you on Telegram" in text_of(answer)

    assert "R1" in text_of(await bell.press(BOB, "Where I usually"))


async def test_a_platform_that_was_asked_for_is_where_it_goes(bell: Bell) -> None:
    person = await bell.person(BOB)
    async with bell.tools.open_work() as work:
        other = await work.people.greet("telegram", "77", "Bob", bell.clock.now() - timedelta(days=1), dm="chat77")
        await work.people.attach("telegram", "77", person.id)
        assert other.id != person.id
        await work.commit()
    await bell.say(BOB, '/remind me when="tomorrow 9am" what=strings where=telegram')
    await bell.say(BOB, '/remind me when="tomorrow 9am" what=reeds')

    assert [(d.platform, d.dest) for d in await bell.open_notices(BOB)] == [
        ("telegram", "chat77"),
        ("console", "dm:bob"),
    ]


# --- hanging on a gig -------------------------------------------------------------------------------------------------


async def test_it_hangs_on_a_gig_the_person_may_see(bell: Bell) -> None:
    await bell.gig("Cleo", london("2026-11-28", "19:30"))
    answer = await bell.say(BOB, '/remind me when="the evening before G1" what=strings')
    assert "Fri 27 Nov 2026, 18:00" in text_of(answer)
    assert "moves when the gig moves" in text_of(answer)

    (rung,) = await bell.pass_by(timedelta(days=5))

    assert rung.text.startswith("strings")
    assert "G1" in rung.text


async def test_a_gig_of_another_community_is_no_gig(bell: Bell) -> None:
    await bell.gig("Cleo", london("2026-11-28", "19:30"))

    theirs = await bell.say("Eve", '/remind me when="the evening before G1" what=strings')
    nobodys = await bell.say("Eve", '/remind me when="the evening before G9" what=strings')

    assert "no gig G1" in text_of(theirs)
    assert text_of(nobodys).replace("G9", "G1") == text_of(theirs)


@pytest.mark.parametrize(
    ("to", "rings"),
    [
        (london("2026-12-05", "19:30"), london("2026-12-04", "18:00")),  # later
        (london("2026-11-26", "19:30"), london("2026-11-25", "18:00")),  # sooner
    ],
)
async def test_it_moves_when_the_gig_moves(bell: Bell, to: datetime, rings: datetime) -> None:
    gig = await bell.gig("Cleo", london("2026-11-28", "19:30"))
    await bell.say(BOB, '/remind me when="the evening before G1" what=strings lead=2h')
    await bell.pass_by(timedelta(hours=3))
    await bell.move_gig(gig, to)
    assert f"{rings:%a} {rings.day} {rings:%b}, 18:00" in text_of(await bell.say(BOB, "/reminders"))

    early = await bell.until(rings - timedelta(minutes=1))
    assert [one.text.splitlines()[0] for one in early] == ["Coming up: strings"]
    assert [one.text.splitlines()[0] for one in await bell.until(rings)] == ["strings"]
    assert await bell.pass_by(timedelta(days=14)) == []


async def test_a_gig_moved_within_the_last_hour_still_takes_its_reminder_along(bell: Bell) -> None:
    gig = await bell.gig("Cleo", london("2026-11-28", "19:30"))
    await bell.say(BOB, '/remind me when="2 hours before G1" what=strings')
    await bell.until(london("2026-11-28", "17:20"))
    await bell.move_gig(gig, london("2026-11-29", "19:30"))

    assert await bell.until(london("2026-11-29", "17:29")) == []
    assert len(await bell.until(london("2026-11-29", "17:30"))) == 1


async def test_a_gig_moved_away_and_back_while_it_was_drawn_loses_no_reminder(bell: Bell) -> None:
    await bell.gig("Cleo", london("2026-11-28", "19:30"))
    await bell.say(BOB, '/remind me when="2 hours before G1" what=strings')
    bell.clock.move(to=london("2026-11-28", "17:30"))
    reminder = await bell.reminder()
    async with bell.tools.open_work() as work:
        for lane in await work.notices.next_due("console"):
            for claimed in await work.notices.claim("console", lane, bell.clock.now(), timedelta(minutes=1), 9, "me"):
                await work.notices.ack_many(
                    "me", [Ended(claimed.id, claimed.attempt, Outcome.DROPPED)], bell.clock.now()
                )
                if claimed.occurrence == reminder.planned:
                    await planning.rang(work, replace(claimed, result=Outcome.DROPPED), bell.clock.now())
        await work.commit()

    (rung,) = await bell.pass_by(timedelta(minutes=1))
    assert rung.text.startswith("strings")


async def test_a_cancelled_gig_is_said_with_the_reminder(bell: Bell) -> None:
    gig = await bell.gig("Cleo", london("2026-11-28", "19:30"))
    await bell.say(BOB, '/remind me when="2 hours before G1" what=strings')
    await bell.cancel_gig(gig)

    (rung,) = await bell.pass_by(timedelta(days=6))

    assert "G1 was cancelled" in rung.text
    answer = await bell.say(BOB, '/remind me when="2 hours before G1" what=strings')
    assert "was cancelled" in text_of(answer)


async def test_other_events_are_asked_for_as_a_date(bell: Bell) -> None:
    answer = await bell.say(BOB, '/remind me when="3 days before due" what="chase it"')
    assert "I do not know when “due” is" in text_of(answer)

    assert "Mon 30 Nov 2026, 09:00" in text_of(await bell.say(BOB, "30 Nov"))


async def rung_notices(bell: Bell, name: str = BOB) -> list[Delivery]:
    """What ended for somebody, and was not only a look."""
    person = await bell.person(name)
    async with bell.tools.open_work(reading=True) as work:
        found = await work.notices.of_person(person.id, ended_since=datetime(2026, 1, 1, tzinfo=UTC))
    return [d for d in found if d.ended_at is not None and d.result not in (Outcome.CANCELLED, Outcome.DROPPED)]


def answer_of(delivered: Delivered) -> Answer:
    return Answer(delivered.reply, private=True)
