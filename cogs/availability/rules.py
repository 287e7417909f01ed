"""What holds for what people say about their time: how it reads, when it is asked about again, who is near. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.records.availability import DAY_MINUTES, EVERY_DAY, Entry, Free, wall
from storage.records.times import Span, local_midnight
from storage.reference import towns

#: Things one person may have said that have not passed.
MOST = 200
#: Product rule 6, and how long what has passed is kept for its owner's export.
KEPT_DELETED = timedelta(days=1)
KEPT_PASSED = timedelta(days=90)
#: How far somebody is taken to travel who has not said, in kilometres.
USUAL_RADIUS_KM = 50
#: Longest travel between two calls that can be asked for.
LONGEST_TRAVEL = timedelta(hours=12)
#: Rows of a list; product numbers.
PAGE = 8
#: Days shown at once in a diary, and in another's.
MOST_DAYS = 62

_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PLURALS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
_WEEKDAYS, _WEEKEND = 0b0011111, 0b1100000


def state_text(state: Free | None) -> str:
    """As it stands in a line: "free", "maybe", "no", "not known"."""
    return "not known" if state is None else state.value


def day_text(day: date, *, year: int | None = None) -> str:
    """ "Mon 30 Nov", with the year where it is not `year`."""
    said = f"{_NAMES[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
    return said if day.year == year else f"{said} {day.year}"


def clock_text(minutes: int) -> str:
    """ "14:00"; the end of a day is 24:00, and what lies in the next days is said as their clock."""
    if minutes == DAY_MINUTES:
        return "24:00"
    rest = minutes % DAY_MINUTES
    return f"{rest // 60:02}:{rest % 60:02}"


def hours_text(begins: int, ends: int) -> str:
    """ "14:00-18:00", "from 14:00", "until 18:00"; nothing for whole days."""
    if begins == 0 and ends == DAY_MINUTES:
        return ""
    if ends == DAY_MINUTES:
        return f"from {clock_text(begins)}"
    if begins == 0:
        return f"until {clock_text(ends)}"
    later = (ends - 1) // DAY_MINUTES
    extra = f" {later} day{'s' if later > 1 else ''} later" if later > 0 and ends - begins > DAY_MINUTES else ""
    return f"{clock_text(begins)}-{clock_text(ends)}{extra}"


def pattern_text(entry: Entry) -> str:
    """When it is, in words that read back: "Tuesdays 18:00-24:00, until Wed 30 Jun 2027, except 15 Dec"."""
    hours = hours_text(entry.begins, entry.ends)
    if entry.listed:
        shown = ", ".join(day_text(day) for day in entry.listed[:3])
        more = f" and {len(entry.listed) - 3} more days" if len(entry.listed) > 3 else ""
        return f"{shown}{more} {hours}".strip()
    if entry.last == entry.first:
        said = f"{day_text(entry.first)} {hours}".strip()
    elif not entry.repeats:
        assert entry.last is not None
        year = entry.first.year if entry.first.year == entry.last.year else None
        said = f"{day_text(entry.first, year=year)} - {day_text(entry.last)}"
        said = f"{said}, {hours} each day" if hours else said
    else:
        weeks = "" if entry.every == 1 else "every other week, " if entry.every == 2 else f"every {entry.every} weeks, "
        said = f"{weeks}{_days_text(entry.days)} {hours}".strip()
        if entry.first > entry.made_at.astimezone(ZoneInfo(entry.zone)).date() + timedelta(days=7):
            said += f", from {day_text(entry.first)}"
        if entry.last is not None:
            said += f", until {day_text(entry.last)}"
    if entry.but:
        shown = ", ".join(day_text(day) for day in entry.but[:4])
        said += f", except {shown}" + (f" and {len(entry.but) - 4} more" if len(entry.but) > 4 else "")
    return said


def _days_text(days: int) -> str:
    if days == EVERY_DAY:
        return "every day"
    if days == _WEEKDAYS:
        return "weekdays"
    if days == _WEEKEND:
        return "weekends"
    named = [_PLURALS[n] for n in range(7) if days >> n & 1]
    return ", ".join(named)


def typed_text(entry: Entry) -> str:
    """The pattern as it can be typed again, for a form that is filled already."""
    if entry.listed or entry.every > 2 or entry.ends > 2 * DAY_MINUTES:
        return pattern_text(entry)
    hours = _typed_hours(entry.begins, entry.ends)
    if not entry.repeats:
        last = entry.last or entry.first
        days = _typed_day(entry.first) if last == entry.first else f"{_typed_day(entry.first)} - {_typed_day(last)}"
        said = f"{days} {hours}".strip()
    else:
        weeks = "every other week on " if entry.every == 2 else "every "
        names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
        said = "every day" if entry.days == EVERY_DAY and entry.every == 1 else weeks + ", ".join(
            names[n] for n in range(7) if entry.days >> n & 1
        )  # fmt: skip
        said = f"{said} {hours}".strip()
        if entry.last is not None:
            said += f" until {_typed_day(entry.last)}"
    if entry.but:
        said += " except " + ", ".join(_typed_day(day) for day in entry.but)
    return said


def _typed_hours(begins: int, ends: int) -> str:
    if begins == 0 and ends == DAY_MINUTES:
        return ""
    if ends == DAY_MINUTES:
        return f"not before {_typed_clock(begins)}"
    if begins == 0:
        return f"not after {_typed_clock(ends)}"
    return f"{_typed_clock(begins)}-{_typed_clock(ends)}"


def _typed_clock(minutes: int) -> str:
    # 10 and 11 are the hours whose two digits do not say by themselves that the clock has 24 of them.
    hour, rest = divmod(minutes % DAY_MINUTES, 60)
    return f"{hour:02}:{rest:02}{'am' if hour in (10, 11) else ''}"


def _typed_day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def next_stretch(entry: Entry, now: datetime) -> tuple[datetime, datetime] | None:
    """The stretch that is going on or comes next; None when all have passed, or none comes within two years."""
    place = ZoneInfo(entry.zone)
    day = max(entry.first, now.astimezone(place).date() - timedelta(days=entry.ends // DAY_MINUTES + 1))
    for _ in range(2 * 366):
        if entry.last is not None and day > entry.last:
            return None
        if entry.begins_on(day):
            begins, ends = wall(day, entry.begins, place), wall(day, entry.ends, place)
            if ends > now:
                return begins, ends
        day += timedelta(days=1)
    return None


def has_passed(entry: Entry, now: datetime) -> bool:
    """Whether nothing of it is still to come."""
    if entry.last is None:
        return False
    return wall(entry.last, entry.ends, ZoneInfo(entry.zone)) <= now


def asking_time(said_at: datetime, zone: str) -> datetime:
    """When something said then is asked about: in the late morning of the day on which it goes stale."""
    stale = said_at + timedelta(days=60)
    return datetime.combine(stale.astimezone(ZoneInfo(zone)).date(), time(11), ZoneInfo(zone)).astimezone(UTC)


def to_ask_about(entries: Sequence[Entry], now: datetime) -> list[Entry]:
    """What has gone stale, speaks of a time to come, and was not asked about yet."""
    day = timedelta(days=1)
    return [
        entry
        for entry in entries
        if entry.stale_at() <= now + day and entry.asked_at is None and not has_passed(entry, now)
    ]


def day_span(day: date, zone: str) -> Span:
    """One whole day of a zone."""
    return Span(local_midnight(day, zone), local_midnight(day + timedelta(days=1), zone), zone, whole_days=True)


def is_near(home: str | None, radius_km: int | None, wanted: str) -> bool:
    """Whether somebody who lives there comes that far.

    Where both towns are known on the map it is the distance that counts, theirs or the usual one. Otherwise the names
    decide: the same, or one within the other ("Leeds", "Leeds, West Yorkshire"). Who has not said where is not near.
    """
    if not home:
        return False
    apart = towns.distance_km(home, wanted)
    if apart is not None:
        return apart <= (radius_km if radius_km is not None else USUAL_RADIUS_KM)
    one, other = _words(home), _words(wanted)
    return bool(one) and bool(other) and (one <= other or other <= one)


def _words(text: str) -> set[str]:
    return set("".join(c if c.isalnum() else " " for c in text.casefold()).split())
