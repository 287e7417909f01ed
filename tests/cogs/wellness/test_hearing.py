"""Ears: one line in, the dose of the day and the week out; the yearly test."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cogs.wellness import hearing
from cogs.wellness.charts import dose_chart
from tests.cogs.front import labels, london, text_of
from tests.cogs.wellness.front import Studio


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("98 40", "98 dB(A), 40 min."),
        ("98 dB 40 min plugs", "98 dB(A), 40 min, plugs −9 dB."),
        ("98 dB 40 min plugs -15", "98 dB(A), 40 min, plugs −15 dB."),
        ("98, 40, -25", "98 dB(A), 40 min, plugs −25 dB."),
        ("40 min at 98 dB", "98 dB(A), 40 min."),
        ("1h30 at 92dBA", "92 dB(A), 1 h 30."),
        ("2 hours 88 dB no plugs", "88 dB(A), 2 h."),
        ("98.4 dB(A) 40", "99 dB(A), 40 min."),
        ("level=98 minutes=40 plugs=25", "98 dB(A), 40 min, plugs −25 dB."),
        ("100 plugs 15 90", "100 dB(A), 1 h 30, plugs −15 dB."),
    ],
)
async def test_one_line_is_enough(studio: Studio, line: str, said: str) -> None:
    answer = await studio.say("Ada", f"/hearing {line}")
    assert f"Logged: {said}" in text_of(answer)
    assert answer.private


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/hearing log", "How loud was it"),
        ("/hearing 98", "For how long"),
        ("/hearing log level=300 minutes=40", "too large"),
        ("/hearing log level=loud minutes=40", "could not read “loud”"),
        ("/hearing log level=98 minutes=0", "out of bounds"),
        ("/hearing log level=98 minutes=40 plugs=wool", "is not one of"),
    ],
)
async def test_what_is_missing_or_wrong_is_asked(studio: Studio, line: str, said: str) -> None:
    answer = await studio.say("Ada", line)
    assert answer.reply.form is not None
    problems = " ".join(problem.text for problem in answer.reply.form.problems.values())
    assert said in f"{text_of(answer)} {problems}"


@settings(max_examples=200)
@given(st.text(alphabet="0123456789 dBminhplugs-−.,/\x00", max_size=40))
def test_any_line_is_read_without_a_fault(text: str) -> None:
    for find in (hearing.find_level, hearing.find_minutes, hearing.find_plugs):
        found = find(text)
        if found is not None:
            assert 0 <= found[0] < found[1] <= len(text)


async def test_the_dose_what_is_left_and_what_plugs_change(studio: Studio) -> None:
    said = text_of(await studio.say("Ada", "/hearing 97 15"))

    assert "Today's dose: 50 % of a full day's" in said
    assert "Left today: 15 min at 97 dB(A)" in said
    assert "−9 dB: 6 %" in said
    assert "NIOSH" in said
    assert "quieter day" in said
    full = text_of(await studio.say("Ada", "/hearing 100 15"))
    assert "150 %" in full
    assert "nothing at 100 dB(A)" in full
    assert "18 hours quiet" in full


async def test_not_medical_advice_is_said_once_whatever_comes_first(studio: Studio) -> None:
    assert "not medical advice" in text_of(await studio.say("Ada", "/checkin 3"))
    assert "not medical advice" not in text_of(await studio.say("Ada", "/hearing 97 15"))
    assert "not medical advice" not in text_of(await studio.say("Ada", "/checkin 4"))
    assert "not medical advice" in text_of(await studio.say("Bob", "/hearing 97 15"))


async def test_days_are_the_persons_own_and_the_week_is_five_of_them(studio: Studio) -> None:
    studio.clock.move(to=london("2026-11-22", "23:50"))
    await studio.say("Ada", "/hearing 94 60")
    studio.clock.move(to=london("2026-11-23", "00:10"))
    await studio.say("Ada", "/hearing 94 60")

    assert "Dose: 100 %" in text_of(await studio.say("Ada", "/hearing today"))
    answer = await studio.say("Ada", "/hearing week")
    assert "Dose of the week: 40 % of five full days" in text_of(answer)
    (picture,) = answer.reply.files
    assert picture.kind == "image/png"
    assert "Sun 100 %, Mon 100 %" in (picture.alt or "")
    assert Image.open(BytesIO(picture.content)).size == (900, 420)


async def test_what_was_logged_wrongly_is_fixed_taken_out_and_put_back(studio: Studio) -> None:
    await studio.say("Ada", "/hearing 97 30")
    answer = await studio.press("Ada", "Fix")
    assert answer.reply.form is not None
    assert answer.reply.form.values == {"level": "97", "minutes": "30 min", "plugs": "0"}
    assert answer.draft is not None
    call = await studio.call("Ada")
    fixed = await studio.desk.submit(call, answer.draft, {"level": "94", "minutes": "30", "plugs": "0"})
    assert "Today's dose: 50 %" in text_of(fixed)

    await studio.say("Ada", "/hearing 97 15")
    assert "Taken out" in text_of(await studio.press("Ada", "Undo"))
    assert "Dose: 50 %" in text_of(await studio.say("Ada", "/hearing today"))


async def test_nobody_elses_log_can_be_touched(studio: Studio) -> None:
    answer = await studio.say("Ada", "/hearing 97 30")
    ids = [button.action for button in answer.reply.buttons if "hearing.fix" in getattr(button, "action", "")]

    assert "no hearing log" in text_of(await studio.press_id("Bob", ids[0])) or "no such hearing log" in text_of(
        await studio.press_id("Bob", ids[0])
    )
    assert "Nothing logged" in text_of(await studio.say("Bob", "/hearing today"))


async def test_the_yearly_test_comes_every_year_and_stops_when_told(studio: Studio) -> None:
    await studio.say("Ada", "/hearing 97 15")
    await studio.press("Ada", "Remind me of a yearly test")
    answer = await studio.say("Ada", "12 Mar 2026")
    assert "Last test" in text_of(answer)
    assert await studio.until(london("2027-03-12", "09:59")) == []

    sent = await studio.until(london("2027-03-12", "10:01"))
    assert ["a year since" in one.text for one in sent] == [True]
    sent = await studio.until(london("2028-03-12", "10:01"))
    assert len(sent) == 1

    await studio.say("Ada", "/hearing test today")
    await studio.press("Ada", "Do not remind me")
    assert await studio.until(london("2030-03-12", "10:01")) == []


async def test_a_test_put_off_comes_in_a_month(studio: Studio) -> None:
    await studio.say("Ada", "/hearing test 24 Nov 2025")
    sent = await studio.until(london("2026-11-24", "10:01"))
    later = next(b.action for b in sent[0].reply.buttons if b.label == "In a month")  # type: ignore[union-attr]

    assert "24 Dec" in text_of(await studio.press_id("Ada", later))
    assert len(await studio.until(london("2026-12-24", "10:01"))) == 1
    assert "not behind us" in text_of(await studio.say("Ada", "/hearing test 24 Dec 2030"))


def test_the_same_day_a_year_on() -> None:
    assert hearing.a_year_after(date(2028, 2, 29)) == date(2029, 3, 1)


def test_a_picture_of_any_week_can_be_drawn() -> None:
    names = list("MTWTFSS")
    for daily in ([0.0] * 7, [1e9, 0, 0, 99.9, 100, 101, 3]):
        assert dose_chart(daily, names).startswith(b"\x89PNG")


async def test_an_empty_week_offers_to_log(studio: Studio) -> None:
    answer = await studio.say("Ada", "/hearing week")
    assert not answer.reply.files
    assert "Log now" in labels(answer)


async def test_a_month_is_no_day_and_its_ends_can_be_tapped(studio: Studio) -> None:
    asked = await studio.say("Ada", "/hearing test June 2026")
    assert labels(asked)[:2] == ["Mon 1 Jun 2026", "Tue 30 Jun 2026"]
    assert "Last test: Tue 30 Jun 2026" in text_of(await studio.press("Ada", "Tue 30 Jun 2026"))
