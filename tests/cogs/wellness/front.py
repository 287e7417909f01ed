"""A front door with the wellness rooms behind it, a courier, and a clock that is moved by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk.answer import Answer
from bot.desk.courier import Courier
from cogs.kit.call import Call, Right
from cogs.wellness.break_cog import BreaksCog
from cogs.wellness.checkin_cog import CheckInCog
from cogs.wellness.hearing_cog import HearingCog
from cogs.wellness.rest_cog import RestCog
from cogs.wellness.together_cog import TogetherCog
from storage.records.answer import AnswerKind, AnswerState
from storage.records.fee import Basis, Fee
from storage.records.gig import Gig
from storage.records.notice import Delivery
from storage.records.times import Span
from storage.work import OpenWork
from tests.bot.desk.courier_parts import Delivered, FakeSender
from tests.cogs.profile.front import Front
from tests.conftest import START, MovableClock

#: Who moderates the hall.
MODERATOR = "Mo"


class Studio(Front):
    """What people say, and what they are told. Everybody goes by London and sleeps from 22:00 to 8:00."""

    def __init__(self, open_work: OpenWork, clock: MovableClock) -> None:
        super().__init__(
            open_work,
            clock,
            lambda tools: (BreaksCog(tools), TogetherCog(tools), HearingCog(tools), RestCog(tools), CheckInCog(tools)),
        )
        self.sender = FakeSender(knows_keys=True)
        self.courier = self.new_courier()

    def new_courier(self) -> Courier:
        """The courier as it is after a start of the program."""
        builders, after, cards = {}, {}, {}
        for cog in self.cogs:
            builders |= cog.notices()
            after |= cog.afterwards()
            cards |= cog.cards()
        return Courier(self.tools.open_work, self.clock, [self.sender], builders, cards=cards, after=after, alone=True)

    async def call(self, name: str, place: str = "dm") -> Call:
        call = await super().call(name, place)
        if call.zone is None:
            async with self.tools.open_work() as work:
                await work.people.change(call.person_id, zone="Europe/London")
                await work.commit()
            call = replace(call, zone="Europe/London")
        if name == MODERATOR and place != "dm":
            call = replace(call, rights=frozenset({Right.MEMBER, Right.MODERATE}))
        return call

    async def press_id(self, name: str, action_id: str) -> Answer:
        if name != "Eve":  # who presses a button in a group is in it
            await self.call(name, "#gigs")
        return await super().press_id(name, action_id)

    async def until(self, at: datetime) -> list[Delivered]:
        """Go on to a moment, with everything that falls due on the way at its own time; what was sent meanwhile."""
        before = len(self.sender.sent)
        await self.courier.deliver_due(until=at.astimezone(UTC), move=lambda to: self.clock.move(to=to))
        return self.sender.sent[before:]

    async def pass_by(self, **by: int) -> list[Delivered]:
        """Go on for a while."""
        return await self.until(self.clock.now() + timedelta(**by))

    async def away_until(self, at: datetime) -> list[Delivered]:
        """The program was not running till then."""
        before = len(self.sender.sent)
        self.clock.move(to=at)
        self.courier = self.new_courier()
        await self.courier.deliver_due()
        return self.sender.sent[before:]

    async def open_notices(self, name: str) -> list[Delivery]:
        """What waits for somebody."""
        person = await self.person(name)
        async with self.tools.open_work(reading=True) as work:
            return await work.notices.of_person(person.id)

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


def london(day: str, clock: str) -> datetime:
    """A moment on London's wall clock: ("2026-11-24", "09:00")."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


def at(clock: str) -> datetime:
    """A moment of the day the tests begin on."""
    return london("2026-11-23", clock)
