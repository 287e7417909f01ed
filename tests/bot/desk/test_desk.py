from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.desk.answer import Answer
from bot.desk.closing import once_only
from bot.desk.desk import Desk
from bot.desk.guests import Guests, Visitor
from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.reply import Button
from cogs.kit.tools import Tools
from storage.engine import Storage
from storage.work import OpenWork
from tests.bot.desk.sample import Mood, NotesCog
from tests.conftest import MovableClock


class Room:
    """A desk on a real database, and people who come to it."""

    def __init__(self, open_work: OpenWork, clock: MovableClock) -> None:
        self.clock = clock
        self.tools = Tools(open_work=once_only(open_work), clock=clock)
        self.notes = NotesCog(self.tools)
        self.desk = Desk((self.notes,), self.tools)
        self.guests = Guests(self.tools)

    async def call(self, name: str = "Ada", *, zone: str | None = "Europe/London", shared: bool = True) -> Call:
        call = await self.guests.call(
            Visitor(
                surface="console",
                account=name.casefold(),
                name=name,
                address="#gigs" if shared else name,
                dm=None if shared else name,
                community=("local", "Local") if shared else None,
                channel=("#gigs", "gigs", "text") if shared else None,
            )
        )
        if zone is not None and call.zone is None:
            async with self.tools.open_work() as work:
                await work.people.change(call.person_id, zone=zone)
                await work.commit()
            call = replace(call, zone=zone)
        return call

    async def note(self, call: Call) -> str | None:
        async with self.tools.open_work(reading=True) as work:
            return await work.people.setting(call.person_id, "note")


@pytest.fixture
async def room(open_work: OpenWork, clock: MovableClock) -> Room:
    return Room(open_work, clock)


def said(answer: Answer | None) -> str:
    assert answer is not None
    parts = [*answer.reply.lines, *answer.reply.also]
    return "\n".join("".join(str(getattr(s, "text", s)) for s in line) for line in parts)


def button(answer: Answer | None, label: str) -> str:
    assert answer is not None
    return next(b.action for b in answer.reply.buttons if isinstance(b, Button) and b.label == label)


GIVEN = {"role": "alto sax", "when": "2026-11-28T19:30", "fee": "£220"}


async def test_a_full_command_is_done_at_once_and_seen_by_all(room: Room) -> None:
    answer = await room.desk.command(await room.call(), "note add", GIVEN)
    assert said(answer) == "Kept."
    assert not answer.private
    assert room.notes.done[0]["zone"] == "Europe/London"


async def test_what_is_missing_is_asked_one_by_one_and_privately(room: Room) -> None:
    call = await room.call()
    answer = await room.desk.command(call, "note add", {"fee": "£220"})
    assert answer.private
    assert said(answer).endswith("Which chair?")
    answer2 = await room.desk.heard(call, "drums")
    assert said(answer2).endswith("When is it?")
    answer3 = await room.desk.heard(call, "2026-11-28T19:30")
    assert said(answer3) == "Kept."
    assert await room.desk.heard(call, "thanks") is None


async def test_a_wrong_answer_is_asked_again_and_nothing_else_is_lost(room: Room) -> None:
    call = await room.call()
    await room.desk.command(call, "note add", {"role": "drums", "when": "2026-11-28T19:30"})
    again = await room.desk.heard(call, "fourty")
    assert "fourty" in said(again)
    assert said(again).endswith("What does it pay?")
    assert said(await room.desk.heard(call, "£40")) == "Kept."


async def test_a_sum_with_two_meanings_is_settled_by_a_tap(room: Room) -> None:
    call = await room.call()
    answer = await room.desk.command(call, "note add", {**GIVEN, "fee": "1.200"})
    assert "thousands" in said(answer)
    assert said(await room.desk.press(call, button(answer, "1 200"))) == "Kept."
    fee = room.notes.done[0]["fee"]
    assert getattr(fee, "money").minor == 120000  # noqa: B009  # `object` in the list of what was done


async def test_a_time_in_another_language_is_offered_and_never_taken_by_itself(room: Room) -> None:
    call = await room.call()
    answer = await room.desk.command(call, "note add", {**GIVEN, "when": "sabato alle 19:30"})
    assert room.notes.done == []
    assert said(await room.desk.press(call, button(answer, "Sat 28 Nov 2026, 19:30"))) == "Kept."


