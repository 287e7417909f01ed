"""Every story of `tests/stories`, told on Discord through the real client."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.player import STORIES, Player
from tests.fakes.discord.program import Program

#: Lines that make no sense on Discord, by story: its menus, modals and option types leave no way to say them.
UNSAYABLE: dict[str, tuple[str, ...]] = {
    # People are picked from Discord's own list, where nobody can be named who is not there.
    "profile": ("/me show @nobodyatall", "!press Cancel"),
}


@pytest.mark.parametrize("story", sorted(path.stem for path in STORIES.glob("*.script")))
async def test_the_story_goes_on_discord_as_it_is_told(fake: FakeDiscord, story: str, tmp_path: Path) -> None:
    async with Program(fake, tmp_path) as program:
        player = Player(fake, program)
        await player.play((STORIES / f"{story}.script").read_text("utf-8"))

    assert not player.failed, "\n" + "\n".join(player.failed + player.unsaid)
    unsaid = [one for one in player.unsaid if not any(known in one for known in UNSAYABLE.get(story, ()))]
    assert not unsaid, "\n" + "\n".join(unsaid)
    assert fake.pings == []
