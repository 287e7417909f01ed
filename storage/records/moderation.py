"""What keeps a board in order: reports, posts taken off it, people who may not post for a while, and the log of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage.records.gig import GigState


class ReportReason(StrEnum):
    """Why somebody reports a gig."""

    SCAM = "scam"
    LOW_DETAIL = "low_detail"
    UNSAFE = "unsafe"
    DISCRIMINATION = "discrimination"
    OTHER = "other"


class Alarm(StrEnum):
    """One sign of fraud that the program sees in a post."""

    OVERPAYMENT = "overpayment"
    CARDS = "cards"
    COINS = "coins"
    UPFRONT = "upfront"
    CONTACT_ONLY = "contact_only"
    TOO_GOOD = "too_good"
    SHORT_LINK = "short_link"
    COPIED = "copied"

    @property
    def label(self) -> str:
        """As its poster and moderators read it: what gave pause, and no verdict."""
        return {
            "overpayment": "part of a payment is to be sent on or back",
            "cards": "pay in gift cards",
            "coins": "pay in crypto coins",
            "upfront": "players are to pay something first",
            "contact_only": "no venue, only a way to write to somebody",
            "too_good": "a fee many times what members were paid for such work",
            "short_link": "a shortened link, which hides where it leads",
            "copied": "the words of somebody else's post",
        }[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one person said about a gig.

    person_id: who reported; read by nobody but the reporter's own export. note: in their words.
    settled_at: when a moderator decided; None: it waits.
    """

    id: int
    community_id: int
    gig_id: int
    person_id: int
    reason: ReportReason
    note: str | None = None
    made_at: datetime
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A gig that is not on the board because of a moderator, or until one has looked at it.

    state, closed: how the gig stood before. hung: its card was on the board already. alarms: what the program saw in
    it; empty for what a moderator took down. reason: the moderator's, told to the poster.
    """

    gig_id: int
    community_id: int
    state: GigState
    closed: bool
    hung: bool
    alarms: tuple[Alarm, ...] = ()
    reason: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """That somebody may not post in a community for a while. reason: as they were told."""

    community_id: int
    person_id: int
    until: datetime
    reason: str
    made_at: datetime


class Act(StrEnum):
    """What the log of a community knows as a deed; others are kept by the word they were written with."""

    REMOVED = "removed"
    RESTORED = "restored"
    KEPT = "kept"  # reports looked at, the post left as it is
    WITHHELD = "withheld"  # by the program, until a moderator has looked
    MENDED = "mended"  # what was withheld was changed by its poster and went up
    MUTED = "muted"
    UNMUTED = "unmuted"
    SET = "set"  # something about the community
    CHANGED = "changed"  # somebody else's post
    CLOSED = "closed"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One line of a community's log.

    actor_id: who did it; None: the program, or somebody who has been erased since. actor: their name now, if known.
    act: an `Act`, or a word of another feature. subject: of what, for people ("G12", "#gigs", "region").
    details: what was there before and after, or further facts; JSON values, never who reported.
    """

    id: int
    community_id: int
    actor_id: int | None
    actor: str | None = None
    act: str
    subject: str
    reason: str | None = None
    details: dict[str, object] = field(default_factory=dict)
    at: datetime
