"""The lines that every card of a gig is made of: when, fee, chair, terms. Records to spans; nothing is decided here."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

from cogs.gigs import rules
from cogs.kit.action import action
from cogs.kit.reply import MAIN, AnyButton, Button, Entry, Field
from cogs.kit.words import Code, Day, Line, Moment, Pay, Plain, Shown, Span, Web, line, term
from storage.records.answer import AnswerKind
from storage.records.fee import Basis, Fee, Unit
from storage.records.gig import HIDDEN, Audience, Gig, GigState, UnionTerms, Usage
from storage.records.money import Money
from storage.records.people import Words
from storage.records.times import Span as Stretch
from storage.reference import instruments, rates

_PER = {
    Unit.FLAT: "",
    Unit.SERVICE: " a service",
    Unit.SONG: " a song",
    Unit.HOUR: " an hour",
    Unit.DAY: " a day",
}
_USAGE = {
    Usage.NONE: "no further use",
    Usage.BUYOUT: "buyout",
    Usage.LIMITED: "limited",
    Usage.BROADCAST: "broadcast",
    Usage.SYNC: "sync",
    Usage.ASK: "to be agreed",
}
_UNION = {
    UnionTerms.UNION: "union agreement",
    UnionTerms.NON_UNION: "non-union",
    UnionTerms.EITHER: "union or not",
}


def chair(role: str) -> str:
    """The name of a chair; its id where this program no longer knows it."""
    try:
        return instruments.chair(role).name
    except KeyError:
        return role


def family(role: str) -> str:
    """The chair's family in one word, for tags."""
    try:
        return instruments.chair(role).family.value.removeprefix("role_")
    except KeyError:
        return "other"


def fee_spans(fee: Fee, words: Words | None = None) -> tuple[Span, ...]:
    """A fee with its unit."""
    per = f" a {term('call', words)}" if fee.unit is Unit.CALL else _PER[fee.unit]
    if fee.money is None:
        for_what = f" for{per}" if per else ""
        return (Plain(f"quotes{for_what}, please" if fee.basis is Basis.QUOTE else "unpaid"),)
    return (Pay(fee.money), Plain(per)) if per else (Pay(fee.money),)


def when_spans(stretch: Stretch, shown: Shown = Shown.FULL) -> tuple[Span, ...]:
    """When something is, on the clock of its own zone."""
    if stretch.whole_days:
        first, last = stretch.first_day, stretch.last_day
        if first == last:
            return (Day(first, shown),)
        return Day(first, Shown.SHORT), Plain(" to "), Day(last, shown)
    start = Moment(stretch.start, stretch.zone, shown)
    if stretch.end is None or stretch.end == stretch.start:
        return (start,)
    same_day = stretch.last_day == stretch.first_day or (stretch.end - stretch.start).total_seconds() < 12 * 3600
    end = Moment(stretch.end, stretch.zone, Shown.CLOCK if same_day else Shown.SHORT)
    return (start, Plain(", until "), end)


def moment_spans(at: datetime, zone: str) -> tuple[Span, ...]:
    """A moment in short, on the clock of a zone."""
    return (Moment(at, zone, Shown.SHORT),)


def short(gig: Gig) -> tuple[Span, ...]:
    """A gig in half a line: "G12 Bass guitar, Sat 28 Nov, 19:30, Leeds"."""
    place = (Plain(f", {gig.where}"),) if gig.where else ()
    shown = Shown.FULL if gig.span.whole_days else Shown.SHORT  # a bare day has no year in short
    return (Code(gig.ref), Plain(f" {chair(gig.role)}, "), *when_spans(gig.span, shown), *place)


def widening(gig: Gig) -> tuple[Button, ...]:
    """The poster's way from their call list to the board."""
    return () if gig.audience is Audience.BOARD else (Button("Put it on the board", action("calls.widen", gig.id)),)


def state_text(state: GigState, words: Words | None) -> str:
    """A gig's state as it is said."""
    if state is GigState.HELD:
        return term("pencilled", words).capitalize()
    if state in HIDDEN:
        return "Waiting for a moderator" if state is GigState.REVIEW else "Off the board"
    return state.value.capitalize()


def when_field(gig: Gig) -> Field:
    """When it is, with the call time."""
    parts = when_spans(gig.span)
    if gig.call_time is not None:
        parts = (*parts, Plain("; call "), Moment(gig.call_time, gig.span.zone, Shown.CLOCK))
    return Field("When", parts)


