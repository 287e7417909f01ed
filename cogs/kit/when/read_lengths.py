"""Grammar of lengths: in two weeks, 3 days ago, a week on Friday, for 2 hours, 3 days before due."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, cast

from cogs.kit.when.days import Day, Relative, Shifted, Weekday
from cogs.kit.when.read_dates import Read, made, one, unread
from cogs.kit.when.read_days import read_day
from cogs.kit.when.tokens import Token

_ELAPSED: Final = {"second": 1, "minute": 60, "hour": 3600}
_DAYS: Final = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS: Final = {"month": 1, "year": 12}
_FROM: Final = frozenset({"from", "after"})
#: Words that end the noun a phrase hangs on.
_STOPS: Final = frozenset(
    "please thanks thank if is are at on for so but ok okay with would will can could and or then when which it".split()
)
_NOUNS: Final = frozenset({"word", "label", "status", "ender", "doubles", "invoice"})
_OWNERS: Final = frozenset("my our your his her their its this that".split())


class Length:
    """A length of time: elapsed seconds, or days and months of the calendar."""

    __slots__ = ("days", "elapsed", "months", "seconds", "weekly")

    def __init__(self, seconds: int | None = None, days: int = 0, months: int = 0, *, weekly: bool = False) -> None:
        #: Whether it is hours, minutes or seconds.
        self.elapsed = seconds is not None
        self.seconds = seconds or 0
        self.days = days
        self.months = months
        #: Counted in weeks or fortnights, so that "on Friday" may follow.
        self.weekly = weekly


class Hanging:
    """A length, and the noun it is counted from."""

    __slots__ = ("anchor", "length")

    def __init__(self, anchor: str, length: Length) -> None:
        self.anchor = anchor
        self.length = length


def length_at(tokens: list[Token], start: int) -> tuple[Length | None, int] | None:
    """A length at this place and the place after it; a None length cannot be counted (half a day, 1.5 weeks)."""
    token = tokens[start]
    if token.sort == "article" and tokens[start + 1].sort in ("numword", "length"):
        start += 1
        token = tokens[start]
    if token.sort == "length" and isinstance(token.value, tuple):
        count, unit = cast("tuple[int, str]", token.value)
        return Length(count * _ELAPSED[unit]), start + 1
    if token.sort == "hm":
        hours, minutes = cast("tuple[int, int | None]", token.value)
        return Length(hours * 3600 + (minutes or 0) * 60), start + 1
    amount = _amount(token)
    if amount is None:
        return None
    place = start + 1
    if tokens[place].sort == "andhalf":
        amount += Fraction(1, 2)
        place += 1
    if tokens[place].text == "-":
        place += 1
    if tokens[place].text in ("horas", "heures"):
        unit = "hour"
    elif tokens[place].sort == "unit":
        unit = cast(str, tokens[place].value)
    else:
        return None
    place += 1
    if tokens[place].sort == "andhalf":
        amount += Fraction(1, 2)
        place += 1
    if unit in _ELAPSED:
        seconds = amount * _ELAPSED[unit]
        seconds, place = _and_minutes(tokens, place, seconds) if unit == "hour" else (seconds, place)
        return Length(int(seconds)), place
    if amount.denominator != 1:
        return None, place
    count = int(amount)
    return Length(
        days=count * _DAYS.get(unit, 0), months=count * _MONTHS.get(unit, 0), weekly=unit in ("week", "fortnight")
    ), place


def _amount(token: Token) -> Fraction | None:
    if token.sort == "article" or token.sort == "um":
        return Fraction(1)
    if token.sort in ("num", "numword", "fnum"):
        value = cast(int, token.value)
        return Fraction(value) if value >= 0 else None
    if token.sort in ("decimal", "point"):
        return Fraction(token.text) if len(token.text) < 12 else None
    return None


def _and_minutes(tokens: list[Token], place: int, seconds: Fraction) -> tuple[Fraction, int]:
    inner = place
    while tokens[inner].sort == "and" or tokens[inner].text == ",":
        inner += 1
    minutes = _amount(tokens[inner])
    if (
        minutes is not None
        and tokens[inner].sort != "article"
        and tokens[inner + 1].sort == "unit"
        and tokens[inner + 1].value == "minute"
    ):
        return seconds + minutes * 60, inner + 2
    if (
        inner == place
        and minutes is not None
        and tokens[place].sort == "num"
        and len(tokens[place].text) == 2
        and minutes < 60
    ):
        return seconds + minutes * 60, inner + 1
    return seconds, place


def noun_at(tokens: list[Token], start: int) -> tuple[str, int] | None:
    """The event a phrase hangs on, lower case and without article, and the place after it."""
    place = start
    while tokens[place].sort in ("the", "article", "this") or tokens[place].text in _OWNERS:
        place += 1
    words: list[str] = []
    while len(words) < 4:
        token = tokens[place]
        day = token.sort == "unit" and token.text in ("day", "night") and bool(words)
        if not (token.sort in _NOUNS or day) or token.text in _STOPS:
            break
        words.append(token.text)
        place += 1
        if token.text[-1].isdigit():
            break  # an id (G12) is a name by itself
    return (" ".join(words), place) if words else None


def read_in(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """`in 3 days`, `within 2 hours`, `for 90 minutes`, and other languages' in and ago before a length."""
    sort = tokens[start].sort
    place = start + 1
    while tokens[place].sort in ("approx", "the"):
        place += 1
    if tokens[place].sort == "few":
        return unread(tokens, start, place + 2) if tokens[place + 1].sort == "unit" else None
    if tokens[place].sort in ("num", "numword") and tokens[place + 1].sort == "weekdays":
        return unread(tokens, start, place + 2)
    found = length_at(tokens, place)
    if found is None or (tokens[place].sort == "hm" and sort == "before"):
        return None
    length, after = found
    if length is None:
        return unread(tokens, start, after)
    if sort == "for":
        return one("during", length, tokens, start, after)
    if sort in ("before", "agof"):
        if tokens[start].text not in ("vor", "hace", "il y a", "ha"):
            return None
        return _counted(tokens, start, after, length, -1)
    if tokens[after].text == "time":
        after += 1
    if sort == "within":
        after = _from_invoice(tokens, after) or after
        noun = _hanging(tokens, start, after, length)
        if noun is not None:
            return noun
    return _counted(tokens, start, after, length, 1)


