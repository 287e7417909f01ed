"""A whole story through Telegram with the log turned up: no token in it, and nothing that people said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.listening import BEGINNING, STORY, listening, personal_words
from tests.fakes.telegram.player import Player
from tests.fakes.telegram.rig import Rig
from tests.fakes.telegram.server import TOKEN, BotApi


@pytest.mark.parametrize("lifted", [False, True])
async def test_a_whole_story_leaves_no_token_and_no_word_in_the_log(lifted: bool, api: BotApi, tmp_path: Path) -> None:
    rig = await Rig.open(api, tmp_path)
    with listening(rig.settings, lifted=lifted) as heard:
        try:
            await Player(rig, topics=False).play(BEGINNING if lifted else STORY)
            await rig.restart()
        finally:
            await rig.close()
    text = heard.getvalue()
    assert "listening as bot" in text
    assert TOKEN not in text
    assert TOKEN.partition(":")[2] not in text
    assert "a-secret-of-the-tests" not in text
    if lifted:
        assert "/bot***" in text, "the library does write the token into its log, and it was blanked there"
    else:
        assert personal_words(text) == set()
