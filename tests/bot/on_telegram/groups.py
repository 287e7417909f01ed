"""What tests of groups say and look up."""

from __future__ import annotations

from typing import Any

from storage.records.people import Channel, Community
from tests.fakes.telegram.rig import Rig
from tests.fakes.telegram.world import Account, Post, Room

STALL = "/stall bass, Sat 28 Nov 19:30, £220"
GIG = "/gig bass, Sat 28 Nov 19:30, Leeds, £220"


async def say(rig: Rig, who: Account, text: str, room: Room, **extra: Any) -> list[Post]:
    """Say something in a group; what the bot wrote there because of it."""
    before = {post.id for post in rig.world.posted(room)}
    await rig.world.say(who, text, room, **extra)
    await rig.settled()
    return [post for post in rig.world.posted(room) if post.id not in before]


async def press(rig: Rig, who: Account, post: Post, label: str) -> None:
    await rig.world.press(who, post, label)
    await rig.settled()


async def community(rig: Rig, room: Room) -> Community:
    async with rig.house.tools.open_work(reading=True) as work:
        found = await work.communities.at("telegram", str(room.id))
    assert found is not None
    return found


async def channel(rig: Rig, address: str) -> Channel:
    async with rig.house.tools.open_work(reading=True) as work:
        found = await work.communities.channel("telegram", address)
    assert found is not None
    return found


def leading(post: Post) -> str:
    """The token of the way into the private chat that a message shows."""
    url = post.button("Continue in private")["url"]
    assert url.startswith("https://t.me/FirstCallBot?start=")
    return str(url.partition("=")[2])
