"""Several couriers on one database: all of them send, none is in charge, and any may die, hang or leave."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.desk.budgets import Pace
from bot.desk.courier import Courier
from storage import engine
from storage.engine import Storage
from storage.records.notice import Lane
from storage.records.people import Person
from tests.bot.desk.courier_parts import Delivered, FakeSender, draw_number, keep, number, person
from tests.bot.desk.test_courier_running import WallClock, at_once, running, until
from tests.conftest import Postgres
from tests.databases import new_file

#: As far apart, seconds, as what is measured in one busy process may be off.
SLACK = 0.05


class One:
    """One process's storage, sender and courier."""

    def __init__(self, storage: Storage, pace: Pace, *, knows_keys: bool) -> None:
        self.storage, self.sender = storage, FakeSender("telegram", knows_keys=knows_keys)
        self.sender.says = self._note
        self.courier = Courier(
            storage.open_work,
            WallClock(),
            [self.sender],
            {"t.say": draw_number},
            paces={"telegram": pace},
            line=storage.line,
        )
        #: When each message was sent, and where to.
        self.when: list[tuple[float, str]] = []

    def _note(self, target: object, key: str) -> None:
        self.when.append((time.monotonic(), str(getattr(target, "dest", ""))))

    @property
    def present(self) -> bool:
        return self.courier.standing()["telegram"].present


class Company:
    """Several of them on one database."""

    def __init__(self, members: list[One]) -> None:
        self.members = members
        self.open_work = members[0].storage.open_work

    @property
    def sent(self) -> list[Delivered]:
        return [one for member in self.members for one in member.sender.sent]

    @property
    def when(self) -> list[tuple[float, str]]:
        return sorted(moment for member in self.members for moment in member.when)

    async def people(self, count: int) -> list[Person]:
        return [await person(self.open_work, f"P{n}", "telegram") for n in range(count)]

    async def send_each(self, people: list[Person]) -> None:
        """One numbered notice for each, due now."""
        notices = [number(n, one, **at_once()) for n, one in enumerate(people)]
        await keep(self.open_work, *notices, now=datetime.now(UTC))
        for member in self.members:  # on SQLite processes cannot tell each other, and look every half minute
            member.courier.wake()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            for one in self.members:
                await stack.enter_async_context(running(one.courier))
            await until(lambda: all(one.present for one in self.members))
            yield

    async def rows(self) -> set[str]:
        """The processes that are written down as sending."""
        async with self.open_work(reading=True) as work:
            return {one.owner for one in await work.couriers.colleagues("")}


