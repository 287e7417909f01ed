"""The stories of `tests/stories`, told on Discord through the real client. There is no line that they leave out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.player import Player
from tests.fakes.discord.program import Program

HERE = Path(__file__).resolve()
#: What is said to nobody in particular: on Discord a bot does not get to read it.
UNHEARD = {"overheard"}
_STORIES = HERE.parents[2] / "stories"
STORIES = {path.stem: path.read_text("utf-8") for path in sorted(_STORIES.glob("*.script")) if path.stem not in UNHEARD}


@pytest.mark.parametrize("story", STORIES)
async def test_the_story_goes_on_discord_as_it_is_told(fake: FakeDiscord, story: str, tmp_path: Path) -> None:
    async with Program(fake, tmp_path) as program:
        player = Player(fake, program)
        await player.play(STORIES[story])

    assert not player.failed, "\n" + "\n".join(player.failed)
    assert not player.unsaid, "\n" + "\n".join(player.unsaid)
    assert fake.pings == []
