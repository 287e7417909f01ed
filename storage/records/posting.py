"""Where cards hang: one row per message that shows a thing, so that it can be redrawn when the thing changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One message showing one card.

    card: "<cog>.<card>", the builder that draws it; subject_id: of which thing (gig 12).
    channel_id or person_id: whose place it hangs in. address: chat or channel on the surface; message: the message id.
    """

    id: int
    card: str
    subject_id: int
    surface: str
    address: str
    message: str
    channel_id: int | None
    person_id: int | None
    made_at: datetime
