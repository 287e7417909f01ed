"""From a time phrase to what a command needs: one instant, a stretch, a day, or a reading with repeats.

Where the phrase can mean two things the answer is a `Misread` with the readings to tap; nothing is guessed here.
A MOMENT is used for deadlines, so a bare day stands for its last minute: "reply by Thursday" includes Thursday.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from threading import Lock
from zoneinfo import ZoneInfo

from cogs.kit.call import Call
from cogs.kit.faults import Misread
from cogs.kit.form import Choice
from cogs.kit.when import Kind, When, parse
from storage.records.times import Span

_EXAMPLE = "Sat 28 Nov 19:30"
_TWO_NUMBERS = re.compile(r"\d\s?/\s?\d")
_GUESSING = Lock()
#: What can stand in a text that names clocks and nothing else.
_ONLY_CLOCKS = re.compile(
    r"(?:at|from|noon|midday|midnight|half|quarter|past|to|until|till|o'?clock|\d{1,2}(?:[:.h]\d{2})?|[ap]\.?m\.?|[-–\s])+",
    re.IGNORECASE,
)


class AtClock(Span):
    """A stretch of which the clock alone was said ("8pm"): it lies on the next day on which it can.

    To be told apart where something has a day already: who says "8pm" of Saturday's gig does not mean today.
    """

    __slots__ = ()


def read_when(text: str, call: Call) -> When:
    """Any reading that settles: instant, date, range, repeat, or a phrase hanging on an event (`anchor` is set then).

    Its `day_said` tells whether there was more than a clock. Raises Misread for no time at all, or a question with the
    readings to tap.
    """
    when = parsed(text, call)
    if when.kind is Kind.INVALID:
        raise Misread(f"I could not read “{_short(text)}” as a time.", example=_EXAMPLE)
    if when.kind is Kind.AMBIGUOUS and not when.anchor:
        raise _question(when, text, call)
    return replace(when, day_said=False) if names_only_clocks(text) else when


def names_only_clocks(text: str) -> bool:
    """Whether a text names clocks and no day: "8pm", "from 3 to 6"."""
    return _ONLY_CLOCKS.fullmatch(text) is not None


def parsed(text: str, call: Call) -> When:
    """What the reader of times makes of a phrase of this caller's.

    03/04 is a question as long as nobody said which of the two they put first: April to one, March to another.
    """
    one = parse(text, now=call.now, tz=call.zone_or_utc, dayfirst=call.dayfirst, clock=call.clock)
    if call.locale_said or one.start is None or not _TWO_NUMBERS.search(text):
        return one
    other = parse(text, now=call.now, tz=call.zone_or_utc, dayfirst=not call.dayfirst, clock=call.clock)
    return one if other.start is None or other == one else When(kind=Kind.AMBIGUOUS, options=(one, other))


def read_span(text: str, call: Call) -> Span:
    """A gig's time: an instant (end not said), a range, or whole days. Raises Misread for repeats and open ends."""
    when = _settled(text, call)
    zone = call.zone_or_utc
    if when.kind is Kind.RECURRENCE:
        when_first = Choice(f"Only {short_text(when.start, zone)}", value_text(when.start, when.end, zone))
        raise Misread("That repeats; one date at a time fits here.", choices=(when_first,), example=_EXAMPLE)
    if when.start is None:
        raise Misread(f"“{_short(text)}” has no beginning.", example=_EXAMPLE)
    if isinstance(when.start, datetime):
        if when.kind is Kind.RANGE and not isinstance(when.end, datetime):
            raise Misread(f"“{_short(text)}” has no end.", example="Sat 28 Nov 19:30-23:00")
        kind = AtClock if names_only_clocks(text) else Span
        return kind(when.start, when.end if isinstance(when.end, datetime) else None, zone)
    last = when.end if isinstance(when.end, date) else when.start
    if when.kind is Kind.RANGE and when.end is None:
        raise Misread(f"“{_short(text)}” has no end.", example="12-14 Jan")
    return Span.of_days(when.start, last, zone)


def read_moment(text: str, call: Call) -> datetime:
    """One instant in UTC. A day is its last minute, a range its end. Raises Misread."""
    when = _settled(text.removeprefix("within ").strip() and _elapsed(text), call)
    if when.kind is Kind.RECURRENCE:
        raise Misread("That repeats; one time fits here.", example=_EXAMPLE)
    at = when.end if when.kind is Kind.RANGE else when.start
    if at is None:
        raise Misread(f"“{_short(text)}” has no end.", example=_EXAMPLE)
    if not isinstance(at, datetime):
        at = datetime.combine(at, time(23, 59), ZoneInfo(call.zone_or_utc))
    return at.astimezone(UTC)


def read_day(text: str, call: Call) -> date:
    """One calendar day in the caller's zone. Raises Misread for ranges and repeats."""
    when = _settled(text, call)
    if when.kind in (Kind.RECURRENCE, Kind.RANGE) or when.start is None:
        ends = [point for point in (when.start, when.end) if point is not None and when.kind is Kind.RANGE]
        days = dict.fromkeys(_local_day(point, call) for point in ends)
        choices = tuple(Choice(f"{day:%a} {day.day} {day:%b %Y}", day.isoformat()) for day in days)
        raise Misread(
            "One day fits here. Which?" if choices else "One day fits here.", example="28 Nov", choices=choices
        )
    return _local_day(when.start, call)