@pytest.fixture(params=["sqlite", "postgres"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    if request.param == "sqlite":
        yield await new_file(tmp_path / "firstcall.db")
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = await server.borrow()
    yield server.url(name)
    await server.hand_back(name)


@contextlib.asynccontextmanager
async def company(
    url: str, count: int = 3, pace: Pace | None = None, *, knows_keys: bool = True
) -> AsyncIterator[Company]:
    members: list[One] = []
    try:
        for _ in range(count):
            members.append(One(await engine.open(url), pace or Pace(), knows_keys=knows_keys))
            await members[-1].storage.listen("notices", members[-1].courier.wake)
        yield Company(members)
    finally:
        for one in members:
            await one.storage.close()


async def test_all_send_and_together_keep_the_rate(url: str) -> None:
    """No stretch of time, whoever was sending, holds more than one process alone could send in it; and no less."""
    pace = Pace(per_second=60, reserve=2, burst=8)
    async with company(url, pace=pace) as three:
        people = await three.people(100)
        async with three.running():
            await three.send_each(people)
            await until(lambda: len(three.sent) >= 100, within=20)
    moments = [at for at, _ in three.when]
    assert sorted(one.text for one in three.sent) == sorted(f"number {n}" for n in range(100))
    for first, last in itertools.combinations(range(len(moments)), 2):
        allowed = 60 * (moments[last] - moments[first] + SLACK) + pace.burst - pace.reserve + 1
        assert last - first + 1 <= allowed
    assert sum(bool(member.sender.sent) for member in three.members) >= 2, "one did it all"


async def test_one_chat_is_written_to_by_one_at_a_time_in_order_at_its_distance(url: str) -> None:
    async with company(url, pace=Pace(per_second=1000, apart=0.15)) as three:
        busy, *others = await three.people(4)
        for member in three.members:
            member.sender.delay = 0.05
        async with three.running():
            now, ago = datetime.now(UTC), timedelta(seconds=90)
            for n in range(8):  # each a message of its own: too far apart to travel together
                after = at_once()["after"] - ago + timedelta(milliseconds=n)
                await keep(three.open_work, number(n, busy, after=after, key=f"n{n}", lane=Lane.URGENT), now=now - ago)
            for one in others:
                await keep(three.open_work, number(9, one, **at_once()), now=now)
            await until(lambda: sum(one.text.count("number") for one in three.sent) >= 11, within=20)
    mine = [at for at, dest in three.when if dest == "dm:P0"]
    assert all(later - earlier >= 0.15 - SLACK for earlier, later in itertools.pairwise(mine))
    texts = sorted((m.when[k][0], m.sender.sent[k].text) for m in three.members for k in range(len(m.when)))
    told = [int(word) for _, text in texts for word in text.split() if word.isdigit() and word != "9"]
    assert [n for n in told if n < 8] == list(range(8))


async def test_one_that_hangs_holds_up_nothing_but_what_it_claimed(url: str) -> None:
    async with company(url, pace=Pace(per_second=400, unacked=4), knows_keys=False) as three:
        hung, *well = three.members
        hung.sender.delay = 3600
        people = await three.people(60)
        async with contextlib.AsyncExitStack() as stack:
            task = asyncio.create_task(hung.courier.run(asyncio.Event()))
            await until(lambda: hung.present)
            await three.send_each(people)
            await until(lambda: hung.sender.at_once > 0)
            for one in well:
                await stack.enter_async_context(running(one.courier))
            held = hung.courier._rounds["telegram"]
            await until(lambda: len(three.sent) >= 60 - held.unacked - len(held.queue), within=5)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    assert 0 < 60 - len(three.sent) <= 4
    assert not hung.sender.sent


@pytest.mark.parametrize("knows_keys", [True, False])
async def test_what_one_had_claimed_when_it_died_is_taken_up_by_the_others(
    url: str, knows_keys: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.desk.watch.GRACE", 0.3)
    async with company(url, knows_keys=knows_keys) as three:
        dead, *others = three.members
        (someone,) = await three.people(1)
        assert await dead.storage.line.show("dead")
        async with dead.storage.open_work() as work:
            await work.couriers.show("telegram", "dead")
            await work.commit()
        await three.send_each([someone])
        async with dead.storage.open_work() as work:
            held = await work.notices.claim("telegram", Lane.URGENT, datetime.now(UTC), timedelta(minutes=1), 5, "dead")
            await work.commit()
        assert len(held) == 1
        async with running(others[0].courier), running(others[1].courier):
            await until(lambda: all(one.present for one in others))
            assert "dead" in await three.rows()
            await dead.storage.line.close()  # as the system does for a process that is killed
            await until(lambda: three.sent, within=5)
            await until(lambda: not any(map(_unrecorded, others)))
        assert await three.rows() == set()
    (only,) = three.sent
    assert only.text.startswith("number 0")
    assert ("Sent again" in only.text) is not knows_keys


async def test_who_is_not_seen_any_more_begins_no_send_and_is_back_by_itself(postgres: Postgres, borrowed: str) -> None:
    """The server cuts everybody off in the middle of a burst to a platform that knows no keys."""
    pace = Pace(per_second=60, unacked=8)
    async with company(postgres.url(borrowed), 2, pace, knows_keys=False) as pair:
        people = await pair.people(60)
        async with pair.running():
            await pair.send_each(people)
            for n in range(3):
                await until(lambda now=8 * (n + 1): len(pair.sent) > now)
                cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{borrowed}'"
                await postgres.run(cut)
            await until(lambda: len({one.text.split("\n")[0] for one in pair.sent}) == 60, within=30)
            await until(lambda: not any(map(_unrecorded, pair.members)))
    assert len(pair.sent) == 60


async def test_answers_given_in_any_process_are_counted_for_all(url: str) -> None:
    async with company(url, 2, Pace(per_second=2, reserve=2, burst=4)) as pair:
        first, second = pair.members
        stop = asyncio.Event()
        counting = asyncio.create_task(second.courier.count(stop))  # it does not send, and answers people
        for _ in range(20):
            second.courier.replied("telegram")

        async def owed() -> float:
            async with first.storage.open_work() as work:
                taken, now = await work.couriers.meet("telegram", datetime.now(UTC))
            return taken.until - now

        async with asyncio.timeout(5):
            while await owed() < 5:  # noqa: ASYNC110  # it is written by another task
                await asyncio.sleep(0.02)
        stop.set()
        await counting


async def test_a_request_to_wait_stops_everybody(url: str) -> None:
    """Not at once: each goes on with the places it had booked, for a second at most."""
    async with company(url, pace=Pace(per_second=60, burst=6)) as three:
        people = await three.people(100)
        async with three.running():
            await three.send_each(people)
            await until(lambda: len(three.sent) >= 5)
            first = three.members[0]
            first.courier._rounds["telegram"].budget.close(time.monotonic() + 2.0, slower=True)
            first.courier.wake()

            async def closed() -> bool:
                async with first.storage.open_work() as work:
                    taken, now = await work.couriers.meet("telegram", datetime.now(UTC))
                return taken.closed_until > now and taken.speed < 1

            async with asyncio.timeout(5):
                while not await closed():  # noqa: ASYNC110  # it is written by another task
                    await asyncio.sleep(0.01)
            await until(lambda: len(three.sent) == 100, within=20)
    gaps = [later - earlier for (earlier, _), (later, _) in itertools.pairwise(three.when)]
    assert max(gaps) > 0.8, "somebody went on sending"


async def test_who_leaves_gives_everything_back_and_is_not_missed(url: str) -> None:
    async with company(url, 2, Pace(per_second=30)) as pair:
        leaving, staying = pair.members
        people = await pair.people(40)
        async with running(staying.courier):
            async with running(leaving.courier):
                await until(lambda: all(one.present for one in pair.members))
                assert len(await pair.rows()) == 2
                await pair.send_each(people)
                await until(lambda: len(pair.sent) >= 10)
            assert await pair.rows() == {staying.courier._desk.owner}
            await until(lambda: len(pair.sent) == 40, within=15)
        assert await pair.rows() == set()
    assert sorted(one.text for one in pair.sent) == sorted(f"number {n}" for n in range(40))


def _unrecorded(member: One) -> bool:
    return not member.courier._rounds["telegram"].idle
