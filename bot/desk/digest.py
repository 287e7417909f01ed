"""Several messages for one reader put into one: what falls due together, and what comes late after a downtime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cogs.kit.reply import AnyButton, Reply, Row
from cogs.kit.words import Line, Moment, Plain, Shown, Strong, line

#: From this many late ones on, a reader gets one message that lists them.
DIGEST_FROM = 3

#: Entries and buttons in one message: more cannot be taken in, and Discord draws few.
MOST_ENTRIES = 10
MOST_BUTTONS = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One message on its way into a common one. zone: whose clock is written out. late: it says when it was due."""

    reply: Reply
    due_at: datetime
    zone: str
    late: bool = False


def can_share(reply: Reply) -> bool:
    """Whether nothing is lost when this travels in one message with others: no card, form, file or calendar entry."""
    return not (
        reply.card or reply.form or reply.files or reply.entry or reply.tags or reply.ping_role or reply.replaces
    )


def shares(entries: Sequence[Entry]) -> list[list[Entry]]:
    """`entries` cut, in order, into groups small enough for one message each."""
    groups: list[list[Entry]] = []
    buttons = 0
    for entry in entries:
        own = len(_buttons(entry.reply))
        if not groups or len(groups[-1]) == MOST_ENTRIES or buttons + own > MOST_BUTTONS:
            groups.append([])
            buttons = 0
        groups[-1].append(entry)
        buttons += own
    return groups


def together(entries: Sequence[Entry]) -> Reply:
    """One message for what falls due at the same time: everything each would have said, one row each."""
    return Reply(
        title=f"{len(entries)} things for you now",
        rows=tuple(Row((*_lateness(entry), *_whole(entry.reply)), _buttons(entry.reply)) for entry in entries),
        also=_common_marks(entries),
        silent=all(entry.reply.silent for entry in entries),
    )


def caught_up(entries: Sequence[Entry]) -> Reply:
    """One message for what comes late: when each was due, and its title or first line."""
    return Reply(
        title=f"Late: {len(entries)} messages I could not send on time",
        rows=tuple(
            Row(
                (Moment(entry.due_at, entry.zone, Shown.SHORT), Plain(": "), *_headline(entry.reply)),
                _buttons(entry.reply),
            )
            for entry in entries
        ),
        also=_common_marks(entries),
        silent=all(entry.reply.silent for entry in entries),
    )


def _lateness(entry: Entry) -> Line:
    return line("Late, due ", Moment(entry.due_at, entry.zone, Shown.SHORT), ": ") if entry.late else ()


def _headline(reply: Reply) -> Line:
    if reply.title:
        return (Strong(reply.title),)
    if reply.lines:
        return reply.lines[0]
    return reply.rows[0].line if reply.rows else line("(no words)")


def _whole(reply: Reply) -> Line:
    """Everything a reply says, on one line."""
    parts: list[Line] = [(Strong(reply.title),)] if reply.title else []
    parts += reply.lines
    parts += [(Plain(f"{field.label}: "), *field.line) for field in reply.fields]
    parts += [row.line for row in reply.rows]
    joined: list[object] = []
    for part in parts:
        joined += [Plain(" · "), *part] if joined else list(part)
    return tuple(joined)  # type: ignore[arg-type]  # spans and separators, as put together above


def _buttons(reply: Reply) -> tuple[AnyButton, ...]:
    return (*reply.buttons, *(button for row in reply.rows for button in row.buttons))


def _common_marks(entries: Sequence[Entry]) -> tuple[Line, ...]:
    """Every small line once, in order."""
    return tuple(dict.fromkeys(mark for entry in entries for mark in entry.reply.also))
