"""What every part of this surface works with."""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.desk import Desk
from bot.on_telegram.callers import Callers
from bot.on_telegram.links import Links
from bot.on_telegram.sender import Sender
from cogs.kit.tools import Tools


@dataclass(slots=True)
class Parts:
    """Put together once. username: the bot's own name, without the @; known once the platform has said it."""

    tools: Tools
    desk: Desk
    sender: Sender
    callers: Callers
    links: Links
    username: str = ""

    def link(self, token: str) -> str:
        """The address that opens the private chat and hands the token over."""
        return f"https://t.me/{self.username}?start={token}"
