"""What people were paid, told by themselves; figures made of it; figures others published; and private floors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from storage.records.fee import Unit
from storage.records.gig import KindOfWork
from storage.records.money import Money

#: A community's switch, among its settings: False where its moderators do not want figures of their members.
COMMUNITY_RATES = "community_rates"


class Years(StrEnum):
    """How long somebody has been paid to play, as widely as it is kept."""

    UNDER_5 = "under_5"
    FROM_5 = "5_to_14"
    FROM_15 = "15_or_more"

    @property
    def label(self) -> str:
        """In words."""
        return {"under_5": "under 5 years", "5_to_14": "5 to 14 years", "15_or_more": "15 years or more"}[self.value]


class UnionStatus(StrEnum):
    """Whether the work was under a union agreement."""

    UNION = "union"
    NON_UNION = "non_union"

    @property
    def label(self) -> str:
        """In words."""
        return "union" if self is UnionStatus.UNION else "non-union"


class Level(StrEnum):
    """How wide a place a figure is for."""

    CITY = "city"
    REGION = "region"
    COUNTRY = "country"
    ALL = "all"


class Measure(StrEnum):
    """What was counted."""

    BASE = "base"
    EXTRAS = "extras"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateFamily:
    """Reports that may be counted together: one role, kind of work, unit and currency in one community."""

    community_id: int
    role: str
    kind: KindOfWork
    unit: Unit
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateReport:
    """What one engagement paid somebody. Seen by its owner alone.

    base: per `unit`, without extras. extras: everything paid on top, together; None: not said.
    city, region, country: as shown; each may be unknown. month: the first day of the month; no finer day is kept.
    changed_at: when it was given or last corrected; a batch counts it from the next one on.
    withdrawn_at: taken back; erased with the next batch unless that is undone.
    """

    id: int = 0
    person_id: int
    community_id: int
    role: str
    kind: KindOfWork
    unit: Unit
    base: Money
    extras: Money | None = None
    city: str | None = None
    city_key: str | None = None
    region: str | None = None
    region_key: str | None = None
    country: str | None = None
    month: date
    union: UnionStatus | None = None
    years: Years | None = None
    made_at: datetime
    changed_at: datetime
    withdrawn_at: datetime | None = None

    @property
    def family(self) -> RateFamily:
        """What it may be counted with."""
        return RateFamily(
            community_id=self.community_id,
            role=self.role,
            kind=self.kind,
            unit=self.unit,
            currency=self.base.currency,
        )


class Counted(NamedTuple):
    """What a batch reads of a report, and as the database keeps it: a million are read, and little is made of each.

    base, extras: minor units. year: of the month in which it was paid. union, years: values of their enums.
    changed_at: milliseconds, as `times.milliseconds` counts them.
    """

    person_id: int
    base: int
    extras: int | None
    country: str | None
    region_key: str | None
    city_key: str | None
    year: int
    union: str | None
    years: str | None
    changed_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCell:
    """One figure of a batch, as everybody is shown it until another takes its place.

    place: "" for everywhere, a country's code, or the key of a region or town. part: "" for everybody, or which of
    them: "union:union", "years:5_to_14", "year:2026". middle, low, high: minor units on the privacy grid; low and high
    (P25, P75) only from ten people on. people: at least so many, as shown. made_at: the batch it is from.
    counted: exactly how many, kept to tell when enough has changed; never shown.
    """

    level: Level
    place: str
    part: str
    measure: Measure
    middle: int
    low: int | None
    high: int | None
    people: int
    counted: int
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RateFloor:
    """The least somebody goes out for, per unit. Theirs alone."""

    person_id: int
    unit: Unit
    least: Money
    set_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReference:
    """A published figure that a community's moderators added, with where it stands. Nobody's own pay.

    value, value_max: minor units. unit: in the source's terms. since, until: as published; None: not said.
    """

    id: int = 0
    community_id: int
    body: str
    kind: KindOfWork
    covers: str
    unit: str
    value: Money
    value_max: Money | None = None
    region: str | None = None
    url: str
    since: date | None = None
    until: date | None = None
    made_at: datetime
    removed_at: datetime | None = None
