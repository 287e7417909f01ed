"""What people said they were paid, the figures of the last batch, floors, and figures that moderators added."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    RowMapping,
    Table,
    Text,
    and_,
    cast,
    delete,
    extract,
    func,
    or_,
    select,
    type_coerce,
    update,
)

from storage.records.fee import Unit
from storage.records.gig import KindOfWork
from storage.records.money import Money
from storage.records.rate import (
    COMMUNITY_RATES,
    Counted,
    Level,
    Measure,
    OwnReference,
    RateCell,
    RateFamily,
    RateFloor,
    RateReport,
)
from storage.reference.regions import Place, place_of
from storage.stores.base import PersonalStore
from storage.tables.columns import money_of, money_values
from storage.tables.communities import communities, memberships
from storage.tables.rates import rate_cells, rate_families, rate_floors, rate_references, rate_reports

#: How long a report that was withdrawn can be put back; longer than any undo.
KEPT_WITHDRAWN = timedelta(days=1)
#: When a family that is new was refreshed last.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

#: Figures written in one statement: turning more of them into rows would hold up the event loop for milliseconds.
_ROWS = 40

_CELL = tuple(field.name for field in fields(RateCell))
#: The columns of `Counted`, in its order, without what turns them into records.
_COUNTED = (
    rate_reports.c.person_id,
    rate_reports.c.base_minor,
    rate_reports.c.extras_minor,
    rate_reports.c.country,
    rate_reports.c.region_key,
    rate_reports.c.city_key,
    cast(extract("year", rate_reports.c.month), Integer),
    type_coerce(rate_reports.c.union, Text),
    type_coerce(rate_reports.c.years, Text),
    type_coerce(rate_reports.c.changed_at, BigInteger),
)


class RateStore(PersonalStore):
    """Questions and deeds about pay. Reports are asked for by their owner, and by the batch that makes the figures."""

    personal = (rate_floors.c.person_id, rate_reports.c.person_id)

    # --- what somebody said -------------------------------------------------------------------------------------------

    async def add(self, report: RateReport) -> RateReport:
        """Keep it and give it its id."""
        await self.open_family(report.family)
        kept = await self._one(
            rate_reports.insert().values(**report_values(report)).returning(*rate_reports.c), _report
        )
        assert kept is not None
        return kept

    async def get(self, report_id: int, person_id: int) -> RateReport | None:
        """One of the person's own that stands."""
        return await self._one(select(rate_reports).where(_own(report_id, person_id)), _report)

    async def of(self, person_id: int) -> list[RateReport]:
        """Everything the person said that stands, the newest month first."""
        return await self._all(
            select(rate_reports)
            .where(rate_reports.c.person_id == person_id, rate_reports.c.withdrawn_at.is_(None))
            .order_by(rate_reports.c.month.desc(), rate_reports.c.id.desc()),
            _report,
        )

    async def change(self, report: RateReport) -> RateReport | None:
        """Write the person's report as it is now; None when it is not theirs or does not stand."""
        await self.open_family(report.family)
        return await self._one(
            update(rate_reports)
            .where(_own(report.id, report.person_id))
            .values(**report_values(report))
            .returning(*rate_reports.c),
            _report,
        )

    async def withdraw(self, report_id: int, person_id: int, now: datetime) -> RateReport | None:
        """Take it back; None when there is none of theirs. What was withdrawn before goes for good."""
        await self._do(
            delete(rate_reports).where(
                rate_reports.c.person_id == person_id, rate_reports.c.withdrawn_at < now - KEPT_WITHDRAWN
            )
        )
        return await self._one(
            update(rate_reports).where(_own(report_id, person_id)).values(withdrawn_at=now).returning(*rate_reports.c),
            _report,
        )

    async def restore(self, report_id: int, person_id: int, now: datetime) -> RateReport | None:
        """Let it stand again, as said anew now; None when it was not withdrawn within the last day."""
        return await self._one(
            update(rate_reports)
            .where(
                rate_reports.c.id == report_id,
                rate_reports.c.person_id == person_id,
                rate_reports.c.withdrawn_at >= now - KEPT_WITHDRAWN,
            )
            .values(withdrawn_at=None, changed_at=now)
            .returning(*rate_reports.c),
            _report,
        )

    async def open_family(self, family: RateFamily) -> None:
        """Have batches make figures of a family from now on; nothing happens when they do."""
        await self._do(
            self._insert(rate_families)
            .values(**_family_values(family), refreshed_at=_NEVER)
            .on_conflict_do_nothing(index_elements=list(_FAMILY))
        )

    # --- batches ------------------------------------------------------------------------------------------------------

    async def due(
        self, boundary: datetime, *, community_id: int | None = None, role: str | None = None, limit: int = 500
    ) -> list[RateFamily]:
        """Families whose figures are not of the batch that began at `boundary`; of one community and role if given."""
        wanted: list[ColumnElement[bool]] = [rate_families.c.refreshed_at < boundary]
        if community_id is not None:
            wanted.append(rate_families.c.community_id == community_id)
        if role is not None:
            wanted.append(rate_families.c.role == role)
        return await self._all(
            select(*(rate_families.c[name] for name in _FAMILY)).where(*wanted).limit(limit),
            lambda row: RateFamily(**row),
        )

    async def claim(self, family: RateFamily, boundary: datetime) -> bool:
        """Begin the family's batch; False when another process did. Held until this Work is over."""
        return bool(
            await self._count(
                update(rate_families)
                .where(*_of_family(rate_families, family), rate_families.c.refreshed_at < boundary)
                .values(refreshed_at=boundary)
            )
        )

    async def counting(
        self,
        family: RateFamily,
        *,
        before: datetime,
        since: date,
        joined_before: datetime,
        after: int = 0,
        n: int = 200,
    ) -> tuple[list[Counted], int | None]:
        """Reports of a family that a batch counts: said before it began, of months since then, by people who had been
        in the community by `joined_before`. About `n` at a time, in the order of people, of people behind `after`; each
        with all they said, however many. And whom to go on behind; None when nobody is left.
        """
        who = rate_reports.c.person_id
        statement = (
            select(*_COUNTED)
            .join(
                memberships,
                and_(
                    memberships.c.person_id == rate_reports.c.person_id,
                    memberships.c.community_id == rate_reports.c.community_id,
                ),
            )
            .where(
                *_of_family(rate_reports, family, currency="base_currency"),
                rate_reports.c.withdrawn_at.is_(None),
                rate_reports.c.changed_at < before,
                rate_reports.c.month >= since,
                memberships.c.joined_at <= joined_before,
            )
            .order_by(who)
        )
        rows = [Counted._make(row) for row in await self._run(statement.where(who > after).limit(n))]
        if len(rows) < n:
            return rows, None
        last = rows[-1].person_id  # perhaps not with everything, and so left to the next page
        whole = [row for row in rows if row.person_id != last]
        if not whole:
            return [Counted._make(row) for row in await self._run(statement.where(who == last))], last
        return whole, whole[-1].person_id

    async def cells(self, family: RateFamily) -> list[RateCell]:
        """Every figure of a family."""
        return await self._all(
            select(*(rate_cells.c[name] for name in _CELL)).where(*_of_family(rate_cells, family)), _cell
        )

    async def replace_cells(self, family: RateFamily, cells: Iterable[RateCell]) -> None:
        """Show these figures from now on, and no others."""
        await self._do(delete(rate_cells).where(*_of_family(rate_cells, family)))
        key = _family_values(family)
        rows = [key | {name: getattr(cell, name) for name in _CELL} for cell in cells]
        for first in range(0, len(rows), _ROWS):
            await self._do(rate_cells.insert(), rows[first : first + _ROWS])

    # --- figures ------------------------------------------------------------------------------------------------------

    async def figures(self, family: RateFamily, places: Sequence[tuple[Level, str]]) -> list[RateCell]:
        """The figures of a family in these places."""
        return await self._all(
            select(*(rate_cells.c[name] for name in _CELL)).where(
                *_of_family(rate_cells, family),
                or_(*(and_(rate_cells.c.level == level, rate_cells.c.place == place) for level, place in places)),
            ),
            _cell,
        )

    async def range_for(self, family: RateFamily, where: str | None, country: str | None) -> RateCell | None:
        """The figure to stand beside a fee: everybody's base pay at the nearest place to `where` that has one.

        None where there is none, or where the community's moderators want none.
        """
        settings = await self._run(select(communities.c.settings).where(communities.c.id == family.community_id))
        if (settings.scalar() or {}).get(COMMUNITY_RATES) is False:
            return None
        place = place_of(where, country) if where else Place(None, None, country)
        steps = [(Level(level), key) for level, key in place.steps()]
        found = {
            (cell.level, cell.place): cell
            for cell in await self.figures(family, steps)
            if cell.part == "" and cell.measure is Measure.BASE
        }
        return next((found[step] for step in steps if step in found), None)

    async def others(self, community_id: int, role: str, limit: int = 12) -> list[tuple[RateFamily, int]]:
        """Families of a role that have a figure for everywhere, with how many people at least; most people first."""
        rows = await self._run(
            select(*(rate_cells.c[name] for name in _FAMILY), rate_cells.c.people)
            .where(
                rate_cells.c.community_id == community_id,
                rate_cells.c.role == role,
                rate_cells.c.level == Level.ALL,
                rate_cells.c.part == "",
                rate_cells.c.measure == Measure.BASE,
            )
            .order_by(rate_cells.c.people.desc(), rate_cells.c.kind, rate_cells.c.unit, rate_cells.c.currency)
            .limit(limit)
        )
        return [(RateFamily(**{name: row[name] for name in _FAMILY}), row["people"]) for row in rows.mappings()]

    # --- floors -------------------------------------------------------------------------------------------------------

    async def set_floor(self, floor: RateFloor) -> None:
        """Keep the person's least for a unit, instead of what stood there."""
        values = {"person_id": floor.person_id, "unit": floor.unit, "set_at": floor.set_at}
        values |= money_values("least", floor.least)
        kept = self._insert(rate_floors).values(**values)
        await self._do(
            kept.on_conflict_do_update(
                index_elements=["person_id", "unit"],
                set_={name: kept.excluded[name] for name in ("least_minor", "least_currency", "set_at")},
            )
        )

    async def drop_floor(self, person_id: int, unit: Unit) -> bool:
        """Forget the least for a unit; False when there was none."""
        return bool(
            await self._count(
                delete(rate_floors).where(rate_floors.c.person_id == person_id, rate_floors.c.unit == unit)
            )
        )

    async def floors(self, person_id: int) -> list[RateFloor]:
        """The person's floors."""
        return await self._all(
            select(rate_floors).where(rate_floors.c.person_id == person_id).order_by(rate_floors.c.unit), _floor
        )

    async def floors_of(self, person_ids: Collection[int]) -> dict[int, list[RateFloor]]:
        """The floors of several people; who has none is left out."""
        found: dict[int, list[RateFloor]] = {}
        if person_ids:
            statement = select(rate_floors).where(rate_floors.c.person_id.in_(person_ids))
            for floor in await self._all(statement.order_by(rate_floors.c.person_id, rate_floors.c.unit), _floor):
                found.setdefault(floor.person_id, []).append(floor)
        return found

    # --- figures that moderators added --------------------------------------------------------------------------------

    async def add_reference(self, reference: OwnReference) -> OwnReference:
        """Keep it and give it its id."""
        values = {field.name: getattr(reference, field.name) for field in fields(OwnReference)}
        for name in ("id", "value", "value_max"):
            del values[name]
        values |= money_values("value", reference.value)
        values["value_max_minor"] = None if reference.value_max is None else reference.value_max.minor
        kept = await self._one(rate_references.insert().values(**values).returning(*rate_references.c), _reference)
        assert kept is not None
        return kept

    async def references(self, community_id: int, kind: KindOfWork | None = None) -> list[OwnReference]:
        """What a community's moderators added and did not remove; of one kind if given."""
        wanted = [rate_references.c.community_id == community_id, rate_references.c.removed_at.is_(None)]
        if kind is not None:
            wanted.append(rate_references.c.kind == kind)
        return await self._all(select(rate_references).where(*wanted).order_by(rate_references.c.id), _reference)

    async def remove_reference(self, reference_id: int, community_id: int, now: datetime | None) -> OwnReference | None:
        """Take one of the community's own off its list, or (None) put it back; None when that changes nothing."""
        gone = rate_references.c.removed_at
        return await self._one(
            update(rate_references)
            .where(
                rate_references.c.id == reference_id,
                rate_references.c.community_id == community_id,
                gone.is_(None) if now is not None else gone.is_not(None),
            )
            .values(removed_at=now)
            .returning(*rate_references.c),
            _reference,
        )

    async def number(self, community_id: int) -> int:
        """How many reports stand in a community, for its moderators: a count and nothing else."""
        return await self._how_many(
            select(func.count()).where(
                rate_reports.c.community_id == community_id, rate_reports.c.withdrawn_at.is_(None)
            )
        )


