"""A front door with the reminders behind it, a courier, and a clock that is moved by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.desk.answer import Answer
from bot.desk.courier import Courier
from cogs.kit.call import Call, Right
from cogs.kit.reply import Reply
from cogs.reminders.changing import RemindSetCog
from cogs.reminders.cog import RemindersCog
from storage.records.fee import Basis, Fee
from storage.records.gig import Gig, GigState
from storage.records.notice import Delivery, Outcome
from storage.records.reminder import Reminder
from storage.records.times import Span
from storage.work import OpenWork
from tests.bot.desk.courier_parts import Delivered, FakeSender
from tests.cogs.profile.front import Front
from tests.conftest import START, MovableClock

#: Who moderates the hall.
MODERATOR = "Ada"


class Bell(Front):
    """What people say, and what rings."""

    def __init__(self, open_work: OpenWork, clock: MovableClock) -> None:
        super().__init__(open_work, clock, lambda tools: (RemindersCog(tools), RemindSetCog(tools)))
        self.sender = FakeSender(knows_keys=True)
        self.courier = self.new_courier()

    def new_courier(self) -> Courier:
        """The courier as it is after a start of the program."""
        cog = self.cogs[0]
        return Courier(
            self.tools.open_work,
            self.clock,
            [self.sender],
            cog.notices(),
            after=cog.afterwards(),
            alone=True,
        )

    async def call(self, name: str, place: str = "dm") -> Call:
        """A request of somebody's; one of them moderates. Everybody goes by London and never sleeps, unless changed."""
        call = await super().call(name, place)
        if call.zone is None:
            async with self.tools.open_work() as work:
                person = await work.people.get(call.person_id)
                assert person is not None
                await work.people.change(person.id, zone="Europe/London", quiet_to=person.quiet_from)
                await work.commit()
            call = replace(call, zone="Europe/London")
        if name == MODERATOR and place != "dm":
            call = replace(call, rights=frozenset({Right.MEMBER, Right.MODERATE}))
        return call

    async def until(self, at: datetime) -> list[Delivered]:
        """Go on to a moment, with everything that falls due on the way at its own time; what was sent meanwhile."""
        before = len(self.sender.sent)
        await self.courier.deliver_due(until=at.astimezone(UTC), move=lambda to: self.clock.move(to=to))
        return self.sender.sent[before:]

    async def pass_by(self, by: timedelta) -> list[Delivered]:
        """Go on for a while."""
        return await self.until(self.clock.now() + by)

    async def asleep_until(self, at: datetime) -> list[Delivered]:
        """The program was not running till then."""
        before = len(self.sender.sent)
        self.clock.move(to=at)
        self.courier = self.new_courier()
        await self.courier.deliver_due()
        return self.sender.sent[before:]

    async def reminder(self, reminder_id: int = 1) -> Reminder:
        """A reminder as it is kept."""
        async with self.tools.open_work(reading=True) as work:
            found = await work.reminders.get(reminder_id)
        assert found is not None
        return found

    async def open_notices(self, name: str) -> list[Delivery]:
        """What waits for somebody."""
        person = await self.person(name)
        async with self.tools.open_work(reading=True) as work:
            return await work.notices.of_person(person.id)

    async def page_of(self, name: str) -> Reply:
        """Somebody's list as it is before they say a word."""
        person = await self.person(name)
        call = replace(await self.call("Cleo"), person_id=person.id)
        return (await self.desk.command(call, "remind list")).reply

    async def gig(self, poster: str, start: datetime, *, whole_days: bool = False, zone: str = "Europe/London") -> Gig:
        """A gig in the hall."""
        call = await self.call(poster, "#gigs")
        assert call.community_id is not None
        span = Span(start, start + timedelta(hours=3), zone)
        if whole_days:
            span = Span.of_days(start.date(), start.date(), zone)
        async with self.tools.open_work() as work:
            gig = await work.gigs.add(
                Gig(
                    id=0,
                    community_id=call.community_id,
                    poster_id=call.person_id,
                    role="bass_guitar",
                    span=span,
                    fee=Fee(Basis.QUOTE),
                    posted_at=START,
                    state_at=START,
                    expires_at=START + timedelta(days=30),
                )
            )
            await work.commit()
        return gig

    async def move_gig(self, gig: Gig, to: datetime) -> Gig:
        """The gig is at another time from now on."""
        moved = replace(gig, span=Span(to, to + timedelta(hours=3), gig.span.zone))
        async with self.tools.open_work() as work:
            kept = await work.gigs.change(moved, {"when": ("before", "after")}, self.clock.now())
            await work.commit()
        return kept

    async def cancel_gig(self, gig: Gig) -> None:
        """The gig is off."""
        async with self.tools.open_work() as work:
            await work.gigs.close(gig.id, GigState.CANCELLED, {GigState.OPEN}, self.clock.now())
            await work.commit()


def london(day: str, clock: str) -> datetime:
    """A moment on London's wall clock: ("2026-11-24", "09:00")."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


async def rung_notices(bell: Bell, name: str) -> list[Delivery]:
    """What ended for somebody, and was not only a look."""
    person = await bell.person(name)
    async with bell.tools.open_work(reading=True) as work:
        found = await work.notices.of_person(person.id, ended_since=datetime(2026, 1, 1, tzinfo=UTC))
    return [d for d in found if d.ended_at is not None and d.result not in (Outcome.CANCELLED, Outcome.DROPPED)]


def answer_of(delivered: Delivered) -> Answer:
    return Answer(delivered.reply, private=True)
