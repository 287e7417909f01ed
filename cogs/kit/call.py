"""Who is asking, from where, at what time. Built at the edge; platform ids stop there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage.records.people import Words


class Right(StrEnum):
    """What somebody may do in a place, by the platform's own rights at this moment."""

    MEMBER = "member"
    MODERATE = "moderate"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the conversation happens. key: "<surface>:<address>", opaque to features."""

    key: str
    shared: bool
    name: str = ""
    channel_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. Frozen; `now` stays the same while it is answered.

    surface: for logs only; a feature must not branch on it.
    community_id: the community of the place, or the person's own community in a private chat; None: they have none yet.
    zone: the person's IANA zone; None until they said it. currency, locale, words: theirs, else the community's, else
    the program's. locale_said: by themselves, their app or their community; the program's own is only a guess.
    dayfirst: 3/4 is 3 April. clock: 12 or 24, or None when not known.
    is_new: they have not been told yet where to begin. plain_text: they asked for words without cards.
    by_menu: commands are picked from a menu with their options there, not written as a line.
    account_made: when their platform account was made; None where the platform does not tell. roles: names of the
    platform roles they have in this place, in small letters.
    """

    person_id: int
    name: str
    community_id: int | None
    surface: str
    place: Place
    now: datetime
    zone: str | None = None
    locale: str = "en-GB"
    locale_said: bool = True
    currency: str = "GBP"
    words: Words = Words.UK
    country: str | None = None
    clock: int | None = None
    is_new: bool = False
    plain_text: bool = False
    by_menu: bool = False
    account_made: datetime | None = None
    roles: frozenset[str] = frozenset()
    rights: frozenset[Right] = field(default_factory=lambda: frozenset({Right.MEMBER}))

    @property
    def dayfirst(self) -> bool:
        """Whether this reader's numeric dates put the day first (all but the United States' habit)."""
        return self.locale.replace("_", "-") not in ("en-US", "en-PH", "es-US", "en")

    @property
    def zone_or_utc(self) -> str:
        """The zone to show times in when theirs is not known."""
        return self.zone or "UTC"

    def may(self, right: Right) -> bool:
        """Whether the caller has `right` here and now."""
        return right in self.rights
