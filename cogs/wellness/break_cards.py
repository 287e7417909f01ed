"""Break timers as replies: what was started, a break, the card of a group, and what became of them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from cogs.kit.action import action
from cogs.kit.moments import length_text
from cogs.kit.reply import DANGER, MAIN, AnyButton, Button, CardRef, Field, Reply
from cogs.kit.words import Code, Line, Moment, Shown, Span, Who, line
from cogs.wellness import suggestions, timing
from cogs.wellness.breaks import CARD, Stood
from cogs.wellness.suggestions import Suggestion
from cogs.wellness.together import Shared
from storage.records.wellness import BreakEntry, BreakMode, BreakPlan, BreakTimer, Phase, Taken

NAMES = {
    BreakMode.PRACTICE: "practice",
    BreakMode.REHEARSAL: "rehearsal",
    BreakMode.SESSION: "session",
    BreakMode.DESK: "desk",
    BreakMode.OWN: "own",
}
#: Said under a rehearsal's timer that is one's own.
FOR_A_GROUP = line("For everybody in a group, say it there: ", Code("/break group rehearsal"))
#: Names on a group's card; more are counted.
_MOST_NAMES = 12


def _title(timer: BreakTimer) -> str:
    return f"{NAMES[timer.mode].capitalize()} timer: {timer.play} min, then {timer.rest} min off"


def _clock(at: datetime, timer: BreakTimer, now: datetime | None = None) -> Line:
    """The clock alone today, the day with it later; UTC, where nobody said whose clock, is named."""
    later = now is not None and at - now > timedelta(hours=16)
    moment = Moment(at, timer.zone, Shown.SHORT if later else Shown.CLOCK)
    return line(moment, " UTC") if timer.zone == "UTC" else line(moment)


# --- one's own --------------------------------------------------------------------------------------------------------


def started(stood: Stood, now: datetime, *, said_until: bool) -> Reply:
    """What was started. said_until: its end was typed, so it is repeated in full, with a way to fix it."""
    timer = stood.timer
    lines: list[Line] = [line(f"{_title(timer)}. ", *_next(stood, now))]
    if stood.replaced is not None:
        lines.append(line(_replaced(stood.replaced)))
    buttons: list[AnyButton] = [*_deeds(timer), Button("Set my hours", action("breaks.hours"))]
    fields: tuple[Field, ...] = ()
    if timer.until is not None and said_until:
        fields = (Field("Until", line(Moment(timer.until, timer.zone))),)
        buttons.append(Button("Fix", action("breaks.fix")))
    elif timer.until is not None:
        lines.append(line("It stops by itself at ", *_clock(timer.until, timer, now), "."))
    return Reply(lines=tuple(lines), fields=fields, buttons=tuple(buttons))


def _replaced(timer: BreakTimer) -> str:
    name = NAMES[timer.mode]
    return f"You have left the group's {name} timer." if timer.shared else f"Your {name} timer ended."


def _next(stood: Stood, now: datetime) -> Line:
    timer = stood.timer
    if timer.began_at > now:
        return line("I stay silent until ", *_clock(timer.began_at, timer, now), " and start then.")
    if timer.phase is Phase.REST:
        return line("On a break until ", *_clock(timer.ends_at, timer, now), ".")
    if timer.until is not None and timer.until < timer.ends_at:
        return line("It stops at ", *_clock(timer.until, timer, now), ", before the next break.")
    return line("Next break at ", *_clock(timer.ends_at, timer, now), ".")


def _deeds(timer: BreakTimer) -> tuple[AnyButton, ...]:
    return (
        Button(f"Snooze {timing.SNOOZE} min", action("breaks.snooze", timer.turn)),
        Button("Skip", action("breaks.skip", timer.turn)),
        Button("Stop", action("breaks.stop")),
    )


def changed(stood: Stood, now: datetime, said: str) -> Reply:
    """A skipped or snoozed break: when the next one comes."""
    return Reply(lines=(line(f"{said} ", *_next(stood, now)),), buttons=_deeds(stood.timer))


def went_on(stood: Stood, now: datetime) -> Reply:
    """A stop taken back."""
    return Reply(lines=(line(f"{_title(stood.timer)} goes on. ", *_next(stood, now)),), buttons=_deeds(stood.timer))


def stopped(timer: BreakTimer) -> Reply:
    """It is over."""
    return Reply(lines=(line(f"Your {NAMES[timer.mode]} timer has stopped."),))


def left(timer: BreakTimer) -> Reply:
    """Stop, said by somebody who shares a group's timer."""
    return Reply(lines=(line(f"You have left the group's {NAMES[timer.mode]} timer."),))


