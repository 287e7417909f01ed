"""One's own timer: said, skipped, put off, silent when it should be, and going on over a restart."""

from __future__ import annotations

import asyncio

import pytest

from storage.records.wellness import Taken
from storage.work import OpenWork
from tests.cogs.front import labels, london, text_of
from tests.cogs.wellness.front import Studio, at


async def outcomes(studio: Studio, name: str) -> list[tuple[Taken, int]]:
    person = await studio.person(name)
    async with studio.tools.open_work(reading=True) as work:
        return [(one.outcome, one.played) for one in await work.breaks.entries(person.id, person.made_at)]


async def test_a_practice_timer_warns_begins_and_ends_each_break(studio: Studio) -> None:
    answer = await studio.say("Ada", "/break practice")
    assert "25 min, then 5 min off" in text_of(answer)
    assert answer.private

    sent = await studio.pass_by(minutes=31)

    assert [one.text.split(".")[0].split(",")[0] for one in sent] == [
        "Break in 2 minutes",
        "Break: 5 minutes",
        "Break over",
    ]
    assert "Source: " in sent[1].text
    assert await outcomes(studio, "Ada") == [(Taken.TAKEN, 25)]
    assert sent[0].reply.silent


async def test_nothing_is_said_to_who_never_asked(studio: Studio) -> None:
    await studio.say("Ada", "/break practice")
    await studio.person("Bob")

    await studio.pass_by(hours=1)

    assert {one.target.account for one in studio.sender.sent} == {"ada"}


@pytest.mark.parametrize(
    ("line", "play", "rest"),
    [
        ("/break own 40/10", 40, 10),
        ("/break own 40 10", 40, 10),
        ("/break own 45", 45, 10),
        ("/break start mode=custom play=30 rest=3", 30, 3),
        ("/break session", 80, 10),
        ("/break desk until 18:00", 55, 5),
        ("/break practise 20/4 until 18:00", 20, 4),
    ],
)
async def test_lengths_are_read(studio: Studio, line: str, play: int, rest: int) -> None:
    assert f"{play} min, then {rest} min off" in text_of(await studio.say("Ada", line))


async def test_own_lengths_are_asked_for_and_bounded(studio: Studio) -> None:
    assert "How many minutes" in text_of(await studio.say("Ada", "/break own"))
    assert "too small" in text_of(await studio.say("Ada", "2"))
    assert "45 min, then 10 min off" in text_of(await studio.say("Ada", "45"))
    assert "not ahead" in text_of(await studio.say("Ada", "/break start practice until=yesterday"))


@pytest.mark.usefixtures("anywhere")
async def test_somebody_has_one_timer_however_often_they_start(studio: Studio) -> None:
    call = await studio.call("Ada")
    await asyncio.gather(*(studio.desk.command(call, "break start", {"mode": "practice"}) for _ in range(3)))
    assert "Your practice timer ended" in text_of(await studio.say("Ada", "/break desk"))

    assert {notice.kind for notice in await studio.waiting("Ada")} == {"breaks.warn", "breaks.turn"}
    assert len(await studio.waiting("Ada")) == 2


async def test_skip_leaves_the_break_out_and_an_old_button_does_nothing(studio: Studio) -> None:
    answer = await studio.say("Ada", "/break practice")
    old = next(b.action for b in answer.reply.buttons if b.label == "Skip")  # type: ignore[union-attr]  # all are Buttons
    await studio.pass_by(minutes=10)

    assert "Next break at 10:50" in text_of(await studio.press_id("Ada", old))
    assert "That break is over" in text_of(await studio.press_id("Ada", old))
    assert [one for one in await studio.until(at("10:47")) if "Break" in one.text] == []
    assert "No break timer of yours" in text_of(await studio.press_id("Eve", old))


