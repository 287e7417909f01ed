"""What people write down about their ears and themselves, and what was said to them about rest."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, Table, and_, delete, func, select, update

from storage.records.answer import ENGAGED
from storage.records.wellness import CheckIn, HearingLog, Hint, RestHint
from storage.stores.base import PersonalStore
from storage.tables.answers import answers
from storage.tables.gigs import gigs
from storage.tables.wellness import check_ins, hearing_logs, rest_hints


class WellnessStore(PersonalStore):
    """Questions and deeds about hearing logs, check-ins and rest; every one is about its owner alone."""

    personal = (rest_hints.c.person_id, check_ins.c.person_id, hearing_logs.c.person_id)

    # --- ears ---------------------------------------------------------------------------------------------------------

    async def log_hearing(self, log: HearingLog) -> HearingLog:
        """Keep it and give it its id."""
        kept = await self._one(
            hearing_logs.insert().values(**_values(hearing_logs, log)).returning(*hearing_logs.c), _hearing
        )
        assert kept is not None
        return kept

    async def hearing(self, log_id: int, person_id: int) -> HearingLog | None:
        """One of the person's own, deleted ones as well."""
        return await self._one(
            select(hearing_logs).where(hearing_logs.c.id == log_id, hearing_logs.c.person_id == person_id), _hearing
        )

    async def change_hearing(self, log: HearingLog) -> None:
        """Write it as it is now; nothing happens when it is not the person's."""
        await self._do(
            update(hearing_logs)
            .where(hearing_logs.c.id == log.id, hearing_logs.c.person_id == log.person_id)
            .values(**_values(hearing_logs, log))
        )

    async def hearing_between(self, person_id: int, first: date, last: date) -> list[HearingLog]:
        """What the person logged on those days, both included, oldest first."""
        return await self._all(
            select(hearing_logs)
            .where(_standing(hearing_logs, person_id, first, last))
            .order_by(hearing_logs.c.day, hearing_logs.c.id),
            _hearing,
        )

    # --- check-ins ----------------------------------------------------------------------------------------------------

    async def check_in(self, checkin: CheckIn) -> CheckIn:
        """Keep it and give it its id."""
        kept = await self._one(
            check_ins.insert().values(**_values(check_ins, checkin)).returning(*check_ins.c), _checkin
        )  # fmt: skip
        assert kept is not None
        return kept

    async def checkin(self, checkin_id: int, person_id: int) -> CheckIn | None:
        """One of the person's own, deleted ones as well."""
        return await self._one(
            select(check_ins).where(check_ins.c.id == checkin_id, check_ins.c.person_id == person_id), _checkin
        )

    async def checkins_between(self, person_id: int, first: date, last: date) -> list[CheckIn]:
        """The person's check-ins of those days, both included, oldest first."""
        return await self._all(
            select(check_ins)
            .where(_standing(check_ins, person_id, first, last))
            .order_by(check_ins.c.day, check_ins.c.id),
            _checkin,
        )

    async def strike_checkins(
        self, person_id: int, checkin_id: int | None, now: datetime | None, *, struck_at: datetime | None = None
    ) -> int:
        """Mark the person's check-ins as deleted `now`, or (None) as standing again; how many.

        checkin_id: only that one. struck_at: only those deleted then, so that taking back brings back no others.
        """
        which = [check_ins.c.person_id == person_id]
        if checkin_id is not None:
            which.append(check_ins.c.id == checkin_id)
        if struck_at is not None:
            which.append(check_ins.c.deleted_at == struck_at)
        elif now is not None:
            which.append(check_ins.c.deleted_at.is_(None))
        return await self._count(update(check_ins).where(*which).values(deleted_at=now))

    async def clear_out(self, deleted_before: datetime) -> int:
        """Delete for good what anybody deleted before then; how many rows went."""
        return sum(
            [await self._count(delete(table).where(table.c.deleted_at < deleted_before)) for table in _DELETABLE]
        )

    # --- rest ---------------------------------------------------------------------------------------------------------

    async def say_hint(self, hint: RestHint) -> bool:
        """Note that it is said; False when it was before."""
        return bool(
            await self._count(
                self._insert(rest_hints)
                .values(**{column.name: getattr(hint, column.name) for column in rest_hints.c})
                .on_conflict_do_nothing(index_elements=["person_id", "hint", "day"])
            )
        )

    async def hints(self, person_id: int, hint: Hint, since: date) -> list[RestHint]:
        """What was said of that sort about days from then on, the earliest day first."""
        return await self._all(
            select(rest_hints)
            .where(rest_hints.c.person_id == person_id, rest_hints.c.hint == hint, rest_hints.c.day >= since)
            .order_by(rest_hints.c.day),
            _hint,
        )

    async def busy_people(self, start: datetime, end: datetime, *, after: int = 0, n: int = 500) -> list[int]:
        """Ids, rising, of people above `after` with at least two gigs that begin in [start, end)."""
        rows = await self._run(
            select(answers.c.person_id)
            .join(gigs, gigs.c.id == answers.c.gig_id)
            .where(
                answers.c.person_id > after,
                answers.c.state.in_(ENGAGED),
                gigs.c.start_at >= start,
                gigs.c.start_at < end,
            )
            .group_by(answers.c.person_id)
            .having(func.count() > 1)
            .order_by(answers.c.person_id)
            .limit(n)
        )
        return list(rows.scalars())


_DELETABLE = (hearing_logs, check_ins)


def _standing(table: Table, person_id: int, first: date, last: date) -> Any:
    return and_(table.c.person_id == person_id, table.c.day >= first, table.c.day <= last, table.c.deleted_at.is_(None))


def _values(table: Table, record: HearingLog | CheckIn) -> dict[str, object]:
    return {column.name: getattr(record, column.name) for column in table.c if column.name != "id"}


def _hearing(row: RowMapping) -> HearingLog:
    return HearingLog(**row)


def _checkin(row: RowMapping) -> CheckIn:
    return CheckIn(**row)


def _hint(row: RowMapping) -> RestHint:
    return RestHint(**row)
