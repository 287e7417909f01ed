"""How the house says it is: with an end to waiting, one question for all, and nothing a stranger may not know."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from bot.desk.figures import Figures
from bot.on_web.asking import Asking
from bot.on_web.condition import ALL_EVERY, TRY_EVERY, Backlog, Condition
from bot.on_web.metrics import Metrics
from bot.on_web.server import WebServer
from bot.settings.kinds import Listen
from storage import engine
from storage.engine import Storage
from storage.faults import Unreachable
from storage.records.notice import NewNotice
from storage.timings import Spread
from storage.work import Work
from tests.conftest import MovableClock
from tests.databases import new_file
from tests.small_disk import fill_up


class Platform:
    name = "telegram"

    def __init__(self) -> None:
        self.well = True

    def healthy(self) -> bool:
        return self.well


class Steady:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def on_disk(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await engine.open(f"sqlite:///{tmp_path}/t.db")
    yield opened
    await opened.close()


# --- one question at a time -------------------------------------------------------------------------------------------


async def test_however_many_ask_the_house_is_asked_once_and_nobody_waits_for_ever() -> None:
    asked, gate, steady = 0, asyncio.Event(), Steady()

    async def question() -> int:
        nonlocal asked
        asked += 1
        await gate.wait()
        return asked

    asking = Asking(question, fresh=1.0, patience=0.02, steady=steady)
    assert await asyncio.gather(*(asking.answer() for _ in range(50))) == [None] * 50
    assert await asking.answer() is None
    assert asked == 1
    gate.set()
    assert await asking.answer() == 1
    steady.now += 0.9
    assert await asyncio.gather(*(asking.answer() for _ in range(50))) == [1] * 50
    steady.now += 0.2
    assert await asyncio.gather(*(asking.answer() for _ in range(50))) == [2] * 50


async def test_one_who_goes_away_takes_the_answer_from_nobody() -> None:
    gate = asyncio.Event()

    async def question() -> str:
        await gate.wait()
        return "fine"

    asking = Asking(question)
    first, second = (asyncio.create_task(asking.answer()) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    gate.set()
    assert await second == "fine"


async def test_a_question_that_fails_is_asked_again() -> None:
    answers: Iterator[object] = iter([RuntimeError("a bug"), "fine"])

    async def question() -> object:
        found = next(answers)
        if isinstance(found, Exception):
            raise found
        return found

    asking = Asking(question)
    with pytest.raises(RuntimeError, match="a bug"):
        await asking.answer()
    assert await asking.answer() == "fine"


# --- readiness --------------------------------------------------------------------------------------------------------


async def test_a_database_that_hangs_is_said_in_time_and_is_well_again_by_itself(
    on_disk: Storage, caplog: pytest.LogCaptureFixture
) -> None:
    condition = Condition(on_disk, [Platform()], patience=0.05)
    async with on_disk.open_work(reading=True) as one, other(on_disk) as two:
        assert await one.app.value("a") is None
        assert await two.app.value("a") is None  # nobody can read any more
        assert await condition.states() == {"database": "no answer", "telegram": "ok"}
    assert await condition.states() == {"database": "ok", "telegram": "ok"}
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        "the database: no answer within 0.05 s",
        "the database: well again",
    ]


@asynccontextmanager
async def other(storage: Storage) -> AsyncIterator[Work]:
    """A Work of another task's, as far as storage knows."""
    task = asyncio.current_task()
    assert task is not None
    storage._at_work.discard(task)
    async with storage.open_work(reading=True) as work:
        yield work


