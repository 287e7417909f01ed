"""Rest: said once and privately, switched off with a tap; time off; the week's summary."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from storage.records.availability import Free
from tests.bot.desk.courier_parts import Delivered
from tests.cogs.front import london, text_of
from tests.cogs.wellness.front import Studio, at


async def doubles(studio: Studio, name: str, *days: str) -> None:
    for day in days:
        for clock in ("11:00", "15:00"):
            await studio.plays(name, london(day, clock))


async def look(studio: Studio) -> list[Delivered]:
    """The house looks at everybody's diary, as it does every few hours; what is sent because of it."""
    cog: Any = next(cog for cog in studio.cogs if cog.name == "rest")
    cog._looked_at = None
    await cog.look(studio.clock.now())
    return await studio.pass_by(minutes=11)


async def test_a_third_double_day_is_said_once_and_privately(studio: Studio) -> None:
    await doubles(studio, "Ada", "2026-11-25", "2026-11-26", "2026-11-27")
    await doubles(studio, "Bob", "2026-11-25", "2026-11-26", "2026-11-28")

    sent = await look(studio)

    assert [(one.target.account, one.target.channel_id) for one in sent] == [("ada", None)]
    assert "third day in a row with two calls" in text_of(sent[0].reply)
    assert await look(studio) == []
    await doubles(studio, "Ada", "2026-11-24", "2026-11-28")  # the same row, grown at both ends
    assert await look(studio) == []


async def test_it_can_be_switched_off_and_on(studio: Studio) -> None:
    await doubles(studio, "Ada", "2026-11-25", "2026-11-26", "2026-11-27")
    (sent,) = await look(studio)
    off = next(b.action for b in sent.reply.buttons if b.label.startswith("Do not"))  # type: ignore[union-attr]
    assert "quiet about rest" in text_of(await studio.press_id("Ada", off))
    await studio.plays("Ada", london("2026-12-01", "20:00"))
    await studio.plays("Ada", london("2026-12-02", "08:00"))
    assert await look(studio) == []

    await studio.press("Ada", "Turn it on again")
    (sent,) = await look(studio)
    assert "A short night" in sent.text


async def test_a_gig_that_falls_through_meanwhile_is_not_spoken_of(studio: Studio) -> None:
    studio.clock.move(to=at("22:30"))  # in the quiet hours it waits until morning
    await doubles(studio, "Ada", "2026-11-25", "2026-11-26", "2026-11-27")
    assert await look(studio) == []
    async with studio.tools.open_work() as work:
        ada = await work.people.identity("console", "ada")
        assert ada is not None
        for booking in await work.diaries.bookings_of(ada.person_id, at("00:00"), at("00:00") + timedelta(days=9)):
            answer = await work.answers.of(booking.gig_id, ada.person_id)
            assert answer is not None
            await work.answers.move(answer.id, type(answer.state).WITHDRAWN, {answer.state}, studio.clock.now())
        await work.commit()

    assert await studio.until(london("2026-11-24", "09:00")) == []


async def test_pencils_do_not_count(studio: Studio) -> None:
    for day in ("2026-11-25", "2026-11-26", "2026-11-27"):
        for clock in ("11:00", "15:00"):
            await studio.plays("Ada", london(day, clock), inked=False)
    assert await look(studio) == []


async def test_what_one_looks_at_oneself_is_not_sent_as_well(studio: Studio) -> None:
    for number in range(14):
        await studio.plays("Ada", at("14:00") + timedelta(days=number))

    said = text_of(await studio.say("Ada", "/rest"))

    assert "14 days without one off" in said
    assert "In a row: 14 days" in said
    assert "Next day off: Mon 7 Dec 2026" in said
    assert await look(studio) == []


async def test_time_off_shows_as_no_in_availability(studio: Studio) -> None:
    gig = await studio.plays("Ada", london("2027-01-13", "19:00"))

    answer = await studio.say("Ada", "/rest off 12-14 Jan")

    assert "Tue 12 Jan 2027 to Thu 14 Jan 2027, Europe/London" in text_of(answer)
    assert f"You play {gig.ref} then" in text_of(answer)
    ada = await studio.person("Ada")
    async with studio.tools.open_work(reading=True) as work:
        diary = await work.diaries.diary(ada.id, london("2027-01-12", "00:00"), london("2027-01-15", "00:00"))
    (entry,) = diary.entries
    assert (entry.state, entry.whole_days) == (Free.NO, True)
    assert [begins for begins, _ in entry.stretches(london("2027-01-11", "00:00"), london("2027-01-16", "00:00"))] == [
        london(f"2027-01-{day}", "00:00") for day in (12, 13, 14)
    ]


async def test_time_off_is_undone_fixed_and_given_up(studio: Studio) -> None:
    await studio.say("Ada", "/rest off 12-14 Jan")
    answer = await studio.press("Ada", "Fix")
    assert answer.reply.form is not None
    assert answer.reply.form.values == {"when": "12 Jan 2027 - 14 Jan 2027"}
    assert answer.draft is not None
    call = await studio.call("Ada")
    fixed = await studio.desk.submit(call, answer.draft, {"when": "12-16 Jan"})
    assert "Sat 16 Jan 2027" in text_of(fixed)

    shown = text_of(await studio.say("Ada", "/rest show"))
    assert "Off: Tue 12 Jan 2027 to Sat 16 Jan 2027" in shown
    assert "14 Jan" not in shown
    assert "given up" in text_of(await studio.press("Ada", "Give up 12 Jan"))
    assert "Off:" not in text_of(await studio.say("Ada", "/rest"))
    assert "have passed" in text_of(await studio.say("Ada", "/rest off 12 Jan 2025"))


async def test_nobody_elses_time_off_can_be_touched(studio: Studio) -> None:
    answer = await studio.say("Ada", "/rest off 12-14 Jan")
    fix = next(b.action for b in answer.reply.buttons if b.label == "Fix")  # type: ignore[union-attr]
    for guess in (fix, fix.replace("fix", "work")):
        assert "no such time off" in text_of(await studio.press_id("Bob", guess))


async def test_the_week_comes_on_sundays_to_who_wants_it(studio: Studio) -> None:
    await studio.say("Ada", "/rest")
    await studio.press("Ada", "Turn weekly summary on")
    await studio.say("Ada", "/hearing 94 60")
    await studio.say("Ada", "/checkin 2, mild, my elbow")
    await studio.say("Bob", "/hearing 94 60")

    (sent,) = await studio.until(london("2026-11-29", "18:01"))
    assert sent.target.account == "ada"
    assert "Ears: 20 %" in text_of(sent.reply)
    assert "Energy: 2.0" in text_of(sent.reply)
    assert "elbow" not in text_of(sent.reply)
    assert len(await studio.until(london("2026-12-06", "18:01"))) == 1

    off = next(b.action for b in sent.reply.buttons if b.label == "No weekly summary")  # type: ignore[union-attr]
    await studio.press_id("Ada", off)
    assert await studio.until(london("2026-12-20", "18:01")) == []
