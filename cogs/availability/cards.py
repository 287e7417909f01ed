"""One's own time as replies: the echo of what was said, the list of it, the diary, the question after sixty days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from cogs.availability import rules
from cogs.availability.asked import Part, Period, Show
from cogs.availability.calendar import Piece
from cogs.availability.heatmap import Square
from cogs.availability.names import chair
from cogs.kit.action import action
from cogs.kit.moments import length_text
from cogs.kit.reply import DANGER, MAIN, AnyButton, Button, Field, Reply, Row, Upload
from cogs.kit.words import Code, Day, Line, Moment, Shown, Span, Strong, Who, line, term
from storage.records.availability import Booking, Entry, Free
from storage.records.gig import Gig
from storage.records.people import Community, Person, Words

_SHORT = 60


@dataclass(frozen=True, slots=True)
class DayView:
    """One day as it is drawn."""

    day: date
    pieces: tuple[Piece, ...]
    bookings: tuple[Booking, ...]


# --- what was said ----------------------------------------------------------------------------------------------------


def said(
    entry: Entry, shared: Sequence[tuple[Community, bool]], now: datetime, *, word: str = "Kept", guessed: bool = False
) -> Reply:
    """The echo: what was understood, with its next time in full, and ways to fix it and take it back."""
    lines = [line(f"{word}: ", Strong(entry.state.value), f", {rules.pattern_text(entry)} · ", Code(entry.ref))]
    if guessed:
        lines.append(line("No end was said, so I count three hours."))
    return Reply(
        lines=tuple(lines),
        fields=_fields(entry, now),
        also=(_who_sees(shared),),
        buttons=(Button("Fix", action("avail.fix", entry.id)), Button("Who sees this?", action("avail.sharing"))),
    )


def _fields(entry: Entry, now: datetime) -> tuple[Field, ...]:
    fields = []
    coming = rules.next_stretch(entry, now)
    if coming is None:
        fields.append(Field("When", line("it has passed")))
    elif entry.whole_days:
        day = coming[0].astimezone(ZoneInfo(entry.zone)).date()
        days = (Day(day),) if entry.repeats or entry.last in (None, day) else (Day(day), " to ", Day(entry.last))
        fields.append(Field("Next" if entry.repeats else "When", line(*days, f", all day, {entry.zone}")))
    else:
        fields.append(
            Field(
                "Next" if entry.repeats else "When",
                line(Moment(coming[0], entry.zone), ", until ", Moment(coming[1], entry.zone, Shown.CLOCK)),
            )
        )
    if entry.region:
        fields.append(Field("Only in", line(entry.region)))
    if entry.note:
        fields.append(Field("Your note", line(entry.note)))
    return tuple(fields)


def _who_sees(shared: Sequence[tuple[Community, bool]]) -> Line:
    names = [community.name for community, on in shared if on]
    if not names:
        return line("Nobody else sees this.")
    where = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return line(f"Members of {where} can learn free, maybe or not known; never why, never your note.")


def deleted(entry: Entry) -> Reply:
    """Gone, for ten minutes not for good."""
    return Reply(
        lines=(line("Deleted: ", Strong(entry.state.value), f", {rules.pattern_text(entry)} · ", Code(entry.ref)),),
    )


def unset(entry: Entry) -> Reply:
    """The saying of it was taken back."""
    return Reply(lines=(line(Code(entry.ref), " is taken back."),))


def shown(entry: Entry, now: datetime) -> Reply:
    """One entry with everything about it."""
    stale = entry.stale_at() <= now
    return Reply(
        title=f"{entry.ref}: {entry.state.value}",
        lines=(line(rules.pattern_text(entry)),),
        fields=(
            *_fields(entry, now),
            Field(
                "Said", line(Moment(entry.said_at, entry.zone, Shown.SHORT), ", not counted any more" if stale else "")
            ),
        ),
        buttons=(
            *((Button("Still true", action("avail.confirm", entry.id), MAIN),) if stale else ()),
            Button("Change time", action("avail.fix", entry.id, Part.WHEN)),
            Button("Change answer", action("avail.fix", entry.id, Part.STATE)),
            Button("Change note", action("avail.fix", entry.id, Part.NOTE)),
            Button("Leave a day out", action("avail.except", entry.id)),
            Button("Delete", action("avail.delete", entry.id), DANGER),
        ),
    )


def listed(entries: Sequence[Entry], now: datetime, number: int) -> Reply:
    """A page of what one said."""
    if not entries:
        return Reply(
            lines=(line("You have said nothing about your time."), line("Say it: ", Code("/avail free next week"))),
            buttons=(Button("Diary", action("avail.diary", Period.WEEK)),),
        )
    pages = -(-len(entries) // rules.PAGE)
    number = min(max(number, 0), pages - 1)
    part = entries[number * rules.PAGE : (number + 1) * rules.PAGE]
    buttons: list[AnyButton] = []
    if number:
        buttons.append(Button("Back", action("avail.page", number - 1)))
    if number + 1 < pages:
        buttons.append(Button("Next", action("avail.page", number + 1)))
    counted = f" · page {number + 1} of {pages}" if pages > 1 else ""
    return Reply(
        title=f"What you said about your time: {len(entries)}{counted}",
        rows=tuple(_row(entry, now) for entry in part),
        buttons=(*buttons, Button("Diary", action("avail.diary", Period.WEEK))),
    )


def _row(entry: Entry, now: datetime) -> Row:
    parts: list[Span | str] = [Code(entry.ref), " ", Strong(entry.state.value), f", {rules.pattern_text(entry)}"]
    if entry.region:
        parts.append(f" · only in {entry.region}")
    if entry.note:
        parts.append(f" · {_short(entry.note)}")
    if entry.stale_at() <= now:
        parts.append(" · old: not counted until you say it is still true")
    return Row(line(*parts), (Button(f"Open {entry.ref}", action("avail.open", entry.id)),))


def still_true(entries: Sequence[Entry]) -> Reply:
    """Asked once, about everything that has gone stale."""
    rows = tuple(
        Row(line(Code(entry.ref), " ", Strong(entry.state.value), f", {rules.pattern_text(entry)}"))
        for entry in entries[: rules.PAGE]
    )
    more = len(entries) - rules.PAGE
    return Reply(
        lines=(line("You said this two months ago. Is it still true?"),),
        rows=rows,
        also=(line("Until you say so it counts as not known to others. I ask once."),)
        + ((line(f"And {more} more."),) if more > 0 else ()),
        buttons=(
            Button("Still true", action("avail.still"), MAIN),
            Button("Look through them", action("avail.page", 0)),
        ),
    )


def confirmed(count: int) -> Reply:
    """They count again."""
    if not count:
        return Reply(lines=(line("There is nothing old left to confirm."),))
    return Reply(lines=(line(f"Good: {'it counts' if count == 1 else f'all {count} count'} for another 60 days."),))


# --- who may know -----------------------------------------------------------------------------------------------------


def sharing(shared: Sequence[tuple[Community, bool]]) -> Reply:
    """Each community with a switch."""
    if not shared:
        return Reply(lines=(line("You are in no community that I know of, so nobody can ask about your time."),))
    return Reply(
        title="Who can ask whether you are free",
        lines=(line("They learn free, maybe or not known, and never why."),),
        rows=tuple(
            Row(
                line(Strong(community.name), ": yes" if on else ": no"),
                (
                    Button(
                        f"{'Stop' if on else 'Allow'} {community.name}"[:38],
                        action("avail.share", community.id, not on),
                    ),
                ),
            )
            for community, on in shared
        ),
        also=(line("Hide from everybody: ", Code("/me profile visibility=nobody")),),
    )


def travel(length: timedelta) -> Reply:
    """How much is counted with between two calls."""
    if not length:
        return Reply(
            lines=(
                line("No travel is counted between two calls."),
                line("Count it: ", Code("/avail travel 45 min")),
            )
        )
    return Reply(
        lines=(line("Gigs closer together than ", Strong(length_text(length)), " count as a clash in your warnings."),)
    )


# --- the diary --------------------------------------------------------------------------------------------------------


def diary(
    days: Sequence[DayView],
    gigs: dict[int, Gig],
    zone: str,
    *,
    period: Period,
    show: Show,
    words: Words,
    picture: Upload | None = None,
    ahead: int | None = None,
) -> Reply:
    """Some days of one's own, those on which something is known; days in a row that say the same are one row.

    ahead: how many periods from the present one; None for days that are none.
    """
    rows = _rows([(day.day, _day_text(day, gigs, zone, show, words)) for day in days])
    first, last = days[0].day, days[-1].day
    title = (
        rules.day_text(first) if first == last else f"{rules.day_text(first, year=last.year)} - {rules.day_text(last)}"
    )
    shown = {Show.ALL: "Your diary", Show.INKED: "Your confirmed gigs", Show.PENCIL: "Your pencils"}[show]
    empty = (line("Nothing is in it."),) if not rows else ()
    return Reply(
        title=f"{shown}: {title}",
        lines=empty,
        rows=rows,
        files=(picture,) if picture is not None else (),
        also=(line(f"Times in {zone}."),),
        buttons=(
            *(
                Button(f"{word} {period.unit}", action("avail.diary", period, show, ahead + step))
                for word, step in (("Previous", -1), ("Next", 1))
                if ahead is not None and abs(ahead + step) <= period.furthest
            ),
            *(Button(one.label, action("avail.diary", one, show)) for one in Period if one is not period),
            Button("What you said", action("avail.page", 0)),
        ),
    )


def _rows(days: Sequence[tuple[date, Line]]) -> tuple[Row, ...]:
    rows: list[Row] = []
    for said, group in groupby(days, key=itemgetter(1)):
        if said:
            run = [day for day, _ in group]
            first, last = (rules.day_text(day, year=day.year) for day in (run[0], run[-1]))
            rows.append(Row(line(Strong(first if len(run) == 1 else f"{first} - {last}"), ": ", *said)))
    return tuple(rows)


def _day_text(day: DayView, gigs: dict[int, Gig], zone: str, show: Show, words: Words) -> Line:
    parts: list[Line] = [
        _gig_line(one, gigs.get(one.gig_id), day.day, zone, words)
        for one in day.bookings
        if show is Show.ALL or one.inked is (show is Show.INKED)
    ]
    if show is Show.ALL:
        parts += [
            line(text) for piece in day.pieces if piece.gig_id is None and (text := _piece_text(piece, day.day, zone))
        ]
    joined: list[Span | str] = []
    for place, part in enumerate(parts):
        joined += [*([" · "] if place else []), *part]
    return line(*joined)


def _gig_line(booking: Booking, gig: Gig | None, day: date, zone: str, words: Words) -> Line:
    start, end = booking.stretch()
    hours = "all day" if booking.span.whole_days else f"{clock_on(start, day, zone)}-{clock_on(end, day, zone)}"
    what = chair(gig.role) if gig is not None else "gig"
    where = f", {gig.where}" if gig is not None and gig.where else ""
    state = term("inked" if booking.inked else "pencilled", words)
    return line(f"{hours} ", Code(f"G{booking.gig_id}"), f" {what}{where} ({state})")


def _piece_text(piece: Piece, day: date, zone: str) -> str:
    if piece.state is None:
        return ""
    whole = rules.day_span(day, zone)
    what = "busy in your calendar" if piece.busy else piece.state.value
    if piece.start <= whole.start and piece.end >= whole.until():
        return f"{what} all day"
    return f"{what} {clock_on(piece.start, day, zone)}-{clock_on(piece.end, day, zone)}"


def clock_on(at: datetime, day: date, zone: str) -> str:
    """The wall clock on a day; the midnight at its end is 24:00, what lies beyond it keeps its own clock."""
    local = at.astimezone(ZoneInfo(zone))
    if local.date() == day + timedelta(days=1) and local.hour == local.minute == 0:
        return "24:00"
    return f"{local:%H:%M}"


def of_another(person: Person, days: Sequence[DayView], zone: str) -> Reply:
    """Somebody else's days in words that say no reason: free, maybe, no, or nothing known."""
    rows = []
    for day in days:
        parts = [text for piece in _bare(day.pieces) if (text := _piece_text(piece, day.day, zone))]
        if parts:
            rows.append(Row(line(Strong(rules.day_text(day.day, year=day.day.year)), f": {' · '.join(parts)}")))
    return Reply(
        title=f"{person.name}: {rules.day_text(days[0].day, year=days[-1].day.year)} - {rules.day_text(days[-1].day)}",
        lines=() if rows else (line("Nothing is known about these days."),),
        rows=tuple(rows),
        also=(line("Times in ", zone, ". Ask ", Who(person.id, person.name), " before you count on it."),),
    )


