"""When a person sleeps: what is not urgent waits for the end of their quiet hours, on their own wall clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

#: When a channel is written to without a sound; people have their own hours.
NIGHT = (time(22), time(8))


def quiet_until(now: datetime, zone: str | None, quiet: tuple[time, time]) -> datetime | None:
    """When the quiet hours end that `now` falls into; None outside them.

    quiet: wall clock from and to; they may pass midnight; the same twice means never. zone: IANA; None counts as UTC.
    The end is found on the wall clock, not by adding hours, so it is right on the night the clocks change; where the
    clock skips the end, it is the moment after the gap, and where the clock shows it twice, the first time.
    """
    begins, ends = quiet
    if begins == ends:
        return None
    place = zone_of(zone)
    local = now.astimezone(place)
    clock = local.time()
    inside = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
    if not inside:
        return None
    day = local.date() if clock < ends else local.date() + timedelta(days=1)
    end = datetime.combine(day, ends, place).astimezone(UTC)
    if end.astimezone(place).time() != ends:
        end = _after_gap(datetime.combine(day, ends, place))
    if end <= now:  # the clock went back over the end: it is shown a second time, and that one is ahead
        end = datetime.combine(day, ends, place).replace(fold=1).astimezone(UTC)
    return end


def _after_gap(skipped: datetime) -> datetime:
    """The UTC moment at which the clock jumped over `skipped`, a local time that did not exist; to the second."""
    after = skipped.astimezone(UTC)  # read with the offset before the jump, which lies after it
    before = skipped.replace(fold=1).astimezone(UTC)
    offset = after.astimezone(skipped.tzinfo).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if middle.astimezone(skipped.tzinfo).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)


def zone_of(name: str | None) -> ZoneInfo:
    """The zone by name; UTC for none and for one this machine does not know."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
