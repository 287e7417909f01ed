"""A cog for what the market has not: long forms, slow handlers, menus, long answers, boards with tags, events."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from cogs.kit.action import action as action_id
from cogs.kit.ask import Ask, LongText, Quoted
from cogs.kit.call import Call, Right
from cogs.kit.cog import Cog, Menu, Where, action, card, command, notice
from cogs.kit.faults import Conflict
from cogs.kit.form import Choice
from cogs.kit.reply import PUBLIC, Button, CardRef, Entry, Field, Reply, Row, Tags, say
from cogs.kit.tools import Tools
from cogs.kit.words import Code, line
from storage.records.notice import NewNotice, Notice
from storage.records.people import Person
from storage.records.times import Span
from storage.work import Work


class Style(StrEnum):
    JAZZ = "jazz"
    FOLK = "folk"
    ROCK = "rock"


class OddCog(Cog, name="odd", topic="Odd"):
    """Odd things."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        #: Handlers that are slow wait for this.
        self.go_on = asyncio.Event()
        #: What the board's card looks like now.
        self.state = "open"
        self.ping: str | None = None
        self.place, self.sequence = "The Sage", 0

    @command("odd form", "Seven questions", opens_form=True)
    async def form(
        self,
        call: Call,
        one: Annotated[str, Ask("One?")],
        two: Annotated[str | None, Ask("Two?")] = None,
        three: Annotated[LongText | None, Ask("Three?")] = None,
        styles: Annotated[tuple[Style, ...] | None, Ask("Which styles?")] = None,
        five: Annotated[int | None, Ask("Five?", at_least=1, at_most=9)] = None,
        six: Annotated[str, Ask("Six?")] = "",
        seven: Annotated[bool | None, Ask("Seven?")] = None,
    ) -> Reply:
        chosen = "+".join(s.value for s in styles or ())
        return say(f"{one} {two} {three} {chosen} {five} {six} {seven}")

    @command("odd slow", "Takes its time")
    async def slow(self, call: Call) -> Reply:
        await self.go_on.wait()
        return say("At last.")

    @command("odd parade", "Takes its time in public", replies=PUBLIC)
    async def parade(self, call: Call, fail: Annotated[bool | None, Ask("Fail?")] = None) -> Reply:
        await self.go_on.wait()
        if fail:
            raise Conflict("The street is closed, and you owe £40.")
        return say("Here it comes.", buttons=(Button("Wave", action_id("odd.wave")),))

    @action("wave")
    async def wave(self, call: Call) -> Reply:
        await self.go_on.wait()
        return say("You waved.")

    @action("turn", replies=PUBLIC)
    async def turn(self, call: Call) -> Reply:
        await self.go_on.wait()
        return Reply(title="Turned", lines=(line("Round."),), replaces=True)

    @command("odd wheel", "A card that turns", replies=PUBLIC)
    async def wheel(self, call: Call) -> Reply:
        return Reply(title="Wheel", lines=(line("Still."),), buttons=(Button("Turn", action_id("odd.turn")),))

    @command("odd bug", "Has a bug", replies=PUBLIC)
    async def bug(self, call: Call) -> Reply:
        raise RuntimeError("the secret of Player One")

    @command("odd long", "Says very much")
    async def long(self, call: Call) -> Reply:
        return Reply(title="Long", lines=tuple(line(f"Line {n} of a long text. " * 4) for n in range(200)))

    @command("odd list", "Eight entries with three buttons each")
    async def list(self, call: Call) -> Reply:
        rows = tuple(
            Row(
                line(Code(f"S{n}"), " entry"),
                tuple(Button(word, action_id("odd.wave")) for word in ("Show", "Hide", "Drop")),
            )
            for n in range(8)
        )
        return Reply(title="Entries", rows=rows, buttons=(Button("Next", action_id("odd.wave")),))

    @command("odd save", "Keep a message", menu=(Menu.MESSAGE, "Save as odd"), aliases=("keep",))
    async def save(self, call: Call, text: Annotated[Quoted, Ask("Which message?")]) -> Reply:
        return say("Saved: ", str(text))

    @command("odd add", "Add somebody", menu=(Menu.PERSON, "Add to my odd list"))
    async def add(self, call: Call, who: Annotated[Person, Ask("Who?")]) -> Reply:
        return say("Added ", who.name, ".")

    @command("odd pick", "Pick by id", aliases=("odds",))
    async def pick(self, call: Call, id_: Annotated[int, Ask("Which one?", ref="S", suggest="ids")]) -> Reply:
        return say("Picked ", Code(f"S{id_}"), ". More: ", Code("/odd list"), " ", Code("/keep"))

    async def ids(self, call: Call, typed: str) -> tuple[Choice, ...]:
        if typed == "boom":
            raise RuntimeError(typed)
        return tuple(Choice(f"S{n} of {call.name}", f"S{n}") for n in range(40))

    @command("dep find", "Find a dep", where=Where.COMMUNITY)
    async def find(self, call: Call) -> Reply:
        return say("Looking.")

    @command("rule all", "For moderators", needs=Right.MODERATE)
    async def rule(self, call: Call) -> Reply:
        return say("Ruled.")

    @command("odd board", "Hang the card on every board")
    async def hang(self, call: Call) -> Reply:
        assert call.community_id is not None
        async with self._tools.open_work() as work:
            for channel in await work.communities.channels_of(call.community_id, board=True):
                await work.notices.add(
                    NewNotice(kind="odd.hung", channel_id=channel.id, due_at=call.now, urgent=True), call.now
                )
            await work.commit()
        return say("Hung.")

    @notice("hung")
    async def hung(self, notice: Notice, work: Work) -> Reply | None:
        return self._card()

    @card("board")
    async def board(self, subject_id: int, work: Work) -> Reply | None:
        return self._card()

    def _card(self) -> Reply:
        if self.state == "removed":
            return say("It was taken off.", card=CardRef("odd.board", 1))
        now = self._tools.clock.now()
        span = Span(now + timedelta(days=5), None, "Europe/London")
        return Reply(
            title="Bass dep" if self.state == "open" else f"Bass dep: {self.state}",
            fields=(Field("State", line(self.state)),),
            buttons=(Button("I'm in", action_id("odd.wave")),) if self.state == "open" else (),
            card=CardRef("odd.board", 1),
            tags=Tags(
                ("strings", "paid", self.state), closed=self.state == "filled", news=line(f"It is {self.state}.")
            ),
            entry=Entry("g1@test", "Bass at the Sage", span, self.place, self.sequence, public=self.state == "filled"),
            ping_role=self.ping,
        )
