"""What processes on one database tell each other: news, and which of them alone does something.

PostgreSQL carries both on one session of its own beside the pool. News (NOTIFY) can be lost with that session, so it is
made again as soon as it ends and everybody who listens is told to look for themselves. A hold is an advisory lock: the
server lets go of it the moment its process dies, which is how a second process takes over within a second.

Neither passes through a pooler that lends a session for one transaction only (pgbouncer's "transaction" mode).
SQLite has no such line: news stays within the process, and nothing is held.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy.ext.asyncio.engine import AsyncConnection, AsyncEngine

from storage import connections
from storage.faults import StorageFault, Unreachable

log = logging.getLogger(__name__)

#: Prefix of the notification channels, one for each topic that stores announce.
CHANNEL = "firstcall_"

#: How long the server may take to answer on the line, in seconds; then it is made again.
_ANSWER_WITHIN = 5.0

#: Waits before the line is made again: doubling from the first to the longest, in seconds.
_FIRST_WAIT, _LONGEST_WAIT = 0.1, 5.0

# A name becomes the 64-bit number that advisory locks go by.
_HOLD = "SELECT pg_try_advisory_lock(hashtextextended('firstcall ' || $1, 0))"
_LET_GO = "SELECT pg_advisory_unlock(hashtextextended('firstcall ' || $1, 0))"


class Line:
    """The line of one process. `engine`: where its session comes from."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._between_processes = engine.dialect.name == "postgresql"
        self._listeners: dict[str, list[Callable[[], object]]] = {}
        self._readers: dict[str, list[Callable[[str], object]]] = {}
        self._attended: set[str] = set()
        self._connection: AsyncConnection | None = None
        self._held: set[str] = set()
        self._one_at_a_time = asyncio.Lock()
        self._mending: asyncio.Task[None] | None = None
        self._closed = False

    # --- news ---------------------------------------------------------------------------------------------------------

    async def listen(self, topic: str, listener: Callable[[], object]) -> None:
        """Call `listener` when `topic` is announced here or elsewhere, and when news of it may have been missed."""
        self._listeners.setdefault(topic, []).append(listener)
        await self._attend(topic)

    async def _attend(self, topic: str) -> None:
        if self._between_processes and topic not in self._attended:
            self._attended.add(topic)
            async with self._one_at_a_time:
                fresh = self._driver() is None
                driver = await self._open()
                if not fresh:
                    await self._ask(driver.add_listener(CHANNEL + topic, self._overheard))

    def heard(self, topic: str, words: str = "") -> None:
        """Tell who listens to it in this process."""
        for listener in self._listeners.get(topic, ()):
            listener()
        if words:
            for reader in self._readers.get(topic, ()):
                reader(words)

    async def overhear(self, topic: str, reader: Callable[[str], object]) -> None:
        """Call `reader` with what any process `tell`s about a topic. Without a line nobody tells anything."""
        self._readers.setdefault(topic, []).append(reader)
        await self._attend(topic)

    async def tell(self, topic: str, words: str) -> None:
        """Say a few words to every process, this one too; they may be lost with the line. Raises Unreachable."""
        if self._between_processes:
            async with self._one_at_a_time:
                driver = await self._open()
                await self._ask(driver.execute("SELECT pg_notify($1, $2)", CHANNEL + topic, words))

    async def keep(self) -> None:
        """Make the line again if it is dead and anybody needs it. Raises Unreachable."""
        if self._between_processes and self._attended:
            async with self._one_at_a_time:
                if self._driver() is None:
                    await self._open()
                    self._look_yourselves()

    # --- holds --------------------------------------------------------------------------------------------------------

    async def hold(self, name: str) -> bool | None:
        """Be, or stay, the only process that holds a name; None where there is no line. Raises Unreachable.

        A hold ends with `let_go`, with this process, and with the line: ask again every few seconds.
        """
        if not self._between_processes:
            return None
        async with self._one_at_a_time:
            if self._closed:
                return False
            driver = await self._open()
            if name in self._held:
                await self._ask(driver.fetchval("SELECT 1"))  # a line cut silently is noticed only when spoken on
            elif await self._ask(driver.fetchval(_HOLD, name)):
                self._held.add(name)
            return name in self._held

    def holds(self, name: str) -> bool:
        """Whether the name is held, as far as is known without asking."""
        return name in self._held and self._driver() is not None

    async def let_go(self, name: str) -> None:
        """Let another process hold the name. Raises Unreachable, and the server then has let go of it already."""
        async with self._one_at_a_time:
            if name in self._held and (driver := self._driver()) is not None:
                await self._ask(driver.fetchval(_LET_GO, name))
            self._held.discard(name)

    # --- the session --------------------------------------------------------------------------------------------------

    async def close(self) -> None:
        """End the line and all that is held with it."""
        self._closed = True
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
        self._held.clear()
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()  # a session that listens must not go back into the pool
            await connection.close()

    def _overheard(self, _connection: object, _process: int, channel: str, words: str) -> None:
        self.heard(channel.removeprefix(CHANNEL), words)

    def _ended(self, driver: object) -> None:
        """The session is over. Not asked for: make another."""
        if self._connection is not None:
            self._held.clear()
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
