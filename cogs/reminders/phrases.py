"""What a repeat is called: short for a card ("every Tue 09:00"), and so that the reader of times takes it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cogs.reminders.repeats import last_day, next_after, rule_parts
from storage.records.reminder import MORNING, Timing

_DAYS = {"MO": "Mon", "TU": "Tue", "WE": "Wed", "TH": "Thu", "FR": "Fri", "SA": "Sat", "SU": "Sun"}
_NTH = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_UNITS = {
    "SECONDLY": "second", "MINUTELY": "minute", "HOURLY": "hour", "DAILY": "day", "WEEKLY": "week",
    "MONTHLY": "month", "YEARLY": "year",
}  # fmt: skip


def repeat_text(timing: Timing) -> str:
    """For a card: "every Tue 09:00", "every other Fri 18:00 until 20 Dec 2026"; empty when it does not repeat."""
    if timing.rrule is None:
        return ""
    parts = rule_parts(timing.rrule)
    said = _days_text(parts)
    if parts["FREQ"] not in ("HOURLY", "MINUTELY", "SECONDLY"):
        said += f" {timing.clock or MORNING:%H:%M}"
    last = last_day(timing)
    if last is not None:
        said += f" until {_date_text(last)}"
    if "COUNT" in parts:
        said += f", {parts['COUNT']} times in all"
    return said


def typed_text(timing: Timing, now: datetime) -> str | None:
    """Words that a person could have typed for this repeat, to be changed in a form; None when there are none.

    The count of a rule cannot be said again in the middle of it, and elapsed hours are not read from a time phrase.
    """
    if timing.rrule is None:
        return None
    parts = rule_parts(timing.rrule)
    if parts["FREQ"] not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY") or "COUNT" in parts or "BYSETPOS" in parts:
        return None
    said = _days_text(parts)
    if timing.clock is not None:
        said += f" at {clock_text(timing.clock)}"
    last = last_day(timing)
    if last is not None:
        said += f" until {_date_text(last)}"
    upcoming = next_after(timing, now)
    today = now.astimezone(ZoneInfo(timing.zone)).date()
    from_today = next_after(replace(timing, day=today), now)
    if upcoming is not None and (parts.get("INTERVAL", "1") != "1" or from_today != upcoming):
        said += f" starting {_date_text(upcoming.astimezone(ZoneInfo(timing.zone)).date())}"
    return said


def clock_text(clock: time) -> str:
    """A clock that is read back as itself: "09:00", "10:30am"."""
    # 10 and 11 are the hours whose two digits do not say by themselves that the clock has 24 of them.
    return f"{clock:%H:%M}{'am' if clock.hour in (10, 11) else ''}"


def lead_text(lead: timedelta) -> str:
    """ "2 h", "1 day", "1 day 2 h"."""
    days, rest = divmod(lead, timedelta(days=1))
    hours, minutes = divmod(rest // timedelta(minutes=1), 60)
    said = ((days, "day" if days == 1 else "days"), (hours, "h"), (minutes, "min"))
    return " ".join(f"{count} {unit}" for count, unit in said if count)


def _days_text(parts: dict[str, str]) -> str:
    every, step = parts["FREQ"], int(parts.get("INTERVAL", "1"))
    days = parts.get("BYDAY", "").split(",") if "BYDAY" in parts else []
    if every == "WEEKLY" and days:
        return _weekly(days, step)
    if every == "MONTHLY" and ("BYDAY" in parts or "BYMONTHDAY" in parts):
        named = _day_of_month(parts)
        return f"{named} of every month" if step == 1 else f"every {step} months on the {named}"
    if every == "YEARLY" and "BYMONTH" in parts and ("BYDAY" in parts or "BYMONTHDAY" in parts):
        month = " and ".join(_MONTHS[int(number) - 1] for number in parts["BYMONTH"].split(","))
        if "BYDAY" in parts:
            return f"every {_count(step, 'year')} on the {_day_of_month(parts)} of {month}"
        return f"every {_count(step, 'year')} on {parts['BYMONTHDAY'].split(',')[-1]} {month}"
    return f"every {_count(step, _UNITS[every])}"


def _weekly(days: list[str], step: int) -> str:
    if days == ["MO", "TU", "WE", "TH", "FR"] and step == 1:
        return "every weekday"
    named = [_DAYS[day] for day in days]
    listed = " and ".join((", ".join(named[:-1]), named[-1])) if len(named) > 1 else named[0]
    if step == 1:
        return f"every {listed}"
    return f"every other {listed}" if step == 2 and len(days) == 1 else f"every {step} weeks on {listed}"


def _day_of_month(parts: dict[str, str]) -> str:
    if "BYDAY" in parts:
        day = parts["BYDAY"].split(",")[0]
        return f"{_NTH.get(day[:-2], day[:-2])} {_DAYS[day[-2:]]}"
    day = parts["BYMONTHDAY"].split(",")[-1]
    return "last day" if day == "-1" else _ordinal(int(day))


def _ordinal(number: int) -> str:
    ending = "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _count(step: int, unit: str) -> str:
    return unit if step == 1 else f"{step} {unit}s"


def _date_text(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
