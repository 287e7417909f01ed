"""A front door with gigs, profiles and availability behind it, and a courier that brings what is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.desk.courier import Courier
from cogs.availability.calendars_cog import CalendarsCog
from cogs.availability.cog import AvailCog
from cogs.availability.polls_cog import PollsCog
from cogs.availability.who_cog import WhoCog
from cogs.gigs.answers_cog import AnswersCog
from cogs.gigs.cog import GigsCog
from cogs.kit.call import Call
from cogs.kit.cog import Cog
from cogs.kit.tools import Tools
from cogs.profile.cog import ProfileCog
from storage.work import OpenWork
from tests.bot.desk.courier_parts import FakeSender
from tests.cogs.profile.front import Front, text_of
from tests.conftest import MovableClock


def furnish(tools: Tools) -> Sequence[Cog]:
    return (
        AvailCog(tools),
        WhoCog(tools),
        PollsCog(tools),
        CalendarsCog(tools),
        GigsCog(tools),
        AnswersCog(tools),
        ProfileCog(tools),
    )


class Diary(Front):
    """Everybody lives in Leeds, until they say otherwise."""

    def __init__(self, open_work: OpenWork, clock: MovableClock) -> None:
        super().__init__(open_work, clock, furnish)
        self.sender = FakeSender(knows_keys=True)
        self.courier = Courier(
            self.tools.open_work,
            clock,
            [self.sender],
            {kind: builder for cog in self.cogs for kind, builder in cog.notices().items()},
            cards={name: builder for cog in self.cogs for name, builder in cog.cards().items()},
            after={kind: follow for cog in self.cogs for kind, follow in cog.afterwards().items()},
            alone=True,
        )
        self._ready = False

    async def call(self, name: str, place: str = "dm") -> Call:
        await super().call(name, "dm")  # everybody's private chat is open
        call = await super().call(name, place)
        if call.zone is None:
            async with self.tools.open_work() as work:
                await work.people.change(call.person_id, zone="Europe/London")
                if not self._ready and call.place.channel_id is not None:
                    await work.communities.change_channel(call.place.channel_id, board=True)
                    self._ready = True
                await work.commit()
            call = await super().call(name, place)
        return call

    async def text(self, name: str, line: str, *, place: str = "dm") -> str:
        """What somebody is answered."""
        return text_of(await self.say(name, line, place=place))

    async def plays(self, name: str, what: str) -> None:
        """Fill a profile: "drums region=Leeds"."""
        await self.say(name, f"/me profile {what}")

    async def gig(self, line: str, player: str, *, inked: bool = True) -> int:
        """A gig of Ada's for which a player is down; its id."""
        posted = await self.text("Ada", f"/gig {line}", place="#gigs")
        gig_id = int(posted.split("Posted G")[1].split(":")[0])
        await self.say(player, f"/gig answer G{gig_id} {'ink' if inked else 'pencil'}")
        await self.say("Ada", f"/gig pick id=G{gig_id} player={player} as={'ink' if inked else 'pencil'}")
        return gig_id

    async def letters(self, until: datetime | None = None) -> list[tuple[str, str]]:
        """Deliver what is due (until a moment): where it went, and what it says."""
        before = len(self.sender.sent)
        if until is None:
            await self.courier.deliver_due()
        else:
            await self.courier.deliver_due(until=until, move=lambda to: self.clock.move(to=to))
        return [(one.target.dest or "", text_of(one.reply)) for one in self.sender.sent[before:]]
