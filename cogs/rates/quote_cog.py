"""One's own quote and floor, and what a gig is worth; all of it the caller's own figures and theirs alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from cogs.kit.amounts import read_fee, read_money
from cogs.kit.ask import Ask, parameters_of
from cogs.kit.call import Call
from cogs.kit.cog import Cog, action, command
from cogs.kit.faults import Misread
from cogs.kit.form import Choice, Form
from cogs.kit.offline import offline
from cogs.kit.reply import Reply, Upload
from cogs.kit.tools import Tools
from cogs.rates import asked, paper, parts, quote_cards, quoting
from cogs.rates.quote_service import QuoteService, mileage
from storage.records.client import Client
from storage.records.fee import Unit
from storage.records.gig import Gig
from storage.records.money import CURRENCIES, Money


def _extra(question: str, label: str, words: str, bare: str = "") -> Ask:
    return Ask(question, label=label, example="15% or £30", max_length=30, find=quoting.finder(words, bare))


Base = Annotated[str, Ask("What is your fee?", label="Base", example="£180", max_length=30, find=quoting.find_base)]
Times = Annotated[int | None, Ask("How many of them?", label="How many", at_least=1, at_most=500, example="3",
                                  find=quoting.find_times)]  # fmt: skip
Doubling = Annotated[str | None, _extra("Doubling?", "Doubling", "doubling|doubles|double", "double")]
Cartage = Annotated[str | None, _extra("Porterage (cartage)?", "Porterage", "cartage|porterage")]
Overtime = Annotated[str | None, Ask("How much overtime?", label="Overtime", example="2h at £60", max_length=40,
                                     find=quoting.find_overtime)]  # fmt: skip
Travel = Annotated[str | None, _extra("Travel?", "Travel", "travel")]
Rush = Annotated[str | None, _extra("A surcharge for short notice?", "Rush", "rush|short notice")]
Irregular = Annotated[
    str | None, _extra("A surcharge for irregular hours?", "Irregular hours", "irregular|unsocial|late night")
]
Usage = Annotated[str | None, _extra("For usage?", "Usage", "usage|buyout|sync|broadcast")]
Hold = Annotated[str | None, _extra("A fee for holding the date?", "Hold fee", "hold")]
ForWhom = Annotated[
    str | None,
    Ask("For which client?", label="Client", example="Smith Ltd", max_length=80, suggest="own_clients", free=False),
]
Currency = Annotated[str | None, Ask("In which currency?", label="Currency", example="EUR", max_length=3, free=False)]

What = Annotated[
    str,
    Ask("Which gig, or which fee?", label="Gig or fee", example="G12 or £150", max_length=40, suggest="nothing",
        find=quoting.find_what),
]  # fmt: skip
Hours = Annotated[
    timedelta | None,
    Ask(
        "How long is it, from call to end?", label="Hours", example="6h", at_most=60 * 24, find=quoting.find_length("")
    ),
]
TravelMinutes = Annotated[
    int | None,
    Ask("How many minutes of travel, both ways?", label="Travel minutes", example="90", at_least=0, at_most=6000,
        find=quoting.find_number(r"\btravel\s*(\d{1,4})\s*(?:m|mins?|minutes)?\b|\b(\d{1,4})\s*(?:mins?|minutes)\s+(?:of\s+)?travel\b")),
]  # fmt: skip
Miles = Annotated[
    int | None,
    Ask("How many miles, both ways?", label="Miles", example="80", at_least=0, at_most=5000,
        find=quoting.find_number(r"(?<![\w.])(\d{1,4})\s*(?:miles?|mi)\b")),
]  # fmt: skip
Prep = Annotated[
    timedelta | None,
    Ask("How long do you prepare?", label="Preparation", example="2h", at_most=60 * 200,
        find=quoting.find_length("prep|preparation")),
]  # fmt: skip
Costs = Annotated[
    str | None, Ask("What does it cost you?", label="Costs", example="£20", max_length=20,
                    find=quoting.finder("costs?|parking|expenses"))
]  # fmt: skip


class QuoteCog(Cog, name="quotes", topic="Rates"):
    """Write a quote, keep your floor, and see what a gig is worth to you."""

    def __init__(self, tools: Tools) -> None:
        self._service = QuoteService(tools)

    # --- quote --------------------------------------------------------------------------------------------------------

    @command(
        "rate quote",
        "Your figures as an itemised text to paste, and a PDF",
        one_line=("quote",),
        example="/quote £180 call + double 15% + cartage 25 + 2h ot",
    )
    async def quote(
        self,
        call: Call,
        base: Base,
        times: Times = None,
        unit: asked.Per = None,
        doubling: Doubling = None,
        cartage: Cartage = None,
        overtime: Overtime = None,
        travel: Travel = None,
        rush: Rush = None,
        irregular: Irregular = None,
        usage: Usage = None,
        hold_fee: Hold = None,
        client: ForWhom = None,
        currency: Currency = None,
    ) -> Reply:
        """In the client's currency, written as their country writes it."""
        known = await self._service.client(call, client) if client is not None else None
        said = self._in_currency(call, known, currency)
        locale = _locale(known) or call.locale
        first = _read_base(base, said)
        said = replace(said, currency=first.currency)  # what has no mark of its own is in the base's currency
        per = unit or Unit.FLAT

        def show(money: Money) -> str:
            return parts.money_text(money, locale)

        whole = first.times(times or 1)
        what = {Unit.FLAT: "Fee"}.get(per, f"Fee, {parts.per(per, call.words)}")
        items = [quoting.Item(what, whole, f"{times} x {show(first)}" if times and times > 1 else "")]
        extras = {
            "doubling": ("Doubling", doubling),
            "cartage": ("Porterage", cartage),
            "travel": ("Travel", travel),
            "rush": ("Short notice", rush),
            "irregular": ("Irregular hours", irregular),
            "usage": ("Usage", usage),
        }
        for field, (label, text) in extras.items():
            if text:
                items.append(_surcharge(field, label, text, whole, said))
        if overtime:
            items.append(_overtime(overtime, first, per, said, show))
        hold = _surcharge("hold_fee", "Hold fee", hold_fee, whole, said) if hold_fee else None
        title = "Quote" if known is None else f"Quote for {known.name}"
        day = call.now.date()
        text = quoting.text_of(title, day, items, hold, show)
        pdf = await offline(
            paper.printed,
            "Quote",
            call.name,
            known.name if known is not None else "",
            f"{day.day} {day:%b %Y}",
            [(f"{item.label} ({item.note})" if item.note else item.label, show(item.amount)) for item in items],
            show(quoting.total(items)),
            f"To hold the date: {show(hold.amount)}" if hold is not None else "",
            call.now,
        )
        said_so = {
            "base": base,
            "times": str(times) if times else None,
            "unit": unit.value if unit else None,
            **{name: value for name, (_, value) in extras.items()},
            "overtime": overtime,
            "hold_fee": hold_fee,
            "client": client,
            "currency": currency,
        }
        token = await self._service.keep_quote(call, {name: value for name, value in said_so.items() if value})
        return quote_cards.quote(text, Upload("quote.pdf", pdf, "application/pdf"), token)

    @action("fix")
    async def fix(self, call: Call, token: str) -> Reply:
        """Open what a quote was made of as a form; what is handed in is a new quote."""
        values = await self._service.quoted(call, token)
        fields = parameters_of(QuoteCog.quote)
        return Reply(form=Form(title="Fix a quote", fields=fields, then="rate quote", values=values, fixing=True))

    def _in_currency(self, call: Call, client: Client | None, currency: str | None) -> Call:
        if currency is not None:
            code = currency.strip().upper()
            if code not in CURRENCIES:
                raise Misread(f"I know no currency “{currency}”.", example="EUR", field="currency")
            return replace(call, currency=code)
        if client is not None and client.currency is not None:
            return replace(call, currency=client.currency)
        return call

    async def own_clients(self, call: Call, typed: str) -> Sequence[Choice]:
        """The caller's clients while somebody types."""
        wanted = typed.casefold()
        found = [one.name for one in await self._service.clients(call) if wanted in one.name.casefold()]
        return [Choice(name[:100], name[:100]) for name in found[:25]]

    # --- floor --------------------------------------------------------------------------------------------------------

    @command("rate floor", "The least you go out for: only you see it", example="/rate floor £150 call")
    async def floor(
        self,
        call: Call,
        amount: Annotated[
            Money | None, Ask("What is the least? 0 forgets it", example="£150", find=quoting.find_sum)
        ] = None,
        unit: asked.Per = None,
    ) -> Reply:
        """Nothing said: what there is."""
        if amount is None:
            return quote_cards.floors(await self._service.floors(call), call)
        return quote_cards.floors(await self._service.set_floor(call, unit or Unit.FLAT, amount), call)

    # --- worth --------------------------------------------------------------------------------------------------------

    @command(
        "gig worth",
        "What is left of a fee, per hour, beside your own last year and floor",
        one_line=("worth",),
        example="/worth £150 6h 80 miles",
    )
    async def worth(
        self,
        call: Call,
        what: What,
        hours: Hours = None,
        travel_minutes: TravelMinutes = None,
        miles: Miles = None,
        prep_hours: Prep = None,
        costs: Costs = None,
    ) -> Reply:
        """Of a gig on the board, or of a sum."""
        gig, fee, unit = await self._fee(call, what)
        said = replace(call, currency=fee.currency)
        spent = _money("costs", costs, said) if costs else Money(0, fee.currency)
        if spent.currency != fee.currency:
            raise Misread(f"The fee is in {fee.currency}; the costs are in {spent.currency}.", field="costs")
        minutes = _minutes(hours) if hours is not None else _length(gig)
        everything = minutes + (travel_minutes or 0) + (_minutes(prep_hours) if prep_hours else 0)
        driven = mileage(fee.currency, miles, call.now.date()) if miles else None
        worth = quoting.Worth(
            fee=fee, costs=spent, mileage=driven[0] if driven is not None else None, minutes=everything
        )
        own = await self._service.own(call)
        return quote_cards.worth(worth, own, gig, unit, miles or 0, driven, call)

    async def _fee(self, call: Call, what: str) -> tuple[Gig | None, Money, Unit]:
        said = what.strip().removeprefix("#")
        if said[:1] in "gG" and said[1:].isdecimal() and len(said) <= 10:
            gig = await self._service.gig(call, int(said[1:]))
            fee = gig.worth()
            if fee is None:
                raise Misread(
                    f"{gig.ref} has no fee that can be counted as a whole. Name a sum.", example="£150", field="what"
                )
            return gig, fee, Unit.FLAT
        read = read_fee(said, call)
        if read.money is None:
            raise Misread("A sum is needed to say what it is worth.", example="£150", field="what")
        return None, read.money, read.unit

    async def nothing(self, call: Call, typed: str) -> Sequence[Choice]:
        """A gig or a sum may be typed; nothing is guessed."""
        return ()


