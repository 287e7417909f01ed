"""Help pages out of the catalogue: topics, the commands of one, and one command with its options. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cogs.kit.ask import Kind, Parameter
from cogs.kit.call import Call, Right
from cogs.kit.cog import Cog, Command

#: Product: a list shows eight to a page.
PAGE = 8
#: Options shown of one command; the rest are counted. More would not fit on a screen.
MOST_OPTIONS = 10

#: Needs no example: the surface shows choices or opens a picker.
_BLANK = {Kind.PERSON: "@sam", Kind.ROLE: "alto sax", Kind.YESNO: "yes", Kind.ZONE: "Leeds", Kind.WHOLE: "2"}


@dataclass(frozen=True, slots=True)
class Topic:
    """One help page. key: as it is typed and stands in action ids."""

    key: str
    title: str
    intro: str
    commands: tuple[Command, ...]


def topics(cogs: Sequence[Cog], call: Call) -> tuple[Topic, ...]:
    """Every topic with commands that the caller may use, in menu order; cogs on the same topic share its page."""
    found: dict[str, Topic] = {}
    for cog in cogs:
        commands = tuple(c for c in cog.commands() if c.needs is Right.MEMBER or call.may(c.needs))
        if not commands:
            continue
        key = key_of(cog.topic)
        known = found.get(key)
        if known is None:
            found[key] = Topic(key, cog.topic, cog.intro, commands)
        else:
            found[key] = Topic(key, known.title, known.intro, (*known.commands, *commands))
    return tuple(found.values())


def key_of(text: str) -> str:
    """A topic's title or a typed word in the form in which they are compared."""
    return "".join(c for c in text.casefold() if c.isalnum())[:30]


def find(pages: Sequence[Topic], text: str) -> Topic | Command | None:
    """The topic or command that somebody asks about: "gigs", "gig", "/gig post", "tz"; None when there is none."""
    said = " ".join(text.casefold().removeprefix("/").replace("_", " ").split())
    commands = {c.name: c for page in pages for c in page.commands}
    for page in pages:
        for command in page.commands:
            for alias in command.aliases:
                commands.setdefault(alias.replace("_", " "), command)
    wanted = key_of(said)
    same = [p for p in pages if p.key == wanted]
    if same:  # "gigs" is a topic and perhaps a command; the page has the command on it
        return same[0]
    if said in commands:
        return commands[said]
    if not wanted:
        return None
    near = [p for p in pages if p.key.startswith(wanted) or wanted.startswith(p.key)]
    if near:
        return near[0]
    grouped = [p for p in pages if any(c.name.split()[0] == said for c in p.commands)]
    return grouped[0] if grouped else None


def example_of(command: Command) -> str:
    """One line that works: the command's own example, or its name with what it needs."""
    if command.example is not None:
        return command.example
    needed = [p for p in command.parameters if p.required and p.kind is not Kind.QUOTED]
    return " ".join((f"/{command.name}", *(_given(p) for p in needed)))


def _given(parameter: Parameter) -> str:
    example = parameter.ask.example or _BLANK.get(parameter.kind, "…")
    if parameter.enum is not None:
        example = str(next(iter(parameter.enum)).value)
    if parameter.kind is Kind.REF:
        return example
    return f'{parameter.name}="{example}"' if " " in example else f"{parameter.name}={example}"


def page_of(commands: Sequence[Command], number: int) -> tuple[tuple[Command, ...], int]:
    """The commands on page `number`, from 0, and how many pages there are; a page beyond the last is the last."""
    pages = max(1, -(-len(commands) // PAGE))
    number = min(max(0, number), pages - 1)
    return tuple(commands[number * PAGE : (number + 1) * PAGE]), pages
