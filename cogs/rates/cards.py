"""What is said about pay: records and figures to Replies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.reply import MAIN, Button, Field, Reply, Row, Upload
from cogs.kit.words import Code, Day, Line, Shown, Strong, Web, line
from cogs.rates import parts, privacy, rules
from cogs.rates.picture import Bar
from storage.records.money import Money
from storage.records.rate import OwnReference, RateCell, RateFamily, RateReport
from storage.reference.rates import PublishedRate
from storage.reference.regions import Place

#: Entries and figures to a page (product rule).
PAGE = 8
#: Published figures shown beside an answer; /rate scale has all.
BESIDE = 3


# --- own entries ------------------------------------------------------------------------------------------------------


def shared(report: RateReport, call: Call, *, again: str | None = None) -> Reply:
    """The echo of an entry, with ways to put it right and to take it back."""
    begins = privacy.batch_of(report.changed_at) + timedelta(days=7)
    return Reply(
        lines=(
            line(again or "Thank you. Kept as ", Code(f"P{report.id}"), ", for you alone."),
            line("It counts from ", Day(begins.date()), " on, if you have been here for 14 days by then."),
        ),
        fields=_report_fields(report, call),
        buttons=(
            Button("Fix", action("rates.correct", report.id)),
            Button("Share another", action("rates.give")),
            Button("How figures are made", action("rates.how")),
        ),
    )


def _report_fields(report: RateReport, call: Call) -> tuple[Field, ...]:
    fields = [
        Field("Role", line(parts.chair(report.role))),
        Field("Kind", line(report.kind.value)),
        Field("Where", line(_where(report))),
        Field("Paid", parts.paid_spans(report, call.words)),
        Field("Month", line(_month(report.month))),
    ]
    if report.union is not None:
        fields.append(Field("Union", line(report.union.label)))
    if report.years is not None:
        fields.append(Field("Years", line(report.years.label)))
    return tuple(fields)


def _where(report: RateReport) -> str:
    named = [one for one in (report.city, report.region) if one]
    if report.country is not None:
        named.append(parts.country_text(report.country))
    return ", ".join(dict.fromkeys(named)) or "not known"


def _month(month: date) -> str:
    return f"{month:%b %Y}"


def mine(reports: Sequence[RateReport], call: Call, page: int = 0) -> Reply:
    """Everything the caller shared, a page at a time."""
    if not reports:
        return Reply(
            lines=(line("You have shared no pay yet. What you share is seen by nobody but you."),),
            buttons=(Button("Share what a gig paid", action("rates.give"), MAIN),),
        )
    pages = (len(reports) + PAGE - 1) // PAGE
    page = min(max(page, 0), pages - 1)
    shown = reports[page * PAGE : (page + 1) * PAGE]
    turn = [Button("Back", action("rates.page", page - 1))] if page else []
    turn += [Button("Next", action("rates.page", page + 1))] if page + 1 < pages else []
    return Reply(
        title="What you were paid",
        lines=(line(f"{len(reports)} {'entry' if len(reports) == 1 else 'entries'}. Only you see them."),),
        rows=tuple(
            Row(
                line(
                    Code(f"P{one.id}"),
                    f" {parts.chair(one.role)}, {one.kind.value}, {_where(one)}: ",
                    *parts.paid_spans(one, call.words),
                    f", {_month(one.month)}",
                ),
                (
                    Button(f"Fix P{one.id}", action("rates.correct", one.id)),
                    Button(f"Withdraw P{one.id}", action("rates.withdraw", one.id)),
                ),
            )
            for one in shown
        ),
        buttons=(*turn, Button("Share another", action("rates.give"))),
    )


def withdrawn(report: RateReport) -> Reply:
    """An entry is gone, and may come back for ten minutes."""
    return Reply(
        lines=(
            line("Withdrawn: ", Code(f"P{report.id}"), "."),
            line("No batch counts it any more. A figure it stood behind changes with the next batch that may change."),
        ),
    )


# --- figures ----------------------------------------------------------------------------------------------------------


def figure_line(cell: RateCell, family: RateFamily, call: Call) -> Line:
    """A figure in one line: the middle half and the median, or the median alone."""
    per = parts.per(family.unit, call.words)
    middle = Money(cell.middle, family.currency)
    if cell.low is None or cell.high is None:
        return line("About ", Strong(parts.money_text(middle, call.locale)), f" {per} (median, coarsely rounded).")
    low, high = Money(cell.low, family.currency), Money(cell.high, family.currency)
    return line("The middle half was paid ", low, " to ", high, f" {per}; the median is ", middle, ".")


def answer(
    role: str,
    family: RateFamily,
    chosen: rules.Chosen,
    place: Place,
    call: Call,
    *,
    files: tuple[Upload, ...] = (),
    also: tuple[Line, ...] = (),
    buttons: tuple[Button, ...] = (),
) -> Reply:
    """What was paid, by how many people, how wide, and from which week."""
    cell = chosen.cell
    here = parts.place_text(place, cell.level)
    part = "" if not cell.part else f", {_part_text(cell.part)}"
    lines = [
        figure_line(cell, family, call),
        line(f"{rules.people_text(cell).capitalize()}, {here}{part}. Confidence: {rules.confidence(cell)}."),
    ]
    wanted = parts.narrowest(place)
    if wanted != here:
        lines.append(line(f"There is no figure for {wanted} alone, so this is wider: {here}."))
    if chosen.dropped:
        lines.append(line(f"Not narrowed to {' or '.join(chosen.dropped)}: too few people for a figure of their own."))
    fields = []
    if chosen.extras is not None:
        extra = Money(chosen.extras.middle, family.currency)
        said = line("about ", extra, f" in all where there were any ({rules.people_text(chosen.extras)})")
        fields.append(Field("Extras on top", said))
    if len(chosen.by_year) > 1:
        spread: list[str | Money] = []
        for year, one in chosen.by_year:
            spread += [f"{', ' if spread else ''}{year} about ", Money(one.middle, family.currency)]
        fields.append(Field("By year", line(*spread)))
    return Reply(
        title=f"{parts.chair(role)}, {family.kind.value}: what was paid",
        lines=tuple(lines),
        fields=tuple(fields),
        files=files,
        also=(
            line("Figures of ", Day(cell.made_at.date(), Shown.FULL), ", rounded. What was paid, not what to charge."),
            *also,
        ),
        buttons=(*buttons, *_ask_buttons()),
    )


def _part_text(part: str) -> str:
    sort, _, value = part.partition(":")
    if sort == "year":
        return value
    if sort == "union":
        return "union" if value == "union" else "non-union"
    return {"under_5": "under 5 years", "5_to_14": "5 to 14 years", "15_or_more": "15 years or more"}[value]


def nothing(role: str, kind: str, *, also: tuple[Line, ...], buttons: tuple[Button, ...]) -> Reply:
    """No figure; what there is instead."""
    said = "This role has other figures:" if buttons else "A figure needs 5 people who share what a gig paid."
    return Reply(
        title=f"{parts.chair(role)}, {kind}: what was paid",
        lines=(line("Too few people have said yet what that paid, here or anywhere wider."), line(said)),
        also=also,
        buttons=(*buttons, *_ask_buttons()),
    )


def off(role: str, kind: str, *, also: tuple[Line, ...]) -> Reply:
    """The community keeps no figures; what bodies publish is still there."""
    return Reply(
        title=f"{parts.chair(role)}, {kind}",
        lines=(line("This community keeps no figures of what its members are paid."),),
        also=also or (line("Nothing is published for it either, that we know of."),),
        buttons=(Button("How figures are made", action("rates.how")),),
    )


def _ask_buttons() -> tuple[Button, ...]:
    return (
        Button("Share what a gig paid", action("rates.give")),
        Button("How figures are made", action("rates.how")),
    )


def other_buttons(
    others: Sequence[tuple[RateFamily, int]], place: Place, call: Call, most: int = 3
) -> tuple[Button, ...]:
    """The role's other units, kinds and currencies that have a figure."""
    return tuple(
        Button(_short(f"{family.kind.value} {parts.per(family.unit, call.words)} in {family.currency}"),
               look(family, place))
        for family, _ in others[:most]
    )  # fmt: skip


