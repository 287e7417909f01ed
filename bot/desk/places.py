"""What the platforms say about channels and people: each question goes to the surface whose place it is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from cogs.kit.places import Missing, Standing
from storage.records.people import Channel, Community, Identity

log = logging.getLogger(__name__)

#: Somebody waits for the answer, and has three seconds on Discord for all of it.
WITHIN = 1.2


@runtime_checkable
class Knows(Protocol):
    """A surface that can say what is true on its platform now."""

    name: str

    async def missing_rights(self, channel: Channel) -> tuple[Missing, ...] | None:
        """What the bot lacks in a channel to hang, change and close cards; None when it cannot be told."""

    async def standing(self, community: Community, identity: Identity) -> Standing | None:
        """How an account stands in a server or chat; None when it cannot be told."""


class Platforms:
    """The surfaces of this process. `know` is called once, when they are made: the cogs are there before."""

    def __init__(self) -> None:
        self._surfaces: dict[str, Knows] = {}

    def know(self, surfaces: Iterable[object]) -> None:
        """Ask these from now on, those of them that can say something."""
        self._surfaces |= {one.name: one for one in surfaces if isinstance(one, Knows)}

    async def missing(self, channel: Channel) -> tuple[Missing, ...] | None:
        """What the bot lacks in a channel; None when nobody could say."""
        surface = self._surfaces.get(channel.surface)
        if surface is None:
            return None
        try:
            async with asyncio.timeout(WITHIN):
                return await surface.missing_rights(channel)
        except TimeoutError:
            log.info("%s did not say in time what may be done in a channel", channel.surface)
            return None

    async def standing(self, community: Community, identity: Identity) -> Standing | None:
        """How somebody stands in a community of the same platform; None when nobody could say."""
        surface = self._surfaces.get(community.surface)
        if surface is None or identity.surface != community.surface:
            return None
        try:
            async with asyncio.timeout(WITHIN):
                return await surface.standing(community, identity)
        except TimeoutError:
            log.info("%s did not say in time how somebody stands in a community", community.surface)
            return None
