"""A gig: a chair (or several of one kind) that somebody wants filled, on what terms, and how that stands."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage.records.fee import Basis, Fee, Unit
from storage.records.money import Money
from storage.records.times import Span


class KindOfWork(StrEnum):
    """What a gig is, for lists, watches and pay: the same closed set as `storage.reference.work_kinds.Kind`."""

    SESSION = "session"
    LIVE = "live"
    FUNCTION = "function"
    THEATRE = "theatre"
    ORCHESTRAL = "orchestral"  # orchestral concerts, opera, ballet, scoring
    TOUR = "tour"
    REMOTE = "remote"
    DEMO = "demo"
    ADVERTISING = "advertising"
    TEACHING = "teaching"
    OTHER = "other"


class GigState(StrEnum):
    """How a gig stands. `cogs.gigs.rules` says which state follows which."""

    OPEN = "open"
    HELD = "held"  # every free chair is pencilled
    FILLED = "filled"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REVIEW = "review"  # kept off the board until a moderator has looked at it
    REMOVED = "removed"  # taken off the board by a moderator


#: States in which only its poster, whoever is in it, and moderators know of a gig.
HIDDEN = frozenset({GigState.REVIEW, GigState.REMOVED})
#: States in which nobody is to turn up.
OFF = HIDDEN | {GigState.CANCELLED, GigState.POSTPONED}
#: States in which a gig is found, listed and answered.
LISTED = frozenset({GigState.OPEN, GigState.HELD})


class Usage(StrEnum):
    """What may be done with what is recorded, for this fee."""

    NONE = "none"
    BUYOUT = "buyout"
    LIMITED = "limited"
    BROADCAST = "broadcast"
    SYNC = "sync"
    ASK = "ask"


class UnionTerms(StrEnum):
    """Whether the engagement is under a union agreement."""

    UNION = "union"
    NON_UNION = "non_union"
    EITHER = "either"


class Audience(StrEnum):
    """To whom a gig is offered."""

    BOARD = "board"
    LIST = "list"  # everybody on the poster's call list for the chair
    FIRST = "first"  # the first of them, as many as there are chairs

    @property
    def label(self) -> str:
        """As it is tapped."""
        return {"board": "The board", "list": "My call list", "first": "First call only"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was said about the deal besides the fee; None is "not said", which the card names.

    pays: who pays, in the poster's words. pay_by: when, in words ("on the night", "30 days").
    extras: doubling, porterage, overtime, travel, per diem, in words.
    """

    pays: str | None = None
    pay_by: str | None = None
    cancellation: str | None = None
    usage: Usage | None = None
    credit: str | None = None
    union: UnionTerms | None = None
    extras: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gig:
    """One post.

    role: id of `storage.reference.instruments`. seats: chairs wanted, all of that role.
    span: its `zone` is the venue's where that is known, else the poster's; times are shown in it.
    call_time: when players are to be there, if that is before the start.
    country: ISO two-letter code of where it is, as far as known.
    inked, pencilled: how many chairs are; kept beside the answers so that a chair can be taken in one statement.
    closed: somebody closed it by hand (filled elsewhere, postponed, cancelled) or its time passed; then `state` no
    longer follows the answers.
    revision: grows with every change by its poster; players who are in say "got it" to a revision.
    expires_at: when it leaves the board by itself.
    audience: to whom it is offered; other than the board, only people to whom it was offered privately see it.
    """

    id: int
    community_id: int
    poster_id: int
    role: str
    seats: int = 1
    span: Span
    call_time: datetime | None = None
    where: str | None = None
    country: str | None = None
    fee: Fee
    kind: KindOfWork | None = None
    what: str | None = None
    terms: Terms = field(default_factory=Terms)
    reply_by: datetime | None = None
    state: GigState = GigState.OPEN
    closed: bool = False
    inked: int = 0
    pencilled: int = 0
    revision: int = 0
    posted_at: datetime
    state_at: datetime
    expires_at: datetime
    audience: Audience = Audience.BOARD

    @property
    def ref(self) -> str:
        """Its short id."""
        return f"G{self.id}"

    @property
    def unpaid(self) -> bool:
        """Whether it says outright that it pays nothing, and so is shown only to people who asked for that."""
        return self.fee.basis is Basis.UNPAID

    @property
    def for_few(self) -> bool:
        """Whether most members of its community do not get to see it: unpaid, or offered to a call list alone."""
        return self.unpaid or self.audience is not Audience.BOARD

    @property
    def open_to_takers(self) -> bool:
        """Whether those see it who asked for unpaid gigs."""
        return self.unpaid and self.audience is Audience.BOARD

    @property
    def free_seats(self) -> int:
        """Chairs that nobody is inked for."""
        return max(0, self.seats - self.inked)

    def standing(self, now: datetime) -> GigState:
        """Its state at a moment: an open post whose time has passed is expired, whoever has noticed."""
        if self.state in LISTED and now >= self.expires_at:
            return GigState.EXPIRED
        return self.state

    def worth(self) -> Money | None:
        """What one player gets for the whole engagement, to compare with a minimum; None where nobody can tell.

        Hours count when the length is known; songs and quotes cannot be counted. A day rate counts its days.
        """
        money = self.fee.money
        if money is None or self.fee.unit is Unit.SONG:
            return None
        if self.fee.unit is Unit.HOUR:
            if self.span.end is None or self.span.whole_days:
                return None
            minutes = int((self.span.end - self.span.start).total_seconds() // 60)
            return Money(money.minor * minutes // 60, money.currency)
        if self.fee.unit is Unit.DAY:
            return money.times((self.span.last_day - self.span.first_day).days + 1)
        return money


def folded_words(text: str) -> tuple[str, ...]:
    """The words of a text as searches compare them: small letters without accents, each once, in order.

    At most 40 words of at most 40 letters; what is longer is no word that anybody looks for.
    """
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    spaced = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return tuple(dict.fromkeys(word for word in spaced.split() if len(word) <= 40))[:40]


@dataclass(frozen=True, slots=True, kw_only=True)
class GigChange:
    """One field that was changed after posting, with what stood there before: both as JSON values.

    field: the name of the field as `/gig edit` calls it. revision: the gig's, once it was changed.
    """

    id: int
    gig_id: int
    revision: int
    field: str
    before: object
    after: object
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GigFilter:
    """What a list of gigs is narrowed to. Everything None or empty: all that is open in the community.

    roles: any of these chairs, and what leaves open which of several it is (`instruments.alike`).
    words: each must occur (place, role, kind, description), folded as `folded_words` does.
    start_from, start_to: the gig begins in this stretch. at_least: in this currency, for the whole engagement.
    posted_after: only newer posts. unpaid: unpaid ones are shown too. poster_id: only theirs; closed ones as well then.
    """

    community_id: int
    roles: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    start_from: datetime | None = None
    start_to: datetime | None = None
    at_least: Money | None = None
    kind: KindOfWork | None = None
    posted_after: datetime | None = None
    unpaid: bool = False
    poster_id: int | None = None
