"""The arithmetic of a rate that several processes share: whatever they do, no moment holds more than it may."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.budgets import Pace
from bot.desk.sharing import AHEAD, LONGEST_DEBT, SharedBudget, answered, book, closed, free, rate_at, usable
from storage.records.courier import Taken

TELEGRAM = Pace(per_second=28)
NOW = 1_800_000_000.0

paces = st.builds(
    Pace, per_second=st.sampled_from([1.0, 5.0, 28.0, 45.0]), reserve=st.integers(0, 4), burst=st.integers(5, 12)
)


class World:
    """A row, and processes that come, book, send and vanish. sent: when messages went out, shared time."""

    def __init__(self, pace: Pace, chance: random.Random, count: int) -> None:
        self.pace, self.chance = pace, chance
        self.now, self.taken = NOW, Taken()
        self.sent: list[float] = []
        self.offsets = [chance.uniform(-5000, 5000) for _ in range(count)]
        self.purses = [SharedBudget(pace, self.now - offset) for offset in self.offsets]

    def steady(self, one: int) -> float:
        return self.now - self.offsets[one]

    def step(self) -> None:
        one, chance = self.chance.randrange(len(self.purses)), self.chance.random()
        purse = self.purses[one]
        if chance < 0.35:
            turn = purse.turn(self.taken, self.now, self.steady(one))
            messages = self.chance.randrange(1, 40)
            purse.book(turn, messages, self.steady(one))
            self.taken = turn.taken
            if self.chance.random() < 0.9:  # or its answer is lost on the way
                purse.settle(turn, messages)
        elif chance < 0.4:
            self.purses[one] = SharedBudget(self.pace, self.steady(one))  # it died, and is started again
        else:
            while purse.wait(self.steady(one)) <= 0:
                purse.spend(self.steady(one))
                self.sent.append(self.now)
        self.now += self.chance.choice([0.0, 0.001, 0.01, 0.05, 0.3])


@settings(max_examples=60, deadline=None)
@given(paces, st.integers(1, 4), st.integers(0, 2**32))
def test_no_stretch_of_time_holds_more_than_its_share(pace: Pace, count: int, seed: int) -> None:
    world = World(pace, random.Random(seed), count)
    for _ in range(400):
        world.step()
    rate, spare = pace.per_second or 0.0, usable(pace)
    for first, began in enumerate(world.sent):
        for last in range(first, len(world.sent)):
            allowed = rate * (world.sent[last] - began) + max(pace.burst - pace.reserve, 2 * spare * rate) + 1
            assert last - first + 1 <= allowed + 1e-3


def test_nearly_the_whole_rate_is_used_by_whoever_wants_it() -> None:
    world = World(TELEGRAM, random.Random(1), 3)
    for _ in range(2000):
        for one, purse in enumerate(world.purses):
            if purse.short(20, world.steady(one)):
                turn = purse.turn(world.taken, world.now, world.steady(one))
                purse.book(turn, 20, world.steady(one))
                world.taken = turn.taken
                purse.settle(turn, 20)
            while purse.wait(world.steady(one)) <= 0:
                purse.spend(world.steady(one))
                world.sent.append(world.now)
        world.now += 0.005
    assert 0.9 * 280 <= len(world.sent) <= 280 + 7


@given(st.lists(st.tuples(st.sampled_from(["book", "answer", "close"]), st.integers(1, 60), st.floats(0, 2))))
def test_no_place_is_given_twice_and_answers_push_them_back(steps: list[tuple[str, int, float]]) -> None:
    taken, now, places = Taken(), NOW, [0.0]
    for deed, count, passed in steps:
        now += passed
        if deed == "book":
            before = free(taken, TELEGRAM, now)
            taken, booked = book(taken, TELEGRAM, now, count)
            assert len(booked) == min(count, before)
            assert all(place <= now + AHEAD + 1e-3 for place in booked)
            assert not booked or booked[0] >= places[-1] + 1 / 28 - 1e-3
            places += booked
        elif deed == "answer":
            after = answered(taken, TELEGRAM, now, count)
            assert free(after, TELEGRAM, now) <= max(0, free(taken, TELEGRAM, now) - count + 1)
            assert after.until <= now + LONGEST_DEBT
            taken = after
        else:
            taken = closed(taken, TELEGRAM, now, now + passed, slower=False)
            assert taken.closed_until <= now or free(taken, TELEGRAM, now) == 0


def test_a_refusal_for_haste_slows_everybody_once_and_passes() -> None:
    taken = closed(Taken(), TELEGRAM, NOW, NOW + 2, slower=True)
    taken = closed(taken, TELEGRAM, NOW + 0.1, NOW + 1, slower=True)  # what was under way meets the same refusal
    assert taken.closed_until == NOW + 2
    assert rate_at(taken, TELEGRAM, NOW) == pytest.approx(28 * 0.7)
    assert rate_at(taken, TELEGRAM, NOW + 60) == pytest.approx(28 * 0.8)
    assert rate_at(taken, TELEGRAM, NOW + 600) == 28
    for n in range(100):
        taken = closed(taken, TELEGRAM, NOW + 10 * n, NOW + 10 * n + 1, slower=True)
    assert rate_at(taken, TELEGRAM, NOW + 990) >= 1 - 1e-6


def test_what_one_process_learned_the_others_are_told() -> None:
    first, second = SharedBudget(TELEGRAM, 100.0), SharedBudget(TELEGRAM, 5000.0)
    first.settle(first.turn(Taken(), NOW, 100.0), 0)
    second.settle(second.turn(Taken(), NOW, 5000.0), 0)
    first.hold("chat", 107.0)
    learned = first.learned(100.0)
    assert learned == {"chat": NOW + 7}
    assert first.learned(100.0) == {}
    second.told(learned)
    assert second.free_at("chat") == pytest.approx(5007.0)
    first.close(103.0, slower=True)
    assert first.owes
    turn = first.turn(Taken(), NOW, 100.0)
    first.settle(turn, 0)
    assert not first.owes
    second.settle(second.turn(turn.taken, NOW + 1, 5001.0), 0)
    assert second.closed_until == pytest.approx(5003.0)
