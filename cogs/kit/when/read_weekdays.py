"""Grammar of weekdays: with their date or week, with this, next and last before them, counted within a month."""

from __future__ import annotations

from typing import Final, cast

from cogs.kit.when.days import Calendar, MonthDay, Nth, Relative, Weekday
from cogs.kit.when.read_dates import Read, calendar_at, date_token, is_dash, made, one, skip, unread, year_at
from cogs.kit.when.spans import Month, Run, Week, Year
from cogs.kit.when.tokens import Token

#: What a word before a weekday makes of it: how it is read, and weeks from this one.
_POINTED: Final = {
    "next": ("week", 1),
    "this": ("this", 0),
    "last": ("last", 0),
    "flast": ("last", 0),
    "fnext": ("nearest", 0),
}


def read_weekday(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """A weekday with what belongs to it: its date, its day of the month, its week."""
    number = cast(int, tokens[start].value)
    place = skip(tokens, start + 1, "the")
    dated = calendar_at(tokens, place)
    if dated is not None:
        month, day, year, after = dated
        if is_dash(tokens[after]) or not _range_of_days(tokens, place):
            return one("day", Calendar(month, day, year, number), tokens, start, after)
    written = date_token(tokens[place], dayfirst=dayfirst)
    if written is not None:
        return one("day", Calendar(written.month, written.day, written.year, number), tokens, start, place + 1)
    if tokens[place].sort == "ord" and tokens[place + 1].sort != "month":
        day = cast(int, tokens[place].value)
        after = place + 1
        shift = of_month(tokens, after)
        if shift is not None and shift[0] is not None:
            return one("day", Calendar(0, 0), tokens, start, shift[1]) if day > 31 else unread(tokens, start, shift[1])
        return one("day", MonthDay(day, number), tokens, start, after)
    if _fri_20_to_sun_22(tokens, start, place):
        return _weekday_run(tokens, start, place)
    return _weekday_in_week(tokens, start, number)


def _fri_20_to_sun_22(tokens: list[Token], start: int, place: int) -> bool:
    return (
        tokens[place].sort == "num"
        and is_dash(tokens[place + 1])
        and tokens[place + 2].sort == "weekday"
        and calendar_at(tokens, place + 3) is not None
    )


def _weekday_run(tokens: list[Token], start: int, place: int) -> Read | None:
    dated = calendar_at(tokens, place + 3)
    if dated is None:
        return None
    month, day, year, after = dated
    first = cast(int, tokens[place].value)
    begins = Calendar(month, first, year, cast(int, tokens[start].value))
    ends = Calendar(month, day, year, cast(int, tokens[place + 2].value))
    if first >= day:
        return unread(tokens, start, after)
    return one("span", Run(begins, ends), tokens, start, after)


def _range_of_days(tokens: list[Token], place: int) -> bool:
    return tokens[place].sort in ("num", "ord") and is_dash(tokens[place + 1])


def _weekday_in_week(tokens: list[Token], start: int, number: int) -> Read:
    place = start + 1
    following = tokens[place]
    if following.sort == "unit" and following.text in ("week", "wk", "fortnight"):
        weeks = 2 if following.text == "fortnight" else 1
        return one("day", Weekday(number, "coming", weeks), tokens, start, place + 1)
    if following.sort == "after" and tokens[place + 1].sort == "next":
        return one("day", Weekday(number, "afternext"), tokens, start, place + 2)
    foreign = {"fnext": "nearest", "fcoming": "coming", "flast": "last"}.get(following.sort)
    if foreign is not None:
        return one("day", Weekday(number, foreign), tokens, start, place + 1)
    if following.sort == "relday" and following.text == "morgen":
        day = made("day", Weekday(number), tokens, start, place)
        return [day, Token("part", "morning", following.text, following.start, following.end)], place + 1
    week = skip(tokens, place, "of", "on", "in", "the")
    if tokens[week].sort == "spanweek":
        return one("day", Weekday(number, "week", cast(int, tokens[week].value)), tokens, start, week + 1)
    if tokens[week].sort == "unit" and tokens[week].value == "week" and tokens[week + 1].sort == "after":
        if tokens[week + 2].sort == "next":
            return one("day", Weekday(number, "week", 2), tokens, start, week + 3)
    elif tokens[week].sort in ("next", "this") and tokens[week + 1].sort == "weekend" and number >= 5:
        return one("day", Weekday(number, "week", int(tokens[week].sort == "next")), tokens, start, week + 2)
    elif tokens[week].sort in ("next", "this", "last") and tokens[week + 1].text in ("week", "wk"):
        if tokens[week].sort == "this":
            return one("day", Weekday(number, "this"), tokens, start, week + 2)
        return one("day", Weekday(number, "week", 1 if tokens[week].sort == "next" else -1), tokens, start, week + 2)
    return one("day", Weekday(number), tokens, start, place)


def read_pointed(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """`this`, `next`, `last` and `coming` with the day, week, month or part they point at."""
    pointer = tokens[start].sort
    place = start + 1
    following = tokens[place]
    if following.sort == "weekday":
        return _pointed_weekday(tokens, start, pointer, dayfirst)
    if pointer in ("fnext", "fcoming", "flast"):
        return None
    shift = {"this": 0, "next": 1, "last": -1}.get(pointer)
    if shift is None:
        return unread(tokens, start, place) if following.sort in ("unit", "month", "weekend") else None
    if following.sort == "weekend" and tokens[place + 1].sort != "of":
        return one("span", Week(shift, weekend=True), tokens, start, place + 1)
    if following.sort == "unit" and following.text in ("week", "wk", "month", "mth", "year", "yr"):
        return _pointed_unit(tokens, start, shift, dayfirst)
    if following.sort == "month":
        return _pointed_month(tokens, start, pointer)
    if pointer == "this" and following.sort == "part":
        today = made("day", Relative(0), tokens, start, place)
        return [today, following], place + 1
    if pointer == "last":
        if following.sort == "part" and following.value in ("night", "evening"):
            return [made("day", Relative(-1), tokens, start, place), following], place + 1
        if following.sort == "unit" and following.value == "day":
            return nth_day(tokens, start, -1)
        return nth_of(tokens, start, place, -1, None) if following.sort == "of" else None
    return unread(tokens, start, place) if pointer == "next" else None


def _pointed_weekday(tokens: list[Token], start: int, pointer: str, dayfirst: bool) -> Read | None:
    number = cast(int, tokens[start + 1].value)
    if pointer in ("last", "flast"):
        nth = nth_weekday(tokens, start, -1)
        if nth is not None:
            return nth
    whole = read_weekday(tokens, start + 1, dayfirst)
    if whole is None:
        return None
    day = whole[0][0].value
    if isinstance(day, Weekday) and day.how == "bare":
        how, weeks = _POINTED.get(pointer, ("coming", 0))
        first = made("day", Weekday(number, how, weeks), tokens, start, start + 2)
        return [first, *whole[0][1:]], whole[1]
    if pointer == "this" and isinstance(day, Calendar | MonthDay):
        return [made("day", day, tokens, start, whole[1])], whole[1]
    if pointer == "this" and isinstance(day, Weekday) and day.how == "this":
        return [made("day", day, tokens, start, whole[1])], whole[1]
    return unread(tokens, start, whole[1])


def _pointed_unit(tokens: list[Token], start: int, shift: int, dayfirst: bool) -> Read:
    unit = cast(str, tokens[start + 1].value)
    place = start + 2
    if unit == "year":
        return one("span", Year(shift), tokens, start, place)
    inner = skip(tokens, place, "on", "the")
    if unit == "week":
        if tokens[inner].sort == "weekday" and not is_dash(tokens[inner + 1]):
            whole = read_weekday(tokens, inner, dayfirst)
            day = whole[0][0].value if whole is not None else None
            if whole is not None and isinstance(day, Weekday) and day.how == "bare":
                how = "this" if shift == 0 else "week"
                return one("day", Weekday(day.number, how, shift), tokens, start, whole[1])
        return one("span", Week(shift), tokens, start, place)
    if tokens[inner].sort == "ord" and tokens[inner + 1].sort not in ("month", "of"):
        return one("day", MonthDay(cast(int, tokens[inner].value), shift=shift), tokens, start, inner + 1)
    return one("span", Month(shift=shift), tokens, start, place)


def _pointed_month(tokens: list[Token], start: int, pointer: str) -> Read | None:
    if pointer != "this":
        return unread(tokens, start, start + 2)
    if calendar_at(tokens, start + 1) is not None:
        return None
    return one("span", Month(month=cast(int, tokens[start + 1].value)), tokens, start, start + 2)


def of_month(tokens: list[Token], place: int) -> tuple[int | None, int] | None:
    """`of the month` (None), `of this month` (0), `next month` (1): months from now, and the place after."""
    while tokens[place].sort in ("of", "in", "the"):
        place += 1
    token = tokens[place]
    if token.sort == "unit" and token.value == "month" and tokens[place - 1].sort == "the":
        return None, place + 1
    if token.sort in ("this", "next") and tokens[place + 1].sort == "unit" and tokens[place + 1].value == "month":
        return (0 if token.sort == "this" else 1), place + 2
    return None


def nth_weekday(tokens: list[Token], start: int, number: int) -> Read | None:
    """`first Monday of May`, `last Friday of the month`; the weekday is the token after `start`."""
    weekday = cast(int, tokens[start + 1].value)
    return nth_of(tokens, start, start + 2, number, weekday)


def nth_of(tokens: list[Token], start: int, place: int, number: int, weekday: int | None) -> Read | None:
    """`of May`, `of the month`, `in July 2028` after a counted weekday or day."""
    month = of_month(tokens, place)
    if month is not None:
        shift, after = month
        return one("day", Nth(number, weekday, shift=shift), tokens, start, after)
    inner = place
    while tokens[inner].sort in ("of", "in", "the"):
        inner += 1
    if tokens[inner].sort == "month" and (inner > place or tokens[inner].text != "mar"):
        year, after, clash = year_at(tokens, inner + 1)
        if clash:
            return unread(tokens, start, after + 1)
        return one("day", Nth(number, weekday, month=cast(int, tokens[inner].value), year=year), tokens, start, after)
    return None


def nth_day(tokens: list[Token], start: int, number: int) -> Read | None:
    """`last day of May`, `first day of next month`."""
    return nth_of(tokens, start, start + 2, number, None)
