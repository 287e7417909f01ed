"""The local community: its people, made by being spoken as, and its channels, made by being entered.

There are no accounts in a terminal. A name is the account; the first person made owns the community and moderates it,
as the one who sets up a server does elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.guests import Visitor
from cogs.kit.tools import Tools
from storage.work import Work

#: The surface's name, in identities, channels and notices.
CONSOLE = "console"
COMMUNITY = ("local", "The local community")
#: Where somebody speaks who is in no channel.
DM = "dm"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who can be spoken as. account: the name in a form that knows no case."""

    account: str
    name: str
    person_id: int
    moderator: bool

    @property
    def address(self) -> str:
        """Where private messages to them go."""
        return f"{DM}:{self.account}"

    def visitor(self, place: str) -> Visitor:
        """What is known of them when they say something in `place`: "dm", or a channel such as "#gigs"."""
        if place == DM:
            return Visitor(
                surface=CONSOLE,
                account=self.account,
                name=self.name,
                address=self.address,
                dm=self.address,
                moderator=self.moderator,
            )
        return Visitor(
            surface=CONSOLE,
            account=self.account,
            name=self.name,
            address=place,
            community=COMMUNITY,
            channel=(place, place.removeprefix("#"), "text"),
            moderator=self.moderator,
        )


class Local:
    """Makes people and channels, and finds them again."""

    def __init__(self, tools: Tools, zone: str | None = None) -> None:
        """zone: IANA zone of people who have set none; None: they are asked."""
        self._tools = tools
        self._zone = zone

    async def speaker(self, name: str) -> Speaker:
        """The person of that name, made at the first use; case does not matter afterwards."""
        account = _folded(name)
        async with self._tools.open_work(reading=True) as work:
            known = await self._known(work, account)
        if known is not None:
            return known
        async with self._tools.open_work() as work:
            made = await self._made(work, account, name)
            await work.commit()
        return made

    async def first_speaker(self) -> str | None:
        """The name of whoever owns the community; None while nobody was made."""
        async with self._tools.open_work(reading=True) as work:
            community = await work.communities.at(CONSOLE, COMMUNITY[0])
            members = await work.communities.members(community.id) if community is not None else []
            for person_id in members:
                for identity in await work.people.identities_of(person_id):
                    if identity.surface == CONSOLE:
                        return identity.name
        return None

    async def channel(self, name: str) -> str:
        """The address of the channel of that name ("gigs" or "#gigs"), made at the first use.

        Gig cards are hung in channels called gigs or gigs-something, and in the first channel made, so that a
        community with one channel has them too.
        """
        bare = _folded(name.removeprefix("#"))
        address = f"#{bare}"
        async with self._tools.open_work(reading=True) as work:
            if await work.communities.channel(CONSOLE, address) is not None:
                return address
        async with self._tools.open_work() as work:
            community = await work.communities.greet(CONSOLE, *COMMUNITY, self._tools.clock.now())
            first = not await work.communities.channels_of(community.id)
            channel = await work.communities.greet_channel(community.id, CONSOLE, address, bare)
            if first or bare == "gigs" or bare.startswith("gigs-"):
                await work.communities.change_channel(channel.id, board=True)
            await work.commit()
        return address

    async def channels(self) -> list[str]:
        """The addresses of the channels there are, for completion."""
        async with self._tools.open_work(reading=True) as work:
            community = await work.communities.at(CONSOLE, COMMUNITY[0])
            found = await work.communities.channels_of(community.id) if community is not None else []
        return [channel.address for channel in found]

    async def _known(self, work: Work, account: str) -> Speaker | None:
        identity = await work.people.identity(CONSOLE, account)
        if identity is None:
            return None
        person = await work.people.get(identity.person_id)
        community = await work.communities.at(CONSOLE, COMMUNITY[0])
        membership = (
            await work.communities.membership(identity.person_id, community.id) if community is not None else None
        )
        if person is None or membership is None or membership.left_at is not None:
            return None
        if self._zone is not None and person.zone is None:
            return None
        return Speaker(account, identity.name, person.id, membership.moderator)

    async def _made(self, work: Work, account: str, name: str) -> Speaker:
        now = self._tools.clock.now()
        known = await work.people.identity(CONSOLE, account)
        name = known.name if known is not None else name
        community = await work.communities.greet(CONSOLE, *COMMUNITY, now)
        first = not await work.communities.members(community.id)
        person = await work.people.greet(CONSOLE, account, name, now, dm=f"{DM}:{account}")
        if self._zone is not None and person.zone is None:
            await work.people.change(person.id, zone=self._zone)
        membership = await work.communities.join(person.id, community.id, now, moderator=True if first else None)
        return Speaker(account, name, person.id, membership.moderator)


def _folded(name: str) -> str:
    """A name as an account: case and spare blanks make no difference."""
    return " ".join(name.casefold().split())
