"""A notice: something that must be said, to one person or in one place, at a promised time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import IntEnum

#: Arguments of a notice: what its builder needs to draw it from today's data. JSON values only, ids rather than text.
Args = dict[str, int | str | None]


class Lane(IntEnum):
    """Which queue a notice stands in; lower goes first when the budget is short."""

    URGENT = 0  # call times, offers, changes, answers to the poster
    NORMAL = 1  # reminders, invoices, digests, card refreshes
    SOFT = 2  # wellness, thanks, suggestions


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNotice:
    """A notice as a service writes it, in the same `Work` as the change that causes it.

    kind: "<cog>.<notice>", the builder that will draw it.
    person_id or channel_id: exactly one; the destination on a platform is looked up when it is kept.
    due_at: what was promised. Retries and quiet hours never move it.
    key: idempotency key; a second notice with the same key is not kept. None: made from kind, subject and due time.
    expires_after: later than this after `due_at` it is recorded as missed, not sent. Product default: 7 days.
    topic: the kind of message for `/me notify` and quiet hours (a `people.Topic` value); None: always allowed. Behind
    an @ may stand the platform that the person asked for this time ("reminders@telegram"), taken if they are there.
    urgent: may arrive in quiet hours (the person asked for this very time, or a deadline is near).
    series_id, occurrence: a repeating notice and its running number; unique together.
    """

    kind: str
    due_at: datetime
    person_id: int | None = None
    channel_id: int | None = None
    args: Args = field(default_factory=dict)
    key: str | None = None
    lane: Lane = Lane.NORMAL
    expires_after: timedelta = timedelta(days=7)
    topic: str | None = None
    urgent: bool = False
    series_id: str | None = None
    occurrence: int = 0

    def __post_init__(self) -> None:
        if (self.person_id is None) == (self.channel_id is None):
            raise ValueError("a notice goes to one person or to one channel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A kept notice as the courier claims it.

    platform, dest: the surface and the address on it; dest is None when the person has no open private chat there yet.
    attempt: claims so far, this one included. owner: the process that claimed it.
    doubtful: an earlier attempt may have arrived without our knowing.
    bundle: the message into which it was put together with others; a repetition keeps the company and the key.
    result: how it ended (an `Outcome`), filled in for what follows a delivery.
    """

    id: int
    kind: str
    platform: str
    dest: str | None
    person_id: int | None
    channel_id: int | None
    args: Args
    lane: Lane
    due_at: datetime
    expires_at: datetime
    attempt: int
    owner: str
    key: str
    topic: str | None = None
    urgent: bool = False
    series_id: str | None = None
    occurrence: int = 0
    doubtful: bool = False
    bundle: str | None = None
    result: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How one reader is reached on one platform now.

    dest: the address; None for a private chat not opened yet. account: the person's platform id; None for a channel,
    and for a person without an account there.
    unreachable: why messages were refused there last time; None while they arrive.
    gone: there is nobody left to tell: no account on this platform, or the bot was put out of the community.
    quiet: local wall clock from and to; None where no quiet hours apply.
    switches: the reader's choices by name ("notify.gigs", "night.gigs").
    """

    dest: str | None
    account: str | None = None
    locale: str | None = None
    zone: str | None = None
    plain_text: bool = False
    quiet: tuple[time, time] | None = None
    unreachable: str | None = None
    gone: bool = False
    switches: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Where a kept notice stands, for its owner's list and for moderators.

    next_at: when it will be tried (again); None once it ended. platform: '' while nowhere takes it, 'off' when its
    kind is switched off. result: an `Outcome`, None while open. trouble: why the last attempt failed.
    """

    id: int
    kind: str
    key: str
    args: Args
    platform: str
    dest: str | None
    person_id: int | None
    channel_id: int | None
    due_at: datetime
    next_at: datetime | None
    attempt: int
    ended_at: datetime | None
    result: str | None
    trouble: str | None
    series_id: str | None
    occurrence: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The report that a claimed notice is over. result: an `Outcome`. message: the platform's id of what was sent."""

    id: int
    attempt: int
    result: str
    message: str | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class PutBack:
    """The report that a claimed notice is to be looked at again at `next_at`.

    counted: the attempt counts towards giving up. doubtful: it may have arrived.
    """

    id: int
    attempt: int
    next_at: datetime
    counted: bool = True
    doubtful: bool = False
    trouble: str | None = None


#: The kind of every notice that redraws a posted card.
REFRESH = "refresh"

#: In place of a platform: nowhere takes it now, or the person switched this kind off.
NOWHERE = ""
OFF = "off"


class Outcome:
    """How a notice ended, as kept in its `result` column and shown to its owner and to moderators."""

    SENT = "sent"
    LATE = "sent late"
    DIGESTED = "sent in a digest"
    DROPPED = "no longer true"
    MISSED = "missed"
    UNSURE = "perhaps sent, not repeated"
    SUPERSEDED = "overtaken by a later one"
    REFUSED = "refused by the platform"
    GAVE_UP = "gave up"
    CANCELLED = "cancelled"
    SWITCHED_OFF = "switched off"
