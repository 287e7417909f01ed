"""What came of a deed or a question: what services hand to cards, which do not know each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storage.records.answer import Answer
from storage.records.availability import Clashes
from storage.records.gig import Gig, GigFilter
from storage.records.moderation import Alarm
from storage.records.people import Channel, Community, Person
from storage.records.rate import RateCell
from storage.records.referral import LedgerLine, Referral


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A new gig. channels: where its card goes; empty when there is nowhere. told: private messages about it.

    alarms: why it waits for a moderator instead. beyond: linked communities on whose boards it hangs as well.
    range_: what members were paid for such a gig.
    """

    gig: Gig
    channels: tuple[Channel, ...]
    told: int
    alarms: tuple[Alarm, ...] = ()
    beyond: tuple[Community, ...] = ()
    range_: RateCell | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A gig as one person may see it.

    answers: with whoever gave them, for the poster alone; None for everybody else, moderators too.
    mine: what the reader said. through: the referral by which they heard of it, and who gave it.
    """

    gig: Gig
    poster: Person | None
    mine: Answer | None = None
    answers: tuple[tuple[Answer, Person], ...] | None = None
    through: tuple[Referral, Person] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A gig after a change. asked: players who must say "got it" again; told: others who hear of it.

    alarms: why it waits for a moderator now. mended: it waited, and goes up.
    """

    gig: Gig
    fields: tuple[str, ...]
    asked: int = 0
    told: int = 0
    alarms: tuple[Alarm, ...] = ()
    mended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a player said, as it was kept. again: they had said exactly that before.

    clashes: what in their own diary stands against it; for them alone.
    """

    gig: Gig
    answer: Answer
    again: bool = False
    stepped_back: bool = False
    clashes: Clashes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """What the poster did with an answer. others: how many were told that the gig is filled."""

    gig: Gig
    answer: Answer
    player: Person
    again: bool = False
    others: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A referral that was kept; again: the caller had passed this gig to this person before."""

    gig: Gig
    receiver: Person
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What has passed to and from a person, with the people's records by id."""

    to_me: Sequence[LedgerLine]
    by_me: Sequence[LedgerLine]
    people: Mapping[int, Person]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A referral as its receiver or its giver is told of it: the way it took, oldest first, with the people."""

    gig: Gig
    referral: Referral
    giver: Person
    receiver: Person
    chain: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list. number: from 0. more: whether another follows. token: of the list, for its buttons.

    mine: the reader's own answers, by gig. own: a list of the reader's own gigs.
    """

    gigs: tuple[Gig, ...]
    wanted: GigFilter
    number: int
    more: bool
    token: str | None
    mine: Mapping[int, Answer]

    @property
    def own(self) -> bool:
        """Whether it is the reader's own list."""
        return self.wanted.poster_id is not None
