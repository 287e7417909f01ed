"""Setting up a group: what the bot lacks, by Telegram's own names, and rights of this moment."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.records.people import Community, Identity
from tests.bot.on_telegram.groups import say
from tests.fakes.telegram.rig import MONDAY, Rig
from tests.fakes.telegram.server import BotApi
from tests.fakes.telegram.world import Account, Room


@pytest.fixture
async def rig(api: BotApi, tmp_path: Path) -> AsyncIterator[Rig]:
    """The program with everything in it."""
    whole = await Rig.open(api, tmp_path)
    yield whole
    await whole.close()


async def test_what_the_bot_lacks_is_said_with_how_it_is_given(rig: Rig, ada: Account, room: Room) -> None:
    await say(rig, ada, "/setup health", room)
    assert any("I have every right I need" in post.words for post in rig.world.posted(ada))

    async with rig.house.tools.open_work(reading=True) as work:
        channel = await work.communities.channel("telegram", str(room.id))
    assert channel is not None
    room.bot_writes = False
    lacks = await rig.surface.missing_rights(channel)
    assert lacks is not None
    assert [one.right for one in lacks] == ["Send Messages", "Photos and Files"]
    assert "allow Send Messages" in lacks[0].how
    room.bot_in = False
    assert [one.right for one in await rig.surface.missing_rights(channel) or ()] == ["membership"]


async def test_how_somebody_stands_is_asked_of_telegram_itself(rig: Rig, ada: Account, room: Room) -> None:
    place = Community(id=1, surface="telegram", account=str(room.id), name="Leeds deps", made_at=MONDAY)

    def who(account: Account) -> Identity:
        return Identity(surface="telegram", account=str(account.id), person_id=1, name="x", seen_at=MONDAY)

    mine = await rig.surface.standing(place, who(ada))
    assert mine is not None
    assert mine.moderator

    room.members[ada.id] = "member"
    mine = await rig.surface.standing(place, who(ada))
    assert mine is not None
    assert not mine.moderator
    assert mine.member


async def test_a_form_is_not_handed_in_by_who_administers_no_more(rig: Rig, ada: Account, room: Room) -> None:
    await say(rig, ada, "/gig drums, Sat 28 Nov 19:30, Leeds, £220, function", room)
    await rig.world.say(ada, "/mod remove G1")
    await rig.settled()
    assert "What is the reason" in rig.world.last(ada).words

    room.members[ada.id] = "member"
    await rig.world.say(ada, "because")
    await rig.settled()

    assert "Only moderators" in rig.world.last(ada).words
