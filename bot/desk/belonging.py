"""Leaving a community ends what it could see, also where no platform says that somebody left.

Discord tells bots without the members intent nothing of leaving, and Telegram only in small groups. So whoever does
something is looked up, once a minute at most, in the communities that they are remembered in and do not speak from.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict

from bot.desk.closing import besides
from cogs.kit.places import Nowhere
from cogs.kit.tools import Tools

#: How long an answer counts, in seconds; for how many people, and of how many communities each, it is asked at most.
ASK_EVERY = 60.0
_MOST_PEOPLE = 20_000
_MOST_PLACES = 8


class Belonging:
    """Asks the platforms; without one that can say, everybody stays where they were."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._asked: OrderedDict[tuple[str, str, str | None], float] = OrderedDict()

    async def look(self, surface: str, account: str, community: str | None) -> bool:
        """Let somebody leave what they have left; whether there was anything. community: where they speak from."""
        if isinstance(self._tools.places, Nowhere) or not self._is_time(surface, account, community):
            return False
        async with self._tools.open_work(reading=True) as work:
            identity = await work.people.identity(surface, account)
            if identity is None:
                return False
            places = await work.communities.communities_of(identity.person_id)
            others = [one for one in places if (one.surface, one.account) != (surface, community)][:_MOST_PLACES]
            accounts = await work.people.identities_of(identity.person_id) if others else []
        asked = [(place, one) for place in others for one in accounts if one.surface == place.surface]
        found = await asyncio.gather(*(self._tools.places.standing(place, one) for place, one in asked))
        stays = {place.id for (place, _), one in zip(asked, found, strict=True) if one is None or one.member}
        gone = sorted({place.id for place, _ in asked} - stays)
        if not gone:
            return False
        with besides():
            async with self._tools.open_work() as work:
                for community_id in gone:
                    await work.communities.leave(identity.person_id, community_id, self._tools.clock.now())
                await work.commit()
        return True

    def _is_time(self, surface: str, account: str, community: str | None) -> bool:
        """Whether to ask about them now; then it has been done. From another place, others are asked about."""
        key = (surface, account, community)
        now, known = time.monotonic(), self._asked.get(key)
        if known is not None and now - known < ASK_EVERY:
            return False
        self._asked[key] = now
        self._asked.move_to_end(key)
        while len(self._asked) > _MOST_PEOPLE:
            self._asked.popitem(last=False)
        return True
