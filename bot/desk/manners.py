"""Faults become private replies here, and only here; a bug becomes an apology whose reference is in the log too."""

from __future__ import annotations

import logging
import math
from datetime import timedelta

from bot.logs import report_bug
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, Fault, Misread, NotAllowed, NotFound, Stale, TryLater
from cogs.kit.reply import PRIVATE, Reply
from cogs.kit.words import Code, Line, Moment, Plain, Shown, line
from storage.faults import Unreachable

_log = logging.getLogger("firstcall.bugs")


def excuse(fault: Fault, call: Call) -> Reply:
    """What the person is told: what happened, what was kept, what to do, with an example where one helps."""
    match fault:
        case Misread(what=what, example=example):
            lines: tuple[Line, ...] = (line(what), *_example(example))
        case NotAllowed(what=what, how=how) | Conflict(what=what, how=how):
            lines = (line(what), *((line(how),) if how else ()))
        case NotFound(thing=thing, ref=ref, list_command=list_command):
            lines = (
                line(f"There is no {thing} ", Code(ref), " for you to see.")
                if ref
                else line(f"There is no such {thing}."),
            )
            if list_command:
                lines += (line("See what there is with ", Code(list_command), "."),)
        case Stale(now=now, at=at):
            when = (Plain(" ("), Moment(at, call.zone_or_utc, Shown.SHORT), Plain(")")) if at else ()
            lines = ((*now, *when), line("Nothing was changed."))
        case TryLater(what=what, until=until):
            lines = (line(what),)
            if until is not None:
                lines += (line("Try again ", Moment(until, call.zone_or_utc, Shown.DISTANCE), "."),)
        case _:
            lines = (line(str(fault)),)
    if fault.keeps:
        lines += (line("What you typed is kept: ", Code("/resume")),)
    return Reply(lines=lines, replies=PRIVATE)


def too_much(call: Call, seconds: float) -> TryLater:
    """For somebody who asks for more at once than is fair on the others; they may go on after so many seconds."""
    until = call.now + timedelta(seconds=max(1.0, math.ceil(seconds)))
    return TryLater("That was a lot at once. Give me a moment, please: your last one was not done.", until=until)


def no_records(fault: Unreachable) -> TryLater:
    """What is said while the database does not answer."""
    return TryLater(f"I cannot reach my records just now ({fault.reason}). Nothing was changed.")


def apologise(error: Exception, call: Call | None, doing: str) -> Reply:
    """Log the bug under a fresh reference and tell the person, with the same reference. Nothing personal is logged.

    A database that does not answer is no bug.
    """
    if isinstance(error, Unreachable):
        return Reply(lines=(line(no_records(error).what),), replies=PRIVATE)
    reference = report_bug(
        _log,
        error,
        f"bug while {doing}",
        person=call.person_id if call else None,
        surface=call.surface if call else None,
    )
    return Reply(
        lines=(
            line("Sorry, something went wrong on our side, and it has been noted."),
            line(
                "Nothing else was changed. Try once more; if it happens again, pass on this reference: ",
                Code(reference),
            ),
        ),
        replies=PRIVATE,
    )


def _example(example: str | None) -> tuple[Line, ...]:
    return (line("For example: ", Code(example)),) if example else ()
