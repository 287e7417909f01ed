"""Reminders as replies: when one rings, the echo of what was set, one in full, and the list."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from cogs.kit.action import action
from cogs.kit.reply import DANGER, MAIN, AnyButton, Button, Field, Reply, Row
from cogs.kit.words import Code, Line, Moment, Plain, Shown, Span, Strong, line
from cogs.reminders import repeats
from cogs.reminders.asked import Part
from cogs.reminders.kept import Kept, Page
from cogs.reminders.phrases import lead_text, repeat_text
from storage.records.gig import HIDDEN, Gig, GigState
from storage.records.notice import NOWHERE, OFF, Delivery, Outcome
from storage.records.reminder import Reminder, ReminderState

PLATFORMS = {"discord": "Discord", "telegram": "Telegram", "console": "the console"}
_ARRIVED = frozenset({Outcome.SENT, Outcome.LATE, Outcome.DIGESTED})
#: Characters of a reminder's words on one line of a list.
_SHORT = 60


# --- when it rings ----------------------------------------------------------------------------------------------------


def due(reminder: Reminder, number: int, gig: Gig | None = None) -> Reply:
    """The reminder itself. number: of this time, so that a tick means this one."""
    if reminder.channel_id is not None:
        return Reply(
            lines=(line(Strong(reminder.text)), *_gig_line(gig)), also=(_mark(reminder),), ping_role=reminder.role
        )
    return Reply(
        lines=(line(Strong(reminder.text)), *_gig_line(gig), _mark(reminder)), buttons=_buttons(reminder, number)
    )


def ahead(reminder: Reminder, at: datetime, gig: Gig | None = None) -> Reply:
    """The word before it: what is coming, and when."""
    said = line("Coming up: ", Strong(reminder.text))
    when = line(Moment(at, reminder.timing.zone))
    if reminder.channel_id is not None:
        return _in_channel(reminder, (said, when, *_gig_line(gig)))
    buttons = (
        Button("Done", action("reminders.done", reminder.id, reminder.planned), MAIN),
        Button("Edit", action("remindset.edit", reminder.id)),
    )
    return Reply(lines=(said, when, *_gig_line(gig), _mark(reminder)), buttons=buttons)


def _in_channel(reminder: Reminder, lines: tuple[Line, ...]) -> Reply:
    """Without buttons: what a channel is reminded of is not for each reader to tick off."""
    return Reply(lines=lines, also=(_mark(reminder),), ping_role=reminder.role)


def _buttons(reminder: Reminder, number: int) -> tuple[AnyButton, ...]:
    return (
        Button("Done", action("reminders.done", reminder.id, number), MAIN),
        Button("Snooze 10 min", action("reminders.snooze", reminder.id, 10)),
        Button("1 hour", action("reminders.snooze", reminder.id, 60)),
        Button("Tomorrow 9:00", action("reminders.tomorrow", reminder.id)),
        Button("Edit", action("remindset.edit", reminder.id)),
    )


def _mark(reminder: Reminder) -> Line:
    repeat = repeat_text(reminder.timing)
    return line(Code(reminder.ref), f" · {repeat}" if repeat else " · reminder")


def _gig_line(gig: Gig | None) -> tuple[Line, ...]:
    if gig is None:
        return ()
    if gig.state in HIDDEN:
        return (line(Code(gig.ref), " is off the board."),)
    if gig.state in (GigState.CANCELLED, GigState.POSTPONED):
        return (line(Code(gig.ref), f" was {gig.state.value}."),)
    return (line("For ", Code(gig.ref), ", ", Moment(gig.span.start, gig.span.zone, Shown.SHORT), "."),)


# --- what was set -----------------------------------------------------------------------------------------------------


def made(kept: Kept, note: str | None = None) -> Reply:
    """The echo of a new reminder: its time in full, and the two after it; with ways to fix it and to take it back."""
    return _echo(kept, "Kept: ", note)


def changed(kept: Kept) -> Reply:
    """The echo of a change."""
    return _echo(kept, "Changed: ")


def restored(kept: Kept) -> Reply:
    """It is back, and this is when it rings."""
    return _echo(kept, "Back: ")


def _echo(kept: Kept, said: str, note: str | None = None) -> Reply:
    reminder = kept.reminder
    lines = [line(said, Strong(reminder.text), " · ", Code(reminder.ref))]
    if note is not None:
        lines.append(line(note))
    return Reply(
        lines=tuple(lines),
        fields=_fields(kept),
        buttons=(Button("Fix", action("remindset.fix", reminder.id, Part.WHEN)),),
    )


def _fields(kept: Kept) -> tuple[Field, ...]:
    reminder = kept.reminder
    fields = [Field("When", _when(reminder))]
    if reminder.repeats:
        fields.append(Field("Repeats", line(repeat_text(reminder.timing))))
        following = _following(reminder)
        if following:
            fields.append(Field("After that", following))
    if kept.gig is not None:
        start = Moment(kept.gig.span.start, kept.gig.span.zone, Shown.SHORT)
        fields.append(Field("Hangs on", line(Code(kept.gig.ref), ", ", start, ". It moves when the gig moves.")))
    if reminder.leads:
        fields.append(Field("Also", line(", ".join(f"{lead_text(lead)} before" for lead in reminder.leads))))
    place = _place(kept)
    if place:
        fields.append(Field("Goes to", line(place)))
    return tuple(fields)


def _when(reminder: Reminder) -> Line:
    if reminder.state is ReminderState.PAUSED:
        return line("paused")
    if reminder.next_at is None:
        return line("nothing more to come")
    said = line(Moment(reminder.next_at, reminder.timing.zone))
    return said if reminder.timing.clock is not None else (*said, Plain(" (no clock was given, so at nine)"))


def _following(reminder: Reminder) -> Line:
    """The two times after the next one."""
    if reminder.next_at is None:
        return ()
    parts: list[Plain | Moment] = []
    for at in islice(repeats.occurrences(reminder.timing, reminder.next_at), 2):
        parts += [Plain(" · ")] if parts else []
        parts.append(Moment(at, reminder.timing.zone, Shown.SHORT))
    return tuple(parts)


def _place(kept: Kept) -> str:
    reminder = kept.reminder
    if reminder.channel_id is not None:
        role = f", for the role {reminder.role}" if reminder.role else ""
        return (kept.channel.label if kept.channel is not None else "a channel that is gone") + role
    return PLATFORMS.get(reminder.platform, reminder.platform) if reminder.platform else ""


# --- one in full, and the list ----------------------------------------------------------------------------------------


def shown(kept: Kept) -> Reply:
    """One reminder with everything about it, and a button for each thing that can be done."""
    reminder = kept.reminder
    fields = [*_fields(kept)]
    state = delivery(kept)
    if state:
        fields.append(Field("Delivery", line(*state)))
    return Reply(
        title=f"{reminder.ref}: {reminder.text}"[:256],
        fields=tuple(fields),
        buttons=(*_edits(reminder), *_deeds(reminder)),
    )


def editing(kept: Kept) -> Reply:
    """What can be changed, one button each."""
    reminder = kept.reminder
    return Reply(
        lines=(line("What shall change about ", Code(reminder.ref), ", ", Strong(reminder.text), "?"),),
        fields=_fields(kept),
        buttons=(*_edits(reminder), Button("Delete", action("reminders.delete", reminder.id), DANGER)),
    )


def _edits(reminder: Reminder) -> tuple[AnyButton, ...]:
    return (
        Button("Change time", action("remindset.fix", reminder.id, Part.WHEN)),
        Button("Change words", action("remindset.fix", reminder.id, Part.WHAT)),
        Button("Change repeat", action("remindset.fix", reminder.id, Part.REPEAT)),
        Button("Change time ahead", action("remindset.fix", reminder.id, Part.LEAD)),
    )


def _deeds(reminder: Reminder) -> tuple[AnyButton, ...]:
    found: list[AnyButton] = []
    if reminder.state is ReminderState.PAUSED:
        found.append(Button("Resume", action("reminders.resume", reminder.id), MAIN))
    elif reminder.state is ReminderState.ACTIVE:
        found.append(Button("Pause", action("reminders.pause", reminder.id)))
    if reminder.state is not ReminderState.DONE:
        found.append(Button("Done", action("reminders.done", reminder.id, 0)))
    return (*found, Button("Delete", action("reminders.delete", reminder.id), DANGER))


def page(found: Page) -> Reply:
    """A page of the list, with how each was delivered."""
    if not found.total:
        return Reply(
            lines=(
                line("You have no reminders."),
                line("Set one: ", Code("/remind me tomorrow 9am send charts to Jo")),
            )
        )
    buttons: list[AnyButton] = []
    if found.number > 0:
        buttons.append(Button("Back", action("reminders.page", found.number - 1)))
    if found.number + 1 < found.pages:
        buttons.append(Button("Next", action("reminders.page", found.number + 1)))
    counted = f" · page {found.number + 1} of {found.pages}" if found.pages > 1 else ""
    return Reply(
        title=f"Your reminders: {found.total}{counted}",
        rows=tuple(_row(kept) for kept in found.kept),
        buttons=tuple(buttons),
    )


def _row(kept: Kept) -> Row:
    reminder = kept.reminder
    parts: list[Span | str] = [Code(reminder.ref), " ", Strong(_short(reminder.text))]
    if reminder.next_at is not None:
        parts += [" · ", Moment(reminder.next_at, reminder.timing.zone, Shown.SHORT)]
    if reminder.snoozed_until is not None:
        parts += [" · snoozed to ", Moment(reminder.snoozed_until, reminder.timing.zone, Shown.SHORT)]
    if reminder.repeats:
        parts.append(f" · {repeat_text(reminder.timing)}")
    if reminder.state is ReminderState.PAUSED:
        parts.append(" · paused")
    place = _place(kept)
    if place:
        parts.append(f" · {place}")
    state = delivery(kept)
    if state:
        parts += [" · ", *state]
    button = Button(f"Show {reminder.ref}", action("reminders.show", reminder.id))
    return Row(line(*parts), (button,))


def delivery(kept: Kept) -> Line:
    """Where its messages stand: whether the next one has somewhere to go, and how the last one ended."""
    parts: list[Line] = []
    waiting = _waiting(kept.waiting)
    if waiting:
        parts.append(line(waiting))
    if kept.last is not None:
        parts.append(_ended(kept.last, kept.reminder.timing.zone))
    joined: list[Span] = []
    for part in parts:
        joined += [Plain(" · "), *part] if joined else part
    return tuple(joined)


def _waiting(notice: Delivery | None) -> str:
    if notice is None or notice.next_at is None:
        return ""
    if notice.platform == OFF:
        return "will not be sent: you switched reminders off (/me notify)"
    if notice.platform == NOWHERE:
        why = f" ({notice.trouble})" if notice.trouble else ""
        return f"waiting: nowhere takes private messages for you{why}"
    if notice.trouble is not None:
        return f"waiting, last try failed: {notice.trouble}"
    return "waiting"


def _ended(notice: Delivery, zone: str) -> Line:
    at = Moment(notice.ended_at or notice.due_at, zone, Shown.SHORT)
    if notice.result in _ARRIVED:
        late = notice.result != Outcome.SENT
        return line("last one sent late, " if late else "last one sent ", at)
    if notice.result is None:
        return line("last one on its way")
    because = f": {notice.trouble}" if notice.trouble else ""
    match notice.result:
        case Outcome.SWITCHED_OFF:
            return line("last one not sent: reminders are switched off")
        case Outcome.UNSURE:
            return line("last one may have arrived, ", at)
        case Outcome.DROPPED | Outcome.SUPERSEDED | Outcome.CANCELLED:
            return line(f"last one {notice.result}")
    return line("last one could not be delivered", because, ", ", at)


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _SHORT else one_line[: _SHORT - 1] + "…"


# --- deeds ------------------------------------------------------------------------------------------------------------


def snoozed(kept: Kept) -> Reply:
    """When it rings again; its own times are as they were."""
    reminder = kept.reminder
    assert reminder.snoozed_until is not None
    again = line(Code(reminder.ref), " comes again ", Moment(reminder.snoozed_until, reminder.timing.zone), ".")
    lines: tuple[Line, ...] = (again,)
    if reminder.next_at is not None:
        own = "Its own times stay" if reminder.repeats else "Its own time stays"
        lines += (line(f"{own}: next ", Moment(reminder.next_at, reminder.timing.zone, Shown.SHORT), "."),)
    return Reply(lines=lines)


def done(kept: Kept, *, skipped: bool) -> Reply:
    """Ticked off; of a repeat, when it comes next."""
    reminder = kept.reminder
    said = line("Done: ", Strong(reminder.text), " · ", Code(reminder.ref))
    lines: tuple[Line, ...] = (said,)
    if reminder.next_at is not None:
        left_out = "The next one is left out. Then: " if skipped else "Next: "
        lines += (line(left_out, Moment(reminder.next_at, reminder.timing.zone), "."),)
    return Reply(lines=lines)


def paused(kept: Kept) -> Reply:
    """Nothing comes until it is resumed."""
    reminder = kept.reminder
    return Reply(
        lines=(line(Code(reminder.ref), " is paused: ", Strong(reminder.text)),),
        buttons=(Button("Resume", action("reminders.resume", reminder.id), MAIN),),
    )


def resumed(kept: Kept) -> Reply:
    """It goes on, and this is when."""
    return _echo(kept, "Goes on: ")


def deleted(kept: Kept) -> Reply:
    """Gone from the list, for ten minutes not for good."""
    reminder = kept.reminder
    return Reply(lines=(line("Deleted: ", Strong(reminder.text), " · ", Code(reminder.ref)),))


def unset(kept: Kept) -> Reply:
    """The making of it was taken back."""
    return Reply(lines=(line(Code(kept.reminder.ref), " is taken back. Nothing will come."),))


def choice(reminder: Reminder) -> str:
    """A reminder in a list to choose from: "R4 send charts to Jo"."""
    return f"{reminder.ref} {_short(reminder.text)}"
