"""The weekly batch: figures are made anew, one family at a time, without anybody noticing.

It happens in the background; where nothing runs there (the console), and for a family that is new to the batch, it
happens when somebody asks, from what had been said when the batch began. Either way it is done once, and the same
figures are shown until the next.

A large family has thousands of reports. They are read some hundreds at a time, each time in a look of its own, and
counted on a thread that rests more than it works: Python runs one thread at a time, and without the rests everybody's
every answer would wait for it at every step. Nothing is locked until the figures are ready to be written.
"""

from __future__ import annotations

import time
from datetime import datetime

from cogs.kit.offline import Rests, let_others, offline
from cogs.rates import privacy
from storage.records.gig import KindOfWork
from storage.records.rate import Counted, RateFamily
from storage.work import OpenWork

#: Families that are refreshed when somebody asks, at most; the background does the rest.
_AT_ONCE = 40
#: Seconds for which somebody who asks waits for figures other than the kind of work they ask about.
_PATIENCE = 1.0


async def refresh_all(open_work: OpenWork, now: datetime) -> int:
    """Make every figure that is due; how many families had one."""
    boundary, done = privacy.batch_of(now), 0
    while True:
        async with open_work(reading=True) as work:
            due = await work.rates.due(boundary)
        if not due:
            return done
        for family in due:
            done += await refresh(open_work, family, boundary)


async def refresh_role(
    open_work: OpenWork, community_id: int, role: str, now: datetime, *, kind: KindOfWork | None = None
) -> None:
    """Make the figures of one role that are still due, so that who asks first sees them too.

    kind: the kind of work that was asked about, which comes first; the others only as far as patience goes.
    """
    boundary = privacy.batch_of(now)
    async with open_work(reading=True) as work:
        due = await work.rates.due(boundary, community_id=community_id, role=role, limit=_AT_ONCE)
    began = time.monotonic()
    for family in sorted(due, key=lambda one: one.kind is not kind):
        if family.kind is kind or time.monotonic() - began < _PATIENCE:
            await refresh(open_work, family, boundary)


async def refresh(open_work: OpenWork, family: RateFamily, boundary: datetime) -> bool:
    """Make the figures of one family; False when another process has done so."""
    reports = await _read(open_work, family, boundary)
    async with open_work(reading=True) as work:
        before = await work.rates.cells(family)
    cells = await offline(privacy.publish, reports, before, boundary, Rests())
    async with open_work() as work:
        if not await work.rates.claim(family, boundary):
            return False
        if {*cells.values()} != {*before}:
            await work.rates.replace_cells(family, cells.values())
        await work.commit()
    return True


async def _read(open_work: OpenWork, family: RateFamily, boundary: datetime) -> list[Counted]:
    """Everything that the batch counts of a family. What somebody changes meanwhile counts as it was or not at all."""
    reports: list[Counted] = []
    after: int | None = 0
    while after is not None:
        async with open_work(reading=True) as work:
            page, after = await work.rates.counting(
                family,
                before=boundary,
                since=privacy.oldest_month(boundary),
                joined_before=boundary - privacy.SETTLED,
                after=after,
            )
        reports += page
        await let_others()
    return reports
