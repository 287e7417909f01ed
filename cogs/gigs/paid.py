"""Where a fee sits beside what members of the community were paid: a fact with its number of people, never advice."""

from __future__ import annotations

from cogs.kit.call import Call
from cogs.kit.faults import Misread
from cogs.kit.form import Choice
from cogs.kit.reply import Reply
from cogs.kit.words import Line, line, term
from storage.records.fee import Fee, Unit
from storage.records.gig import Gig, KindOfWork
from storage.records.money import Money
from storage.records.people import Words
from storage.records.rate import Level, RateCell, RateFamily
from storage.work import OpenWork, Work

_PER = {Unit.FLAT: "for the whole gig", Unit.SERVICE: "a service", Unit.SONG: "a song"}
_PER |= {Unit.HOUR: "an hour", Unit.DAY: "a day"}
_HOW_WIDE = {
    Level.CITY: "this town",
    Level.REGION: "this region",
    Level.COUNTRY: "this country",
    Level.ALL: "everywhere",
}


async def figure(work: Work, gig: Gig) -> RateCell | None:
    """What members were paid for the same role, kind, unit and currency, nearest place first; None: not shown."""
    family = family_of(gig)
    return await work.rates.range_for(family, gig.where, gig.country) if family is not None else None


def family_of(gig: Gig) -> RateFamily | None:
    """What the gig's fee can be compared with; None without a kind of work or a sum."""
    if gig.kind is None or gig.fee.money is None:
        return None
    return RateFamily(
        community_id=gig.community_id,
        role=gig.role,
        kind=gig.kind,
        unit=gig.fee.unit,
        currency=gig.fee.money.currency,
    )


def is_below(fee: Fee, cell: RateCell) -> bool:
    """Whether a fee lies under the middle half; never where only a median is known, which is too coarse to say so."""
    return fee.money is not None and cell.low is not None and fee.money.minor < cell.low


def fact(fee: Fee, cell: RateCell, words: Words | None) -> Line:
    """The figure with its number of people, and how the fee stands to it."""
    assert fee.money is not None  # there is a figure
    currency = fee.money.currency
    per = f"a {term('call', words)}" if fee.unit is Unit.CALL else _PER[fee.unit]
    behind = f"({cell.people} to {cell.people + 4} people, {_HOW_WIDE[cell.level]})"
    if cell.low is None or cell.high is None:
        return line("Members were paid about ", Money(cell.middle, currency), f" {per} for this {behind}.")
    way = "below" if fee.money.minor < cell.low else "above" if fee.money.minor > cell.high else "within"
    return line(
        "The middle half of members were paid ",
        Money(cell.low, currency),
        " to ",
        Money(cell.high, currency),
        f" {per} for this {behind}. This fee is {way} that.",
    )


def range_line(family: RateFamily, cell: RateCell, words: Words | None) -> Line:
    """The figure with its number of people, short, and with no fee to compare it with: beside a question for one."""
    per = f"a {term('call', words)}" if family.unit is Unit.CALL else _PER[family.unit]
    behind = f" {per}, {family.kind.value} ({cell.people} to {cell.people + 4} people, {_HOW_WIDE[cell.level]})."
    if cell.low is None or cell.high is None:
        return line("Members were paid about ", Money(cell.middle, family.currency), behind)
    low, high = Money(cell.low, family.currency), Money(cell.high, family.currency)
    return line("Members were paid ", low, " to ", high, behind)


async def before_a_post(
    open_work: OpenWork, call: Call, community_id: int, role: str, kind: KindOfWork | None, where: str | None
) -> Line:
    """What to say beside the question for a fee, by what the form of a post holds so far; () where nothing is known.

    Of several kinds of work or units the one with the most people, where none was said yet.
    """
    async with open_work(reading=True) as work:
        for family, _ in await work.rates.others(community_id, role):
            if family.currency != call.currency or kind not in (None, family.kind):
                continue
            cell = await work.rates.range_for(family, where, call.country)
            if cell is not None:
                return range_line(family, cell, call.words)
    return ()


async def before_a_counter(work: Work, gig: Gig, words: Words | None) -> Line:
    """What to say beside the question for another fee than the post's."""
    family, cell = family_of(gig), await figure(work, gig)
    return range_line(family, cell, words) if family is not None and cell is not None else ()


async def beside(work: Work, gig: Gig, words: Words | None) -> tuple[Line, ...]:
    """The line for a gig's card; () where there is none."""
    return _line_of(gig, await figure(work, gig), words)


def _line_of(gig: Gig, cell: RateCell | None, words: Words | None) -> tuple[Line, ...]:
    return (fact(gig.fee, cell, words),) if cell is not None else ()


def ask_once(gig: Gig, cell: RateCell | None, said: str | None, words: Words | None) -> None:
    """Before a post goes out: a fee under the middle half is asked about, once, and then posted as the poster likes.

    said: what was answered. Raises Misread: for the field `below` with the question, or for the fee itself.
    """
    if said is not None and said != _change(gig):
        return
    if cell is None or not is_below(gig.fee, cell):
        return
    if said is not None:
        raise Misread("What shall it pay?", example="£250", field="fee")
    assert cell.low is not None and cell.high is not None and gig.fee.money is not None  # is_below says so
    low, high = (Money(minor, gig.fee.money.currency) for minor in (cell.low, cell.high))
    people = f"{cell.people} to {cell.people + 4} people"
    per = f"a {term('call', words)}" if gig.fee.unit is Unit.CALL else _PER[gig.fee.unit]
    raise Misread(
        f"The middle half of {people} here were paid {_plain(low)} to {_plain(high)} {per} for this. Post it as it is?",
        choices=(Choice("Post it as it is", "as it is"), Choice("Change the fee", _change(gig))),
        field="below",
    )


def _change(gig: Gig) -> str:
    """The answer that asks for another fee than this one; with another fee it has been given."""
    return f"change {gig.fee.money.minor}" if gig.fee.money is not None else "change"


def _plain(money: Money) -> str:
    whole = money.amount == money.amount.to_integral_value()
    return f"{money.amount.to_integral_value() if whole else money.amount} {money.currency}"


async def with_fact(open_work: OpenWork, reply: Reply, gig: Gig, words: Words | None) -> Reply:
    """A private reply about a gig, with the line under it."""
    async with open_work(reading=True) as work:
        cell = await figure(work, gig)
    return with_line(reply, gig, cell, words)


def with_line(reply: Reply, gig: Gig, cell: RateCell | None, words: Words | None) -> Reply:
    """The same where the figure is known."""
    return reply.with_(also=(*_line_of(gig, cell, words), *reply.also))
