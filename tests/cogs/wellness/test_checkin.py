"""Check-ins: for their owner alone, deleted when they say so, and answered with care where it hurts."""

from __future__ import annotations

import logging
from datetime import date, timedelta

import pytest

from bot.logs import FLOORS
from cogs.kit.action import action
from cogs.wellness import checkin, checkin_cards
from cogs.wellness.charts import checkin_chart
from cogs.wellness.checkin import Kept
from storage.records.wellness import CheckIn, Pain
from storage.reference import support
from storage.reference.sources import Confidence
from tests.cogs.front import labels, text_of
from tests.cogs.wellness.front import Studio
from tests.conftest import START

SECRET = "left wrist like glass"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("3", "energy 3 of 5"),
        ("3, mild, long call", "energy 3 of 5 · mild pain · long call"),
        ("energy 4 no pain", "energy 4 of 5 · no pain"),
        ("4 could not stop smiling", "energy 4 of 5 · could not stop smiling"),
        ("5/5 best day", "energy 5 of 5 · best day"),
        ('energy=2 pain=mild where="thumb" note="cold hall"', "energy 2 of 5 · mild pain · thumb · cold hall"),
    ],
)  # fmt: skip
async def test_one_line_is_enough(studio: Studio, line: str, said: str) -> None:
    answer = await studio.say("Ada", f"/checkin {line}")
    assert f"Kept for you alone: {said}." in text_of(answer)


async def test_nothing_said_opens_the_form_and_nothing_in_it_is_asked_about(studio: Studio) -> None:
    answer = await studio.say("Ada", "/checkin")
    assert answer.reply.form is not None
    assert [field.name for field in answer.reply.form.fields] == ["energy", "pain", "where", "note"]
    for line in ("/checkin energy=9", "/checkin 7", "/checkin 7, mild"):
        assert "too large" in text_of(await studio.say("Ada", line))


@pytest.mark.parametrize("country", support.countries())
async def test_a_pain_of_stop_is_answered_with_care_and_the_right_lines(studio: Studio, country: str) -> None:
    ada = await studio.person("Ada")
    async with studio.tools.open_work() as work:
        await work.people.change(ada.id, country=country)
        await work.commit()

    said = text_of(await studio.say("Ada", f'/checkin pain=stop where="{SECRET}"'))

    assert "Put the instrument down" in said
    for row in support.everything():
        if row.country == country and row.confidence is not Confidence.LOW:
            assert row.name in said
            assert (row.phone or row.link) in said
        elif row.country != country:
            assert f"{row.name}, " not in said
            assert f"{row.name}: " not in said
    low = [row for row in support.everything() if row.confidence is Confidence.LOW]
    assert low
    assert not any(row.name in said or (row.phone or "no number") in said for row in low)
    assert "emergency number" in said


async def test_without_a_country_the_zone_guesses_and_a_tap_settles_it(studio: Studio) -> None:
    said = text_of(await studio.say("Ada", "/checkin pain=stop"))
    assert "United Kingdom (by your time zone)" in said
    await studio.press("Ada", "I am elsewhere")
    assert "1800 959 500" in text_of(await studio.press("Ada", "Australia"))

    said = text_of(await studio.say("Ada", "/checkin pain=stop"))
    assert "Australia" in said
    assert "by your time zone" not in said


def test_somewhere_without_lines_the_countries_are_offered() -> None:
    one = CheckIn(id=1, person_id=1, day=date(2026, 11, 23), pain=Pain.STOP, made_at=START)
    reply = checkin_cards.kept(Kept(one, first_time=False, country="AT"))
    assert "I know no help line for AT" in text_of(reply)
    assert [button.label for button in reply.buttons if "country" in getattr(button, "action", "")] == [
        "United Kingdom", "Ireland", "United States", "Canada", "Australia",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/London", "GB"),
        ("Europe/Dublin", "IE"),
        ("America/Nashville", None),
        ("Australia/Perth", "AU"),
        ("UTC", None),
        (None, None),
    ],
)
def test_countries_of_zones(zone: str | None, country: str | None) -> None:
    assert checkin.country_of_zone(zone) == country


