"""A flood on Telegram: one kind word, then silence; a press still gets its alert, which is no message."""

from __future__ import annotations

import pytest

from bot.desk.flood import Flood
from tests.bot.on_telegram.test_private import tell
from tests.fakes.telegram.rig import Rig


@pytest.fixture
async def strict(rig: Rig) -> Rig:
    """Two requests at once, and then one in ten seconds."""
    rig.house.desk._flood = Flood(6, 0)
    return rig


async def test_in_private_one_word_is_said_and_no_more(strict: Rig) -> None:
    ada = strict.world.person("Ada")
    for _ in range(8):
        await strict.world.say(ada, "/help")
    await strict.settled()
    posts = [post.words for post in strict.world.posted(ada)]
    assert sum("a lot at once" in words for words in posts) == 1
    assert len(posts) == 3
    await tell(strict, ada, "/help")
    assert len(strict.world.posted(ada)) == 3


async def test_a_press_in_a_group_is_answered_by_an_alert_each_time(strict: Rig) -> None:
    ada = strict.world.person("Ada", started=True)
    room = strict.world.group("Leeds deps", ada)
    await strict.world.add_bot(room, ada)
    strict.house.desk._flood = None
    await tell(strict, ada, "/tz Europe/London")
    await strict.world.say(ada, "/stall bass, Sat 28 Nov 19:30, £220", room)
    await strict.settled()
    card = strict.world.find(room, lambda post: bool(post.buttons()))
    strict.house.desk._flood = Flood(3, 0)
    bob = strict.world.person("Bob")
    label = str(card.buttons()[0]["text"])
    before = len(strict.world.posted(room))
    for _ in range(4):
        await strict.world.press(bob, card, label)
        await strict.settled()
    held = [text for text in strict.world.alerts(bob) if "a lot at once" in text]
    assert len(held) == 3
    assert len(strict.world.posted(room)) <= before + 1
