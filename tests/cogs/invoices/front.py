"""A front door with invoices behind it, a courier, and a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.desk.courier import Courier
from cogs.invoices.chase_cog import ChasingCog
from cogs.invoices.clients_cog import ClientsCog
from cogs.invoices.cog import InvoicesCog
from cogs.invoices.edit_cog import InvoiceEditCog
from cogs.kit.call import Call, Right
from cogs.kit.reply import CopyButton, Reply
from storage.records.answer import AnswerKind, AnswerState
from storage.records.fee import Basis, Fee, Unit
from storage.records.gig import Gig, Terms
from storage.records.invoice import Invoice
from storage.records.money import Money
from storage.records.notice import Delivery
from storage.records.times import Span
from storage.work import OpenWork
from tests.bot.desk.courier_parts import Delivered, FakeSender
from tests.cogs.profile.front import Front
from tests.conftest import MovableClock

#: Who moderates the hall.
MODERATOR = "Ada"


class Till(Front):
    """What people say about money, and what they are reminded of."""

    def __init__(self, open_work: OpenWork, clock: MovableClock) -> None:
        super().__init__(
            open_work,
            clock,
            lambda tools: (InvoicesCog(tools), InvoiceEditCog(tools), ChasingCog(tools), ClientsCog(tools)),
        )
        self.sender = FakeSender(knows_keys=True)
        self.courier = self.new_courier()

    def new_courier(self) -> Courier:
        """The courier as it is after a start of the program."""
        notices: dict[str, Callable[..., Awaitable[Reply | None]]] = {}
        after: dict[str, Callable[..., Awaitable[None]]] = {}
        for cog in self.cogs:
            notices |= cog.notices()
            after |= cog.afterwards()
        return Courier(self.tools.open_work, self.clock, [self.sender], notices, after=after, alone=True)

    async def call(self, name: str, place: str = "dm") -> Call:
        """A request of somebody's. Everybody goes by London, unless changed; one of them moderates."""
        call = await super().call(name, place)
        if call.zone is None:
            async with self.tools.open_work() as work:
                await work.people.change(call.person_id, zone="Europe/London")
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

    async def pass_by(self, days: int) -> list[Delivered]:
        """Go on for some days."""
        return await self.until(self.clock.now() + timedelta(days=days))

    async def invoice(self, invoice_id: int = 1) -> Invoice:
        """An invoice as it is kept."""
        async with self.tools.open_work(reading=True) as work:
            found = await work.invoices.get(invoice_id)
        assert found is not None
        return found

    async def waiting(self, name: str) -> list[Delivery]:
        """What waits for somebody."""
        person = await self.person(name)
        async with self.tools.open_work(reading=True) as work:
            return await work.notices.of_person(person.id)

    async def gig(self, poster: str, player: str | None, *, fee: Fee | None = None, counter: Fee | None = None,
                  pays: str | None = None) -> Gig:  # fmt: skip
        """A gig on Saturday, with a player inked for it."""
        call = await self.call(poster, "#gigs")
        assert call.community_id is not None
        person = None if player is None else await self.call(player, "#gigs")
        start = datetime(2026, 11, 28, 19, 30, tzinfo=UTC)
        async with self.tools.open_work() as work:
            gig = await work.gigs.add(
                Gig(
                    id=0, community_id=call.community_id, poster_id=call.person_id, role="bass_guitar",
                    span=Span(start, start + timedelta(hours=3), "Europe/London"), where="Leeds",
                    fee=fee or Fee(Basis.PAID, Money(22000, "GBP"), Unit.FLAT), terms=Terms(pays=pays),
                    posted_at=call.now, state_at=call.now, expires_at=start,
                )
            )  # fmt: skip
            if person is not None:
                await work.answers.say(
                    gig.id, person.person_id, AnswerKind.INK, AnswerState.INKED, call.now, fee=counter
                )
            await work.commit()
        return gig


def message_in(delivered: Delivered | Reply) -> str:
    """The message that is handed over to be copied."""
    reply = delivered if isinstance(delivered, Reply) else delivered.reply
    return next(one.text for one in reply.buttons if isinstance(one, CopyButton))
