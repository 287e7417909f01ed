"""The whole program with its Telegram surface listening to the fake, on a clock that is moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from bot.app import Furnish, House
from bot.desk.desk import Desk
from bot.desk.guests import Guests
from bot.desk.surface import Sender
from bot.on_telegram.application import TelegramSurface
from bot.settings import App, Secret, Settings
from bot.settings.model import Telegram, TelegramMode
from cogs import catalogue
from cogs.kit.tools import Tools
from storage.engine import Storage
from tests.conftest import MovableClock
from tests.fakes.telegram.server import TOKEN, BotApi
from tests.fakes.telegram.world import World

#: Monday morning in a week in which nothing odd happens.
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


class Rig:
    """A program that can be stopped and started again on the same database, and the world around it."""

    def __init__(self, api: BotApi, url: str, data_dir: Path, furnish: Furnish, mode: TelegramMode) -> None:
        self.api = api
        self.clock = MovableClock(MONDAY)
        self._url = url
        self._furnish = furnish
        self.settings = Settings(
            app=App(data_dir=data_dir),
            telegram=Telegram(
                token=Secret(TOKEN),
                api_base_url=api.api_url,
                file_base_url=api.file_url,
                mode=mode,
                webhook_url="https://bot.example.org/telegram/updates",
                webhook_secret=Secret("a-secret-of-the-tests"),
            ),
        )
        self._kept: Storage | None = None
        self._stop = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self.house: House
        self.surface: TelegramSurface

    @property
    def world(self) -> World:
        return self.api.world

    @classmethod
    async def open(
        cls,
        api: BotApi,
        data_dir: Path,
        *,
        furnish: Furnish = catalogue.furnish,
        url: str = "sqlite://",
        mode: TelegramMode = TelegramMode.POLLING,
    ) -> Rig:
        """Start it on a database in memory, which restarts hand on."""
        rig = cls(api, url, data_dir, furnish, mode)
        await rig.start()
        return rig

    async def start(self) -> None:
        def senders(tools: Tools, desk: Desk, guests: Guests) -> Iterable[Sender]:
            self.surface = TelegramSurface(settings=self.settings, tools=tools, desk=desk, guests=guests)
            return [self.surface]

        self.house = await House.open(
            self.settings,
            self.clock,
            senders,
            url=self._url,
            storage=self._kept,
            alone=True,
            furnish=self._furnish,
        )
        self._kept, self.house.keeps_storage = self.house.storage, True
        self._stop = asyncio.Event()
        self._running = asyncio.create_task(self.surface.run(self._stop))

    async def stop(self) -> None:
        self._stop.set()
        if self._running is not None:
            await self._running
        await self.surface.close()
        await self.house.stop()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def close(self) -> None:
        await self.stop()
        if self._kept is not None:
            await self._kept.close()

    async def settled(self) -> None:
        """Until the bot has dealt with everything, and delivered what is due."""
        assert self._running is not None
        taking = asyncio.ensure_future(self.api.taken())
        try:
            await asyncio.wait({taking, self._running}, return_when=asyncio.FIRST_COMPLETED)
            if self._running.done():
                self._running.result()
            await taking
        finally:
            taking.cancel()
        await self.surface.settled()
        await self.house.courier.deliver_due()
