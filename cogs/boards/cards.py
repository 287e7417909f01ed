"""What linking boards shows."""

from __future__ import annotations

from collections.abc import Sequence

from cogs.boards.outcomes import Linked, Offer, Pair
from cogs.kit.action import action
from cogs.kit.ask import label_of
from cogs.kit.call import Call
from cogs.kit.reply import DANGER, MAIN, Button, CopyButton, Reply, Row
from cogs.kit.words import Code, Line, Moment, Plain, Span, Strong, line
from storage.records.link import BoardFilter
from storage.records.people import Community
from storage.reference import instruments

#: Product rule: eight to a page. Few communities share their boards with more.
_SHOWN = 8


def community(one: Community) -> tuple[Span, ...]:
    """A community as moderators know it."""
    return (Strong(one.name), Plain(f" on {one.surface.capitalize()}"))


def offered(one: Offer, call: Call) -> Reply:
    """A code, and who is to type it in."""
    return Reply(
        title="Link this board with another",
        lines=(
            line("The code for ", *community(one.here), " is ", Code(one.code), "."),
            line("Give it to a moderator there. In their community they write ", Code(f"/setup link {one.code}"), "."),
            line("It works once, until ", Moment(one.made.expires_at, call.zone_or_utc), "."),
        ),
        buttons=(CopyButton("Copy the code", one.code),),
        also=(line("Gigs that are posted from then on hang on both boards. Either side can end it at any time."),),
    )


def typed(pair: Pair) -> Reply:
    """To whoever typed a code in: link these two?"""
    return Reply(
        title="Link these boards?",
        lines=(
            line(*community(pair.there), " offers its board to ", *community(pair.here), "."),
            line("Gigs posted in either will hang in both; answers from anywhere go to whoever posted."),
        ),
        buttons=(
            Button("Link the boards", action("boards.confirm", pair.code_id), MAIN),
            Button("No", action("boards.no")),
        ),
        also=(line("What passes can be narrowed afterwards with ", Code("/setup links"), "."),),
    )


def linked(pair: Pair) -> Reply:
    """It is done."""
    return Reply(
        lines=(
            line(*community(pair.there), " and ", *community(pair.here), " share their boards now."),
            line("Narrow what passes, or end it: ", Code("/setup links")),
        ),
        replaces=True,
    )


def told(here: Community, other: Community) -> Reply:
    """To whoever made the code."""
    return Reply(
        lines=(
            line(*community(other), " has taken the code: its board and that of ", *community(here), " are linked."),
            line("In ", Strong(here.name), ", ", Code("/setup links"), " shows what passes, and ends it."),
        )
    )


def listed(found: Sequence[Linked], *, note: Line | None = None) -> Reply:
    """Every link with what passes, and a button for each thing to be done."""
    notes = (note,) if note is not None else ()
    if not found:
        none = line("This board is linked with no other. Make a code with ", Code("/setup link"), ".")
        return Reply(lines=(*notes, none))
    rows = tuple(
        Row(
            line(
                *community(one.other),
                *(" (not reached now)",) if not one.other.active else (),
                ". What comes: ",
                *passing(one.link.takes),
                ". What goes: ",
                *passing(one.link.gives),
                ".",
            ),
            (
                Button("What comes", action("boards.takes", one.link.id)),
                Button("What goes", action("boards.gives", one.link.id)),
                Button("Unlink", action("boards.part", one.link.id), DANGER),
            ),
        )
        for one in found[:_SHOWN]
    )
    return Reply(title="Linked boards", lines=notes, rows=rows)


def passing(wanted: BoardFilter) -> Line:
    """What passes, in words."""
    parts: list[str] = []
    if wanted.roles:
        parts.append(", ".join(instruments.chair(role).name for role in wanted.roles))
    if wanted.words:
        parts.append(f"in {' '.join(wanted.words)}")
    if wanted.kinds:
        parts.append(" or ".join(label_of(kind) for kind in wanted.kinds))
    least = line("; from " if parts else "from ", wanted.at_least) if wanted.at_least is not None else ()
    return (*line("; ".join(parts) or ("" if least else "everything")), *least)


def narrowed(one: Linked, *, takes: bool) -> Reply:
    """What passes from now on."""
    wanted = one.link.takes if takes else one.link.gives
    way = "What comes from " if takes else "What goes to "
    return Reply(
        lines=(
            line(way, *community(one.other), " from now on: ", *passing(wanted), "."),
            line("Gigs that hang already stay where they are."),
        ),
        buttons=(Button("Change it", action("boards.takes" if takes else "boards.gives", one.link.id)),),
    )


def parting(one: Linked) -> Reply:
    """Really?"""
    return Reply(
        lines=(
            line("Unlink from ", *community(one.other), "?"),
            line("Its gigs leave this board, and yours leave its. To link again takes a new code."),
        ),
        buttons=(Button("Unlink the boards", action("boards.unlink", one.link.id), DANGER),),
    )


def parted(one: Linked, cards: int) -> Reply:
    """Apart."""
    gone = f" {cards} card{'s' if cards != 1 else ''} come{'' if cards != 1 else 's'} off." if cards else ""
    return Reply(lines=(line("This board and that of ", *community(one.other), f" are apart.{gone}"),), replaces=True)
