"""Cut folded text into tokens, each with a sort the grammar knows.

One expression finds the next number-like thing or word; longer shapes come first, so that `2027-07-09` is a date
before it is three numbers, and `17:30` a clock before it is two. What a number with a point or an `h` means (a clock
or a length) is left to the grammar: only neighbours can tell.
"""

from __future__ import annotations

import re
from typing import Final

from cogs.kit.when import labels  # noqa: F401 - enters its words
from cogs.kit.when.languages import WEAK_FOREIGN  # enters its words last, and puts the phrases in order
from cogs.kit.when.slips import slipped
from cogs.kit.when.words import MONTH_NAMES, PHRASES, WEAK, WEEKDAY_NAMES, WORDS
from cogs.kit.when.zones import OFFSET_NAMES

_AM_NOT_GERMAN: Final = r"(?!\s(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|\d{1,2}\.))"
_HALF: Final = r"(?:\s?[ap]\.?\s?m\b\.?" + _AM_NOT_GERMAN + r"|[ap]\b\.?|\s?[ap]\.?m(?=ish))"
_LONG_NAMES: Final = (*WEEKDAY_NAMES, *MONTH_NAMES, "sept", "thurs", "tues", "weds", "thur")
_NAMES: Final = "|".join((*_LONG_NAMES, *(name[:3] for name in _LONG_NAMES)))

_LEX: Final = re.compile(
    "|".join((
        r"(?P<glued>(?:" + _NAMES + r")(?=\d))",
        r"(?P<texted>2mor+o\w*|2morrow|2mrw|2nite|2night|2day)(?!\w)",
            r"(?P<compound>(?:mon|diens|donners|frei|sams|sonn)tag(?=abend|morgen|nachmittag|vormittag|mittag|nacht)"
            r"|mittwoch(?=abend|morgen|nachmittag|vormittag|mittag|nacht))",
            r"(?P<short>w/[cbo]\b|s/c\b|w/end\b|and/or\b)",
        r"(?P<offset>(?:utc|gmt)\s?[+-]\s?\d{1,2}(?::?\d{2})?(?![\d:]))",
        r"(?P<word>[^\W\d_][^\W_]*(?:'[^\W\d_]+)*'?)",
        r"(?P<stamp><t:-?\d{1,20}(?::[a-z])?>)",
        r"(?P<iso>\d{4}-\d{2}-\d{2}t\d{2}(?::?\d{2}(?::?\d{2}(?:[.,]\d{1,9})?)?)?(?:z|[+-]\d{2}(?::?\d{2})?)?(?![\w:])"
        r"|\d{8}t\d{4}(?:\d{2})?(?:z|[+-]\d{2}(?::?\d{2})?)?(?![\w:]))",
        r"(?P<fee>[£$€¥₹]\s?\d[\d,]*(?:\.\d+)?k?(?:\s?-\s?[£$€¥₹]?\s?\d[\d,]*k?(?![\d:]|\s?[ap]m))?"
        r"|\d[\d,]*(?:\.\d+)?k?\s?(?:[£€¥₹$](?!\s?\d)|%)|\d+k\b)",
        r"(?P<ymd>\d{4}-\d{1,2}-\d{1,2}(?!\d)|\d{4}/\d{1,2}/\d{1,2}(?!\d)|\d{4}\.\d{1,2}\.\d{1,2}(?!\d)"
        r"|(?:19|20)\d{6}(?!\w))",
        r"(?P<numeric>\d{1,2}/\d{1,2}/(?:\d{4}|\d{2})(?!\d)|\d{1,2}-\d{1,2}-\d{4}(?!\d))",
        r"(?P<dotted>\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d{2})(?![\d:.h]|\s?uhr|\s?-\s?\d{1,2}\s?(?:uhr|h\b))|\d{1,2}\.\s?(?:0?[1-9]|1[0-2])\.(?!\d))",
        r"(?P<meridiem>\d{1,2}(?:[:.]\d{2}(?::\d{2})?)?" + _HALF + r"|\d{3,4}" + _HALF + ")",
        r"(?P<slash>\d{1,2}/\d{1,2}(?![\d/]))",
        r"(?P<ordinal>\d{1,3}(?:st|nd|rd|th|er|º|ª|°)(?![^\W_]))",
        r"(?P<hours>\d{4}\s?h(?:rs?|ours)?\b|\d{1,2}[:.]\d{2}\s?h(?:rs?|ours)?\b)",
        r"(?P<hm>\d{1,2}\s?h\s?\d{2}(?!\d)(?:m|min|mins)?\b|\d{1,3}\s?h\b)",
        r"(?P<colon>\d{1,2}:\d{2}(?::\d{2})?(?![\d:]))",
        r"(?P<plus>[+]\d{2}:?\d{2}(?!\d))",
        r"(?P<point>\d{1,2}\.\d{2}(?![\d.]))",
        r"(?P<number>\d{1,3}(?:,\d{3})+(?!\d)|\d*\.\d+|\d+)",
        r"(?P<mark>\S)",
    ))
)  # fmt: skip

