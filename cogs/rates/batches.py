"""The weekly batch: figures are made anew, one family at a time, off the event loop.

It happens in the background; where nothing runs there (the console), and for a family that is new to the batch, it
happens when somebody asks, from what had been said when the batch began. Either way it is done once, and the same
figures are shown until the next.
"""

from __future__ import annotations

from datetime import datetime

from cogs.kit.offline import offline
from cogs.rates import privacy
from storage.records.rate import RateFamily
from storage.work import OpenWork

#: Families that are refreshed when somebody asks, at most; the background does the rest.
_AT_ONCE = 40


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


async def refresh_role(open_work: OpenWork, community_id: int, role: str, now: datetime) -> None:
    """Make the figures of one role that are still due, so that who asks first sees them too."""
    boundary = privacy.batch_of(now)
    async with open_work(reading=True) as work:
        due = await work.rates.due(boundary, community_id=community_id, role=role, limit=_AT_ONCE)
    for family in due:
        await refresh(open_work, family, boundary)


async def refresh(open_work: OpenWork, family: RateFamily, boundary: datetime) -> bool:
    """Make the figures of one family; False when another process has done so."""
    async with open_work() as work:
        if not await work.rates.claim(family, boundary):
            return False
        reports = await work.rates.counting(
            family,
            before=boundary,
            since=privacy.oldest_month(boundary),
            joined_before=boundary - privacy.SETTLED,
        )
        before = await work.rates.cells(family)
        cells = await offline(privacy.publish, reports, before, boundary)
        if {*cells.values()} != {*before}:
            await work.rates.replace_cells(family, cells.values())
        await work.commit()
    return True
