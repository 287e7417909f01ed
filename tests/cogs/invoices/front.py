"""The hall with invoices behind it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cogs.invoices.chase_cog import ChasingCog
from cogs.invoices.clients_cog import ClientsCog
from cogs.invoices.cog import InvoicesCog
from cogs.invoices.edit_cog import InvoiceEditCog
from cogs.kit.reply import CopyButton, Reply
from storage.records.answer import AnswerKind, AnswerState
from storage.records.fee import Basis, Fee, Unit
from storage.records.gig import Gig, Terms
from storage.records.invoice import Invoice
from storage.records.money import Money
from storage.records.times import Span
from storage.work import OpenWork
from tests.bot.desk.courier_parts import Delivered
from tests.cogs.front import Hall
from tests.conftest import MovableClock

#: Who moderates the hall.
MODERATOR = "Ada"


class Till(Hall):
    """What people say about money, and what they are reminded of."""

    moderator = MODERATOR

    def __init__(self, open_work: OpenWork, clock: MovableClock) -> None:
        super().__init__(
            open_work,
            clock,
            lambda tools: (InvoicesCog(tools), InvoiceEditCog(tools), ChasingCog(tools), ClientsCog(tools)),
        )

    async def invoice(self, invoice_id: int = 1) -> Invoice:
        """An invoice as it is kept."""
        async with self.tools.open_work(reading=True) as work:
            found = await work.invoices.get(invoice_id)
        assert found is not None
        return found

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
