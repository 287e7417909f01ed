"""Ways to name one day, each of which finds its day once it is known when and where it was said.

`on(scene, clock)` is that day; `clock` is the time of day that goes with it, in seconds (None: there is none), and
decides whether a day that is today has passed. `after(scene, first)` is the day read as the far end of a span.
"""

from __future__ import annotations

from datetime import date, timedelta

from cogs.kit.when.scene import Impossible, Scene, Unsure, add_months, month_length, weeks_monday


class Day:
    """A way to name one day."""

    __slots__ = ()

    def on(self, scene: Scene, clock: int | None) -> date:
        """The day meant; raises Ask, Unsure or Impossible."""
        raise NotImplementedError

    def after(self, scene: Scene, first: date) -> date:
        """The day meant as the end of a span that begins on `first`."""
        day = self.on(scene, None)
        if day < first:
            raise Unsure
        return day


class Fixed(Day):
    """A day already known."""

    __slots__ = ("day",)

    def __init__(self, day: date) -> None:
        self.day = day

    def on(self, scene: Scene, clock: int | None) -> date:
        """That day."""
        return self.day


class Relative(Day):
    """So many days or months from today: tomorrow, in 3 weeks, 2 months ago."""

    __slots__ = ("days", "months")

    def __init__(self, days: int = 0, months: int = 0) -> None:
        self.days = days
        self.months = months

    def on(self, scene: Scene, clock: int | None) -> date:
        """Counted by the calendar, clamped to the last day of a short month."""
        day = add_months(scene.today, self.months) if self.months else scene.today
        return day + timedelta(days=self.days)


class Shifted(Day):
    """So many days or months from another day: 3 days before 20 May, a week on Friday."""

    __slots__ = ("base", "days", "months")

    def __init__(self, base: Day, days: int = 0, months: int = 0) -> None:
        self.base = base
        self.days = days
        self.months = months

    def on(self, scene: Scene, clock: int | None) -> date:
        """Counted from the first day of that name after today."""
        base = self.base
        if isinstance(base, Weekday) and base.how == "bare":
            base = Weekday(base.number, "coming")
        day = base.on(scene, None)
        if self.months:
            day = add_months(day, self.months)
        return day + timedelta(days=self.days)


class Weekday(Day):
    """A weekday, bare or with this, next, coming or last before it, or in a week counted from this one."""

    __slots__ = ("how", "number", "weeks")

    def __init__(self, number: int, how: str = "bare", weeks: int = 0) -> None:
        self.number = number
        #: "bare", "this", "coming", "last", "week" (of the week `weeks` from this one), "nearest" (a language's
        #: "next", which people read two ways) or "afternext".
        self.how = how
        self.weeks = weeks

    def on(self, scene: Scene, clock: int | None) -> date:
        """A bare weekday said on that weekday is asked about, unless its clock has passed."""
        today = scene.today
        ahead = (self.number - today.weekday()) % 7
        if self.how == "bare":
            if ahead == 0 and not scene.patient:
                passed = clock is not None and scene.passed(today, clock)
                if passed or scene.choose("today", "today", "week") == "week":
                    ahead = 7
            elif ahead == 0 and clock is not None and scene.passed(today, clock):
                ahead = 7
            return today + timedelta(days=ahead)
        if self.how == "coming":
            return today + timedelta(days=(ahead or 7) + 7 * self.weeks)
        if self.how == "last":
            return today - timedelta(days=(7 - ahead) + 7 * self.weeks)
        if self.how == "this":
            day = weeks_monday(today) + timedelta(days=self.number)
            return day if day >= today else day + timedelta(days=7)
        if self.how == "nearest":
            first = today + timedelta(days=ahead or 7)
            following = weeks_monday(today) + timedelta(days=7 + self.number)
            if first == following:
                following += timedelta(days=7)
            return first if scene.choose("next", "first", "following") == "first" else following
        if self.how == "afternext":
            following = weeks_monday(today) + timedelta(days=7 + self.number)
            return following + timedelta(days=7 if scene.choose("afternext", "one", "two") == "two" else 0)
        return weeks_monday(today) + timedelta(days=7 * self.weeks + self.number)

    def after(self, scene: Scene, first: date) -> date:
        """The next such weekday strictly after the first day."""
        if self.how not in ("bare", "coming"):
            return super().after(scene, first)
        return first + timedelta(days=(self.number - first.weekday()) % 7 or 7)


