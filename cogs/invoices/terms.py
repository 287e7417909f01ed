"""Payment terms in words to a due date: "net 30", "30 days EOM", "2 weeks after the gig", "on receipt", "31 Jan"."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta

from cogs.kit.call import Call
from cogs.kit.faults import Misread
from cogs.kit.moments import read_day
from cogs.kit.when import Kind, hang, parse

#: Terms when nobody said any. The default of UK and EU law for businesses that agreed on none, too:
#: storage/reference/late_payment.csv, gb-default-30 and eu-default-30.
USUAL = "30 days"
#: Nobody agrees to longer.
LONGEST = 400

_EXAMPLE = "net 30, EOM, 2 weeks after the gig, 31 Jan"
_DAYS = re.compile(r"(?:net|n|in|within|due in)?\s*/?\s*(\d{1,3})\s*(?:d|days?|tage|jours|d[ií]as)?(?:\s*net)?")
_WEEKS = re.compile(r"(?:net|in|within)?\s*(\d{1,2}|a|one|two)\s*(?:w|weeks?)")
_EOM = re.compile(
    r"(?:net\s*)?(?:(\d{1,3})\s*(?:d|days?)?\s*)?(?:eom|end of (?:the )?month|month end)"
    r"(?:\s*\+?\s*(\d{1,3})\s*(?:d|days?)?)?"
)
_AT_ONCE = frozenset(
    {"on receipt", "upon receipt", "receipt", "now", "today", "immediately", "at once", "on the day", "cod", "0", "due"}
)
_AFTER = re.compile(
    r"(?:(?P<count>\d{1,3}|an?|one|two|three)\s*(?P<unit>d|days?|w|weeks?|months?)|(?P<day>the day))\s+"
    r"(?:after|from|following)\s+(?:the\s+)?(?:gig|show|concert|session|work|wedding|job|event|g\d+)"
)
_ON_THE_GIG = re.compile(r"(?:on\s+)?(?:the\s+)?(?:night|gig|day of the gig|gig day|show)")
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3}


def due_on(text: str, issued: date, call: Call, *, worked_on: date | None = None, field: str = "due") -> date:
    """The day that terms come to, counted from the date on the invoice or from the day of the work.

    worked_on: the day of the gig; None: not known, and then phrases that hang on it are asked about. Raises Misread.
    """
    said = " ".join(text.casefold().replace("due ", " ").replace("payment ", " ").split()).strip(" .")
    if said in _AT_ONCE:
        return issued
    day = _of_gig(said, worked_on, field) or _counted(said, issued)
    if day is None:
        day = _read(text, call, worked_on, field)
    if day < issued and worked_on is None:
        raise Misread(f"“{text[:40]}” lies before the date on the invoice.", example=_EXAMPLE, field=field)
    if day > issued + timedelta(days=LONGEST):
        raise Misread(f"“{text[:40]}” is more than a year off.", example=_EXAMPLE, field=field)
    return max(day, issued)


def _counted(said: str, issued: date) -> date | None:
    if match := _EOM.fullmatch(said):
        counted = issued + timedelta(days=int(match[1] or 0))
        return month_end(counted) + timedelta(days=int(match[2] or 0))
    if match := _DAYS.fullmatch(said):
        return issued + timedelta(days=int(match[1]))
    if match := _WEEKS.fullmatch(said):
        return issued + timedelta(weeks=_COUNTS.get(match[1]) or int(match[1]))
    return None


def _of_gig(said: str, worked_on: date | None, field: str) -> date | None:
    after, on_it = _AFTER.fullmatch(said), _ON_THE_GIG.fullmatch(said)
    if after is None and on_it is None:
        return None
    if worked_on is None:
        raise Misread(
            "I do not know the day of the gig here.", example="net 30, or make the invoice from the gig", field=field
        )
    if after is None:
        return worked_on
    if after["day"]:
        return worked_on + timedelta(days=1)
    count = _COUNTS.get(after["count"]) or int(after["count"])
    if after["unit"].startswith("m"):
        return months_later(worked_on, count)
    return worked_on + timedelta(days=count * (7 if after["unit"].startswith("w") else 1))


def _read(text: str, call: Call, worked_on: date | None, field: str) -> date:
    """Any other phrase, by the one reader of times."""
    when = parse(text, now=call.now, tz=call.zone_or_utc, dayfirst=call.dayfirst, clock=call.clock)
    if when.hook is not None and worked_on is not None:
        when = hang(when, datetime.combine(worked_on, time(12), UTC), "UTC")
        if when.kind is Kind.INSTANT and isinstance(when.start, datetime):
            return when.start.date()
    try:
        return read_day(text, call)
    except Misread as fault:
        fault.field, fault.example = field, _EXAMPLE
        raise


def month_end(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def months_later(day: date, months: int) -> date:
    """So many calendar months on, kept inside a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
