"""What is true of reminders: when one rings, how often it may, and what is asked back. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cogs.kit.call import Call
from cogs.kit.faults import Conflict, Misread
from cogs.kit.form import Choice
from cogs.kit.moments import read_when, short_text, value_text
from cogs.kit.reading import length_of
from cogs.kit.when import Hook, Kind, When, hang, parse
from cogs.reminders import repeats
from cogs.reminders.phrases import repeat_text, typed_text
from storage.records.reminder import MORNING, Hung, Reminder, Timing
from storage.records.times import Span

#: Reminders that one person may have waiting, paused ones included.
MOST = 200
#: Characters of a reminder's words.
LONGEST = 500
#: A repeat may not come more often than this: faster, it is an alarm clock that nobody can silence.
FASTEST = timedelta(minutes=15)
#: Nobody means a time that is further off.
FURTHEST = timedelta(days=366 * 20)
#: Rings this long before, at most.
LONGEST_LEAD = timedelta(days=366)
MOST_LEADS = 5
#: What has ended stays on the list this long, so that its owner sees whether it arrived.
SHOWN_AFTERWARDS = timedelta(days=2)
#: How long what was deleted, and what is long over, is kept.
KEPT_DELETED = timedelta(days=1)
KEPT_ENDED = timedelta(days=90)

_EXAMPLE = "tomorrow 9am"
_UNTIL = re.compile(r"(?:un)?till?\s+", re.IGNORECASE)
_GIG = re.compile(r"(?:gig )?g(\d{1,9})")
_ONCE = frozenset({"no", "none", "never", "once", "off", "stop", "not at all", "just once"})
_USUAL = {
    "daily": "DAILY", "every day": "DAILY", "each day": "DAILY", "nightly": "DAILY", "every night": "DAILY",
    "weekdays": "WEEKDAYS", "every weekday": "WEEKDAYS", "weekly": "WEEKLY", "every week": "WEEKLY",
    "each week": "WEEKLY", "fortnightly": "FORTNIGHTLY", "every fortnight": "FORTNIGHTLY",
    "every other week": "FORTNIGHTLY", "every 2 weeks": "FORTNIGHTLY", "every two weeks": "FORTNIGHTLY",
    "monthly": "MONTHLY", "every month": "MONTHLY", "each month": "MONTHLY", "quarterly": "QUARTERLY",
    "yearly": "YEARLY", "annually": "YEARLY", "every year": "YEARLY", "each year": "YEARLY", "hourly": "HOURLY",
}  # fmt: skip
_STEPS = re.compile(r"(?:every|each) (?:(\d{1,4}) ?)?(min(?:ute)?|hour|hr|h|m|day|week|month|year)s?")
_UNITS = {
    "min": "MINUTELY", "minute": "MINUTELY", "m": "MINUTELY", "hour": "HOURLY", "hr": "HOURLY", "h": "HOURLY",
    "day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY",
}  # fmt: skip
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: What is offered to tap where a repeat is asked for.
REPEATS = ("no", "daily", "weekdays", "weekly", "fortnightly", "monthly", "yearly")


# --- from words to a timing -------------------------------------------------------------------------------------------


def timing_of(when: When, call: Call) -> Timing:
    """When a phrase that hangs on nothing rings: a day at nine, a stretch at its beginning, a repeat at its first time.

    Raises Misread, with other times to tap, for a time that has passed, one without a beginning, and one far off.
    """
    zone = call.zone_or_utc
    start = when.start
    if start is None:
        raise Misread("That says how long, but not when I am to remind you.", example=_EXAMPLE, field="when")
    if isinstance(start, datetime):
        local = start.astimezone(ZoneInfo(zone))
        clock = local.time().replace(microsecond=0)
        if when.wall is not None and start.utcoffset() == local.utcoffset():  # in spring the first one comes late
            clock = time(when.wall // 3600, when.wall % 3600 // 60)
        timing = Timing(zone=zone, at=start.astimezone(UTC), day=local.date(), clock=clock)
    else:
        timing = Timing(zone=zone, at=_morning(start, zone), day=start)
    timing = replace(timing, rrule=when.rrule)
    if timing.at > call.now + FURTHEST:
        raise Misread("That is more than 20 years away. Check the year.", example=_EXAMPLE, field="when")
    if when.rrule is not None:
        return check_repeat(timing, call.now, field="when")
    if timing.at <= call.now:
        raise _passed(timing, when, call)
    return timing


def _morning(day: date, zone: str) -> datetime:
    at = repeats.moment(datetime.combine(day, MORNING), zone)
    if at is None:
        raise Misread("That is outside the calendar.", example=_EXAMPLE, field="when")
    return at


def _passed(timing: Timing, when: When, call: Call) -> Misread:
    """A time behind now: the same clock tomorrow, or soon, can be tapped when today was meant."""
    zone = timing.zone
    today = call.now.astimezone(ZoneInfo(zone)).date()
    goes_on = when.kind is Kind.RANGE and _is_ahead(when.end, call.now, today)
    if timing.day != today and not goes_on:
        return Misread(f"{short_text(timing.at, zone)} has passed.", example=_EXAMPLE, field="when")
    offered = [Choice("In an hour", "in 1 hour")]
    for at in (
        repeats.moment(datetime.combine(today, MORNING.replace(hour=18)), zone),
        repeats.moment(datetime.combine(today + timedelta(days=1), timing.clock or MORNING), zone),
    ):
        if at is not None and at > call.now + timedelta(hours=1):
            offered.append(Choice(short_text(at, zone), value_text(at, None, zone)))
    said = "has begun already" if goes_on else "has passed"
    return Misread(f"{short_text(timing.at, zone)} {said}. When then?", choices=tuple(offered), field="when")


def _is_ahead(end: datetime | date | None, now: datetime, today: date) -> bool:
    return end > now if isinstance(end, datetime) else end is not None and end >= today


def check_repeat(timing: Timing, now: datetime, *, field: str) -> Timing:
    """The timing, if it comes again often enough and not too often. Raises Misread on `field` otherwise."""
    assert timing.rrule is not None
    step = repeats.elapsed_step(timing.rrule)
    if step is not None and step < FASTEST:
        raise Misread(
            "That is more often than every 15 minutes, and would bury everything else.",
            example="every 30 minutes" if field == "repeat" else "every day 9am",
            field=field,
        )
    if repeats.next_after(timing, now) is None:
        raise Misread("That ends before it comes once.", example="until 20 Dec", field=field)
    return timing


def with_repeat(timing: Timing, text: str, call: Call) -> Timing:
    """The timing coming again as `text` says: "weekly", "every 2 hours", "every Tuesday"; "no" for once.

    Counted from the timing's own first time, which moves on to the first day the rule knows. Raises Misread.
    """
    if timing.hung is not None:
        raise Misread("What hangs on a gig comes once. Leave the repeat out, or name a date.", field="repeat")
    rule = _rule_of(text, timing, call)
    if rule is None:
        return replace(timing, rrule=None)
    if timing.rrule is not None and _bare(rule) != _bare(timing.rrule):
        raise Misread("The time repeats already, and differently. Say it in one place.", field="repeat")
    if timing.rrule is not None:
        return timing
    return check_repeat(_from_its_first(replace(timing, rrule=rule), "repeat"), call.now, field="repeat")


def _from_its_first(timing: Timing, field: str) -> Timing:
    """The timing, begun on the first day that its rule knows. Raises Misread for a rule that knows none."""
    if timing.rrule is None or repeats.elapsed_step(timing.rrule) is not None:
        return timing
    wall = repeats.first_wall(timing)
    at = None if wall is None else repeats.moment(wall, timing.zone)
    if wall is None or at is None:
        raise Misread("There is no such day after that.", example="weekly", field=field)
    return replace(timing, at=at, day=wall.date())


def moved(old: Timing, new: Timing, now: datetime, *, day_said: bool = True) -> Timing:
    """A reminder's timing when its time is changed: a repeat stays one, at the new clock, from the new day on.

    A day alone moves the day alone, a clock alone (`day_said` is false) the clock alone, unless that has passed. A day
    of the week on which the repeat never comes is asked about.

    Somebody who says "10am" of what comes every Tuesday at nine does not mean that it is never to come again. Raises
    Misread when the repeat ends before the new time.
    """
    if new.rrule is not None and new.clock is None and old.clock is not None and old.hung is None:
        at = repeats.moment(datetime.combine(new.day, old.clock), new.zone)
        new = new if at is None else _from_its_first(replace(new, at=at, clock=old.clock), "when")
    if new.rrule is not None or new.hung is not None:
        return new
    day, clock = (new.day if day_said or old.rrule is not None else old.day), new.clock or old.clock
    if clock is not None and old.hung is None:
        at = repeats.moment(datetime.combine(day, clock), new.zone)
        if at is not None and at > now:
            new = replace(new, at=at, day=day, clock=clock)
    if old.rrule is None:
        return new
    kept = check_repeat(_from_its_first(replace(new, rrule=old.rrule), "when"), now, field="when")
    if day_said and repeats.weekdays(old.rrule) and kept.day != new.day:
        raise _which_day(kept, new, now)
    return kept


def _which_day(kept: Timing, new: Timing, now: datetime) -> Misread:
    """Friday, said of what comes on Tuesdays: every Friday from now on, or Tuesdays that begin after that Friday?"""
    assert kept.rrule is not None
    day = _WEEKDAYS[new.day.weekday()]
    other = replace(kept, rrule=repeats.on_weekday(kept.rrule, day), day=new.day, at=new.at)
    readings = [typed_text(timing, now) for timing in (other, kept)]
    labels = (repeat_text(other), f"as now, from {kept.day.day} {kept.day:%b} on")
    return Misread(
        f"It comes {repeat_text(kept)}, and not on a {new.day:%A}. Which do you mean?",
        choices=tuple(
            Choice(label[0].upper() + label[1:], said) for label, said in zip(labels, readings, strict=True) if said
        ),
        field="when",
    )


def _bare(rule: str) -> str:
    return repeats.ending(rule, None)


def _rule_of(text: str, timing: Timing, call: Call) -> str | None:
    said = " ".join(text.casefold().split())
    if said in _ONCE:
        return None
    every, step = _USUAL.get(said), 1
    if every is None and (match := _STEPS.fullmatch(said)):
        every, step = _UNITS[match[2]], int(match[1] or 1)
    if every is not None and step > 0:
        return _usual(every, step, timing.day)
    when = parse(text, now=call.now, tz=timing.zone, dayfirst=call.dayfirst, clock=call.clock)
    if when.kind is not Kind.RECURRENCE or when.rrule is None or when.has_clock:
        raise Misread(
            f"I could not read “{said[:40]}” as how often.",
            example="weekly, every Tuesday, every 2 hours",
            choices=tuple(Choice(word.capitalize(), word) for word in REPEATS),
            field="repeat",
        )
    return when.rrule


def _usual(every: str, step: int, day: date) -> str:
    """The rule of an everyday word, from the day on which it begins.

    A month without that day has it on its last one: who says "monthly" on the 31st means the end of the month.
    """
    if every == "FORTNIGHTLY":
        every, step = "WEEKLY", 2
    if every == "QUARTERLY":
        every, step = "MONTHLY", 3
    interval = f";INTERVAL={step}" if step > 1 else ""
    if every == "WEEKDAYS":
        return "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    if every == "WEEKLY":
        return f"FREQ=WEEKLY{interval};BYDAY={_WEEKDAYS[day.weekday()]}"
    if every in ("MONTHLY", "YEARLY"):
        month = f";BYMONTH={day.month}" if every == "YEARLY" else ""
        short = 28 if every == "MONTHLY" or (day.month, day.day) == (2, 29) else 31
        if day.day <= short:
            return f"FREQ={every}{interval}{month};BYMONTHDAY={day.day}"
        days = ",".join(str(number) for number in range(28, day.day + 1))
        return f"FREQ={every}{interval}{month};BYMONTHDAY={days};BYSETPOS=-1"
    return f"FREQ={every}{interval}"


def repeating(reminder: Reminder, text: str, call: Call) -> Timing:
    """The reminder's timing with another repeat, counted from its next time. Raises Misread."""
    timing = replace(reminder.timing, rrule=None)
    if reminder.next_at is not None and timing.hung is None:
        local = reminder.next_at.astimezone(ZoneInfo(timing.zone))
        clock = None if timing.clock is None else local.time()
        timing = replace(timing, at=reminder.next_at, day=local.date(), clock=clock)
    return with_repeat(timing, text, call)


