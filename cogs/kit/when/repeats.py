"""Turn what repeats into a first occurrence and a rule in RFC 5545's words, in the policy's normal form."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from cogs.kit.when.clocks import PARTS, settle, settle_range
from cogs.kit.when.days import Calendar, Day, MonthDay, Nth, Relative, Shifted, Weekday
from cogs.kit.when.phrase import Phrase
from cogs.kit.when.read_repeats import Repeat
from cogs.kit.when.scene import Impossible, Scene, Unsure, month_length
from cogs.kit.when.spans import Run
from cogs.kit.when.value import Kind, When

_CODES: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ONE: Final = timedelta(days=1)
#: How many days ahead a first occurrence is looked for: past the longest wait, a 29 February over a century.
_HORIZON: Final = 366 * 9
_END_OF_DAY: Final = time(23, 59, 59)
_DAY: Final = 24 * 3600


def until_stamp(last: date, zone: tzinfo, *, timed: bool) -> str:
    """The last day as UNTIL: a date, or the last second of that local day in UTC."""
    if not timed:
        return last.strftime("%Y%m%d")
    return datetime.combine(last, _END_OF_DAY, zone).astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def daily_over(scene: Scene, first: date, last: date, begins: int, ends: int | None) -> When:
    """The same clocks every day from the first day to the last; the first occurrence is ahead of now."""
    while first <= last and scene.passed(first, begins):
        first += _ONE
    if first > last:
        raise Unsure
    end = None if ends is None else scene.at(first, ends)
    rrule = f"FREQ=DAILY;UNTIL={until_stamp(last, scene.zone, timed=True)}"
    start = scene.at(first, begins)
    return When(kind=Kind.RECURRENCE, start=start, end=end, rrule=rrule, wall=_skipped(start, begins))


def repeating(scene: Scene, said: Phrase) -> When:
    """A repeat with its clock, its bounds and its count; raises Unsure where two readings remain."""
    scene.patient = True
    repeat = _merged(said)
    if said.elapsed or said.moments or said.stretch or said.length or said.shift or said.sametime or said.hanging:
        raise Unsure
    begins, ends = _clocks(scene, said, repeat)
    earliest, latest = _bounds(scene, said, repeat)
    _complete(repeat, earliest if earliest is not None else scene.today)
    start = _first(scene, repeat, begins, earliest, latest)
    count = _count(said, repeat)
    if count is not None and latest is not None:
        raise Unsure
    first = start if begins is None else scene.at(start, begins)
    last = None if ends is None else scene.at(start, ends)
    rrule = _rule(scene, repeat, count, latest, timed=begins is not None)
    return When(kind=Kind.RECURRENCE, start=first, end=last, rrule=rrule, wall=_skipped(first, begins))


def _skipped(start: date, begins: int | None) -> int | None:
    """The clock that was said, where the day it begins on does not show it."""
    if begins is None or not isinstance(start, datetime):
        return None
    shown = start.hour * 3600 + start.minute * 60 + start.second
    return begins if begins < _DAY and shown != begins else None


def _merged(said: Phrase) -> Repeat:
    """One repeat out of all that was said: Tuesdays, nights; every week, Friday."""
    repeats = [
        repeat for repeat in said.repeats if repeat.part is None or repeat.freq != "DAILY" or repeat.interval != 1
    ]
    parts = [repeat for repeat in said.repeats if repeat not in repeats]
    if len(repeats) > 1:
        repeats = _joined(repeats)
    if repeats:
        repeat = repeats[0]
        for other in parts:
            repeat.part = other.part
    else:
        repeat = parts[0]
        if any(other.part != repeat.part for other in parts):
            raise Unsure
    _absorb(repeat, said)
    return repeat


def _joined(repeats: list[Repeat]) -> list[Repeat]:
    """`Fridays weekly`, `every week on weekdays`: a bare frequency and the days that go with it."""
    bare = [
        repeat
        for repeat in repeats
        if not repeat.weekdays and not repeat.nths and not repeat.monthdays and repeat.date is None
    ]
    detailed = [repeat for repeat in repeats if repeat not in bare]
    if len(bare) == 1 and len(detailed) == 1 and detailed[0].interval == 1 and bare[0].freq == detailed[0].freq:
        detailed[0].interval = bare[0].interval
        return detailed
    raise Unsure


def _absorb(repeat: Repeat, said: Phrase) -> None:
    """Take a day said apart from the repeat into it: `friday every week`, `the 15th, monthly`."""
    taken: list[Day] = []
    bare = not repeat.weekdays
    for day in said.days:
        if repeat.freq == "WEEKLY" and isinstance(day, Weekday) and day.how == "bare" and not said.leads:
            if bare or day.number in repeat.weekdays:
                repeat.weekdays |= {day.number}
                taken.append(day)
        elif repeat.freq == "MONTHLY" and not repeat.nths and not repeat.monthdays and not said.leads:
            if isinstance(day, MonthDay) and day.weekday is None and day.shift is None:
                repeat.monthdays = (day.day,)
                taken.append(day)
            elif isinstance(day, Nth) and day.month is None and day.shift is None:
                repeat.nths = ((day.number, day.weekday),) if day.weekday is not None else ()
                repeat.monthdays = () if day.weekday is not None else (day.number,)
                taken.append(day)
        elif (
            repeat.freq == "YEARLY"
            and repeat.date is None
            and isinstance(day, Calendar)
            and day.year is None
            and not said.leads
        ):
            repeat.date = (day.month, day.day)
            taken.append(day)
    said.days = [day for day in said.days if day not in taken]


def _clocks(scene: Scene, said: Phrase, repeat: Repeat) -> tuple[int | None, int | None]:
    part = repeat.part
    for named in said.parts:
        if part is not None and {part, named} - {"evening", "night"} and part != named:
            raise Unsure
        part = named
    if not said.said:
        if said.during and said.during[0].elapsed:
            raise Unsure
        return PARTS[part] if part is not None else (None, None)
    one = said.said[0]
    if len(said.said) == 2 and said.said[1].ender and one.until is None and said.said[1].until is None:
        seconds = settle(scene, [one.clock, said.said[1].clock], part, [one.evening, False], today=False, dated=True)
        return seconds[0], seconds[1]
    if len(said.said) > 1:
        raise Unsure
    if any(target in ("clock", "range") and lead != "by" for lead, target in said.leads):
        raise Unsure
    if one.until is not None:
        return settle_range(scene, one.clock, one.until, part, evening=one.evening, dated=True)
    begins = settle(scene, [one.clock], part, [one.evening], today=False, dated=True)[0]
    lasting = [length for length in said.during if length.elapsed]
    if lasting:
        if len(lasting) > 1 or lasting[0].seconds <= 0:
            raise Unsure
        said.during.remove(lasting[0])
        return begins, begins + lasting[0].seconds
    return begins, None


def _bounds(scene: Scene, said: Phrase, repeat: Repeat) -> tuple[date | None, date | None]:
    """First and last day a repeat may fall on."""
    earliest: date | None = None
    latest: date | None = None
    leads = [lead for lead, target in said.leads if target in ("day", "span")]
    if len(said.days) + len(said.spans) > max(1, len(leads)):
        raise Unsure
    if not leads:
        if said.days:
            raise Unsure
        if said.spans:
            first, latest = said.spans[0].over(scene)
            earliest = max(first, scene.today)
            if latest < earliest:
                raise Unsure
        return earliest, latest
    # Lead words and their days come in the same order, as every day here follows its lead.
    days, spans = list(said.days), list(said.spans)
    for lead, target in said.leads:
        if target not in ("day", "span"):
            continue
        if not (days if target == "day" else spans):
            raise Unsure
        between = None if target == "day" else spans.pop(0)
        first, last = between.over(scene) if between is not None else _when_bound(scene, days.pop(0))
        if lead in ("from", "starting", "notbefore"):
            earliest = max(first, scene.today)
            if isinstance(between, Run):  # "starting 1 Dec until 22 Dec" says both ends in one piece
                latest = last
        elif lead == "after":
            earliest = max(last + _ONE, scene.today)
        elif lead in ("until", "by"):
            latest = last
        elif lead == "before":
            latest = first - _ONE
        else:
            raise Unsure
    if days or spans:
        raise Unsure
    if earliest is not None and latest is not None and latest < earliest:
        raise Unsure
    return earliest, latest


def _when_bound(scene: Scene, day: Day) -> tuple[date, date]:
    if not isinstance(day, Weekday | Calendar | MonthDay | Nth | Relative | Shifted):
        raise Unsure
    found = day.on(scene, None)
    return found, found


def _complete(repeat: Repeat, today: date) -> None:
    """Name the days a bare frequency means: today's."""
    if repeat.freq == "WEEKLY" and not repeat.weekdays:
        repeat.weekdays = frozenset({today.weekday()})
    elif repeat.freq == "MONTHLY" and not repeat.monthdays and not repeat.nths:
        repeat.monthdays = (today.day,)
    elif repeat.freq == "YEARLY" and repeat.date is None:
        repeat.date = (today.month, today.day)


