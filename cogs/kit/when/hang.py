"""Phrases that hang on an event ("the evening before G1"): keep how, and settle it once the event is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from cogs.kit.when.clocks import PARTS, settle
from cogs.kit.when.phrase import Phrase
from cogs.kit.when.scene import Scene, Unsure, add_months
from cogs.kit.when.value import INVALID, Hook, Kind, When
from cogs.kit.when.zones import by_name


def hung(scene: Scene, said: Phrase, part: str | None) -> When:
    """The question a hanging phrase makes: it cannot be settled before the event is known."""
    hanging = said.hanging[0]
    length = hanging.length
    if len(said.hanging) > 1 or said.days or said.spans or said.repeats or len(said.said) > 1 or said.loose:
        raise Unsure(" ".join(said.loose))
    clock: int | None = None
    if said.said:
        one = said.said[0]
        if one.until is not None or (length.elapsed and length.seconds):
            raise Unsure
        clock = settle(scene, [one.clock], part, [one.evening], today=False, dated=True)[0]
    hook = Hook(days=length.days, months=length.months, seconds=length.seconds, part=part, clock=clock)
    return When(kind=Kind.AMBIGUOUS, anchor=hanging.anchor, offset=_offset(hook), hook=hook)


def _offset(hook: Hook) -> str:
    sign = "-" if hook.days < 0 or hook.months < 0 or hook.seconds < 0 else ""
    if hook.seconds:
        minutes, seconds = divmod(abs(hook.seconds), 60)
        hours, minutes = divmod(minutes, 60)
        written = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if count)
        return f"{sign}PT{written}"
    if hook.months:
        return f"{sign}P{abs(hook.months)}M"
    return f"{sign}P{abs(hook.days)}D"


def hang(when: When, event_start: datetime, tz: str | tzinfo) -> When:
    """Settle a phrase that hangs on an event, now that the event's start is known.

    event_start: aware moment at which the event begins. tz: zone the event's day is counted in, by name or as such.

    Hours and minutes are elapsed time. Days and months keep the event's wall clock, unless the phrase names a clock
    or a part of the day; a part gives the moment it begins ("the evening before" is 18:00 the day before).
    A phrase that hangs on nothing comes back as it is; a day outside the calendar or an unknown zone is INVALID.
    """
    hook = when.hook
    if hook is None:
        return when
    zone = by_name(tz) if isinstance(tz, str) else tz
    if zone is None:
        return INVALID
    try:
        scene = Scene(event_start.astimezone(UTC), zone, dayfirst=True, clock=None)
        if hook.seconds:
            return When(kind=Kind.INSTANT, start=scene.seen(event_start + timedelta(seconds=hook.seconds)))
        day = add_months(scene.today, hook.months) + timedelta(days=hook.days)
        if hook.clock is not None:
            seconds = hook.clock
        elif hook.part is not None:
            seconds = PARTS[hook.part][0]
        else:
            local = event_start.astimezone(zone)
            seconds = local.hour * 3600 + local.minute * 60 + local.second
        return When(kind=Kind.INSTANT, start=scene.at(day, seconds))
    except (OverflowError, ValueError):
        return INVALID
