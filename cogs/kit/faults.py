"""Everything that can go wrong that a person can be told.

Fault
├── Misread      a value could not be read; carries what was read, what was expected, readings to tap
├── NotAllowed   this person may not do that here
├── NotFound     no such thing, or none that this person may see: the two answer alike
├── Stale        the thing has moved on since the button was drawn
├── Conflict     the deed would break a rule of the thing (already picked, wrong state)
└── TryLater     too much at once, or a part is away; nothing was lost

A fault carries facts; `bot.desk.manners` words them. Anything else that is raised is a bug.
"""

from __future__ import annotations

from datetime import datetime

from cogs.kit.form import Choice
from cogs.kit.words import Line, Span, line
from storage.records.money import Money


class Fault(Exception):
    """Something a person is told, privately, with what to do next."""

    #: Whether what was typed is worth keeping for another try: it was right, and the place or the moment was not.
    keeps = False


class Misread(Fault):
    """A value could not be taken.

    what: what is wrong, in a sentence ("I could not read *fourty* as money."). example: what would be read.
    choices: readings to tap; then `what` is a question.
    field: the parameter's name; set by whoever knows it.
    needed: it must be said this time, though it may be left out as a rule.
    """

    def __init__(
        self,
        what: str,
        *,
        example: str | None = None,
        choices: tuple[Choice, ...] = (),
        field: str | None = None,
        needed: bool = False,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.example = example
        self.choices = choices
        self.field = field
        self.needed = needed


class NotAllowed(Fault):
    """This person may not do that here. how: who may, or what to do instead."""

    def __init__(self, what: str, *, how: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.how = how


class NotFound(Fault):
    """No such thing. thing: "gig"; ref: what was asked for ("G99"); list_command: where the others are listed."""

    def __init__(self, thing: str, ref: str | None = None, *, list_command: str | None = None) -> None:
        super().__init__(f"{thing} {ref}")
        self.thing = thing
        self.ref = ref
        self.list_command = list_command


class Stale(Fault):
    """The world moved on since the button was drawn: "G12 was filled on Tue 24 Nov, 14:05."

    now: how it stands, as a line. at: when that happened. zone: for showing `at`.
    """

    def __init__(self, *now: Span | str | Money, at: datetime | None = None) -> None:
        super().__init__("stale")
        self.now: Line = line(*now)
        self.at = at


class Conflict(Fault):
    """The deed is against a rule. what: why, in a sentence; how: what to do instead."""

    def __init__(self, what: str, *, how: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.how = how


class TryLater(Fault):
    """Nothing is wrong with the request, but not now. until: when it will work, if known."""

    def __init__(self, what: str, *, until: datetime | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.until = until
