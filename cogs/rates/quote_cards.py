"""What is said about one's own quote, floor, and what a gig is worth."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.reply import Button, CopyButton, Field, Reply, Upload
from cogs.kit.words import Code, Line, Strong, Web, line
from cogs.rates import parts, quoting
from cogs.rates.quote_service import Own
from storage.records.fee import Unit
from storage.records.gig import Gig
from storage.records.money import Money
from storage.records.rate import RateFloor
from storage.reference.sources import Source


def quote(text: str, pdf: Upload, token: str) -> Reply:
    """The quote as a text to copy, with the PDF. token: under which what it was made of is kept."""
    said = text.splitlines()
    return Reply(
        title=said[0],
        lines=tuple(line(Strong(one) if one.startswith("Total") else one) for one in said[1:] if one),
        files=(pdf,),
        also=(line("Your own figures. They are kept for a month, for you alone, so that Fix can open them."),),
        buttons=(CopyButton("Copy the text", text), Button("Fix", action("quotes.fix", token))),
    )


def floors(kept: Sequence[RateFloor], call: Call) -> Reply:
    """The caller's floors."""
    if not kept:
        return Reply(lines=(line("You have set no floor. ", Code("/rate floor £150 call"), " keeps one."),))
    return Reply(
        title="Your floor",
        lines=tuple(line(one.least, f" {parts.per(one.unit, call.words)}") for one in kept),
        also=(line("Only you see it. ", Code("/gig worth"), " and watches keep to it; 0 forgets it."),),
    )


def worth(
    result: quoting.Worth,
    own: Own,
    gig: Gig | None,
    unit: Unit,
    miles: int,
    driven: tuple[Money, Decimal, Source] | None,
    call: Call,
) -> Reply:
    """What is left, per hour, beside the reader's own past. No advice."""
    fields = [Field("Fee", line(result.fee))]
    if result.costs.minor:
        fields.append(Field("Costs", line(result.costs)))
    notes: list[Line] = []
    if driven is not None:
        fields.append(Field(f"{miles} miles", line(driven[0])))
        source = Web(driven[2].title, driven[2].url) if driven[2].url else driven[2].title
        notes.append(line(f"Miles at the tax allowance of {driven[1]} {result.fee.currency} a mile: ", source, "."))
    elif miles:
        notes.append(line(f"{miles} miles are not counted: no allowance in {result.fee.currency} is known here."))
    fields.append(Field("Left", line(Strong(parts.money_text(result.left, call.locale)))))
    hourly = result.hourly
    if hourly is not None:
        hours, minutes = divmod(result.minutes, 60)
        took = f"{hours} h {minutes} min" if minutes else f"{hours} h"
        fields.append(Field("Per hour", line(hourly, f" over {took} in all")))
    else:
        notes.append(line("Say how long it takes, and you see what is left per hour."))
    fields += _own_year(result, own, gig, unit, call)
    fields += _floors(result, own, unit, call)
    title = "What it is worth" if gig is None else f"What {gig.ref} is worth"
    return Reply(
        title=title,
        fields=tuple(fields),
        also=(*notes, line("From your own figures. Only you see this.")),
    )


def _own_year(result: quoting.Worth, own: Own, gig: Gig | None, unit: Unit, call: Call) -> list[Field]:
    """The middle of the reader's own entries of the last twelve months, of the same sort."""
    alike = sorted(
        one.base.minor
        for one in own.entries
        if one.base.currency == result.fee.currency
        and one.unit is unit
        and (gig is None or gig.kind is None or one.kind.value == gig.kind.value)
    )
    if not alike:
        return []
    middle = Money(alike[(len(alike) - 1) // 2], result.fee.currency)
    count = "1 entry" if len(alike) == 1 else f"{len(alike)} entries"
    return [Field("Your last year", line("median ", middle, f" {parts.per(unit, call.words)}, {count}"))]


def _floors(result: quoting.Worth, own: Own, unit: Unit, call: Call) -> list[Field]:
    """How it stands to the reader's own floors, in the same currency."""
    found = []
    for floor in own.floors:
        if floor.least.currency != result.fee.currency:
            continue
        measured = result.fee if floor.unit is unit else result.hourly if floor.unit is Unit.HOUR else None
        if measured is None:
            continue
        gap = measured - floor.least
        way = "at it" if gap.minor == 0 else "above" if gap.minor > 0 else "below"
        size: tuple[str | Money, ...] = () if gap.minor == 0 else (Money(abs(gap.minor), gap.currency), " ")
        said = line(floor.least, f" {parts.per(floor.unit, call.words)}; this is ", *size, way)
        found.append(Field("Your floor", said))
    return found
