"""The community cog: the guided start, words, roles and the rules of the board."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from cogs.kit.action import action as action_id
from cogs.kit.ask import Ask, parameters_of
from cogs.kit.call import Call, Right
from cogs.kit.cog import Cog, Where, action, command
from cogs.kit.currencies import read_currency
from cogs.kit.faults import Misread
from cogs.kit.form import Choice, Form
from cogs.kit.reading import read
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.kit.words import Code, line
from cogs.setup import asked, service
from cogs.setup import community_cards as cards
from cogs.setup.community import (
    EVENTS,
    PINGS,
    ChangedSetup,
    CommunityService,
    Setup,
    is_nothing,
    read_needed,
    read_roles,
)
from storage.records.board_rules import Needed, Posters
from storage.records.people import Channel, Words

_WORDS = {asked.Trade.DEP: Words.UK, asked.Trade.SUB: Words.US}


class CommunityCog(Cog, name="community", topic="Setting up"):
    """For moderators: a guided start, then words, roles and rules one by one."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work
        self._service = CommunityService(tools)

    # --- the start ----------------------------------------------------------------------------------------------------

    @command(
        "setup start",
        "Set this community up in two minutes; skip what you do not know",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
        opens_form=True,
        example="/setup start channel=gigs posters=everyone words=dep region=Leeds currency=GBP zone=Leeds",
    )
    async def start(
        self,
        call: Call,
        channel: asked.BoardHere = None,
        posters: asked.WhoPosts = None,
        words: asked.Words = None,
        region: asked.Region = None,
        currency: asked.Currency = None,
        zone: asked.Clock = None,
        roles: asked.AskedRoles = None,
    ) -> Reply:
        """What is skipped stays as it is."""
        board = await self._channel(call, channel, "channel") if channel else await self._only(call)
        done = await self._service.change(
            call,
            fields=_fields(words, region, currency, zone),
            rules=_who(posters, roles),
            board=board,
        )
        return cards.started(await self._checked(done))

    async def _only(self, call: Call) -> Channel | None:
        """The channel the caller is in, where the community has no board yet."""
        known = await service.channels(self._open_work, call)
        if any(one.board for one in known):
            return None
        return next((one for one in known if one.id == call.place.channel_id), None)

    async def _checked(self, done: ChangedSetup) -> ChangedSetup:
        return ChangedSetup(setup=await self._service.checked(done.setup), said=done.said)

    # --- words --------------------------------------------------------------------------------------------------------

    @command(
        "setup words",
        "Dep or sub, region, currency and zone of this community",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
        example="/setup words words=dep region=Leeds currency=GBP zone=Leeds",
    )
    async def words(
        self,
        call: Call,
        words: asked.Words = None,
        region: asked.Region = None,
        currency: asked.Currency = None,
        zone: asked.Clock = None,
    ) -> Reply:
        """Nothing said: how it stands."""
        fields = _fields(words, region, currency, zone)
        if not fields:
            return cards.part(await self._service.read(call), "Words and money", cards.WORDS)
        return cards.changed(await self._service.change(call, fields=fields), cards.WORDS)

    # --- roles --------------------------------------------------------------------------------------------------------

    @command(
        "setup roles",
        "Whether gig cards may mention the role of their chair, and gigs become server events",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
        example="/setup roles mention=yes events=no",
    )
    async def roles(self, call: Call, mention: asked.Pings = None, events: asked.Events = None) -> Reply:
        """Nothing said: how it stands."""
        said = {PINGS: mention, EVENTS: events}
        wanted = {name: value or None for name, value in said.items() if value is not None}
        if not wanted:
            return cards.part(await self._service.read(call), "Roles and events", cards.ROLES)
        return cards.changed(await self._service.change(call, settings=wanted), cards.ROLES)

    # --- rules --------------------------------------------------------------------------------------------------------

    @command(
        "setup rules",
        "What the board asks of posts: who, what they must say, how many, how long, the fraud screen",
        needs=Right.MODERATE,
        where=Where.COMMUNITY,
        example='/setup rules required="length, who pays" posts_a_day=3',
    )
    async def rules(
        self,
        call: Call,
        posters: asked.WhoPosts = None,
        roles: asked.Roles = None,
        required: asked.Required = None,
        account_days: asked.AccountDays = None,
        posts_a_day: asked.PostsADay = None,
        days: asked.DaysUp = None,
        check_edits: asked.CheckEdits = None,
        screen: asked.Screen = None,
        report_channel: asked.ReportsTo = None,
    ) -> Reply:
        """Nothing said: how it stands."""
        wanted = _who(posters, roles)
        if required is not None:
            wanted["needed"] = read_needed(required)
        numbers = {"account_days": account_days, "posts_a_day": posts_a_day, "days": days}
        switches = {"check_edits": check_edits, "screen": screen}
        wanted |= {name: value for name, value in (numbers | switches).items() if value is not None}
        if report_channel is not None:
            nobody = is_nothing(report_channel)
            meant = None if nobody else await self._channel(call, report_channel, "report_channel")
            wanted["report_channel"] = meant.id if meant is not None else None
        if not wanted:
            return cards.part(await self._service.read(call), "Rules of the board", cards.RULES)
        return cards.changed(await self._service.change(call, rules=wanted), cards.RULES)

    # --- one thing at a time ------------------------------------------------------------------------------------------

    @action("rules", needs=Right.MODERATE)
    async def show_rules(self, call: Call) -> Reply:
        """The rules as they stand."""
        return await self.rules(call)

    @action("roles", needs=Right.MODERATE)
    async def show_roles(self, call: Call) -> Reply:
        """Roles and events as they stand."""
        return await self.roles(call)

    @action("part", needs=Right.MODERATE)
    async def part(self, call: Call, part: asked.Part) -> Reply:
        """Ask what it shall be, with what it is in the form."""
        parameter = _PARAMETERS[part]
        if parameter.choices():
            return cards.ask(parameter, part)
        now = _typed(await self._service.read(call), part)
        return Reply(
            lines=(line(parameter.ask.question), *((line("Now: ", Code(now)),) if now else ())),
            form=Form(
                title=parameter.label,
                fields=parameters_of(CommunityCog.write, keyword_only=True),
                then=action_id("community.write", part),
                values={"value": now} if now else {},
            ),
        )

    @action("write", title="Change it", needs=Right.MODERATE)
    async def write(
        self,
        call: Call,
        part: asked.Part,
        *,
        value: Annotated[str, Ask("What shall it be?", label="New value", max_length=200)],
    ) -> Reply:
        """Take the new value in."""
        return await self._set(call, part, value)

    @action("pick", needs=Right.MODERATE)
    async def pick(self, call: Call, part: asked.Part, value: str) -> Reply:
        """Take a value in that was tapped."""
        if part is asked.Part.POSTERS and value == asked.Who.ROLES:
            return await self.part(call, asked.Part.ROLES)
        return await self._set(call, part, value)

    async def _set(self, call: Call, part: asked.Part, text: str) -> Reply:
        parameter = _PARAMETERS[part]
        handlers = (self.rules, self.words, self.roles)
        handler = next(one for one in handlers if parameter in parameters_of(one))
        try:
            return await handler(call, **{parameter.attribute: read(parameter, text, call)})
        except Misread as fault:
            fault.field = "value"
            raise

    @action("back", needs=Right.MODERATE)
    async def back(self, call: Call) -> Reply:
        """The last change, taken back."""
        done = await self._service.back(call)
        return cards.part(done.setup, "As it was before", (*cards.START, *cards.ROLES, *cards.RULES[1:])).with_(
            buttons=()
        )

    # --- what is offered ----------------------------------------------------------------------------------------------

    async def channels(self, call: Call, typed: str) -> Sequence[Choice]:
        """The channels that are known."""
        known = await service.channels(self._open_work, call)
        wanted = typed.removeprefix("#").casefold()
        return [Choice(one.label, one.name) for one in known if wanted in one.name.casefold()]

    async def fields(self, call: Call, typed: str) -> Sequence[Choice]:
        """What a post can be asked for, added to what is typed already."""
        before, _, last = typed.rpartition(",")
        led = f"{before.strip()}, " if before.strip() else ""
        fitting = [one.label for one in Needed if last.strip().casefold() in one.label and one.label not in before]
        return [Choice(f"{led}{label}"[:100], f"{led}{label}"[:100]) for label in fitting]

    async def _channel(self, call: Call, said: str, field: str) -> Channel:
        try:
            return await service.named(self._open_work, call, None if said.casefold() == "here" else said)
        except Misread as fault:
            fault.field = field
            raise


