"""What a running process counts of itself: requests and how they ended, deliveries and how late they were.

Plain counters in memory, cheap enough for every request; `bot.on_web.metrics` shows them. Features know nothing of
this. Every label is a word of the program's own: a command, a platform, a kind of ending; never a name, a number of a
person or a chat, or anything that somebody typed. So there is a bound to how many there can be.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from cogs.kit.action import BadAction, take_apart
from cogs.kit.faults import Fault
from storage.faults import Unreachable
from storage.timings import Spread

#: Upper ends of the steps in which seconds are counted: of work, where milliseconds matter, and of lateness, where a
#: night may pass.
OF_WORK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
OF_LATENESS = (0.05, 0.25, 1.0, 2.5, 10.0, 30.0, 60.0, 300.0, 3600.0, 86400.0)


def _works() -> defaultdict[str, Spread]:
    return defaultdict(lambda: Spread(OF_WORK))


def _lateness() -> defaultdict[str, Spread]:
    return defaultdict(lambda: Spread(OF_LATENESS))


@dataclass(slots=True)
class Figures:
    """One for a process.

    requests: by (surface, what was asked for, how it ended). took: the desk's share of them, by what was done
    ("command", "press" …). sends: by (platform, how it ended). late: seconds after the promised time, by platform.
    retries: messages that have to be sent again, by platform. lag: how long the event loop did not turn.
    """

    requests: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    took: defaultdict[str, Spread] = field(default_factory=_works)
    sends: Counter[tuple[str, str]] = field(default_factory=Counter)
    late: defaultdict[str, Spread] = field(default_factory=_lateness)
    retries: Counter[str] = field(default_factory=Counter)
    lag: Spread = field(default_factory=lambda: Spread(OF_WORK))


@dataclass(frozen=True, slots=True)
class Standing:
    """How one platform stands at one moment.

    present: this process sends there. queued: messages drawn and waiting. in_hand: sent and not yet recorded.
    budget: messages that may go out at once; None where there is no limit. closed: seconds until anything may be sent
    at all. overdue: seconds since the earliest known notice fell due; 0 while none is.
    """

    present: bool
    queued: int
    in_hand: int
    budget: int | None
    closed: float
    overdue: float


# --- what a request turned out to be for ------------------------------------------------------------------------------

_asked_for: ContextVar[list[str] | None] = ContextVar("asked_for", default=None)

#: What a request is counted under that never got as far as a command or an action.
NOTHING = "nothing known"


@contextmanager
def request() -> Iterator[list[str]]:
    """While this is open, `asked_for` fills the list: at most one word, what the request turned out to be for."""
    found: list[str] = []
    mark = _asked_for.set(found)
    try:
        yield found
    finally:
        _asked_for.reset(mark)


def asked_for(target: str) -> None:
    """The request is for this target: "command:gig.post", or an action's whole id. Only the first word of it counts.

    To be called with targets that exist: what somebody made up must not become a label.
    """
    found = _asked_for.get()
    if found is None or found:
        return
    if target.startswith("command:"):
        found.append(target.removeprefix("command:").replace(".", " "))
        return
    try:
        found.append(f"press {take_apart(target).name}")
    except BadAction:
        return


def outcome(error: Exception) -> str:
    """How a request ended that raised this: the fault in words, or that it was a bug."""
    if isinstance(error, Unreachable):
        return "database away"
    if not isinstance(error, Fault):
        return "bug"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()
