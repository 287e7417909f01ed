"""Two communities and a few people behind one desk with every feature: who can get at what is not theirs?"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import Enum
from typing import Any, get_type_hints

from bot.desk.answer import Answer
from bot.desk.closing import once_only
from bot.desk.desk import Desk
from bot.desk.filling import Given
from bot.desk.guests import Guests, Visitor
from bot.desk.wording import line_text
from cogs import catalogue
from cogs.kit.action import action
from cogs.kit.ask import Kind, Parameter, parameters_of
from cogs.kit.call import Call, Right
from cogs.kit.cog import Deed
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from storage.work import OpenWork
from tests.conftest import MovableClock

NORTH, SOUTH = ("north", "The North"), ("south", "The South")
#: An id that nothing has; as short as those that things have, so that answers differ by it alone.
NOBODYS = 987

#: What Bob does, so that there is something of his everywhere; "#" in front: said in the channel.
BOBS_LIFE = (
    "#/gig drums, Sat 28 Nov 19:30, Ilkley, £223, function",
    "#/gig post role=bass when=\"Sun 29 Nov 15:00\" where=York fee=unpaid",
    "/watch drums leeds min 100",
    "/me profile roles=drums region=Leeds",
    "/client add Quillfeather",
    "/invoice new client=Quillfeather amount=457 due=30d",
    "/invoice sent I1",
    "/invoice paid I1 100",
    "/remind me tomorrow 9am send charts to Zebedee",
    "/avail set when=\"next Monday\" state=no note=dentist",
    "/rate share role=drums type=function region=Leeds unit=flat base=£223 month=Oct",
    "/rate floor 200 flat",
    "/hearing log 98 40",
    "/checkin energy=2 pain=mild where=wrist note=secret",
    "/break start practice",
    "#/poll_dates keys 3 Jan, 4 Jan by Fri",
    "/firstcall add role=bass player=@Cleo note=secret",
    "/rest plan when=\"next week\"",
    "/gigs mine",
    "/invoice new",
)  # fmt: skip


class Town:
    """Bob, Ada (who moderates the North) and Cleo are in the North; Mallory moderates the South; Lea left the North."""

    def __init__(self, open_work: OpenWork, clock: MovableClock) -> None:
        self.tools = Tools(open_work=once_only(open_work), clock=clock)
        self.clock = clock
        self.cogs = catalogue.furnish(self.tools)
        self.desk = Desk(self.cogs, self.tools, catalogue.GROUP_ALIASES)
        self.guests = Guests(self.tools)
        self.tokens: list[str] = []

    async def call(self, name: str, community: tuple[str, str] | None, *, moderator: bool = False) -> Call:
        """A request of somebody's; without a community from their private chat."""
        account = name.casefold()
        visitor = Visitor(surface="console", account=account, name=name, address=f"dm:{account}", dm=f"dm:{account}")
        await self.guests.call(visitor)
        if community is not None:
            address = f"#{community[0]}"
            visitor = replace(
                visitor,
                address=address,
                dm=None,
                community=community,
                channel=(address, community[0], "text"),
                moderator=moderator,
            )
        call = await self.guests.call(visitor)
        if call.zone is None:
            async with self.tools.open_work() as work:
                await work.people.change(call.person_id, zone="Europe/London", tour_step=5)
                await work.commit()
            call = replace(call, zone="Europe/London", is_new=False)
        return call

    async def settle(self) -> None:
        """Everybody moves in, and Bob lives."""
        ada = await self.call("Ada", NORTH, moderator=True)
        async with self.tools.open_work() as work:
            assert ada.place.channel_id is not None
            await work.communities.change_channel(ada.place.channel_id, board=True)
            await work.commit()
        for name in ("Cleo", "Lea", "Bob"):
            await self.call(name, NORTH)
        await self.call("Mallory", SOUTH, moderator=True)
        for text in BOBS_LIFE:
            self.clock.move(timedelta(seconds=1))
            call = await self.call("Bob", NORTH if text.startswith("#") else None)
            answer = await self.desk.spelled(call, text.removeprefix("#"))
            assert "gone wrong" not in text_of(answer.reply), text
            self.tokens += re.findall(r"[\w-]{12}", " ".join(ids_of(answer.reply)))
        await self.desk.command(await self.call("Cleo", NORTH), "gig answer", {"id": "G1", "reply": "ink"})
        await self.desk.command(
            await self.call("Cleo", NORTH), "gig report", {"id": "G1", "reason": "scam", "note": "secret"}
        )
        lea = await self.call("Lea", NORTH)
        async with self.tools.open_work() as work:
            assert lea.community_id is not None
            await work.communities.leave(lea.person_id, lea.community_id, self.clock.now())
            await work.commit()

    async def of_bob(self) -> Mapping[str, Any]:
        """Everything that is kept about Bob."""
        bob = await self.call("Bob", None)
        async with self.tools.open_work(reading=True) as work:
            return await work.export(bob.person_id)

    async def person_id(self, name: str) -> int:
        return (await self.call(name, None)).person_id


