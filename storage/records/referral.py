"""A referral: a gig passed on to a colleague, with credit to whoever passed it on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """One person told another of a gig.

    parent_id: the referral by which the giver had it themselves; None for the first of a chain.
    won_at: when the receiver was inked for it. thanked_at: when the receiver last thanked the giver for it.
    """

    id: int
    gig_id: int
    giver_id: int
    receiver_id: int
    note: str | None = None
    parent_id: int | None = None
    made_at: datetime
    won_at: datetime | None = None
    thanked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """What has passed between a person and one colleague, one way.

    passed: gigs passed on. won: those that became work. last_at: the newest. thanked_at: the newest thanks.
    """

    person_id: int
    passed: int
    won: int
    last_at: datetime
    thanked_at: datetime | None = None