def _counted(tokens: list[Token], start: int, after: int, length: Length, sign: int) -> Read:
    if length.elapsed:
        return one("elapsed", sign * length.seconds, tokens, start, after)
    return one("day", Relative(sign * length.days, sign * length.months), tokens, start, after)


def _from_invoice(tokens: list[Token], place: int) -> int | None:
    """The place after "from invoice", "of the invoice date", "after receipt"; None where that is not said."""
    if tokens[place].sort not in ("from", "after", "of"):
        return None
    place += 1
    while tokens[place].sort in ("the", "of") or tokens[place].text in _OWNERS:
        place += 1
    if tokens[place].text == "date" and tokens[place + 1].sort == "of":
        place += 3 if tokens[place + 2].sort == "the" else 2
    if tokens[place].sort != "invoice" and tokens[place].sort != "receipt":
        return None
    place += 1
    while tokens[place].text in ("date", "receipt", "of") or tokens[place].sort == "invoice":
        place += 1
    return place


def read_length(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """A length and what it is counted from: ago, from now, before a date, after the gig; else a bare length."""
    token = tokens[start]
    if token.sort == "few":
        return unread(tokens, start, start + 2) if tokens[start + 1].sort == "unit" else None
    if token.sort in ("num", "numword") and tokens[start + 1].sort == "weekdays":
        return _weekdays_from_now(tokens, start)
    if (tokens[start + 1].text in ("horas", "heures") and (_amount(token) or 0) > 12) or _says_at(tokens, start):
        return None  # "a las 20 horas" is a clock
    found = length_at(tokens, start)
    if found is None:
        return None
    length, place = found
    if length is None:
        return unread(tokens, start, place)
    following = tokens[place]
    if following.sort == "ago":
        return _counted(tokens, start, place + 1, length, -1)
    if following.sort == "fromnow" or (following.text == "time" and not length.elapsed):
        return _counted(tokens, start, place + 1, length, 1)
    invoice = _from_invoice(tokens, place)
    if invoice is not None:
        return _counted(tokens, start, invoice, length, 1)
    if following.sort in ("from", "after", "before", "of", "to", "until"):
        counted = _from_day(tokens, start, place, length, dayfirst)
        if counted is not None:
            return counted
        return _hanging(tokens, start, place, length) or _bare(tokens, start, place, length)
    if length.weekly:
        weeks = _weeks_on(tokens, start, place, length, dayfirst)
        if weeks is not None:
            return weeks
    if following.sort == "net" and not length.elapsed:
        return _counted(tokens, start, place + 1, length, 1)
    return _bare(tokens, start, place, length)


def _says_at(tokens: list[Token], start: int) -> bool:
    hours = tokens[start + 1].text in ("horas", "heures")
    return hours and start > 0 and tokens[start - 1].sort in ("at", "article", "flead", "of")


def _bare(tokens: list[Token], start: int, place: int, length: Length) -> Read | None:
    if tokens[start].sort == "hm":
        return None  # 21h is a clock unless something makes it a length
    return one("length", length, tokens, start, place)


def _from_day(tokens: list[Token], start: int, place: int, length: Length, dayfirst: bool) -> Read | None:
    sort = tokens[place].sort
    if sort not in ("from", "after", "before"):
        return None
    inner = place + 1
    while tokens[inner].sort in ("the", "on", "approx"):
        inner += 1
    sign = -1 if sort == "before" else 1
    day = read_day(tokens, inner, dayfirst)
    if day is None:
        if length.elapsed and tokens[inner].sort in ("clock", "noon", "midnight", "point", "half", "quarter"):
            return one("shift", sign * length.seconds, tokens, start, place + 1)
        return None
    base = day[0][0].value
    if length.elapsed:
        return one("shift", sign * length.seconds, tokens, start, place + 1)
    if not isinstance(base, Day):
        return unread(tokens, start, day[1])
    first = made("day", Shifted(base, sign * length.days, sign * length.months), tokens, start, day[1])
    return [first, *day[0][1:]], day[1]


def _weeks_on(tokens: list[Token], start: int, place: int, length: Length, dayfirst: bool) -> Read | None:
    inner = place
    while tokens[inner].sort == "on" or tokens[inner].text == ",":
        inner += 1
    if tokens[inner].sort not in ("weekday", "relday"):
        return None
    day = read_day(tokens, inner, dayfirst)
    if day is None:
        return None
    base = day[0][0].value
    if isinstance(base, Relative) or (isinstance(base, Weekday) and base.how == "bare"):
        return [made("day", Shifted(base, length.days), tokens, start, day[1]), *day[0][1:]], day[1]
    return unread(tokens, start, day[1])


def _weekdays_from_now(tokens: list[Token], start: int) -> Read | None:
    count, number = cast(int, tokens[start].value), cast(int, tokens[start + 1].value)
    following = tokens[start + 2]
    if count < 1 or following.sort not in ("fromnow", "ago"):
        return unread(tokens, start, start + 2)
    how = "coming" if following.sort == "fromnow" else "last"
    return one("day", Weekday(number, how, count - 1), tokens, start, start + 3)


def _hanging(tokens: list[Token], start: int, place: int, length: Length) -> Read | None:
    sort = tokens[place].sort
    if sort not in ("before", "after", "from", "of") or (sort == "from" and length.elapsed):
        return None  # "45 minutes from Leeds" is a drive
    noun = noun_at(tokens, place + 1)
    if noun is None:
        return None
    anchor, after = noun
    if sort == "before":
        length = Length(-length.seconds if length.elapsed else None, -length.days, -length.months)
    return one("hang", Hanging(anchor, length), tokens, start, after)


def read_unit(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """`the day before X`, `the day of the gig`; Portuguese and Spanish `dia 15`."""
    token, place = tokens[start], start + 1
    if token.text == "dia" and tokens[place].sort == "num":
        number = tokens[place]
        as_ordinal = [
            *tokens[:place],
            Token("ord", number.value, number.text, number.start, number.end),
            *tokens[place + 1 :],
        ]
        return read_day(as_ordinal, place, dayfirst)
    if token.value != "day" or token.text == "days" or tokens[place].sort not in ("before", "after", "of"):
        return None
    if tokens[place].sort == "of":
        return _hanging(tokens, start, place, Length())
    counted = _from_day(tokens, start, place, Length(days=1), dayfirst)
    return counted or _hanging(tokens, start, place, Length(days=1))


def read_part(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """`the evening before G1`, `the night before Christmas`, `the morning of the gig`: a part of another day."""
    place = start + 1
    joint = tokens[place].sort
    if joint not in ("before", "after", "of"):
        return None
    if start > 0 and tokens[start - 1].sort in ("weekday", "relday", "ord", "month"):
        return None  # "saturday night after the gig": the part has its day already
    part = tokens[start]
    if joint == "of":
        hung = _hanging(tokens, start, place, Length())
    else:
        hung = _from_day(tokens, start, place, Length(days=1), dayfirst) or _hanging(
            tokens, start, place, Length(days=1)
        )
    if hung is None or hung[0][0].sort == "unread":
        return None
    return [part, *hung[0]], hung[1]


LENGTH_RULES: Final = {
    "in": (read_in,),
    "within": (read_in,),
    "for": (read_in,),
    "before": (read_in,),
    "agof": (read_in,),
    "num": (read_length,),
    "numword": (read_length,),
    "decimal": (read_length,),
    "point": (read_length,),
    "article": (read_length,),
    "fnum": (read_length,),
    "length": (read_length,),
    "hm": (read_length,),
    "few": (read_length,),
    "unit": (read_unit,),
    "part": (read_part,),
}
