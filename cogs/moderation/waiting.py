"""What waits for moderators, as the service finds it and the cards show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storage.records.gig import Gig
from storage.records.moderation import Mute, Report, Withheld
from storage.records.people import Person

#: Rows of the queue on a page. Product: eight to a page.
PAGE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A gig that wants a moderator's eye. withheld: why it is off the board already; reports: those not settled."""

    gig: Gig
    poster: Person | None
    withheld: Withheld | None
    reports: Sequence[Report]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What moderators have before them. more: another page follows."""

    waiting: Sequence[Waiting]
    page: int
    more: bool
    removed: Sequence[Withheld]
    mutes: Sequence[tuple[Mute, Person]]
