"""Turn a sorted phrase into a value: which day, which hour, which kind of answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo
from typing import Final, cast

from cogs.kit.when.clocks import PARTS, Clock, settle, settle_range
from cogs.kit.when.days import Weekday
from cogs.kit.when.phrase import Phrase, Said
from cogs.kit.when.repeats import daily_over, repeating
from cogs.kit.when.scene import DAY, Impossible, Scene, Unsure, weeks_monday
from cogs.kit.when.spans import Run, Week
from cogs.kit.when.value import Kind, When
from cogs.kit.when.zones import SHARED, by_name, goes_by, named

_OPEN_START: Final = frozenset({"until", "before"})
_OPEN_END: Final = frozenset({"after", "from", "notbefore", "starting"})
_DAY: Final = timedelta(days=1)


def settled(scene: Scene, said: Phrase) -> When:
    """The answer; raises Ask at a fork, Unsure where the phrase is not understood, Impossible where it cannot be."""
    if said.loose:
        raise Unsure(" ".join(said.loose))
    if said.twofold:
        raise Unsure
    if said.feast or (said.vague and not said.said):
        raise Unsure
    if said.zones:
        _take_zone(scene, said)
    if said.repeats:
        return repeating(scene, said)
    if said.count or len(said.moments) > 2:
        raise Unsure
    if said.moments or said.elapsed:
        return _from_moment(scene, said)
    if said.sametime:
        return _same_time(scene, said)
    if said.stretch:
        return _stretch(scene, said)
    if said.length:
        raise Unsure
    if said.said:
        return _clocked(scene, said)
    return _whole_days(scene, said)


def _take_zone(scene: Scene, said: Phrase) -> None:
    if len(set(said.zones)) > 1:
        raise Unsure(" ".join(said.zones))
    name = said.zones[0]
    if name in SHARED:
        if goes_by(name, scene.home, scene.now):
            return
        zone: tzinfo | None = by_name(scene.choose("zone", *SHARED[name]))
    else:
        zone = named(name) or by_name(name)
    if zone is None:
        raise Unsure(name)
    scene.zone = zone


def _from_moment(scene: Scene, said: Phrase) -> When:
    """Moments given whole (a platform's time, ISO with an offset) or by elapsed time."""
    if said.said or said.spans or said.parts or said.stretch or said.days:
        raise Unsure
    found = [scene.seen(cast(datetime, moment)) for moment in said.moments]
    found += [scene.seen(scene.now + timedelta(seconds=seconds)) for seconds in said.elapsed]
    leads = {lead for lead, _ in said.leads}
    if "between" in leads and len(found) == 2:
        if found[1] <= found[0]:
            raise Impossible
        return When(kind=Kind.RANGE, start=found[0], end=found[1])
    if len(found) > 1:
        return When(kind=Kind.INSTANT, start=found[0], parts=tuple(found))
    return _opened(scene, said, found[0], None)


def _same_time(scene: Scene, said: Phrase) -> When:
    day = _the_day(scene, said, None)
    if day is None and len(said.spans) == 1 and isinstance(said.spans[0], Week) and not said.spans[0].weekend:
        day = scene.today + timedelta(days=7 * said.spans[0].shift)
    elif day is None or said.spans or said.said or said.parts:
        raise Unsure
    wall = scene.now.astimezone(scene.home)
    seconds = wall.hour * 3600 + wall.minute * 60 + wall.second
    return When(kind=Kind.INSTANT, start=scene.at(day, seconds))


def _stretch(scene: Scene, said: Phrase) -> When:
    if len(said.stretch) > 1 or said.days or said.spans or said.said or said.parts or said.during:
        raise Unsure
    first_day, first_clock, last_day, last_clock = said.stretch[0]
    begins = settle(scene, [first_clock], None, [False], today=False, dated=True)[0]
    ends = settle(scene, [last_clock], None, [False], today=False, dated=True)[0]
    day = first_day.on(scene, begins)
    last = last_day.after(scene, day)
    start, end = scene.at(day, begins), scene.at(last, ends)
    if end <= start:
        raise Impossible
    return When(kind=Kind.RANGE, start=start, end=end)


def the_part(said: Phrase) -> str | None:
    """The part of the day a phrase names, one only; raises Unsure for two that differ."""
    if not said.parts:
        return None
    alike = {"night": "evening"}
    if len({alike.get(part, part) for part in said.parts}) > 1:
        raise Unsure(" ".join(said.parts))
    return said.parts[-1]


def _the_day(scene: Scene, said: Phrase, clock: int | None) -> date | None:
    """The one day a phrase names, in several ways perhaps, as long as they agree."""
    days = said.days
    if not days:
        return None
    if len(days) == 1:
        return days[0].on(scene, clock)
    exact = [day for day in days if not (isinstance(day, Weekday) and day.how == "bare")]
    loose = [day for day in days if isinstance(day, Weekday) and day.how == "bare"]
    if not exact:
        if len({day.number for day in loose}) > 1:
            raise Unsure
        return loose[0].on(scene, clock)
    found = {day.on(scene, clock) for day in exact}
    if len(found) > 1 or any(next(iter(found)).weekday() != day.number for day in loose):
        raise Unsure
    return found.pop()


def the_span(scene: Scene, said: Phrase, clock: int | None) -> tuple[date, date]:
    """The days in a row a phrase names; a run of weekdays beside a week is taken inside that week."""
    spans = said.spans
    if len(spans) == 1:
        return spans[0].over(scene, clock)
    if len(spans) == 2:
        for run, other in ((spans[0], spans[1]), (spans[1], spans[0])):
            if not isinstance(run, Run):
                continue
            if isinstance(other, Week) and other.weekend and other.shift == 0:
                first, last = run.over(scene)
                if (first.weekday(), last.weekday()) == (5, 6):
                    return first, last
            if isinstance(other, Week) and not other.weekend:
                inside = run.within(weeks_monday(other.over(scene)[0]))
                if inside is not None:
                    return inside
            if isinstance(run.first, Weekday) and isinstance(run.last, Weekday):
                first, last = other.over(scene)
                if (first.weekday(), last.weekday()) == (run.first.number, run.last.number):
                    return first, last
    raise Unsure


def _clocked(scene: Scene, said: Phrase) -> When:
    if said.spans:
        if said.days:
            raise Unsure
        return _on_several_days(scene, said)
    part = the_part(said)
    dated = bool(said.days)
    if len(said.said) == 1 and said.said[0].until is not None:
        return _one_range(scene, said, said.said[0], part, dated=dated)
    return _list_of_clocks(scene, said, part, dated=dated)


def range_of(scene: Scene, said: Said, part: str | None, *, dated: bool) -> tuple[int, int]:
    """A range of clocks settled, in seconds after the midnight that begins its day."""
    assert said.until is not None
    return settle_range(scene, said.clock, said.until, part, evening=said.evening, dated=dated)


def _one_range(scene: Scene, said: Phrase, one: Said, part: str | None, *, dated: bool) -> When:
    if (
        any(target in ("range", "clock") and lead in _OPEN_START for lead, target in said.leads)
        or said.shift
        or said.during
    ):
        raise Unsure
    begins, ends = range_of(scene, one, part, dated=dated)
    day = _the_day(scene, said, begins)
    if day is None:
        day = scene.coming(begins)
    if any(target == "day" for lead, target in said.leads if lead != "by"):
        raise Unsure
    return When(kind=Kind.RANGE, start=scene.at(day, begins), end=scene.at(day, ends))


def _list_of_clocks(scene: Scene, said: Phrase, part: str | None, *, dated: bool) -> When:
    clocks: list[Clock] = []
    evenings: list[bool] = []
    ender = len(said.said) > 1 and said.said[-1].ender
    for one in said.said:
        clocks.append(one.clock)
        evenings.append(one.evening)
    last_until = said.said[-1].until
    if last_until is not None:
        clocks.append(last_until)
        evenings.append(False)
        ender = True
    if any(one.until is not None for one in said.said[:-1]) or any(one.ender for one in said.said[1:-1]):
        raise Unsure
    seconds = settle(scene, clocks, part, evenings, today=said.explicit_today, dated=dated)
    if not ender and clocks[-1].german and seconds[-1] >= DAY > seconds[0]:
        # "7pm, 3h": three in the morning by the clock, three hours to anybody who plays.
        raise Unsure
    day = _the_day(scene, said, seconds[0])
    if day is None:
        day = scene.coming(seconds[0])
    moments = [scene.at(day, second) for second in seconds]
    if len(moments) == 1:
        return _opened(scene, said, moments[0], day)
    if said.leads and any(lead in _OPEN_START | _OPEN_END for lead, target in said.leads):
        raise Unsure
    if said.during or said.shift:
        raise Unsure
    if ender:
        parts = tuple(moments[:-1]) if len(moments) > 2 else ()
        return When(kind=Kind.RANGE, start=moments[0], end=moments[-1], parts=parts)
    return When(kind=Kind.INSTANT, start=moments[0], parts=tuple(moments))


def _opened(scene: Scene, said: Phrase, moment: datetime, day: date | None) -> When:
    """One moment, or what begins or ends at it."""
    leads = [lead for lead, target in said.leads if lead != "by" and target in ("clock", "moment", "elapsed", "num")]
    if any(target == "day" for lead, target in said.leads if lead != "by"):
        raise Unsure
    if said.shift:
        if len(said.shift) > 1 or leads or said.during:
            raise Unsure
        return When(kind=Kind.INSTANT, start=scene.seen(moment + timedelta(seconds=said.shift[0])))
    if said.during:
        length = said.during[0]
        if len(said.during) > 1 or leads or not length.elapsed or length.seconds <= 0:
            raise Unsure
        return When(kind=Kind.RANGE, start=moment, end=scene.seen(moment + timedelta(seconds=length.seconds)))
    if not leads:
        return When(kind=Kind.INSTANT, start=moment)
    if len(leads) > 1:
        raise Unsure
    if leads[0] in _OPEN_START:
        return When(kind=Kind.RANGE, end=moment)
    return When(kind=Kind.RANGE, start=moment)


def _on_several_days(scene: Scene, said: Phrase) -> When:
    """One range of clocks on several days: it repeats daily until the last."""
    if len(said.said) > 1 or said.leads or said.during or said.shift:
        raise Unsure
    part = the_part(said)
    one = said.said[0]
    if one.until is None:
        return _one_clock_on_several_days(scene, said, one, part)
    begins, ends = range_of(scene, one, part, dated=True)
    first, last = the_span(scene, said, begins)
    if first == last:
        return When(kind=Kind.RANGE, start=scene.at(first, begins), end=scene.at(first, ends))
    return daily_over(scene, first, last, begins, ends)


def _one_clock_on_several_days(scene: Scene, said: Phrase, one: Said, part: str | None) -> When:
    """`Fri-Sun 8pm`: every one of those days, or from the first day to that clock on the last? Asked."""
    seconds = settle(scene, [one.clock], part, [one.evening], today=False, dated=True)[0]
    first, last = the_span(scene, said, seconds)
    if scene.choose("several days", "each", "first") == "each":
        return daily_over(scene, first, last, seconds, None)
    return When(kind=Kind.INSTANT, start=scene.at(first, seconds))


def _whole_days(scene: Scene, said: Phrase) -> When:
    part = the_part(said)
    if said.during or said.shift:
        return _days_for(scene, said)
    if part is not None:
        return _part_of_day(scene, said, part)
    if said.spans:
        if said.days:
            raise Unsure
        first, last = the_span(scene, said, None)
        return _open_days(said, first, last, single=False)
    if said.dayend and not said.days:
        return When(kind=Kind.DATE, start=scene.today)
    day = _the_day(scene, said, None)
    if day is None:
        if said.timeless and not said.leads:
            raise Impossible
        raise Unsure
    return _open_days(said, day, day, single=True)


def _open_days(said: Phrase, first: date, last: date, *, single: bool) -> When:
    leads = [lead for lead, target in said.leads if lead != "by"]
    if not leads:
        return When(kind=Kind.DATE, start=first) if single else When(kind=Kind.RANGE, start=first, end=last)
    if len(leads) > 1:
        raise Unsure
    if leads[0] == "until":
        return When(kind=Kind.RANGE, end=last)
    if leads[0] == "before":
        return When(kind=Kind.RANGE, end=first - _DAY)
    if leads[0] == "after":
        return When(kind=Kind.RANGE, start=last + _DAY)
    return When(kind=Kind.RANGE, start=first)


def _days_for(scene: Scene, said: Phrase) -> When:
    """`from Friday for 3 days`, `20 May for 2 weeks`: whole days in a row."""
    day = _the_day(scene, said, None)
    length = said.during[0] if said.during else None
    if day is None or length is None or len(said.during) > 1 or said.shift or said.spans or said.parts:
        raise Unsure
    if (
        length.elapsed
        or length.months
        or length.days < 1
        or any(lead not in ("from", "starting") for lead, _ in said.leads)
    ):
        raise Unsure
    return When(kind=Kind.RANGE, start=day, end=day + timedelta(days=length.days - 1))


def _part_of_day(scene: Scene, said: Phrase, part: str) -> When:
    begins, ends = PARTS[part]
    if said.spans:
        if said.days or said.leads:
            raise Unsure
        first, last = the_span(scene, said, ends)
        return daily_over(scene, first, last, begins, ends)
    # A part of a day that is under way has not passed.
    day = _the_day(scene, said, ends - 1) if said.days else scene.today
    if day is None:
        raise Unsure
    leads = [lead for lead, _ in said.leads if lead != "by"]
    start, end = scene.at(day, begins), scene.at(day, ends)
    if not leads:
        return When(kind=Kind.RANGE, start=start, end=end)
    if len(leads) > 1:
        raise Unsure
    if leads[0] == "before":
        return When(kind=Kind.RANGE, end=start)
    if leads[0] == "until":
        raise Unsure
    return When(kind=Kind.RANGE, start=end if leads[0] == "after" else start)
