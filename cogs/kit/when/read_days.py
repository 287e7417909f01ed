"""Grammar of days: which tokens together name one day, or several in a row.

Every rule looks at the tokens from one place on and gives back larger tokens ("day", "span", ...) with the place
after the last one used, or None where it does not apply.
"""

from __future__ import annotations

from typing import Final, cast

from cogs.kit.when.days import Calendar, Day, MonthDay, Nth, Relative
from cogs.kit.when.read_dates import (
    Read,
    calendar_at,
    date_token,
    day_number,
    is_dash,
    made,
    one,
    skip,
    unread,
    year_at,
)
from cogs.kit.when.read_weekdays import nth_day, nth_weekday, of_month, read_pointed, read_weekday
from cogs.kit.when.spans import Month, Rest, Run, Span, Week, WeekOf, Year
from cogs.kit.when.tokens import Token


def read_ordinal(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """An ordinal with its month, its weekday, or alone as a day of the month."""
    token = tokens[start]
    number = cast(int, token.value)
    following = tokens[start + 1]
    if following.sort == "weekday":
        nth = nth_weekday(tokens, start, number)
        return nth if nth is not None else unread(tokens, start, start + 2)
    if following.sort == "unit":
        return nth_day(tokens, start, number) if following.value == "day" else unread(tokens, start, start + 2)
    run = read_day_run(tokens, start, dayfirst)
    if run is not None:
        return run
    dated = calendar_at(tokens, start)
    if dated is not None:
        month, day, year, after = dated
        return one("day", Calendar(month, day, year), tokens, start, after)
    shifted = of_month(tokens, start + 1)
    if shifted is not None:
        return one("day", MonthDay(number, shift=shifted[0]), tokens, start, shifted[1])
    if token.sort == "ord" and following.sort == "word" and not _pointed_at(tokens, start):
        return unread(tokens, start, start + 1)  # "4th movement" counts something else
    if token.sort == "ord" or (number > 3 and start > 0 and tokens[start - 1].sort == "the"):
        return one("day", MonthDay(number), tokens, start, start + 1)
    return None


def _pointed_at(tokens: list[Token], start: int) -> bool:
    """Whether a word before an ordinal makes a day of it: the 4th, on 4th, by 4th."""
    leads = ("the", "on", "by", "from", "until", "before", "after", "starting", "between")
    return start > 0 and (tokens[start - 1].sort in leads or is_dash(tokens[start - 1]))


def read_day_run(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """Two days of one month with the month after them: 20-22 March, 3rd to 5th of May."""
    place = start + 1
    if tokens[place].text == ".":
        place += 1
    led = start > 0 and (tokens[start - 1].sort == "flead" or tokens[start - 1].text == "de")
    if not is_dash(tokens[place]) and not (led and tokens[place].sort in ("a", "article", "at", "fand")):
        return None
    place = skip(tokens, place + 1, "the")
    if tokens[place].sort == "weekday" or day_number(tokens[place]) is None or tokens[place].sort == "ordword":
        return None
    dated = calendar_at(tokens, place)
    if dated is None:
        return None
    month, last, year, after = dated
    first = day_number(tokens[start])
    if first is None or first >= last:
        return unread(tokens, start, after)
    return one("span", Run(Calendar(month, first, year), Calendar(month, last, year)), tokens, start, after)


def read_month(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """A month with its day, its two days, its year, or alone."""
    month = cast(int, tokens[start].value)
    if tokens[start + 1].text == "." and tokens[start + 2].sort == "num":
        dated = calendar_at(tokens, start)
    else:
        dated = calendar_at(tokens, start)
    if dated is not None:
        _, day, year, after = dated
        if is_dash(tokens[after]) and year is None:
            end = skip(tokens, after + 1, "the")
            last = day_number(tokens[end])
            if last is not None and tokens[end].sort != "ordword" and calendar_at(tokens, end) is None:
                year, place, clash = year_at(tokens, end + 1)
                if clash or day >= last:
                    return unread(tokens, start, place)
                run = Run(Calendar(month, day, year), Calendar(month, last, year))
                return one("span", run, tokens, start, place)
        return one("day", Calendar(month, day, year), tokens, start, after)
    year, after, clash = year_at(tokens, start + 1)
    if clash:
        return unread(tokens, start, start + 2)
    return one("span", Month(month=month, year=year), tokens, start, after)


def read_written(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """A date written in numbers."""
    day = date_token(tokens[start], dayfirst=dayfirst)
    following = tokens[start + 1]
    if day is None or following.sort == "month":
        return None
    if following.sort == "clock" and tokens[start].text[:4].isdigit() and following.text[:2].isdigit():
        hour, minute, second, half = cast("tuple[int, int, int, str]", following.value)
        if not half:  # "2027-05-20 10:00": ISO with a blank is on the 24-hour clock
            following.value = (hour, minute, second, "wide")
    return one("day", day, tokens, start, start + 1)


def read_relative(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """Today, tomorrow, yesterday; tonight; a week from one of them."""
    token = tokens[start]
    if token.sort == "tonight":
        return [
            made("day", Relative(0), tokens, start, start + 1),
            made("part", "night", tokens, start, start + 1),
        ], start + 1
    if token.sort == "todayspart":
        return [
            made("day", Relative(0), tokens, start, start + 1),
            made("part", token.value, tokens, start, start + 1),
        ], start + 1
    days = cast(int, token.value)
    following = tokens[start + 1]
    if following.sort == "unit" and following.text in ("week", "wk", "fortnight"):
        return one("day", Relative(days + (14 if following.text == "fortnight" else 7)), tokens, start, start + 2)
    day = made("day", Relative(days), tokens, start, start + 1)
    if days == 0 and following.text == "morgen":
        return [day, Token("part", "morning", following.text, following.start, following.end)], start + 2
    return [day], start + 1


def read_holiday(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """A holiday on a fixed date, with a year or without."""
    month, day = cast("tuple[int, int]", tokens[start].value)
    year, after, clash = year_at(tokens, start + 1)
    return unread(tokens, start, start + 2) if clash else one("day", Calendar(month, day, year), tokens, start, after)


def read_named_span(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """The weekend, the rest of a week, the end of a month, its early, middle or late days, the week of a day."""
    token = tokens[start]
    place = start + 1
    if token.sort == "weekend":
        if tokens[place].sort == "of" or (tokens[place].sort == "after" and tokens[place + 1].sort == "next"):
            return unread(tokens, start, place)
        return one("span", Week(0, weekend=True), tokens, start, place)
    if token.sort in ("spanweek", "spanmonth"):
        shift = cast(int, token.value)
        span: Span = Week(shift) if token.sort == "spanweek" else Month(shift=shift)
        return one("span", span, tokens, start, place)
    if token.sort == "weekof":
        inner = skip(tokens, place, "the")
        day = read_day(tokens, inner, dayfirst)
        if day is None or len(day[0]) != 1 or not isinstance(day[0][0].value, Day):
            return unread(tokens, start, place)
        return one("span", WeekOf(day[0][0].value), tokens, start, day[1])
    pointer, inner = 0, skip(tokens, place, "the")
    if tokens[inner].text == "-":
        inner += 1
    if tokens[inner].sort in ("this", "next"):
        pointer = 1 if tokens[inner].sort == "next" else 0
        inner += 1
    return _part_of(tokens, start, inner, pointer)


def _part_of(tokens: list[Token], start: int, inner: int, pointer: int) -> Read | None:
    token, whole = tokens[start], tokens[inner]
    if whole.sort == "month" and not (pointer and token.sort != "edge"):
        year, after, clash = year_at(tokens, inner + 1)
        month = cast(int, whole.value)
        if clash or token.sort in ("edge", "rest"):
            return unread(tokens, start, after)
        if token.sort == "end":
            return one("day", Nth(-1, None, month=month, year=year), tokens, start, after)
        if day_number(tokens[inner + 1]) is not None and tokens[inner + 1].sort != "ordword":
            return unread(tokens, start, inner + 1)
        return one("span", Month(month=month, year=year, third=cast(int, token.value)), tokens, start, after)
    if whole.sort != "unit" or whole.text not in ("week", "wk", "month", "year"):
        timely = whole.sort in ("unit", "weekday", "part", "relday", "day", "next", "weekend", "span", "month")
        return unread(tokens, start, inner) if timely else None
    unit, after = cast(str, whole.value), inner + 1
    if token.sort == "rest":
        spans: dict[str, Span] = {"week": Week(pointer), "month": Month(shift=pointer), "year": Year(pointer)}
        return one("span", Rest(spans[unit]), tokens, start, after)
    if token.sort == "end" and unit == "month":
        return one("day", Nth(-1, None, shift=pointer), tokens, start, after)
    if token.sort == "third" and unit == "month":
        return one("span", Month(shift=pointer, third=cast(int, token.value)), tokens, start, after)
    return unread(tokens, start, after)


def read_day(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """Any one of the rules for a day or span that applies at this place."""
    for rule in DAY_RULES.get(tokens[start].sort, ()):
        found = rule(tokens, start, dayfirst)
        if found is not None:
            return found
    return None


def read_dated_number(tokens: list[Token], start: int, dayfirst: bool) -> Read | None:
    """A bare number that is a day because a month follows."""
    run = read_day_run(tokens, start, dayfirst)
    if run is not None:
        return run
    dated = calendar_at(tokens, start)
    if dated is None:
        return _year_first(tokens, start)
    month, day, year, after = dated
    return one("day", Calendar(month, day, year), tokens, start, after)


def _year_first(tokens: list[Token], start: int) -> Read | None:
    """`2027 May 20`: with a month after it, four digits are a year before they are a clock."""
    token = tokens[start]
    year = cast(int, token.value)
    if token.sort != "num" or len(token.text) != 4 or not 1900 <= year <= 2199:
        return None
    dated = calendar_at(tokens, start + 1)
    if dated is None or dated[2] is not None:
        return None
    month, day, _, after = dated
    if year % 100 < 60 and tokens[start + 1].sort != "month":
        # "1930 20 June" is half past seven; "2015 20 June" may be a quarter past eight, or the year.
        return None if year < 2000 else unread(tokens, start, after)
    return one("day", Calendar(month, day, year), tokens, start, after)


DAY_RULES: Final = {
    "weekday": (read_weekday,),
    "this": (read_pointed,),
    "next": (read_pointed,),
    "last": (read_pointed,),
    "coming": (read_pointed,),
    "fnext": (read_pointed,),
    "fcoming": (read_pointed,),
    "flast": (read_pointed,),
    "ord": (read_ordinal,),
    "ordword": (read_ordinal,),
    "num": (read_dated_number,),
    "numword": (read_dated_number,),
    "month": (read_month,),
    "slash": (read_written,),
    "dotted": (read_written,),
    "date": (read_written,),
    "relday": (read_relative,),
    "tonight": (read_relative,),
    "todayspart": (read_relative,),
    "holiday": (read_holiday,),
    "weekend": (read_named_span,),
    "spanweek": (read_named_span,),
    "spanmonth": (read_named_span,),
    "weekof": (read_named_span,),
    "rest": (read_named_span,),
    "end": (read_named_span,),
    "third": (read_named_span,),
    "edge": (read_named_span,),
}
