"""The program on a fake Discord: the real client, the real desk, the real database, a clock that tests move."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.app import Furnish, House
from bot.on_console.clock import MovableClock
from bot.on_discord.client import DiscordSurface
from bot.settings import App, Secret, Settings
from bot.settings.model import Discord
from cogs import catalogue
from storage import engine
from storage.stores.base import PEOPLE
from tests.fakes.discord.server import FakeDiscord

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


class Program:
    """One running process. `restart` is a new one on the same database."""

    def __init__(
        self,
        fake: FakeDiscord,
        folder: Path,
        *,
        furnish: Furnish = catalogue.furnish,
        now: datetime = MONDAY,
        url: str = "sqlite://",
        **discord: object,
    ) -> None:
        self.fake = fake
        self.clock = MovableClock(now)
        self._furnish = furnish
        self._url = url
        given: dict[str, object] = {"token": Secret(fake.token), "api_base_url": fake.api_url, **discord}
        self.settings = Settings(app=App(data_dir=folder), discord=Discord(**given))  # type: ignore[arg-type]
        self._storage: engine.Storage | None = None
        self._stop = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self.house: House
        self.surface: DiscordSurface

    async def prepare(self) -> Program:
        """Everything but listening."""
        if self._storage is None:
            self._storage = await engine.open(self._url)
        made: list[DiscordSurface] = []

        def senders(tools: object, desk: object, guests: object) -> list[DiscordSurface]:
            made.append(DiscordSurface(settings=self.settings, tools=tools, desk=desk, guests=guests))  # type: ignore[arg-type]
            return made

        self.house = await House.open(
            self.settings, self.clock, senders, storage=self._storage, alone=True, furnish=self._furnish
        )
        self.surface = made[0]
        await self._storage.listen(PEOPLE, self.house.guests.forget)  # as `bot.app` does
        self.house.guests.remember()
        return self

    async def start(self, *, wait: bool = True) -> Program:
        await self.prepare()
        return await self.listen(wait=wait)

    async def listen(self, *, wait: bool = True) -> Program:
        """Connect, with what was prepared."""
        self._stop = asyncio.Event()
        self.fake.gateway.ready.clear()
        self._running = asyncio.create_task(self.surface.run(self._stop))
        if wait:
            await self.ready()
        return self

    async def ready(self, within: float = 10.0) -> None:
        """Until the gateway has been told everything, or the surface gave up (and then this raises)."""
        assert self._running is not None
        ready = asyncio.create_task(self.fake.gateway.ready.wait())
        done, _ = await asyncio.wait({ready, self._running}, timeout=within, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._running in done:
            self._running.result()
        assert done, "the surface did not connect"

    async def stop(self) -> None:
        """Stop listening; the database stays."""
        self._stop.set()
        if self._running is not None:
            await self._running
            self._running = None

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def close(self) -> None:
        await self.stop()
        if self._storage is not None:
            await self._storage.close()
            self._storage = None

    async def __aenter__(self) -> Program:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def deliver(self) -> int:
        """Everything that is due now."""
        return await self.house.courier.deliver_due()
