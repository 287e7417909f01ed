"""Grammar of dates: day and month by name or in numbers, and the small tools every rule of the grammar uses.

A rule looks at the tokens from one place on and gives back larger tokens ("day", "span", ...) with the place after
the last one used, or None where it does not apply.
"""

from __future__ import annotations

from typing import Final, cast

from cogs.kit.when.days import Calendar
from cogs.kit.when.scene import month_length
from cogs.kit.when.tokens import Token

#: What a rule gives back: larger tokens, and the place after the last token used.
Read = tuple[list[Token], int]
_SKIPS: Final = frozenset({",", "."})
_DASHES: Final = frozenset({"to", "until"})


def made(sort: str, value: object, tokens: list[Token], start: int, end: int) -> Token:
    """A larger token covering the tokens from start to end."""
    text = " ".join(token.text for token in tokens[start:end])
    return Token(sort, value, text, tokens[start].start, tokens[end - 1].end)


def one(sort: str, value: object, tokens: list[Token], start: int, end: int) -> Read:
    """A rule's result of one larger token."""
    return [made(sort, value, tokens, start, end)], end


def unread(tokens: list[Token], start: int, end: int) -> Read:
    """A rule's result for words of time that cannot be trusted."""
    return one("unread", None, tokens, start, end)


def is_dash(token: Token) -> bool:
    """Whether a token joins the two ends of something."""
    return token.text == "-" or token.sort in _DASHES


def skip(tokens: list[Token], place: int, *sorts: str) -> int:
    """The place of the first token that is neither of these sorts nor a comma or full stop."""
    while tokens[place].sort in sorts or tokens[place].text in _SKIPS:
        place += 1
    return place


def day_number(token: Token) -> int | None:
    """A day of the month as a number or ordinal; None for anything else."""
    if token.sort in ("ord", "ordword") or (token.sort == "num" and len(token.text) <= 2):
        return cast(int, token.value)
    return None


def year_at(tokens: list[Token], place: int) -> tuple[int | None, int, bool]:
    """A year at this place: the year or None, the place after it, and whether it may as well be a clock."""
    after = skip(tokens, place, "of")
    token = tokens[after]
    if _short_year(tokens, after):
        return 2000 + cast(int, token.value), after + 1, False
    if token.sort != "num" or len(token.text) != 4 or not token.text.isdigit():
        return None, place, False
    year = cast(int, token.value)
    if not 1900 <= year <= 2199:
        return None, place, False
    minutes = year % 100
    clocklike = (year < 1960 and minutes % 15 == 0) or year in (2000, 2045)
    if clocklike and tokens[skip(tokens, after + 1, "at")].sort not in ("clock", "hm", "noon", "midnight"):
        return None, place, True
    return year, after + 1, False


def _short_year(tokens: list[Token], place: int) -> bool:
    """Whether two digits behind a day and month are a year ("20 May 27"): no hour, and nothing counted."""
    token, following = tokens[place], tokens[place + 1]
    if token.sort != "num" or len(token.text) != 2 or not 25 <= cast(int, token.value) <= 39:
        return False
    ends = ("end of text", "at", "clock", "hm", "noon", "midnight", "part", "label")
    return following.sort in ends or following.text == ","


def calendar_at(tokens: list[Token], start: int) -> tuple[int, int, int | None, int] | None:
    """Day and month by name, in either order, with a year or without: month, day, year, place after."""
    first = tokens[start]
    if first.sort == "month":
        place = skip(tokens, start + 1, "the")
        day = day_number(tokens[place])
        if day is None or (tokens[place].sort == "ordword" and tokens[place].text == "second"):
            return None
        if tokens[place + 1].sort in ("unit", "length") or _joined_to_clock(tokens, place):
            return None
        month = cast(int, first.value)
    else:
        number = day_number(first)
        if number is None:
            return None
        place = start + 1
        if tokens[place].text == "." and tokens[place + 1].sort in ("month", "of"):
            place += 1
        place = skip(tokens, place, "of")
        if tokens[place].sort != "month":
            return None
        day, month = number, cast(int, tokens[place].value)
    year, after, clash = year_at(tokens, place + 1)
    if clash:
        return None
    return month, day, year, after


def _joined_to_clock(tokens: list[Token], place: int) -> bool:
    """Whether a number after a month belongs to a range of clocks ("May 6-9pm"), so that it is no day."""
    return is_dash(tokens[place + 1]) and tokens[place + 2].sort == "clock" and tokens[place].sort == "num"


def numeric(values: tuple[int, ...], *, dayfirst: bool) -> Calendar:
    """A date of two or three numbers: by the user's order, or the other where only that is possible."""
    first, second = values[0], values[1]
    year = values[2] if len(values) > 2 else None
    day, month = (first, second) if dayfirst else (second, first)
    if not _can_be(day, month) and _can_be(month, day):
        day, month = month, day
    return Calendar(month, day, year)


def _can_be(day: int, month: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= month_length(2000, month)


def date_token(token: Token, *, dayfirst: bool) -> Calendar | None:
    """A date written in numbers, as one token; None for any other token."""
    if token.sort == "slash":
        return numeric(cast("tuple[int, ...]", token.value), dayfirst=dayfirst)
    if token.sort == "dotted":
        day, month = cast("tuple[int, int]", token.value)
        return Calendar(month, day)
    if token.sort == "date":
        year, month, day = cast("tuple[int, int, int]", token.value)
        return Calendar(month, day, year)
    return None
