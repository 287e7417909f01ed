"""Two platforms with a community each, as data: who speaks is "Ada@discord", and messages arrive at either."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.desk.answer import Answer
from bot.desk.courier import Courier
from bot.desk.guests import Visitor
from cogs import catalogue
from cogs.kit.call import Call, Right
from cogs.kit.reply import CopyButton, Reply
from storage.work import OpenWork
from tests.bot.desk.courier_parts import FakeSender
from tests.cogs.front import Front, buttons, text_of
from tests.conftest import MovableClock

DISCORD, TELEGRAM = "discord", "telegram"
NAMES = {DISCORD: "The Band", TELEGRAM: "The Pit"}
LINE = "/gig drums, Sat 28 Nov 19:30, Leeds, £220, function"


class Towns(Front):
    """Mo moderates both communities; each has one board channel, #gigs. Everybody's zone is known."""

    def __init__(self, open_work: OpenWork, clock: MovableClock) -> None:
        super().__init__(open_work, clock, catalogue.furnish)
        self.senders = {name: FakeSender(name=name, knows_keys=True) for name in NAMES}
        self.courier = Courier(
            self.tools.open_work,
            clock,
            list(self.senders.values()),
            {kind: builder for cog in self.cogs for kind, builder in cog.notices().items()},
            cards={name: builder for cog in self.cogs for name, builder in cog.cards().items()},
            after={kind: follow for cog in self.cogs for kind, follow in cog.afterwards().items()},
        )
        self._read: dict[str, int] = {}

    async def call(self, name: str, place: str = "dm") -> Call:
        """In the private chat, or in the channel of the speaker's own community."""
        who, _, surface = name.partition("@")
        dm = f"dm:{surface}:{who.casefold()}"
        visitor = Visitor(surface=surface, account=who.casefold(), name=who, address=dm, dm=dm)
        moderator = who == "Mo"
        there = replace(
            visitor,
            address=f"{surface}:#gigs",
            dm=None,
            community=(f"{surface}-hall", NAMES[surface]),
            channel=(f"{surface}:#gigs", "gigs", "text"),
            moderator=moderator,
        )
        await self.guests.call(visitor)
        call = await self.guests.call(visitor if place == "dm" else there)
        if call.zone is None or (call.place.channel_id is not None):
            async with self.tools.open_work() as work:
                await work.people.change(call.person_id, zone=call.zone or "Europe/London")
                if call.place.channel_id is not None:
                    await work.communities.change_channel(call.place.channel_id, board=True)
                await work.commit()
            call = replace(call, zone=call.zone or "Europe/London")
        if moderator:
            call = replace(call, rights=frozenset({Right.MEMBER, Right.MODERATE}))
        return call

    async def say(self, name: str, text: str, *, place: str = "dm", uploads: object = ()) -> Answer:
        self.clock.move(timedelta(seconds=1))
        await self.call(name, "#gigs")  # everybody belongs to the community of their platform
        call = await self.call(name, place)
        heard = None if text.startswith("/") else await self.desk.heard(call, text, (), anywhere=True)
        return self._kept(name, heard or await self.desk.spelled(call, text, ()))

    async def press(self, name: str, label: str, *, of: str | None = None, place: str = "dm") -> Answer:
        """Press a button of the newest answer that `of` (or the presser) got, from the place in which it is seen."""
        found = [one for one in buttons(self._last[of or name].reply) if one.label.startswith(label)]
        assert found, f"no button {label!r} on {text_of(self._last[of or name])!r}"
        return await self.press_id(name, found[0].action, place=place)

    async def press_id(self, name: str, action_id: str, *, place: str = "dm") -> Answer:
        """Press a button by its action id, as anybody can."""
        await self.call(name, "#gigs")
        call = await self.call(name, place)
        return self._kept(name, await self.desk.press(call, action_id))

    async def person_id(self, name: str) -> int:
        """Whose account that is."""
        return (await self.call(name, "#gigs")).person_id

    async def deliver(self) -> None:
        """Deliver what is due."""
        await self.courier.deliver_due()

    async def pass_by(self, by: timedelta) -> None:
        """Go on for a while, with everything that falls due on the way."""
        await self.courier.deliver_due(until=self.clock.now() + by, move=lambda to: self.clock.move(to=to))

    async def inbox(self, name: str) -> list[Reply]:
        """Deliver what is due; what arrived in this private chat since the last look."""
        await self.deliver()
        who, _, surface = name.partition("@")
        mine = [
            one.reply
            for one in self.senders[surface].sent
            if (one.target.dest or f"dm-{one.target.account}") in (f"dm:{surface}:{who.casefold()}", f"dm-{who}")
        ]
        new = mine[self._read.get(name, 0) :]
        self._read[name] = len(mine)
        return new

    async def letter(self, name: str) -> str:
        """The newest of these; its buttons can be pressed."""
        new = await self.inbox(name)
        assert new, f"nothing arrived for {name}"
        self._kept(name, Answer(new[-1], private=True))
        return text_of(new[-1])

    async def board(self, surface: str) -> list[Reply]:
        """Every card in the channel as it is drawn now, the oldest first."""
        await self.deliver()
        cards: dict[str, Reply] = {}
        for number, one in enumerate(self.senders[surface].sent, 1):
            if one.target.dest == f"{surface}:#gigs":
                cards[f"m{number}"] = one.reply
        for posting, reply in self.senders[surface].redrawn:
            if posting.message in cards:
                cards[posting.message] = reply
        return list(cards.values())


async def link(towns: Towns, one: str, other: str) -> None:
    """The whole way, from the code to the second yes."""
    code = code_in(await towns.say(one, "/me link"))
    await towns.say(other, f"/link {code}")
    await towns.press(other, "Link them")
    await towns.letter(one)
    await towns.press(one, "Yes, both are me")


def code_in(answer: Answer) -> str:
    """The code on an answer's copy button."""
    return next(button.text for button in answer.reply.buttons if isinstance(button, CopyButton))
