"""Published pay: union agreements, recommendations and surveys, as printed, with the page each was read on.

These are facts to show beside a community's own figures, never an instruction to charge. A survey is not a
recommendation and a recommendation is not an agreement: show `status` with the figure. Nothing here is ever raised by
a percentage to look current; rows that record an increase (`RateItem.RULE`) only say that one happened.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache

from storage.reference.countries import code_of
from storage.reference.instruments.rows import Instrument
from storage.reference.instruments.rows import by_id as instrument_by_id
from storage.reference.reading import Row, read
from storage.reference.sources import Confidence, PartialDate, Source
from storage.reference.work_kinds import rate_kinds_of


class Freshness(StrEnum):
    """How the figure stood when the table was last checked."""

    #: Listed as in force on or after 2025-01-01.
    CURRENT = "current"
    #: 2021 to 2024, or undated but still published: "last published figure we have", with its date.
    DATED = "dated"
    #: Before 2021: context or trend only.
    HISTORIC = "historic"
    #: Replaced by a later row or agreement: trend only.
    SUPERSEDED = "superseded"


class ValueType(StrEnum):
    """What kind of number `value` is."""

    AMOUNT = "amount"
    #: A percentage of the thing named in `unit`.
    PERCENT = "percent"
    #: A factor on the base named in `unit`.
    MULTIPLIER = "multiplier"
    #: A limit, not pay.
    THRESHOLD = "threshold"
    #: A limit or a condition, not pay.
    RULE = "rule"
    #: Money that people reported, not money anybody sets.
    SURVEY = "survey"


class RateItem(StrEnum):
    """What is paid for."""

    BASE = "base"
    OVERTIME = "overtime"
    DOUBLING = "doubling"
    LEADER = "leader"
    CONTRACTOR = "contractor"
    #: Carrying a large instrument: porterage (UK), cartage (US).
    PORTERAGE = "porterage"
    TRAVEL = "travel"
    #: Pension, health and welfare: on top of the fee, not to the player's hand.
    BENEFIT = "benefit"
    REUSE = "reuse"
    RULE = "rule"


class Standing(StrEnum):
    """With what authority the figure is published."""

    AGREEMENT = "agreement"
    RECOMMENDED = "recommended"
    SURVEY = "survey"


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedRate:
    """One published figure, as its source printed it."""

    id: str
    #: In major units of `currency` for money (434.21 is $434.21); otherwise what `value_type` says.
    value: Decimal
    #: Upper end of a range that starts at `value`; None for a single figure.
    value_max: Decimal | None
    #: ISO 4217; None where the value is not money.
    currency: str | None
    value_type: ValueType
    #: What the value is paid for or measured in, in the source's terms ("per 3-hour session").
    unit: str
    item: RateItem
    #: What the figure covers, in a sentence.
    covers: str
    #: Id of a row of work_kinds.csv.
    work_kind: str
    #: Who is paid it, in the source's terms ("side musician", "tutti", "all").
    role: str
    #: ISO 3166 two-letter code.
    country: str
    #: "national", "UK", or the town or union local it is limited to.
    region: str
    #: Set or recommended by a musicians' union.
    union: bool
    status: Standing
    #: None: the source gives no date.
    effective_from: PartialDate | None
    #: None: no end published.
    effective_to: PartialDate | None
    freshness: Freshness
    source: Source
    confidence: Confidence
    notes: str | None

    @property
    def is_shown(self) -> bool:
        """Whether it may answer "what is paid?": neither historic nor superseded, nor of low confidence."""
        return self.freshness in (Freshness.CURRENT, Freshness.DATED) and self.confidence is not Confidence.LOW

    def is_dated(self, on: date) -> bool:
        """Whether to mark it as the last figure known rather than one in force: by its label, or by its own end."""
        return self.freshness is not Freshness.CURRENT or self.is_past_term(on)

    def is_past_term(self, on: date) -> bool:
        """Whether the published end of the figure lies before the day."""
        return self.effective_to is not None and self.effective_to.last_day() < on


def from_row(row: Row) -> PublishedRate:
    """One line of rates.csv. Raises BadRow."""
    value_type = row.choice("value_type", ValueType)
    currency = row.text("currency") if value_type in (ValueType.AMOUNT, ValueType.SURVEY) else row.maybe("currency")
    return PublishedRate(
        id=row.text("id"),
        value=row.figure("value"),
        value_max=row.number("value_max"),
        currency=currency,
        value_type=value_type,
        unit=row.text("unit"),
        item=row.choice("item", RateItem),
        covers=row.text("covers"),
        work_kind=row.text("work_kind"),
        role=row.text("role"),
        country=row.text("country"),
        region=row.text("region"),
        union=row.yes("union"),
        status=row.choice("status", Standing),
        effective_from=row.partial("effective_from"),
        effective_to=row.partial("effective_to"),
        freshness=row.choice("freshness", Freshness),
        source=row.source(),
        confidence=row.confidence(),
        notes=row.maybe("notes"),
    )


@cache
def everything() -> tuple[PublishedRate, ...]:
    """Every row, old and weak ones too, for trends and checks. To answer a player use `published_for`."""
    return tuple(from_row(row) for row in read("rates"))


@cache
def current() -> tuple[PublishedRate, ...]:
    """The figures that may be shown today: neither historic nor superseded, nor of low confidence.

    Many are dated; ask each one (`is_dated`) and show its date when it is.
    """
    return tuple(rate for rate in everything() if rate.is_shown)


#: Row roles that name one trade, and the instruments and roles (ids) whose players it means.
_TRADES = {
    "leader": {"leader", "md"},
    "contractor": {"contractor"},
    "organist": {"organ"},
    "harp": {"harp"},
}
#: Families and roles who are not paid as players: they see only rows that name them.
_NOT_PLAYING = {"arranger", "orchestrator", "copyist", "contractor"}
_GROUP = re.compile(r"\b(?:Group|category) ([A-D])\b")


def porterage_group(rate: PublishedRate) -> str | None:
    """The letter of the union's instrument group a porterage row pays for; None when the row names none."""
    match = _GROUP.search(rate.covers)
    return match.group(1) if match else None


