"""Stories told on Discord and Telegram at once: in one process, and in two on one PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import Postgres
from tests.fakes.both import Apart, Both, BothPlayer
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram.server import BotApi

STORIES = {
    path.stem: path.read_text("utf-8")
    for path in sorted((Path(__file__).parents[2] / "stories" / "both").glob("*.script"))
}


@pytest.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as running:
        yield running
        assert running.violations == []


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as running:
        yield running
    assert running.wrong == []


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("story", STORIES)
async def test_the_story_goes_on_both_at_once_as_it_is_told(
    story: str, processes: int, fake: FakeDiscord, api: BotApi, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = "sqlite://"
    if processes == 2:
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.url(await postgres.migrated())
    both = Both(fake, api, tmp_path, url, processes=processes)
    player = BothPlayer(fake, both)  # a server that is there before the bot connects
    await both.start()
    try:
        await player.play(STORIES[story])
    finally:
        await both.close()

    assert not player.failed, "\n" + "\n".join(player.failed)
    assert fake.pings == []


async def test_two_processes_of_their_own_tell_it_too(
    fake: FakeDiscord, api: BotApi, tmp_path: Path, postgres: Postgres
) -> None:
    both = Apart(fake, api, tmp_path, postgres.url(await postgres.migrated()))
    player = BothPlayer(fake, both)
    await both.start()
    try:
        await player.play(STORIES["board"])
    finally:
        await both.close()

    assert not player.failed, "\n" + "\n".join(player.failed)