def fields(gig: Gig, words: Words | None, *, fee: Fee | None = None) -> tuple[Field, ...]:
    """Everything that was said. fee: another one than the post's, agreed with the reader."""
    said = fee or gig.fee
    terms = gig.terms
    lines: list[Field] = [when_field(gig)]
    if gig.where:
        lines.append(Field("Where", line(gig.where)))
    lines.append(Field("Fee", fee_spans(said, words)))
    if gig.kind is not None:
        lines.append(Field("Kind", line(gig.kind.value)))
    if gig.what:
        lines.append(Field("What", line(gig.what)))
    if gig.seats > 1:
        taken = f"{gig.seats}, {gig.free_seats} free" if gig.inked else str(gig.seats)
        lines.append(Field("Chairs", line(taken)))
    pays = " · ".join(part for part in (terms.pays, terms.pay_by) if part)
    extras = (
        ("Paid by", pays),
        ("Extras", terms.extras),
        ("Usage", terms.usage and _USAGE[terms.usage]),
        ("Credit", terms.credit),
        ("Union", terms.union and _UNION[terms.union]),
        ("Cancellation", terms.cancellation),
    )
    lines += [Field(label, line(text)) for label, text in extras if text]
    if gig.reply_by is not None:
        lines.append(Field("Reply by", (Moment(gig.reply_by, gig.span.zone),)))
    return tuple(lines)


def unsaid_field(gig: Gig) -> tuple[Field, ...]:
    """What a player would ask next, if anything was left out."""
    missing = rules.unsaid(gig)
    return (Field("Not said yet", line(", ".join(missing))),) if missing else ()


def answer_buttons(gig: Gig) -> tuple[AnyButton, ...]:
    """The five under every open gig."""
    return (
        Button("I'm in", action("answers.give", gig.id, AnswerKind.INK), MAIN),
        Button("Pencil me", action("answers.give", gig.id, AnswerKind.PENCIL)),
        Button("Pass", action("answers.give", gig.id, AnswerKind.PASS)),
        Button("Counter", action("answers.counter", gig.id)),
        Button("Who's asking?", action("gigs.asker", gig.id)),
    )


def entry(gig: Gig, *, tentative: bool) -> Entry:
    """The gig for a calendar; the same one over every change of it."""
    return Entry(
        uid=f"gig-{gig.id}@firstcall",
        title=f"{chair(gig.role)}: {gig.what or gig.where or gig.ref}",
        span=gig.span,
        where=gig.where,
        sequence=gig.revision,
        tentative=tentative,
    )


# --- published pay ----------------------------------------------------------------------------------------------------

#: Who a row of published pay is for when it is for any player.
_ANY_PLAYER = {"musician", "session musician", "side musician", "all", "tutti"}
_WHERE_EVERYWHERE = {"uk", "national"}
#: How a row's own unit begins where it pays for what the fee's unit buys.
_UNITS = {
    Unit.FLAT: ("per musician",),
    Unit.CALL: ("per 3-hour session", "per single 3-hour call", "per session"),
    Unit.SERVICE: ("per service",),
    Unit.SONG: ("per song",),
    Unit.HOUR: ("per hour",),
    Unit.DAY: ("per day", "per concert day"),
}


def published(gig: Gig, on: date) -> tuple[Line, ...]:
    """One published figure beside the fee, with whose it is and from when; () unless exactly one clearly fits.

    It says what a body has printed, in its own unit, and nothing about what anybody should charge.
    """
    if gig.kind is None or gig.country is None or gig.unpaid:
        return ()
    try:
        rows = rates.published_for(gig.role if gig.role in _known_roles() else None, gig.kind.value, gig.country)
    except KeyError:
        return ()
    currency = gig.fee.money.currency if gig.fee.money is not None else None
    fitting = [
        row
        for row in rows
        if row.item is rates.RateItem.BASE
        and row.value_type is rates.ValueType.AMOUNT
        and row.role in _ANY_PLAYER
        and row.region.casefold() in _WHERE_EVERYWHERE
        and row.unit.startswith(_UNITS[gig.fee.unit])
        and (currency is None or row.currency == currency)
    ]
    if len(fitting) != 1:
        return ()
    row = fitting[0]
    since = f", {row.effective_from}" if row.effective_from is not None else ", undated"
    last = " (the last figure published that we know of)" if row.is_dated(on) else ""
    assert row.currency is not None  # amounts have one
    body = row.source.publisher or row.source.title
    return (
        line(
            "Published pay, as a fact to compare: ",
            Money.of(row.value, row.currency),
            f" {row.unit}, {row.status.value}{since}{last}. ",
            Web(body, row.source.url) if row.source.url else body,
        ),
    )


@cache
def _known_roles() -> frozenset[str]:
    return frozenset(instrument.id for instrument in instruments.everything())
