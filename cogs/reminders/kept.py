"""A reminder as it is shown: with the channel it is for, the gig it hangs on, and where its messages stand."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records.gig import Gig
from storage.records.notice import Delivery
from storage.records.people import Channel
from storage.records.reminder import Reminder

#: Rows of a list; product numbers.
PAGE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A reminder with what is known around it.

    channel: where it goes, if not to its owner. gig: what it hangs on.
    waiting: the notice of its next time. last: that of the last one that rang.
    """

    reminder: Reminder
    channel: Channel | None = None
    waiting: Delivery | None = None
    last: Delivery | None = None
    gig: Gig | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list: its number from 0, of how many, what is on it, and how many there are in all."""

    number: int
    pages: int
    kept: tuple[Kept, ...]
    total: int
