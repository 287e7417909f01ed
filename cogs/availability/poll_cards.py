"""A question for dates as replies: the grid, the reader's own answers, the results."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from cogs.availability.calendar import Verdict
from cogs.availability.names import chair
from cogs.availability.polls import NEXT, Asked, Form, PollView
from cogs.availability.rules import day_text
from cogs.kit.action import action
from cogs.kit.reply import DANGER, MAIN, AnyButton, Button, CardRef, Field, Reply, Row
from cogs.kit.words import Code, Day, Line, Moment, Shown, Span, Strong, Who, line
from storage.records.availability import Free
from storage.records.times import Span as Stretch

_WORDS = {Free.FREE: "yes", Free.MAYBE: "maybe", Free.NO: "no"}
_OWN = {Verdict.NO: " · your diary: no", Verdict.MAYBE: " · your diary: maybe", Verdict.FREE: " · your diary: free"}
#: Names behind a date before they are counted instead.
_NAMES = 6


def board(view: PollView, *, full: bool = False) -> Reply:
    """The card that fills in. full: for the asker, who sees who said what even where it is hidden."""
    poll = view.poll
    is_open = poll.closed_at is None
    asker: Line = (Who(view.asker.id, view.asker.name),) if view.asker is not None else line("Somebody")
    whom = line(" asks for ", Strong(chair(poll.role))) if poll.role is not None else line(" asks")
    names = full or not poll.hidden
    lines: list[Line] = [(*asker, *whom, *line(": which of these can you do? ", Code(poll.ref)))]
    if poll.cancelled:
        lines.append(line("It was called off."))
    elif not is_open:
        lines.append(line("It is closed."))
    waiting = f", waiting for {len(view.waiting)}" if view.waiting and is_open else ""
    answered = len(view.answered)
    count = f"{answered or 'Nobody'} {'have' if answered > 1 else 'has'} answered{waiting}."
    fields = (
        tuple(_date_field(view, number, names) for number in range(len(poll.dates))) if names or not is_open else ()
    )
    if not names and is_open:
        fields = tuple(Field(f"{n + 1}", _when(span)) for n, span in enumerate(poll.dates))
    return Reply(
        title="Dates",
        lines=tuple(lines),
        fields=fields,
        also=(
            line(count),
            *((line("Who said what only the asker sees."),) if poll.hidden else ()),
            *((line("Until ", Moment(poll.reply_by, poll.zone)),) if is_open else ()),
        ),
        buttons=(Button("Say which I can do", action("dates.form", poll.id), MAIN),) if is_open else (),
        card=CardRef("dates.poll", poll.id),
    )


def _date_field(view: PollView, number: int, names: bool) -> Field:
    said = view.said(number)
    parts: list[Span | str] = []
    for state in Free:
        people = said[state]
        if not people:
            continue
        parts += [" · " if parts else "", f"{len(people)} {_WORDS[state]}"]
        if names:
            shown = [view.people[one].name for one in people[:_NAMES] if one in view.people]
            more = f" and {len(people) - _NAMES} more" if len(people) > _NAMES else ""
            parts.append(f" ({', '.join(shown)}{more})")
    answer = line(*parts) if parts else line("nobody yet")
    return Field(date_text(view.poll.dates[number]), answer)


def asked(done: Asked) -> Reply:
    """What the asker is told."""
    poll = done.view.poll
    where = ", ".join(channel.label for channel in done.channels)
    told = f"{done.told} {'person is' if done.told == 1 else 'people are'} asked." if done.told else ""
    hung = f"The card goes up in {where}." if where else ""
    return Reply(
        lines=(line("Asked, ", Code(poll.ref), ": ", " ".join(part for part in (told, hung) if part)),),
        fields=(
            *(Field(f"Date {n + 1}", _when(span)) for n, span in enumerate(poll.dates)),
            Field("Answers until", line(Moment(poll.reply_by, poll.zone))),
        ),
        buttons=(Button("Show answers", action("dates.show", poll.id)),),
    )


def invitation(view: PollView) -> Reply:
    """What somebody gets who was named."""
    poll = view.poll
    asker: Line = (Who(view.asker.id, view.asker.name),) if view.asker is not None else line("Somebody")
    return Reply(
        lines=((*asker, *line(" asks which of these you can do. ", Code(poll.ref))),),
        fields=tuple(Field(f"Date {n + 1}", _when(span)) for n, span in enumerate(poll.dates)),
        also=(line("Until ", Moment(poll.reply_by, poll.zone)),),
        buttons=(
            Button("Say which I can do", action("dates.form", poll.id), MAIN),
            Button("None of them", action("dates.rest", poll.id, Free.NO)),
        ),
    )


def reminder(view: PollView) -> Reply:
    """Once, to who has said nothing."""
    asked_again = invitation(view)
    return asked_again.with_(lines=(line("Still waiting for your answer:"), *asked_again.lines))


def form(found: Form, *, replaces: bool = False) -> Reply:
    """The reader's own answers: one button a date, which says what a tap will say."""
    poll = found.view.poll
    rows = []
    buttons: list[AnyButton] = []
    for number, span in enumerate(poll.dates):
        state = found.mine.get(number)
        mine = line(" ", Strong(_WORDS[state])) if state is not None else line(" not said")
        own = line(_OWN.get(found.own[number], ""))
        rows.append(Row((*line(f"{number + 1}. "), *_when(span), *line(":"), *mine, *own)))
        then = NEXT[state]
        label = f"{number + 1}. {short_text(span)}: {_WORDS[then]}"
        buttons.append(Button(label[:38], action("dates.tick", poll.id, number, then)))
    left = len(poll.dates) - len(found.mine)
    if left:
        rest = "the rest" if found.mine else "all"
        buttons += [
            Button(f"Yes to {rest}", action("dates.rest", poll.id, Free.FREE), MAIN),
            Button(f"No to {rest}", action("dates.rest", poll.id, Free.NO)),
        ]
    done = line("Every date is answered. Tap one to change it.") if not left else line("Tap what you can do.")
    return Reply(
        title=f"{poll.ref}: which can you do?",
        lines=(done,),
        rows=tuple(rows),
        buttons=tuple(buttons),
        also=(line("What your diary says only you see."),) if any(v in _OWN for v in found.own.values()) else (),
        replaces=replaces,
    )