def ids_of(reply: Reply) -> list[str]:
    """The actions of every button of a reply."""
    found = [*reply.buttons, *(button for row in reply.rows for button in row.buttons)]
    return [one.action for one in found if hasattr(one, "action")]


def text_of(reply: Reply) -> str:
    """Everything a reply says, buttons too."""
    zone_now = MovableClock().now()
    lines = [reply.title or "", *(line_text(one, zone_now, "en-GB") for one in (*reply.lines, *reply.also))]
    lines += [f"{one.label}: {line_text(one.line, zone_now, 'en-GB')}" for one in reply.fields]
    lines += [line_text(one.line, zone_now, "en-GB") for one in reply.rows]
    lines += [one.name for one in reply.files]
    return "\n".join(lines)


_REF = re.compile(r"\b[A-Z]\d{1,3}\b")


def said(answer: Answer) -> str:
    """What somebody reads, with ids that are in it by their kind alone, and the buttons by their labels."""
    buttons = [*answer.reply.buttons, *(b for row in answer.reply.rows for b in row.buttons)]
    shown = f"{text_of(answer.reply)}\n{' | '.join(b.label for b in buttons)}"
    return _REF.sub(lambda found: f"{found[0][0]}#", shown)


def arguments(deed: Deed, ids: int | str) -> tuple[Any, ...] | None:
    """The arguments of an action with this id for every number or token; None when it takes none."""
    hints = get_type_hints(deed.handler)
    given: list[Any] = []
    for parameter in list(inspect.signature(deed.handler).parameters.values())[1:]:
        if parameter.kind is parameter.KEYWORD_ONLY:
            continue
        kind = hints[parameter.name]
        if kind is bool:
            given.append(1)
        elif isinstance(kind, type) and issubclass(kind, Enum):
            given.append(next(iter(kind)))
        elif kind is date:
            given.append(date(2026, 12, 1))
        elif kind is int:
            given.append(ids if isinstance(ids, int) else 1)
        else:
            given.append(ids if isinstance(ids, str) else "x")
    return tuple(given) if given else None


def press_id(deed: Deed, ids: int | str) -> str | None:
    """The id of a press with this id in it."""
    given = arguments(deed, ids)
    return action(deed.name, *given) if given is not None else None


def filled(parameters: tuple[Parameter, ...]) -> dict[str, Given]:
    """Something readable for every field of a form that must be filled in."""
    samples = {
        Kind.TEXT: "words",
        Kind.LONG: "words",
        Kind.WHOLE: "3",
        Kind.MONEY: "£20",
        Kind.FEE: "£220",
        Kind.YESNO: "yes",
        Kind.MOMENT: "tomorrow 9am",
        Kind.SPAN: "Sat 5 Dec 19:30",
        Kind.DAY: "5 Dec",
        Kind.WHEN: "5 Dec",
        Kind.LENGTH: "2 hours",
        Kind.PERSON: "@Mallory",
        Kind.ROLE: "drums",
        Kind.ZONE: "Leeds",
        Kind.QUOTED: "words",
        Kind.REF: f"X{NOBODYS}",
    }
    made: dict[str, Given] = {}
    for one in parameters:
        if one.kind is Kind.CHOICE and one.required:
            made[one.name] = str(one.choices()[0].value)
        elif one.required and one.kind in samples:
            made[one.name] = samples[one.kind]
    return made


def of_deed(deed: Deed) -> tuple[Parameter, ...]:
    """The fields of the form that a press opens."""
    return parameters_of(deed.handler, keyword_only=True)


MODERATES = frozenset({Right.MEMBER, Right.MODERATE})
