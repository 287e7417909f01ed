"""Ears as replies: the dose of the day, what is left of it, what plugs change, and the week."""

from __future__ import annotations

from datetime import date, timedelta

from cogs.kit.action import action
from cogs.kit.moments import length_text
from cogs.kit.reply import MAIN, AnyButton, Button, Field, Reply, Row, Upload
from cogs.kit.words import Day, Line, Shown, Web, line
from cogs.wellness import rules
from cogs.wellness.hearing import Heard
from storage.records.wellness import HearingLog, Plugs
from storage.reference import wellness

#: Said once to everybody who writes something down about themselves.
DISCLAIMER = line("This is arithmetic and published guidance, not medical advice. It is said this once.")
#: Quiet hours after loud ones: wellness.csv, niosh-rest.
_QUIET_HOURS = 18


def _sources(*row_ids: str) -> Line:
    parts: list[object] = ["Source: "]
    for row_id in row_ids:
        row = wellness.by_id(row_id)
        assert row.source.url is not None
        parts += [", "] if len(parts) > 1 else []
        parts.append(Web(f"{row.authority} ({row.label[:1].lower()}{row.label[1:]})", row.source.url))
    return line(*parts)  # type: ignore[arg-type]  # text and web spans, as put together above


def _percent(dose: float) -> str:
    if dose >= 10_000:
        return "more than 10,000 %"
    return f"{dose:.0f} %" if dose >= 1 or dose == 0 else "under 1 %"


def _length(minutes: float) -> str:
    if minutes >= 24 * 60:
        return "more than a day"
    if minutes < 1:
        return "no time"
    return length_text(timedelta(minutes=int(minutes)))


def _said(log: HearingLog) -> str:
    plugs = f", plugs −{log.plugs.db} dB" if log.plugs.db else ""
    return f"{log.level} dB(A), {length_text(timedelta(minutes=log.minutes))}{plugs}"


def logged(heard: Heard) -> Reply:
    """What was logged, and what it means for today."""
    log = heard.log
    assert log is not None
    dose = rules.dose(heard.today)
    fields = [
        Field("Today's dose", line(f"{_percent(dose)} of a full day's")),
        Field("Left today", line(_left(log, dose))),
    ]
    if not log.plugs.db:
        fields.append(Field("With plugs", line(_with_plugs(log))))
    hint = tomorrow(dose)
    if hint:
        fields.append(Field("Tomorrow", line(hint)))
    cited = ("niosh-formula", "niosh-rel", "niosh-rest") if dose >= 100 else ("niosh-formula", "niosh-rel")
    buttons: list[AnyButton] = [Button("Fix", action("hearing.fix", log.id)), Button("My week", action("hearing.week"))]
    if heard.tested is None:
        buttons.append(Button("Remind me of a yearly test", action("hearing.ask_test")))
    return Reply(
        lines=(line(f"Logged: {_said(log)}."),),
        fields=tuple(fields),
        buttons=tuple(buttons),
        also=(_sources(*cited), *((DISCLAIMER,) if heard.first_time else ())),
    )


def _left(log: HearingLog, dose: float) -> str:
    at = f"{log.at_the_ear} dB(A) at the ear" if log.plugs.db else f"{log.level} dB(A)"
    left = rules.minutes_left(log.at_the_ear, dose)
    return f"{_length(left)} at {at}" if left else f"nothing at {at}: the day's dose is full"


def _with_plugs(log: HearingLog) -> str:
    """What the same minutes would have been behind each kind of plugs."""
    found = []
    for plugs in Plugs:
        if plugs.db:
            dose = 100 * log.minutes / rules.allowed_minutes(log.level - plugs.db)
            found.append(f"−{plugs.db} dB: {_percent(dose)}")
    return "these minutes would be " + ", ".join(found)


def tomorrow(dose: float) -> str:
    """A hint for the next day, by today's dose; "" when nothing needs saying."""
    if dose >= 100:
        return f"keep about {_QUIET_HOURS} hours quiet before the next loud thing"
    if dose >= 50:
        return "a quieter day evens it out; plugs in early if it is not"
    return ""