def warning(timer: BreakTimer) -> Reply:
    """The word before a break."""
    minutes = int(timing.WARN.total_seconds() // 60)
    return Reply(
        lines=(line(f"Break in {minutes} minutes, at ", *_clock(timer.ends_at, timer), "."),),
        buttons=_deeds(timer),
        silent=True,
    )


def break_now(timer: BreakTimer, until: datetime, turn: int, idea: Suggestion) -> Reply:
    """A break begins. turn: the number it will have, which its buttons carry."""
    said, source = suggestions.lines_of(idea)
    return Reply(
        lines=(line(f"Break: {timer.rest} minutes, until ", *_clock(until, timer), "."), said),
        buttons=(
            Button(f"Snooze {timing.SNOOZE} min", action("breaks.snooze", turn)),
            Button("Skip", action("breaks.skip", turn)),
            Button("Stop", action("breaks.stop")),
        ),
        also=(source,),
    )


def back(timer: BreakTimer, next_at: datetime, *, last: bool = False) -> Reply:
    """A break is over."""
    if last:
        return Reply(lines=(line("The break is over, and so is the timer. Enough for today."),))
    said = line("The next one is at ", *_clock(next_at, timer), ".")
    if timer.until is not None and timer.until < next_at:
        said = line("The timer stops at ", *_clock(timer.until, timer), ", before the next one.")
    return Reply(
        lines=(line("Break over. ", *said),),
        buttons=(Button("Stop", action("breaks.stop")),),
    )


def ended(timer: BreakTimer) -> Reply:
    """It has come to its end."""
    return Reply(lines=(line(f"The {NAMES[timer.mode]} timer ends here. Put it away, you have done your time."),))


# --- a group's --------------------------------------------------------------------------------------------------------


def group(shared: Shared) -> Reply:
    """The card of a group's timer: drawn anew in place."""
    timer = shared.timer
    card = CardRef(CARD, timer.id)
    leader = shared.people.get(timer.person_id)
    names: list[Span | str] = []
    for person_id, name in shared.names[:_MOST_NAMES]:
        names += [", "] if names else []
        names.append(Who(person_id, name))
    more = len(shared.names) - _MOST_NAMES
    if more > 0:
        names.append(f" and {more} more")
    if not timer.runs:
        return Reply(title=f"{NAMES[timer.mode].capitalize()} timer: ended", card=card)
    resting = timer.phase is Phase.REST
    fields = [
        Field("Now", line("Break until " if resting else "Playing until ", *_clock(timer.ends_at, timer))),
        Field("In", line(*names) if names else line("nobody yet")),
    ]  # fmt: skip
    if leader is not None:
        fields.append(Field("Leads", line(Who(leader.id, leader.name))))
    if timer.until is not None:
        fields.append(Field("Ends", line(Moment(timer.until, timer.zone, Shown.SHORT))))
    return Reply(
        title=_title(timer),
        fields=tuple(fields),
        buttons=(
            Button("Join", action("together.join", timer.id), MAIN),
            Button("Leave", action("together.leave", timer.id)),
            Button("Tell me privately too", action("together.tell", timer.id)),
            Button("5 min more", action("together.extend", timer.id)),
            Button("End timer", action("together.end", timer.id), DANGER),
        ),
        card=card,
        silent=True,
    )


def group_break(timer: BreakTimer, until: datetime) -> Reply:
    """The one word to a group that its break begins; no sound, no mention."""
    return Reply(lines=(line(f"Break: {timer.rest} minutes, back at ", *_clock(until, timer), "."),), silent=True)


def told(timer: BreakTimer, idea: Suggestion) -> Reply:
    """The private word to who asked for it."""
    clock = _clock(timer.ends_at, timer)
    stop = (Button("Stop telling me", action("together.hush", timer.id)),)
    if timer.phase is Phase.WORK:
        return Reply(
            lines=(line(f"Back to the {NAMES[timer.mode]}. The next break is at ", *clock, "."),), buttons=stop
        )
    said, source = suggestions.lines_of(idea)
    first = line(f"The group's break: {timer.rest} minutes, until ", *clock, ".")
    return Reply(lines=(first, said), buttons=stop, also=(source,))


def group_started(shared: Shared) -> Reply:
    """To the leader, privately."""
    lines = [line("The timer runs. Its card hangs here, and anybody may join.")]
    if shared.replaced is not None:
        lines.append(line(_replaced(shared.replaced)))
    return Reply(lines=tuple(lines))


def joined(shared: Shared) -> Reply:
    """To who joined, privately."""
    said = "You are in." if shared.joined else "You were in already."
    lines = [line(f"{said} The group's breaks are announced there, once and without a sound.")]
    if shared.replaced is not None:
        lines.append(line(_replaced(shared.replaced)))
    return Reply(
        lines=tuple(lines), buttons=(Button("Tell me privately too", action("together.tell", shared.timer.id)),)
    )


def will_tell(shared: Shared, *, told: bool) -> Reply:
    """To who asked to be told, or not any more."""
    if told:
        stop = (Button("Stop telling me", action("together.hush", shared.timer.id)),)
        return Reply(lines=(line("You are in, and I tell you each break here."),), buttons=stop)
    return Reply(lines=(line("I tell you no more. You are still in."),))


def said_left(shared: Shared) -> Reply:
    """To who left."""
    if not shared.joined:
        return Reply(lines=(line("You were not in."),))
    if not shared.timer.runs:
        return Reply(lines=(line("You are out. Nobody was left, so the timer ended."),))
    return Reply(lines=(line("You are out."),))


def extended(shared: Shared, minutes: int) -> Reply:
    """To the leader."""
    clock = _clock(shared.timer.ends_at, shared.timer)
    return Reply(lines=(line(f"{minutes} minutes more, until ", *clock, "."),))


def group_ended() -> Reply:
    """To the leader."""
    return Reply(lines=(line("The timer has ended for everybody."),))


def group_again() -> Reply:
    """To the leader."""
    return Reply(lines=(line("The timer goes on, with a fresh stretch."),))


# --- the plan, and what became of them --------------------------------------------------------------------------------


def plan(found: BreakPlan, timer: BreakTimer | None, now: datetime, *, kept: bool) -> Reply:
    """When the person's timer may speak."""
    hours = (
        "all day"
        if found.begins == found.ends
        else f"{timing.clock_text(found.begins)} to {timing.clock_text(found.ends)}"
    )
    fields = [Field("Breaks may come", line(f"{timing.days_text(found.days)}, {hours}, {found.zone}"))]
    if found.silent_until is not None and found.silent_until > now:
        fields.append(Field("Silent until", line(Moment(found.silent_until, found.zone))))
    lines = [line("Kept. " if kept else "", "Your quiet hours and the calls in your diary are left in peace as well.")]
    if timer is not None:
        lines.append(line(*_next(Stood(timer), now)))
    buttons: list[AnyButton] = [Button("Change", action("breaks.hours"))]
    if found.silent_until is not None and found.silent_until > now:
        buttons.append(Button("Speak again", action("breaks.speak")))
    else:
        buttons.append(Button("Silent for 2 hours", action("breaks.hush", 120)))
    return Reply(lines=tuple(lines), fields=tuple(fields), buttons=tuple(buttons))


def stats(entries: Sequence[BreakEntry], period: str, current: Stood | None, now: datetime) -> Reply:
    """What became of the breaks of a period."""
    counted = Counter(entry.outcome for entry in entries)
    by_mode: Counter[BreakMode] = Counter()
    for entry in entries:
        by_mode[entry.mode] += entry.played
    lines: list[Line] = []
    if current is not None:
        lines.append(line(f"{_title(current.timer)}. ", *_next(current, now)))
    if not entries:
        lines.append(line(f"No breaks {period}."))
        return Reply(lines=tuple(lines), buttons=_stats_buttons(current))
    fields = [
        Field("Taken", line(str(counted[Taken.TAKEN]))),
        Field("Skipped", line(str(counted[Taken.SKIPPED]))),
        Field("Snoozed", line(str(counted[Taken.SNOOZED]))),
        Field("Time between them", line(_lengths(by_mode))),
    ]
    return Reply(
        title=f"Your breaks {period}", lines=tuple(lines), fields=tuple(fields), buttons=_stats_buttons(current)
    )


def _lengths(by_mode: Counter[BreakMode]) -> str:
    return (
        " · ".join(
            f"{NAMES[mode]} {length_text(timedelta(minutes=minutes))}"
            for mode, minutes in by_mode.most_common()
            if minutes
        )
        or "under a minute"
    )


def _stats_buttons(current: Stood | None) -> tuple[AnyButton, ...]:
    if current is None:
        return (Button("Start practice 25/5", action("breaks.begin", BreakMode.PRACTICE)),)
    if current.timer.shared:
        return (Button("Leave the group's timer", action("together.leave", current.timer.id)),)
    return _deeds(current.timer)
