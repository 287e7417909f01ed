"""Bring typed text to one plain shape: single blanks, lower case, no accents, one kind of dash, ASCII digits."""

from __future__ import annotations

import unicodedata
from typing import Final

#: Longest text read, in characters after white space is collapsed; anything longer is turned down unread.
LONGEST: Final = 200

_DASHES: Final = "‐‑‒–—―−﹘﹣-⁓〜→"
_QUOTES: Final = "’‘ʼ`´′＇"
_PLAIN: Final[dict[str, str]] = {
    **dict.fromkeys(_DASHES, "-"),
    **dict.fromkeys(_QUOTES, "'"),
    "½": ".5",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ı": "i",
    "：": ":",
    "∶": ":",
    "／": "/",
    "，": ",",
    "．": ".",
    "@": "@",
}
#: Marks that take no room on the screen; phones and copied calendars leave them behind.
_UNSEEN: Final = frozenset(
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


def collapsed(text: str) -> str | None:
    """The text with single blanks and none at the ends; None when more than LONGEST characters are left.

    Linear in the white space, and stops early in long text: splitting ends after as many words as could fit.
    """
    if len(text) <= LONGEST:
        return " ".join(text.split())
    words = text.split(None, LONGEST // 2 + 1)
    if len(words) > LONGEST // 2 + 1 or sum(map(len, words)) > LONGEST:
        return None
    whole = " ".join(words)
    return whole if len(whole) <= LONGEST else None


def folded(text: str) -> str:
    """Lower case without accents; may differ in length from what was typed."""
    return text.lower() if text.isascii() else "".join(_fold(char) for char in text)


def folded_with_places(text: str) -> tuple[str, list[int] | None]:
    """The folded text and, for each of its characters, its place in the text given (None: they are the same)."""
    if text.isascii():
        return text.lower(), None
    pieces: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        plain = _fold(char)
        pieces.append(plain)
        places.extend([place] * len(plain))
    return "".join(pieces), places


def _fold(char: str) -> str:
    if char < "\x80":
        return char.lower()
    plain = _PLAIN.get(char)
    if plain is not None:
        return plain
    if char in _UNSEEN or unicodedata.combining(char):
        return ""
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    if char.isspace():
        return " "
    base = unicodedata.normalize("NFD", char)[0].lower()
    return _PLAIN.get(base, base)