class Calendar(Day):
    """Day and month, perhaps a year, perhaps a weekday that has to agree."""

    __slots__ = ("day", "month", "weekday", "year")

    def __init__(self, month: int, day: int, year: int | None = None, weekday: int | None = None) -> None:
        self.month = month
        self.day = day
        self.year = year
        self.weekday = weekday

    def on(self, scene: Scene, clock: int | None) -> date:
        """With a year as written; without, the next such date, today included while its clock is ahead."""
        day = self._from(scene, scene.today, clock)
        if self.weekday is None or day.weekday() == self.weekday:
            return day
        if scene.choose("weekday", "date", "weekday") == "date":
            return day
        away = (self.weekday - day.weekday()) % 7
        return day + timedelta(days=away if away <= 3 else away - 7)

    def _from(self, scene: Scene, earliest: date, clock: int | None) -> date:
        if not (1 <= self.month <= 12 and 1 <= self.day <= month_length(2000, self.month)):
            raise Impossible
        if self.year is not None:
            if self.day > month_length(self.year, self.month):
                raise Impossible
            return date(self.year, self.month, self.day)
        for year in range(earliest.year, earliest.year + 9):
            if self.day > month_length(year, self.month):
                continue
            day = date(year, self.month, self.day)
            if day > earliest or (day == earliest and not (clock is not None and scene.passed(day, clock))):
                if (self.month, self.day) == (2, 29) and (day - scene.today).days > 366:
                    raise Impossible
                return day
        raise Impossible

    def after(self, scene: Scene, first: date) -> date:
        """Without a year: the next such date on or after the first day."""
        day = self._from(scene, first, None)
        if day < first:
            raise Impossible
        if self.weekday is not None and day.weekday() != self.weekday:
            raise Unsure
        return day


class MonthDay(Day):
    """A day of some month: the 15th, Fri 13th, the 3rd of next month."""

    __slots__ = ("day", "shift", "weekday")

    def __init__(self, day: int, weekday: int | None = None, shift: int | None = None) -> None:
        self.day = day
        self.weekday = weekday
        #: Months from this one; None: the first that fits, from today on.
        self.shift = shift

    def on(self, scene: Scene, clock: int | None) -> date:
        """The first from today on, skipping months too short; with a weekday, it or the one after."""
        if not 1 <= self.day <= 31:
            raise Impossible
        if self.shift is not None:
            first = add_months(scene.today.replace(day=1), self.shift)
            if self.day > month_length(first.year, first.month):
                raise Impossible
            return first.replace(day=self.day)
        tried: list[date] = []
        for day in self._from(scene.today):
            if day == scene.today and clock is not None and scene.passed(day, clock):
                continue
            if self.weekday is None or day.weekday() == self.weekday:
                return day
            tried.append(day)
            if len(tried) == 2:
                break
        return tried[0] if scene.choose("weekday", "first", "second") == "first" else tried[1]

    def _from(self, earliest: date) -> list[date]:
        days: list[date] = []
        month = earliest.replace(day=1)
        while len(days) < 3:
            if self.day <= month_length(month.year, month.month):
                day = month.replace(day=self.day)
                if day >= earliest:
                    days.append(day)
            month = add_months(month, 1)
        return days

    def after(self, scene: Scene, first: date) -> date:
        """The first such day on or after the first."""
        if not 1 <= self.day <= 31:
            raise Impossible
        for day in self._from(first):
            if self.weekday is None or day.weekday() == self.weekday:
                return day
        raise Unsure


class Nth(Day):
    """The so-manieth weekday, or day, of a month: last Friday of April, first of May, last day of next month."""

    __slots__ = ("month", "number", "shift", "weekday", "year")

    def __init__(
        self,
        number: int,
        weekday: int | None,
        *,
        month: int | None = None,
        shift: int | None = None,
        year: int | None = None,
    ) -> None:
        #: 1 is the first, -1 the last.
        self.number = number
        #: None: any day.
        self.weekday = weekday
        self.month = month
        #: Months from this one; None with no month: this month, or the next once its day is gone.
        self.shift = shift
        self.year = year

    def on(self, scene: Scene, clock: int | None) -> date:
        """The next occurrence from today on, skipping months that have none."""
        today = scene.today
        if self.shift is not None or self.year is not None:
            first = add_months(today.replace(day=1), self.shift or 0)
            if self.month is not None and self.year is not None:
                first = date(self.year, self.month, 1)
            return self.of(first) or _impossible()
        month = today.replace(day=1)
        if self.month is not None:
            month = month.replace(month=self.month)
        for _ in range(60):
            day = self.of(month)
            if day is not None and (
                day > today or (day == today and not (clock is not None and scene.passed(day, clock)))
            ):
                return day
            month = add_months(month, 1 if self.month is None else 12)
        raise Impossible

    def of(self, month: date) -> date | None:
        """The day in one month, given by its first day; None when that month has none."""
        length = month_length(month.year, month.month)
        if self.weekday is None:
            number = length if self.number == -1 else self.number
            return month.replace(day=number) if 1 <= number <= length else None
        if self.number == -1:
            last = month.replace(day=length)
            return last - timedelta(days=(last.weekday() - self.weekday) % 7)
        number = 1 + (self.weekday - month.weekday()) % 7 + 7 * (self.number - 1)
        return month.replace(day=number) if number <= length else None


def _impossible() -> date:
    raise Impossible
