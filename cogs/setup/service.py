"""Use cases of setting a community up, one Work each."""

from __future__ import annotations

import re

from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.faults import Misread, NotAllowed, NotFound
from cogs.kit.undo import offer_undo
from storage.records.people import Channel
from storage.work import OpenWork

_MENTION = re.compile(r"<#(\d+)>|#?(\S.*)")


async def channels(open_work: OpenWork, call: Call) -> list[Channel]:
    """The channels of the caller's community that are known and still there, in the order they became known."""
    async with open_work(reading=True) as work:
        return [one for one in await work.communities.channels_of(_community(call)) if one.is_there]


async def named(open_work: OpenWork, call: Call, said: str | None) -> Channel:
    """The channel meant: by name, by the platform's own mention, or (None) the one the caller is in.

    Raises Misread when it is not known.
    """
    known = await channels(open_work, call)
    if said is None:
        here = next((one for one in known if one.id == call.place.channel_id), None)
        if here is None:
            raise Misread("Which channel? Say it there, or name it.", example="gigs", field="channel")
        return here
    found = _MENTION.fullmatch(said.strip())
    address, name = (found[1], found[2]) if found else (None, None)
    for one in known:
        if address is not None and one.address == address:
            return one
        if name is not None and one.name.removeprefix("#").casefold() == name.casefold():
            return one
    raise Misread(
        f"I do not know a channel called {name or said} here yet. Use /setup channels in it once.",
        example=known[0].name if known else "gigs",
        field="channel",
    )


async def hang_cards(open_work: OpenWork, call: Call, channel_id: int, on: bool) -> tuple[Channel, bool]:
    """Let gig cards be hung in a channel, or no longer; the channel, and whether that changed anything.

    Raises NotFound for a channel that is not of the caller's community.
    """
    community_id = _community(call)
    async with open_work() as work:
        channel = await work.communities.channel_by_id(channel_id)
        if channel is None or channel.community_id != community_id:
            raise NotFound("channel", list_command="/setup channels")
        if channel.board is on:
            return channel, False
        changed = await work.communities.change_channel(channel_id, board=on)
        if not on:
            await offer_undo(work, call, f"{changed.label} is no board", action("setup.use", channel_id))
        await work.commit()
    return changed, True


def _community(call: Call) -> int:
    if call.community_id is None:
        raise NotAllowed("That belongs to a community.", how="Use it in your server or group.")
    return call.community_id
