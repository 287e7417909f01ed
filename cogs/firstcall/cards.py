"""Call lists as replies: always private."""

from __future__ import annotations

from collections.abc import Sequence

from cogs.firstcall.outcomes import CallList, Placed
from cogs.kit.action import action
from cogs.kit.reply import MAIN, AnyButton, Button, Reply, Row
from cogs.kit.words import Plain, Strong, Who, line
from storage.records.call_list import Listed
from storage.records.people import Person
from storage.reference import instruments

#: Rows on a page; product number.
PAGE = 8
_PRIVATE = line("Only you see your lists. Nobody learns that they are on one.")


def chair(role: str) -> str:
    """The name of a chair; of one that the table no longer has, its id."""
    try:
        return instruments.chair(role).name
    except KeyError:
        return role


def placed(done: Placed) -> Reply:
    """Where they stand now, and what can be done about it."""
    who = done.calls.people[done.entry.person_id]
    count = len(done.calls.entries)
    now = "is now" if done.new else "is"
    lines = [line(Who(who.id, who.name), f" {now} number {done.place} of {count} for {_title(done.calls)}.")]
    if done.entry.note:
        lines.append(line("Your note: ", Plain(done.entry.note)))
    buttons: list[AnyButton] = []
    if done.place > 1:
        buttons.append(Button("Move up", action("firstcall.shift", done.entry.id, done.place - 1)))
    if done.place < count:
        buttons.append(Button("Move down", action("firstcall.shift", done.entry.id, done.place + 1)))
    buttons.append(Button("Fix", action("firstcall.fix", done.entry.id)))
    buttons.append(Button("Take off", action("firstcall.take_off", done.entry.id)))
    buttons.append(Button("Show the list", action("firstcall.page", 0)))
    return Reply(lines=tuple(lines), buttons=tuple(buttons), also=(_PRIVATE,) if done.new else ())


def removed(entry: Listed, player: Person | None) -> Reply:
    """They are off; and the way back."""
    name: Plain | Who = Who(player.id, player.name) if player is not None else Plain("Somebody")
    return Reply(lines=(line(name, f" is off your list for {chair(entry.role)}{_named(entry.name)}."),))


def lists(found: Sequence[CallList], page: int = 0) -> Reply:
    """Every list, first to last, eight lines at a time."""
    rows = [(calls, place, one) for calls in found for place, one in enumerate(calls.entries, 1)]
    add = Button("Add a player", action("firstcall.grow"), MAIN)
    if not rows:
        return Reply(
            title="Your call lists",
            lines=(line("Nobody is on your list yet. Whom do you call first?"),),
            buttons=(add,),
            also=(line("In one line: /firstcall keys @sam 1"), _PRIVATE),
        )
    pages = -(-len(rows) // PAGE)
    page = min(max(page, 0), pages - 1)
    part = rows[page * PAGE : (page + 1) * PAGE]
    buttons: list[AnyButton] = []
    if page > 0:
        buttons.append(Button("Back", action("firstcall.page", page - 1)))
    if page + 1 < pages:
        buttons.append(Button("Next", action("firstcall.page", page + 1)))
    return Reply(
        title="Your call lists" + (f" ({page + 1} of {pages})" if pages > 1 else ""),
        rows=tuple(_row(calls, place, one) for calls, place, one in part),
        buttons=(*buttons, add),
        also=(_PRIVATE,),
    )


def _row(calls: CallList, place: int, one: Listed) -> Row:
    who = calls.people[one.person_id]
    note = f" · {one.note}" if one.note else ""
    return Row(
        line(Strong(f"{_title(calls)} {place}"), " ", Who(who.id, who.name), Plain(note)),
        (Button("Open", action("firstcall.open", one.id)),),
    )


def _title(calls: CallList) -> str:
    return f"{chair(calls.role)}{_named(calls.name)}"


def _named(name: str) -> str:
    return f" ({name})" if name else ""
