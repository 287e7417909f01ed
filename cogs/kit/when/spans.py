"""Ways to name several days in a row: this week, August, early June, the weekend, Fri-Sun, 20-22 March."""

from __future__ import annotations

from datetime import date, timedelta

from cogs.kit.when.days import Calendar, Day, MonthDay, Weekday
from cogs.kit.when.scene import Impossible, Scene, add_months, month_length, weeks_monday


class Span:
    """A way to name days in a row."""

    __slots__ = ()

    def over(self, scene: Scene, clock: int | None = None) -> tuple[date, date]:
        """First and last day, both included; raises Ask, Unsure or Impossible."""
        raise NotImplementedError


class Week(Span):
    """The week so many weeks from this one, or its weekend."""

    __slots__ = ("shift", "weekend")

    def __init__(self, shift: int, *, weekend: bool = False) -> None:
        self.shift = shift
        self.weekend = weekend

    def over(self, scene: Scene, clock: int | None = None) -> tuple[date, date]:
        """Monday to Sunday, or Saturday and Sunday."""
        monday = weeks_monday(scene.today) + timedelta(days=7 * self.shift)
        return monday + timedelta(days=5 if self.weekend else 0), monday + timedelta(days=6)


class WeekOf(Span):
    """The week that holds a day."""

    __slots__ = ("day",)

    def __init__(self, day: Day) -> None:
        self.day = day

    def over(self, scene: Scene, clock: int | None = None) -> tuple[date, date]:
        """The Monday-Sunday week holding the day."""
        monday = weeks_monday(self.day.on(scene, None))
        return monday, monday + timedelta(days=6)


class Month(Span):
    """A month by name or by distance, or its early, middle or late third."""

    __slots__ = ("month", "shift", "third", "year")

    def __init__(
        self, *, month: int | None = None, shift: int = 0, year: int | None = None, third: int | None = None
    ) -> None:
        self.month = month
        self.shift = shift
        self.year = year
        #: 0: days 1-10, 1: 11-20, 2: 21 to the end. None: the whole month.
        self.third = third

    def first_day(self, scene: Scene) -> date:
        """The first of the month; a bare month is its next occurrence, the current one included."""
        first = scene.today.replace(day=1)
        if self.month is None:
            return add_months(first, self.shift)
        if self.year is not None:
            return date(self.year, self.month, 1)
        year = first.year if self.month >= first.month else first.year + 1
        return date(year, self.month, 1)

    def over(self, scene: Scene, clock: int | None = None) -> tuple[date, date]:
        """The whole month, or its third."""
        first = self.first_day(scene)
        length = month_length(first.year, first.month)
        begins, ends = ((1, length), (1, 10), (11, 20), (21, length))[0 if self.third is None else self.third + 1]
        return first.replace(day=begins), first.replace(day=ends)


class Year(Span):
    """The year so many years from this one."""

    __slots__ = ("shift",)

    def __init__(self, shift: int) -> None:
        self.shift = shift

    def over(self, scene: Scene, clock: int | None = None) -> tuple[date, date]:
        """1 January to 31 December."""
        year = scene.today.year + self.shift
        return date(year, 1, 1), date(year, 12, 31)


class Rest(Span):
    """From today to the last day of this week, month or year."""

    __slots__ = ("whole",)

    def __init__(self, whole: Span) -> None:
        self.whole = whole

    def over(self, scene: Scene, clock: int | None = None) -> tuple[date, date]:
        """Today included."""
        first, last = self.whole.over(scene)
        return max(first, scene.today), last


class Both(Span):
    """From the first day of one span to the last of another: May to July."""

    __slots__ = ("first", "last")

    def __init__(self, first: Span, last: Span) -> None:
        self.first = first
        self.last = last

    def over(self, scene: Scene, clock: int | None = None) -> tuple[date, date]:
        """The second span is the first of its name after the first one."""
        begin = self.first.over(scene)[0]
        last = self.last
        if isinstance(last, Month) and last.month is not None and last.year is None:
            last = Month(month=last.month, year=begin.year + (last.month < begin.month), third=last.third)
        finish = last.over(scene)[1]
        if finish < begin:
            raise Impossible
        return begin, finish


class Run(Span):
    """From one day to another, both included."""

    __slots__ = ("first", "last")

    def __init__(self, first: Day, last: Day) -> None:
        self.first = first
        self.last = last

    def over(self, scene: Scene, clock: int | None = None) -> tuple[date, date]:
        """The last day is read from the first; a run that is under way today is asked about."""
        if isinstance(self.first, Calendar | MonthDay) and _yearless(self.first) and self._under_way(scene):
            begun = scene.choose("under way", "now", "next") == "now"
            if begun:
                first = self._last_begin(scene)
                return first, self.last.after(scene, first)
        first = self.first.on(scene, clock)
        last = self.last.after(scene, first)
        if last < first:
            raise Impossible
        return first, last

    def within(self, monday: date) -> tuple[date, date] | None:
        """The run inside the week that begins on this Monday, where both ends are bare weekdays in order."""
        first, last = self.first, self.last
        if isinstance(first, Weekday) and isinstance(last, Weekday) and first.number <= last.number:
            return monday + timedelta(days=first.number), monday + timedelta(days=last.number)
        return None

    def _under_way(self, scene: Scene) -> bool:
        first = self._last_begin(scene)
        if first == scene.today:
            return False
        last = self.last.after(scene, first)
        return scene.today <= last and (last - first).days < 62

    def _last_begin(self, scene: Scene) -> date:
        """The latest day of the first end's name on or before today."""
        first = self.first
        if isinstance(first, Calendar):
            if not (1 <= first.month <= 12 and 1 <= first.day <= month_length(2000, first.month)):
                raise Impossible
            for year in range(scene.today.year, scene.today.year - 9, -1):
                if first.day <= month_length(year, first.month):
                    day = date(year, first.month, first.day)
                    if day <= scene.today:
                        return day
        if isinstance(first, MonthDay) and 1 <= first.day <= 31:
            month = scene.today.replace(day=1)
            while True:
                if first.day <= month_length(month.year, month.month) and month.replace(day=first.day) <= scene.today:
                    return month.replace(day=first.day)
                month = add_months(month, -1)
        raise Impossible


def _yearless(day: Calendar | MonthDay) -> bool:
    return day.weekday is None and (day.year is None if isinstance(day, Calendar) else day.shift is None)