def _concerns(rate: PublishedRate, player: Instrument | None) -> bool:
    if player is None:
        return True
    if rate.role in _TRADES:
        return player.id in _TRADES[rate.role]
    if player.family == "role_production" or player.id in _NOT_PLAYING:
        return False
    if rate.item is RateItem.PORTERAGE:
        group = porterage_group(rate)
        return player.porterage_group is not None and group in (None, player.porterage_group)
    return True


def published_for(role: str | None, work_kind: str, country: str) -> tuple[PublishedRate, ...]:
    """What is published for a chair, for one kind of work, in one country: base pay first, then extras.

    role: an instrument's id ("bass-guitar"), or None for every role. Orchestral seats (tutti, principal) are all
        returned, since an id does not say where somebody sits.
    work_kind: an id of work_kinds.csv, or a member of `work_kinds.Kind`, which takes in all the kinds under it.
    country: two-letter code, or a name such as "UK".

    Within base and extras, figures in force come before dated ones and newer before older.
    Returns () where nothing is published. Raises KeyError for a role or a kind of work nobody knows.
    """
    player = None if role is None else instrument_by_id(role)
    kinds = rate_kinds_of(work_kind)
    code = code_of(country)
    found = [rate for rate in current() if rate.country == code and rate.work_kind in kinds and _concerns(rate, player)]
    return tuple(sorted(found, key=_order))


def _order(rate: PublishedRate) -> tuple[bool, bool, int]:
    start = rate.effective_from.first_day().toordinal() if rate.effective_from else 0
    return rate.item is not RateItem.BASE, rate.freshness is not Freshness.CURRENT, -start
