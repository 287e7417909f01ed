"""The hall with the reminders behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.desk.answer import Answer
from cogs.kit.reply import Reply
from cogs.reminders.changing import RemindSetCog
from cogs.reminders.cog import RemindersCog
from storage.records.fee import Basis, Fee
from storage.records.gig import Gig, GigState
from storage.records.notice import Delivery, Outcome
from storage.records.reminder import Reminder
from storage.records.times import Span
from storage.work import OpenWork
from tests.bot.desk.courier_parts import Delivered
from tests.cogs.front import Hall
from tests.conftest import START, MovableClock

#: Who moderates the hall.
MODERATOR = "Ada"


class Bell(Hall):
    """What people say, and what rings. Nobody ever sleeps, unless changed."""

    moderator = MODERATOR
    sleeps = False

    def __init__(self, open_work: OpenWork, clock: MovableClock) -> None:
        super().__init__(open_work, clock, lambda tools: (RemindersCog(tools), RemindSetCog(tools)))

    async def reminder(self, reminder_id: int = 1) -> Reminder:
        """A reminder as it is kept."""
        async with self.tools.open_work(reading=True) as work:
            found = await work.reminders.get(reminder_id)
        assert found is not None
        return found

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


async def rung_notices(bell: Bell, name: str) -> list[Delivery]:
    """What ended for somebody, and was not only a look."""
    person = await bell.person(name)
    async with bell.tools.open_work(reading=True) as work:
        found = await work.notices.of_person(person.id, ended_since=datetime(2026, 1, 1, tzinfo=UTC))
    return [d for d in found if d.ended_at is not None and d.result not in (Outcome.CANCELLED, Outcome.DROPPED)]


def answer_of(delivered: Delivered) -> Answer:
    return Answer(delivered.reply, private=True)