async def test_a_full_disk_is_no_good_database_though_it_can_be_read(
    on_disk: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_disk.open_work() as work:
        await work.connection.execute(text("PRAGMA max_page_count=1"))
    with pytest.raises(Unreachable, match="full"):
        async with on_disk.open_work() as work:
            await work.app.set_value("a", "x" * 4_000_000)
            await work.commit()
    assert await Condition(on_disk, []).states() == {"database": "keeps nothing"}
    monkeypatch.setattr(engine, "TROUBLE_FOR", -1.0)  # as if that long had passed
    assert await Condition(on_disk, []).states() == {"database": "ok"}


async def test_a_disk_that_has_filled_up_is_known_though_nobody_writes(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = await engine.open(await new_file(small / "t.db"))
    steady = Steady()
    condition = Condition(storage, [], patience=10, steady=steady)
    assert await condition.states() == {"database": "ok"}
    filler = await asyncio.to_thread(fill_up, small)
    steady.now += TRY_EVERY / 2
    assert await condition.states() == {"database": "ok"}, "it was tried a moment ago"
    for _ in range(10):  # what it has of the disk may hold one more
        steady.now += TRY_EVERY
        if await condition.states() == {"database": "keeps nothing"}:
            break
    else:
        raise AssertionError("nobody noticed")
    await asyncio.to_thread(filler.unlink)
    monkeypatch.setattr(engine, "TROUBLE_FOR", -1.0)  # as if that long had passed
    steady.now += TRY_EVERY
    assert await condition.states() == {"database": "ok"}
    await storage.close()


async def test_who_asks_from_outside_learns_no_reason(caplog: pytest.LogCaptureFixture) -> None:
    reason = "the database server refuses: password authentication failed for user ada at 10.0.0.7"

    class Away:
        trouble = None

        def open_work(self, *, reading: bool = False) -> object:
            raise Unreachable(reason)

    condition = Condition(Away(), [Platform()])  # type: ignore[arg-type]  # all that is asked of it
    stop = asyncio.Event()
    server = WebServer(Listen("127.0.0.1", 0), states=condition.states)
    serving = asyncio.create_task(server.run(stop))
    await server.listening.wait()
    try:
        async with (
            aiohttp.ClientSession() as client,
            client.get(f"http://127.0.0.1:{server.port}/readyz") as response,
        ):
            assert response.status == 503
            assert json.loads(await response.text()) == {"status": "down", "database": "no answer", "telegram": "ok"}
    finally:
        stop.set()
        await serving
    assert f"the database: {reason}" in caplog.messages


# --- what waits -------------------------------------------------------------------------------------------------------


async def test_what_waits_is_counted_by_platform_and_time_and_never_far(storage: Storage, anywhere: str) -> None:
    clock, steady = MovableClock(), Steady()
    now = clock.now()
    async with storage.open_work() as work:
        ada = await work.people.greet("telegram", "1", "Ada", now)
        nobody = await work.people.add("Nobody", now)
        for n, due in enumerate((-1, 0, 30, 59, 120, 50_000)):
            await work.notices.add(
                NewNotice(kind="t.t", person_id=ada.id, args={"n": n}, due_at=now + timedelta(minutes=due)), now
            )
        await work.notices.add(NewNotice(kind="t.t", person_id=nobody.id, due_at=now), now)
        await work.notices.cancel_key((await work.notices.of_person(ada.id))[0].key, now)
        await work.commit()
    backlog = Backlog(storage.open_work, clock, ["telegram", "discord"], steady=steady)
    found = await backlog.count()
    assert found is not None
    assert found.due == {
        ("telegram", "now"): 1,
        ("telegram", "hour"): 3,
        ("discord", "now"): 0,
        ("discord", "hour"): 0,
        ("nowhere", "now"): 0,
        ("nowhere", "hour"): 0,
    }
    assert found.open == 6
    bounded = Backlog(storage.open_work, clock, ["telegram"], most=2, steady=steady)
    found = await bounded.count()
    assert found is not None
    assert (found.due["telegram", "hour"], found.open) == (2, 6)
    async with storage.open_work() as work:
        await work.notices.add(NewNotice(kind="t.t", person_id=ada.id, args={"n": 9}, due_at=now), now)
        await work.commit()
    for later, open_ in ((0.0, 6), (ALL_EVERY, 7)):
        steady.now += later
        found = await bounded.count()
        assert found is not None
        assert found.open == open_


# --- the page ---------------------------------------------------------------------------------------------------------


def read(page: bytes) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
    }


async def test_who_stands_in_line_for_the_database_is_seen_and_what_it_took_counted(on_disk: Storage) -> None:
    clock = MovableClock()
    condition = Condition(on_disk, [])
    metrics = Metrics(
        Figures(),
        dict,
        condition.states,
        timings=on_disk.timings,
        backlog=Backlog(on_disk.open_work, clock, ["telegram"]).count,
    )

    async def write(key: str) -> None:
        async with on_disk.open_work() as work:
            await work.app.set_value(key, "never shown")
            await work.commit()

    writing = frozenset({("transaction", "writing")})
    assert await condition.states() == {"database": "ok"}  # it has been tried, and is not for a while
    async with on_disk.open_work() as work:
        await work.app.set_value("first", "never shown")
        rest = [asyncio.create_task(write(key)) for key in "abc"]
        await asyncio.sleep(0)
        page = read((await metrics.page())[0])
        assert page["firstcall_database_line", writing] == 3
        await work.commit()
    await asyncio.gather(*rest)
    body, _ = await metrics.page()
    page = read(body)
    assert page["firstcall_database_line", writing] == 0
    for name in ("wait", "transaction", "statement"):
        assert page[f"firstcall_database_{name}_seconds_count", writing] == 5, name
    assert page["firstcall_database_wait_seconds_sum", writing] > 0
    assert page["firstcall_notices_due", frozenset({("platform", "telegram"), ("by", "now")})] == 0
    assert page["firstcall_notices_open", frozenset()] == 0
    assert page["firstcall_up", frozenset({("part", "database")})] == 1
    assert b"never shown" not in body
    assert b"SELECT" not in body
    assert b"app_state" not in body


async def test_a_transaction_lasts_until_what_it_wrote_is_on_disk(on_disk: Storage) -> None:
    assert on_disk._disk is not None
    lasted: Spread = on_disk.timings.lasted["writing"]
    real, counted = on_disk._disk.settle, []

    async def settle(number: int) -> None:
        counted.append(sum(lasted.counts))
        await real(number)

    on_disk._disk.settle = settle  # type: ignore[method-assign]
    async with on_disk.open_work() as work:
        await work.app.set_value("a", "1")
        await work.commit()
        assert (counted, sum(lasted.counts)) == ([0], 1)  # whoever goes on after the commit holds nobody up
    assert sum(lasted.counts) == 1


async def test_figures_are_there_when_the_database_is_not() -> None:
    async def none() -> None:
        return None

    async def states() -> dict[str, str]:
        return {"database": "no answer"}

    page = read((await Metrics(Figures(), dict, states, backlog=none).page())[0])
    assert page["firstcall_up", frozenset({("part", "database")})] == 0
    assert not any(name.startswith("firstcall_notices") for name, _ in page)
