"""What the bot said in the local console: a terminal remembers nothing, so it is kept as a platform would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message of the bot in the local console.

    place: "#gigs", or "dm:<account>" of the person whose private chat it stands in; person_id: that person.
    text: as it was drawn, without its buttons. buttons: (label, action id) in the order of their numbers.
    card, subject_id: the card that it shows. key: the delivery it came from; the same delivery is kept once.
    seen: the person has had it before their eyes; messages in channels count as seen.
    """

    id: int
    place: str
    person_id: int | None
    text: str
    buttons: tuple[tuple[str, str], ...]
    card: str | None
    subject_id: int | None
    key: str | None
    seen: bool
    said_at: datetime
