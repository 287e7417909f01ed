"""Reading sums: "£220", "220", "1,200.50", "€1.200,50", "200 quid", "£300/day", "quote", "unpaid"."""

from __future__ import annotations

import re
from decimal import Decimal

from cogs.kit.call import Call
from cogs.kit.faults import Misread
from cogs.kit.form import Choice
from storage.records.fee import Basis, Fee, Unit
from storage.records.money import CURRENCIES, LARGEST_MAJOR, Money, exponent

_SYMBOLS = {"£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR", "₩": "KRW", "₪": "ILS", "₺": "TRY", "₴": "UAH", "zł": "PLN"}
_DOLLARS = ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN", "ARS", "CLP", "COP", "TWD")
_KRONER = ("SEK", "NOK", "DKK", "ISK")
_WORDS = {"quid": "GBP", "pounds": "GBP", "pound": "GBP", "sterling": "GBP", "euros": "EUR", "euro": "EUR"}
#: Languages that group thousands with a point and write decimals behind a comma (Unicode CLDR).
_POINT_GROUPS = ("de", "fr", "es", "it", "nl", "pt", "da", "nb", "sv", "pl")
_PREFIXED = {"a$": "AUD", "c$": "CAD", "ca$": "CAD", "us$": "USD", "nz$": "NZD", "au$": "AUD"}

_UNITS = {
    "flat": Unit.FLAT,
    "gig": Unit.FLAT,
    "all in": Unit.FLAT,
    "call": Unit.CALL,
    "session": Unit.CALL,
    "service": Unit.SERVICE,
    "show": Unit.SERVICE,
    "song": Unit.SONG,
    "track": Unit.SONG,
    "tune": Unit.SONG,
    "hour": Unit.HOUR,
    "hr": Unit.HOUR,
    "h": Unit.HOUR,
    "day": Unit.DAY,
    "d": Unit.DAY,
}
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_CODE = r"(?:[a-z]{3}|quid|pounds?|sterling|euros?|dollars?|bucks|kr|zł)"
_MARK = r"(?:(?:us|a|c|ca|au|nz)?\$|[£€¥₹₩₪₺₴])"
_NUMBER = r"\d[\d.,'’ \u00a0\u202f]*"

_SUM = re.compile(
    rf"(?P<sign>[-−+]?)\s*(?:(?P<mark>{_MARK}|{_CODE})\s*)?(?P<minus>[-−]?)(?P<number>{_NUMBER}?)(?P<k>k)?\s*"
    rf"(?P<after>{_MARK}|{_CODE})?",
    re.IGNORECASE,
)
_CODES = "gbp|eur|usd|cad|aud|nzd|chf|sek|nok|dkk|pln|czk|jpy"
_FIGURE = r"\d(?:[\d.,]*\d)?"
#: A sum inside a longer line: it needs a currency mark to be told from any other number.
IN_LINE = re.compile(
    rf"(?<![\w£€$.,])(?:"
    rf"(?:{_MARK}|(?:{_CODES})\b)\s?{_FIGURE}k?"
    rf"|{_FIGURE}k?\s?(?:{_MARK}(?!\s?\d)|(?:{_CODES}|quid|pounds|euros|dollars|bucks)\b)"
    rf")(?:\s?(?:/|per|a|an|each)\s?(?:{_UNIT})\b|\s(?:flat|all in)\b)?"
    rf"|\b(?:unpaid|no fee|(?:open to )?quotes?(?: please)?|name your price|fee tbc)\b",
    re.IGNORECASE,
)


def read_money(text: str, call: Call) -> Money:
    """The sum in `text`, in the caller's currency when none is named. Raises Misread for what is not one sum."""
    match = _SUM.fullmatch(text.strip()) if len(text) <= 60 else None
    if not match or not match["number"]:
        raise Misread(f"I could not read “{_short(text)}” as money.", example="40, £40 or 40.50")
    if match["sign"] in ("-", "−") or match["minus"]:
        raise Misread("A sum is never negative here.", example="£40")
    if match["mark"] and match["after"]:
        raise Misread(f"“{_short(text)}” names two currencies.", example="£40")
    currency = _currency(match["mark"] or match["after"], call, text)
    number = _number(match["number"], currency, call)
    if match["k"]:
        number *= 1000
    if number > LARGEST_MAJOR:
        raise Misread(f"{_short(text)} is more than any gig pays. Check the noughts.", example="£250")
    if -int(number.as_tuple().exponent) > exponent(currency) and number != number.quantize(
        Decimal(1).scaleb(-exponent(currency))
    ):
        raise Misread(
            f"{currency} has {exponent(currency)} decimals; “{_short(text)}” has more.", example=f"40 {currency}"
        )
    return Money.of(number, currency)


