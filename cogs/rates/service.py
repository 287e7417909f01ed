"""What people do with what they were paid, one Work each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from cogs.kit.action import action
from cogs.kit.call import Call
from cogs.kit.faults import Conflict, Misread, NotAllowed, NotFound, Stale
from cogs.kit.tools import Tools
from cogs.kit.undo import offer_undo
from cogs.rates import batches, rules
from storage.records.fee import Basis, Fee, Unit
from storage.records.gig import KindOfWork
from storage.records.money import Money
from storage.records.people import Community
from storage.records.rate import COMMUNITY_RATES, OwnReference, RateFamily, RateReport, UnionStatus, Years
from storage.reference import instruments, rates
from storage.reference.rates import PublishedRate
from storage.reference.regions import Place, place_of
from storage.work import Work

#: More reports than anybody has gigs in two years.
MOST_REPORTS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One report as its owner typed it."""

    role: str
    kind: KindOfWork
    region: str
    paid: Fee
    extras: Money | None
    month: str | None
    union: UnionStatus | None
    years: Years | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asks about. unit: None takes the one with most people."""

    role: str
    kind: KindOfWork
    place: Place
    unit: Unit | None
    union: UnionStatus | None
    years: Years | None
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer: a community figure or None, where else there are some, and what is published.

    on: whether the community has figures at all. family: of the figure.
    """

    asked: Question
    on: bool
    family: RateFamily | None = None
    chosen: rules.Chosen | None = None
    others: tuple[tuple[RateFamily, int], ...] = ()
    published: tuple[PublishedRate, ...] = ()
    own_references: tuple[OwnReference, ...] = ()


