"""Reports of gigs, gigs kept off the board, and people who may not post for a while."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import RowMapping, bindparam, delete, func, select, update

from storage.records.gig import Gig
from storage.records.moderation import Alarm, Mute, Report, ReportReason, Withheld
from storage.stores.base import PersonalStore
from storage.stores.ready import Ready
from storage.tables.gigs import gigs
from storage.tables.moderation import mutes, reports, withheld

_MUTED = Ready(
    select(mutes).where(
        mutes.c.community_id == bindparam("community"),
        mutes.c.person_id == bindparam("person"),
        mutes.c.until > bindparam("now"),
    )
)


class ModerationStore(PersonalStore):
    """Questions and deeds about what keeps a board in order. Who reported is told to nobody."""

    personal = (reports.c.person_id, mutes.c.person_id)

    # Reports

    async def report(
        self, gig: Gig, person_id: int, reason: ReportReason, note: str | None, now: datetime
    ) -> Report | None:
        """Keep a report; None when this person reported this gig before. Once a moderator decided, that stands."""
        return await self._one(
            self._insert(reports)
            .values(
                community_id=gig.community_id,
                gig_id=gig.id,
                person_id=person_id,
                reason=reason,
                note=note,
                made_at=now,
            )
            .on_conflict_do_nothing(index_elements=["gig_id", "person_id"])
            .returning(*reports.c),
            _report,
        )

    async def reports_of(self, gig_ids: Collection[int]) -> dict[int, list[Report]]:
        """What waits to be looked at about each of these gigs, oldest first."""
        found: dict[int, list[Report]] = {}
        rows = await self._all(
            select(reports).where(reports.c.gig_id.in_(gig_ids), reports.c.settled_at.is_(None)).order_by(reports.c.id),
            _report,
        )
        for one in rows:
            found.setdefault(one.gig_id, []).append(one)
        return found

    async def reports_by(self, person_id: int, since: datetime) -> int:
        """How many reports a person has made since then, everywhere."""
        return await self._how_many(
            select(func.count()).where(reports.c.person_id == person_id, reports.c.made_at >= since)
        )

    async def settle(self, gig_id: int, now: datetime) -> int:
        """A moderator has decided about a gig: its reports wait no longer; how many did."""
        return await self._count(
            update(reports).where(reports.c.gig_id == gig_id, reports.c.settled_at.is_(None)).values(settled_at=now)
        )

    # What is off the board

    async def withhold(self, kept: Withheld) -> None:
        """Remember how a gig stood that is kept off the board. What was remembered before stays, but for the why."""
        await self._do(
            self._insert(withheld)
            .values(
                gig_id=kept.gig_id,
                community_id=kept.community_id,
                state=kept.state,
                closed=kept.closed,
                hung=kept.hung,
                alarms=list(kept.alarms),
                reason=kept.reason,
                at=kept.at,
            )
            .on_conflict_do_update(
                index_elements=["gig_id"],
                set_={"alarms": list(kept.alarms), "reason": kept.reason, "at": kept.at},
            )
        )

    async def withheld(self, gig_id: int) -> Withheld | None:
        """How a gig stood that is kept off the board; None when it is not."""
        return await self._one(select(withheld).where(withheld.c.gig_id == gig_id), _withheld)

    async def release(self, gig_id: int) -> Withheld | None:
        """Forget it, since the gig goes back up; None when it was not kept off: of two who do it, one gets it."""
        return await self._one(delete(withheld).where(withheld.c.gig_id == gig_id).returning(*withheld.c), _withheld)

    async def waiting(self, community_id: int, *, limit: int, offset: int = 0) -> list[tuple[int, bool]]:
        """(gig, whether the program withheld it) of what wants a moderator's eye, the longest waiting first."""
        reported = (
            select(reports.c.gig_id.label("gig_id"), func.min(reports.c.made_at).label("since"))
            .where(reports.c.community_id == community_id, reports.c.settled_at.is_(None))
            .group_by(reports.c.gig_id)
        )
        screened = select(withheld.c.gig_id.label("gig_id"), withheld.c.at.label("since")).where(
            withheld.c.community_id == community_id, withheld.c.reason.is_(None)
        )
        both = reported.union_all(screened).subquery()
        first = func.min(both.c.since)
        rows = await self._run(
            select(both.c.gig_id, withheld.c.gig_id.is_not(None).label("off"))
            .outerjoin(withheld, withheld.c.gig_id == both.c.gig_id)
            .group_by(both.c.gig_id, withheld.c.gig_id)
            .order_by(first, both.c.gig_id)
            .limit(limit)
            .offset(offset)
        )
        return [(int(row.gig_id), bool(row.off)) for row in rows]

    async def removed(self, community_id: int, *, limit: int) -> list[Withheld]:
        """What moderators took down and did not put back, newest first."""
        return await self._all(
            select(withheld)
            .where(withheld.c.community_id == community_id, withheld.c.reason.is_not(None))
            .order_by(withheld.c.at.desc(), withheld.c.gig_id.desc())
            .limit(limit),
            _withheld,
        )

    # Who may not post

    async def mute(self, mute: Mute) -> None:
        """Let somebody post no more until then; a mute that is there already is replaced."""
        values = {"until": mute.until, "reason": mute.reason, "made_at": mute.made_at}
        await self._do(
            self._insert(mutes)
            .values(community_id=mute.community_id, person_id=mute.person_id, **values)
            .on_conflict_do_update(index_elements=["community_id", "person_id"], set_=values)
        )

    async def unmute(self, community_id: int, person_id: int) -> Mute | None:
        """Let somebody post again; the mute there was."""
        return await self._one(
            delete(mutes)
            .where(mutes.c.community_id == community_id, mutes.c.person_id == person_id)
            .returning(*mutes.c),
            _mute,
        )

    async def muted(self, community_id: int, person_id: int, now: datetime) -> Mute | None:
        """The mute that holds for a person now."""
        return await self._one(_MUTED, _mute, community=community_id, person=person_id, now=now)

    async def mutes_of(self, community_id: int, now: datetime) -> list[Mute]:
        """Everybody who may not post now, those first whose time is up soonest."""
        return await self._all(
            select(mutes)
            .where(mutes.c.community_id == community_id, mutes.c.until > now)
            .order_by(mutes.c.until, mutes.c.person_id),
            _mute,
        )

    # What the rules count

    async def posted_since(self, community_id: int, person_id: int, since: datetime) -> list[datetime]:
        """When a person put gigs up there since then, oldest first; also those that are down again."""
        rows = await self._run(
            select(gigs.c.posted_at)
            .where(gigs.c.poster_id == person_id, gigs.c.community_id == community_id, gigs.c.posted_at >= since)
            .order_by(gigs.c.posted_at)
        )
        return list(rows.scalars())

    async def words_of_others(self, community_id: int, person_id: int, since: datetime) -> list[str]:
        """How others described the gigs that they have on the board since then; at most 300, the newest."""
        rows = await self._run(
            select(gigs.c.what)
            .where(
                gigs.c.community_id == community_id,
                gigs.c.posted_at >= since,
                gigs.c.poster_id != person_id,
                gigs.c.what.is_not(None),
                gigs.c.state.in_(["open", "held"]),
            )
            .order_by(gigs.c.posted_at.desc())
            .limit(300)
        )
        return [str(what) for what in rows.scalars()]


def _report(row: RowMapping) -> Report:
    return Report(**row)


def _withheld(row: RowMapping) -> Withheld:
    known = {alarm.value: alarm for alarm in Alarm}
    return Withheld(**{**row, "alarms": tuple(known[one] for one in row["alarms"] if one in known)})


def _mute(row: RowMapping) -> Mute:
    return Mute(**row)
