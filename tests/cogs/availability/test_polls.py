"""Asking for dates: answers by taps, a card that fills in, one reminder, the best at the end, hidden where wanted."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cogs.kit.action import action
from tests.cogs.availability.front import Diary
from tests.cogs.front import labels, text_of

ASK = "/avail ask @Bob, @Cleo 3 Jan, 4 Jan 19:30, 10 Jan by Fri"
FRIDAY = datetime(2026, 11, 28, 9, tzinfo=UTC)


@pytest.fixture
async def asked(house: Diary) -> Diary:
    for name in ("Ada", "Bob", "Cleo", "Dan"):
        await house.person(name)
    await house.say("Ada", ASK)
    return house


async def test_the_named_are_written_to_and_nobody_else(asked: Diary) -> None:
    found = dict(await asked.letters())
    assert set(found) == {"dm:bob", "dm:cleo"}
    assert "Mon 4 Jan 2027, 19:30 Europe/London" in found["dm:bob"]
    assert "Until Fri 27 Nov 2026, 23:59" in found["dm:bob"]


async def test_taps_go_from_yes_to_maybe_to_no_and_twice_is_once(asked: Diary) -> None:
    form = await asked.press_id("Bob", action("dates.form", 1))
    assert labels(form)[0] == "1. Sun 3 Jan: yes"
    tick = action("dates.tick", 1, 0, "free")
    assert "1. Sun 3 Jan 2027: yes" in text_of(await asked.press_id("Bob", tick))
    again = await asked.press_id("Bob", tick)
    assert "1. Sun 3 Jan 2027: yes" in text_of(again)
    assert labels(again)[0] == "1. Sun 3 Jan: maybe"
    rest = await asked.press("Bob", "No to the rest")
    assert "Every date is answered" in text_of(rest)


async def test_the_asker_sees_who_and_hears_when_all_have_answered(asked: Diary) -> None:
    await asked.letters()
    await asked.press_id("Bob", action("dates.rest", 1, "free"))
    assert not [one for one in await asked.letters() if one[0] == "dm:ada"]
    await asked.press_id("Cleo", action("dates.tick", 1, 1, "free"))
    [(place, text)] = await asked.letters()
    assert place == "dm:ada"
    assert "Everybody has answered" in text
    assert "Best: Mon 4 Jan 2027, 19:30, 2 can." in text
    assert "2 yes (Bob, Cleo)" in text


async def test_one_reminder_goes_to_who_has_not_answered_and_results_at_the_end(asked: Diary) -> None:
    await asked.letters()
    await asked.press_id("Bob", action("dates.rest", 1, "maybe"))
    found = await asked.letters(until=FRIDAY)
    assert [place for place, text in found if "Still waiting" in text] == ["dm:cleo"]
    [over] = [text for place, text in found if place == "dm:ada"]
    assert "The time to answer is over" in over and "Not answered: Cleo" in over
    late = await asked.press_id("Cleo", action("dates.tick", 1, 0, "free"))
    assert "takes no more answers" in text_of(late)


async def test_strangers_find_no_question(asked: Diary) -> None:
    absent = text_of(await asked.press_id("Dan", action("dates.form", 9)))
    for press in ("dates.form", "dates.show"):
        assert text_of(await asked.press_id("Dan", action(press, 1))).replace("P1", "P9") == absent
    assert text_of(await asked.press_id("Eve", action("dates.form", 1))).replace("P1", "P9") == absent
    for press in ("dates.close", "dates.cancel", "dates.reopen"):
        await asked.press_id("Bob", action(press, 1))
    assert "Tap what you can do" in text_of(await asked.press_id("Bob", action("dates.form", 1)))


async def test_the_own_diary_is_shown_beside_the_dates_to_its_owner(asked: Diary) -> None:
    await asked.say("Bob", "/avail no 3 Jan")
    assert "not said · your diary: no" in text_of(await asked.press_id("Bob", action("dates.form", 1)))
    assert "diary" not in text_of(await asked.press_id("Ada", action("dates.show", 1)))


async def test_a_card_in_the_group_fills_in_and_hides_who(house: Diary) -> None:
    await house.person("Bob")
    card = await house.say("Ada", "/poll_dates keys 3 Jan, 4 Jan by Fri hide_answers=yes", place="#gigs")
    assert not card.private and card.reply.card is not None
    assert "Keyboards" in text_of(card)
    await house.press_id("Bob", action("dates.rest", 1, "free"))
    async with house.tools.open_work(reading=True) as work:
        drawn = await house.cogs[2].cards()["dates.poll"](1, work)
    assert drawn is not None
    assert "1 has answered" in text_of(drawn) and "Bob" not in text_of(drawn) and "yes" not in text_of(drawn)
    assert "1 yes (Bob)" in text_of(await house.press_id("Ada", action("dates.show", 1)))
    assert "1 yes (Bob)" not in text_of(await house.press_id("Bob", action("dates.show", 1)))


async def test_asking_everybody_who_plays_a_chair_hangs_one_card(house: Diary) -> None:
    await house.person("Bob")
    await house.say("Ada", "/avail ask keys 3 Jan, 4 Jan")
    assert [place for place, _ in await house.letters()] == ["#gigs"]


async def test_called_off_it_takes_no_answers_until_it_is_undone(asked: Diary) -> None:
    await asked.letters()
    await asked.press_id("Ada", action("dates.cancel", 1))
    assert "takes no more answers" in text_of(await asked.press_id("Bob", action("dates.form", 1)))
    await asked.press("Ada", "Undo")
    assert "Tap what you can do" in text_of(await asked.press_id("Bob", action("dates.form", 1)))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/avail ask @Bob " + ", ".join(f"{n} Jan" for n in range(1, 12)), "10 at most"),
        ("/avail ask 3 Jan, 4 Jan", "Whom shall I ask"),
        ("/avail ask @Ada 3 Jan, 4 Jan", "need not ask yourself"),
        ("/avail ask @Bob dates=3 Jan 2020", "has passed"),
        ("/avail ask @Nobody 3 Jan", "I know nobody"),
        ("/avail ask @Bob 3 Jan reply_by=1 Nov 2026", "deadline has passed"),
    ],
)
async def test_what_cannot_be_asked_is_said(house: Diary, line: str, said: str) -> None:
    await house.person("Bob")
    assert said in await house.text("Ada", line)


async def test_without_a_deadline_it_ends_in_three_days_or_before_the_first_date(house: Diary) -> None:
    await house.person("Bob")
    assert "Answers until: Thu 26 Nov 2026" in await house.text("Ada", "/avail ask @Bob 3 Jan")
    assert "Answers until: Tue 24 Nov 2026, 19:00" in await house.text("Ada", "/avail ask @Bob tomorrow 19:00")
