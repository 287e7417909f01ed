"""A fake Discord with a band on it, and the program running there. Every test ends with nothing refused."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.app import Furnish
from tests.bot.on_console.sample_cog import MarketCog
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.program import MONDAY, Program
from tests.fakes.discord.world import Channel, Guild, User


async def eventually(true: Callable[[], Any], within: float = 10.0) -> None:
    """Until something that events bring about is so; fails when it never is."""
    async with asyncio.timeout(within):
        while True:
            found = true()
            if await found if inspect.isawaitable(found) else found:
                return
            await asyncio.sleep(0.002)


@dataclass
class Band:
    """A server with three people in it; Ada moderates."""

    guild: Guild
    gigs: Channel
    ada: User
    bob: User
    cleo: User


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as running:
        yield running
        assert running.violations == []


@pytest.fixture
def band(fake: FakeDiscord) -> Band:
    ada, bob, cleo = (fake.add_user(name) for name in ("Ada", "Bob", "Cleo"))
    guild = fake.add_guild("The Band", "gigs", "lounge")
    guild.moderators.add(ada.id)
    return Band(guild, fake.channel("gigs"), ada, bob, cleo)


@pytest.fixture
def furnish() -> Furnish:
    return lambda tools: (MarketCog(tools),)


@pytest.fixture
async def program(fake: FakeDiscord, band: Band, tmp_path: Path, furnish: Furnish) -> AsyncIterator[Program]:
    async with Program(fake, tmp_path, furnish=furnish) as running:
        yield running


@pytest.fixture
async def programs(fake: FakeDiscord, band: Band, tmp_path: Path) -> AsyncIterator[Callable[..., Program]]:
    """Makes programs that are not started yet; all are closed at the end."""
    made: list[Program] = []

    def make(furnish: Furnish = lambda tools: (MarketCog(tools),), **about: object) -> Program:
        made.append(Program(fake, tmp_path / str(len(made)), furnish=furnish, **about))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        await one.close()


def later(hours: int) -> datetime:
    """Hours after the fake world began."""
    return MONDAY.replace(hour=MONDAY.hour + hours)
