"""The hall with the gig board behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.desk.answer import Answer
from cogs.gigs.answers_cog import AnswersCog
from cogs.gigs.cog import GigsCog
from cogs.gigs.find_cog import FindCog
from cogs.gigs.fix_cog import FixCog
from cogs.gigs.referrals_cog import ReferralsCog
from cogs.kit.action import action
from cogs.kit.call import Call, Right
from cogs.kit.cog import Cog
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from storage.records.answer import Answer as Offer
from storage.records.answer import AnswerState
from storage.records.gig import Gig
from storage.work import OpenWork
from tests.cogs.front import Hall, text_of
from tests.conftest import MovableClock

#: Who moderates the hall.
MODERATOR = "Mo"
LINE = "/gig drums, Sat 28 Nov 19:30, Leeds, £220, function"


def furnish(tools: Tools) -> Sequence[Cog]:
    return (GigsCog(tools), FixCog(tools), AnswersCog(tools), FindCog(tools), ReferralsCog(tools))


class Board(Hall):
    """The hall, where gigs are posted."""

    def __init__(
        self, open_work: OpenWork, clock: MovableClock, furnish: Callable[[Tools], Sequence[Cog]] = furnish
    ) -> None:
        super().__init__(open_work, clock, furnish)

    async def press_id(self, name: str, action_id: str) -> Answer:
        await self.call(name, "#gigs")
        return await super().press_id(name, action_id)

    async def call(self, name: str, place: str = "dm") -> Call:
        """The moderator is one in private as well."""
        call = await super().call(name, place)
        if name == MODERATOR:
            call = replace(call, rights=frozenset({Right.MEMBER, Right.MODERATE}))
        return call

    async def post(self, who: str = "Ada", text: str = LINE) -> int:
        """Post a gig from the board's channel and have everything delivered; its id."""
        answer = await self.say(who, text, place="#gigs")
        gig_id = int(text_of(answer).split("Posted G")[1].split(":")[0])
        await self.deliver()
        return gig_id

    async def give(self, who: str, gig_id: int, reply: str = "ink") -> Answer:
        """Press one of the buttons under a card."""
        return await self.press_id(who, action("answers.give", gig_id, reply))

    async def pick(self, who: str, gig_id: int, player: str, state: str = "inked") -> Answer:
        """Press Ink or Pencil under a player's answer."""
        offer = await self.offer(gig_id, player)
        return await self.press_id(who, action("answers.pick", offer.id, state))

    async def letters(self, who: str) -> list[str]:
        """Deliver what is due; what this person was told by it."""
        return [text_of(one.reply) for one in await self.deliver() if one.target.dest == f"dm:{who.casefold()}"]

    async def card(self, gig_id: int) -> Reply:
        """The card as it hangs in the channel now."""
        await self.deliver()
        hung = [one.reply for one in self.sender.sent] + [reply for _, reply in self.sender.redrawn]
        return [reply for reply in hung if reply.card is not None and reply.card.subject_id == gig_id][-1]

    async def gig(self, gig_id: int) -> Gig:
        async with self.tools.open_work(reading=True) as work:
            found = await work.gigs.get(gig_id)
        assert found is not None
        return found

    async def offer(self, gig_id: int, who: str) -> Offer:
        person = await self.person(who)
        async with self.tools.open_work(reading=True) as work:
            found = await work.answers.of(gig_id, person.id)
        assert found is not None
        return found

    async def state(self, gig_id: int, who: str) -> AnswerState:
        return (await self.offer(gig_id, who)).state

    async def change(self, who: str, **fields: object) -> None:
        """Set fields of a person."""
        person = await self.person(who)
        async with self.tools.open_work() as work:
            await work.people.change(person.id, **fields)
            await work.commit()