def _short(label: str) -> str:
    return label if len(label) <= 38 else label[:37] + "…"


def look(family: RateFamily, place: Place) -> str:
    """The action that shows another family, as near to the place as an id has room for."""
    named = (place.city, place.region, place.country, "")
    for where in named:
        if where is None or ":" in where:
            continue
        try:
            return action("rates.look", family.role, family.kind, family.unit, family.currency, where)
        except ValueError:
            continue
    raise ValueError(f"no room for {family}")


def bars(family: RateFamily, chosen: rules.Chosen, place: Place, call: Call) -> tuple[tuple[Bar, ...], str]:
    """What the picture shows, and the same in words."""

    def bar(label: str, cell: RateCell) -> Bar:
        low, high = cell.low, cell.high
        said = tuple(
            "" if minor is None else parts.money_text(Money(minor, family.currency), call.locale)
            for minor in (low, cell.middle, high)
        )
        return Bar(label, low, cell.middle, high, (said[0], said[1], said[2]))

    made = [bar(parts.place_text(place, chosen.cell.level)[:16].capitalize(), chosen.cell)]
    made += [bar(str(year), one) for year, one in chosen.by_year[-3:]] if len(chosen.by_year) > 1 else []
    words = "; ".join(
        f"{one.label}: {one.texts[0]} to {one.texts[2]}, median {one.texts[1]}"
        if one.low is not None
        else f"{one.label}: median {one.texts[1]}"
        for one in made
    )
    return tuple(made), f"Box picture of what was paid {parts.per(family.unit, call.words)}. {words}."


