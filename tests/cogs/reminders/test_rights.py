"""Whose reminders are whose, what a channel is told, and where a private one goes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.records.reminder import ReminderState
from tests.cogs.front import labels, text_of
from tests.cogs.reminders.front import MODERATOR, Bell

BOB = "Bob"


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

    rung = await bell.pass_by(days=1)

    places = {one.text.splitlines()[0]: one.target.dest for one in rung}
    assert places == {"bring stands": "#gigs", "my own": "dm:bob"}


async def test_a_channel_is_reminded_by_moderators_only_and_pings_only_the_role(bell: Bell) -> None:
    refused = await bell.say(BOB, '/remind channel when="tomorrow 6pm" what="hi @everyone"', place="#gigs")
    assert "Only moderators" in text_of(refused)
    await bell.say(
        MODERATOR, '/remind channel when="tomorrow 6pm" what="hi @everyone" role=Strings repeat=weekly', place="#gigs"
    )

    (rung,) = await bell.pass_by(days=2)

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

    assert [(d.platform, d.dest) for d in await bell.waiting(BOB)] == [
        ("telegram", "chat77"),
        ("console", "dm:bob"),
    ]
