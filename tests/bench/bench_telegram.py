"""A press on Telegram, 50 people at once: from the moment Telegram hands it out until it is acknowledged and answered.

Ours is the whole program with an SQLite file on disk, through the real python-telegram-bot; beside it a bot of nothing
but python-telegram-bot that acknowledges and writes back. Telegram is the tests' fake, in a process of its own.
"""

from __future__ import annotations

import asyncio
import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, ContextTypes

from bot.app import House
from bot.on_telegram.application import TelegramSurface
from bot.settings import App, Secret, Settings
from bot.settings.model import Telegram
from storage.stores import base
from storage.stores.notices import TOPIC
from tests.bench.table import Row, row
from tests.conftest import MovableClock
from tests.fakes.telegram.server import TOKEN, BotApi
from tests.fakes.telegram.world import BOT, Account, Post

PEOPLE = 50
#: What is pressed, turn by turn, so that every answer changes the message.
_PRESSED = ("fc:home.help:", "fc:home.help:you")

Round = dict[str, float]


def rows(scale: str) -> list[Row]:
    """p50 and p99 of the acknowledgement, and presses answered a second, beside the bare bot's."""
    rounds = 6 if scale == "small" else 40
    ours, theirs = asyncio.run(_measured(rounds))
    return [
        row(f"press acknowledged, {PEOPLE} at once, p50", _at(ours, "p50"), "ms", beside="bare PTB bot",
            beside_value=_at(theirs, "p50")),
        row(f"press acknowledged, {PEOPLE} at once, p99", _at(ours, "p99"), "ms", beside="bare PTB bot",
            beside_value=_at(theirs, "p99"), at_most=250),
        row(f"presses acknowledged and answered, {PEOPLE} at once", _at(ours, "rate"), "/s", beside="bare PTB bot",
            beside_value=_at(theirs, "rate"), at_least=0.6, of="ratio"),
    ]  # fmt: skip


def _at(found: list[Round], name: str) -> float:
    return statistics.median(one[name] for one in found)


async def _measured(rounds: int) -> tuple[list[Round], list[Round]]:
    ours: list[Round] = []
    theirs: list[Round] = []
    with tempfile.TemporaryDirectory() as folder:
        async with _ours(Path(folder)) as our_press, _theirs() as their_press:
            for number in range(rounds + 1):  # in turns, so that a busy machine slows both
                mine, other = await our_press(number), await their_press(number)
                if number:  # the first one meets everybody for the first time
                    ours.append(mine)
                    theirs.append(other)
    return ours, theirs


class _Server:
    """The fake in another process, told over a pipe."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.bench.bench_telegram"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self._read())

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def _say(self, number: int) -> Round:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{number}\n")
        self._process.stdin.flush()
        found: Round = json.loads(self._read())
        return found

    async def press(self, number: int) -> Round:
        return await asyncio.to_thread(self._say, number)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


@asynccontextmanager
async def _ours(folder: Path) -> AsyncIterator[Any]:
    server = _Server()
    settings = Settings(
        app=App(data_dir=folder),
        telegram=Telegram(
            token=Secret(TOKEN),
            api_base_url=f"http://127.0.0.1:{server.port}/bot",
            file_base_url=f"http://127.0.0.1:{server.port}/file/bot",
        ),
    )
    surfaces: list[TelegramSurface] = []

    def senders(tools: Any, desk: Any, guests: Any) -> list[TelegramSurface]:
        surfaces.append(TelegramSurface(settings=settings, tools=tools, desk=desk, guests=guests))
        return surfaces

    house = await House.open(settings, MovableClock(), senders, url=f"sqlite:///{folder}/bench.db")
    await house.storage.listen(TOPIC, house.courier.wake)  # as `bot.app` does when it runs for good
    await house.storage.listen(base.PEOPLE, house.guests.forget)
    house.guests.remember()
    gc.collect()
    gc.freeze()
    stop = asyncio.Event()
    running = asyncio.create_task(surfaces[0].run(stop))
    try:
        yield server.press
    finally:
        stop.set()
        await running
        await surfaces[0].close()
        await house.stop()
        server.close()


@asynccontextmanager
async def _theirs() -> AsyncIterator[Any]:
    server = _Server()
    bot: Application[Any, Any, Any, Any, Any, Any] = (
        ApplicationBuilder()
        .token(TOKEN)
        .base_url(f"http://127.0.0.1:{server.port}/bot")
        .concurrent_updates(64)
        .connection_pool_size(64)
        .job_queue(None)
        .build()
    )

    async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        assert query is not None
        await query.answer()
        await query.edit_message_text(f"You pressed {query.data}")

    bot.add_handler(CallbackQueryHandler(echo))
    async with bot:
        await bot.start()
        assert bot.updater is not None
        await bot.updater.start_polling(timeout=25, allowed_updates=["callback_query"])
        try:
            yield server.press
        finally:
            await bot.updater.stop()
            await bot.stop()
            server.close()


# --- the other process ------------------------------------------------------------------------------------------------


async def _serve() -> None:
    async with BotApi() as api:
        world = api.world
        people = [world.person(f"Player {number}", started=True) for number in range(PEOPLE)]
        posts = [_post(api, one) for one in people]
        print(api.port, flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            api.calls.clear()
            data, pushed = _PRESSED[int(line) % 2], {}
            began = time.monotonic()
            for who, post in zip(people, posts, strict=True):
                pushed[await world.press_data(who, post, data)] = time.monotonic()
            acknowledged: dict[str, float] = {}
            while True:
                calls = list(api.calls)
                acknowledged = {c.given["callback_query_id"]: c.at for c in calls if "callback_query_id" in c.given}
                edited = sum(c.method == "editMessageText" for c in calls)
                if len(acknowledged) >= PEOPLE and edited >= PEOPLE:
                    break
                await asyncio.sleep(0.002)
            took = sorted((acknowledged[query] - at) * 1000 for query, at in pushed.items())
            last = max(call.at for call in api.calls if call.method == "editMessageText")
            found = {"p50": took[PEOPLE // 2], "p99": took[-1], "rate": PEOPLE / (last - began)}
            print(json.dumps(found), flush=True)


def _post(api: BotApi, who: Account) -> Post:
    post = Post(who.id, api.world.count("message"), BOT, "Hello", by_bot=True)
    api.world.posts[who.id, post.id] = post
    return post


if __name__ == "__main__":
    asyncio.run(_serve())
