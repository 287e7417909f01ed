"""A call list: whom somebody calls first for a chair, and who comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One player on somebody's list for a chair. Nobody but the owner learns of it, the player least of all.

    name: of the list, where the owner keeps several ("weddings"); empty for the usual one.
    place: what orders a list; places need not follow one another. removed_at: taken off, for as long as undo lasts.
    """

    id: int
    owner_id: int
    person_id: int
    role: str
    name: str = ""
    place: int
    note: str | None = None
    added_at: datetime
    removed_at: datetime | None = None
