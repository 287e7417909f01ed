"""What moderation needs of the gig board, whoever keeps it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from storage.records.gig import Gig
from storage.work import Work


class Board(Protocol):
    """Takes posts off the board and puts them back. Everything happens in the Work that is handed in."""

    async def visible(self, work: Work, gig_id: int, person_id: int) -> Gig:
        """The gig, if this person may see it. Raises NotFound."""

    async def take_down(self, work: Work, gig: Gig, reason: str, now: datetime) -> int:
        """Take a held gig off the board; how many of those who answered are told."""

    async def put_back(self, work: Work, gig: Gig, now: datetime) -> Gig | None:
        """Put a held gig back as it was; None when it is not off the board."""
