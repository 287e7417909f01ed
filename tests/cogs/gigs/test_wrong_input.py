"""Anything typed into any field is answered in words: never a bug, never a half-made gig."""

from __future__ import annotations

import asyncio
import logging

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cogs.gigs.fields import GigField
from cogs.kit.action import action
from storage.engine import open
from tests.cogs.front import text_of
from tests.cogs.gigs.front import Board
from tests.conftest import MovableClock

FIELDS = ("role", "when", "where", "fee", "type", "what", "seats", "length", "call_time", "reply_by", "pays", "usage")
GOOD = {"role": "drums", "when": "Sat 28 Nov 19:30", "where": "Leeds", "fee": "£220"}
ODD = (
    "",
    " ",
    "-",
    "0",
    "-1",
    "999999999999999999999",
    "£1e9",
    "31 Feb",
    "30/2/2027",
    "29 Feb 2027",
    "1 Jan 0001",
    "31 Dec 9999 23:59",
    "now",
    "every Tuesday",
    "25:99",
    "yesterday",
    "G99999999999",
    "@everyone",
    "\x00\x01\u202e",
    "🎷" * 30,
    "a" * 300,
    "'; DROP TABLE gigs; --",
    '"NOT"',
    "unpaid quote £5",
)
texts = st.one_of(st.sampled_from(ODD), st.text(max_size=60))


async def _answer(line: dict[str, str]) -> None:
    storage = await open("sqlite://")
    try:
        board = Board(storage.open_work, MovableClock())
        call = await board.call("Ada", "#gigs")
        answer = await board.desk.command(call, "gig post", line)
        said = text_of(answer)
        async with storage.open_work(reading=True) as work:
            gig = await work.gigs.get(1)
        assert ("Posted G1" in said) == (gig is not None)
        assert answer.private
        if gig is not None:
            assert call.now < gig.expires_at
            assert gig.fee.money is None or 0 < gig.fee.money.minor <= 10_000_000_000
            assert 1 <= gig.seats <= 50
            await board.deliver()
            changed = await board.desk.command(
                call, "gig edit", {"id": "G1", "field": "when", "value": "Sun 6 Dec 8pm"}
            )
            assert "Sorry" not in text_of(changed)
    finally:
        await storage.close()


@pytest.fixture(autouse=True)
def no_bugs(caplog: pytest.LogCaptureFixture) -> object:
    caplog.set_level(logging.ERROR)
    yield
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FIELDS), texts)
def test_one_field_with_anything_in_it(field: str, text: str) -> None:
    asyncio.run(_answer({**GOOD, field: text}))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(GigField)), texts)
def test_any_change_of_any_field(field: GigField, text: str) -> None:
    async def run() -> None:
        storage = await open("sqlite://")
        try:
            board = Board(storage.open_work, MovableClock())
            gig = await board.post()
            await board.give("Bob", gig)
            await board.pick("Ada", gig, "Bob", "pencilled")
            call = await board.call("Ada", "#gigs")
            given = {"id": "G1", "field": field.value, "value": text}
            answer = await board.desk.command(call, "gig edit", given)
            assert "Sorry" not in text_of(answer)
            for name in ("Ada", "Bob"):
                await board.letters(name)
                assert "Sorry" not in text_of(await board.say(name, "/gig show G1"))
            menu = text_of(await board.press_id("Ada", action("fix.field", gig, field)))
            assert "Sorry" not in menu
        finally:
            await storage.close()

    asyncio.run(run())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["/gig ", "/gigs ", "/watch ", "/gig save ", "/gig answer ", "/gig pick ", "/gig refer "]), texts
)
def test_any_line(command: str, text: str) -> None:
    async def run() -> None:
        storage = await open("sqlite://")
        try:
            board = Board(storage.open_work, MovableClock())
            await board.post()
            answer = await board.say("Bob", command + text)
            assert "Sorry, something went wrong" not in text_of(answer)
        finally:
            await storage.close()

    asyncio.run(run())


async def test_an_id_of_somebody_elses_answer_is_as_good_as_none(board: Board) -> None:
    gig = await board.post()
    await board.give("Bob", gig)
    offer = await board.offer(gig, "Bob")
    for deed in (action("answers.pick", offer.id, "inked"), action("answers.let_go", offer.id)):
        theirs = text_of(await board.press_id("Cleo", deed))
        none = text_of(await board.press_id("Cleo", deed.replace(f":{offer.id}", ":zz", 1)))
        assert theirs.replace("O1", "O1295") == none
