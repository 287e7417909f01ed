"""Getting updates: polled and pushed, repeated, out of turn, refused, and with two who listen."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from telegram import Update

from bot.desk.surface import Hopeless
from bot.logs import TextLines
from bot.on_telegram.updates import Updates
from bot.on_web.server import WebServer
from bot.settings.kinds import Listen
from bot.settings.model import TelegramMode
from tests.bot.on_telegram.conftest import market
from tests.fakes.telegram.rig import Rig
from tests.fakes.telegram.server import TOKEN, BotApi, Refusal

SECRET = {"X-Telegram-Bot-Api-Secret-Token": "a-secret-of-the-tests"}


async def test_an_update_that_comes_twice_is_done_once(rig: Rig) -> None:
    ada = rig.world.person("Ada")

    update = await rig.world.say(ada, "/psst")
    await rig.world.push_again(update)
    await rig.settled()
    await rig.restart()
    await rig.world.push_again(update | {})
    await rig.world.say(ada, "/start")
    await rig.settled()

    assert sum("£999" in post.words for post in rig.world.posted(ada)) == 1


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


async def test_one_persons_doings_stay_in_order_and_hold_up_nobody_else(rig: Rig) -> None:
    begun: list[int] = []
    done: list[int] = []
    hold, passed = asyncio.Event(), asyncio.Event()

    async def handle(update: Update) -> None:
        begun.append(update.update_id)
        if update.update_id == 1:
            await hold.wait()
        done.append(update.update_id)
        if update.update_id == 3:
            passed.set()

    updates = Updates(rig.house.tools, handle)
    ada, bob = rig.world.person("Ada"), rig.world.person("Bob")
    for number, who in ((1, ada), (2, ada), (3, bob)):
        entry = rig.world.message(who, rig.world.rooms[who.id], "hi")
        await updates.put(_update({"update_id": number, "message": entry}))
    await passed.wait()
    assert begun == [1, 3]
    hold.set()
    await updates.settled()
    assert done == [3, 1, 2]


async def test_an_update_that_breaks_something_costs_no_other(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    ada = rig.world.person("Ada")

    async def handle(update: Update) -> None:
        if update.update_id == 1:
            raise ValueError("broken")
        caplog.records.clear()

    updates = Updates(rig.house.tools, handle)
    for number in (1, 2):
        entry = rig.world.message(ada, rig.world.rooms[ada.id], "hi")
        await updates.put(_update({"update_id": number, "message": entry}))
    await updates.settled()
    assert caplog.records == []


async def test_a_token_refused_in_the_middle_is_seen_and_listening_starts_again(rig: Rig) -> None:
    ada = rig.world.person("Ada")
    await rig.world.say(ada, "/start")
    await rig.settled()
    assert rig.surface.healthy()

    rig.api.fail("getUpdates", refusal=Refusal(401, "Unauthorized"))
    await rig.world.say(ada, "/psst")
    assert rig._running is not None
    with pytest.raises(RuntimeError, match="poller"):
        await asyncio.wait_for(rig._running, 10)

    rig._running = asyncio.create_task(rig.surface.run(rig._stop))  # what the supervisor does
    await rig.settled()
    assert "£999" in rig.world.last(ada).words


async def test_a_token_never_taken_is_hopeless_but_one_that_was_is_not(api: BotApi, tmp_path: Path) -> None:
    api.token_good = False
    rig = await Rig.open(api, tmp_path, furnish=market)
    assert rig._running is not None
    with pytest.raises(Hopeless) as fault:
        await rig._running
    assert TOKEN not in str(fault.value)

    api.token_good = True
    rig._running = asyncio.create_task(rig.surface.run(rig._stop))
    await rig.world.say(rig.world.person("Ada"), "/start")
    await rig.settled()
    assert rig.surface.healthy()
    api.token_good = False
    await rig.world.say(rig.world.person("Bob"), "/start")  # ends the poll that waits
    with pytest.raises(RuntimeError):
        await rig._running
    with pytest.raises(RuntimeError):
        await rig.surface.run(rig._stop)
    rig._running = None
    await rig.close()


async def test_the_second_of_two_pollers_waits_for_its_turn(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    ada = rig.world.person("Ada")
    await rig.world.say(ada, "/start")
    await rig.settled()
    caplog.set_level(logging.WARNING)

    async with ClientSession() as other, other.post(
        f"{rig.api.api_url}{TOKEN}/getUpdates", data={"timeout": "0", "allowed_updates": '["message"]', "offset": "0"}
    ) as answer:  # fmt: skip
        assert answer.status == 200
    await rig.world.say(ada, "/psst")
    await rig.settled()

    assert "another process listens" in caplog.text
    assert "£999" in rig.world.last(ada).words
    assert rig._running is not None
    assert not rig._running.done()


async def test_no_line_of_the_log_holds_the_token(
    api: BotApi, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    rig = await Rig.open(api, tmp_path, furnish=market)
    ada = rig.world.person("Ada")
    api.fail("sendMessage", refusal=Refusal(401, "Unauthorized"), times=2)
    await rig.world.say(ada, "/psst")
    await rig.settled()
    api.fail("getUpdates", refusal=Refusal(401, "Unauthorized"))
    await rig.world.say(ada, "/start")
    assert rig._running is not None
    with pytest.raises(RuntimeError):
        await rig._running
    rig._running = None
    await rig.close()

    formatter = TextLines(rig.settings.secrets())
    lines = [formatter.format(one) for one in caplog.records]
    ours = [one for one in caplog.records if one.name.startswith(("bot.", "firstcall"))]
    assert any(one.name.startswith("bot.on_telegram") for one in caplog.records)
    assert not any(TOKEN in line for line in lines)
    assert not any(TOKEN in one.getMessage() for one in ours)


# --- webhook ----------------------------------------------------------------------------------------------------------


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


async def test_it_stops_at_once_when_nothing_is_going_on(rig: Rig) -> None:
    await rig.world.say(rig.world.person("Ada"), "/start")
    await rig.settled()
    began = time.monotonic()
    await rig.stop()
    assert time.monotonic() - began < 5
    await rig.start()


async def _until_announced(rig: Rig) -> None:
    while rig.surface._webhook is None:
        await asyncio.sleep(0)
        assert rig._running is not None
        assert not rig._running.done(), rig._running.result()


def _update(entry: dict[str, Any]) -> Update:
    update = Update.de_json(entry)
    assert update is not None
    return update
