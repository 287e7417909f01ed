"""What a piece of work pays, and per what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage.records.money import Money


class Basis(StrEnum):
    """Whether there is a sum on the table."""

    PAID = "paid"
    QUOTE = "quote"  # the player names a price
    UNPAID = "unpaid"  # said outright; only shown to who opted in


class Unit(StrEnum):
    """What the sum buys. A bare sum is for the whole engagement."""

    FLAT = "flat"
    CALL = "call"  # a session of three hours by custom
    SERVICE = "service"  # one rehearsal or one performance
    SONG = "song"
    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Fee:
    """A sum with its unit, "quotes", or an explicit "unpaid". `money` is there exactly when the basis is PAID."""

    basis: Basis
    money: Money | None = None
    unit: Unit = Unit.FLAT

    def __post_init__(self) -> None:
        if (self.money is None) == (self.basis is Basis.PAID):
            raise ValueError("a paid fee has a sum, the others have none")
        if self.money is not None and self.money.minor <= 0:
            raise ValueError("a fee is more than nothing; say unpaid")