async def test_a_break_that_has_begun_can_be_put_off(studio: Studio) -> None:
    await studio.say("Ada", "/break practice")
    sent = await studio.pass_by(minutes=26)
    snooze = next(b.action for b in sent[-1].reply.buttons if b.label.startswith("Snooze"))  # type: ignore[union-attr]

    assert "Next break at 10:36" in text_of(await studio.press_id("Ada", snooze))
    sent = await studio.until(at("10:37"))
    assert [one.text.splitlines()[0] for one in sent][-1].startswith("Break: 5 minutes")
    assert [one for one, _ in await outcomes(studio, "Ada")] == [Taken.SNOOZED, Taken.TAKEN]


async def test_snooze_takes_minutes(studio: Studio) -> None:
    await studio.say("Ada", "/break practice")
    assert "Next break at 10:40" in text_of(await studio.say("Ada", "/break snooze 15"))


async def test_stop_ends_it_and_undo_begins_afresh(studio: Studio) -> None:
    await studio.say("Ada", "/break practice")
    await studio.say("Ada", "/break stop")
    assert await studio.pass_by(minutes=9) == []

    assert "goes on" in text_of(await studio.press("Ada", "Undo"))
    assert (await studio.pass_by(minutes=26))[-1].text.startswith("Break: ")
    await studio.say("Ada", "/break stop")
    assert "No break timer" in text_of(await studio.say("Ada", "/break stop"))


async def test_a_restart_goes_on_where_it_was_and_says_nothing_twice(studio: Studio) -> None:
    await studio.say("Ada", "/break practice")
    await studio.pass_by(minutes=26)

    sent = await studio.away_until(at("10:27"))
    assert sent == []
    assert [one.text.split(".")[0] for one in await studio.until(at("10:31"))] == ["Break over"]


async def test_a_break_nobody_could_take_is_not_announced_late(studio: Studio) -> None:
    await studio.say("Ada", "/break practice")

    sent = await studio.away_until(at("12:12"))  # 25/5 from 10:00: work from 12:00 to 12:25

    assert sent == []
    sent = await studio.until(at("12:26"))
    assert [one.text.split(",")[0].split(".")[0] for one in sent] == ["Break in 2 minutes", "Break: 5 minutes"]


async def test_back_in_the_middle_of_a_break_it_says_so(studio: Studio) -> None:
    await studio.say("Ada", "/break rehearsal")

    sent = await studio.away_until(at("10:53"))

    assert [one.text.splitlines()[0].split(",")[0] for one in sent] == ["Break: 10 minutes"]


async def test_it_stops_by_itself_at_its_end(studio: Studio) -> None:
    await studio.say("Ada", "/break practice until 13:40")

    sent = await studio.until(at("15:00"))

    assert sent[-1].text.startswith("The practice timer ends here")
    assert await studio.waiting("Ada") == []


async def test_a_call_in_the_diary_silences_it_until_it_is_over(studio: Studio) -> None:
    await studio.plays("Ada", at("10:20"), 2)
    await studio.say("Ada", "/break practice")

    sent = await studio.until(at("12:46"))

    assert [one.text.split(",")[0] for one in sent] == ["Break in 2 minutes", "Break: 5 minutes"]
    assert await outcomes(studio, "Ada") == [(Taken.TAKEN, 25)]


async def test_started_in_a_call_it_waits_for_its_end(studio: Studio) -> None:
    await studio.plays("Ada", at("09:00"), 2)

    assert "silent until 11:00" in text_of(await studio.say("Ada", "/break practice"))
    assert await studio.until(at("11:22")) == []


async def test_quiet_hours_are_kept_and_can_be_opened(studio: Studio) -> None:
    studio.clock.move(to=at("21:50"))
    await studio.say("Ada", "/break practice")
    assert await studio.until(london("2026-11-24", "08:20")) == []

    studio.clock.move(to=london("2026-11-24", "21:50"))
    person = await studio.person("Ada")
    async with studio.tools.open_work() as work:
        await work.people.set_setting(person.id, "night.breaks", "on")
        await work.commit()
    await studio.say("Ada", "/break practice")
    assert (await studio.until(london("2026-11-24", "22:16")))[-1].text.startswith("Break: 5")


