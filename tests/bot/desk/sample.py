"""A small cog that keeps notes, for tests of the desk: every way a handler can ask, answer and fail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from cogs.kit.action import action as action_id
from cogs.kit.ask import Ask, Role, parameters_of
from cogs.kit.call import Call, Right
from cogs.kit.cog import Cog, Where, action, command
from cogs.kit.faults import Conflict, Misread
from cogs.kit.form import Choice, Form
from cogs.kit.reply import PUBLIC, Button, Reply, say
from cogs.kit.tools import Tools
from cogs.kit.undo import offer_undo
from storage.records.fee import Fee
from storage.records.people import Person
from storage.records.times import Span


class Mood(StrEnum):
    WARM = "warm"
    COOL = "cool"


class NotesCog(Cog, name="notes", topic="Notes"):
    """Keeps one note a person, to try the desk on."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self.done: list[dict[str, object]] = []

    async def _keep(self, call: Call, note: str | None) -> None:
        async with self._tools.open_work() as work:
            await work.people.set_setting(call.person_id, "note", note)
            if note is not None:
                await offer_undo(work, call, "Note kept", action_id("notes.forget"))
            await work.commit()

    @command("note add", "Keep a note", replies=PUBLIC, one_line=("note",))
    async def add(
        self,
        call: Call,
        role: Annotated[Role, Ask("Which chair?", example="alto sax")],
        when: Annotated[Span, Ask("When is it?", example="Sat 28 Nov 19:30")],
        fee: Annotated[Fee, Ask("What does it pay?", example="£250")],
        mood: Annotated[Mood | None, Ask("Which mood?")] = None,
        text: Annotated[str | None, Ask("Anything else?", max_length=40)] = None,
    ) -> Reply:
        if text == "forbidden":
            raise Misread("That word is not kept.", example="hello", field="text")
        self.done.append({"role": role, "when": when, "fee": fee, "mood": mood, "text": text, "zone": call.zone})
        await self._keep(call, text or "kept")
        return say("Kept.")

    @action("forget")
    async def forget(self, call: Call) -> Reply:
        await self._keep(call, None)
        return say("Forgotten.")

    @command("note whole", "Fill in everything", opens_form=True)
    async def whole(
        self,
        call: Call,
        mood: Annotated[Mood | None, Ask("Which mood?")] = None,
        text: Annotated[str | None, Ask("Anything else?")] = None,
        seats: Annotated[int | None, Ask("How many?", at_least=1, at_most=9)] = None,
    ) -> Reply:
        self.done.append({"mood": mood, "text": text, "seats": seats})
        return say("Noted.")

    @command("note fix", "Go through a note again")
    async def fix(self, call: Call) -> Reply:
        values = {"role": "alto sax", "when": "2026-11-28T19:30", "fee": "220 GBP", "text": "hello"}
        fields = parameters_of(NotesCog.add)
        return Reply(form=Form(title="Fix a note", fields=fields, then="note add", values=values, fixing=True))

    @command("note ache", "Where it hurts")
    async def ache(
        self,
        call: Call,
        where: Annotated[str, Ask("Where does it hurt?", also={"back": "back"})],
        since: Annotated[int, Ask("Since how many days?", at_least=1)],
    ) -> Reply:
        self.done.append({"where": where, "since": since})
        return say("Ouch.")

    @command("note either", "Needs one of two")
    async def either(
        self,
        call: Call,
        whom: Annotated[str | None, Ask("For a person?")] = None,
        band: Annotated[str | None, Ask("For a band?")] = None,
    ) -> Reply:
        if whom is None and band is None:
            raise Misread("For whom?", example="Jo", field="whom")
        return say("Kept.")

    @command("note secret", "Only for you")
    async def secret(self, call: Call) -> Reply:
        return say("Hush.", buttons=(Button("Ask more", action_id("notes.more", 7)),))

    @command("note rule", "Moderators only", needs=Right.MODERATE)
    async def rule(self, call: Call) -> Reply:
        return say("Ruled.")

    @command("note here", "Belongs to a community", where=Where.COMMUNITY)
    async def here(self, call: Call) -> Reply:
        return say("Here.")

    @command("note break", "Has a bug")
    async def break_(self, call: Call) -> Reply:
        raise RuntimeError("secret detail of Player One, £220")

    @command("note clash", "Breaks a rule")
    async def clash(self, call: Call) -> Reply:
        raise Conflict("That chair is taken.", how="Pick another one.")

    @command("note about", "About somebody")
    async def about(
        self,
        call: Call,
        player: Annotated[Person, Ask("Who?")],
        length: Annotated[timedelta | None, Ask("How long?")] = None,
        id_: Annotated[int | None, Ask("Which one?", ref="N", suggest="ids")] = None,
    ) -> Reply:
        return say(f"About {player.name}, {length}, {id_}.")

    async def ids(self, call: Call, typed: str) -> Sequence[Choice]:
        """Two notes to choose from."""
        return [Choice("N1 first", "N1"), Choice("N2 second", "N2")]

    @action("more", title="More about it")
    async def more(self, call: Call, number: int, *, text: Annotated[str, Ask("What more?")]) -> Reply:
        self.done.append({"number": number, "more": text})
        return say("More kept.")
