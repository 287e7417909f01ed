"""Updates that are pushed: through a web server of the program's own, to one process or to several."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession
from telegram import Update

from bot import app, supervisor
from bot.on_web.server import WebServer
from bot.settings import Web
from bot.settings.kinds import Listen
from bot.settings.model import TelegramMode
from storage.faults import Unreachable
from storage.stores.app_state import AppStore
from tests.bot.on_telegram.conftest import market
from tests.fakes.telegram.rig import Rig
from tests.fakes.telegram.server import BotApi

SECRET = {"X-Telegram-Bot-Api-Secret-Token": "a-secret-of-the-tests"}


@pytest.fixture
async def pushed(api: BotApi, tmp_path: Path) -> AsyncIterator[tuple[Rig, str]]:
    """A program that is pushed to, and the address of its own web server behind the imagined proxy."""
    rig = await Rig.open(api, tmp_path, furnish=market, mode=TelegramMode.WEBHOOK)

    async def fine() -> dict[str, str]:
        return {"database": "ok"}

    server, stop = WebServer(Listen("127.0.0.1", 0), states=fine, hook=rig.surface.hook), asyncio.Event()
    serving = asyncio.create_task(server.run(stop))
    await server.listening.wait()
    await _until_announced(rig)
    yield rig, f"http://127.0.0.1:{server.port}/telegram/updates"
    stop.set()
    await serving
    await rig.close()


async def test_a_pushed_update_is_done_once_however_often_it_comes(pushed: tuple[Rig, str]) -> None:
    rig, url = pushed
    ada = rig.world.person("Ada")
    update = await rig.world.say(ada, "/psst")

    async with ClientSession() as telegram:
        for _ in range(3):
            async with telegram.post(url, json=update, headers=SECRET) as answer:
                assert answer.status == 200
    await rig.surface.settled()

    assert sum("£999" in post.words for post in rig.world.posted(ada)) == 1
    assert rig.api.webhook["secret_token"] == "a-secret-of-the-tests"
    assert set(rig.api.webhook["allowed_updates"]) == {"message", "callback_query", "my_chat_member"}
    assert rig.surface.healthy()


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b"{}", 403),
        ({"X-Telegram-Bot-Api-Secret-Token": "wrong"}, b"{}", 403),
        ({"X-Telegram-Bot-Api-Secret-Token": "w\u00f6rng"}, b"{}", 403),
        (SECRET, b"not json", 400),
        (SECRET, b"[1]", 400),
        (SECRET, b'{"message": 5}', 400),
        (SECRET, b"x" * (600 * 1024), 413),
    ],
)
async def test_what_is_no_update_of_telegram_is_turned_away(
    pushed: tuple[Rig, str], headers: dict[str, str], body: bytes, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    _, url = pushed

    async with ClientSession() as stranger, stranger.post(url, data=body, headers=headers) as answer:
        assert answer.status == status

    assert "not json" not in caplog.text


@pytest.mark.parametrize(
    ("headers", "body", "well"),
    [
        ({}, b'{"update_id": 1}', False),
        ({"X-Telegram-Bot-Api-Secret-Token": "wrong"}, b'{"update_id": 1}', False),
        (SECRET, b"no update", False),
        (SECRET, b'{"update_id": 1}', True),
    ],
)
async def test_only_what_telegram_itself_pushes_is_a_sign_that_it_is_well(
    pushed: tuple[Rig, str], headers: dict[str, str], body: bytes, well: bool
) -> None:
    rig, url = pushed
    before = rig.surface._good_at
    async with asyncio.timeout(10):
        while rig.surface._good_at == before:  # noqa: ASYNC110  # its answer to being told the address is on the way
            await asyncio.sleep(0.005)
    rig.surface._good_at = None  # and then nothing for a while

    async with ClientSession() as stranger, stranger.post(url, data=body, headers=headers) as answer:
        assert (answer.status == 200) is well

    assert rig.surface.healthy() is well


async def test_while_nobody_listens_telegram_is_asked_to_come_again(pushed: tuple[Rig, str]) -> None:
    rig, url = pushed
    rig._stop.set()
    assert rig._running is not None
    await rig._running

    async with ClientSession() as telegram, telegram.post(url, json={}, headers=SECRET) as answer:
        assert answer.status == 503


async def test_who_polls_has_no_such_door(rig: Rig) -> None:
    async def fine() -> dict[str, str]:
        return {"database": "ok"}

    server, stop = WebServer(Listen("127.0.0.1", 0), states=fine, hook=rig.surface.hook), asyncio.Event()
    serving = asyncio.create_task(server.run(stop))
    await server.listening.wait()
    url = f"http://127.0.0.1:{server.port}/telegram/updates"
    async with ClientSession() as stranger, stranger.post(url, json={}, headers=SECRET) as answer:
        assert answer.status == 404
    stop.set()
    await serving


async def test_two_processes_on_one_database_share_updates(api: BotApi, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/one.db"
    first = await Rig.open(api, tmp_path, furnish=market, url=url, mode=TelegramMode.WEBHOOK)
    second = await Rig.open(api, tmp_path, furnish=market, url=url, mode=TelegramMode.WEBHOOK)
    try:
        ada = api.world.person("Ada", started=True)
        update = await api.world.say(ada, "/psst")
        for rig in (first, second, first):
            await _until_announced(rig)
            assert rig.surface._updates is not None
            await rig.surface._updates.put(_update(update))
        await first.surface.settled()
        await second.surface.settled()
        assert len(api.world.posted(ada)) == 1
    finally:
        await first.close()
        await second.close()


@pytest.fixture
async def pair(api: BotApi, tmp_path: Path) -> AsyncIterator[tuple[Rig, Rig]]:
    """Two programs on one database, both pushed to."""
    url = f"sqlite:///{tmp_path}/one.db"
    both = [await Rig.open(api, tmp_path, furnish=market, url=url, mode=TelegramMode.WEBHOOK) for _ in range(2)]
    for rig in both:
        await _until_announced(rig)
    yield both[0], both[1]
    for rig in both:
        await rig.close()


async def _push(rig: Rig, update: dict[str, Any]) -> None:
    assert rig.surface._updates is not None
    await rig.surface._updates.put(_update(update))


async def test_what_a_killed_process_had_in_hand_another_does_when_it_is_pushed_again(
    pair: tuple[Rig, Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = pair
    ada = first.world.person("Ada", started=True)
    update = await first.world.say(ada, "/psst")
    begun = asyncio.Event()

    async def never_ends(_: Update) -> None:
        begun.set()
        await asyncio.Event().wait()

    assert first.surface._updates is not None
    monkeypatch.setattr(first.surface._updates, "_handle", never_ends)
    killed = asyncio.create_task(_push(first, update))
    await begun.wait()
    await _push(second, update)  # no answer came, so Telegram pushes again
    assert len(first.world.posted(ada)) == 1
    await _push(second, update)
    assert len(first.world.posted(ada)) == 1
    killed.cancel()
    for task in first.surface._updates._tasks.values():
        task.cancel()


async def test_two_processes_that_do_the_same_at_once_do_it_once(
    pair: tuple[Rig, Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both begin, since each took the other for dead; the second one's transaction does not stand."""
    first, second = pair
    ada = first.world.person("Ada", started=True)
    update = await first.world.say(ada, "hello")
    begun, together = asyncio.Event(), asyncio.Barrier(2)

    def writes(rig: Rig) -> Any:
        async def handle(_: Update) -> None:
            async with rig.house.tools.open_work() as work:
                if rig is first:
                    begun.set()
                    await together.wait()
                await work.app.set_value("n", str(int(await work.app.value("n") or 0) + 1))
                await work.commit()

        return handle

    for rig in pair:
        assert rig.surface._updates is not None
        monkeypatch.setattr(rig.surface._updates, "_handle", writes(rig))
    slow = asyncio.create_task(_push(first, update))
    await begun.wait()
    await _push(second, update)
    await together.wait()
    await slow
    async with first.house.storage.open_work(reading=True) as work:
        assert await work.app.value("n") == "1"