_FAMILY = ("community_id", "role", "kind", "unit", "currency")


def _family_values(family: RateFamily) -> dict[str, Any]:
    return {name: getattr(family, name) for name in _FAMILY}


def _of_family(table: Table, family: RateFamily, *, currency: str = "currency") -> list[ColumnElement[bool]]:
    names = {name: name for name in _FAMILY} | {"currency": currency}
    return [table.c[column] == getattr(family, name) for name, column in names.items()]


def _own(report_id: int, person_id: int) -> ColumnElement[bool]:
    return and_(
        rate_reports.c.id == report_id,
        rate_reports.c.person_id == person_id,
        rate_reports.c.withdrawn_at.is_(None),
    )


def report_values(report: RateReport) -> dict[str, Any]:
    """The columns of a report, without its id: also for writing many at once."""
    values = {field.name: getattr(report, field.name) for field in fields(RateReport)}
    for name in ("id", "base", "extras"):
        del values[name]
    values |= money_values("base", report.base)
    values["extras_minor"] = None if report.extras is None else report.extras.minor
    return values


def _report(row: RowMapping) -> RateReport:
    values = dict(row)
    base = money_of(values, "base")
    assert base is not None
    extras = values.pop("extras_minor")
    del values["base_minor"], values["base_currency"]
    return RateReport(**values, base=base, extras=None if extras is None else Money(extras, base.currency))


def _cell(row: RowMapping) -> RateCell:
    return RateCell(**row)


def _floor(row: RowMapping) -> RateFloor:
    least = money_of(dict(row), "least")
    assert least is not None
    return RateFloor(person_id=row["person_id"], unit=row["unit"], least=least, set_at=row["set_at"])


def _reference(row: RowMapping) -> OwnReference:
    values = dict(row)
    value, top = money_of(values, "value"), values.pop("value_max_minor")
    assert value is not None
    del values["value_minor"], values["value_currency"]
    return OwnReference(**values, value=value, value_max=None if top is None else Money(top, value.currency))