# --- published --------------------------------------------------------------------------------------------------------


def beside(rows: Sequence[PublishedRate], own: Sequence[OwnReference], today: date) -> tuple[Line, ...]:
    """Published figures under an answer, a few of them."""
    lines = [line("Published: ", *parts.published_spans(row, row.is_dated(today))) for row in rows[:BESIDE]]
    lines += [line("Published: ", *own_spans(one, today)) for one in own[:BESIDE]]
    if len(rows) > BESIDE:
        lines.append(line(f"{len(rows) - BESIDE} more with ", Code("/rate scale"), "."))
    return tuple(lines)


def own_spans(one: OwnReference, today: date) -> Line:
    """A figure that moderators added, with where they found it."""
    top = (" to ", one.value_max) if one.value_max is not None else ()
    since = f"from {one.since}" if one.since is not None else "no date given"
    until = f" to {one.until}" if one.until is not None else ""
    age = ". Past its term" if one.until is not None and one.until < today else ""
    where = f", {one.region}" if one.region else ""
    return line(
        one.value,
        *top,
        f" {one.unit}: {one.covers}{where}. Added by this community's moderators, {since}{until}{age}. ",
        Web(one.body, one.url),
    )


HOW = (
    line("You tell what a gig paid. Nobody sees that but you: not colleagues, not moderators."),
    line("Once a week the figures are made anew. Sums are rounded first."),
    line("Each person counts once in a figure, however often they typed."),
    line("From 5 people on there is a median. From 10 there is also the middle half. Fewer: nothing is shown."),
    line("You count once you have been in the community for 14 days. Entries older than 24 months drop out."),
    line("Sums far from all others are held back. A figure changes only when at least 5 people's entries have."),
    line("A town is shown only if nobody stands nearly alone in the difference to its region."),
    line(
        "If four of five people in a figure put their heads together, they can tell the fifth's sum, roughly rounded."
    ),
    line("You can see, fix and withdraw your own entries at any time: ", Code("/rate mine"), "."),
    line("The figures say what was paid. They never say what to charge. Currencies are never mixed."),
)


def how() -> Reply:
    """How figures are made, in plain words."""
    return Reply(title="How figures are made", lines=HOW, buttons=(Button("My entries", action("rates.page", 0)),))
