"""Grammar of clocks: which tokens together show one time of day, with am or pm still open."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final, cast

from cogs.kit.when.clocks import Clock, midnight, noon
from cogs.kit.when.days import Fixed
from cogs.kit.when.read_dates import Read, made, one
from cogs.kit.when.scene import Impossible
from cogs.kit.when.tokens import Token

_ISO: Final = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})t(\d{2}):?(\d{2})?:?(\d{2})?(?:[.,]\d+)?(z|[+-]\d{2}:?(?:\d{2})?)?$"
)
#: Discord counts seconds from 1970; years outside 1 to 9999 do not exist in a calendar.
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def hour_at(tokens: list[Token], place: int) -> int | None:
    """An hour from 1 to 12 as a bare number or word; None for anything else."""
    token = tokens[place]
    if token.sort in ("num", "numword", "fnum", "um"):
        value = 1 if token.sort == "um" else cast(int, token.value)
        return value if 1 <= value <= 12 and len(token.text) < 9 else None
    return None


def read_clock(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """A clock in digits, with the words that may follow it (Uhr, o'clock)."""
    token = tokens[start]
    hour, minute, second, half = cast("tuple[int, int, int, str]", token.value)
    wide = half == "wide"
    clock = Clock(hour, minute, second, "" if wide else half, wide=wide, written=not half)
    after = start + 1
    if tokens[after].sort == "uhr":
        clock.wide = clock.german = True
        after += 1
    elif tokens[after].sort == "oclock":
        after += 1
    return one("clock", clock, tokens, start, after)


def read_point(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """Hours and minutes with a point between them; None where the number cannot be a clock."""
    hour, minute = cast("tuple[int, int]", tokens[start].value)
    if minute > 59 or hour > 24 or tokens[start + 1].sort == "unit":
        return None
    wide = tokens[start].text[0] == "0" or hour > 12
    clock = Clock(hour, minute, wide=wide, written=True)
    after = start + 1
    if tokens[after].sort == "uhr":
        clock.wide = clock.german = True
        after += 1
    return one("clock", clock, tokens, start, after)


def read_hm(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """Hours with an h: 21h, 19h30."""
    hour, minute = cast("tuple[int, int | None]", tokens[start].value)
    clock = Clock(hour, minute or 0, wide=True)
    clock.german = True
    return one("clock" if minute is not None else "hclock", clock, tokens, start, start + 1)


def read_word_clock(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """Noon and midnight."""
    return one("clock", noon() if tokens[start].sort == "noon" else midnight(), tokens, start, start + 1)


def read_hour(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """A bare number or number word that what follows makes a clock: o'clock, Uhr, pm, past, to, thirty."""
    token, following = tokens[start], tokens[start + 1]
    if following.sort == "oclock":
        hour = hour_at(tokens, start)
        return None if hour is None else _with_half(tokens, start, start + 2, hour, 0)
    if following.sort == "uhr" and token.sort in ("num", "numword", "fnum", "um"):
        return _uhr(tokens, start)
    if token.sort == "numword" or (token.sort == "num" and token.value in (5, 10, 20, 25)):
        spoken = _minutes_past(tokens, start)
        if spoken is not None:
            return spoken
    if token.sort == "numword":
        return _spoken(tokens, start)
    return None


def _uhr(tokens: list[Token], start: int) -> Read | None:
    token = tokens[start]
    hour = 1 if token.sort == "um" else cast(int, token.value)
    if tokens[start + 1].text == "horas" and not (start > 0 and tokens[start - 1].sort == "at"):
        return None
    after, minute = start + 2, 0
    if tokens[after].sort == "num" and len(tokens[after].text) == 2 and cast(int, tokens[after].value) < 60:
        minute = cast(int, tokens[after].value)
        after += 1
    elif tokens[after].sort in ("halfpast", "quarterpast"):
        minute = 30 if tokens[after].sort == "halfpast" else 15
        after += 1
    # "Uhr" is the 24-hour clock always; "trois heures" in words is what people say at any time of day.
    clock = Clock(hour, minute, wide=token.sort == "num" or tokens[start + 1].text == "uhr")
    clock.german = clock.wide
    return one("clock", clock, tokens, start, after)


def _minutes_past(tokens: list[Token], start: int) -> Read | None:
    minutes = cast(int, tokens[start].value)
    if not 1 <= minutes <= 29:
        return None
    place = start + 1
    if tokens[place].sort == "unit" and tokens[place].value == "minute":
        place += 1
    joint = tokens[place]
    forward = joint.sort == "past"
    if not forward and not (joint.sort == "to" and joint.text == "to"):
        return None
    if not forward and tokens[start].sort == "num" and minutes <= 12:
        return None  # "10 to 6" in digits is from ten to six
    if not forward and minutes not in (5, 10, 20, 25):
        return None
    return _hour_and(tokens, start, place + 1, minutes if forward else -minutes)


def _hour_and(tokens: list[Token], start: int, place: int, minutes: int) -> Read | None:
    """So many minutes from the hour at a place; that hour may carry its own am or pm."""
    token = tokens[place]
    if token.sort == "clock":
        hour, minute, _, half = cast("tuple[int, int, int, str]", token.value)
        if minute or half == "wide" or not 1 <= hour <= 12:
            return None
        return _shifted(tokens, start, place + 1, hour, minutes, half)
    if token.sort in ("noon", "midnight"):
        return _shifted(tokens, start, place + 1, 12, minutes, "pm" if token.sort == "noon" else "am")
    hour_or_none = hour_at(tokens, place)
    if hour_or_none is None:
        return None
    half = ""
    if tokens[place + 1].text in ("am", "pm"):
        half = tokens[place + 1].text
        place += 1
    elif tokens[place + 1].sort == "oclock":
        place += 1
    return _shifted(tokens, start, place + 1, hour_or_none, minutes, half)


def _shifted(tokens: list[Token], start: int, after: int, hour: int, minutes: int, half: str) -> Read:
    total = hour % 12 * 60 + (720 if half == "pm" else 0) + minutes
    if half:
        total %= 1440
        clock = Clock(total // 60 % 12 or 12, total % 60, half="pm" if total >= 720 else "am")
    else:
        total %= 720
        clock = Clock(total // 60 or 12, total % 60)
    return one("clock", clock, tokens, start, after)


def _spoken(tokens: list[Token], start: int) -> Read | None:
    """`seven thirty`, `eight pm`, `six forty five pm`."""
    hour = hour_at(tokens, start)
    if hour is None:
        return None
    place, minute = start + 1, 0
    if tokens[place].sort == "numword" and 10 <= cast(int, tokens[place].value) <= 59:
        minute = cast(int, tokens[place].value)
        place += 1
    elif tokens[place].text not in ("am", "pm"):
        return None
    if tokens[place].sort in ("unit", "month"):
        return None
    return _with_half(tokens, start, place, hour, minute)


def _with_half(tokens: list[Token], start: int, place: int, hour: int, minute: int) -> Read:
    half = ""
    if tokens[place].text in ("am", "pm"):
        half = tokens[place].text
        place += 1
    return one("clock", Clock(hour, minute, half=half), tokens, start, place)


def read_half(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """`half past 5`, `half 4`, `quarter to 3`, `halb drei`."""
    token, place = tokens[start], start + 1
    if token.sort == "halb":
        return _hour_and(tokens, start, place, -30)
    if token.sort == "half":
        if tokens[place].sort == "past":
            place += 1
        if tokens[place + 1].sort == "unit":
            return None
        return _hour_and(tokens, start, place, 30)
    if token.sort in ("quarterpast", "quarterto"):
        return _hour_and(tokens, start, place, 15 if token.sort == "quarterpast" else -15)
    joint = tokens[place].sort
    if joint in ("past", "after"):
        return _hour_and(tokens, start, place + 1, 15)
    if joint in ("to", "of", "before", "until"):
        return _hour_and(tokens, start, place + 1, -15)
    return None


def read_foreign_hour(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """`a las tres y media`, `a las 8 menos cuarto`, `às oito e meia`: an hour after another language's "at"."""
    place = start + 1
    hour = hour_at(tokens, place)
    if hour is None:
        return None
    following = tokens[place + 1].sort
    minutes = {"halfpast": 30, "quarterpast": 15, "quarterto": -15}.get(following)
    if (
        minutes is None
        and tokens[place].sort != "fnum"
        and not (tokens[place].sort == "um" and tokens[start].sort == "at")
    ):
        return None
    after = place + (1 if minutes is None else 2)
    read = _shifted(tokens, place, after, hour, minutes or 0, "")
    return [tokens[start], *read[0]], read[1]


def read_stamp(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """A platform's own time (`<t:1795000000:F>`): one moment, whatever stands beside it."""
    seconds = cast(int, tokens[start].value)
    return one("moment", _EPOCH + timedelta(seconds=seconds), tokens, start, start + 1)


def read_iso(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """ISO 8601 date and time: a moment where it carries its offset, a day and a clock where it does not."""
    match = _ISO.match(tokens[start].text)
    if match is None:
        return None
    year, month, day, hour = (int(match[index]) for index in (1, 2, 3, 4))
    minute, second = int(match[5] or 0), int(match[6] or 0)
    clock = Clock(hour, minute, second, wide=True)
    try:
        midnight_before = datetime(year, month, day, tzinfo=UTC)
    except ValueError as error:
        raise Impossible from error
    if match[7] is None:
        date = made("day", Fixed(midnight_before.date()), tokens, start, start + 1)
        return [date, made("clock", clock, tokens, start, start + 1)], start + 1
    away = timedelta()
    if match[7] != "z":
        digits = match[7][1:].replace(":", "")
        away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0)) * (-1 if match[7][0] == "-" else 1)
    return one("moment", midnight_before + timedelta(seconds=clock.plain()) - away, tokens, start, start + 1)


CLOCK_RULES: Final = {
    "clock": (read_clock,),
    "point": (read_point,),
    "hm": (read_hm,),
    "noon": (read_word_clock,),
    "midnight": (read_word_clock,),
    "num": (read_hour,),
    "numword": (read_hour,),
    "fnum": (read_hour,),
    "half": (read_half,),
    "halb": (read_half,),
    "quarter": (read_half,),
    "quarterpast": (read_half,),
    "quarterto": (read_half,),
    "at": (read_foreign_hour,),
    "um": (read_foreign_hour,),
    "flead": (read_foreign_hour,),
    "stamp": (read_stamp,),
    "iso": (read_iso,),
}
