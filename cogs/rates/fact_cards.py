"""What is said about published figures."""

from __future__ import annotations

from collections.abc import Sequence

from cogs.kit.action import action
from cogs.kit.call import Call, Right
from cogs.kit.reply import Button, Reply, Row
from cogs.kit.words import Code, Line, line
from cogs.rates import parts
from cogs.rates.cards import PAGE, own_spans
from cogs.rates.facts import Body
from storage.records.gig import KindOfWork
from storage.records.money import Money
from storage.records.rate import OwnReference
from storage.reference.rates import PublishedRate, ValueType


def _row_line(row: PublishedRate, call: Call) -> Line:
    """A figure of any sort: money with its unit, or a percentage or factor of what it names."""
    dated = row.is_dated(call.now.date())
    if row.value_type in (ValueType.AMOUNT, ValueType.SURVEY) and row.currency is not None:
        return parts.published_spans(row, dated)
    top = f" to {row.value_max}" if row.value_max is not None else ""
    figure = f"{row.value}{top}"
    if row.currency is not None:
        said: tuple[str | Money, ...] = (Money.of(row.value, row.currency), f" {row.unit}")
    elif row.value_type is ValueType.PERCENT:
        said = (f"{figure}% {row.unit}",)
    else:
        said = (f"{figure} {row.unit}",)
    return line(*said, *parts.published_spans(row, dated, figure=False))


def scale(
    kind: KindOfWork,
    country: str,
    body: Body | None,
    rows: Sequence[PublishedRate],
    own: Sequence[OwnReference],
    call: Call,
    page: int = 0,
) -> Reply:
    """Published figures, a page at a time; for moderators with a button to take off their own."""
    everything: list[Row] = [
        Row(
            line(Code(f"F{one.id}"), " ", *own_spans(one, call.now.date())),
            (Button(f"Remove F{one.id}", action("ratefacts.remove", one.id)),) if call.may(Right.MODERATE) else (),
        )
        for one in own
    ]
    everything += [Row(_row_line(row, call)) for row in rows]
    title = f"Published pay: {kind.value}, {parts.country_text(country)}"
    if not everything:
        return Reply(
            title=title,
            lines=(
                line("We know of no published figure for that", f" by {body.label}" if body else "", "."),
                line("Figures older than 2021 and those from one weak source are not shown."),
            ),
            buttons=_mod_buttons(call),
        )
    pages = (len(everything) + PAGE - 1) // PAGE
    page = min(max(page, 0), pages - 1)
    wanted = body.value if body is not None else ""
    turn = [Button("Back", action("ratefacts.page", kind, country, page - 1, wanted))] if page else []
    turn += [Button("Next", action("ratefacts.page", kind, country, page + 1, wanted))] if page + 1 < pages else []
    return Reply(
        title=title,
        lines=(line(f"{len(everything)} figures, as printed by who is named. Page {page + 1} of {pages}."),),
        rows=tuple(everything[page * PAGE : (page + 1) * PAGE]),
        also=(line("Facts to compare, not what to charge. Nothing is raised or converted."),),
        buttons=(*turn, *_mod_buttons(call)),
    )


def _mod_buttons(call: Call) -> tuple[Button, ...]:
    return (Button("Add a figure", action("ratefacts.adding")),) if call.may(Right.MODERATE) else ()


def added(one: OwnReference, call: Call) -> Reply:
    """The echo of a figure that moderators added."""
    return Reply(
        lines=(
            line("Kept as ", Code(f"F{one.id}"), ", for everybody in this community."),
            own_spans(one, call.now.date()),
        ),
    )


def removed(one: OwnReference, *, back: bool) -> Reply:
    """It is off the list, or on it again."""
    return Reply(
        lines=(line("Back on the list: " if back else "Removed: ", Code(f"F{one.id}"), f", {one.covers}."),),
    )


def switched(on: bool, number: int) -> Reply:
    """Whether the community has figures."""
    state = "on: members can share what gigs paid, and see figures of at least 5 people" if on else "off"
    kept = "1 entry is" if number == 1 else f"{number} entries are"
    still = "" if on else " Their owners keep them, and can withdraw them; nobody is shown a figure."
    return Reply(
        lines=(
            line(f"Community rates are {state}."),
            line(f"{kept} kept.{still}"),
        ),
        buttons=(
            Button("Switch off" if on else "Switch on", action("ratefacts.switch", not on)),
            Button("How figures are made", action("rates.how")),
            Button("Add a figure", action("ratefacts.adding")),
        ),
    )
