"""A front door without a platform: people say lines and press buttons, and get answers back as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from bot.desk.answer import Answer
from bot.desk.closing import once_only
from bot.desk.courier import Courier
from bot.desk.desk import Desk
from bot.desk.guests import Guests, Visitor
from bot.desk.wording import line_text
from cogs.kit.call import Call, Right
from cogs.kit.cog import Cog
from cogs.kit.reply import Button, Reply, Upload
from cogs.kit.tools import Tools
from cogs.kit.words import Line
from storage.records.notice import Delivery
from storage.records.people import Person
from storage.work import OpenWork
from tests.bot.desk.courier_parts import Delivered, FakeSender
from tests.conftest import START, MovableClock

HALL = ("hall", "The Hall")


class Front:
    """One platform that has no form of its own. Everybody is in the same community, but for Eve."""

    def __init__(self, open_work: OpenWork, clock: MovableClock, furnish: Callable[[Tools], Sequence[Cog]]) -> None:
        self.tools = tools = Tools(open_work=once_only(open_work), clock=clock)
        self.clock = clock
        self.cogs = furnish(tools)
        self.desk = Desk(self.cogs, tools)
        self.guests = Guests(tools)
        self._last: dict[str, Answer] = {}

    async def person(self, name: str) -> Person:
        """The person behind a name; made by being asked for, and a member of the community."""
        call = await self.call(name, "#gigs")
        async with self.tools.open_work(reading=True) as work:
            person = await work.people.get(call.person_id)
        assert person is not None
        return person

    async def say(self, name: str, text: str, *, place: str = "dm", uploads: Sequence[Upload] = ()) -> Answer:
        """A command, or the answer to the question that is open."""
        self.clock.move(timedelta(seconds=1))  # nobody types two lines in one instant
        if name != "Eve":
            await self.call(name, "#gigs")
        call = await self.call(name, place)
        heard = None if text.startswith("/") else await self.desk.heard(call, text, uploads, anywhere=True)
        return self._kept(name, heard or await self.desk.spelled(call, text, uploads))

    def last(self, name: str) -> Answer:
        """The newest answer somebody got."""
        return self._last[name]

    async def press(self, name: str, label: str, *, of: str | None = None) -> Answer:
        """Press a button of the newest answer that `of` (or the presser) got, by the beginning of its label."""
        found = [b for b in buttons(self._last[of or name].reply) if b.label.startswith(label)]
        assert found, f"no button {label!r} on {text_of(self._last[of or name])!r}"
        return await self.press_id(name, found[0].action)

    async def press_id(self, name: str, action_id: str) -> Answer:
        """Press a button by its action id, as anybody can."""
        call = await self.call(name, "dm")
        return self._kept(name, await self.desk.press(call, action_id))

    def _kept(self, name: str, answer: Answer) -> Answer:
        self._last[name] = answer
        return answer

    async def call(self, name: str, place: str = "dm") -> Call:
        """A request of somebody's."""
        visitor = Visitor(
            surface="console",
            account=name.casefold(),
            name=name,
            address=f"dm:{name.casefold()}",
            dm=f"dm:{name.casefold()}",
        )
        if place != "dm":
            visitor = replace(visitor, address=place, dm=None, community=HALL, channel=(place, place, "text"))
        return await self.guests.call(visitor)


class Hall(Front):
    """A community with one board channel, a courier, and a clock that is moved by hand. Everybody goes by London.

    moderator: who has the right, in channels. sleeps: whether people have their usual quiet hours.
    """

    moderator: ClassVar[str | None] = None
    sleeps: ClassVar[bool] = True

    def __init__(self, open_work: OpenWork, clock: MovableClock, furnish: Callable[[Tools], Sequence[Cog]]) -> None:
        super().__init__(open_work, clock, furnish)
        self.sender = FakeSender(knows_keys=True)
        self.courier = self.new_courier()

    def new_courier(self) -> Courier:
        """The courier as it is after a start of the program."""
        return Courier(
            self.tools.open_work,
            self.clock,
            [self.sender],
            {kind: builder for cog in self.cogs for kind, builder in cog.notices().items()},
            cards={name: builder for cog in self.cogs for name, builder in cog.cards().items()},
            after={kind: follow for cog in self.cogs for kind, follow in cog.afterwards().items()},
        )

    async def call(self, name: str, place: str = "dm") -> Call:
        call = await super().call(name, place)
        if call.zone is None:
            await super().call(name, "dm")  # everybody's private chat is open
            await self._settle(call)
            call = replace(call, zone="Europe/London")
        if name == self.moderator and place != "dm":
            call = replace(call, rights=frozenset({Right.MEMBER, Right.MODERATE}))
        return call

    async def _settle(self, call: Call) -> None:
        """Somebody who is here for the first time."""
        async with self.tools.open_work() as work:
            person = await work.people.get(call.person_id)
            assert person is not None
            awake = {} if self.sleeps else {"quiet_to": person.quiet_from}
            await work.people.change(person.id, zone="Europe/London", **awake)
            if call.place.channel_id is not None:
                await work.communities.change_channel(call.place.channel_id, board=True)
            await work.commit()

    async def text(self, name: str, line: str, *, place: str = "dm") -> str:
        """What somebody is answered."""
        return text_of(await self.say(name, line, place=place))

    async def deliver(self) -> list[Delivered]:
        """Deliver what is due."""
        before = len(self.sender.sent)
        await self.courier.deliver_due()
        return self.sender.sent[before:]

    async def until(self, at: datetime) -> list[Delivered]:
        """Go on to a moment, with everything that falls due on the way at its own time; what was sent meanwhile."""
        before = len(self.sender.sent)
        await self.courier.deliver_due(until=at.astimezone(UTC), move=lambda to: self.clock.move(to=to))
        return self.sender.sent[before:]

    async def pass_by(self, **by: float) -> list[Delivered]:
        """Go on for a while: `days=3`."""
        return await self.until(self.clock.now() + timedelta(**by))

    async def away_until(self, at: datetime) -> list[Delivered]:
        """The program was not running till then."""
        self.clock.move(to=at)
        self.courier = self.new_courier()
        return await self.deliver()

    async def waiting(self, name: str) -> list[Delivery]:
        """What waits for somebody."""
        person = await self.person(name)
        async with self.tools.open_work(reading=True) as work:
            return await work.notices.of_person(person.id)


def placed(sent: Sequence[Delivered]) -> list[tuple[str, Reply]]:
    """Where each went, a private chat or a channel, and what it says."""
    return [(one.target.dest or "", one.reply) for one in sent]


def london(day: str, clock: str) -> datetime:
    """A moment on London's wall clock: ("2026-11-24", "09:00")."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


def buttons(reply: Reply) -> list[Button]:
    """The buttons of a reply that say something to the program, those of its rows last."""
    return [b for b in (*reply.buttons, *(b for row in reply.rows for b in row.buttons)) if isinstance(b, Button)]


def labels(answer: Answer) -> list[str]:
    """The buttons of an answer, as they are read."""
    return [button.label for button in buttons(answer.reply)]


def text_of(answer: Answer | Reply) -> str:
    """Everything an answer says, as plain text."""
    reply = answer.reply if isinstance(answer, Answer) else answer
    said = [reply.title or ""]
    said += [_said(one) for one in reply.lines]
    said += [f"{field.label}: {_said(field.line)}" for field in reply.fields]
    said += [_said(row.line) for row in reply.rows]
    said += [_said(one) for one in reply.also]
    return "\n".join(one for one in said if one)


def _said(one: Line) -> str:
    return line_text(one, START, "en-GB")