def _bare(found: Sequence[Piece]) -> list[Piece]:
    """Free and maybe only, without what makes them so: a no looks like a time about which nothing is known."""
    bare: list[Piece] = []
    for piece in found:
        state = None if piece.state is Free.NO else piece.state
        if bare and bare[-1].end == piece.start and bare[-1].state is state:
            bare[-1] = Piece(bare[-1].start, piece.end, state)
        else:
            bare.append(Piece(piece.start, piece.end, state))
    return bare


def squares(days: Sequence[DayView]) -> dict[date, Square]:
    """The days for the picture of a month."""
    found = {}
    for day in days:
        total = sum((piece.end - piece.start for piece in day.pieces), timedelta(0)) or timedelta(days=1)

        def share(state: Free, day: DayView = day, total: timedelta = total) -> float:
            lasting = sum((p.end - p.start for p in day.pieces if p.state is state), timedelta(0))
            return lasting / total

        found[day.day] = Square(
            day.day,
            gigs=sum(one.inked for one in day.bookings),
            pencils=sum(not one.inked for one in day.bookings),
            taken=share(Free.NO),
            free=share(Free.FREE),
            maybe=share(Free.MAYBE),
        )
    return found


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"


def entry_choice(entry: Entry) -> str:
    """An entry in a list to choose from."""
    return f"{entry.ref} {entry.state.value}, {rules.pattern_text(entry)}"[:100]
