"""The ladder: on which days an owner is reminded of an unpaid invoice, and how firmly the message speaks. Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cogs.kit.faults import Misread
from storage.records.client import Billing, Preset
from storage.records.invoice import Invoice, Tone

#: Days from the due date. The normal one is the product's; after the last step all go on weekly.
STEPS = {
    Preset.GENTLE: (3, 14, 30),
    Preset.NORMAL: (-3, 1, 7, 14, 30),
    Preset.FIRM: (-3, 1, 3, 7, 14, 21),
}
#: From how many days late a message is firm, and from how many it is the last before other steps.
_FIRM_FROM = {Preset.GENTLE: 30, Preset.NORMAL: 14, Preset.FIRM: 3}
_FINAL_FROM = {Preset.GENTLE: 60, Preset.NORMAL: 30, Preset.FIRM: 14}
#: After sending anything to a client, the owner is left in peace over the next morning.
PEACE = timedelta(days=2)
_WEEK = 7
_DAY = timedelta(days=1)
_MOST_STEPS = 12

_STEPS = re.compile(r"[+\-−–]?\d{1,3}")
#: A number alone is an hour of the day.
_IN_LINE = re.compile(
    r"(?<![\w+\-−–])(?:[+\-−–]\d{1,3}(?:\s*[,;]\s*[+\-−–]?\d{1,3}|\s+[+\-−–]\d{1,3})*"
    r"|\d{1,3}(?:\s*[,;]\s*[+\-−–]?\d{1,3})+)(?!\w|[:.]\d)"
)


def steps_of(billing: Billing) -> tuple[int, ...]:
    """The owner's steps."""
    return billing.steps or STEPS[billing.preset]


def find_steps(text: str) -> tuple[int, int, str] | None:
    """Steps in a line, their signs with them: "-3,+1,+7"."""
    match = _IN_LINE.search(text)
    return None if match is None else (*match.span(), match[0])


def read_steps(text: str) -> tuple[int, ...]:
    """ "-3, +1, +7" as days from the due date, in order, each once. Raises Misread."""
    pieces = re.split(r"[\s,;]+", text.strip())
    if not all(_STEPS.fullmatch(piece) for piece in pieces) or not 1 <= len(pieces) <= _MOST_STEPS:
        raise Misread(f"I could not read “{text[:40]}” as steps.", example="-3, +1, +7, +14, +30", field="steps")
    steps = sorted({int(piece.replace("−", "-").replace("–", "-")) for piece in pieces})
    if steps[0] < -60 or steps[-1] > 365:
        raise Misread("Steps lie between 60 days before and 365 days after.", example="-3, +1, +7", field="steps")
    return tuple(steps)


def steps_text(steps: tuple[int, ...]) -> str:
    """ "−3, +1, +7 days, then weekly"."""
    return ", ".join(f"{step:+d}".replace("-", "−") if step else "0" for step in steps) + " days, then weekly"


def step_day(due: date, steps: tuple[int, ...], not_before: date) -> date:
    """The first day of the ladder that is not before a day."""
    for step in steps:
        if due + timedelta(days=step) >= not_before:
            return due + timedelta(days=step)
    last = due + timedelta(days=steps[-1])
    weeks = max(1, -(-(not_before - last).days // _WEEK))
    return last + timedelta(days=weeks * _WEEK)


def next_day(invoice: Invoice, steps: tuple[int, ...], not_before: date) -> date | None:
    """The day of the next reminder; None when none is to come: nothing is owed, or it is paused until it is resumed.

    A day that the owner chose (the end of a promise, a snooze) goes before the ladder's. The ladder never comes twice
    on a day, nor on the morning after something went to the client.
    """
    part = invoice.next_part
    if not invoice.open or part is None:
        return None
    if invoice.pause is not None and invoice.pause.until is None:
        return None
    after_pause = None if invoice.pause is None or invoice.pause.until is None else invoice.pause.until + _DAY
    for chosen in (after_pause, invoice.snoozed_until):
        if chosen is not None and chosen >= not_before and (invoice.rung_on is None or invoice.rung_on < chosen):
            return chosen
    floor = not_before
    for sent in (invoice.sent_on, invoice.chased_on):
        if sent is not None:
            floor = max(floor, sent + PEACE)
    if invoice.rung_on is not None:
        floor = max(floor, invoice.rung_on + _DAY)
    return step_day(part.due_on, steps, floor)


def next_at(invoice: Invoice, billing: Billing, zone: str, now: datetime) -> datetime | None:
    """The moment of the next reminder, on the owner's clock; always after now."""
    steps = steps_of(billing)
    first = now.astimezone(ZoneInfo(zone)).date()
    for not_before in (first, first + _DAY):
        day = next_day(invoice, steps, not_before)
        if day is None:
            return None
        at = at_hour(day, billing.hour, zone)
        if at > now:
            return at
    return None


def at_hour(day: date, hour: time, zone: str) -> datetime:
    """A wall clock on a day, in UTC."""
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)


def tone_for(invoice: Invoice, preset: Preset, day: date) -> Tone:
    """How firmly to speak by now: by how late it is, and never softer than the last time."""
    part = invoice.next_part
    late = (day - part.due_on).days if part is not None else 0
    tone = Tone.FINAL if late >= _FINAL_FROM[preset] else Tone.FIRM if late >= _FIRM_FROM[preset] else Tone.FRIENDLY
    order = list(Tone)
    return max(tone, invoice.chased_tone or Tone.FRIENDLY, key=order.index)
