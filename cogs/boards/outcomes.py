"""What came of a deed: what the service hands to the cards, which do not know each other."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records.link import BoardLink, LinkCode
from storage.records.people import Community


@dataclass(frozen=True, slots=True)
class Offer:
    """A code to be typed in by moderators elsewhere."""

    code: str
    made: LinkCode
    here: Community


@dataclass(frozen=True, slots=True)
class Pair:
    """Two communities that may share their boards: `here` is the caller's, `there` made the code."""

    code_id: int
    here: Community
    there: Community


@dataclass(frozen=True, slots=True)
class Linked:
    """One of the caller's links, with the community at its other end."""

    link: BoardLink
    other: Community
