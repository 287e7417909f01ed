from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot import supervisor
from bot.desk.surface import Hopeless
from bot.supervisor import supervise

ROOT = Path(__file__).parents[2]


class NoDice(random.Random):
    """Draws the shortest or the longest wait."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share
        self.longest: list[float] = []

    def uniform(self, a: float, b: float) -> float:
        self.longest.append(b)
        return a + (b - a) * self.share


async def test_a_part_that_fails_starts_again_and_the_others_do_not_notice() -> None:
    stop, starts, other = asyncio.Event(), 0, 0

    async def shaky(stop: asyncio.Event) -> None:
        nonlocal starts
        starts += 1
        if starts < 4:
            raise ConnectionError("gone")
        stop.set()

    async def steady(stop: asyncio.Event) -> None:
        nonlocal other
        other += 1
        await stop.wait()

    assert await supervise({"shaky": shaky, "steady": steady}, stop, chance=NoDice(0)) == {}
    assert (starts, other) == (4, 1)


async def test_waits_grow_to_five_minutes_and_begin_anew_after_a_good_while() -> None:
    stop, chance = asyncio.Event(), NoDice(0)
    runs, now = 0, 0.0

    async def part(stop: asyncio.Event) -> None:
        nonlocal runs, now
        runs += 1
        now += 400 if runs == 12 else 0
        if runs == 14:
            stop.set()
            return
        raise ConnectionError("gone")

    await supervise({"part": part}, stop, chance=chance, steady=lambda: now)
    assert chance.longest == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 1, 2]


async def test_a_part_that_ends_by_itself_is_started_again() -> None:
    stop, starts = asyncio.Event(), 0

    async def part(stop: asyncio.Event) -> None:
        nonlocal starts
        starts += 1
        if starts == 3:
            stop.set()

    await supervise({"part": part}, stop, chance=NoDice(0))
    assert starts == 3


async def test_when_all_have_given_up_it_ends_and_says_why() -> None:
    helped = asyncio.Event()

    async def refused(stop: asyncio.Event) -> None:
        raise Hopeless("the token is refused")

    async def helper(stop: asyncio.Event) -> None:
        await stop.wait()
        helped.set()

    async with asyncio.timeout(5):
        why = await supervise({"discord": refused, "courier": helper}, asyncio.Event(), helpers=("courier",))
    assert why == {"discord": "the token is refused"}
    assert helped.is_set()


async def test_one_that_has_given_up_leaves_the_others_running() -> None:
    stop = asyncio.Event()

    async def refused(stop: asyncio.Event) -> None:
        raise Hopeless("the token is refused")

    async def fine(stop: asyncio.Event) -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        stop.set()

    assert await supervise({"discord": refused, "telegram": fine}, stop) == {"discord": "the token is refused"}


async def test_what_does_not_stop_in_time_is_broken_off() -> None:
    broken_off = asyncio.Event()

    async def deaf(stop: asyncio.Event) -> None:
        stop.set()
        try:
            await asyncio.Event().wait()
        finally:
            broken_off.set()

    async with asyncio.timeout(5):
        await supervise({"deaf": deaf}, asyncio.Event(), within=0.05)
    assert broken_off.is_set()


_PROGRAM = """
import asyncio, sys
from bot.supervisor import stop_on_signals, supervise

async def part(stop):
    print("running", flush=True)
    await stop.wait()
    print("stopping", flush=True)
    if sys.argv[1] == "slow":
        await asyncio.sleep(60)

async def main():
    stop = asyncio.Event()
    stop_on_signals(stop)
    await supervise({"part": part}, stop)

asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_first_signal_stops_in_order_and_the_second_at_once(number: signal.Signals) -> None:
    with _running("quick") as child:
        child.send_signal(number)
        assert child.wait(20) == 0
    with _running("slow") as child:
        child.send_signal(number)
        assert child.stdout is not None
        assert child.stdout.readline() == "stopping\n"
        child.send_signal(number)
        assert child.wait(5) == 128 + number


def _running(how: str) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, how],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "running\n"
    return child


def test_the_time_to_stop_fits_into_what_is_promised() -> None:
    assert supervisor.STOP_WITHIN < 20
