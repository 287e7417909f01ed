"""Hello, the tour, help, privacy and good-bye as replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cogs.home import pages, rules
from cogs.home.pages import Topic
from cogs.home.rules import Hear, Receipt
from cogs.kit.action import action
from cogs.kit.ask import Kind, Parameter
from cogs.kit.call import Call
from cogs.kit.cog import Command
from cogs.kit.reply import DANGER, LABEL_CHARACTERS, MAIN, AnyButton, Button, Field, Reply, Row
from cogs.kit.words import Code, Line, Moment, Shown, Strong, line, term
from storage.records.people import Community, Person
from storage.reference import instruments, zones

_HELP = Button("Help", action("home.help", ""))
_SETTINGS = Button("Show all settings", action("settings.show"))


# --- hello ------------------------------------------------------------------------------------------------------------


def hello(person: Person, call: Call, *, gigs: str | None) -> Reply:
    """Two lines and three buttons. gigs: key of the command that lists gigs, if there is one."""
    deps = term("deps", call.words)
    tour = f"Go on with step {person.tour_step} of {rules.STEPS}" if rules.under_way(person.tour_step) else None
    return Reply(
        title=f"Hello {person.name}",
        lines=(
            line(f"I post gigs, find {deps}, remember things for you and say what work pays."),
            line("Tell me what you play and I show you work. What you tell me stays private."),
        ),
        buttons=(
            *_see_gigs(gigs),
            Button(tour or "Tell us what you play", action("home.tour"), MAIN),
            _HELP,
        ),
        also=(line(Code("/privacy"), " says what is kept of you. ", Code("/settings"), " shows what you have set."),),
    )


def _see_gigs(gigs: str | None) -> tuple[Button, ...]:
    return (Button("See gigs", action("desk.run", gigs)),) if gigs else ()


# --- the tour ---------------------------------------------------------------------------------------------------------


def step(
    number: int, person: Person, community: Community | None, call: Call, *, note: Line = (), in_place: bool = True
) -> Reply:
    """One step of the tour, with answers to tap. note: what the last one did."""
    question, taps = {1: _zone, 2: _roles, 3: _region, 4: _hear}[number](person, community, call)
    back = (Button("Back", action("home.step", number - 1)),) if number > 1 else ()
    return Reply(
        title=f"Step {number} of {rules.STEPS}",
        lines=(*((note,) if note else ()), question),
        buttons=(*taps, Button("Skip", action("home.skip", number)), *back),
        replaces=in_place,
    )


_Step = tuple[Line, tuple[AnyButton, ...]]


def _zone(person: Person, community: Community | None, call: Call) -> _Step:
    country = call.country or call.locale.replace("_", "-").rpartition("-")[2]
    near = [community.zone] if community and community.zone else []
    near += [zone for zone in zones.suggest("", country=country) if zone not in near]
    taps = [_keep_step(1, person.zone)] if person.zone else []
    taps += [Button(zone[:LABEL_CHARACTERS], action("home.zone", zone)) for zone in near[:4] if zone != person.zone]
    question = line(Strong("Which city's time do you go by?"), " I read your times by its clock.")
    return question, (*taps, Button("Another city", action("home.city")))


def _roles(person: Person, community: Community | None, call: Call) -> _Step:
    taps = [_keep_step(2, roles_text(person.roles))] if person.roles else []
    usual = [one for one in instruments.suggest("", limit=12) if one.id not in person.roles]
    taps += [Button(one.name, action("home.plays", one.id)) for one in usual[:8]]
    question = line(Strong("What do you play?"), " Type several if you like: trumpet, flugel.")
    return question, (*taps, Button("Type it", action("home.chairs")))


def _region(person: Person, community: Community | None, call: Call) -> _Step:
    near = [community.region] if community and community.region else []
    if person.zone and "/" in person.zone:
        near.append(person.zone.rsplit("/", 1)[-1].replace("_", " "))
    taps = [_keep_step(3, person.region)] if person.region else []
    offered = [place for place in dict.fromkeys(near) if place != person.region and _fits(place)]
    taps += [Button(place, action("home.based", place)) for place in offered[:3]]
    return line(Strong("Where are you based?"), " Gigs near you come first."), (
        *taps,
        Button("Type it", action("home.place")),
    )


def _fits(place: str) -> bool:
    """Whether a place can stand on a button and in its action id (bytes: 64, less the action's own)."""
    return len(place) <= LABEL_CHARACTERS and len(place.encode()) <= 48 and ":" not in place and place.isprintable()


def _hear(person: Person, community: Community | None, call: Call) -> _Step:
    taps = tuple(Button(hear.label, action("home.hears", hear)) for hear in Hear)
    return line(Strong("How much do you want to hear from me?"), " Your own reminders always arrive."), taps


def _keep_step(number: int, what: str) -> Button:
    """A tap that leaves what is there."""
    return Button(f"Keep {what}"[:LABEL_CHARACTERS], action("home.skip", number))


def roles_text(roles: Sequence[str]) -> str:
    """Chairs by name."""
    return ", ".join(_role(role) for role in roles)


def _role(role: str) -> str:
    try:
        return instruments.by_id(role).name
    except KeyError:
        return role


def done(person: Person, call: Call, *, note: Line, gigs: str | None) -> Reply:
    """The end of the tour: what is known now, and where to go."""
    here = Moment(call.now, person.zone, Shown.CLOCK) if person.zone else None
    return Reply(
        title="That is all",
        lines=(note,) if note else (),
        fields=(
            Field("Your time", line(person.zone, ", where it is ", here) if person.zone and here else line("not said")),
            Field("You play", line(roles_text(person.roles) or "not said")),
            Field("Where", line(person.region or "not said")),
        ),
        buttons=(
            *_see_gigs(gigs),
            Button("Back", action("home.step", rules.STEPS)),
            _SETTINGS,
            _HELP,
        ),
        replaces=True,
    )


# --- help -------------------------------------------------------------------------------------------------------------


def help_topics(topics: Sequence[Topic], call: Call, *, in_place: bool = False) -> Reply:
    """What there is help about, and how one begins."""
    if call.by_menu:
        begin = line("Type / and pick a command, such as ", Code("/gig post"), ".")
    else:
        begin = line(
            "Write one line, such as ", Code("/gig bass, Sat 28 Nov 19:30, Leeds, £220"), ", or only the command."
        )
    return Reply(
        title="Help",
        lines=(
            begin,
            line("I ask for what is missing. ", Code("/undo"), " takes back, ", Code("/cancel"), " stops a question."),
        ),
        buttons=tuple(Button(topic.title[:LABEL_CHARACTERS], action("home.help", topic.key)) for topic in topics),
        replaces=in_place,
    )


def help_topic(topic: Topic, number: int, *, in_place: bool = False) -> Reply:
    """One topic: a line that works for each command, and what it does."""
    commands, count = pages.page_of(topic.commands, number)
    number = min(max(0, number), count - 1)
    turns = []
    if number > 0:
        turns.append(Button("Previous page", action("home.page", topic.key, number - 1)))
    if number < count - 1:
        turns.append(Button("Next page", action("home.page", topic.key, number + 1)))
    return Reply(
        title=topic.title + (f", page {number + 1} of {count}" if count > 1 else ""),
        lines=(line(topic.intro),) if topic.intro else (),
        rows=tuple(Row(line(Code(pages.example_of(command)), f"  {command.summary}")) for command in commands),
        buttons=(*turns, Button("All topics", action("home.help", ""))),
        replaces=in_place,
    )


def help_command(command: Command, call: Call) -> Reply:
    """One command: what it does, a line that works, and its options."""
    options = [p for p in command.parameters if not p.ask.hidden and p.kind is not Kind.QUOTED]
    rows = [Row(_option(parameter)) for parameter in options[: pages.MOST_OPTIONS]]
    more = len(options) - len(rows)
    also = [line(f"And {more} more, which the form asks for.")] if more else []
    if (command.aliases or command.one_line) and not call.by_menu:
        names = ", ".join(f"/{name}" for name in dict.fromkeys((*command.aliases, *command.one_line)))
        also.append(line("Also: ", Code(names)))
    return Reply(
        title=f"/{command.name}",
        lines=(line(f"{command.summary}."), line("For example: ", Code(pages.example_of(command)))),
        rows=tuple(rows),
        buttons=(Button("All topics", action("home.help", "")),),
        also=tuple(also),
    )


def _option(parameter: Parameter) -> Line:
    needed = "" if parameter.required else " (may be left out)"
    values = ", ".join(choice.value for choice in parameter.choices()[:8])
    shown = values or parameter.ask.example
    example = (f" {shown}",) if shown else ()
    return line(Strong(parameter.name), f": {parameter.ask.question}", *example, needed)


# --- privacy ----------------------------------------------------------------------------------------------------------


def privacy(rows: Mapping[str, int], *, forgotten_at: datetime | None, call: Call) -> Reply:
    """What is kept, where, how long, who sees it, and the ways out."""
    going: tuple[Line, ...] = ()
    if forgotten_at is not None:
        going = (line(Strong("You will be forgotten "), Moment(forgotten_at, call.zone_or_utc), "."),)
    return Reply(
        title="What is kept of you",
        lines=going,
        fields=(
            Field("What", line("what you tell me, and your account's id and name where you write to me")),
            Field("Now", line(rules.counts_text(rows))),
            Field("Where", line("in the database of whoever runs me; nothing is sold or sent to anybody else")),
            Field("How long", line(_HOW_LONG)),
            Field("Who sees it", line(_WHO_SEES)),
        ),
        buttons=(
            Button("Export everything", action("privacy.export")),
            *_way_out(forgotten_at),
            _SETTINGS,
        ),
    )


#: The 60 days are `bot.desk.dialogue.KEPT`, the 90 those of `bot.desk.courier.Courier`; a test holds them together.
_HOW_LONG = (
    "until you take it back. Half-filled forms go after 60 days, messages that were sent after 90, "
    "the way back from a deed after 10 minutes"
)
_WHO_SEES = (
    "money, availability, wellness and reminders: you alone. Answers to a gig: you and whoever posted it. "
    "Your profile: whom you let. Gig cards and wins: the whole community"
)


def _way_out(forgotten_at: datetime | None) -> tuple[Button, ...]:
    if forgotten_at is None:
        return (Button("Forget me", action("privacy.leave"), DANGER),)
    return (Button("Keep everything", action("privacy.keep"), MAIN),)


def exported(rows: Mapping[str, int]) -> Line:
    """What an export holds."""
    total = sum(rows.values())
    return line(f"Everything I keep of you: {total} rows. ", rules.counts_text(rows), ".")


def leaving(rows: Mapping[str, int], others: Sequence[str]) -> Reply:
    """The question before somebody is forgotten: what goes, what others keep. others: surfaces that are linked too."""
    return Reply(
        title="Forget you?",
        lines=(
            line("This erases everything of yours: ", rules.counts_text(rows), "."),
            line("Gigs you posted and answers you gave go too; what others wrote stays, without your name."),
            *((line(f"It counts for all your accounts: {', '.join(others)}."),) if len(others) > 1 else ()),
            line("It happens in 10 minutes. Until then one tap keeps everything; afterwards nobody can bring it back."),
        ),
        buttons=(
            Button("Forget me for good", action("privacy.forget_me"), DANGER),
            Button("Export everything first", action("privacy.export")),
            Button("Keep everything", action("privacy.stay"), MAIN),
        ),
    )


def going(at: datetime, call: Call, *, again: bool) -> Reply:
    """The wish is kept: when it happens, and how to stop it."""
    said = "You have asked already. You will be forgotten " if again else "You will be forgotten "
    return Reply(
        lines=(
            line(said, Moment(at, call.zone_or_utc), "."),
            line("Until then everything works as before, and one tap keeps it. Proof follows when it is done."),
        ),
        buttons=(Button("Keep everything", action("privacy.keep"), MAIN),) if again else (),
    )


def proof(receipt: Receipt) -> Reply:
    """What was erased: the last message."""
    return Reply(
        title="You are forgotten",
        lines=(
            line("Erased ", Moment(receipt.at, "UTC"), f": {receipt.total} rows in {len(receipt.rows)} tables."),
            line(rules.counts_text(receipt.rows), "."),
            line("Every table was searched afterwards and nothing of you was left. Receipt: ", Code(receipt.code)),
            line("The address that brought you this is erased with it. Write to me and you begin afresh."),
        ),
    )
