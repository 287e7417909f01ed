"""Reading the name of a currency: "GBP", "£", "euros", "dollars" with a question back."""

from __future__ import annotations

from cogs.kit.faults import Misread
from cogs.kit.form import Choice
from storage.records.money import CURRENCIES

_CURRENCY_WORDS = {
    "£": "GBP",
    "€": "EUR",
    "$": "USD",
    "¥": "JPY",
    "₹": "INR",
    "₩": "KRW",
    "₪": "ILS",
    "₺": "TRY",
    "₴": "UAH",
    "zł": "PLN",
    "a$": "AUD",
    "au$": "AUD",
    "c$": "CAD",
    "ca$": "CAD",
    "us$": "USD",
    "nz$": "NZD",
    "pound": "GBP",
    "sterling": "GBP",
    "quid": "GBP",
    "euro": "EUR",
    "us dollar": "USD",
    "american dollar": "USD",
    "canadian dollar": "CAD",
    "australian dollar": "AUD",
    "new zealand dollar": "NZD",
    "swiss franc": "CHF",
    "franc": "CHF",
    "swedish krona": "SEK",
    "norwegian krone": "NOK",
    "danish krone": "DKK",
    "yen": "JPY",
    "rupee": "INR",
    "zloty": "PLN",
    "rand": "ZAR",
}
_SEVERAL_CURRENCIES = {
    "dollar": ("USD", "CAD", "AUD", "NZD"),
    "krona": ("SEK", "ISK"),
    "krone": ("NOK", "DKK"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "peso": ("MXN", "ARS", "CLP", "COP"),
}


def read_currency(text: str) -> str:
    """An ISO 4217 code for a code, a sign or a usual name. Raises Misread."""
    said = " ".join(text.split())
    if said.upper() in CURRENCIES:
        return said.upper()
    word = said.casefold()
    word = word.removesuffix("s") if len(word) > 3 else word
    found = _CURRENCY_WORDS.get(word)
    if found is not None:
        return found
    if word in _SEVERAL_CURRENCIES:
        raise Misread(f"Which {said}?", choices=tuple(Choice(code, code) for code in _SEVERAL_CURRENCIES[word]))
    raise Misread(f"I know no currency called “{said[:40]}”.", example="GBP, EUR or US dollars")
