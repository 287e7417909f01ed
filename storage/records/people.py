"""People, where they are reached, and the communities in which they meet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import ClassVar


class Words(StrEnum):
    """Whose trade words are shown; both are always understood."""

    UK = "uk"
    US = "us"


class Visibility(StrEnum):
    """Who may find a person's profile by role and region."""

    COMMUNITY = "community"
    CONTACTS = "contacts"
    NOBODY = "nobody"


class Topic(StrEnum):
    """A kind of message that a person can send elsewhere or switch off (`/me notify`)."""

    OFFERS = "offers"
    GIGS = "gigs"
    INVOICES = "invoices"
    BREAKS = "breaks"
    DIGESTS = "digests"
    REMINDERS = "reminders"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One human being, on however many platforms.

    zone: IANA name; None until they said it, and then the surface asks before reading a clock.
    currency, locale, words: None means the community's, then the program's defaults.
    clock: 12 or 24, how they write hours; None: not known.
    roles, doubles: ids of `storage.reference.instruments`, in the order they gave.
    quiet_from, quiet_to: local wall clock between which nothing but urgent messages arrives.
    tour_step: 0 until they were told where to begin, 1 to 4 for the step of the tour that comes next, 5 when done.
    """

    id: int
    name: str
    zone: str | None = None
    currency: str | None = None
    locale: str | None = None
    words: Words | None = None
    clock: int | None = None
    region: str | None = None
    country: str | None = None
    radius_km: int | None = None
    styles: str | None = None
    links: str | None = None
    union: str | None = None
    visibility: Visibility = Visibility.COMMUNITY
    takes_unpaid: bool = False
    plain_text: bool = False
    quiet_from: time = time(22)
    quiet_to: time = time(8)
    tour_step: int = 0
    made_at: datetime
    roles: tuple[str, ...] = ()
    doubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """One platform account of a person.

    surface: "discord", "telegram" or "console".
    account: the platform's id of the user, as text.
    dm: the address private messages go to (Discord DM channel, Telegram chat); None: never opened.
    unreachable: why private messages are refused (blocked, closed); None while they arrive.
    """

    surface: str
    account: str
    person_id: int
    name: str
    dm: str | None = None
    unreachable: str | None = None
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """A Discord server, a Telegram group or channel, or the local console community.

    account: the platform's id of the server or chat, as text; unique per surface.
    active: False after the bot was removed; nothing is posted there then.
    settings: moderators' choices that no query needs (rules, words, rates switch), by name.
    """

    id: int
    surface: str
    account: str
    name: str
    zone: str | None = None
    currency: str | None = None
    locale: str | None = None
    words: Words | None = None
    region: str | None = None
    active: bool = True
    settings: dict[str, object] = field(default_factory=dict)
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A place several people read: channel, thread, forum, group, topic.

    address: what the surface needs to post there, as text ("-100123:45" is Telegram topic 45 of that chat).
    shape: "text", "thread", "forum", "group", "topic" or "channel".
    board: gig cards are hung here.
    trouble: why posts are refused there now (missing right, `GONE`); None while they arrive.
    """

    GONE: ClassVar[str] = "the channel is gone"

    id: int
    community_id: int
    surface: str
    address: str
    name: str
    shape: str = "text"
    board: bool = False
    trouble: str | None = None

    @property
    def is_there(self) -> bool:
        """False once it was deleted where it was; another may have its name by now."""
        return self.trouble != self.GONE

    @property
    def label(self) -> str:
        """The name as people write it: "#gigs", but "The Pit" where it has several words."""
        return self.name if " " in self.name else f"#{self.name.removeprefix('#')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """That a person belongs to a community.

    moderator: as the platform said when they were last seen there.
    joined_at: first seen there; board rules on how long somebody has been around count from it.
    left_at: when they left; None while they belong.
    """

    person_id: int
    community_id: int
    moderator: bool = False
    joined_at: datetime
    seen_at: datetime
    left_at: datetime | None = None
