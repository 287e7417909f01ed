"""The line between processes: news that is not lost with a connection, and who is there."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import engine
from storage.badges import Badges
from storage.engine import Storage
from storage.faults import Unreachable, Unwritable
from tests.conftest import Postgres
from tests.databases import new_file

#: Shows itself in the folder it is given, and waits to be killed.
WAITS_TO_BE_KILLED = """
import sys
from pathlib import Path
from storage.badges import Badges
badges = Badges(Path(sys.argv[1]))
badges.show("a")
print("shown", flush=True)
input()
"""


@pytest.fixture
def name(borrowed: str) -> str:
    return borrowed


@pytest.fixture
async def pair(postgres: Postgres, name: str) -> AsyncIterator[tuple[Storage, Storage]]:
    first, second = await engine.open(postgres.url(name)), await engine.open(postgres.url(name))
    yield first, second
    await first.close()
    await second.close()


async def cut(postgres: Postgres, name: str) -> None:
    await postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


async def seen(storage: Storage, *names: str) -> dict[str, bool]:
    """Which of the names are shown."""
    found = await storage.line.seen(names)
    return {name: name in found for name in names}


async def announce(storage: Storage, topic: str) -> None:
    async with storage.open_work() as work:
        work.announce(topic)
        await work.commit()


async def test_after_a_cut_listeners_look_for_themselves_and_hear_news_again(
    postgres: Postgres, name: str, pair: tuple[Storage, Storage]
) -> None:
    first, second = pair
    heard, also = asyncio.Event(), asyncio.Event()
    await second.listen("notices", heard.set)
    await second.listen("people", also.set)
    await cut(postgres, name)
    await asyncio.wait_for(heard.wait(), 10)  # what was announced meanwhile would have been missed
    await asyncio.wait_for(also.wait(), 10)
    for topic, event in (("notices", heard), ("people", also)):
        event.clear()
        await announce(first, topic)
        await asyncio.wait_for(event.wait(), 10)


async def test_a_process_is_seen_until_it_hides(pair: tuple[Storage, Storage]) -> None:
    first, second = pair
    assert await seen(second, "a", "b") == {"a": False, "b": False}
    assert await first.line.show("a") is True
    assert await first.line.show("a") is True
    assert first.line.shows("a")
    assert not second.line.shows("a")
    assert await seen(second, "a", "b") == await seen(first, "a", "b") == {"a": True, "b": False}
    await first.line.hide("a")
    assert not first.line.shows("a")
    assert await seen(second, "a", "b") == {"a": False, "b": False}


async def test_nobody_is_seen_without_a_line(postgres: Postgres, name: str, pair: tuple[Storage, Storage]) -> None:
    first, second = pair
    assert await first.line.show("a") is True
    await cut(postgres, name)
    with contextlib.suppress(Unreachable):  # the pool too was cut
        await seen(second, "a")
    assert await seen(second, "a") == {"a": False}
    while True:  # the first tries may find the line dead
        with contextlib.suppress(Unreachable):
            assert await first.line.show("a") is True
            break
    assert await seen(second, "a") == {"a": True}
    await first.line.close()
    assert not first.line.shows("a")
    assert await first.line.show("a") is False


async def test_many_tasks_on_one_line_take_turns(pair: tuple[Storage, Storage]) -> None:
    first, second = pair
    names = [str(n) for n in range(20)]
    assert all(await asyncio.gather(*(first.line.show(name) for name in names for _ in range(2))))
    assert all((await seen(second, *names)).values())


@pytest.fixture(params=["sqlite", "memory"])
async def on_sqlite(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Storage]:
    file = await new_file(tmp_path / "firstcall.db")
    storage = await engine.open(file if request.param == "sqlite" else "sqlite://")
    yield storage
    await storage.close()


async def test_on_sqlite_a_process_is_seen_until_it_hides(on_sqlite: Storage) -> None:
    await on_sqlite.line.keep()
    assert await on_sqlite.line.seen(["a", "b"]) == set()
    assert await on_sqlite.line.show("a") is True
    assert await on_sqlite.line.show("a") is True
    assert on_sqlite.line.shows("a")
    assert await on_sqlite.line.seen(["a", "b"]) == {"a"}
    await on_sqlite.line.hide("a")
    await on_sqlite.line.hide("a")
    assert not on_sqlite.line.shows("a")
    assert await on_sqlite.line.seen(["a"]) == set()
    await on_sqlite.line.close()
    assert await on_sqlite.line.show("a") is False


async def test_on_one_sqlite_file_processes_see_each_other_and_leave_nothing_behind(tmp_path: Path) -> None:
    url = await new_file(tmp_path / "firstcall.db")
    first, second = await engine.open(url), await engine.open(url)
    assert await first.line.show("a")
    assert await second.line.show("b")
    assert await first.line.seen(["a", "b", "c"]) == await second.line.seen(["a", "b", "c"]) == {"a", "b"}
    await first.close()
    assert await second.line.seen(["a", "b"]) == {"b"}
    await second.close()
    assert await asyncio.to_thread(os.listdir, tmp_path) == ["firstcall.db"]


async def test_on_sqlite_a_process_that_was_killed_is_known_at_once(tmp_path: Path) -> None:
    here = tmp_path / "firstcall.db-here"
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WAITS_TO_BE_KILLED, str(here), stdin=pipe, stdout=pipe
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"shown\n"
    badges = Badges(here)
    assert badges.seen(["a"]) == {"a"}
    process.kill()
    await process.wait()
    assert badges.seen(["a"]) == set()
    assert list(here.iterdir()) == []


def test_where_a_file_is_in_the_way_of_the_folder_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "here").write_bytes(b"")
    with pytest.raises(Unwritable, match="no file can be made"):
        Badges(tmp_path / "here").show("a")


def test_where_files_cannot_be_locked_everybody_may_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fcntl", None)  # as on Windows
    badges = Badges(tmp_path / "here")
    badges.show("a")
    badges.close()
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "dead").write_bytes(b"")
    assert badges.seen(["a", "dead"]) == {"dead"}
