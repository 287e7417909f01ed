"""Who may do what: asked when something is begun, and again whenever a form is taken up or handed in.

A form may have been opened a month ago, in another place, by somebody who moderated then. What counts is the platform's
word at the moment it is handed in, in the community in which it was begun.
"""

from __future__ import annotations

from dataclasses import replace

from bot.desk.targets import Target
from cogs.kit.call import Call, Right
from cogs.kit.cog import Where
from cogs.kit.faults import NotAllowed, Stale
from cogs.kit.tools import Tools
from storage.records.draft import Draft


class Rights:
    """Checks rights, and asks the platform where a call does not bring its word along."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work
        self._places = tools.places

    def check(self, call: Call, target: Target) -> None:
        """Raises NotAllowed when the caller may not do that, here and now."""
        if target.needs is Right.MODERATE and not call.may(Right.MODERATE):
            raise NotAllowed("Only moderators of this community may do that.", how="Ask one of them to do it.")
        if target.where is Where.COMMUNITY and call.community_id is None:
            raise NotAllowed(
                "That belongs to a community, and you are in none that I know of.",
                how="Use it in your server or group, where I am a member; after that it works here too.",
            )

    async def entitled(self, call: Call, target: Target) -> Call:
        """The call with the rights it has. Raises NotAllowed when they do not reach for that.

        In a private chat a call brings no rights along, so the platform is asked where one is needed.
        """
        lacks = target.needs is Right.MODERATE and not call.may(Right.MODERATE)
        if lacks and not call.place.shared and await self._moderates(call):
            call = replace(call, rights=call.rights | {Right.MODERATE})
        self.check(call, target)
        return call

    async def handing_in(self, call: Call, target: Target, draft: Draft) -> Call:
        """The call with which a form goes on: in the community in which it was begun, with today's rights there.

        Raises NotAllowed for a right that is gone, and Stale where the caller has left the community it is about.
        """
        home = draft.community_id
        if home is not None and home != call.community_id:
            belongs = target.where is Where.COMMUNITY or target.needs is Right.MODERATE
            async with self._open_work(reading=True) as work:
                member = await work.communities.is_member(call.person_id, home)
            if belongs and not member:
                raise Stale("You are no longer in the community that this form is for.")
            if member:
                call = replace(call, community_id=home, rights=frozenset({Right.MEMBER}), roles=frozenset())
        if target.needs is Right.MODERATE:
            moderates = await self._moderates(call)
            if moderates is not None:
                rights = call.rights | {Right.MODERATE} if moderates else call.rights - {Right.MODERATE}
                call = replace(call, rights=rights)
        self.check(call, target)
        return call

    async def _moderates(self, call: Call) -> bool | None:
        """What the platform says now; None when it says nothing, and then what came with the call counts.

        A call from a private chat brings no rights along, and elsewhere they may be a minute old.
        """
        if call.community_id is None:
            return False
        async with self._open_work(reading=True) as work:
            community = await work.communities.get(call.community_id)
            identities = await work.people.identities_of(call.person_id)
        if community is None or not community.active:
            return False
        found = [await self._places.standing(community, one) for one in identities if one.surface == community.surface]
        said = [one.moderator for one in found if one is not None]
        return any(said) if said else None
