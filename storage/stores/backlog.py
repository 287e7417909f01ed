"""How much waits to be said, for those who watch the program; the courier itself never counts.

A million notices take a tenth of a second to count, so what is asked often is counted up to a bound, along the index
that the courier claims by.
"""

from __future__ import annotations

from datetime import datetime

from storage.records.notice import Lane
from storage.records.times import milliseconds
from storage.stores.base import Store
from storage.stores.raw import Raw

_DUE = Raw(
    "SELECT COUNT(*) FROM ({lanes} LIMIT :most) AS found",
    lanes=" UNION ALL ".join(
        "SELECT 1 AS one FROM notices WHERE platform = :platform AND next_at <= :until AND lane = " + str(int(lane))  # noqa: S608  # numbers of ours
        for lane in Lane
    ),
)
_OPEN = Raw(
    # Told by name: without statistics SQLite would walk the table, and with it everything that ended.
    "SELECT COUNT(*) FROM (SELECT 1 FROM notices INDEXED BY ix_notices_due WHERE next_at IS NOT NULL LIMIT :most)",
    "SELECT COUNT(*) FROM (SELECT 1 AS one FROM notices WHERE next_at IS NOT NULL LIMIT :most) AS found",
)


class BacklogStore(Store):
    """Counts of open notices: to be sent, under way, or to be tried again."""

    async def due(self, platform: str, until: datetime, most: int) -> int:
        """How many have to be looked at by then on a platform, counted up to `most`."""
        return await self._number(_DUE, platform=platform, until=milliseconds(until), most=most)

    async def open(self, most: int | None = None) -> int:
        """How many are open anywhere, counted up to `most`; None: all of them, however long it takes."""
        return await self._number(_OPEN, most=2**62 if most is None else most)

    async def _number(self, question: Raw, **values: object) -> int:
        ((count,),) = await question.run(self._transaction.connection, **values)
        return int(count)
