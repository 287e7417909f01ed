"""The words that every card about pay is made of."""

from __future__ import annotations

import re

from cogs.kit.words import Span, Web, line, term
from storage.records.fee import Unit
from storage.records.money import Money
from storage.records.people import Words
from storage.records.rate import Level, RateReport
from storage.reference import instruments
from storage.reference.rates import PublishedRate
from storage.reference.regions import Place

_PER = {Unit.FLAT: "for the whole gig", Unit.SERVICE: "a service", Unit.SONG: "a song"}
_PER |= {Unit.HOUR: "an hour", Unit.DAY: "a day"}


def chair(role: str) -> str:
    """The name of a role; its id where this program no longer knows it."""
    try:
        return instruments.chair(role).name
    except KeyError:
        return role


def per(unit: Unit, words: Words | None) -> str:
    """What a sum buys: "a call", "for the whole gig"."""
    return f"a {term('call', words)}" if unit is Unit.CALL else _PER[unit]


def money_text(money: Money, locale: str) -> str:
    """A sum as a locale writes it, for pictures, papers and texts to paste; cards use spans instead."""
    from babel import UnknownLocaleError
    from babel.numbers import format_currency  # 40 ms, and wanted by few

    try:
        said = str(format_currency(money.amount, money.currency, locale=locale.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return f"{money.amount} {money.currency}"
    whole = money.amount == money.amount.to_integral_value()
    return re.sub(r"[.,]0+(?!\d)", "", said) if whole else said


def place_text(place: Place, level: Level) -> str:
    """The place of a figure, as it is said."""
    if level is Level.CITY:
        return place.city or "there"
    if level is Level.REGION:
        return place.region or "the region"
    if level is Level.COUNTRY:
        return country_text(place.country)
    return "everywhere"


def country_text(code: str | None) -> str:
    """A country in words."""
    names = {"GB": "the UK", "US": "the US", "NL": "the Netherlands"}
    if code is None:
        return "everywhere"
    if code in names:
        return names[code]
    from babel import Locale  # wanted by few

    return str(Locale("en").territories.get(code, code))


def narrowest(place: Place) -> str:
    """The place as it was asked for."""
    return place.city or place.region or (country_text(place.country) if place.country else "everywhere")


def paid_spans(report: RateReport, words: Words | None) -> tuple[Span, ...]:
    """What a report says was paid."""
    extras = (", extras ", report.extras) if report.extras is not None else ()
    return line(report.base, f" {per(report.unit, words)}", *extras)


def source_span(row: PublishedRate) -> Span | str:
    """Whose figure it is, with the page it stands on."""
    body = row.source.publisher or row.source.title
    return Web(body, row.source.url) if row.source.url else body


def published_spans(row: PublishedRate, dated: bool, *, figure: bool = True) -> tuple[Span, ...]:
    """A published figure with all that makes it one: unit, standing, dates, what it covers, whose it is.

    figure: False leaves out the sum and its unit, for rows that are no sum.
    """
    sums: tuple[str | Money, ...] = ()
    if figure:
        assert row.currency is not None  # sums have one
        top = (" to ", Money.of(row.value_max, row.currency)) if row.value_max is not None else ()
        sums = (Money.of(row.value, row.currency), *top, f" {row.unit}")
    since = f"from {row.effective_from}" if row.effective_from is not None else "no date given"
    until = f" to {row.effective_to}" if row.effective_to is not None else ""
    age = ". The last figure published that we know of" if dated else ""
    where = "" if row.region.casefold() in ("national", "uk") else f", {row.region}"
    standing = row.status.value.capitalize()
    return line(*sums, f": {row.covers}{where}. {standing}, {since}{until}{age}. ", source_span(row))