def _fields(words: asked.Trade | None, region: str | None, currency: str | None, zone: str | None) -> dict[str, Any]:
    """The community's own fields that were said. Raises Misread for a currency that is none."""
    found: dict[str, Any] = {}
    if words is not None:
        found["words"] = _WORDS[words]
    if region is not None:
        found["region"] = None if is_nothing(region) else region
    if currency is not None:
        try:
            found["currency"] = None if is_nothing(currency) else read_currency(currency)
        except Misread as fault:
            fault.field = "currency"
            raise
    if zone is not None:
        found["zone"] = zone
    return found


def _who(posters: asked.Who | None, roles: str | None) -> dict[str, Any]:
    """Who may post, as fields of the rules. Raises Misread when roles are meant and none is named."""
    found: dict[str, Any] = {}
    names = read_roles(roles) if roles else ()
    if posters is not None:
        found["posters"] = posters.posters
        if posters.posters is Posters.ROLES and not names:
            raise Misread("Which roles may post? Write their names.", example="Fixer, Bandleader", field="roles")
    if names:
        found["roles"] = names
        found.setdefault("posters", Posters.ROLES)
    return found


def _typed(setup: Setup, part: asked.Part) -> str | None:
    """What stands there now, as text that reads back as it; None for nothing."""
    rules, community = setup.rules, setup.community
    match part:
        case asked.Part.ROLES:
            return ", ".join(rules.roles)
        case asked.Part.REQUIRED:
            return ", ".join(one.label for one in rules.needed)
        case asked.Part.ACCOUNT_DAYS | asked.Part.POSTS_A_DAY | asked.Part.DAYS:
            return str(getattr(rules, part.value))
        case asked.Part.REPORT_CHANNEL:
            return setup.report_channel.name if setup.report_channel else None
        case asked.Part.REGION | asked.Part.CURRENCY | asked.Part.ZONE:
            kept: str | None = getattr(community, part.value)
            return kept
    return None


#: Everything that can be changed one by one, by its part.
_PARAMETERS = {
    asked.Part(one.name): one
    for handler in (CommunityCog.rules, CommunityCog.words, CommunityCog.roles)
    for one in parameters_of(handler)
}
