"""What is asked for, and the closed sets that are tapped."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from cogs.availability import reading
from cogs.kit.ask import Ask


class State(StrEnum):
    """What is said about a time."""

    FREE = "free"
    MAYBE = "maybe"
    NO = "no"

    @property
    def label(self) -> str:
        """As it is tapped."""
        return {"free": "Free", "maybe": "Maybe", "no": "No"}[self]


class Part(StrEnum):
    """What can be changed about something said."""

    WHEN = "when"
    STATE = "state"
    NOTE = "note"

    @property
    def label(self) -> str:
        """As the form is headed."""
        return {"when": "When", "state": "Free, maybe or no", "note": "Your note"}[self]


class Repeat(StrEnum):
    """How often it comes again."""

    ONCE = "once"
    DAILY = "daily"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"

    @property
    def label(self) -> str:
        """As it is tapped."""
        return {
            "once": "Only then",
            "daily": "Every day",
            "weekly": "Every week",
            "fortnightly": "Every other week",
        }[self]

    @property
    def weeks(self) -> int | None:
        """Of how many weeks; 0: every day; None: it does not."""
        return {"once": None, "daily": 0, "weekly": 1, "fortnightly": 2}[self]


class Period(StrEnum):
    """How much of a diary."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"

    @property
    def label(self) -> str:
        """As it is tapped."""
        return self.value.capitalize()

    @property
    def unit(self) -> str:
        """What one leafs by."""
        return "day" if self is Period.TODAY else self.value

    @property
    def furthest(self) -> int:
        """How many one can leaf forth and back; three years, as far ahead as gigs are posted."""
        return {"today": 3 * 366, "week": 3 * 53, "month": 3 * 12}[self.value]

    def days(self, today: date, ahead: int) -> tuple[date, date]:
        """The first and last day of the one that is so many ahead. Weeks begin today, months on the first."""
        if self is not Period.MONTH:
            length = 1 if self is Period.TODAY else 7
            first = today + timedelta(days=length * ahead)
            return first, first + timedelta(days=length - 1)
        year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
        return date(year, month + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1])


class Show(StrEnum):
    """Which things of a diary."""

    INKED = "inked"
    PENCIL = "pencil"
    ALL = "all"

    @property
    def label(self) -> str:
        """As it is tapped."""
        return {"inked": "Confirmed gigs", "pencil": "Pencils", "all": "Everything"}[self]


class LinkDeed(StrEnum):
    """What to do with the calendar link."""

    MAKE = "make"
    ROTATE = "rotate"
    OFF = "off"

    @property
    def label(self) -> str:
        """As it is tapped."""
        return {"make": "Make a link", "rotate": "A new link, the old one ends", "off": "Switch it off"}[self]


class LinkShow(StrEnum):
    """What the calendar link shows."""

    BUSY = "busy"
    STATES = "states"

    @property
    def label(self) -> str:
        """As it is tapped."""
        return {"busy": "Busy only", "states": "Gigs, pencilled or confirmed"}[self]


_OFF = re.compile(r"^\s*(?:off|none|no|nothing|0)\s*$", re.IGNORECASE)
_SOME = re.compile(r"^(?!\s*(?:off|none|no|nothing|0)\s*$)\s*(.*\S)\s*$", re.IGNORECASE)


def find_off(text: str) -> tuple[int, int, str] | None:
    """A line that says no more than off."""
    return (0, len(text), "yes") if _OFF.match(text) else None


def find_length(text: str) -> tuple[int, int, str] | None:
    """A line that says anything but off: how long."""
    match = _SOME.match(text)
    return None if match is None else (0, len(text), match[1])


_NEXT = re.compile(r"(?<!\w)(?:next|following)(?=\s+(?:day|week|month)\b)|(?<!\w)(?=tomorrow(?!\w))", re.IGNORECASE)


def find_next(text: str) -> tuple[int, int, str] | None:
    """A line that asks for the one after: "next week", "tomorrow"."""
    match = _NEXT.search(text)
    return None if match is None else (*match.span(), "yes")


STATE_ALSO = {
    "yes": "free", "available": "free", "open": "free", "busy": "no", "unavailable": "no", "away": "no", "off": "no",
    "not free": "no", "not available": "no", "perhaps": "maybe", "possibly": "maybe", "tentative": "maybe",
    "can": "free", "cannot": "no", "can't": "no",
}  # fmt: skip

STATE = Ask(
    "Are you free then?", label="Free, maybe or no", example="free", also=STATE_ALSO, find=reading.find_state
)  # fmt: skip
WHEN = Ask("When is that?", label="When", example=reading.EXAMPLE, find=reading.find_rest, clock=True)
NOTE = Ask(
    "A note for yourself alone?", label="Private note", example="touring with Smith",
    find=reading.find_note, max_length=200,
)  # fmt: skip
REGION = Ask("Only for gigs in one place?", label="Region", example="Leeds", free=False, max_length=80)
REPEAT = Ask(
    "Does it come again?", label="Repeat", example="weekly", free=False,
    also={"every week": "weekly", "every day": "daily", "every other week": "fortnightly", "biweekly": "fortnightly",
          "no": "once", "none": "once", "never": "once"},
)  # fmt: skip
UNTIL = Ask("Until which day?", label="Until", example="20 Dec", free=False)
WHICH = Ask("Which entry?", label="Entry", example="A1", ref="A", suggest="suggest_entries")
PERIOD = Ask(
    "How much of it?", label="Period", example="week", also={"day": "today", "tonight": "today", "tomorrow": "today"}
)
SHOW = Ask(
    "What shall it show?", label="Show", example="all",
    also={"confirmed": "inked", "ink": "inked", "pencils": "pencil", "holds": "pencil", "everything": "all"},
)  # fmt: skip