def today(heard: Heard) -> Reply:
    """The day so far."""
    if not heard.today:
        return Reply(
            lines=(line("Nothing logged today. In one line: ", "/hearing 98 40"),),
            buttons=(Button("Log now", action("hearing.open"), MAIN), Button("My week", action("hearing.week"))),
        )
    dose = rules.dose(heard.today)
    last = heard.today[-1]
    fields = [Field("Dose", line(f"{_percent(dose)} of a full day's")), Field("Left", line(_left(last, dose)))]
    hint = tomorrow(dose)
    if hint:
        fields.append(Field("Tomorrow", line(hint)))
    rows = tuple(
        Row(line(f"{_said(log)}: {_percent(rules.dose([log]))}"), (Button("Fix", action("hearing.fix", log.id)),))
        for log in heard.today[-8:]
    )
    return Reply(
        title="Your ears today",
        fields=tuple(fields),
        rows=rows,
        buttons=(Button("My week", action("hearing.week")),),
        also=(_sources("niosh-formula", "niosh-rel"),),
    )


def week(heard: Heard, picture: Upload | None) -> Reply:
    """The seven days up to today, in words and as a picture."""
    daily = rules.daily(heard.week, heard.first)
    dose = rules.week_dose(heard.week)
    fields = [Field("Dose of the week", line(f"{_percent(dose)} of five full days"))]
    loud = [
        f"{heard.first + timedelta(days=n):%a} {_percent(percent)}" for n, percent in enumerate(daily) if percent > 0
    ]
    if loud:
        fields.append(Field("By day", line(" · ".join(loud))))
    over = [heard.first + timedelta(days=n) for n, percent in enumerate(daily) if percent > 100]
    if over:
        parts: list[object] = []
        for day in over:
            parts += [", "] if parts else []
            parts.append(Day(day, Shown.SHORT))
        fields.append(Field("Over a full day's", line(*parts)))  # type: ignore[arg-type]  # days and commas
    test = heard.tested
    buttons: list[AnyButton] = [Button("Log now", action("hearing.open"), MAIN)]
    if test is None:
        buttons.append(Button("Remind me of a yearly test", action("hearing.ask_test")))
    else:
        fields.append(Field("Last hearing test", line(Day(test))))
        buttons.append(Button("I had a hearing test", action("hearing.ask_test")))
    return Reply(
        title="Your ears this week",
        fields=tuple(fields),
        buttons=tuple(buttons),
        files=(picture,) if picture is not None else (),
        also=(_sources("niosh-formula", "niosh-rel"),),
    )


def alt_text(heard: Heard) -> str:
    """The week's picture in words."""
    days = [
        f"{heard.first + timedelta(days=n):%a} {_percent(percent)}"
        for n, percent in enumerate(rules.daily(heard.week, heard.first))
    ]
    return f"Bars of the daily sound dose, in percent of a full day's: {', '.join(days)}."


def struck(log: HearingLog) -> Reply:
    """Taken out."""
    return Reply(
        lines=(line(f"Taken out: {_said(log)}."),), buttons=(Button("Put it back", action("hearing.unstrike", log.id)),)
    )


def put_back(heard: Heard) -> Reply:
    """It counts again."""
    assert heard.log is not None
    return Reply(lines=(line(f"Back: {_said(heard.log)}. Today's dose is {_percent(rules.dose(heard.today))}."),))


# --- the yearly test --------------------------------------------------------------------------------------------------


def test_kept(last: date, due: date) -> Reply:
    """The reminder is kept."""
    return Reply(
        lines=(line("Last test: ", Day(last), ". I remind you on ", Day(due), "."),),
        buttons=(Button("Fix", action("hearing.ask_test")), Button("Do not remind me", action("hearing.no_test"))),
        also=(_sources("niosh-test"),),
    )


def test_later(due: date) -> Reply:
    """Put off."""
    return Reply(lines=(line("I remind you again on ", Day(due), "."),))


def test_off() -> Reply:
    """No reminder any more."""
    return Reply(lines=(line("No more reminders of a hearing test."),))


def test_due() -> Reply:
    """It has been a year."""
    return Reply(
        lines=(line("It has been a year since your last hearing test. Ask for an audiologist who knows musicians."),),
        buttons=(
            Button("I had it", action("hearing.ask_test"), MAIN),
            Button("In a month", action("hearing.test_later", 30)),
            Button("Do not remind me", action("hearing.no_test")),
        ),
        also=(_sources("niosh-test"),),
    )
