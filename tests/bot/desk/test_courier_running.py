"""The courier left running: it sleeps, wakes, keeps to budgets, stops, and takes over."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk.budgets import Pace
from bot.desk.courier import Courier
from bot.desk.surface import Refused, TooFast, Unavailable
from storage.records.notice import Lane, Outcome
from tests.bot.desk.courier_parts import (
    HOUR,
    FakeSender,
    card_hangs,
    courier,
    draw_card,
    draw_number,
    keep,
    number,
    person,
    refresh,
    state,
)
from tests.conftest import START, MovableClock


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@contextlib.asynccontextmanager
async def running(post: Courier) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(post.run(stop))
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(15):
            await task


async def until(true, within: float = 10.0) -> None:
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110  # what is waited for happens in a database on another thread
            await asyncio.sleep(0.005)


def at_once(**rest):
    return {"after": datetime.now(UTC) - START, **rest}


async def test_it_sends_what_is_due_and_then_what_comes_due(open_work, anywhere):
    one = await person(open_work)
    now = datetime.now(UTC)
    soon = now - START + timedelta(seconds=0.4)
    await keep(open_work, number(1, one, **at_once()), number(2, one, after=soon), now=now)
    sender = FakeSender()
    async with running(courier(open_work, WallClock(), sender)):
        await until(lambda: len(sender.sent) == 1)
        await until(lambda: len(sender.sent) == 2)
        late = datetime.now(UTC) - (START + soon)
    assert sender.texts == ["number 1", "number 2"]
    assert timedelta(0) <= late < timedelta(seconds=2)


async def test_a_new_notice_wakes_it(storage, open_work, anywhere):
    one = await person(open_work)
    sender = FakeSender()
    post = courier(open_work, WallClock(), sender)
    await storage.listen("notices", post.wake)
    async with running(post):
        await asyncio.sleep(0.1)  # it has looked and gone to sleep, for half a minute if nobody wakes it
        before = time.monotonic()
        soon = number(1, one, after=datetime.now(UTC) - START + timedelta(seconds=0.2))
        await keep(open_work, soon, now=datetime.now(UTC))
        await until(lambda: sender.sent)
        assert 0.15 < time.monotonic() - before < 5


async def test_the_rate_is_kept_and_four_tokens_are_left_for_replies(open_work):
    people = [await person(open_work, f"P{n}", "telegram") for n in range(40)]
    await keep(open_work, *[number(n, p, **at_once()) for n, p in enumerate(people)], now=datetime.now(UTC))
    when = []
    sender = FakeSender("telegram", says=lambda target, key: when.append(time.monotonic()))
    pace = Pace(per_second=40, reserve=4, burst=10)
    post = courier(open_work, WallClock(), sender, paces={"telegram": pace})
    async with running(post):
        await until(lambda: len(sender.sent) == 40)
    assert when[-1] - when[0] >= 34 / 40  # 39 sends, of which at most six were saved up
    budget = post._rounds["telegram"].budget
    assert budget._tokens >= 3.9


async def test_one_chat_is_not_written_to_faster_than_it_may_be_and_nobody_waits_for_it(open_work):
    busy = await person(open_work, "Busy", "telegram")
    others = [await person(open_work, f"P{n}", "telegram") for n in range(5)]
    now = datetime.now(UTC)
    await keep(open_work, *[number(n, busy, **at_once(key=f"b{n}")) for n in range(3)], now=now)
    await keep(open_work, *[number(9, p, **at_once()) for p in others], now=now)
    when: dict[str, list[float]] = {}
    sender = FakeSender(
        "telegram", says=lambda target, key: when.setdefault(target.dest or "", []).append(time.monotonic())
    )
    pace = Pace(per_second=1000, apart=0.4)
    async with running(courier(open_work, WallClock(), sender, paces={"telegram": pace})):
        await until(lambda: len(sender.sent) == 8)
    slots = when["dm:Busy"]
    assert all(0.3 < later - earlier < 2 for earlier, later in itertools.pairwise(slots))
    assert max(max(times) for dest, times in when.items() if dest != "dm:Busy") < slots[1]


@pytest.mark.parametrize("apart", [0.0, 0.1])
async def test_what_is_slow_to_arrive_is_not_overtaken_in_its_chat_and_holds_up_no_other(open_work, apart):
    slow = await person(open_work, "Slow", "telegram")
    others = [await person(open_work, f"P{n}", "telegram") for n in range(6)]
    sender = FakeSender("telegram")
    original, under_way, began = sender.deliver, [], []

    async def deliver(target, reply, *, key, silent):
        assert target.dest not in under_way
        under_way.append(target.dest)
        began.append(target.dest)
        await asyncio.sleep(0.35 if target.dest == "dm:Slow" and len(began) < 8 else 0)
        under_way.remove(target.dest)
        return await original(target, reply, key=key, silent=silent)

    sender.deliver = deliver
    # One after the other, so that no two of them travel in one message.
    post = courier(open_work, WallClock(), sender, paces={"telegram": Pace(per_second=1000, apart=apart)})
    async with running(post):
        for n in range(3):
            await keep(open_work, number(n, slow, **at_once(key=f"s{n}")), now=datetime.now(UTC))
            post.wake()
            await asyncio.sleep(0.02)
        await keep(open_work, *[number(9, p, **at_once()) for p in others], now=datetime.now(UTC))
        post.wake()
        await until(lambda: len(sender.sent) == 9)
    assert [one.text for one in sender.sent if one.target.dest == "dm:Slow"] == ["number 0", "number 1", "number 2"]
    assert began.index("dm:Slow", 1) > max(began.index(f"dm:P{n}") for n in range(6))


async def test_redraws_of_one_message_keep_their_distance(open_work):
    await card_hangs(open_work)
    sender = FakeSender()
    post = courier(
        open_work, WallClock(), sender, cards={"t.card": draw_card}, paces={"console": Pace(edits_apart=0.5)}
    )
    clock = WallClock()
    async with running(post):
        await refresh(open_work, clock)
        post.wake()
        await until(lambda: len(sender.redrawn) == 1)
        first = time.monotonic()
        for _ in range(5):
            await refresh(open_work, clock)
            post.wake()
        await until(lambda: len(sender.redrawn) == 2)
        assert time.monotonic() - first > 0.4
    assert len(sender.redrawn) == 2


async def test_a_global_request_to_wait_stops_everything_for_that_long(open_work):
    people = [await person(open_work, f"P{n}", "telegram") for n in range(6)]
    await keep(open_work, *[number(n, p, **at_once()) for n, p in enumerate(people)], now=datetime.now(UTC))
    asked: list[float] = []

    def says(target, key):
        asked.append(time.monotonic())
        return TooFast(0.6, everywhere=True) if len(asked) == 1 else None

    sender = FakeSender("telegram", says=says)
    pace = Pace(per_second=50, reserve=0, burst=1)
    async with running(courier(open_work, WallClock(), sender, paces={"telegram": pace})):
        await until(lambda: len(sender.sent) == 6)
    assert asked[1] - asked[0] > 0.5
    assert len(asked) == 7


async def test_no_attempts_are_lost_while_a_platform_is_down(open_work):
    people = [await person(open_work, f"P{n}") for n in range(4)]
    ids = await keep(open_work, *[number(n, p, **at_once()) for n, p in enumerate(people)], now=datetime.now(UTC))
    down = True
    sender = FakeSender(says=lambda target, key: Unavailable("down") if down else None)
    hurried = random.Random(1)
    hurried.uniform = lambda low, high: 0.0005  # type: ignore[method-assign]
    hurried.random = lambda: 0.0  # type: ignore[method-assign]
    async with running(courier(open_work, WallClock(), sender, chance=hurried)):
        await until(lambda: len(sender.tried) > 40)  # four times eight would have been the end of them
        down = False
        await until(lambda: len(sender.sent) == 4)
    assert {(await state(open_work, one)).result for one in ids} == {Outcome.SENT}


async def test_urgent_ones_overtake_a_pile_and_soft_ones_still_move(open_work):
    people = [await person(open_work, f"P{n}") for n in range(90)]
    now = datetime.now(UTC)
    await keep(
        open_work,
        *[number(n, p, **at_once(lane=Lane.SOFT, urgent=True)) for n, p in enumerate(people[:30])],
        *[number(n, p, **at_once(lane=Lane.NORMAL)) for n, p in enumerate(people[30:60])],
        *[number(n, p, **at_once(lane=Lane.URGENT)) for n, p in enumerate(people[60:])],
        now=now,
    )
    lane_of = {p.id: (2, 1, 0)[n // 30] for n, p in enumerate(people)}
    sender = FakeSender()
    async with running(courier(open_work, WallClock(), sender, batch=10)):
        await until(lambda: len(sender.sent) == 90)
    lanes = [lane_of[one.target.person_id or 0] for one in sender.sent]
    assert lanes[:40].count(0) == 24
    assert lanes[:40].count(1) == 12
    assert lanes[:40].count(2) == 4


async def test_stopping_records_what_is_being_sent_and_gives_the_rest_back(open_work):
    people = [await person(open_work, f"P{n}", "discord") for n in range(60)]
    await keep(open_work, *[number(n, p, **at_once()) for n, p in enumerate(people)], now=datetime.now(UTC))
    sender = FakeSender("discord", knows_keys=True, delay=0.05)
    async with running(courier(open_work, WallClock(), sender, paces={"discord": Pace(per_second=1000)})):
        await until(lambda: sender.sent)
    assert sender.at_once == 0
    assert 0 < len(sender.sent) < 60
    assert sender.most_at_once <= 8
    second = FakeSender("discord", knows_keys=True)
    async with open_work() as work:
        left = [
            found
            for lane in Lane
            for found in await work.notices.claim("discord", lane, datetime.now(UTC), HOUR, 100, "me")
        ]
    assert len(left) == 60 - len(sender.sent)
    assert not any(found.doubtful or found.attempt > 1 for found in left)
    assert second.sent == []


async def test_nothing_is_sent_while_the_clock_is_behind_what_was_recorded(open_work, caplog):
    one = await person(open_work)
    clock = MovableClock()
    await keep(open_work, number(1, one), number(2, one, after=-HOUR, key="before"))
    clock.move(HOUR)
    sender = FakeSender()
    await courier(open_work, clock, sender).deliver_due()
    assert len(sender.sent) == 2
    await keep(open_work, number(3, one, after=-2 * HOUR))
    clock.move(-2 * HOUR)
    post = courier(open_work, clock, sender)
    async with running(post):
        await until(lambda: post.behind)
        await asyncio.sleep(0.1)
        assert len(sender.sent) == 2
        clock.move(2 * HOUR)
        post.wake()
        await until(lambda: len(sender.sent) == 3)
    assert not post.behind
    assert "the clock shows" in caplog.text


async def test_a_new_run_takes_up_at_once_what_the_last_one_had_claimed(open_work):
    one = await person(open_work)
    await keep(open_work, number(1, one, **at_once()), now=datetime.now(UTC))
    async with open_work() as work:
        claimed = await work.notices.claim("console", Lane.URGENT, datetime.now(UTC), HOUR / 60, 5, "dead")
        await work.commit()
    assert len(claimed) == 1
    sender = FakeSender()
    async with running(courier(open_work, WallClock(), sender)):
        await until(lambda: sender.sent)
    assert sender.texts[0].startswith("number 1\nSent again")


async def test_a_surface_that_hangs_or_fails_costs_one_message(open_work, monkeypatch, caplog):
    monkeypatch.setattr("bot.desk.delivery.SEND_WITHIN", 0.2)
    people = [await person(open_work, f"P{n}") for n in range(4)]
    ids = await keep(open_work, *[number(n, p, **at_once()) for n, p in enumerate(people)], now=datetime.now(UTC))
    sender = FakeSender()
    original = sender.deliver

    async def deliver(target, reply, *, key, silent):
        if target.person_id == people[0].id:
            await asyncio.sleep(60)
        if target.person_id == people[1].id:
            raise KeyError("a bug in the surface")
        if target.person_id == people[2].id:
            raise Refused("blocked")
        return await original(target, reply, key=key, silent=silent)

    sender.deliver = deliver
    async with running(courier(open_work, WallClock(), sender)):
        await until(lambda: sender.sent)
        await asyncio.sleep(0.5)
    assert sender.texts == ["number 3"]
    hung, failed, refused, fine = [await state(open_work, one) for one in ids]
    assert (hung.result, hung.trouble) == (None, "no answer came")
    assert (failed.result, failed.trouble) == (None, "no answer came")
    assert (refused.platform, refused.trouble) == ("", "blocked")
    assert fine.result == Outcome.SENT
    assert "the surface failed" in caplog.text


async def test_without_senders_it_only_keeps_house(open_work):
    async with running(Courier(open_work, WallClock(), [], {"t.say": draw_number})):
        await asyncio.sleep(0.05)


async def test_no_send_is_begun_shortly_before_its_claim_ends(open_work):
    people = [await person(open_work, f"P{n}", "discord") for n in range(8)]
    ids = await keep(open_work, *[number(n, p, **at_once()) for n, p in enumerate(people)], now=datetime.now(UTC))
    ids_by_person = dict(zip([p.id for p in people], ids, strict=True))
    left = []
    sender = FakeSender("discord", knows_keys=True)
    original = sender.deliver

    async def deliver(target, reply, *, key, silent):
        kept = await state(open_work, ids_by_person[target.person_id])
        left.append(kept.next_at - datetime.now(UTC))
        return await original(target, reply, key=key, silent=silent)

    sender.deliver = deliver
    pace = {"discord": Pace(per_second=10, reserve=0, burst=1)}
    post = courier(open_work, WallClock(), sender, paces=pace, lease=timedelta(seconds=10.35))
    async with running(post):
        await until(lambda: len(sender.sent) == 8)
    assert min(left) > timedelta(seconds=9.9)
    assert {(await state(open_work, one)).result for one in ids} == {Outcome.SENT}
    assert len(sender.tried) == 8