async def test_a_whole_form_can_be_skipped_through_and_gone_back_in(room: Room) -> None:
    call = await room.call()
    first = await room.desk.command(call, "note whole")
    assert said(first).endswith("Which mood?")
    second = await room.desk.press(call, button(first, "warm"))
    assert said(second).endswith("Anything else?")
    back = await room.desk.press(call, button(second, "Back"))
    assert said(back).endswith("Which mood?")
    second = await room.desk.press(call, button(back, "cool"))
    third = await room.desk.press(call, button(second, "Skip"))
    assert said(third).endswith("How many?")
    assert said(await room.desk.heard(call, "3 seats")) == "Noted."
    assert room.notes.done == [{"mood": Mood.COOL, "text": None, "seats": 3}]


async def test_cancel_forgets_the_form_and_says_so(room: Room) -> None:
    call = await room.call()
    answer = await room.desk.command(call, "note add", {})
    assert "Cancelled" in said(await room.desk.press(call, button(answer, "Cancel")))
    assert await room.desk.heard(call, "drums") is None
    assert "Start it again" in said(await room.desk.press(call, button(answer, "Cancel")))


async def test_somebody_elses_form_is_as_good_as_none(room: Room) -> None:
    answer = await room.desk.command(await room.call(), "note add", {})
    other = await room.call("Bob")
    for label in ("Cancel",):
        assert "Start it again" in said(await room.desk.press(other, button(answer, label)))
    assert await room.desk.heard(await room.call(), "drums") is not None


async def test_the_zone_is_asked_once_before_a_clock_is_read_and_kept(room: Room) -> None:
    call = await room.call(zone=None)
    answer = await room.desk.command(call, "note add", GIVEN)
    assert "city" in said(answer)
    assert said(await room.desk.heard(call, "Leeds")) == "Kept."
    assert room.notes.done[0]["zone"] == "Europe/London"
    assert (await room.call(zone=None)).zone == "Europe/London"
    assert said(await room.desk.command(await room.call(zone=None), "note add", GIVEN)) == "Kept."


async def test_a_form_goes_on_after_a_month_and_on_another_desk(room: Room) -> None:
    call = await room.call()
    answer = await room.desk.command(call, "note add", {"role": "drums"})
    room.clock.move(timedelta(days=31))
    other = Desk((room.notes,), room.tools)
    later = await room.call()
    assert said(await other.resume(later)).endswith("When is it?")
    assert said(await other.submit(later, str(answer.draft), {"when": "2027-01-28T19:30", "fee": "£90"})) == "Kept."


async def test_an_expired_form_says_so(room: Room) -> None:
    answer = await room.desk.command(await room.call(), "note add", {})
    room.clock.move(timedelta(days=61))
    assert "expired" in said(await room.desk.submit(await room.call(), str(answer.draft), GIVEN))


async def test_a_form_handed_in_twice_at_once_is_done_once(room: Room) -> None:
    call = await room.call()
    answer = await room.desk.command(call, "note add", {})
    both = await asyncio.gather(*(room.desk.submit(call, str(answer.draft), GIVEN) for _ in range(5)))
    assert sorted(said(a) == "Kept." for a in both) == [False] * 4 + [True]


async def test_a_fault_of_the_handler_about_a_field_reopens_it(room: Room) -> None:
    call = await room.call()
    answer = await room.desk.command(call, "note add", {**GIVEN, "text": "forbidden"})
    assert "not kept" in said(answer)
    assert await room.note(call) is None
    assert said(await room.desk.heard(call, "hello")) == "Kept."
    assert await room.note(call) == "hello"


async def test_undo_works_for_ten_minutes_and_once(room: Room) -> None:
    call = await room.call()
    undo = button(await room.desk.command(call, "note add", GIVEN), "Undo")
    assert said(await room.desk.press(await room.call("Bob"), undo)).startswith("There is nothing left")
    assert said(await room.desk.press(call, undo)) == "Forgotten."
    assert said(await room.desk.press(call, undo)).startswith("There is nothing left")
    assert await room.note(call) is None
    late = button(await room.desk.command(call, "note add", GIVEN), "Undo")
    room.clock.move(timedelta(minutes=10, seconds=1))
    assert said(await room.desk.press(await room.call(), late)).startswith("There is nothing left")


async def test_the_last_deed_is_undone_by_word(room: Room) -> None:
    call = await room.call()
    await room.desk.command(call, "note add", GIVEN)
    assert said(await room.desk.undo_last(call)) == "Forgotten."
    assert "nothing left" in said(await room.desk.undo_last(call))


