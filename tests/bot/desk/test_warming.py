"""What nearly every answer needs, loaded beside the loop by the first request."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import threading

import pytest

from bot.desk.desk import Desk
from bot.desk.warming import Warming
from storage.work import OpenWork
from tests.bot.desk.test_desk import Room, said
from tests.conftest import MovableClock


class Slow:
    """Loads until it is let go on, and remembers where it was done."""

    def __init__(self) -> None:
        self.begun, self.enough = threading.Event(), threading.Event()
        self.threads: list[int] = []

    def __call__(self) -> None:
        self.threads.append(threading.get_ident())
        self.begun.set()
        assert self.enough.wait(30)


async def test_requests_wait_for_it_and_the_loop_goes_on(open_work: OpenWork, clock: MovableClock) -> None:
    room, slow = Room(open_work, clock), Slow()
    room.desk = Desk((room.notes,), room.tools, warming=Warming(slow))
    call = await room.call()
    asked = [asyncio.create_task(room.desk.spelled(call, "/nonsense")) for _ in range(3)]
    assert await asyncio.to_thread(slow.begun.wait, 30)
    assert not any(one.done() for one in asked)
    slow.enough.set()
    answers = [said(one) for one in await asyncio.gather(*asked)]
    assert answers == [said(await Desk((room.notes,), room.tools).spelled(call, "/nonsense"))] * 3
    assert len(slow.threads) == 1
    assert slow.threads[0] != threading.get_ident()
    await room.desk.spelled(call, "/nonsense")
    assert len(slow.threads) == 1


async def test_somebody_who_gives_up_waiting_stops_it_for_nobody() -> None:
    slow = Slow()
    warming = Warming(slow)
    first, second = asyncio.create_task(warming.done()), asyncio.create_task(warming.done())
    assert await asyncio.to_thread(slow.begun.wait, 30)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert not second.done()
    slow.enough.set()
    await second


async def test_answers_come_though_it_fails(
    open_work: OpenWork, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise OSError("no such folder")

    room = Room(open_work, clock)
    room.desk = Desk((room.notes,), room.tools, warming=Warming(broken))
    with caplog.at_level(logging.ERROR):
        answer = await room.desk.spelled(await room.call(), "/nonsense")
    assert said(answer)
    assert "ahead" in caplog.text


#: Loads what it can ahead, then does what it was for and tells what that has loaded all the same.
AFTERWARDS = """
import sys
from bot.desk import warming, wording
from storage.records.money import Money
from storage.reference import instruments
from storage.reference.instruments.lexicon import lexicon
warming.everyday()
known, read = set(sys.modules), lexicon.cache_info().misses
wording.money_text(Money(45050, "EUR"), "en-GB")
instruments.scan("violin and drums for a function, Leeds")
print(sorted(set(sys.modules) - known), lexicon.cache_info().misses - read, read)
"""


def test_nothing_is_left_to_load_for_a_sum_or_a_chair() -> None:
    told = subprocess.run([sys.executable, "-c", AFTERWARDS], capture_output=True, text=True, check=True)
    assert told.stdout == "[] 0 1\n"
