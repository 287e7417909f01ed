"""Answers to offer for what cannot be read by itself: a bare number, four digits, a length, a few days."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from cogs.kit.when.clocks import Clock
from cogs.kit.when.days import MonthDay
from cogs.kit.when.read_lengths import Length
from cogs.kit.when.scene import DAY, Impossible, Scene, add_months
from cogs.kit.when.tokens import Token
from cogs.kit.when.value import Kind, When


def offered(scene: Scene, found: list[Token]) -> tuple[When, ...]:
    """Two to four answers worth a button, soonest first, or none."""
    telling = [
        token for token in found if token.sort not in ("the", "approx", "mark", "of", "at", "on", "word", "status")
    ]
    try:
        if len(telling) == 1:
            ways = _alone(scene, telling[0])
        elif len(telling) == 2 and telling[0].sort == "twofold":
            ways = []
        else:
            ways = []
    except (Impossible, OverflowError, ValueError):
        return ()
    unlike: list[When] = []
    for way in ways:
        if way not in unlike:
            unlike.append(way)
    return tuple(unlike[:4]) if len(unlike) > 1 else ()


def _alone(scene: Scene, token: Token) -> list[When]:
    if token.sort == "num":
        value, digits = cast(int, token.value), token.text
        if len(digits) in (3, 4) and value // 100 < 24 and value % 100 < 60:
            return _hours(scene, Clock(value // 100, value % 100, wide=value >= 1300 or digits[0] == "0"))
        return _small(scene, value)
    if token.sort == "length":
        return _lengths(scene, cast(Length, token.value))
    if token.sort == "unread" and token.text.startswith(("in a few", "a few", "few", "in few")):
        return _few(scene, token.text)
    return []


def _instant(moment: datetime) -> When:
    return When(kind=Kind.INSTANT, start=moment)


def _hours(scene: Scene, clock: Clock) -> list[When]:
    moments: list[datetime] = []
    for reading in clock.readings():
        day = scene.coming(reading)
        moments.append(scene.at(day, reading))
        if len(clock.readings()) == 1:
            moments.append(scene.at(day, reading + DAY))
    return [_instant(moment) for moment in sorted(moments)]


def _small(scene: Scene, value: int) -> list[When]:
    ways: list[When] = []
    if 0 <= value <= 23:
        ways += _hours(scene, Clock(value))[:2] if value <= 12 else _hours(scene, Clock(value))[:1]
    if 1 <= value <= 31:
        ways.append(When(kind=Kind.DATE, start=MonthDay(value).on(scene, None)))
    return ways


def _lengths(scene: Scene, length: Length) -> list[When]:
    if length.elapsed:
        if length.seconds <= 0:
            return []
        start = scene.seen(scene.now)
        end = scene.seen(scene.now + timedelta(seconds=length.seconds))
        return [_instant(end), When(kind=Kind.RANGE, start=start, end=end)]
    end_day = add_months(scene.today, length.months) + timedelta(days=length.days)
    if end_day <= scene.today:
        return []
    last = end_day - timedelta(days=1)
    return [When(kind=Kind.DATE, start=end_day), When(kind=Kind.RANGE, start=scene.today, end=last)]


def _few(scene: Scene, text: str) -> list[When]:
    counts = (2, 3, 4, 5)
    unit = text.split()[-1].rstrip("s")
    if unit in ("day", "week"):
        days = 7 if unit == "week" else 1
        return [When(kind=Kind.DATE, start=scene.today + timedelta(days=days * count)) for count in counts]
    if unit == "month":
        return [When(kind=Kind.DATE, start=add_months(scene.today, count)) for count in counts]
    if unit in ("hour", "hr"):
        return [_instant(scene.seen(scene.now + timedelta(hours=count))) for count in counts]
    return []
