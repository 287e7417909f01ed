"""What only a platform can say, at this moment: what the bot may do in a channel, and how somebody stands in a group.

Our own records remember both; where it matters, who may do what is asked anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from storage.records.people import Channel, Community, Identity


@dataclass(frozen=True, slots=True)
class Missing:
    """A right that the bot lacks in a channel, as the platform calls it, and how a moderator gives it."""

    right: str
    how: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands in a community: whether they belong, and whether they moderate."""

    member: bool
    moderator: bool = False


class Places(Protocol):
    """Asks the platforms. None everywhere: nobody could say just now."""

    async def missing(self, channel: Channel) -> tuple[Missing, ...] | None:
        """What the bot lacks to hang, change and close cards there, the most needed first; () when all is well."""
        ...

    async def standing(self, community: Community, identity: Identity) -> Standing | None:
        """How the account stands in the community of its platform."""
        ...


class Nowhere:
    """No platform is there to be asked."""

    async def missing(self, channel: Channel) -> tuple[Missing, ...] | None:
        """Nobody can say."""
        return None

    async def standing(self, community: Community, identity: Identity) -> Standing | None:
        """Nobody can say."""
        return None
