"""The guest book: a platform account becomes one person, with their zone, language and community, as a `Call`."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.desk.belonging import Belonging
from bot.desk.closing import besides
from cogs.kit.call import Call, Place, Right
from cogs.kit.tools import Tools
from storage.faults import Unreachable
from storage.records.people import Channel, Community, Person
from storage.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """What a surface knows of whoever just did something.

    account: platform user id. address: where it happened, as the surface posts there. dm: their private chat's address
    if this is it. community: (platform id, name) of the server or group; None in a private chat. channel: (address,
    name, shape) of the shared place. moderator: by the platform's rights at this moment. locale: the client's language.
    handle: what others type to mention them, without the @, where that is not their name.
    account_made: when the account was made, where the platform tells. roles: names of their roles there, in small
    letters. by_menu: commands are picked there, not written.
    """

    surface: str
    account: str
    name: str
    address: str
    dm: str | None = None
    community: tuple[str, str] | None = None
    channel: tuple[str, str, str] | None = None
    moderator: bool = False
    locale: str | None = None
    handle: str | None = None
    account_made: datetime | None = None
    roles: frozenset[str] = frozenset()
    by_menu: bool = False

    @property
    def known_as(self) -> str:
        """The name that is kept with the account."""
        return self.handle or self.name


#: Who somebody is, where they belong, and the channel they are in.
_Known = tuple[Person, Community | None, Channel | None]

#: How long somebody is remembered, in seconds: what another process wrote is seen no later than that, wherever the
#: database does not tell of it at once (two processes on one SQLite file).
KEPT_FOR = 3.0
_MOST_KEPT = 5000


class Guests:
    """Looks people up at the edge, and signs them in when they are new."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._belonging = Belonging(tools)
        self._remembers = False
        self._known_lately: dict[Visitor, tuple[float, _Known]] = {}
        self._changes = 0

    def remember(self) -> None:
        """Keep whom was looked up for a moment, so that many presses at once do not wait for the database.

        Whoever asks for it calls `forget` after every write about people (`storage.stores.base.PEOPLE`).
        """
        self._remembers = True

    def forget(self) -> None:
        """Something about people was written: look everybody up anew."""
        self._changes += 1
        self._known_lately.clear()

    async def call(self, visitor: Visitor) -> Call:
        """The call of a visitor; reads only, unless something about them is new."""
        known = self._remembered(visitor)
        if known is None:
            await self._belonging.look(visitor.surface, visitor.account, visitor.community and visitor.community[0])
            changes = self._changes
            try:
                known = await self._look(visitor)
            except Unreachable:  # cut off in the middle, as by a restart: nothing was said yet, so look once more
                known = await self._look(visitor)
            if known is not None and self._remembers and changes == self._changes:
                if len(self._known_lately) >= _MOST_KEPT:
                    self._known_lately.clear()
                self._known_lately[visitor] = (time.monotonic() + KEPT_FOR, known)
        if known is None:
            with besides():
                async with self._tools.open_work() as work:
                    known = await self._sign_in(work, visitor)
                    await work.commit()
        person, community, channel = known
        return self._call(visitor, person, community, channel)

    async def _look(self, visitor: Visitor) -> _Known | None:
        async with self._tools.open_work(reading=True) as work:
            return await self._known(work, visitor)

    def _remembered(self, visitor: Visitor) -> _Known | None:
        until, known = self._known_lately.get(visitor, (0.0, None))
        return known if known is not None and time.monotonic() < until else None

    async def _known(self, work: Work, visitor: Visitor) -> _Known | None:
        if visitor.community is not None:
            return await self._known_there(work, visitor, visitor.community[0])
        identity = await work.people.identity(visitor.surface, visitor.account)
        if identity is None or identity.unreachable or identity.name != visitor.known_as:
            return None
        if visitor.dm is not None and identity.dm != visitor.dm:
            return None
        person = await work.people.get(identity.person_id)
        if person is None or not person.name:
            return None
        mine = await work.communities.communities_of(person.id)
        return person, (mine[0] if mine else None), None

    async def _known_there(self, work: Work, visitor: Visitor, community: str) -> _Known | None:
        """The same for somebody in a shared place, in one look: most of what people do is done there."""
        found = await work.door.arrival(visitor.surface, visitor.account, community, visitor.address)
        if found is None or found.identity.unreachable or found.identity.name != visitor.known_as:
            return None
        if not found.person.name or not found.community.active:
            return None
        if visitor.dm is not None and found.identity.dm != visitor.dm:
            return None
        if visitor.channel is None:
            return found.person, found.community, None
        return (found.person, found.community, found.channel) if found.channel is not None else None

    async def _sign_in(self, work: Work, visitor: Visitor) -> tuple[Person, Community | None, Channel | None]:
        now = self._tools.clock.now()
        person = await work.people.greet(
            visitor.surface, visitor.account, visitor.name, now, dm=visitor.dm, handle=visitor.handle
        )
        if visitor.dm is not None:
            await work.people.mark_reachable(visitor.surface, visitor.account)
            await work.notices.reroute(person.id, now)  # what waited for a way to reach them goes out now
        if visitor.community is None:
            mine = await work.communities.communities_of(person.id)
            return person, (mine[0] if mine else None), None
        account, name = visitor.community
        community = await work.communities.greet(visitor.surface, account, name, now)
        await work.communities.join(person.id, community.id, now)
        channel = None
        if visitor.channel is not None:
            address, channel_name, shape = visitor.channel
            channel = await work.communities.greet_channel(
                community.id, visitor.surface, address, channel_name, shape=shape
            )
        return person, community, channel

    def _call(self, visitor: Visitor, person: Person, community: Community | None, channel: Channel | None) -> Call:
        defaults = self._tools.defaults
        of_community = community or _NOTHING
        locale = person.locale or visitor.locale or of_community.locale
        rights: Iterable[Right] = (Right.MEMBER, Right.MODERATE) if visitor.moderator else (Right.MEMBER,)
        return Call(
            person_id=person.id,
            name=person.name,
            community_id=community.id if community else None,
            surface=visitor.surface,
            place=Place(
                key=f"{visitor.surface}:{visitor.address}",
                shared=visitor.community is not None,
                name=channel.name if channel else "",
                channel_id=channel.id if channel else None,
            ),
            now=self._tools.clock.now(),
            zone=person.zone,
            locale=locale or defaults.locale,
            locale_said=locale is not None,
            currency=person.currency or of_community.currency or defaults.currency,
            words=person.words or of_community.words or defaults.words,
            country=person.country,
            clock=person.clock,
            is_new=person.tour_step == 0,
            plain_text=person.plain_text,
            account_made=visitor.account_made,
            roles=visitor.roles,
            by_menu=visitor.by_menu,
            rights=frozenset(rights),
        )


class _Nothing:
    """A community that has chosen nothing."""

    locale = currency = words = None


_NOTHING = _Nothing()
