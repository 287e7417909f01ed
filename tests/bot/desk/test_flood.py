"""Too much at once: bursts pass, floods do not, each is told once, and nobody pays for somebody else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk import flood
from bot.desk.desk import Desk
from bot.desk.flood import WORD_EVERY, Flood
from storage.work import OpenWork
from tests.bot.desk.test_desk import GIVEN, Room, said
from tests.conftest import MovableClock


class Steady:
    """A steady clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@given(
    per_minute=st.integers(1, 600),
    waits=st.lists(st.floats(0, 30), min_size=1, max_size=120),
)
def test_never_more_than_a_burst_and_the_rate(per_minute: int, waits: list[float]) -> None:
    steady = Steady()
    gate = Flood(per_minute, 0, steady=steady)
    began, taken = steady.at, 0
    for wait in waits:
        steady.at += wait
        held = gate.enter(7, None)
        taken += held is None
        assert taken <= max(1.0, per_minute / 3) + (steady.at - began) * per_minute / 60 + 1e-6
        if held is not None:
            steady.at += held.seconds + 1e-6
            assert gate.enter(7, None) is None, "what was said about the wait is true"
            taken += 1


@given(wait=st.floats(1.01, 100), many=st.integers(1, 200))
def test_whoever_keeps_within_the_rate_is_never_held_back(wait: float, many: int) -> None:
    steady = Steady()
    gate = Flood(60, 60, steady=steady)
    for _ in range(many):
        steady.at += wait
        assert gate.enter(7, "here") is None


def test_the_word_is_said_once_and_again_after_a_while() -> None:
    steady = Steady()
    gate = Flood(3, 0, steady=steady)
    assert gate.enter(7, None) is None
    told = []
    for _ in range(200):
        steady.at += 1
        if (held := gate.enter(7, None)) is not None:
            told.append(held.told)
    assert told[0] is False
    assert told.count(False) == 200 // WORD_EVERY + 1


def test_one_flood_is_nobody_elses_but_a_chat_has_a_bound_of_its_own() -> None:
    steady = Steady()
    gate = Flood(6, 15, steady=steady)
    assert [gate.enter(1, "here") is None for _ in range(10)] == [True, True, *[False] * 8]
    assert gate.enter(2, "here") is None
    assert gate.enter(3, "here") is None
    assert gate.enter(4, "here") is None
    assert gate.enter(5, "here") is not None, "what was held back cost the chat nothing, what was done did"
    assert gate.enter(6, "there") is None
    assert gate.enter(7, None) is None


def test_nothing_at_all_is_held_back_at_0() -> None:
    gate = Flood(0, 0, steady=Steady())
    assert all(gate.enter(1, "here") is None for _ in range(10_000))
    assert not gate.is_full(1)


def test_looking_costs_nothing() -> None:
    gate = Flood(3, 0, steady=Steady())
    assert not any(gate.is_full(7) for _ in range(100))
    assert gate.enter(7, None) is None
    assert gate.is_full(7)


def test_a_crowd_of_strangers_costs_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flood, "_REMEMBERED", 100)
    gate = Flood(3, 3, steady=Steady())
    for one in range(10_000):
        gate.enter(one, f"place {one}")
    assert len(gate._person._known) == len(gate._chat._known) == 100


@pytest.fixture
async def crowded(open_work: OpenWork, clock: MovableClock) -> tuple[Room, Steady]:
    room, steady = Room(open_work, clock), Steady()
    room.desk = Desk((room.notes,), room.tools, flood=Flood(6, 0, steady=steady))
    return room, steady


async def test_the_desk_holds_back_tells_once_and_takes_forms_all_the_same(crowded: tuple[Room, Steady]) -> None:
    room, steady = crowded
    ada, bob = await room.call(), await room.call("Bob")
    for _ in range(2):
        assert "note" in said(await room.desk.spelled(ada, "/note")).casefold()
    first, second = [await room.desk.command(ada, "note add", GIVEN) for _ in range(2)]
    assert "not done" in said(first)
    assert (first.private, first.aside, second.aside) == (True, False, True)
    assert await room.note(ada) is None
    opened = await room.desk.command(bob, "note add")
    assert opened.draft is not None
    await room.desk.spelled(bob, "/note")
    assert room.desk.is_crowding(bob)
    done = await room.desk.submit(bob, opened.draft, GIVEN)
    assert not done.aside
    assert await room.note(bob) is not None
    steady.at += 11
    assert not (await room.desk.command(replace(ada), "note add", GIVEN)).aside
    assert await room.note(ada) is not None
