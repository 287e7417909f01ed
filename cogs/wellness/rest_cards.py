"""Rest as replies: a hint, how somebody stands, time off, and the week's summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from cogs.kit.action import action
from cogs.kit.moments import length_text
from cogs.kit.reply import MAIN, Button, Field, Reply, Row
from cogs.kit.words import Code, Day, Line, Moment, Shown, line
from cogs.wellness import rules
from cogs.wellness.resting import HINTS, SUMMARY, Standing, Week
from cogs.wellness.rules import Tired
from storage.records.availability import Booking, Entry
from storage.records.wellness import Hint, Taken


def said(one: Tired, zone: str) -> Line:
    """What the diary says, as a fact."""
    match one.hint:
        case Hint.DOUBLES:
            return line(Day(one.last, Shown.SHORT), " is your third day in a row with two calls or more.")
        case Hint.NO_DAY_OFF:
            return line(f"{rules.DAYS_WITHOUT_ONE_OFF} days without one off, up to ", Day(one.last, Shown.SHORT), ".")
        case Hint.SHORT_NIGHT:
            assert one.ends is not None
            assert one.begins is not None
            return line(
                "A short night: out at ", Moment(one.ends, zone, Shown.SHORT), ", in again at ",
                Moment(one.begins, zone, Shown.SHORT), ".",
            )  # fmt: skip


def tired(one: Tired, zone: str) -> Reply:
    """Said once, privately."""
    return Reply(
        lines=(said(one, zone), line("No need to answer. If there is a gap somewhere, keep it.")),
        buttons=(
            Button("Plan time off", action("rest.plan"), MAIN),
            Button("Do not tell me such things", action("rest.hints", False)),
        ),
    )


def standing(found: Standing) -> Reply:
    """How somebody stands."""
    fields = [
        Field("In a row", line(f"{found.row} days with work" if found.row else "today is off")),
        Field("Next day off", line(Day(found.day_off))),
    ]
    rows = tuple(
        Row(_days(entry), (Button(f"Give up {_short(entry)}", action("rest.work", entry.id)),)) for entry in found.off
    )
    return Reply(
        title="Your rest",
        lines=tuple(said(one, found.zone) for one in found.tired),
        fields=tuple(fields),
        rows=rows,
        buttons=(
            Button("Plan time off", action("rest.plan"), MAIN),
            Button(f"Turn rest hints {'off' if found.hints else 'on'}", action("rest.hints", not found.hints)),
            Button(f"Turn weekly summary {'off' if found.summary else 'on'}", action("rest.weekly", not found.summary)),
            Button("My check-ins", action("checkin.chart")),
        ),
    )


def _short(entry: Entry) -> str:
    return f"{entry.first.day} {entry.first:%b}"


def _days(entry: Entry) -> Line:
    if entry.last is None or entry.last == entry.first:
        return line("Off: ", Day(entry.first))
    return line("Off: ", Day(entry.first), " to ", Day(entry.last))


def off(entry: Entry, clashes: Sequence[Booking]) -> Reply:
    """Time off was planned: its days, repeated."""
    hours = "" if entry.whole_days else f", {_clock(entry.begins)} to {_clock(entry.ends)}"
    lines = [line(*_days(entry), f"{hours}, {entry.zone}. It shows as no in your availability.")]
    for booking in clashes[:5]:
        lines.append(
            line(
                "You play ",
                Code(f"G{booking.gig_id}"),
                " then, ",
                Moment(booking.span.start, booking.span.zone, Shown.SHORT),
                "; that stays.",
            )
        )
    return Reply(
        lines=tuple(lines),
        buttons=(Button("Fix", action("rest.fix", entry.id)),),
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def given_up(entry: Entry) -> Reply:
    """Time off was given up."""
    return Reply(lines=(line(*_days(entry), ": given up."),))


def kept(entry: Entry) -> Reply:
    """It stands again."""
    return Reply(lines=(line(*_days(entry), ": stands again."),))


def switched(name: str, *, on: bool) -> Reply:
    """A switch was set."""
    if name == HINTS:
        text = "I say so when your diary leaves you no rest." if on else "I keep quiet about rest."
        return Reply(lines=(line(text),), buttons=(_back(HINTS, on=on),))
    assert name == SUMMARY
    text = "Your week comes on Sundays at 18:00, to you alone." if on else "No more weekly summaries."
    return Reply(lines=(line(text),), buttons=(_back(SUMMARY, on=on),))


def _back(name: str, *, on: bool) -> Button:
    deed = "rest.hints" if name == HINTS else "rest.weekly"
    return Button("Turn it off again" if on else "Turn it on again", action(deed, not on))


def summary(week: Week, zone: str) -> Reply:
    """The week, for the person alone."""
    counted = Counter(one.outcome for one in week.breaks)
    played = sum(one.played for one in week.breaks)
    fields = []
    if week.breaks:
        fields.append(
            Field(
                "Breaks",
                line(
                    f"{counted[Taken.TAKEN]} taken, {counted[Taken.SKIPPED]} skipped, "
                    f"{length_text(timedelta(minutes=played))} between them"
                ),
            )
        )
    if week.hearing:
        fields.append(Field("Ears", line(f"{rules.week_dose(week.hearing):.0f} % of a week's dose (NIOSH)")))
    energy = [one.energy for one in week.checkins if one.energy is not None]
    if energy:
        fields.append(Field("Energy", line(f"{sum(energy) / len(energy):.1f} of 5, {len(energy)} check-ins")))
    fields.append(Field("Next day off", line(Day(week.day_off))))
    return Reply(
        title="Your week",
        lines=tuple(said(one, zone) for one in week.tired[:3]),
        fields=tuple(fields),
        buttons=(Button("No weekly summary", action("rest.weekly", False)),),
        also=(line("For you alone."),),
    )
