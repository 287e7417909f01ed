"""Reminders that hang on a gig: they move when it moves, and say when it is off."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from cogs.reminders import planning
from storage.records.notice import Ended, Outcome
from tests.cogs.front import london, text_of
from tests.cogs.reminders.front import Bell

BOB = "Bob"


# --- hanging on a gig -------------------------------------------------------------------------------------------------


async def test_it_hangs_on_a_gig_the_person_may_see(bell: Bell) -> None:
    await bell.gig("Cleo", london("2026-11-28", "19:30"))
    answer = await bell.say(BOB, '/remind me when="the evening before G1" what=strings')
    assert "Fri 27 Nov 2026, 18:00" in text_of(answer)
    assert "moves when the gig moves" in text_of(answer)

    (rung,) = await bell.pass_by(days=5)

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
    await bell.pass_by(hours=3)
    await bell.move_gig(gig, to)
    assert f"{rings:%a} {rings.day} {rings:%b}, 18:00" in text_of(await bell.say(BOB, "/reminders"))

    early = await bell.until(rings - timedelta(minutes=1))
    assert [one.text.splitlines()[0] for one in early] == ["Coming up: strings"]
    assert [one.text.splitlines()[0] for one in await bell.until(rings)] == ["strings"]
    assert await bell.pass_by(days=14) == []


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

    (rung,) = await bell.pass_by(minutes=1)
    assert rung.text.startswith("strings")


async def test_a_cancelled_gig_is_said_with_the_reminder(bell: Bell) -> None:
    gig = await bell.gig("Cleo", london("2026-11-28", "19:30"))
    await bell.say(BOB, '/remind me when="2 hours before G1" what=strings')
    await bell.cancel_gig(gig)

    (rung,) = await bell.pass_by(days=6)

    assert "G1 was cancelled" in rung.text
    answer = await bell.say(BOB, '/remind me when="2 hours before G1" what=strings')
    assert "was cancelled" in text_of(answer)


async def test_other_events_are_asked_for_as_a_date(bell: Bell) -> None:
    answer = await bell.say(BOB, '/remind me when="3 days before due" what="chase it"')
    assert "I do not know when “due” is" in text_of(answer)

    assert "Mon 30 Nov 2026, 09:00" in text_of(await bell.say(BOB, "30 Nov"))