#: Sorts made of digits: one left unused means the phrase was not understood.
NUMBERS: Final = frozenset("num numword ord clock point hm slash date abs decimal half quarter length".split())


_WEAK: Final = WEAK | WEAK_FOREIGN


#: Empty tokens put after the last one, so that rules may look ahead.
SENTINELS: Final = 6


class Token:
    """One word, number or mark of the folded text."""

    __slots__ = ("end", "sort", "start", "text", "value", "weak")

    def __init__(self, sort: str, value: object, text: str, start: int, end: int, weak: bool = False) -> None:
        self.sort = sort
        #: What the sort says: an int, a string, or a tuple of ints; None where the sort says everything.
        self.value = value
        self.text = text
        #: Place in the folded text, end excluded.
        self.start = start
        self.end = end
        #: An English word besides ("sat", "may"): it counts only in the right company.
        self.weak = weak

    def __repr__(self) -> str:
        return f"{self.sort}:{self.text}"


def tokens(text: str) -> list[Token]:
    """All tokens of a folded text, in order; never raises."""
    found: list[Token] = []
    pending = [(match.lastgroup or "mark", match.group(), match.start()) for match in _LEX.finditer(text)]
    index, count = 0, len(pending)
    while index < count:
        shape, piece, start = pending[index]
        phrases = PHRASES.get(piece)
        if phrases is not None:
            taken = _phrase(pending, index, phrases)
            if taken is not None:
                sort, value, index = taken
                last = pending[index - 1]
                end = last[2] + len(last[1])
                found.append(Token(sort, value, text[start:end], start, end))
                continue
        index += 1
        found.append(_token(shape, piece, start))
    return found


def _phrase(
    pending: list[tuple[str, str, int]], index: int, phrases: list[tuple[tuple[str, ...], tuple[str, object]]]
) -> tuple[str, object, int] | None:
    count = len(pending)
    for rest, (sort, value) in phrases:
        place = index + 1
        for word in rest:
            if place < count and pending[place][1] == "-":
                place += 1
            if place >= count or pending[place][1] != word:
                break
            place += 1
        else:
            return sort, value, place
    return None


def _token(shape: str, piece: str, start: int) -> Token:
    end = start + len(piece)
    if shape in ("word", "glued", "compound", "texted"):
        entry = WORDS.get(piece)
        if entry is not None:
            return Token(entry[0], entry[1], piece, start, end, piece in _WEAK)
        if piece.endswith("'"):
            return _token("word", piece[:-1], start)
        if piece.endswith("ish") and piece[:-3] in WORDS:
            return _token("word", piece[:-3], start)
        if piece in OFFSET_NAMES:
            return Token("zone", piece, piece, start, end)
        if len(piece) >= 4:
            slip = slipped(piece)
            if slip is not None:
                return Token(slip[0], slip[1], piece, start, end)
        return Token("word", None, piece, start, end)
    reader = _SHAPES.get(shape)
    if reader is not None:
        return reader(piece, start, end)
    entry = WORDS.get(piece)
    if entry is not None:
        return Token(entry[0], entry[1], piece, start, end)
    return Token("mark", None, piece, start, end)


