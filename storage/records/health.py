"""How well a community is served: what could not be posted there, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.records.people import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Messages to one channel that were not taken, for one reason. last: when it happened last."""

    channel_id: int
    channel: str
    trouble: str
    count: int
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What is known without asking a platform.

    paused: channels in which posts were refused, and are until that is mended. failed: what was lost since a moment.
    waiting: messages that wait for a channel. closed: members who take no private messages from the bot.
    """

    paused: tuple[Channel, ...] = ()
    failed: tuple[Failed, ...] = ()
    waiting: int = 0
    closed: int = 0

    @property
    def well(self) -> bool:
        """Whether there is nothing that a moderator could mend."""
        return not (self.paused or self.failed)