def sent_on(reminder: Reminder, platform: str | None) -> Reminder:
    """The reminder, sent on a platform; None: wherever its owner gets them. Raises Conflict for one of a channel."""
    if reminder.channel_id is not None:
        raise Conflict(f"{reminder.ref} is for a channel and stays there.", how="Set another one for yourself.")
    return replace(reminder, platform=platform)


def with_end(timing: Timing, until: datetime, now: datetime) -> Timing:
    """The repeat with a last moment. Raises Misread where nothing repeats or nothing would be left."""
    if timing.rrule is None:
        raise Misread("It comes once, so there is nothing to end. Say how often, too.", field="until")
    return check_repeat(replace(timing, rrule=repeats.ending(timing.rrule, until)), now, field="until")


def with_leads(timing: Timing, leads: Sequence[timedelta]) -> tuple[timedelta, ...]:
    """How long before it also rings, longest first, each once. Raises Misread for too many, and for one so long that
    it would ring before the time that comes earlier.
    """
    found = tuple(sorted({lead for lead in leads if lead > timedelta(0)}, reverse=True))
    if len(found) > MOST_LEADS:
        raise Misread(f"That is {len(found)} times ahead; {MOST_LEADS} at most fit.", example="1 day, 2h", field="lead")
    if found and found[0] > LONGEST_LEAD:
        raise Misread("More than a year ahead is too long.", example="1 day, 2h", field="lead")
    gap = repeats.shortest_gap(timing) if timing.rrule is not None and found else None
    if gap is not None and found[0] >= gap:
        raise Misread("That far ahead the time before it would still be to come.", example="2h", field="lead")
    return found


