"""What the processes that send through the same accounts tell each other through the database.

There is no leader. Whoever wants to claim something on a platform takes that platform's row first, so that they do so
one after the other: what is read of chats and of the rate stays true until the commit. The row's lock is the only one
that is waited for; a process that stops in the middle of its turn is thrown out by the server after `TURN_WITHIN`.

A process that sends is written down here; whether it lives is for `storage.line` to say.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio.engine import AsyncConnection

from storage.records.courier import Colleague, Taken
from storage.stores.base import Store
from storage.stores.raw import Raw

#: How long a process may do nothing in the middle of its turn; then PostgreSQL ends its session, and the next one has
#: its turn. Nothing but the database is waited for in a turn, so it is a process that hangs.
TURN_WITHIN = timedelta(seconds=3)

#: A chat that was free so long ago need not be remembered.
_PAST = 60.0

# PostgreSQL: an update that changes nothing locks the row, makes it if need be, and only then looks at the clock, whose
# time would be too old by the wait if it were read by a SELECT. On SQLite the transaction itself is the lock.
_MEET = Raw(
    "SELECT taken_until, closed_until, speed, speed_at, CAST(:now AS INTEGER) FROM courier_rates "
    "WHERE platform = :platform",
    "INSERT INTO courier_rates (platform, taken_until, closed_until, speed, speed_at) "
    "VALUES (:platform, 0, 0, 1000, 0) "
    "ON CONFLICT (platform) DO UPDATE SET platform = excluded.platform "
    "RETURNING taken_until, closed_until, speed, speed_at, "
    "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT), "
    "set_config('idle_in_transaction_session_timeout', CAST(:within AS TEXT), TRUE)",
)
_PART = Raw(
    "INSERT INTO courier_rates (platform, taken_until, closed_until, speed, speed_at) "
    "VALUES (:platform, :until, :closed, :speed, :speed_at) ON CONFLICT (platform) DO UPDATE SET "
    "taken_until = excluded.taken_until, closed_until = excluded.closed_until, speed = excluded.speed, "
    "speed_at = excluded.speed_at"
)
# The later time counts: one may have learned that a chat wants to be left alone for a while.
_KEEP_FREE = Raw(
    "INSERT INTO courier_chats (platform, dest, free_at) VALUES (:platform, :dest, :free_at) "
    "ON CONFLICT (platform, dest) DO UPDATE SET free_at = excluded.free_at "
    "WHERE excluded.free_at > courier_chats.free_at"
)
_FREE_AT = Raw(
    "SELECT dest, free_at FROM courier_chats WHERE platform = :platform AND dest IN list(:dests) AND free_at > :now"
)
_PURGE = Raw("DELETE FROM courier_chats WHERE free_at < :before")
_SHOW = Raw("INSERT INTO courier_processes (platform, owner) VALUES (:platform, :owner) ON CONFLICT DO NOTHING")
_LEAVE = Raw("DELETE FROM courier_processes WHERE platform = :platform AND owner = :owner")
_COLLEAGUES = Raw("SELECT platform, owner FROM courier_processes WHERE owner <> :me")


class CourierStore(Store):
    """Turns, places in a rate, chats that want to be left alone, and who is there."""

    async def meet(self, platform: str, now: datetime) -> tuple[Taken, float]:
        """Have one's turn on a platform: nobody else has it until this Work ends. What is taken, and the shared time.

        The shared time is the server's where there is one, `now` on SQLite; in seconds since 1970. A commit that comes
        more than `TURN_WITHIN` after the last statement may find the turn lost, and raises Unreachable then.
        """
        within = str(TURN_WITHIN // timedelta(milliseconds=1))
        rows = await _MEET.run(self._connection, platform=platform, now=_micro(now.timestamp()), within=within)
        if not rows:
            return Taken(), now.timestamp()
        until, closed, speed, speed_at, at = rows[0][:5]
        return Taken(until / 1e6, closed / 1e6, speed / 1e3, speed_at / 1e6), at / 1e6

    async def part(self, platform: str, taken: Taken) -> None:
        """What is taken at the end of one's turn."""
        await _PART.count(
            self._connection,
            platform=platform,
            until=math.ceil(taken.until * 1e6),  # never sooner than it was
            closed=math.ceil(taken.closed_until * 1e6),
            speed=round(taken.speed * 1e3),
            speed_at=_micro(taken.speed_at),
        )

    async def keep_free(self, platform: str, free_at: Mapping[str, float]) -> None:
        """Chats are to be left alone until then, by destination; shared time."""
        # All in one order, or two processes would wait for each other.
        rows = [{"platform": platform, "dest": dest, "free_at": _micro(free_at[dest])} for dest in sorted(free_at)]
        await _KEEP_FREE.many(self._connection, rows)

    async def free_at(self, platform: str, dests: Sequence[str], now: float) -> dict[str, float]:
        """When those of the destinations are free that are not by now; shared time."""
        if not dests:
            return {}
        rows = await _FREE_AT.run(self._connection, platform=platform, dests=list(dests), now=_micro(now))
        return {dest: at / 1e6 for dest, at in rows}

    async def purge(self, now: datetime) -> int:
        """Forget chats that have been free for a while; how many."""
        return await _PURGE.count(self._connection, before=_micro(now.timestamp() - _PAST))

    async def show(self, platform: str, owner: str) -> None:
        """This process sends on a platform."""
        await _SHOW.count(self._connection, platform=platform, owner=owner)

    async def leave(self, platform: str, owner: str) -> bool:
        """A process does not send there any more, and has nothing claimed; False when that was known."""
        return bool(await _LEAVE.count(self._connection, platform=platform, owner=owner))

    async def colleagues(self, me: str) -> list[Colleague]:
        """The other processes, alive or gone."""
        rows = await _COLLEAGUES.run(self._connection, me=me)
        return [Colleague(platform, owner) for platform, owner in rows]

    @property
    def _connection(self) -> AsyncConnection:
        return self._transaction.connection


def _micro(seconds: float) -> int:
    return round(seconds * 1e6)
