"""Every story of `tests/stories`, told through Telegram: private chats, and groups for its channels."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.telegram.player import Player
from tests.fakes.telegram.rig import Rig
from tests.fakes.telegram.server import BotApi

_STORIES = Path(__file__).parents[2] / "stories"
STORIES = {path.stem: path for path in sorted(_STORIES.glob("*.script"))}


@pytest.mark.parametrize("place", ["group", "topics"])
@pytest.mark.parametrize("story", STORIES)
async def test_the_story_goes_on_telegram_as_it_is_told(story: str, place: str, api: BotApi, tmp_path: Path) -> None:
    rig = await Rig.open(api, tmp_path)
    try:
        await Player(rig, topics=place == "topics").play(STORIES[story].read_text("utf-8"))
    finally:
        await rig.close()
