"""What a player's own diary says against a gig they answer: for their eyes alone, never for the poster's."""

from __future__ import annotations

from cogs.kit.words import Code, Line, Moment, Plain, Shown, Span, line, term
from storage.records.availability import Clashes
from storage.records.people import Words


def clash_lines(clashes: Clashes | None, words: Words | None) -> tuple[Line, ...]:
    """One line, or none where nothing stands against it."""
    if not clashes:
        return ()
    parts: list[tuple[Span, ...]] = [
        (
            Plain(f"{term('inked' if one.inked else 'pencilled', words)} for "),
            Code(f"G{one.gig_id}"),
            Plain(", "),
            Moment(one.span.start, one.span.zone, Shown.SHORT),
        )
        for one in clashes.bookings
    ]
    if clashes.busy:
        parts.append((Plain("something in your calendar"),))
    parts += [(Plain("you said no ("), Code(entry.ref), Plain(")")) for entry in clashes.entries]
    joined: list[Span] = []
    for part in parts:
        joined += [Plain("; "), *part] if joined else part
    return (line("Your diary has something then: ", *joined, ". Only you see this."),)
