"""Private chats, through python-telegram-bot and the fake."""

from __future__ import annotations

from tests.fakes.telegram.rig import Rig


async def test_start_says_hello_with_buttons(rig: Rig) -> None:
    ada = rig.world.person("Ada")

    await rig.world.say(ada, "/start")
    await rig.settled()

    hello = rig.world.last(ada)
    assert "Hello Ada" in hello.words
    assert "Help" in [one["text"] for one in hello.buttons()]
