"""What the bot may do in a channel, worked out as Discord does it (documentation, Permissions), and its refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.discord.interactions import Refusal
from tests.fakes.discord.world import THREAD, Channel

if TYPE_CHECKING:
    from tests.fakes.discord.server import FakeDiscord

MANAGE_CHANNELS, VIEW, SEND, ATTACH = 1 << 4, 1 << 10, 1 << 11, 1 << 15
MANAGE_THREADS, SEND_IN_THREADS, CREATE_EVENTS = 1 << 34, 1 << 38, 1 << 44


def rights_in(fake: FakeDiscord, place: Channel) -> int:
    """The bot's rights: those of everybody in the server, with what the channel takes away and gives."""
    if place.guild_id is None or place.guild_id not in fake.guilds:
        return ~0
    guild = fake.guilds[place.guild_id]
    if place.type == THREAD and place.parent_id is not None:
        place = fake.channels[place.parent_id]
    rights = guild.permissions
    for target in (guild.id, fake.bot.id):
        for one in place.overwrites:
            if one["id"] == str(target):
                rights = rights & ~int(one["deny"]) | int(one["allow"])
    return rights


def need_right(fake: FakeDiscord, place: Channel, *rights: int) -> None:
    """Refuse what the bot may not do: a channel that it does not see, or a right that it lacks there."""
    has = rights_in(fake, place)
    if not has & VIEW:
        raise Refusal(403, 50001, "Missing Access")
    if any(not has & one for one in rights):
        raise Refusal(403, 50013, "Missing Permissions")


def taken_away(holder: int, *rights: int) -> dict[str, object]:
    """An overwrite of a channel by which somebody loses rights. holder: the id of the bot, or of the server for all."""
    denied = 0
    for one in rights:
        denied |= one
    return {"id": str(holder), "type": 0, "allow": "0", "deny": str(denied)}
