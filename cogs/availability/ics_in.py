"""An iCalendar file to from-when-to-when: recurrences laid out, zones read, everything else thrown away. Slow; pure.

What a file says is somebody else's word. Rules that would come by the minute, files of many megabytes and dates from
the beginning of time are left out rather than laid out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from cogs.availability.calendar import joined
from storage.records.availability import Busy, Stretch

if TYPE_CHECKING:
    from icalendar import Calendar, Component

#: Bytes of a file. A working musician's calendar of ten years is under a megabyte.
LARGEST = 4 * 1024 * 1024
#: Events in a file, and stretches kept of it.
MOST_EVENTS = 20_000
MOST_KEPT = 5_000
#: How far ahead a calendar is laid out. In days.
AHEAD = timedelta(days=400)
#: Steps that laying out all rules of a file may take, counted before it is done.
_MOST_STEPS = 400_000
#: Stretches longer than this are cut: the question "what is on that day" looks back no further (`stores.availability`).
_LONGEST = timedelta(days=60)
#: Ends the UID of everything in our own feeds, so that a calendar that shows one is not read back.
OWN = "@firstcall"

#: Steps a day for each frequency; what comes more often than daily nobody keeps in a diary.
_STEPS = {"DAILY": 1.0, "WEEKLY": 1.0, "MONTHLY": 1.0, "YEARLY": 1.0}
_MOST_A_DAY = 24


#: What the libraries raise at a file that does not keep to the standard.
_DAMAGED = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError)


class NotACalendar(ValueError):
    """The content is not iCalendar, or more of it than is read. what: in a sentence, for the owner."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file came to. events: how many were laid out; left_out: how many could not be read or laid out."""

    busy: tuple[Busy, ...]
    events: int
    left_out: int


def read(content: bytes, person_id: int, start: datetime, end: datetime) -> Reading:
    """What the calendar has between two moments. Raises NotACalendar.

    Events that are cancelled, or marked as not taking time, are passed over; so are our own.
    """
    if len(content) > LARGEST:
        raise NotACalendar(f"That is more than {LARGEST // 1024 // 1024} MB; such a calendar is not read.")
    fixed: list[Stretch] = []
    floating: list[Stretch] = []
    events = left_out = 0
    for calendar in _calendars(content):
        left_out += _prune(calendar, end)
        found, refused = _laid_out(calendar, start, end)
        left_out += refused
        for component in found:
            begins, ends = _point(component, "DTSTART"), _point(component, "DTEND")
            if begins is None or ends is None or _takes_no_time(component):
                continue
            events += 1
            stretch, floats = _stretch(begins, ends)
            (floating if floats else fixed).append(stretch)
        fixed += _free_busy(calendar)
    kept = [
        Busy(person_id=person_id, start=a, end=b, floating=floats)
        for stretches, floats in ((fixed, False), (floating, True))
        for a, b in _cut(joined(stretches))
        if a < end + timedelta(days=1) and b > start - timedelta(days=1)
    ]
    kept.sort(key=lambda one: one.start)
    return Reading(tuple(kept[:MOST_KEPT]), events, left_out)


def _calendars(content: bytes) -> list[Calendar]:
    from icalendar import Calendar  # 60 ms, and wanted by few

    text = content.decode("utf-8-sig", "replace")
    if "BEGIN:VCALENDAR" not in text.upper():
        raise NotACalendar("That is not a calendar file: it has no BEGIN:VCALENDAR.")
    if text.upper().count("BEGIN:VEVENT") > MOST_EVENTS:
        raise NotACalendar(f"That has more than {MOST_EVENTS} events; such a calendar is not read.")
    try:
        found = [one for one in Calendar.from_ical(text, multiple=True) if isinstance(one, Calendar)]
    except _DAMAGED as error:
        raise NotACalendar("That calendar file is damaged; I could not read it.") from error
    if not found:
        raise NotACalendar("That is not a calendar file: there is no calendar in it.")
    return found


def _prune(calendar: Calendar, end: datetime) -> int:
    """Take out what must not be laid out; how many events went because they could not be."""
    left, kept, refused = _MOST_STEPS, [], 0
    for component in calendar.subcomponents:
        if component.name != "VEVENT":
            kept.append(component)
            continue
        if str(component.get("UID", "")).endswith(OWN):
            continue
        steps = _steps(component, end)
        if steps is None or steps > left:
            refused += 1
            continue
        left -= steps
        kept.append(component)
    calendar.subcomponents = kept
    return refused


