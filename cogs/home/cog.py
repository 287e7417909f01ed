"""The home cog: start, the tour and help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

from cogs.home import cards, pages, rules, service
from cogs.home.rules import Hear
from cogs.home.service import Newcomer
from cogs.kit.ask import Ask, Role, Zone
from cogs.kit.call import Call
from cogs.kit.cog import Cog, Command, action, command
from cogs.kit.faults import Misread, Stale
from cogs.kit.form import Choice
from cogs.kit.reply import Reply
from cogs.kit.tools import Tools
from cogs.kit.words import Code, Line, Moment, Shown, Strong, line
from storage.records.people import Person
from storage.reference import instruments, zones

_TOPIC = Ask("Help about what?", example="gigs", suggest="topics", max_length=60)
_CITY = Ask("Which city's time do you go by?", label="Your city or zone", example="Leeds, or your time now: 19:30")
_CHAIRS = Ask("What do you play?", label="You play", example="trumpet, flugel")
_PLACE = Ask("Where are you based?", label="Region", example="Leeds", max_length=80)

#: The command that lists gigs, by the names it may have, the best first.
_GIG_LISTS = ("gig list", "gigs")


class HomeCog(Cog, name="home", topic="Help"):
    """Where to begin, and what there is."""

    def __init__(self, tools: Tools, commands_of: Callable[[], Sequence[Cog]]) -> None:
        """commands_of: every cog of the program, in menu order."""
        self._open_work = tools.open_work
        self._commands_of = commands_of

    def first_words(self, person: Person) -> Line:
        """Where to begin; whoever has set their zone already is not told to."""
        if person.zone is None:
            begin = line("New here? Set your zone with ", Code("/tz"))
        else:
            begin = line("New here? All you can set: ", Code("/settings"))
        return (*begin, *line(" · what is kept of you: ", Code("/privacy")))

    # Hello and the tour

    @command("start", "Say hello and see where to begin", example="/start")
    async def start(self, call: Call) -> Reply:
        """Whatever follows the command in a link is the surface's business."""
        person = await service.begin(self._open_work, call)
        return cards.hello(person, call, gigs=self._gigs())

    @command("tour", "Set up in four taps: your time, what you play, where, what you hear", example="/tour")
    async def tour_command(self, call: Call) -> Reply:
        """Where it was left, or from the beginning."""
        return await self._show(call)

    @action("tour")
    async def tour(self, call: Call) -> Reply:
        """Where it was left, or from the beginning."""
        return await self._show(call, in_place=True)

    @action("step")
    async def step(self, call: Call, number: int) -> Reply:
        """Back to one step."""
        if not 1 <= number <= rules.STEPS:
            raise _outdated()
        new = await service.newcomer(self._open_work, call)
        return cards.step(number, new.person, new.community, call)

    @action("skip")
    async def skip(self, call: Call, number: int) -> Reply:
        """Leave one step as it is and go on."""
        if not 1 <= number <= rules.STEPS:
            raise _outdated()
        new = await service.take_step(self._open_work, call, number)
        return self._next(call, number, new, ())

    @action("zone")
    async def zone(self, call: Call, zone: str) -> Reply:
        """Step 1, tapped."""
        if zones.find(zone) != (zone,):
            raise _outdated()
        return await self._zone(call, zone)

    @action("city", title="Your time")
    async def city(self, call: Call, *, zone: Annotated[Zone, _CITY]) -> Reply:
        """Step 1, typed."""
        return await self._zone(call, str(zone))

    @action("plays")
    async def plays(self, call: Call, role: str) -> Reply:
        """Step 2, tapped."""
        try:
            instruments.by_id(role)
        except KeyError:
            raise _outdated() from None
        return await self._roles(call, (role,))

    @action("chairs", title="What you play")
    async def chairs(self, call: Call, *, roles: Annotated[tuple[Role, ...], _CHAIRS]) -> Reply:
        """Step 2, typed."""
        return await self._roles(call, tuple(role.id for role in roles))

    @action("based")
    async def based(self, call: Call, region: str) -> Reply:
        """Step 3, tapped."""
        return await self._region(call, region)

    @action("place", title="Your region")
    async def place(self, call: Call, *, region: Annotated[str, _PLACE]) -> Reply:
        """Step 3, typed."""
        return await self._region(call, region)

    @action("hears")
    async def hears(self, call: Call, hear: Hear) -> Reply:
        """Step 4."""
        new = await service.take_step(self._open_work, call, 4, hear=hear)
        return self._next(call, 4, new, line("Messages: ", Strong(hear.label), "."))

    async def _show(self, call: Call, *, in_place: bool = False) -> Reply:
        await service.begin(self._open_work, call)
        new = await service.newcomer(self._open_work, call)
        number = rules.next_step(new.person.tour_step)
        return cards.step(number, new.person, new.community, call, in_place=in_place)

    async def _zone(self, call: Call, zone: str) -> Reply:
        new = await service.take_step(self._open_work, call, 1, fields={"zone": zone})
        here = Moment(call.now, zone, Shown.CLOCK)
        return self._next(call, 1, new, line("Your time: ", Strong(zone), ", where it is ", here, "."))

    async def _roles(self, call: Call, roles: tuple[str, ...]) -> Reply:
        new = await service.take_step(self._open_work, call, 2, roles=roles)
        return self._next(call, 2, new, line("You play: ", Strong(cards.roles_text(new.person.roles)), "."))

    async def _region(self, call: Call, region: str) -> Reply:
        new = await service.take_step(self._open_work, call, 3, fields={"region": region[:80]})
        return self._next(call, 3, new, line("Where: ", Strong(region[:80]), "."))

    def _next(self, call: Call, number: int, new: Newcomer, note: Line) -> Reply:
        """The step after `number`, or the end."""
        if number == rules.STEPS:
            return cards.done(new.person, call, note=note, gigs=self._gigs())
        return cards.step(number + 1, new.person, new.community, call, note=note)

    def _gigs(self) -> str | None:
        """The key of the command that lists gigs."""
        known: dict[str, Command] = {c.name: c for cog in self._commands_of() for c in cog.commands()}
        return next((known[name].key for name in _GIG_LISTS if name in known), None)

    # Help

    @command("help", "See what there is, by topic or by command", example="/help gigs")
    async def help_command(self, call: Call, topic: Annotated[str | None, _TOPIC] = None) -> Reply:
        """Built from what this program can do, for what the caller may do."""
        found = pages.topics(self._commands_of(), call)
        if topic is None:
            return cards.help_topics(found, call)
        wanted = pages.find(found, topic)
        if wanted is None:
            raise Misread(
                f"I have no help about “{topic[:40]}”.",
                choices=tuple(Choice(page.title, page.key) for page in found[:12]),
                field="topic",
            )
        return cards.help_command(wanted, call) if isinstance(wanted, Command) else cards.help_topic(wanted, 0)

    @action("help")
    async def help(self, call: Call, key: str) -> Reply:
        """A topic, or all of them for an empty key."""
        found = pages.topics(self._commands_of(), call)
        topic = next((page for page in found if page.key == key), None)
        if topic is None:
            return cards.help_topics(found, call, in_place=True)
        return cards.help_topic(topic, 0, in_place=True)

    @action("page")
    async def page(self, call: Call, key: str, number: int) -> Reply:
        """Another page of a topic."""
        topic = next((page for page in pages.topics(self._commands_of(), call) if page.key == key), None)
        if topic is None:
            raise _outdated()
        return cards.help_topic(topic, number, in_place=True)

    async def topics(self, call: Call, typed: str) -> Sequence[Choice]:
        """Topics first, then commands."""
        said = typed.casefold().strip().removeprefix("/")
        found = pages.topics(self._commands_of(), call)
        offered = [Choice(page.title, page.key) for page in found if said in page.title.casefold()]
        offered += [Choice(f"/{c.name}", c.name) for page in found for c in page.commands if said and said in c.name]
        return offered[:25]


def _outdated() -> Stale:
    return Stale("That button is from an older version of me and no longer does anything.")
