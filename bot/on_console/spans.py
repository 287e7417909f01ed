"""Spans as fragments of terminal text: (style, text). Plain output drops the styles, the interactive shell keeps them.

The style names are classes of the interactive shell's palette; the words are `bot.desk.wording`'s.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime

from bot.desk.wording import span_text
from cogs.kit.words import Code, Day, Line, Moment, Pay, Span, Strong, Web, Who

#: (style, text); the style "" is ordinary text.
Fragment = tuple[str, str]

# Marks that turn the writing direction of what follows, and so could make one name look like another. Source: Unicode
# Standard Annex #9, explicit directional formatting characters and implicit marks.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\ufeff")
_BREAKS = str.maketrans(dict.fromkeys("\u2028\u2029\x85\x0b\x0c\r", "\n"))


def harmless(text: str) -> str:
    """The text without what a terminal would obey: control characters, escapes, marks that turn the direction.

    Line breaks of every sort become "\\n"; a tab becomes a blank.
    """
    text = text.replace("\r\n", "\n").translate(_BREAKS).replace("\t", " ")
    return "".join(c for c in text if c == "\n" or (c not in _TURNING and unicodedata.category(c) not in ("Cc", "Cs")))


def fragments(line: Line, now: datetime, locale: str) -> list[Fragment]:
    """A line in pieces, harmless; a piece may hold line breaks that somebody typed."""
    return [(_style(span), harmless(span_text(span, now, locale))) for span in line]


def _style(span: Span) -> str:
    match span:
        case Strong():
            return "class:strong"
        case Code():
            return "class:code"
        case Moment() | Day():
            return "class:time"
        case Pay():
            return "class:money"
        case Who():
            return "class:who"
        case Web():
            return "class:web"
    return ""
