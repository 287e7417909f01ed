"""How moments, days, sums and distances are said in words. The surfaces' renderers share it; pure.

English for now; the reader's locale decides how money is written and whether the day or the month comes first.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from cogs.kit.words import Code, Day, Line, Moment, Pay, Plain, Shown, Span, Strong, Web, Who
from storage.records.money import Money


def moment_text(moment: Moment, now: datetime) -> str:
    """ "Sat 28 Nov 2026, 19:30 Europe/London, in 5 days"; shorter as `moment.shown` says."""
    local = moment.at.astimezone(ZoneInfo(moment.zone))
    match moment.shown:
        case Shown.CLOCK:
            return f"{local:%H:%M}"
        case Shown.DISTANCE:
            return distance(moment.at, now, moment.zone)
        case Shown.SHORT:
            year = "" if abs((moment.at - now).days) < 300 else f" {local.year}"
            return f"{local:%a} {local.day} {local:%b}{year}, {local:%H:%M}"
    return (
        f"{local:%a} {local.day} {local:%b} {local.year}, {local:%H:%M} {moment.zone}, "
        f"{distance(moment.at, now, moment.zone)}"
    )


def day_text(day: Day) -> str:
    """ "Sat 28 Nov 2026", without the year when shown short."""
    said = f"{day.day:%a} {day.day.day} {day.day:%b}"
    return said if day.shown is Shown.SHORT else f"{said} {day.day.year}"


def distance(at: datetime, now: datetime, zone: str) -> str:
    """How far off, as people say it: "in 20 min", "in 3 h", "tomorrow", "in 5 days", "2 days ago".

    Under twelve hours by elapsed time, beyond that by calendar days in `zone`.
    """
    gap = at - now
    seconds = abs(gap.total_seconds())
    ahead = gap >= timedelta(0)
    if seconds < 45:
        return "now"
    days = (_day(at, zone) - _day(now, zone)).days
    if seconds < 12 * 3600 or days == 0:
        minutes = round(seconds / 60)
        said = f"{minutes} min" if minutes < 60 else _hours(minutes)
        return f"in {said}" if ahead else f"{said} ago"
    if days in (1, -1):
        return "tomorrow" if days == 1 else "yesterday"
    count = abs(days)
    said = (
        f"{count} days" if count < 61 else f"{round(count / 30.44)} months" if count < 700 else f"{count // 365} years"
    )
    return f"in {said}" if ahead else f"{said} ago"


def money_text(money: Money, locale: str) -> str:
    """ "£220", "€1.200,50" as the reader's locale writes it; whole sums without decimals."""
    return _money(money.minor, money.currency, locale)


def span_text(span: Span, now: datetime, locale: str) -> str:
    """A span as bare words, unescaped: what the console and logs of stories show; other surfaces draw their own."""
    match span:
        case Plain(text) | Strong(text) | Code(text):
            return text
        case Web(text, url):
            return f"{text} ({url})"
        case Moment():
            return moment_text(span, now)
        case Day():
            return day_text(span)
        case Pay(money):
            return money_text(money, locale)
        case Who(_, name):
            return name


def line_text(line: Line, now: datetime, locale: str) -> str:
    """A line as bare words, unescaped."""
    return "".join(span_text(span, now, locale) for span in line)


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02} min" if rest and hours < 6 else f"{hours} h"


def _day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


@lru_cache(maxsize=1024)
def _money(minor: int, currency: str, locale: str) -> str:
    from babel import Locale, UnknownLocaleError  # 40 ms, and only needed once a sum is shown
    from babel.numbers import format_currency

    money = Money(minor, currency)
    try:
        known = Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        known = Locale("en", "GB")
    whole = money.amount == money.amount.to_integral_value()
    style = None if whole is False else known.currency_formats["standard"].pattern.replace(".00", "")
    return str(format_currency(money.amount, currency, locale=known, format=style, currency_digits=not whole))


#: The moment that stands for "no particular now" where a drawing needs none.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