def _locale(client: Client | None) -> str | None:
    """How the client's country writes sums; None when it is not known."""
    if client is None or client.country is None:
        return None
    usual = {"GB": "en", "US": "en", "AU": "en", "CA": "en", "IE": "en", "NZ": "en", "AT": "de", "CH": "de"}
    return f"{client.language or usual.get(client.country, client.country.lower())}-{client.country}"


def _money(field: str, text: str, call: Call) -> Money:
    try:
        return read_money(text, call)
    except Misread as fault:
        fault.field = field
        raise


def _read_base(text: str, call: Call) -> Money:
    base = _money("base", text, call)
    if base.minor <= 0:
        raise Misread("A quote begins with a fee.", example="£180", field="base")
    return base


def _surcharge(field: str, label: str, text: str, whole: Money, call: Call) -> quoting.Item:
    try:
        return quoting.surcharge(label, text, whole, lambda said: _money(field, said, call))
    except quoting.Unclear as fault:
        raise Misread(str(fault.args[0]), example=fault.example, field=field) from None


def _overtime(text: str, base: Money, unit: Unit, call: Call, show: Callable[[Money], str]) -> quoting.Item:
    try:
        return quoting.overtime(text, base, unit, lambda said: _money("overtime", said, call), show)
    except quoting.Unclear as fault:
        raise Misread(str(fault.args[0]), example=fault.example, field="overtime") from None


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


def _length(gig: Gig | None) -> int:
    """How long a gig lasts from its call to its end, in minutes; 0 when that is not known."""
    if gig is None or gig.span.end is None or gig.span.whole_days:
        return 0
    return _minutes(gig.span.end - min(gig.call_time or gig.span.start, gig.span.start))