def read_fee(text: str, call: Call) -> Fee:
    """A sum with its unit ("£300/day", "£60 an hour"), "quote", or "unpaid". Raises Misread."""
    said = text.strip().casefold()
    if re.fullmatch(r"(?:open to |ask for )?quotes?(?: please)?|name your price|poa|you tell me|fee tbc|tbc|tba", said):
        return Fee(Basis.QUOTE)
    if re.fullmatch(
        r"unpaid|no fee|none|free|nothing|0|[£€$]\s?0(?:\.0+)?|volunteer|exposure|for fun|expenses(?: only)?", said
    ):
        return Fee(Basis.UNPAID)
    match = re.fullmatch(rf"(.+?)\s*(?:/|\bper\b|\ba\b|\ban\b|\beach\b|\s)\s*({_UNIT})", said)
    sum_text, unit = (text.strip()[: match.end(1)], _UNITS[match[2]]) if match else (text, Unit.FLAT)
    try:
        money = read_money(sum_text, call)
    except Misread as fault:
        if fault.example == "40, £40 or 40.50":
            fault.what = f"I could not read “{_short(text)}” as a fee."
            fault.example = "£250, £60/hour, quote or unpaid"
        if fault.choices and match:
            fault.choices = tuple(
                Choice(f"{c.label} per {match[2]}", f"{c.value} per {match[2]}") for c in fault.choices
            )
        raise
    if money.minor == 0:
        return Fee(Basis.UNPAID)
    return Fee(Basis.PAID, money, unit)


def _currency(mark: str | None, call: Call, text: str) -> str:
    if not mark:
        return call.currency
    mark = mark.casefold()
    if mark in ("$", "dollars", "dollar", "bucks"):
        return call.currency if call.currency in _DOLLARS else "USD"
    if mark == "kr":
        return call.currency if call.currency in _KRONER else "SEK"
    found = _SYMBOLS.get(mark) or _WORDS.get(mark) or _PREFIXED.get(mark) or mark.upper()
    if found not in CURRENCIES:
        raise Misread(f"I know no currency “{mark}” in “{_short(text)}”.", example="£40, 40 EUR")
    return found


def _number(text: str, currency: str, call: Call) -> Decimal:
    """The number in any common notation. One separator with three digits behind it can mean two things: ask."""
    digits = re.sub(r"[\s'’]", "", text).rstrip(".,")
    marks = re.findall(r"[.,]", digits)
    unreadable = Misread(f"I could not read “{_short(text)}” as a number.", example="1,200.50")
    if not marks:
        return Decimal(digits)
    last = marks[-1]
    if len(set(marks)) == 2:
        if marks.count(last) > 1:
            raise unreadable
        return Decimal(digits.replace("," if last == "." else ".", "").replace(last, "."))
    grouped = re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3})+", digits) is not None
    if len(marks) > 1 and not grouped:
        raise unreadable
    grouping = "." if call.locale[:2] in _POINT_GROUPS else ","
    if grouped and (len(marks) > 1 or (last == grouping and exponent(currency) != 3)):
        return Decimal(digits.replace(last, ""))
    if grouped and (last == grouping or exponent(currency) != 3):
        whole, rest = digits.split(last)
        decimals = f"{whole}.{rest[: exponent(currency)]}".rstrip(".")
        raise Misread(
            f"Is “{_short(text)}” thousands, or decimals?",
            choices=(
                Choice(f"{whole} {rest}", f"{whole}{rest} {currency}"),
                Choice(decimals, f"{decimals} {currency}"),
            ),
        )
    return Decimal(digits.replace(",", "."))


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