async def test_it_is_never_in_a_group_a_notice_a_button_or_a_log(
    studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name, floor in FLOORS.items():  # as the program itself sets them
        caplog.set_level(floor, logger=name)
    answer = await studio.say("Ada", f'/checkin pain=stop where="{SECRET}" note="{SECRET}"', place="#band")
    await studio.pass_by(days=8)

    assert answer.private
    assert SECRET not in caplog.text
    assert studio.sender.sent == []
    for button in answer.reply.buttons:
        assert "stop" not in getattr(button, "action", "")
    async with studio.tools.open_work(reading=True) as work:
        assert await work.notices.of_person(1, ended_since=START) == []


async def test_a_fault_of_the_database_does_not_say_what_was_written(
    studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    from sqlalchemy import text

    async with studio.tools.open_work() as work:
        await work.connection.execute(text("DROP TABLE check_ins"))
        await work.commit()

    answer = await studio.say("Ada", f"/checkin 3, mild, {SECRET}")

    assert "something went wrong" in text_of(answer)
    assert "check_ins" in caplog.text
    assert SECRET not in caplog.text


async def test_the_chart_is_ones_own(studio: Studio) -> None:
    await studio.say("Ada", f'/checkin energy=2 pain=mild where="{SECRET}"')
    await studio.pass_by(days=1)
    await studio.say("Ada", "/checkin 4")
    answer = await studio.press("Ada", "My check-ins")

    assert "Check-ins: 2" in text_of(answer)
    assert "Energy: 3.0 of 5" in text_of(answer)
    assert "23 Nov 2, 24 Nov 4" in (answer.reply.files[0].alt or "")
    assert "No check-ins" in text_of(await studio.press_id("Bob", action("checkin.chart")))


async def test_it_is_deleted_brought_back_and_gone_after_ten_minutes(studio: Studio) -> None:
    await studio.say("Ada", "/checkin 2")
    await studio.say("Ada", "/checkin 3")
    assert "Deleted." in text_of(await studio.press("Ada", "Delete this one"))
    await studio.pass_by(seconds=1)
    await studio.press_id("Ada", action("checkin.chart"))
    await studio.press("Ada", "Delete all")
    assert "It is back" in text_of(await studio.press("Ada", "Undo"))
    assert "Check-ins: 1" in text_of(await studio.press_id("Ada", action("checkin.chart")))

    chores = [chore for cog in studio.cogs for chore in cog.chores().values()]
    for chore in chores:
        await chore(studio.clock.now() + timedelta(minutes=11))
    async with studio.tools.open_work(reading=True) as work:
        assert [row["energy"] for row in (await work.export(1))["check_ins"]] == [2]


async def test_nobody_elses_can_be_deleted_by_a_guessed_number(studio: Studio) -> None:
    await studio.say("Ada", "/checkin 2")

    for guess in (1, 2):
        assert "check-in" in text_of(await studio.press_id("Bob", action("checkin.delete", guess)))
    assert "Check-ins: 1" in text_of(await studio.press_id("Ada", action("checkin.chart")))


async def test_the_offered_buttons_on_an_empty_chart(studio: Studio) -> None:
    assert labels(await studio.press_id("Ada", action("checkin.chart"))) == ["Check in"]


def test_any_month_can_be_drawn() -> None:
    first = date(2026, 10, 25)
    found = [
        CheckIn(person_id=1, day=first + timedelta(days=n), energy=n % 6 or None, pain=list(Pain)[n % 3], made_at=START)
        for n in range(30)
    ]
    assert checkin_chart(found, first, 30).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("line", "pain"),
    [
        ("mild left wrist", "mild"),
        ("3, mild pain, long call", "mild"),
        ("\x00 mild back", "mild"),
        ("mild weather", None),
    ],
)
def test_pain_is_told_before_what_hurts(line: str, pain: str | None) -> None:
    found = checkin.find_pain(line)
    assert (found[2] if found else None) == pain
