"""The hall with gigs, profiles and availability behind it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cogs.availability.calendars_cog import CalendarsCog
from cogs.availability.cog import AvailCog
from cogs.availability.polls_cog import PollsCog
from cogs.availability.who_cog import WhoCog
from cogs.gigs.answers_cog import AnswersCog
from cogs.gigs.cog import GigsCog
from cogs.kit.cog import Cog
from cogs.kit.tools import Tools
from cogs.profile.cog import ProfileCog
from storage.work import OpenWork
from tests.cogs.front import Hall, text_of
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


class Diary(Hall):
    """Everybody lives in Leeds, until they say otherwise."""

    def __init__(self, open_work: OpenWork, clock: MovableClock) -> None:
        super().__init__(open_work, clock, furnish)

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
        sent = await (self.deliver() if until is None else self.until(until))
        return [(one.target.dest or "", text_of(one.reply)) for one in sent]
