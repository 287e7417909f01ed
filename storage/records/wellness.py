"""What is kept of somebody's breaks, ears and days: for them alone, but for the timer of a group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

#: Every day of the week; bit 0 is Monday.
EVERY_DAY = 0b1111111


class BreakMode(StrEnum):
    """What somebody is at, and so how long they work and rest."""

    PRACTICE = "practice"
    REHEARSAL = "rehearsal"
    SESSION = "session"
    DESK = "desk"
    OWN = "custom"

    @property
    def label(self) -> str:
        """As it is tapped, with the minutes of work and rest."""
        return {
            "practice": "Practice 25/5", "rehearsal": "Rehearsal 50/10", "session": "Session 80/10",
            "desk": "Desk 55/5", "custom": "My own minutes",
        }[self]  # fmt: skip


class Phase(StrEnum):
    """What a timer is counting."""

    WORK = "work"
    REST = "rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakTimer:
    """A break timer that runs or has run, of one person or of a group.

    person_id: whose it is; of a group's, who leads it.
    channel_id: where a group's timer hangs; None: a person's own.
    play, rest: minutes of each. zone: whose clock its times are shown in.
    turn: running number of what it counts now, never used twice; its notices carry it.
    began_at, ends_at: of what it counts now. A `began_at` ahead means that it is silent until then.
    until: when it stops by itself; None: not before it is stopped.
    """

    id: int = 0
    person_id: int
    community_id: int | None = None
    channel_id: int | None = None
    mode: BreakMode
    play: int
    rest: int
    zone: str
    phase: Phase = Phase.WORK
    turn: int = 1
    began_at: datetime
    ends_at: datetime
    until: datetime | None = None
    made_at: datetime
    ended_at: datetime | None = None

    @property
    def shared(self) -> bool:
        """Whether it is a group's."""
        return self.channel_id is not None

    @property
    def runs(self) -> bool:
        """Whether it still counts."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerMember:
    """Somebody who shares a group's timer. told: they asked to be told of each break privately."""

    timer_id: int
    person_id: int
    told: bool = False
    joined_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakPlan:
    """When somebody's own timer may speak.

    zone: whose clock is meant. days: of the week, bit 0 for Monday.
    begins, ends: minutes after midnight between which it may; the same twice: all day; they may pass midnight.
    silent_until: a pause that ends by itself; None: none.
    """

    person_id: int
    zone: str
    days: int = EVERY_DAY
    begins: int = 0
    ends: int = 0
    silent_until: datetime | None = None


class Taken(StrEnum):
    """What became of a break."""

    TAKEN = "taken"
    SNOOZED = "snoozed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEntry:
    """One break that was due. played: minutes of work before it."""

    id: int = 0
    person_id: int
    timer_id: int
    turn: int
    at: datetime
    mode: BreakMode
    outcome: Taken
    played: int


class Plugs(StrEnum):
    """What ear plugs take off, in dB, as their owner says."""

    NONE = "0"
    NINE = "9"
    FIFTEEN = "15"
    TWENTY_FIVE = "25"

    @property
    def db(self) -> int:
        """As a number."""
        return int(self.value)

    @property
    def label(self) -> str:
        """As it is tapped."""
        return f"Plugs −{self.value} dB" if self.db else "No plugs"


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingLog:
    """Minutes at a level, as somebody read it off. day: of their own calendar. level: dB(A) in the room."""

    id: int = 0
    person_id: int
    day: date
    level: int
    minutes: int
    plugs: Plugs = Plugs.NONE
    made_at: datetime
    deleted_at: datetime | None = None

    @property
    def at_the_ear(self) -> int:
        """dB(A) with the plugs taken off."""
        return self.level - self.plugs.db


class Pain(StrEnum):
    """How much something hurts."""

    NONE = "none"
    MILD = "mild"
    STOP = "stop"

    @property
    def label(self) -> str:
        """As it is tapped."""
        return {"none": "None", "mild": "Mild, it passes", "stop": "Stop: I cannot play through it"}[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckIn:
    """How somebody was on a day of their own calendar. energy: 1 to 5. Nobody else ever sees one."""

    id: int = 0
    person_id: int
    day: date
    energy: int | None = None
    pain: Pain | None = None
    place: str | None = None
    note: str | None = None
    made_at: datetime
    deleted_at: datetime | None = None


class Hint(StrEnum):
    """What is said about rest."""

    DOUBLES = "doubles"
    NO_DAY_OFF = "no_day_off"
    SHORT_NIGHT = "short_night"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestHint:
    """Something about rest that was said, so that it is said once. day: the day it is about."""

    person_id: int
    hint: Hint
    day: date
    said_at: datetime