def tidy(text: str) -> str:
    """The words without what only led to them in a line: "to send charts" is "send charts"."""
    said = text.strip()
    return re.sub(r"^(?:to|that|about)\s+(?=\S)", "", said, flags=re.IGNORECASE)


def shortened(text: str) -> str:
    """Quoted words, cut to what a reminder may hold."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


# --- hanging on a gig -------------------------------------------------------------------------------------------------


def gig_named(when: When) -> int | None:
    """The number of the gig a phrase hangs on; None when it hangs on nothing. Raises Misread for any other event."""
    if when.anchor is None:
        return None
    match = _GIG.fullmatch(when.anchor)
    if match is None or when.hook is None:
        raise Misread(
            f"I do not know when “{when.anchor[:40]}” is. A date or a gig's id fits here.",
            example="the evening before G1, or Fri 6pm",
            field="when",
        )
    return int(match[1])


def hung_on(gig_id: int, when: When, gig_span: Span, now: datetime) -> Timing:
    """When something that hangs on a gig rings, as the gig stands. Raises Misread when that has passed or cannot be."""
    hook = when.hook
    assert hook is not None
    hung = Hung(
        gig_id=gig_id, days=hook.days, months=hook.months, seconds=hook.seconds, part=hook.part, clock=hook.clock
    )
    if gig_span.whole_days and hook.seconds:
        raise Misread(
            f"G{gig_id} has no clock yet, so I cannot count hours from it.",
            example=f"the day before G{gig_id}",
            field="when",
        )
    timing = settled(hung, gig_span)
    if timing is None:
        raise Misread("That is outside the calendar.", example=_EXAMPLE, field="when")
    if timing.at <= now:
        raise Misread(
            f"{short_text(timing.at, timing.zone)} has passed: G{gig_id} is {short_text(gig_span.start, timing.zone)}.",
            example=_EXAMPLE,
            field="when",
        )
    return timing


def settled(hung: Hung, gig_span: Span) -> Timing | None:
    """When it rings for a gig at this time, on the clock of the gig's place; None outside the calendar.

    A gig of whole days has no clock of its own: "the day before" is that day at nine.
    """
    hook = Hook(days=hung.days, months=hung.months, seconds=hung.seconds, part=hung.part, clock=hung.clock)
    zone = gig_span.zone
    start = hang(When(kind=Kind.AMBIGUOUS, anchor="gig", hook=hook), gig_span.start, zone).start
    if not isinstance(start, datetime):
        return None
    local = start.astimezone(ZoneInfo(zone))
    if gig_span.whole_days and hung.clock is None and hung.part is None:
        at = repeats.moment(datetime.combine(local.date(), MORNING), zone)
        return None if at is None else Timing(zone=zone, at=at, day=local.date(), hung=hung)
    return Timing(zone=zone, at=start.astimezone(UTC), day=local.date(), clock=local.time(), hung=hung)


# --- what comes next --------------------------------------------------------------------------------------------------


def due_after(timing: Timing, after: datetime, now: datetime) -> datetime | None:
    """The time to be promised next: of several that were missed since `after` only the latest, else the next one."""
    return repeats.latest(timing, after, now) or repeats.next_after(timing, max(after, now))


def overtaken(timing: Timing, due: datetime, now: datetime) -> bool:
    """Whether a later time has come meanwhile, so that this one need not be said any more."""
    return timing.rrule is not None and repeats.latest(timing, due, now) is not None


def tomorrow_morning(now: datetime, zone: str) -> datetime:
    """Nine o'clock on the day after today, in a zone."""
    tomorrow = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
    return repeats.moment(datetime.combine(tomorrow, MORNING), zone) or now + timedelta(days=1)


def put_off(text: str, call: Call) -> datetime:
    """Until when "1 hour", "tomorrow" or "until Fri 6pm" puts off: a length from now, or a time as reminders read one.

    Raises Misread for neither, a repeat, and what has passed or is more than a year off.
    """
    minutes = length_of(text)
    if minutes is not None:
        until = call.now + timedelta(minutes=minutes)
    else:
        when = read_when(_UNTIL.sub("", text, count=1) if _UNTIL.match(text) else text, call)
        if when.rrule is not None or when.anchor:
            raise Misread("A snooze is one time, or how long from now.", example="1 hour, tomorrow, Fri 6pm")
        until = timing_of(when, call).at
    if not call.now < until <= call.now + LONGEST_LEAD:
        raise Misread("A snooze is for a minute at least, and a year at most.", example="1 hour, tomorrow, Fri 6pm")
    return until


def next_look(due: datetime, now: datetime) -> datetime | None:
    """When to look next whether the gig has moved; None when it rings before that, which looks by itself."""
    at = now + (timedelta(hours=6) if due - now > timedelta(days=2) else timedelta(hours=1))
    return at if at < due else None
