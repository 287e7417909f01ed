"""A small market with stalls, for tests of the console: forms, files, lists, undo, notices and cards."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any

from cogs.kit.action import action as action_id
from cogs.kit.ask import Ask, LongText, Role
from cogs.kit.call import Call, Right
from cogs.kit.cog import Cog, Where, action, afterwards, card, command, notice
from cogs.kit.faults import NotFound, Stale
from cogs.kit.form import Choice, Form
from cogs.kit.reply import (
    MAIN,
    PRIVATE,
    PUBLIC,
    Button,
    CardRef,
    CopyButton,
    Field,
    Reply,
    Row,
    Upload,
    WebButton,
    say,
)
from cogs.kit.tools import Tools
from cogs.kit.undo import offer_undo
from cogs.kit.words import Code, Moment, Strong, Who, line
from storage.records.fee import Fee
from storage.records.money import Money
from storage.records.notice import NewNotice, Notice
from storage.records.people import Person
from storage.records.times import Span
from storage.work import Work


class Sort(StrEnum):
    FOOD = "food"
    SESSION = "session"


class MarketCog(Cog, name="stalls", topic="Stalls"):
    """A market: stalls that hang in channels, and everything a console can be asked to show."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    @command("stall post", "Open a stall", one_line=("stall",))
    async def post(
        self,
        call: Call,
        role: Annotated[Role, Ask("Which chair?", example="alto sax")],
        when: Annotated[Span, Ask("When is it?", example="Sat 28 Nov 19:30")],
        fee: Annotated[Fee, Ask("What does it pay?", example="£250")],
        sort: Annotated[Sort | None, Ask("Which sort?")] = None,
        note: Annotated[LongText | None, Ask("Anything else?")] = None,
    ) -> Reply:
        assert call.community_id is not None
        async with self._tools.open_work() as work:
            stalls = await _stalls(work, call.community_id)
            number = len(stalls) + 1
            stalls[str(number)] = {
                "role": role.label,
                "at": when.start.isoformat(),
                "zone": when.zone,
                "fee": fee.money.minor if fee.money else 0,
                "note": note or "",
                "owner": call.person_id,
                "name": call.name,
                "in": [],
                "open": True,
            }
            await work.communities.set_setting(call.community_id, "stalls", stalls)
            for channel in await work.communities.channels_of(call.community_id, board=True):
                await work.notices.add(
                    NewNotice(
                        kind="stalls.posted",
                        channel_id=channel.id,
                        args={"stall": number, "community": call.community_id},
                        due_at=call.now,
                    ),
                    call.now,
                )
            await offer_undo(work, call, "Stall posted", action_id("stalls.close", number))
            await work.commit()
        return say(
            "Posted ",
            Code(f"S{number}"),
            ", ",
            Moment(when.start, when.zone),
            ".",
            buttons=(Button("Fix", action_id("stalls.fix", number)),),
        )

    @action("fix")
    async def fix(self, call: Call, number: int) -> Reply:
        stall = await self._stall(call, number)
        values = {"role": stall["role"], "note": stall["note"]}
        parameters = next(c for c in self.commands() if c.name == "stall post").parameters
        return Reply(form=Form(title="Fix it", fields=parameters, then="stall post", values=values))

    @action("close")
    async def close(self, call: Call, number: int) -> Reply:
        await self._change(call, number, open=False)
        return say("Closed ", Code(f"S{number}"), ".")

    @action("join", replies=PUBLIC)
    async def join(self, call: Call, number: int) -> Reply:
        stall = await self._stall(call, number)
        if not stall["open"]:
            raise Stale("That stall is closed.")
        if call.person_id in stall["in"]:
            return say("You are in already.", replies=PRIVATE)
        await self._change(call, number, **{"in": [*stall["in"], call.person_id]})
        async with self._tools.open_work() as work:
            await work.notices.add(
                NewNotice(
                    kind="stalls.joined",
                    person_id=stall["owner"],
                    args={"stall": number, "who": call.person_id},
                    due_at=call.now,
                    urgent=True,
                ),
                call.now,
            )
            await work.commit()
        return Reply(lines=(line("You are in for ", Code(f"S{number}"), "."),), replies=PRIVATE)

    @action("counter", title="Offer another sum")
    async def counter(self, call: Call, number: int, *, fee: Annotated[Fee, Ask("How much?", example="£50")]) -> Reply:
        return say("Offered ", fee.money or "nothing", ".")

    @command("stall list", "What there is")
    async def list(self, call: Call) -> Reply:
        assert call.community_id is not None
        async with self._tools.open_work(reading=True) as work:
            stalls = await _stalls(work, call.community_id)
        rows = tuple(
            Row(line(Code(f"S{n}"), " ", s["role"]), (Button("Show", action_id("stalls.show", int(n))),))
            for n, s in stalls.items()
        )
        return Reply(title="Stalls", rows=rows, buttons=(Button("Next", action_id("stalls.show", 1)),))

    @action("show")
    async def show(self, call: Call, number: int) -> Reply:
        stall = await self._stall(call, number)
        return say("S", str(number), " by ", Who(stall["owner"], stall["name"]), replaces=True)

    @command("stall photo", "Keep a photo")
    async def photo(self, call: Call, photo: Annotated[Upload, Ask("Which photo?")]) -> Reply:
        again = Upload(photo.name, photo.content, photo.kind, photo.alt)
        return say("Kept ", str(len(photo.content)), " bytes.", files=(again,))

    @command("stall remind", "Say so later")
    async def remind(self, call: Call, after: Annotated[timedelta, Ask("In how long?", example="2 h")]) -> Reply:
        at = call.now + after
        async with self._tools.open_work() as work:
            await work.notices.add(
                NewNotice(
                    kind="stalls.later",
                    person_id=call.person_id,
                    args={"round": 1},
                    due_at=at,
                    urgent=True,
                    series_id=f"later:{call.person_id}:{at.isoformat()}",
                    occurrence=1,
                ),
                call.now,
            )
            await work.commit()
        return say("I shall, ", Moment(at, call.zone_or_utc), ".")

    @command("stall whole", "Everything at once", opens_form=True)
    async def whole(
        self,
        call: Call,
        sort: Annotated[Sort, Ask("Which sort of work?")],
        seats: Annotated[int | None, Ask("How many seats?", at_least=1, at_most=9)] = None,
        public: Annotated[bool | None, Ask("May all see it?")] = None,
        who: Annotated[Person | None, Ask("Who is it for?", suggest="people")] = None,
    ) -> Reply:
        name = who.name if who else "nobody"
        return say(f"Whole: {sort.value}, {seats} seats, public {public}, for {name}.")

    async def people(self, call: Call, typed: str) -> tuple[Choice, ...]:
        return (Choice("Bob", "Bob"),)

    @command("stall secret", "Only you see this", aliases=("psst",))
    async def secret(self, call: Call) -> Reply:
        return say("Worth ", Strong("£999"), ".")

    @command("stall shout", "All see this", replies=PUBLIC)
    async def shout(self, call: Call, text: Annotated[str, Ask("What?")]) -> Reply:
        return say(text)

    @command("stall call", "Call for something, so that all hear it", replies=PUBLIC)
    async def call_out(
        self,
        call: Call,
        sort: Annotated[Sort, Ask("What sort?")],
        where: Annotated[str, Ask("Where?")],
    ) -> Reply:
        return say(f"Who has {sort.value} in {where}?")

    @command("stall rule", "Moderators only", needs=Right.MODERATE, where=Where.COMMUNITY)
    async def rule(self, call: Call) -> Reply:
        return say("Ruled.")

    @command("stall links", "Addresses and texts")
    async def links(self, call: Call) -> Reply:
        return say("Here:", buttons=(WebButton("Read", "https://example.org/a"), CopyButton("Text", "pay me")))

    @notice("posted")
    async def posted(self, notice: Notice, work: Work) -> Reply | None:
        return await _card(work, int(notice.args["community"] or 0), int(notice.args["stall"] or 0))

    @notice("joined")
    async def joined(self, notice: Notice, work: Work) -> Reply | None:
        who = await work.people.get(int(notice.args["who"] or 0))
        return say(who.name if who else "Somebody", " is in.") if who else None

    @notice("later")
    async def later(self, notice: Notice, work: Work) -> Reply | None:
        return say(f"Later, number {notice.args['round']}.", buttons=(Button("Again", action_id("stalls.again")),))

    @action("again")
    async def again(self, call: Call) -> Reply:
        return say("Once more.")

    @afterwards("later")
    async def next_one(self, notice: Notice, work: Work) -> None:
        if notice.occurrence < 3:
            await work.notices.add(
                NewNotice(
                    kind="stalls.later",
                    person_id=notice.person_id,
                    args={"round": notice.occurrence + 1},
                    due_at=notice.due_at + timedelta(days=1),
                    urgent=True,
                    series_id=notice.series_id,
                    occurrence=notice.occurrence + 1,
                ),
                notice.due_at,
            )

    @card("board")
    async def board(self, subject_id: int, work: Work) -> Reply | None:
        for community_id in range(1, 4):
            if (community := await work.communities.get(community_id)) and "stalls" in community.settings:
                return await _card(work, community_id, subject_id)
        return None

    async def _stall(self, call: Call, number: int) -> dict[str, Any]:
        async with self._tools.open_work(reading=True) as work:
            stalls = await _stalls(work, call.community_id or 0)
        if str(number) not in stalls:
            raise NotFound("stall", f"S{number}")
        found: dict[str, Any] = stalls[str(number)]
        return found

    async def _change(self, call: Call, number: int, **fields: Any) -> None:
        async with self._tools.open_work() as work:
            stalls = await _stalls(work, call.community_id or 0)
            stalls[str(number)] |= fields
            await work.communities.set_setting(call.community_id or 0, "stalls", stalls)
            await work.notices.refresh("stalls.board", number, call.now)
            await work.commit()


async def _stalls(work: Work, community_id: int) -> dict[str, Any]:
    community = await work.communities.get(community_id)
    found = community.settings.get("stalls", {}) if community else {}
    assert isinstance(found, dict)
    return {number: dict(stall) for number, stall in found.items()}


async def _card(work: Work, community_id: int, number: int) -> Reply | None:
    stall = (await _stalls(work, community_id))[str(number)]
    buttons = (
        Button("I'm in", action_id("stalls.join", number), MAIN),
        Button("Counter", action_id("stalls.counter", number)),
    )
    return Reply(
        title=f"{stall['role']} wanted",
        lines=(line(stall["note"]),) if stall["note"] else (),
        fields=(
            Field("When", line(Moment(datetime.fromisoformat(stall["at"]), stall["zone"]))),
            Field("Fee", line(Money(stall["fee"], "GBP"))),
            Field("By", line(stall["name"])),
            Field("In", line(str(len(stall["in"])) if stall["open"] else "closed")),
        ),
        buttons=buttons if stall["open"] else (),
        card=CardRef("stalls.board", number),
    )
