"""Getting updates: polled and pushed, repeated, out of turn, refused, and with two who listen."""

from __future__ import annotations

import asyncio
import logging
import time
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from telegram import Update

from bot.desk.surface import Hopeless
from bot.logs import TextLines
from bot.on_telegram.updates import Updates
from tests.bot.on_telegram.conftest import market
from tests.fakes.telegram.rig import Rig
from tests.fakes.telegram.server import TOKEN, BotApi
from tests.fakes.telegram.wire import Refusal


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


async def test_it_stops_at_once_when_nothing_is_going_on(rig: Rig) -> None:
    await rig.world.say(rig.world.person("Ada"), "/start")
    await rig.settled()
    began = time.monotonic()
    await rig.stop()
    assert time.monotonic() - began < 5
    await rig.start()


def _update(entry: dict[str, Any]) -> Update:
    update = Update.de_json(entry)
    assert update is not None
    return update
