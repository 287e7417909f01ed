"""The names people use for the countries these tables know, and who belongs to the European Union."""

from __future__ import annotations

#: Everyday names beside the ISO 3166 code. "UK" is reserved in ISO 3166 for the United Kingdom, whose code is GB.
_NAMES = {
    "UK": "GB",
    "UNITED KINGDOM": "GB",
    "GREAT BRITAIN": "GB",
    "BRITAIN": "GB",
    "ENGLAND": "GB",
    "SCOTLAND": "GB",
    "WALES": "GB",
    "NORTHERN IRELAND": "GB",
    "USA": "US",
    "UNITED STATES": "US",
    "AMERICA": "US",
    "IRELAND": "IE",
    "CANADA": "CA",
    "AUSTRALIA": "AU",
    "GERMANY": "DE",
    "DEUTSCHLAND": "DE",
    "AUSTRIA": "AT",
    "SWITZERLAND": "CH",
    "FRANCE": "FR",
    "NETHERLANDS": "NL",
}

#: Members on 2026-11-23, ISO 3166 (Greece is GR here, EL in the Union's own papers).
EU_MEMBERS = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())


def code_of(country: str) -> str:
    """The two-letter code for a code in any case or a usual name; what is not known comes back in capitals."""
    name = " ".join(country.upper().split())
    return _NAMES.get(name, name)


def is_country(text: str) -> bool:
    """Whether a text is one of these names, or the code of one in capitals ("UK", "GB", "Germany"; not "de")."""
    name = " ".join(text.upper().split())
    return name in _NAMES or (text.strip().isupper() and name in {*_NAMES.values(), *EU_MEMBERS})
