"""What choosing for a community answers."""

from __future__ import annotations

from collections.abc import Sequence

from cogs.kit.action import action
from cogs.kit.ask import Parameter
from cogs.kit.places import Missing
from cogs.kit.reply import Button, Field, Reply
from cogs.kit.words import Code, Line, Strong, line
from cogs.setup.asked import Part
from cogs.setup.community import ChangedSetup, Setup, in_words
from storage.records.board_rules import Posters
from storage.records.people import Channel

#: The option behind each thing that is shown.
_PARTS = {
    "Who may post": Part.POSTERS,
    "Must say": Part.REQUIRED,
    "Account age": Part.ACCOUNT_DAYS,
    "Posts a day": Part.POSTS_A_DAY,
    "Days up": Part.DAYS,
    "Changes too": Part.CHECK_EDITS,
    "Fraud screen": Part.SCREEN,
    "Report channel": Part.REPORT_CHANNEL,
    "Words": Part.WORDS,
    "Region": Part.REGION,
    "Currency": Part.CURRENCY,
    "Zone": Part.ZONE,
    "Mention roles": Part.MENTION,
    "Server events": Part.EVENTS,
}
START = ("Board", "Who may post", "Words", "Region", "Currency", "Zone")
WORDS = ("Words", "Region", "Currency", "Zone")
ROLES = ("Mention roles", "Server events")
RULES = (
    "Who may post",
    "Must say",
    "Account age",
    "Posts a day",
    "Days up",
    "Changes too",
    "Fraud screen",
    "Report channel",
)


def started(done: ChangedSetup) -> Reply:
    """The community is set up: how it stands, what the bot lacks, and the first thing to do."""
    setup = done.setup
    return Reply(
        title=f"{setup.community.name} is set up",
        lines=(*rights(setup.lacks), *_advice(setup)),
        fields=_fields(setup, START),
        buttons=(
            Button("Rules of the board", action("community.rules")),
            Button("Roles and events", action("community.roles")),
            Button("Check again", action("log.health")),
        ),
        also=(line("First post: ", Code("/gig post"), ". Change any of this: ", Code("/setup start"), "."),),
    )


def changed(done: ChangedSetup, names: Sequence[str]) -> Reply:
    """Some things after a change, with what it was before."""
    said = tuple(line(Strong(what), f": {now}, was {before}.") for what, before, now in done.said)
    return Reply(
        lines=(*(said or (line("That is so already. Nothing was changed."),)), *rights(done.setup.lacks),
               *_advice(done.setup)),
        fields=_fields(done.setup, names),
        buttons=_buttons(names),
    )  # fmt: skip


def part(setup: Setup, title: str, names: Sequence[str]) -> Reply:
    """Some things as they stand, and a button to change each."""
    return Reply(title=title, lines=_advice(setup), fields=_fields(setup, names), buttons=_buttons(names))


def ask(parameter: Parameter, one: Part) -> Reply:
    """What shall one thing be? Where there are few values, as buttons."""
    values = parameter.choices()
    return Reply(
        lines=(line(parameter.ask.question),),
        buttons=tuple(Button(choice.label, action("community.pick", one, choice.value)) for choice in values),
    )


def _buttons(names: Sequence[str]) -> tuple[Button, ...]:
    return tuple(Button(name, action("community.part", _PARTS[name])) for name in names if name in _PARTS)


def _fields(setup: Setup, names: Sequence[str]) -> tuple[Field, ...]:
    said = in_words(setup)
    return tuple(Field(name, line(said[name])) for name in names)


def rights(lacks: Sequence[tuple[Channel, tuple[Missing, ...] | None]]) -> tuple[Line, ...]:
    """What the bot lacks in each channel, by name, and how it is given; () where nobody could say."""
    lines: list[Line] = []
    for channel, missing in lacks:
        if missing == ():
            lines.append(line("I have every right I need in ", Strong(channel.label), "."))
        elif missing:
            names = ", ".join(one.right for one in missing)
            lines.append(line("In ", Strong(channel.label), f" I lack: {names}."))
            lines += [line(one.how) for one in missing[:3]]
    return tuple(lines)


def _advice(setup: Setup) -> tuple[Line, ...]:
    """What moderators should know about what they chose."""
    found: list[Line] = []
    on_telegram = setup.community.surface == "telegram"
    if not setup.boards:
        found.append(line("No channel is a board yet: use ", Code("/setup channels"), " in the one for gigs."))
    if setup.rules.account_days and on_telegram:
        found.append(line("Telegram does not tell how old an account is, so the account age is not checked here."))
    if setup.rules.posters is Posters.ROLES and on_telegram:
        found.append(line("Telegram has no roles, so only moderators can post now. Choose everyone, or moderators."))
    return tuple(found)