class RateService:
    """Sharing, asking, correcting and withdrawing."""

    def __init__(self, tools: Tools) -> None:
        self._open_work = tools.open_work

    async def share(self, call: Call, said: Said) -> RateReport:
        """Keep what somebody was paid. It counts from the next batch on."""
        report = self._report(call, said)
        async with self._open_work() as work:
            community = await self._community(work, call)
            if not is_on(community):
                raise switched_off()
            mine = await work.rates.of(call.person_id)
            if len(mine) >= MOST_REPORTS:
                raise Conflict(f"You have {MOST_REPORTS} entries already.", how="Withdraw old ones with /rate mine.")
            kept = await work.rates.add(report)
            await offer_undo(work, call, f"Entry P{kept.id} shared", action("rates.take_back", kept.id))
            await work.commit()
        return kept

    async def mine(self, call: Call) -> list[RateReport]:
        """The caller's own entries."""
        async with self._open_work(reading=True) as work:
            return await work.rates.of(call.person_id)

    async def one(self, call: Call, report_id: int) -> RateReport:
        """One of the caller's own. Raises NotFound."""
        async with self._open_work(reading=True) as work:
            return _there(await work.rates.get(report_id, call.person_id), report_id)

    async def correct(self, call: Call, report_id: int, said: Said) -> RateReport:
        """Put right what was typed; the corrected entry counts from the next batch on."""
        async with self._open_work() as work:
            old = _there(await work.rates.get(report_id, call.person_id), report_id)
            new = replace(
                self._report(call, said), id=old.id, community_id=old.community_id, made_at=old.made_at
            )  # fmt: skip
            kept = await work.rates.change(new)
            await work.commit()
        return _there(kept, report_id)

    async def withdraw(self, call: Call, report_id: int, *, undoing: bool = False) -> RateReport:
        """Take an entry back. It is in no batch from now on. undoing: this is no deed of its own, to be taken back."""
        async with self._open_work() as work:
            gone = _there(await work.rates.withdraw(report_id, call.person_id, call.now), report_id)
            if not undoing:
                await offer_undo(work, call, f"Entry P{gone.id} withdrawn", action("rates.restore", gone.id))
            await work.commit()
        return gone

    async def restore(self, call: Call, report_id: int) -> RateReport:
        """Undo a withdrawal. Raises Stale when it is too late."""
        async with self._open_work() as work:
            back = await work.rates.restore(report_id, call.person_id, call.now)
            if back is None:
                raise Stale("That can no longer be taken back.")
            await work.commit()
        return back

    def _report(self, call: Call, said: Said) -> RateReport:
        if said.paid.basis is not Basis.PAID or said.paid.money is None:
            raise Misread("Only what was paid helps anybody here.", example="£180/call", field="paid")
        base = said.paid.money
        extras = said.extras if said.extras is not None and said.extras.minor > 0 else None
        if extras is not None and extras.currency != base.currency:
            raise Misread(
                f"The extras are in {extras.currency} and the fee in {base.currency}.",
                example=f"30 {base.currency}",
                field="extras",
            )
        place = place_of(said.region, call.country)
        assert call.community_id is not None  # the command belongs to a community
        return RateReport(
            person_id=call.person_id,
            community_id=call.community_id,
            role=said.role,
            kind=said.kind,
            unit=said.paid.unit,
            base=base,
            extras=extras,
            city=place.city,
            city_key=place.city_key,
            region=place.region,
            region_key=place.region_key,
            country=place.country,
            month=self._month(said.month, call),
            union=said.union,
            years=said.years,
            made_at=call.now,
            changed_at=call.now,
        )

    def _month(self, said: str | None, call: Call) -> date:
        try:
            return rules.month_of(said or "this month", call.now.date())
        except rules.NoMonth as fault:
            raise Misread(str(fault), example="Oct 2026", field="month") from None

    async def _community(self, work: Work, call: Call) -> Community:
        community = await work.communities.get(call.community_id) if call.community_id is not None else None
        if community is None:
            raise NotAllowed("That belongs to a community.", how="Use it in your server or group.")
        return community

    # --- asking -------------------------------------------------------------------------------------------------------

    async def ask(self, call: Call, asked: Question) -> Found:
        """What was paid, by the figures of this week, with what is published beside it."""
        async with self._open_work(reading=True) as work:
            community = await self._community(work, call)
        published = published_base(asked)
        if not is_on(community):
            return Found(asked=asked, on=False, published=published)
        await batches.refresh_role(self._open_work, community.id, asked.role, call.now, kind=asked.kind)
        async with self._open_work(reading=True) as work:
            others = await work.rates.others(community.id, asked.role)
            own = await work.rates.references(community.id, asked.kind)
            fitting = [
                family
                for family, _ in others
                if family.kind is asked.kind and family.currency == asked.currency and asked.unit in (None, family.unit)
            ]  # most people first
            chosen, family = None, None
            for family in fitting:
                figures = await work.rates.figures(family, rules.ladder(asked.place))
                chosen = rules.choose(figures, rules.ladder(asked.place), union=asked.union, years=asked.years)
                if chosen is not None:
                    break
        return Found(
            asked=asked,
            on=True,
            family=family if chosen is not None else None,
            chosen=chosen,
            others=tuple(pair for pair in others if chosen is None or pair[0] != family),
            published=published,
            own_references=tuple(own),
        )

    async def home(self, call: Call) -> str | None:
        """Where the caller says they are based."""
        async with self._open_work(reading=True) as work:
            person = await work.people.get(call.person_id)
        return person.region if person is not None else None


def is_on(community: Community) -> bool:
    """Whether a community has figures of its members' pay."""
    return community.settings.get(COMMUNITY_RATES) is not False


def switched_off() -> NotAllowed:
    """What is said where moderators do not want community figures."""
    return NotAllowed(
        "This community keeps no figures of what its members are paid.",
        how="Published figures are under /rate scale. Its moderators can change it with /setup rates.",
    )


def published_base(asked: Question) -> tuple[PublishedRate, ...]:
    """Published base pay for the role and kind in the country asked about, in force before dated."""
    if asked.place.country is None:
        return ()
    known = {one.id for one in instruments.everything()}
    role = asked.role if asked.role in known else None
    try:
        rows = rates.published_for(role, asked.kind.value, asked.place.country)
    except KeyError:
        return ()
    return tuple(row for row in rows if row.item is rates.RateItem.BASE and _is_sum(row))


def _is_sum(row: PublishedRate) -> bool:
    return row.value_type in (rates.ValueType.AMOUNT, rates.ValueType.SURVEY)


def _there(report: RateReport | None, report_id: int) -> RateReport:
    if report is None:
        raise NotFound("entry", f"P{report_id}", list_command="/rate mine")
    return report
