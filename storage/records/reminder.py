"""A reminder: words that somebody wants to be told at a time, once, again and again, or before a gig."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from storage.records.notice import NewNotice

#: The kind of the silent notices by which a reminder looks whether the gig it hangs on has moved.
LOOK = "reminders.look"
#: When a whole day rings, on the wall clock of the reminder's zone.
MORNING = time(9)


class ReminderState(StrEnum):
    """How a reminder stands."""

    ACTIVE = "active"
    PAUSED = "paused"
    OVER = "over"  # its last time has come, whether or not the message arrived
    DONE = "done"  # ticked off by its owner


#: States in which something is still to come, and which count towards a person's limit.
WAITING = frozenset({ReminderState.ACTIVE, ReminderState.PAUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hung:
    """How a reminder hangs on a gig ("the evening before G1"); it moves when the gig moves.

    days, months: counted on the calendar from the gig's day; negative is before.
    seconds: elapsed, from the gig's start; negative is before.
    part: part of the day, as `cogs.kit.when` names it ("evening"); None: none was said.
    clock: wall clock in seconds after midnight; None: the gig's own clock is kept.
    """

    gig_id: int
    days: int = 0
    months: int = 0
    seconds: int = 0
    part: str | None = None
    clock: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When it rings.

    zone: IANA zone whose wall clock was meant; repeats are counted there, so that 9:00 stays 9:00 over clock changes.
    at: the moment of the first (or only) time.
    day, clock: what the wall clock shows then; clock None: a whole day, which rings at `MORNING`.
    rrule: RFC 5545 rule without `RRULE:`, counted from `day` and `clock`; None: once.
    hung: the gig it hangs on; `at` is then as the gig stood when it was last looked at.
    """

    zone: str
    at: datetime
    day: date
    clock: time | None = None
    rrule: str | None = None
    hung: Hung | None = None

    @property
    def wall(self) -> datetime:
        """The wall clock of the first time, naive."""
        return datetime.combine(self.day, self.clock or MORNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One reminder as its owner set it, and how far it has come.

    person_id: who set it. channel_id: the channel it is for; None: for that person alone.
    community_id: the community of the channel, whose moderators look after it; None for a private one.
    platform: where its owner wants it, by name ("telegram"); None: wherever they get reminders.
    role: a role of the platform that is mentioned in the channel.
    leads: how long before each time it also rings.
    next_at: its next time; None while it is paused and when none is left.
    planned: the running number of the last notice kept for it; they are never used twice.
    rung: that number of the last time that rang. rung_at: when that was promised.
    ticked: the number of the last time that was ticked off.
    snoozed_until: when it rings once more because its owner asked for a few minutes; None: not.
    ended_at: when it was ticked off for good, or its last time had come. deleted_at: taken back within ten minutes, or
    gone for good.
    """

    id: int = 0
    person_id: int
    text: str
    timing: Timing
    community_id: int | None = None
    channel_id: int | None = None
    platform: str | None = None
    role: str | None = None
    leads: tuple[timedelta, ...] = ()
    state: ReminderState = ReminderState.ACTIVE
    next_at: datetime | None = None
    planned: int = 0
    rung: int = 0
    rung_at: datetime | None = None
    ticked: int = 0
    snoozed_until: datetime | None = None
    made_at: datetime
    ended_at: datetime | None = None
    deleted_at: datetime | None = None

    @property
    def ref(self) -> str:
        """Its short id."""
        return f"R{self.id}"

    @property
    def series(self) -> str:
        """The name under which its notices follow one another."""
        return f"reminder:{self.id}"

    @property
    def looks(self) -> str:
        """The name of the series of its silent looks."""
        return f"{self.series}:look"

    def look(self, at: datetime, number: int) -> NewNotice:
        """A silent look then whether its gig has moved. number: one that no look of this reminder has had."""
        return NewNotice(
            kind=LOOK,
            person_id=self.person_id if self.channel_id is None else None,
            channel_id=self.channel_id,
            args={"reminder_id": self.id},
            due_at=at,
            urgent=True,  # nobody sees it, so nobody's sleep is a reason to wait
            series_id=self.looks,
            occurrence=number,
        )

    def key(self, number: int) -> str:
        """The key of its notice with that running number."""
        return f"{self.series}#{number}"

    @property
    def repeats(self) -> bool:
        """Whether it comes again."""
        return self.timing.rrule is not None

    @property
    def rings_now(self) -> bool:
        """Whether anything is to be sent for it: neither paused, ticked off nor deleted."""
        return self.deleted_at is None and self.state is ReminderState.ACTIVE