def _steps(event: Component, end: datetime) -> int | None:
    """How many steps it takes to lay the event out until `end`; None when it must not be tried."""
    begins = _point(event, "DTSTART")
    if begins is None:
        return None
    day = begins.date() if isinstance(begins, datetime) else begins
    rules = event.get("RRULE")
    if rules is None:
        return 1
    total = 1
    for rule in rules if isinstance(rules, list) else [rules]:
        if not isinstance(rule, dict):
            return None
        freq = str((rule.get("FREQ") or [""])[0]).upper()
        a_day = 1
        for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
            a_day *= max(1, len(rule.get(part) or ()))
        if freq not in _STEPS or a_day > _MOST_A_DAY:
            return None
        total += int(max(0, (end.date() - day).days) * _STEPS[freq]) * a_day
    return total


def _laid_out(calendar: Calendar, start: datetime, end: datetime) -> tuple[list[Component], int]:
    """Every occurrence between the two moments, and how many series could not be laid out."""
    try:
        return _between(calendar, start, end), 0
    except _DAMAGED:
        pass
    # One damaged property makes the library give up on everything, so each series is tried by itself.
    series: dict[str, list[Component]] = {}
    others = [one for one in calendar.subcomponents if one.name != "VEVENT"]
    for one in calendar.subcomponents:
        if one.name == "VEVENT":
            series.setdefault(str(one.get("UID", id(one))), []).append(one)
    found: list[Component] = []
    refused = 0
    for components in series.values():
        calendar.subcomponents = [*others, *components]
        try:
            found += _between(calendar, start, end)
        except _DAMAGED:
            refused += 1
    return found, refused


def _between(calendar: Calendar, start: datetime, end: datetime) -> list[Component]:
    import recurring_ical_events

    margin = timedelta(days=1)
    return list(recurring_ical_events.of(calendar, skip_bad_series=True).between(start - margin, end + margin))


def _point(event: Component, name: str) -> datetime | date | None:
    try:
        point = getattr(event.get(name), "dt", None)
    except ValueError:  # icalendar keeps what it could not read, and says so when it is looked at
        return None
    return point if isinstance(point, date) else None


def _takes_no_time(event: Component) -> bool:
    """Whether its author said that it does not keep them: by the standard, or as Outlook writes it."""
    said = {name: str(event.get(name, "")).upper() for name in ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")}
    return (
        said["STATUS"] == "CANCELLED"
        or said["TRANSP"] == "TRANSPARENT"
        or said["X-MICROSOFT-CDO-BUSYSTATUS"] in ("FREE", "WORKINGELSEWHERE")
    )


def _stretch(begins: datetime | date, ends: datetime | date) -> tuple[Stretch, bool]:
    """In UTC; floating where the event has whole days, or a clock without a zone."""
    first, first_floats = _moment(begins)
    last, last_floats = _moment(ends)
    return (first, last), first_floats or last_floats


def _moment(point: datetime | date) -> tuple[datetime, bool]:
    if not isinstance(point, datetime):
        return datetime.combine(point, time(0), UTC), True
    if point.tzinfo is None or point.utcoffset() is None:
        return point.replace(tzinfo=UTC), True
    return point.astimezone(UTC), False


def _free_busy(calendar: Calendar) -> Iterator[Stretch]:
    """What a calendar published as free and busy time says is busy (RFC 5545, 3.6.4)."""
    for component in calendar.walk("VFREEBUSY"):
        periods: Any = component.get("FREEBUSY", ())
        for period in periods if isinstance(periods, list) else [periods]:
            kind = str(getattr(period, "params", {}).get("FBTYPE", "BUSY")).upper()
            begins, ends = getattr(period, "start", None), getattr(period, "end", None)
            if kind != "FREE" and isinstance(begins, datetime) and isinstance(ends, datetime):
                yield _moment(begins)[0], _moment(ends)[0]


def _cut(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    for start, end in stretches:
        while end - start > _LONGEST:
            yield start, start + _LONGEST
            start += _LONGEST
        yield start, end
