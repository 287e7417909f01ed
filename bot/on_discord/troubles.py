"""What Discord's refusals mean for a message that was to be sent or changed. Pure."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import discord

from bot.desk.surface import Refused, SendFault, TooFast, Unavailable, Unsure, Vanished
from storage.records.people import Channel

# Discord developer documentation, Opcodes and Status Codes, read August 2026.
UNKNOWN_CHANNEL, UNKNOWN_GUILD, UNKNOWN_MEMBER, UNKNOWN_MESSAGE = 10003, 10004, 10007, 10008
MISSING_ACCESS, CANNOT_DM, MISSING_PERMISSION, NO_MUTUAL_GUILD = 50001, 50007, 50013, 50278
TAG_REQUIRED, ARCHIVED, LOCKED, TOO_MANY_THREADS, TOO_MANY_TAGS = 40067, 50083, 160005, 160006, 30039
EDITS_TOO_OFTEN, CHANNEL_TOO_FAST, BLOCKED_BY_AUTOMOD = 30046, 20028, 200000
CARD_FOR_EVER = 50035

#: What is answered when the bot lacks a right.
RIGHTS = frozenset({MISSING_ACCESS, MISSING_PERMISSION})

_REASONS = {
    UNKNOWN_CHANNEL: Channel.GONE,
    UNKNOWN_GUILD: "the server is gone",
    UNKNOWN_MEMBER: "they are no longer in the server",
    MISSING_ACCESS: "I may not see that channel (View Channel)",
    MISSING_PERMISSION: "I may not write there (Send Messages, or Send Messages in Threads)",
    CANNOT_DM: "private messages from me are closed",
    NO_MUTUAL_GUILD: "we share no server any more",
    TAG_REQUIRED: "that forum asks for a tag, and none fits",
    LOCKED: "the thread is locked",
    TOO_MANY_THREADS: "the channel has too many open threads",
    BLOCKED_BY_AUTOMOD: "the server's AutoMod blocked the message",
}

#: How long to leave a message alone that was edited too often, in seconds.
_EDIT_AGAIN = 60.0


def fault(error: BaseException, *, redrawing: bool = False) -> SendFault:
    """The way a send ended. redrawing: a message was to be changed, so one that is gone is no refusal."""
    match error:
        case discord.RateLimited():
            return TooFast(error.retry_after)
        case discord.DiscordServerError():
            return Unavailable(f"Discord answered {error.status}")
        case discord.HTTPException():
            return _refusal(error, redrawing=redrawing)
        case aiohttp.ClientConnectorError():
            return Unavailable("Discord could not be reached")
        case aiohttp.ClientError() | OSError() | asyncio.TimeoutError():
            return Unsure("no answer came")
    return Unsure(type(error).__name__)


def _refusal(error: discord.HTTPException, *, redrawing: bool) -> SendFault:
    if redrawing and error.code in (UNKNOWN_MESSAGE, UNKNOWN_CHANNEL):
        return Vanished(str(error.code))
    if error.code in (EDITS_TOO_OFTEN, CHANNEL_TOO_FAST):
        return TooFast(_EDIT_AGAIN)
    if error.code in _REASONS:
        return Refused(_REASONS[error.code])
    if error.status == 429:
        return TooFast(_wait(error), everywhere=True)
    if error.status == 401:
        return Unavailable("the token is refused")
    if error.status == 403:
        return Refused(f"Discord forbids it ({error.code})")
    if error.status == 404:
        return Vanished(str(error.code)) if redrawing else Refused(f"there is nothing at that address ({error.code})")
    return Refused(f"Discord does not take the message ({error.code})")


def _wait(error: discord.HTTPException) -> float:
    headers: Any = getattr(error.response, "headers", {})
    try:
        return max(1.0, float(headers.get("Retry-After", 5)))
    except (TypeError, ValueError):
        return 5.0
