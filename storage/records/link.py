"""Links: one person on two platforms, two communities with one board, and the one-time codes that lead to both."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storage.records.gig import Gig, KindOfWork, folded_words
from storage.records.money import Money


class CodeFor(StrEnum):
    """What a one-time code leads to."""

    PERSON = "person"
    BOARD = "board"


class CodeState(StrEnum):
    """How far a code has come. It goes forward only."""

    MADE = "made"
    TAKEN = "taken"  # typed in by somebody, who sees both names and has not confirmed
    WANTED = "wanted"  # they have confirmed; whoever made it is asked
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkCode:
    """A one-time code, of which only a keyed hash is kept.

    person_id, surface: who made it, and on which platform; together the account it is bound to.
    community_id: whose board it offers; None for a person's code.
    taken_by, taken_on: who typed it in, and on which platform; taken_there: for which community, of a board's code.
    expires_at: of the step it has reached; afterwards it is as good as none.
    """

    id: int
    purpose: CodeFor
    person_id: int
    surface: str
    community_id: int | None = None
    state: CodeState = CodeState.MADE
    taken_by: int | None = None
    taken_on: str | None = None
    taken_there: int | None = None
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLink:
    """An account that was joined to a person, and what it brought along.

    person_id: whom it belongs to now. surface, account: the platform account. brought: by "table.column" the keys of
    the rows that were its own before, which go back to it when the link is undone. sequences: places in the series of
    invoices that had to change, by invoice id, as they were.
    """

    id: int
    person_id: int
    surface: str
    account: str
    linked_at: datetime
    brought: dict[str, list[list[int | str]]] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFilter:
    """Which gigs pass over a link, in one direction. Everything empty: all of them.

    roles: ids of chairs. words: of the place, folded as `folded_words` does; all must occur. kinds: of work.
    at_least: for the whole engagement; gigs in another currency, and those of which nobody can say what they come to,
    do not pass then.
    """

    roles: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    kinds: tuple[KindOfWork, ...] = ()
    at_least: Money | None = None

    @property
    def says_something(self) -> bool:
        """Whether it keeps anything out."""
        return bool(self.roles or self.words or self.kinds or self.at_least)

    def passes(self, gig: Gig, alike: frozenset[str]) -> bool:
        """Whether a gig may cross. alike: the chairs that its own chair counts as (`instruments.alike`)."""
        if self.roles and not alike & set(self.roles):
            return False
        if self.words and not set(self.words) <= set(folded_words(gig.where or "")):
            return False
        if self.kinds and gig.kind not in self.kinds:
            return False
        if self.at_least is None:
            return True
        worth = gig.worth()
        return worth is not None and worth.currency == self.at_least.currency and worth.minor >= self.at_least.minor

    def as_json(self) -> dict[str, object]:
        """As JSON values; empty parts are left out."""
        said: dict[str, object] = {
            "roles": list(self.roles),
            "words": list(self.words),
            "kinds": [kind.value for kind in self.kinds],
            "at_least": [self.at_least.minor, self.at_least.currency] if self.at_least else None,
        }
        return {name: value for name, value in said.items() if value}

    @classmethod
    def of_json(cls, said: dict[str, list[int | str]]) -> BoardFilter:
        """What `as_json` wrote."""
        money = said.get("at_least")
        return cls(
            roles=tuple(str(role) for role in said.get("roles", ())),
            words=tuple(str(word) for word in said.get("words", ())),
            kinds=tuple(KindOfWork(str(kind)) for kind in said.get("kinds", ())),
            at_least=Money(int(money[0]), str(money[1])) if money else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLink:
    """That a community's board is linked with another's, as one of the two sees it; the other has one of its own.

    takes: which of the other's gigs hang here. gives: which of ours may hang there.
    """

    id: int
    community_id: int
    other_id: int
    takes: BoardFilter = BoardFilter()
    gives: BoardFilter = BoardFilter()
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hung:
    """That a gig of another community hangs on a community's board.

    removed_at: when that ended there, though the gig itself may go on: taken off by moderators, or the link was undone.
    reason: why, for moderators.
    """

    id: int
    gig_id: int
    community_id: int
    hung_at: datetime
    removed_at: datetime | None = None
    reason: str | None = None