def results(view: PollView, heading: str | None = None) -> Reply:
    """For the asker: the best dates first, who said what, who has not answered."""
    poll = view.poll
    rows = []
    for number in view.best():
        field = _date_field(view, number, True)
        rows.append(Row((*_when(poll.dates[number]), *line(": "), *field.line)))
    waiting = [view.people[one].name for one in view.waiting if one in view.people]
    is_open = poll.closed_at is None
    best = view.best()[0]
    yes = len(view.said(best)[Free.FREE])
    lines: list[Line] = [line(heading)] if heading else []
    if yes:
        lines.append((*line("Best: "), Strong(date_text(poll.dates[best])), *line(f", {yes} can.")))
    return Reply(
        title=f"{poll.ref}: answers",
        lines=tuple(lines),
        rows=tuple(rows),
        also=(line(f"Not answered: {', '.join(waiting)}."),) if waiting else (),
        buttons=(
            (
                Button("Close it", action("dates.close", poll.id)),
                Button("Call it off", action("dates.cancel", poll.id), DANGER),
            )
            if is_open
            else ()
        ),
    )


def closed(view: PollView) -> Reply:
    """It takes no more answers."""
    poll = view.poll
    if poll.cancelled:
        return Reply(lines=(line(Code(poll.ref), " is called off. Nobody is asked any more."),))
    return results(view, "It is closed.")


def listed(views: Sequence[PollView]) -> Reply:
    """One's own questions."""
    if not views:
        return Reply(
            lines=(
                line("You have asked for no dates."),
                line("Ask: ", Code("/avail ask @sam, @jo 3 Jan, 4 Jan by Fri")),
            )
        )
    return Reply(title="Dates you asked for", rows=tuple(_row(view) for view in views))


def _row(view: PollView) -> Row:
    poll = view.poll
    state = "called off" if poll.cancelled else "closed" if poll.closed_at is not None else "open"
    dates = ", ".join(date_text(span) for span in poll.dates[:3]) + (" …" if len(poll.dates) > 3 else "")
    return Row(
        line(Code(poll.ref), f" {dates} · {state}, {len(view.answered)} answered"),
        (Button(f"Show {poll.ref}", action("dates.show", poll.id)),),
    )


def _when(span: Stretch) -> Line:
    if span.whole_days:
        if span.first_day == span.last_day:
            return line(Day(span.first_day))
        return line(Day(span.first_day), " - ", Day(span.last_day))
    if span.end is None:
        return line(Moment(span.start, span.zone, Shown.FULL))
    return line(Moment(span.start, span.zone, Shown.FULL), " until ", Moment(span.end, span.zone, Shown.CLOCK))


def date_text(span: Stretch) -> str:
    """ "Sun 3 Jan 2027", with its clock where it has one."""
    if span.whole_days:
        first = day_text(span.first_day)
        return first if span.first_day == span.last_day else f"{first} - {day_text(span.last_day)}"
    local = span.start.astimezone(ZoneInfo(span.zone))
    return f"{day_text(local.date())}, {local:%H:%M}"


def short_text(span: Stretch) -> str:
    """For a button: without the year."""
    local = span.start.astimezone(ZoneInfo(span.zone))
    day = day_text(local.date(), year=local.year)
    return day if span.whole_days else f"{day} {local:%H:%M}"
