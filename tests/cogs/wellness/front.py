"""The hall with the wellness rooms behind it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.desk.answer import Answer
from cogs.wellness.break_cog import BreaksCog
from cogs.wellness.checkin_cog import CheckInCog
from cogs.wellness.hearing_cog import HearingCog
from cogs.wellness.rest_cog import RestCog
from cogs.wellness.together_cog import TogetherCog
from storage.records.answer import AnswerKind, AnswerState
from storage.records.fee import Basis, Fee
from storage.records.gig import Gig
from storage.records.times import Span
from storage.work import OpenWork
from tests.cogs.front import Hall, london
from tests.conftest import START, MovableClock

#: Who moderates the hall.
MODERATOR = "Mo"


class Studio(Hall):
    """What people say, and what they are told. They sleep from 22:00 to 8:00."""

    moderator = MODERATOR

    def __init__(self, open_work: OpenWork, clock: MovableClock) -> None:
        super().__init__(
            open_work,
            clock,
            lambda tools: (BreaksCog(tools), TogetherCog(tools), HearingCog(tools), RestCog(tools), CheckInCog(tools)),
        )

    async def press_id(self, name: str, action_id: str) -> Answer:
        if name != "Eve":  # who presses a button in a group is in it
            await self.call(name, "#gigs")
        return await super().press_id(name, action_id)

    async def plays(self, name: str, start: datetime, hours: float = 3, *, inked: bool = True) -> Gig:
        """Somebody has a gig in their diary."""
        poster, player = await self.call("Poster", "#gigs"), await self.call(name, "#gigs")
        assert poster.community_id is not None
        async with self.tools.open_work() as work:
            gig = await work.gigs.add(
                Gig(
                    id=0,
                    community_id=poster.community_id,
                    poster_id=poster.person_id,
                    role="bass_guitar",
                    span=Span(start, start + timedelta(hours=hours), "Europe/London"),
                    fee=Fee(Basis.QUOTE),
                    posted_at=START,
                    state_at=START,
                    expires_at=START + timedelta(days=90),
                )
            )
            said = await work.answers.say(gig.id, player.person_id, AnswerKind.INK, AnswerState.WAITING, START)
            state = AnswerState.INKED if inked else AnswerState.PENCILLED
            await work.answers.move(said.id, state, {AnswerState.WAITING}, START)
            await work.commit()
        return gig


def at(clock: str) -> datetime:
    """A moment of the day the tests begin on."""
    return london("2026-11-23", clock)
