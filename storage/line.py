"""What processes on one database tell each other: news, and that they are there.

PostgreSQL carries both on one session of its own beside the pool. News (NOTIFY) can be lost with that session, so it is
made again as soon as it ends and everybody who listens is told to look for themselves. A process shows that it is there
by an advisory lock on a name of its own: the server lets go of it the moment the process dies, and others see that. The
lock is a shared one, so that a session which died unnoticed keeps nobody out.

Neither passes through a pooler that lends a session for one transaction only (pgbouncer's "transaction" mode).
On SQLite news stays within the process, and who is there is known by locked files (`storage.badges`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.ext.asyncio.engine import AsyncConnection, AsyncEngine

from storage import connections
from storage.badges import Badges
from storage.faults import StorageFault, Unreachable

log = logging.getLogger(__name__)

#: Prefix of the notification channels, one for each topic that stores announce.
CHANNEL = "firstcall_"

#: How long the server may take to answer on the line, in seconds; then it is made again.
_ANSWER_WITHIN = 5.0

#: Waits before the line is made again: doubling from the first to the longest, in seconds.
_FIRST_WAIT, _LONGEST_WAIT = 0.1, 5.0

# A name becomes the 64-bit number that advisory locks go by; `pg_locks` shows it in halves.
_SHOW = "SELECT pg_try_advisory_lock_shared(hashtextextended('firstcall ' || $1, 0))"
_HIDE = "SELECT pg_advisory_unlock_shared(hashtextextended('firstcall ' || $1, 0))"
_SEEN = (
    "SELECT name FROM unnest(CAST($1 AS text[])) AS name WHERE hashtextextended('firstcall ' || name, 0) IN "
    "(SELECT (CAST(classid AS BIGINT) << 32) | CAST(objid AS BIGINT) FROM pg_locks WHERE locktype = 'advisory' "
    "AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
)


class Line:
    """The line of one process. engine: where its session comes from. badges: what is shown on SQLite instead."""

    def __init__(self, engine: AsyncEngine, badges: Badges) -> None:
        self._engine = engine
        self._badges = badges
        self._between_processes = engine.dialect.name == "postgresql"
        self._listeners: dict[str, list[Callable[[], object]]] = {}
        self._attended: set[str] = set()
        self._connection: AsyncConnection | None = None
        self._shown: set[str] = set()
        self._one_at_a_time = asyncio.Lock()
        self._mending: asyncio.Task[None] | None = None
        self._closed = False

    # --- news ---------------------------------------------------------------------------------------------------------

    async def listen(self, topic: str, listener: Callable[[], object]) -> None:
        """Call `listener` when `topic` is announced here or elsewhere, and when news of it may have been missed."""
        self._listeners.setdefault(topic, []).append(listener)
        if self._between_processes and topic not in self._attended:
            self._attended.add(topic)
            async with self._one_at_a_time:
                fresh = self._driver() is None
                driver = await self._open()
                if not fresh:
                    await self._ask(driver.add_listener(CHANNEL + topic, self._overheard))

    def heard(self, topic: str) -> None:
        """Tell who listens to it in this process."""
        for listener in self._listeners.get(topic, ()):
            listener()

    async def keep(self) -> None:
        """Make the line again if it is dead and anybody needs it. Raises Unreachable."""
        if self._between_processes and self._attended:
            async with self._one_at_a_time:
                if self._driver() is None:
                    await self._open()
                    self._look_yourselves()

    # --- who is there -------------------------------------------------------------------------------------------------

    async def show(self, name: str) -> bool:
        """Be seen, or stay seen, under a name; False when the line was closed. Raises Unreachable.

        That ends with `hide`, with this process, and with the line: ask again every few seconds.
        """
        if not self._between_processes:
            if not self._closed:
                await asyncio.to_thread(self._badges.show, name)
            return not self._closed
        async with self._one_at_a_time:
            if self._closed:
                return False
            driver = await self._open()
            if name in self._shown:
                await self._ask(driver.fetchval("SELECT 1"))  # a line cut silently is noticed only when spoken on
            elif await self._ask(driver.fetchval(_SHOW, name)):
                self._shown.add(name)
            return name in self._shown

    def shows(self, name: str) -> bool:
        """Whether others see the name, as far as is known without asking."""
        if not self._between_processes:
            return self._badges.shows(name)
        return name in self._shown and self._driver() is not None

    async def hide(self, name: str) -> None:
        """Be there no longer. Raises Unreachable, and the server then knows already."""
        if not self._between_processes:
            await asyncio.to_thread(self._badges.hide, name)
            return
        async with self._one_at_a_time:
            if name in self._shown and (driver := self._driver()) is not None:
                await self._ask(driver.fetchval(_HIDE, name))
            self._shown.discard(name)

    async def seen(self, names: Sequence[str]) -> set[str]:
        """Those of the names that somebody shows. Raises Unreachable."""
        if not names:
            return set()
        if not self._between_processes:
            return await asyncio.to_thread(self._badges.seen, names)
        async with self._one_at_a_time:
            if self._closed:
                raise Unreachable("the line to the database was closed")
            driver = await self._open()
            return {name for (name,) in await self._ask(driver.fetch(_SEEN, list(names)))}

    # --- the session --------------------------------------------------------------------------------------------------

    async def close(self) -> None:
        """End the line; nobody is seen on it then."""
        self._closed = True
        await asyncio.to_thread(self._badges.close)
        if self._mending is not None:
            self._mending.cancel()
            await asyncio.gather(self._mending, return_exceptions=True)
        async with self._one_at_a_time:
            await self._hang_up()

    def _driver(self) -> Any:
        """The session, or None when there is none that lives."""
        if self._connection is None or self._connection.sync_connection is None:
            return None
        driver = self._connection.sync_connection.connection.driver_connection
        return None if driver is None or driver.is_closed() else driver

    async def _open(self) -> Any:
        """The session, made if need be, with everything that is listened to."""
        if (alive := self._driver()) is not None:
            return alive
        await self._hang_up()
        connection = await connections.begun(self._engine, reading=False)
        try:
            await connection.rollback()  # only to know that it lives; the session has no use for transactions
            driver: Any = (await connection.get_raw_connection()).driver_connection
            for topic in self._attended:
                await self._ask(driver.add_listener(CHANNEL + topic, self._overheard))
        except BaseException:
            await connection.invalidate()
            await connection.close()
            raise
        self._connection = connection
        driver.add_termination_listener(self._ended)
        return driver

    async def _ask(self, answer: Any) -> Any:
        try:
            async with asyncio.timeout(_ANSWER_WITHIN):
                return await answer
        except Exception as error:  # whatever the driver calls it: who cannot be asked is not there
            await self._hang_up()
            self._mend_soon()
            raise Unreachable(f"the database server does not answer: {error or type(error).__name__}") from error

    async def _hang_up(self) -> None:
        self._shown.clear()
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()  # a session that listens must not go back into the pool
            await connection.close()

    def _overheard(self, _connection: object, _process: int, channel: str, _words: str) -> None:
        self.heard(channel.removeprefix(CHANNEL))

    def _ended(self, driver: object) -> None:
        """The session is over. Not asked for: make another."""
        if self._connection is not None:
            self._shown.clear()
            self._mend_soon()

    def _mend_soon(self) -> None:
        if not self._closed and (self._mending is None or self._mending.done()):
            self._mending = asyncio.get_running_loop().create_task(self._mend())

    async def _mend(self) -> None:
        wait = _FIRST_WAIT
        while not self._closed:
            await asyncio.sleep(wait)
            try:
                await self.keep()
            except StorageFault as fault:
                log.debug("the line to other processes is still down: %s", fault)
                wait = min(wait * 2, _LONGEST_WAIT)
            else:
                return

    def _look_yourselves(self) -> None:
        """Something may have been announced while nobody could hear it."""
        for topic in self._listeners:
            self.heard(topic)
