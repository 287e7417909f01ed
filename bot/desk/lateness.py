"""What a message says about itself when it does not come as promised."""

from __future__ import annotations

from datetime import datetime, timedelta

from cogs.kit.reply import Reply
from cogs.kit.words import Line, Moment, Shown, line

#: A person does not notice less, and a busy minute is not worth an excuse.
LATE = timedelta(minutes=2)


def is_late(promised: datetime, now: datetime) -> bool:
    """Whether something promised for `promised` and sent now says that it is late."""
    return now - promised > LATE


def late_line(due_at: datetime, zone: str) -> Line:
    """The mark of a message that comes after its time. zone: whose clock is written out."""
    return line("Late: this was due ", Moment(due_at, zone, Shown.SHORT))


def kept_quiet_line(due_at: datetime, zone: str) -> Line:
    """The mark of a message that waited for the end of quiet hours."""
    return line("Held until your quiet hours were over; it was due ", Moment(due_at, zone, Shown.SHORT))


AGAIN: Line = line("Sent again: I could not tell whether it reached you the first time.")


def marked(reply: Reply, *marks: Line) -> Reply:
    """The reply with its marks under everything else."""
    return reply.with_(also=(*reply.also, *marks)) if marks else reply
