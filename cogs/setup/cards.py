"""What setting up answers."""

from __future__ import annotations

from collections.abc import Sequence

from cogs.kit.action import action
from cogs.kit.places import Missing
from cogs.kit.reply import MAIN, Button, Reply, Row
from cogs.kit.words import Code, Strong, line
from storage.records.people import Channel

#: Product rule: eight to a page. Communities have few channels in which gigs are spoken of.
_SHOWN = 8


def hung(channel: Channel, *, changed: bool) -> Reply:
    """Where gig cards go from now on."""
    if channel.board:
        said = line("Gig cards are hung in ", Strong(channel.label), "." if changed else " already.")
        buttons = (Button("Stop", action("setup.stop", channel.id)),)
        return Reply(lines=(said, line("Post one with ", Code("/gig post"), ".")), buttons=buttons)
    said = line("No gig cards in ", Strong(channel.label), "." if changed else ", as before.")
    return Reply(lines=(said,))


def listed(channels: Sequence[Channel]) -> Reply:
    """The channels there are, boards first."""
    ordered = sorted(channels, key=lambda one: not one.board)[:_SHOWN]
    rows = tuple(
        Row(
            line(Strong(one.label), ": gig cards" if one.board else ": no gig cards", *_trouble(one)),
            (
                Button("Stop", action("setup.stop", one.id))
                if one.board
                else Button("Use as board", action("setup.use", one.id)),
            ),
        )
        for one in ordered
    )
    none = () if rows else (line("I know no channel here yet. Use me in one, and it is listed."),)
    return Reply(title="Channels", lines=none, rows=rows)


def welcome(community: str, board: Channel | None) -> Reply:
    """The first words in a server. board: the channel that looks like one for gigs."""
    lines = [
        line("First Call is here: gigs, deps, diaries and invoices for the players of ", Strong(community), "."),
        line("Post a gig with ", Code("/gig post"), "; see everything with ", Code("/help"), "."),
    ]
    buttons: tuple[Button, ...] = ()
    if board is not None:
        lines.append(line("Moderators: should gig cards hang in ", Strong(board.label), "?"))
        label = f"Use {board.label} as the board"
        buttons = (Button(label if len(label) <= 38 else "Use it as the board", action("setup.use", board.id), MAIN),)
    else:
        lines.append(line("Moderators: say where gig cards go with ", Code("/setup channels"), "."))
    return Reply(lines=tuple(lines), buttons=buttons)


def cannot_post(channel: Channel, lacks: Sequence[Missing] | None) -> Reply:
    """Something could not be posted in a channel. lacks: the rights; none known: what was answered."""
    if lacks:
        rights = ", ".join(one.right for one in lacks)
        verb = "are" if len(lacks) > 1 else "is"
        what = line("I cannot post in ", Strong(channel.label), f": {rights} {verb} missing there.")
    else:
        what = line("I cannot post in ", Strong(channel.label), f": {channel.trouble}.")
    return Reply(
        lines=(
            what,
            *(line(one.how) for one in (lacks or ())[:3]),
            line("What waits for it goes up by itself then. Or choose another channel: ", Code("/setup channels")),
        ),
        also=(line("You hear of this once a day at most, for as long as something is refused."),),
    )


def _trouble(channel: Channel) -> tuple[str, ...]:
    return (f" ({channel.trouble})",) if channel.trouble else ()
