"""A question for dates: up to ten times, some people, and who can do which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.records.availability import Free
from storage.records.times import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class DatePoll:
    """One question.

    role: any player of it may answer; None: those who were named. hidden: nobody but the asker sees who said what.
    reply_by: when it closes by itself. zone: in which its times are shown.
    closed_at: when it was closed; None while it takes answers. cancelled: called off, and nothing comes of it.
    """

    id: int
    person_id: int
    community_id: int
    channel_id: int | None = None
    role: str | None = None
    hidden: bool = False
    zone: str
    dates: tuple[Span, ...]
    reply_by: datetime
    made_at: datetime
    closed_at: datetime | None = None
    cancelled: bool = False

    @property
    def ref(self) -> str:
        """Its short id."""
        return f"P{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PollGuest:
    """Somebody who was named in a question, or took part in it. named: by the asker."""

    poll_id: int
    person_id: int
    named: bool
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollAnswer:
    """What one person said to one of the dates; number: its place in the poll's dates, from 0."""

    poll_id: int
    person_id: int
    number: int
    state: Free
