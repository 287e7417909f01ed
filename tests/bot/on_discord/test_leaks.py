"""A whole story through Discord with the log turned up: no token in it, and nothing that people said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.listening import BEGINNING, STORY, listening, personal_words
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.player import Player
from tests.fakes.discord.program import Program


@pytest.mark.parametrize("lifted", [False, True])
async def test_a_whole_story_leaves_no_token_and_no_word_in_the_log(
    lifted: bool, fake: FakeDiscord, tmp_path: Path
) -> None:
    program = Program(fake, tmp_path)
    with listening(program.settings, lifted=lifted) as heard:
        async with program:
            player = Player(fake, program)
            await player.play(BEGINNING if lifted else STORY)
    assert not player.failed
    text = heard.getvalue()
    assert len(fake.interactions) >= 2
    assert fake.token not in text
    assert [token for token in fake.interactions if token in text] == []
    if lifted:
        assert "***" in text, "the library does write tokens into its log, and they were blanked there"
    else:
        assert '"logger": "bot' in text
        assert personal_words(text) == set()