async def test_a_later_update_waits_for_an_earlier_one_in_another_process(
    pair: tuple[Rig, Rig], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = pair
    ada, bob = first.world.person("Ada", started=True), first.world.person("Bob", started=True)
    updates = [await first.world.say(who, "hello") for who in (ada, ada, bob)]
    done: list[int] = []
    begun, hold = asyncio.Event(), asyncio.Event()

    async def slowly(update: Update) -> None:
        begun.set()
        await hold.wait()
        done.append(update.update_id)

    async def quickly(update: Update) -> None:
        done.append(update.update_id)

    for rig, handle in ((first, slowly), (second, quickly)):
        assert rig.surface._updates is not None
        monkeypatch.setattr(rig.surface._updates, "_handle", handle)
    early = asyncio.create_task(_push(first, updates[0]))
    await begun.wait()
    late = asyncio.create_task(_push(second, updates[1]))
    await _push(second, updates[2])
    assert done == [updates[2]["update_id"]]
    hold.set()
    await asyncio.gather(early, late)
    assert done == [updates[n]["update_id"] for n in (2, 0, 1)]


async def test_while_the_database_is_away_telegram_is_asked_to_come_again(
    pushed: tuple[Rig, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rig, url = pushed
    ada = rig.world.person("Ada", started=True)
    update = await rig.world.say(ada, "/psst")
    real = AppStore.take_updates

    async def away(*_: object) -> None:
        raise Unreachable("the database server does not answer")

    monkeypatch.setattr(AppStore, "take_updates", away)
    async with ClientSession() as telegram:
        async with telegram.post(url, json=update, headers=SECRET) as answer:
            assert answer.status == 503
        assert rig.world.posted(ada) == []
        monkeypatch.setattr(AppStore, "take_updates", real)
        async with telegram.post(url, json=update, headers=SECRET) as answer:
            assert answer.status == 200
    assert len(rig.world.posted(ada)) == 1


async def test_a_process_of_telegram_alone_has_the_door_itself(
    api: BotApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stops: list[asyncio.Event] = []
    monkeypatch.setattr(supervisor, "stop_on_signals", stops.append)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = replace(
        Rig(api, "", tmp_path, market, TelegramMode.WEBHOOK).settings, web=Web(listen=Listen("127.0.0.1", port))
    )
    running = asyncio.create_task(app._run(settings, frozenset({"telegram"}), market))
    ada, url = api.world.person("Ada"), f"http://127.0.0.1:{port}/telegram/updates"
    update = await api.world.say(ada, "/psst")

    async with ClientSession() as telegram, asyncio.timeout(20):
        while not api.world.posted(ada):
            with contextlib.suppress(ClientError):  # it has not begun to listen
                await telegram.post(url, json=update, headers=SECRET)
            await asyncio.sleep(0.02)
    stops[0].set()

    assert await running == 0
    assert ["£999" in post.words for post in api.world.posted(ada)] == [True]


async def _until_announced(rig: Rig) -> None:
    while rig.surface._webhook is None:
        await asyncio.sleep(0)
        assert rig._running is not None
        assert not rig._running.done(), rig._running.result()


def _update(entry: dict[str, Any]) -> Update:
    update = Update.de_json(entry)
    assert update is not None
    return update
