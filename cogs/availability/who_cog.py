"""The cog that answers who is free: for a chair, at a time, in a region."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from cogs.availability.calendar import Verdict
from cogs.availability.candidates import Found, WhoService
from cogs.availability.names import chair
from cogs.kit.action import action as action_id
from cogs.kit.ask import Ask, Role
from cogs.kit.call import Call
from cogs.kit.cog import Cog, Where, action, command
from cogs.kit.reply import AnyButton, Button, Field, Reply, Row
from cogs.kit.tools import Tools
from cogs.kit.words import Day, Line, Moment, Plain, Shown, Strong, Who, line
from storage.records.people import Person
from storage.records.times import Span
from storage.reference import instruments

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)

_SHOWN = {Verdict.FREE: "Free", Verdict.MAYBE: "Maybe", Verdict.UNKNOWN: "Not known"}


class WhoCog(Cog, name="who", topic="Availability"):
    """Who is free for a chair."""

    def __init__(self, tools: Tools) -> None:
        self._service = WhoService(tools)

    @command(
        "avail who", "Who is free for a chair at a time", aliases=("who",), one_line=("who",), where=Where.COMMUNITY,
        example="/who drums 14 Dec leeds",
    )  # fmt: skip
    async def who(
        self,
        call: Call,
        role: Annotated[Role, Ask("Which chair?", label="Chair", example="drums")],
        when: Annotated[Span, Ask("When?", label="When", example="Sat 14 Dec 19:30")],
        region: Annotated[str | None, Ask("Near which town?", label="Region", example="Leeds", max_length=80)] = None,
    ) -> Reply:
        """Free, maybe, not known; the reasons never."""
        return _drawn(await self._service.who(call, role, when, region))

    @action("page")
    async def page(
        self, call: Call, number: int, role: str, start: int, length: int, days: bool, region: str = ""
    ) -> Reply:
        """Another page of one question, asked again now."""
        begins = _EPOCH + _MINUTE * start
        span = Span(begins, begins + _MINUTE * length if length else None, call.zone_or_utc, whole_days=days)
        found = await self._service.who(call, _role(role), span, region or None, number)
        return _drawn(found).with_(replaces=True)


def _role(role_id: str) -> Role:
    try:
        known = instruments.chair(role_id)
    except KeyError:
        return Role(role_id, role_id, "")
    return Role(known.id, known.name, known.family)


def _drawn(found: Found) -> Reply:
    counts = f"{len(found.free)} free, {len(found.maybe)} maybe, {len(found.unknown)} not known"
    nobody = "Nobody who plays that and shares it is free then."
    region = f" near {found.region}" if found.region else ""
    return Reply(
        title=f"Who is free: {chair(found.role.id)}{region}",
        lines=(line(counts if found.shown else nobody),),
        fields=(Field("When", when_line(found.span)),),
        rows=tuple(_row(verdict, one, found) for verdict, one in found.shown),
        also=(line("From those who share it here, and never why. Ask before you count on it."),),
        buttons=_buttons(found),
    )


def _row(verdict: Verdict, one: Person, found: Found) -> Row:
    home = f", {one.region}" if one.region else ""
    marks = " · doubles" if one.id in found.doubles else ""
    marks += " · on your list" if one.id in found.listed else ""
    return Row(line(Strong(_SHOWN[verdict]), " ", Who(one.id, one.name), Plain(f"{home}{marks}")))


def when_line(span: Span) -> Line:
    """A time with everything about it: weekday, date, clock, zone, distance."""
    if span.whole_days:
        if span.first_day == span.last_day:
            return line(Day(span.first_day), ", all day")
        return line(Day(span.first_day), " - ", Day(span.last_day))
    if span.end is None:
        return line(Moment(span.start, span.zone), ", for three hours")
    same = (span.end - span.start) < timedelta(hours=24)
    return line(
        Moment(span.start, span.zone), " until ", Moment(span.end, span.zone, Shown.CLOCK if same else Shown.SHORT)
    )


def _buttons(found: Found) -> tuple[AnyButton, ...]:
    buttons: list[AnyButton] = []
    for label, other in (("Back", found.page - 1), ("Next", found.page + 1)):
        if 0 <= other < found.pages and (press := _page(found, other)) is not None:
            buttons.append(Button(label, press))
    return tuple(buttons)


def _page(found: Found, number: int) -> str | None:
    """The button of a page; None where the question is too long for one."""
    span = found.span
    start = (span.start - _EPOCH) // _MINUTE
    length = 0 if span.end is None else (span.end - span.start) // _MINUTE
    region = (found.region or "").replace(":", " ")
    try:
        return action_id("who.page", number, found.role.id, start, length, span.whole_days, region)
    except ValueError:
        return None
