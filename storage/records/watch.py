"""A watch: what kind of gig a person wants to hear of, and how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storage.records.gig import KindOfWork
from storage.records.money import Money


class WatchHow(StrEnum):
    """How a person is told of a match."""

    DM = "dm"
    DIGEST = "digest"  # one message in the morning
    PING = "ping"  # the board post mentions the platform's role of that name, where moderators allow it

    @property
    def label(self) -> str:
        """As offered to tap."""
        return {"dm": "dm", "digest": "digest", "ping": "role ping"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A standing search in one community.

    roles: any of these; empty: every chair. words: each must stand in the gig's place, folded.
    region: the words as they were typed, for showing. at_least: for the whole engagement, in that currency.
    """

    id: int
    person_id: int
    community_id: int
    roles: tuple[str, ...] = ()
    region: str | None = None
    words: tuple[str, ...] = ()
    at_least: Money | None = None
    kind: KindOfWork | None = None
    how: WatchHow = WatchHow.DM
    made_at: datetime