async def test_hours_and_weekdays(studio: Studio) -> None:
    answer = await studio.say("Ada", "/break plan mon-fri from=9 to=10:30")
    assert "weekdays, 09:00 to 10:30, Europe/London" in text_of(answer)
    await studio.say("Ada", "/break desk")

    sent = await studio.until(london("2026-11-24", "09:56"))

    assert [one.text.split(",")[0] for one in sent] == ["Break in 2 minutes", "Break: 5 minutes"]
    assert london("2026-11-24", "10:00").isoformat() in sent[-1].text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/break plan whenever", "I could not read “whenever” as days"),
        ("/break plan from=9", "Both ends"),
        ("/break plan from=nine to=18", "as a time of day"),
        ('/break plan quiet="yesterday"', "not ahead of us"),
        ("/break plan from=22 to=6", "no break would ever come"),
    ],
)
async def test_hours_that_cannot_be_read_are_asked_again(studio: Studio, line: str, said: str) -> None:
    assert said in text_of(await studio.say("Ada", line))


async def test_a_pause_ends_by_itself_and_can_be_cut_short(studio: Studio) -> None:
    await studio.say("Ada", "/break practice")
    await studio.say("Ada", '/break plan quiet="in 2 hours"')
    assert await studio.until(at("12:22")) == []
    assert (await studio.until(at("12:26")))[-1].text.startswith("Break: 5")

    await studio.say("Ada", "/break plan")
    await studio.press("Ada", "Silent for 2 hours")
    assert "Speak again" in labels(await studio.say("Ada", "/break plan"))
    await studio.press("Ada", "Speak again")
    assert (await studio.pass_by(minutes=26))[-1].text.startswith("Break: 5")


async def test_stats_count_what_became_of_them(studio: Studio) -> None:
    await studio.say("Ada", "/break practice")
    await studio.pass_by(minutes=31)
    await studio.say("Ada", "/break skip")

    said = text_of(await studio.say("Ada", "/break stats today"))

    assert "Taken: 1" in said
    assert "Skipped: 1" in said
    assert "practice 26 min" in said
    assert "No breaks" in text_of(await studio.say("Bob", "/break stats month"))


async def test_switched_off_breaks_end_the_timer(studio: Studio) -> None:
    person = await studio.person("Ada")
    await studio.say("Ada", "/break practice")
    async with studio.tools.open_work() as work:
        await work.people.set_setting(person.id, "notify.breaks", "off")
        await work.notices.reroute(person.id, studio.clock.now())
        await work.commit()

    await studio.pass_by(hours=3)

    assert studio.sender.sent == []
    assert await studio.waiting("Ada") == []


@pytest.mark.usefixtures("anywhere")
async def test_everything_is_exported_and_forgotten(studio: Studio, open_work: OpenWork) -> None:
    await studio.say("Ada", "/break plan mon-fri from=9 to=18")
    await studio.say("Ada", "/break practice")
    await studio.pass_by(minutes=31)
    await studio.say("Ada", "/break snooze 5")
    await studio.say("Ada", "/hearing 98 40 plugs -15")
    await studio.say("Ada", "/checkin 2, mild, slept badly")
    person = await studio.person("Ada")
    async with open_work() as work:
        mine = await work.export(person.id)
        for cog in studio.cogs:
            await cog.farewell(person.id, work, studio.clock.now())
        await work.forget(person.id)
        left = await work.people.traces(person.id)
        await work.commit()
    kept = {"break_timers", "break_plans", "break_entries", "hearing_logs", "check_ins"}
    assert kept <= {name for name, rows in mine.items() if rows}
    assert left == {}


@pytest.mark.parametrize(
    ("line", "hours"),
    [
        ("weekdays 9-17", "weekdays, 09:00 to 17:00"),
        ("mon-fri 9-5", "weekdays, 09:00 to 17:00"),
        ("10am to 6pm", "10:00 to 18:00"),
    ],
)
async def test_hours_are_planned_in_one_line(studio: Studio, line: str, hours: str) -> None:
    assert hours in text_of(await studio.say("Ada", f"/break plan {line}"))