async def test_a_button_may_open_a_form(room: Room) -> None:
    call = await room.call()
    answer = await room.desk.press(call, button(await room.desk.command(call, "note secret"), "Ask more"))
    assert said(answer).endswith("What more?")
    assert said(await room.desk.heard(call, "a lot")) == "More kept."
    assert room.notes.done == [{"number": 7, "more": "a lot"}]


@pytest.mark.parametrize(
    "pressed",
    [
        "fc:notes.gone",
        "fc:notes.more:x:y",
        "fc:",
        "nonsense",
        "fc:desk.undo:!!",
        "fc:desk.choose:x",
        "fc:desk.run:no.such",
        "fc:desk.what:1",
    ],
)
async def test_any_button_id_gets_a_clear_answer(room: Room, pressed: str) -> None:
    answer = await room.desk.press(await room.call(), pressed)
    assert answer.private
    assert "older version" in said(answer) or "nothing left" in said(answer)


async def test_moderators_only_and_community_only(room: Room) -> None:
    assert "Only moderators" in said(await room.desk.command(await room.call(), "note rule"))
    alone = await room.call("Zed", shared=False)
    assert "in none that I know of" in said(await room.desk.command(alone, "note here"))
    assert said(await room.desk.command(await room.call(), "note here")) == "Here."


async def test_a_bug_is_an_apology_whose_reference_is_in_the_log(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = await room.desk.command(await room.call(), "note break")
    text = said(answer)
    reference = text.split()[-1]
    assert answer.private
    assert getattr(caplog.records[0], "ref", None) == reference
    assert "£220" not in text
    assert "Ada" not in caplog.records[0].getMessage()


async def test_a_rule_is_told_with_what_to_do(room: Room) -> None:
    assert said(await room.desk.command(await room.call(), "note clash")) == "That chair is taken.\nPick another one."


async def test_people_are_found_by_name_in_their_community_only(room: Room) -> None:
    call = await room.call()
    await room.call("Bob")
    await room.call("Bobby")
    assert "About Bob," in said(await room.desk.command(call, "note about", {"player": "@bob", "length": "2h30"}))
    assert "nobody" in said(await room.desk.command(call, "note about", {"player": "Zed"}))
    await room.desk.leave(call, drop=True)
    one = await room.desk.command(call, "note about", {"player": "Bo"})
    assert "more than one" in said(one)
    assert "About Bobby" in said(await room.desk.press(call, button(one, "Bobby")))


async def test_spelled_lines_menus_and_slips(room: Room) -> None:
    call = await room.call()
    assert said(await room.desk.spelled(call, "/note_secret")) == "Hush."
    menu = await room.desk.spelled(call, "/note")
    assert "note secret" in said(menu).replace("/", "")
    assert said(await room.desk.press(call, button(menu, "Only for you"))) == "Hush."
    assert "Did you mean" in said(await room.desk.spelled(call, "/noet"))


async def test_suggestions_never_fail(room: Room) -> None:
    call = await room.call()
    assert [c.value for c in await room.desk.suggest(call, "note about", "id", "")] == ["N1", "N2"]
    assert "alto" in (await room.desk.suggest(call, "note add", "role", "alto"))[0].label.casefold()
    assert await room.desk.suggest(call, "no such", "thing", "x") == ()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["role", "when", "fee", "mood", "text"]), st.text(max_size=60)), max_size=5))
async def test_any_input_gets_an_answer_that_is_not_a_bug(room: Room, values: list[tuple[str, str]]) -> None:
    call = await room.call()
    answer = await room.desk.command(call, "note add", dict(values))
    assert "went wrong" not in said(answer)
    await room.desk.leave(call, drop=True)


async def test_ten_thousand_characters_are_turned_down_kindly(room: Room) -> None:
    call = await room.call()
    assert "10000" in said(await room.desk.spelled(call, "/note " + "x" * 10_000))
    assert "200 at most" not in said(await room.desk.command(call, "note add", {**GIVEN, "text": "x" * 39}))
    assert "40 at most" in said(await room.desk.command(call, "note add", {**GIVEN, "text": "x" * 10_000}))


async def test_a_database_that_is_away_is_said_plainly(room: Room, storage: Storage) -> None:
    call = await room.call()
    await storage.close()
    answer = await room.desk.press(call, action("desk.undo", 1))
    assert answer.private
    assert said(answer)