def _first(scene: Scene, repeat: Repeat, begins: int | None, earliest: date | None, latest: date | None) -> date:
    if repeat.date is not None and not 1 <= repeat.date[1] <= month_length(2000, repeat.date[0]):
        raise Impossible
    day = earliest if earliest is not None else scene.today
    for _ in range(_HORIZON):
        if latest is not None and day > latest:
            raise Unsure
        if _falls(repeat, day) and (begins is None or not scene.passed(day, begins)):
            return day
        day += _ONE
    raise Impossible


def _falls(repeat: Repeat, day: date) -> bool:
    if repeat.freq == "DAILY":
        return True
    if repeat.freq == "WEEKLY":
        return day.weekday() in repeat.weekdays
    if repeat.freq == "YEARLY":
        return (day.month, day.day) == repeat.date
    if repeat.nths:
        month = day.replace(day=1)
        return any(Nth(number, weekday).of(month) == day for number, weekday in repeat.nths)
    last = month_length(day.year, day.month)
    return any(day.day == (last if number == -1 else number) for number in repeat.monthdays)


def _count(said: Phrase, repeat: Repeat) -> int | None:
    """COUNT: so many times, or as many as fall in so many weeks, days or months."""
    if said.count:
        if len(said.count) > 1 or said.during or said.count[0] < 1:
            raise Unsure
        return said.count[0]
    if not said.during:
        return None
    length = said.during[0]
    if len(said.during) > 1 or length.elapsed:
        raise Unsure
    if repeat.freq == "WEEKLY" and length.days and length.weekly and length.days // 7 % repeat.interval == 0:
        return length.days // 7 // repeat.interval * len(repeat.weekdays)
    if repeat.freq == "DAILY" and length.days and length.days % repeat.interval == 0:
        return length.days // repeat.interval
    if repeat.freq == "MONTHLY" and length.months and length.months % repeat.interval == 0:
        return length.months // repeat.interval * max(1, len(repeat.nths) + len(repeat.monthdays))
    if repeat.freq == "YEARLY" and length.months and length.months % (12 * repeat.interval) == 0:
        return length.months // 12 // repeat.interval
    raise Unsure


def _rule(scene: Scene, repeat: Repeat, count: int | None, latest: date | None, *, timed: bool) -> str:
    rule = [f"FREQ={repeat.freq}"]
    if repeat.interval != 1:
        rule.append(f"INTERVAL={repeat.interval}")
    if count is not None:
        rule.append(f"COUNT={count}")
    elif latest is not None:
        rule.append(f"UNTIL={until_stamp(latest, scene.zone, timed=timed)}")
    if repeat.date is not None:
        rule.append(f"BYMONTH={repeat.date[0]}")
        rule.append(f"BYMONTHDAY={repeat.date[1]}")
    if repeat.monthdays:
        rule.append("BYMONTHDAY=" + ",".join(str(number) for number in repeat.monthdays))
    if repeat.nths:
        rule.append("BYDAY=" + ",".join(f"{number}{_CODES[day]}" for number, day in repeat.nths))
    elif repeat.weekdays:
        rule.append("BYDAY=" + ",".join(_CODES[day] for day in sorted(repeat.weekdays)))
    return ";".join(rule)