_DIGITS: Final = re.compile(r"\d+")


def _numbers(piece: str) -> list[int]:
    return [int(run) for run in _DIGITS.findall(piece)]


def _stamp(piece: str, start: int, end: int) -> Token:
    return Token("stamp", int(piece[3:].rstrip(">").split(":")[0]), piece, start, end)


def _number(piece: str, start: int, end: int) -> Token:
    if "." in piece:
        return Token("decimal", piece, piece, start, end)
    if "," in piece:
        return Token("num", int(piece.replace(",", "")), piece, start, end)
    # Past any use as a time; int() itself refuses more than 4,300 digits.
    return Token("num", int(piece) if len(piece) <= 18 else -1, piece, start, end)


def _meridiem(piece: str, start: int, end: int) -> Token:
    half = "pm" if "p" in piece else "am"
    values = _numbers(piece)
    if len(values) == 1 and values[0] > 99:
        values = [values[0] // 100, values[0] % 100]
    return Token("clock", (*values, *(0,) * (3 - len(values)), half), piece, start, end)


def _wide(piece: str, start: int, end: int) -> Token:
    values = _numbers(piece)
    if len(values) == 1:
        values = [values[0] // 100, values[0] % 100]
    return Token("clock", (*values, *(0,) * (3 - len(values)), "wide"), piece, start, end)


def _colon(piece: str, start: int, end: int) -> Token:
    values = _numbers(piece)
    half = "wide" if piece[0] == "0" or values[0] > 12 else ""
    return Token("clock", (*values, *(0,) * (3 - len(values)), half), piece, start, end)


def _point(piece: str, start: int, end: int) -> Token:
    return Token("point", tuple(_numbers(piece)), piece, start, end)


def _hm(piece: str, start: int, end: int) -> Token:
    values = _numbers(piece)
    return Token("hm", (values[0], values[1] if len(values) > 1 else None), piece, start, end)


def _ordinal(piece: str, start: int, end: int) -> Token:
    return Token("ord", _numbers(piece)[0], piece, start, end)


def _slash(piece: str, start: int, end: int) -> Token:
    return Token("slash", tuple(_numbers(piece)), piece, start, end)


def _ymd(piece: str, start: int, end: int) -> Token:
    values = _numbers(piece)
    if len(values) == 1:
        values = [int(piece[:4]), int(piece[4:6]), int(piece[6:])]
    return Token("date", tuple(values), piece, start, end)


def _year(value: int, piece: str) -> int:
    return value if re.search(r"\d{4}$", piece) else 2000 + value


def _numeric(piece: str, start: int, end: int) -> Token:
    first, second, year = _numbers(piece)
    return Token("slash", (first, second, _year(year, piece)), piece, start, end)


def _dotted(piece: str, start: int, end: int) -> Token:
    values = _numbers(piece)
    if len(values) == 2:
        return Token("dotted", (values[0], values[1]), piece, start, end)
    return Token("date", (_year(values[2], piece), values[1], values[0]), piece, start, end)


def _iso(piece: str, start: int, end: int) -> Token:
    return Token("iso", piece, piece, start, end)


def _fee(piece: str, start: int, end: int) -> Token:
    return Token("fee", None, piece, start, end)


def _zone(piece: str, start: int, end: int) -> Token:
    return Token("zone", piece.replace(" ", ""), piece, start, end)


_SHAPES: Final = {
    "stamp": _stamp,
    "number": _number,
    "meridiem": _meridiem,
    "hours": _wide,
    "colon": _colon,
    "point": _point,
    "hm": _hm,
    "ordinal": _ordinal,
    "slash": _slash,
    "ymd": _ymd,
    "numeric": _numeric,
    "dotted": _dotted,
    "iso": _iso,
    "fee": _fee,
    "plus": _zone,
    "offset": _zone,
}
