"""Grammar of what repeats: every other Thursday, Saturdays and Sundays, first Monday of every month, mornings."""

from __future__ import annotations

from typing import Final, cast

from cogs.kit.when.read_dates import Read, calendar_at, is_dash, one, unread
from cogs.kit.when.tokens import Token

_EVERYDAY: Final = frozenset(range(7))
_GROUPS: Final = {"weekdays": frozenset(range(5)), "weekends": frozenset({5, 6})}
_UNITS: Final = {"day": "DAILY", "week": "WEEKLY", "fortnight": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_FREQS: Final = {
    "daily": ("DAILY", 1), "nightly": ("DAILY", 1), "weekly": ("WEEKLY", 1), "fortnightly": ("WEEKLY", 2),
    "monthly": ("MONTHLY", 1), "quarterly": ("MONTHLY", 3), "yearly": ("YEARLY", 1),
}  # fmt: skip


class Repeat:
    """How something repeats, as far as its own words say."""

    __slots__ = ("date", "freq", "interval", "monthdays", "nths", "part", "weekdays")

    def __init__(self, freq: str, interval: int = 1) -> None:
        #: DAILY, WEEKLY, MONTHLY or YEARLY.
        self.freq = freq
        self.interval = interval
        self.weekdays: frozenset[int] = frozenset()
        #: Weekdays counted within the month: (1, 0) is the first Monday, (-1, 4) the last Friday.
        self.nths: tuple[tuple[int, int], ...] = ()
        #: Days of the month; -1 is the last.
        self.monthdays: tuple[int, ...] = ()
        #: Month and day of a yearly repeat; None: today's.
        self.date: tuple[int, int] | None = None
        self.part: str | None = None


def _weekly(days: frozenset[int], interval: int = 1) -> Repeat:
    repeat = Repeat("WEEKLY", interval)
    repeat.weekdays = days
    return repeat


def weekday_list(tokens: list[Token], start: int) -> tuple[frozenset[int], int, bool] | None:
    """Weekdays joined by commas, and, or a dash: the days, the place after, and whether one was a plural."""
    if tokens[start].sort not in ("weekday", "weekdays"):
        return None
    days = {cast(int, tokens[start].value)}
    plural = tokens[start].sort == "weekdays"
    place = start + 1
    while True:
        inner = place
        ranged = is_dash(tokens[inner])
        while (
            tokens[inner].sort in ("and", "fand", "on", "the")
            or tokens[inner].text in (",", "/", "-")
            or is_dash(tokens[inner])
        ):
            inner += 1
        if inner == place or tokens[inner].sort not in ("weekday", "weekdays"):
            return frozenset(days), place, plural
        number = cast(int, tokens[inner].value)
        if ranged:
            first = cast(int, tokens[place - 1].value)
            days.update((first + step) % 7 for step in range((number - first) % 7 + 1))
        days.add(number)
        plural = plural or tokens[inner].sort == "weekdays"
        place = inner + 1


def read_every(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """`every` and what repeats."""
    place, interval = start + 1, 1
    if tokens[start].sort == "other" or tokens[place].sort == "other":
        interval = 2
        if tokens[start].sort == "other":
            if tokens[start].text == "other":
                return None
        else:
            place += 1
    token = tokens[place]
    if token.sort in ("ord", "ordword", "last"):
        return _every_nth(tokens, start, place)
    if token.sort in ("num", "numword") and tokens[place + 1].sort in ("unit", "weekdays"):
        interval = cast(int, token.value)
        place += 1
        token = tokens[place]
        if not 1 <= interval <= 1000:
            return unread(tokens, start, place + 1)
    elif token.sort in ("num", "month", "numword"):
        dated = calendar_at(tokens, place)
        if dated is None or dated[2] is not None:
            return unread(tokens, start, place + 1)
        repeat = Repeat("YEARLY")
        repeat.date = (dated[0], dated[1])
        return one("repeat", repeat, tokens, start, dated[3])
    return _every(tokens, start, place, interval)


def _every(tokens: list[Token], start: int, place: int, interval: int) -> Read | None:
    token = tokens[place]
    days = weekday_list(tokens, place)
    if days is not None:
        return _excepted(tokens, start, days[1], _weekly(days[0], interval))
    if token.sort in ("daygroup", "dayofgroup"):
        return _excepted(tokens, start, place + 1, _weekly(_GROUPS[cast(str, token.value)], interval))
    if token.sort == "weekend":
        return one("repeat", _weekly(_GROUPS["weekends"], interval), tokens, start, place + 1)
    if token.sort in ("part", "parts"):
        repeat = Repeat("DAILY", interval)
        repeat.part = cast(str, token.value)
        return _excepted(tokens, start, place + 1, repeat)
    if token.sort == "unit" and token.value in _UNITS:
        unit = token.value
        repeat = Repeat(_UNITS[unit], interval * (2 if unit == "fortnight" else 1))
        return _detailed(tokens, start, place + 1, repeat)
    if token.sort == "word" and token.text == "quarter":
        return one("repeat", Repeat("MONTHLY", 3 * interval), tokens, start, place + 1)
    if token.sort == "quarter":
        return one("repeat", Repeat("MONTHLY", 3 * interval), tokens, start, place + 1)
    if token.sort == "holiday":
        repeat = Repeat("YEARLY", interval)
        repeat.date = cast("tuple[int, int]", token.value)
        return one("repeat", repeat, tokens, start, place + 1)
    return unread(tokens, start, place)


def _every_nth(tokens: list[Token], start: int, place: int) -> Read | None:
    """`every second Tuesday`, `every first Monday of the month`, `every 15th`, `every 2nd week`."""
    number = -1 if tokens[place].sort == "last" else cast(int, tokens[place].value)
    dated = calendar_at(tokens, place)
    if dated is not None and dated[2] is None:
        repeat = Repeat("YEARLY")
        repeat.date = (dated[0], dated[1])
        return one("repeat", repeat, tokens, start, dated[3])
    if tokens[place + 1].sort == "unit":
        unit = str(tokens[place + 1].value)
        if number == -1 and unit == "day":
            return _monthly(tokens, start, place)
        if number < 2 or unit not in _UNITS or _month_after(tokens, place + 2) is not None:
            return unread(tokens, start, place + 2)
        return _detailed(tokens, start, place + 2, Repeat(_UNITS[unit], number * (2 if unit == "fortnight" else 1)))
    detail = _month_detail(tokens, place)
    if detail is None:
        days = weekday_list(tokens, place + 1)
        return None if days is None else unread(tokens, start, days[1])
    repeat, after = detail
    of_month = _month_after(tokens, after)
    if of_month is not None:
        return one("repeat", repeat, tokens, start, of_month)
    if repeat.nths and number == 2:
        days = weekday_list(tokens, place + 1)
        return one(
            "repeat", _weekly(frozenset(day for _, day in repeat.nths), 2), tokens, start, days[1] if days else after
        )
    if repeat.nths and number not in (1, -1):
        return unread(tokens, start, after)
    return one("repeat", repeat, tokens, start, after)


def _monthly(tokens: list[Token], start: int, place: int) -> Read | None:
    detail = _month_detail(tokens, place)
    if detail is None:
        return None
    after = _month_after(tokens, detail[1])
    return one("repeat", detail[0], tokens, start, after or detail[1])


def _month_after(tokens: list[Token], place: int) -> int | None:
    """The place after `of the month`, `of every month`, `each month`; None where that is not said."""
    while tokens[place].sort in ("of", "in", "the", "every"):
        place += 1
    token = tokens[place]
    return place + 1 if token.sort == "unit" and token.value == "month" and place > 0 else None


def _every_month_after(tokens: list[Token], place: int) -> int | None:
    """As `_month_after`, but only where `every`, `each` or a word of their kind is said."""
    while tokens[place].sort in ("of", "in", "on"):
        place += 1
    if tokens[place].sort == "freq" and tokens[place].value == "monthly":
        return place + 1
    if tokens[place].sort == "every" and tokens[place + 1].sort == "unit" and tokens[place + 1].value == "month":
        return place + 2
    return None


def _month_detail(tokens: list[Token], place: int) -> tuple[Repeat, int] | None:
    """Days within a month: the 1st and 15th, the last day, the first and third Tuesday."""
    while tokens[place].sort in ("on", "the"):
        place += 1
    numbers: list[int] = []
    while tokens[place].sort in ("ord", "ordword", "last"):
        numbers.append(-1 if tokens[place].sort == "last" else cast(int, tokens[place].value))
        place += 1
        inner = place
        while tokens[inner].sort in ("and", "the") or tokens[inner].text in (",", "&"):
            inner += 1
        if inner > place and tokens[inner].sort in ("ord", "ordword", "last"):
            place = inner
    if not numbers:
        return None
    repeat = Repeat("MONTHLY")
    days = weekday_list(tokens, place)
    if days is not None and all(-1 <= number <= 5 for number in numbers):
        repeat.nths = tuple(
            (number, day) for number in sorted(numbers, key=lambda n: n % 10) for day in sorted(days[0])
        )
        return repeat, days[1]
    if tokens[place].sort == "unit" and tokens[place].value == "day":
        place += 1
    elif -1 in numbers:
        return None
    if not all(number == -1 or 1 <= number <= 31 for number in numbers):
        return None
    repeat.monthdays = tuple(sorted(set(numbers), key=lambda number: 99 if number == -1 else number))
    return repeat, place


def _detailed(tokens: list[Token], start: int, place: int, repeat: Repeat) -> Read:
    """Days named after the unit: every week on Tuesday, every month on the 15th, annually on Dec 31."""
    inner = place
    while tokens[inner].sort in ("on", "the", "um") or tokens[inner].text == ",":
        inner += 1
    if repeat.freq == "WEEKLY":
        days = weekday_list(tokens, inner)
        if days is not None:
            repeat.weekdays = days[0]
            return _excepted(tokens, start, days[1], repeat)
    elif repeat.freq == "MONTHLY":
        detail = _month_detail(tokens, inner)
        if detail is not None and not (detail[0].monthdays and tokens[detail[1]].sort == "month"):
            repeat.nths, repeat.monthdays = detail[0].nths, detail[0].monthdays
            return one("repeat", repeat, tokens, start, detail[1])
    elif repeat.freq == "YEARLY":
        dated = calendar_at(tokens, inner)
        if dated is not None and dated[2] is None:
            repeat.date = (dated[0], dated[1])
            return one("repeat", repeat, tokens, start, dated[3])
        if tokens[inner].sort == "holiday":
            repeat.date = cast("tuple[int, int]", tokens[inner].value)
            return one("repeat", repeat, tokens, start, inner + 1)
    return _excepted(tokens, start, place, repeat)


def _excepted(tokens: list[Token], start: int, place: int, repeat: Repeat) -> Read:
    """Take away the weekdays after `except`."""
    if tokens[place].sort == "except":
        days = weekday_list(tokens, place + 1)
        if days is None and tokens[place + 1].sort in ("daygroup", "weekend"):
            days = (
                _GROUPS["weekends" if tokens[place + 1].sort == "weekend" else cast(str, tokens[place + 1].value)],
                place + 2,
                True,
            )
        if days is None or repeat.freq not in ("DAILY", "WEEKLY") or repeat.interval != 1:
            return unread(tokens, start, place + 1)
        left = (repeat.weekdays or _EVERYDAY) - days[0]
        if not left:
            return unread(tokens, start, days[1])
        fewer = _weekly(left)
        fewer.part = repeat.part
        return one("repeat", fewer, tokens, start, days[1])
    return one("repeat", repeat, tokens, start, place)


def read_freq(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """`daily`, `weekly on Tuesdays`, `fortnightly on Friday`, `monthly on the last day`, `annually on Dec 31`."""
    name = cast(str, tokens[start].value)
    freq, interval = _FREQS[name]
    repeat = Repeat(freq, interval)
    if name == "nightly":
        repeat.part = "night"
    return _detailed(tokens, start, start + 1, repeat)


def read_plural(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """Plural weekdays and parts of the day, weekdays and weekends: `Tuesdays and Thursdays`, `Tuesday nights`."""
    token = tokens[start]
    if token.sort in ("daygroup", "dayofgroup"):
        if token.sort == "dayofgroup" and tokens[start + 1].sort != "parts":
            return None
        return _excepted(tokens, start, start + 1, _weekly(_GROUPS[cast(str, token.value)]))
    if token.sort == "weekend":
        return (
            one("repeat", _weekly(_GROUPS["weekends"]), tokens, start, start + 1)
            if tokens[start + 1].sort == "parts"
            else None
        )
    if token.sort == "parts":
        repeat = Repeat("DAILY")
        repeat.part = cast(str, token.value)
        return one("repeat", repeat, tokens, start, start + 1)
    days = weekday_list(tokens, start)
    if days is None:
        return None
    following = tokens[days[1]].sort
    if days[2]:
        freq = tokens[days[1]]
        if freq.sort == "freq" and freq.value in ("weekly", "fortnightly"):
            interval = 2 if freq.value == "fortnightly" else 1
            return one("repeat", _weekly(days[0], interval), tokens, start, days[1] + 1)
        return _excepted(tokens, start, days[1], _weekly(days[0]))
    return one("repeat", _weekly(days[0]), tokens, start, days[1]) if following == "parts" else None


def read_of_every_month(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """`15th of every month`, `last Friday of each month`, `first and third Tuesday of every month`."""
    detail = _month_detail(tokens, start)
    if detail is None:
        return None
    after = _every_month_after(tokens, detail[1])
    return None if after is None else one("repeat", detail[0], tokens, start, after)


def read_count(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """`6 times`."""
    if tokens[start + 1].sort != "times":
        return None
    return one("count", tokens[start].value, tokens, start, start + 2)


REPEAT_RULES: Final = {
    "every": (read_every,),
    "other": (read_every,),
    "freq": (read_freq,),
    "weekdays": (read_plural,),
    "weekday": (read_plural,),
    "parts": (read_plural,),
    "daygroup": (read_plural,),
    "dayofgroup": (read_plural,),
    "weekend": (read_plural,),
    "ord": (read_of_every_month,),
    "ordword": (read_of_every_month,),
    "last": (read_of_every_month,),
    "num": (read_count,),
    "numword": (read_count,),
}
