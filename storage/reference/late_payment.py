"""What the law gives a player who is paid late: interest, fixed sums, terms, freelance-payment acts.

General information, not legal advice: say so beside every rule shown. UK and EU interest is a margin over a central
bank's base rate; the margin is here, the base rate is not and has to be asked for or linked to. Interest is simple:
debt x (margin + base) / 100 / 365 for each day late (GOV.UK, late commercial payments, checked 2026-11-23).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache

from storage.reference.countries import EU_MEMBERS, code_of
from storage.reference.reading import BadRow, Row, read
from storage.reference.sources import Confidence, PartialDate, Source, within_term


class LateTopic(StrEnum):
    """What a rule settles."""

    INTEREST = "interest"
    REFERENCE_RATE = "reference_rate"
    REFERENCE_PERIOD = "reference_period"
    #: A flat sum for the trouble of collecting one debt.
    FIXED_SUM = "fixed_sum"
    #: When a payment is late if nothing was agreed.
    DEFAULT_TERM = "default_term"
    #: The longest term that may be agreed.
    MAX_TERM = "max_term"
    #: From what amount a law applies.
    THRESHOLD = "threshold"
    DAMAGES = "damages"
    #: Whom a law leaves out.
    SCOPE = "scope"
    EFFECTIVE_DATE = "effective_date"
    PENDING_REFORM = "pending_reform"


class Debtor(StrEnum):
    """Whose debts a rule covers, as far as its source says."""

    #: Businesses in general.
    BUSINESS = "business"
    #: Some businesses only: public bodies, large companies, orchestras. Read `applies_to`.
    SOME_BUSINESSES = "some businesses"
    #: Private people, such as a couple and their wedding band.
    PRIVATE = "private"
    #: Clients of professions that performing and recording musicians do not belong to.
    OTHER_TRADES = "other trades"


#: Every wording of `applies_to`, and whose debts it means. The freelance acts of New York, Illinois and Los Angeles are
#: kept to businesses: their pages speak of hiring parties, and none says that a private client is one.
DEBTORS = {
    "business to business": Debtor.BUSINESS,
    "business to business and public bodies": Debtor.BUSINESS,
    "business and public bodies": Debtor.BUSINESS,
    "no consumer involved": Debtor.BUSINESS,
    "debtor is not a consumer": Debtor.BUSINESS,
    "freelancers": Debtor.BUSINESS,
    "freelancers hired as independent contractors": Debtor.BUSINESS,
    "natural persons": Debtor.BUSINESS,
    "natural persons working as independent contractors": Debtor.BUSINESS,
    "independent contractors": Debtor.BUSINESS,
    "independent contractors in any trade, work done in the city": Debtor.BUSINESS,
    "public bodies": Debtor.SOME_BUSINESSES,
    "orchestra substitutes": Debtor.SOME_BUSINESSES,
    "large company paying a small business or freelancer": Debtor.SOME_BUSINESSES,
    "consumer clients": Debtor.PRIVATE,
    "freelancers in listed professional services only": Debtor.OTHER_TRADES,
}

#: A place whose rules hold inside another place's.
_INSIDE = {
    "new york city": ("new york state",),
    "city of los angeles": ("california",),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class LateRule:
    """One rule on late payment, in one place."""

    id: str
    #: ISO 3166 two-letter code, or "EU".
    jurisdiction: str
    #: State or city the rule is limited to; None: the whole jurisdiction.
    region: str | None
    topic: LateTopic
    #: Who is covered, in the source's terms.
    applies_to: str
    debtor: Debtor
    rule: str
    #: In the unit named by `unit`: points, percent, days, or major units of `currency`. None: the rule is words only.
    value: Decimal | None
    unit: str | None
    currency: str | None
    #: The debts a fixed sum belongs to, both ends included, in major units; None: no limit on that side.
    debt_from: Decimal | None
    debt_to: Decimal | None
    legal_basis: str | None
    #: False: announced only, not law.
    in_force: bool
    effective_from: PartialDate | None
    effective_to: PartialDate | None
    source: Source
    confidence: Confidence
    notes: str | None

    def covers_debt(self, amount: Decimal) -> bool:
        """Whether a debt of this size, in major units of the rule's currency, falls in the rule's band."""
        return (self.debt_from is None or amount >= self.debt_from) and (self.debt_to is None or amount <= self.debt_to)


def from_row(row: Row) -> LateRule:
    """One line of late_payment.csv. Raises BadRow, also for an `applies_to` that `DEBTORS` does not know."""
    applies_to = row.text("applies_to")
    if applies_to not in DEBTORS:
        raise BadRow(f"late_payment.csv {row.id}: applies_to: {applies_to!r} is not in DEBTORS")
    return LateRule(
        id=row.text("id"),
        jurisdiction=row.text("jurisdiction"),
        region=row.maybe("region"),
        topic=row.choice("topic", LateTopic),
        applies_to=applies_to,
        debtor=DEBTORS[applies_to],
        rule=row.text("rule"),
        value=row.number("value"),
        unit=row.maybe("unit"),
        currency=row.maybe("currency"),
        debt_from=row.number("debt_from"),
        debt_to=row.number("debt_to"),
        legal_basis=row.maybe("legal_basis"),
        in_force=row.yes("in_force"),
        effective_from=row.partial("effective_from"),
        effective_to=row.partial("effective_to"),
        source=row.source(),
        confidence=row.confidence(),
        notes=row.maybe("notes"),
    )


@cache
def everything() -> tuple[LateRule, ...]:
    """Every row, announced and unconfirmed ones too."""
    return tuple(from_row(row) for row in read("late_payment"))


def rules_for(
    jurisdiction: str, business: bool, *, region: str | None = None, on: date | None = None
) -> tuple[LateRule, ...]:
    """The rules in force that a musician can point to, in the order of the table.

    jurisdiction: two-letter code, "EU", or a name such as "UK". A member state also gets the Union's rule on every
        topic for which its own table holds no general rule.
    business: True when the client is a business or a public body; False for a private person, for whom most of
        these laws say nothing and only rules that speak of private clients are returned.
    region: a state or city ("New York City", which lies in New York State) to leave out the others; None: all of
        them, each naming its region.
    on: leaves out rules whose dates do not include the day; None: dates are not looked at.

    Never returned: announced reforms, low confidence, and laws limited to trades that musicians do not belong to
    (their `SCOPE` row, which says so, is).
    """
    code = code_of(jurisdiction)
    own = [rule for rule in everything() if rule.jurisdiction == code and _usable(rule, business, on)]
    if region is not None:
        places = (region.casefold(), *_INSIDE.get(region.casefold(), ()))
        own = [rule for rule in own if rule.region is None or rule.region.casefold() in places]
    if code in EU_MEMBERS:
        settled = {rule.topic for rule in own if rule.debtor is Debtor.BUSINESS}
        own += [rule for rule in rules_for("EU", business, on=on) if rule.topic not in settled]
    return tuple(own)


def _usable(rule: LateRule, business: bool, on: date | None) -> bool:
    if not rule.in_force or rule.confidence is Confidence.LOW:
        return False
    if on is not None and not within_term(on, rule.effective_from, rule.effective_to):
        return False
    if rule.debtor is Debtor.OTHER_TRADES:
        return rule.topic is LateTopic.SCOPE
    return business is (rule.debtor is not Debtor.PRIVATE)


def fixed_sum(jurisdiction: str, debt: Decimal, *, on: date | None = None) -> LateRule | None:
    """The flat sum a business owes on top of one late debt, or None where the law gives none.

    debt: what is owed, in major units of the place's currency.
    """
    return next(
        (
            rule
            for rule in rules_for(jurisdiction, True, on=on)
            if rule.topic is LateTopic.FIXED_SUM and rule.covers_debt(debt)
        ),
        None,
    )