def _local_day(point: date, call: Call) -> date:
    return point.astimezone(ZoneInfo(call.zone_or_utc)).date() if isinstance(point, datetime) else point


def bare_clock(text: str) -> time | None:
    """The wall clock in "19:30", "7.30pm" or "half past 7"; None when the text is not one.

    A clock without am or pm that could be either is read as the morning's: it only sorts cities.
    """
    if len(text) > 20 or not any(c.isdigit() for c in text):
        return None
    when = parse(text, now=datetime(2026, 1, 5, 0, 0, tzinfo=UTC), tz="UTC", dayfirst=True)
    if when.kind is Kind.AMBIGUOUS and when.options:
        when = when.options[0]
    return when.start.time() if when.kind is Kind.INSTANT and isinstance(when.start, datetime) else None


def guesses(text: str, call: Call) -> tuple[Choice, ...]:
    """Readings to tap for a phrase that the grammar could not read, in any of dateparser's languages; may be none.

    Slow on the first call, so run it off the event loop; one at a time, as the library keeps state between calls.
    """
    from cogs.kit.when.suggest import suggest  # loads dateparser, which nobody pays for who writes plainly

    with _GUESSING:
        found = suggest(text, now=call.now, tz=call.zone_or_utc, dayfirst=call.dayfirst, clock=call.clock)
    zone = call.zone_or_utc
    return tuple(
        Choice(option_text(one, zone), value_text(one.start, one.end, zone))
        for one in found
        if one.kind is not Kind.RECURRENCE and one.start is not None
    )


def warm() -> None:
    """Load what `guesses` needs, for who would rather wait ahead. Slow, so off the event loop; keeps some megabytes."""
    from cogs.kit.when.suggest import warm as load

    with _GUESSING:
        load()


def value_text(start: datetime | date | None, end: datetime | date | None, zone: str) -> str:
    """Text that reads back as exactly this time, and that a person can read too: "28 Nov 2026 19:30"."""
    if start is None:
        return f"until {_exact(end, zone)}"
    if end is None:
        return _exact(start, zone)
    return f"{_exact(start, zone)} - {_exact(end, zone)}"


def short_text(at: datetime | date | None, zone: str) -> str:
    """A label for a button: "Sat 28 Nov 2026, 19:30"; a reading is tapped by its full date or not at all."""
    if at is None:
        return "open"
    if isinstance(at, datetime):
        local = at.astimezone(ZoneInfo(zone))
        return f"{local:%a} {local.day} {local:%b %Y}, {local:%H:%M}"
    return f"{at:%a} {at.day} {at:%b %Y}"


def _exact(at: datetime | date | None, zone: str) -> str:
    if isinstance(at, datetime):
        local = at.astimezone(ZoneInfo(zone))
        again = local.replace(tzinfo=None, fold=0).replace(tzinfo=ZoneInfo(zone))
        if again.astimezone(UTC) != at.astimezone(UTC):  # the second of two equal wall clocks in autumn
            return local.isoformat()
        # 10 and 11 are the hours whose two digits do not say by themselves that the clock has 24 of them.
        return f"{local.day} {local:%b %Y %H:%M}{'am' if local.hour in (10, 11) else ''}"
    return f"{at.day} {at:%b %Y}" if at is not None else ""


def _settled(text: str, call: Call) -> When:
    when = read_when(text, call)
    if when.anchor:
        raise Misread(f"I do not know when “{when.anchor}” is.", example=_EXAMPLE)
    return when


def _elapsed(text: str) -> str:
    """ "within 2h" is said of a deadline and means "in 2h"."""
    bare = text.strip()
    return "in " + bare[7:] if bare.casefold().startswith("within ") else bare


def _question(when: When, text: str, call: Call) -> Misread:
    zone = call.zone_or_utc
    choices = []
    for option in when.options[:4]:
        if option.kind is Kind.RECURRENCE:
            continue
        choices.append(Choice(option_text(option, zone), value_text(option.start, option.end, zone)))
    if choices:
        return Misread(f"“{_short(text)}” can mean more than one time. Which?", choices=tuple(choices))
    return Misread(f"“{_short(text)}” is not a clear time.", example=_EXAMPLE)


def option_text(when: When, zone: str) -> str:
    """One reading of an unclear phrase, for a button."""
    if when.end is None:
        return short_text(when.start, zone)
    if isinstance(when.start, datetime) and isinstance(when.end, datetime):
        return f"{short_text(when.start, zone)}-{when.end.astimezone(ZoneInfo(zone)):%H:%M}"
    return f"{short_text(when.start, zone)} - {short_text(when.end, zone)}"


def length_text(length: timedelta) -> str:
    """ "2 h 30", "45 min", "3 days"."""
    minutes = int(length.total_seconds() // 60)
    if minutes % 1440 == 0 and minutes:
        days = minutes // 1440
        return f"{days} day{'s' if days != 1 else ''}"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02}" if hours and rest else f"{hours} h" if hours else f"{rest} min"


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
