"""One sync of the disk for many commits on an SQLite file.

With `synchronous=FULL` each commit waits for the disk while it holds the only writing connection: 50 people who press
at once on an SD card at 8 ms a sync wait for 50 syncs, one after the other. So whoever begins while others stand in
line commits to the write-ahead log without a sync, lets the next one in, and then waits for a sync of the log that
began after the commit; all who wait share it. Alone nothing changes: the commit syncs by itself, on the same trip.

Nothing is said before it is on disk. A Work is over, for whoever opened it, when what it wrote is synced; and so is one
that only read, when what it saw is. Transactions are SQLite's own, each atomic by itself, in the order of the log: a
power cut takes off an end of them that nobody was told about.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from storage.faults import Unwritable

#: What a sync of the log does; SQLite's own is the same call. Windows knows only the other one.
_sync = getattr(os, "fdatasync", os.fsync)


class Disk:
    """The write-ahead log of one file, and who waits for it.

    crowd: how many stand in line for the writing connection.
    """

    def __init__(self, database: str) -> None:
        self.crowd = 0
        self.syncs = 0
        self._log = Path(database + "-wal")
        self._file: int | None = None
        # Commits are numbered. One that has begun may be seen by readers; one that has ended is in the next sync.
        self._begun = self._ended = self._synced = 0
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._syncing = False
        self._thread: ThreadPoolExecutor | None = None
        self._broken: str | None = None

    @property
    def seen(self) -> int:
        """Number of the last commit that a transaction which ends now can have seen."""
        return self._begun

    def commit(self, connection: sqlite3.Connection) -> None:
        """Commit without a sync; on the database's thread."""
        self._begun += 1
        try:
            connection.commit()
        finally:
            self._ended += 1  # one that failed has nothing to be synced

    async def settle(self, number: int) -> None:
        """Return when the commit of that number, and all before it, are on disk. Raises Unwritable."""
        if number <= self._synced:
            return
        if self._broken is not None:
            raise Unwritable(self._broken)
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((number, done))
        if not self._syncing:
            self._start()
        await done

    def check(self) -> None:
        """Raise Unwritable after a sync has failed: what is on the disk is then known only after a new start."""
        if self._broken is not None:
            raise Unwritable(self._broken)

    async def close(self) -> None:
        """Let go of the file and the thread, once nobody waits."""
        if self._thread is not None:
            await asyncio.to_thread(self._thread.shutdown)
            self._thread = None
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _start(self) -> None:
        self._syncing = True
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="disk")
        loop = asyncio.get_running_loop()

        def over(result: Future[int]) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._over, result)

        self._thread.submit(self._sync).add_done_callback(over)

    def _sync(self) -> int:
        covered = self._ended  # before the sync: what is committed while it runs may not be in it
        file = self._opened()
        if file is not None:
            _sync(file)
        self.syncs += 1
        return covered

    def _opened(self) -> int | None:
        """The log as it is now. It goes with the last connection, which folds it into the file and syncs that first."""
        try:
            there = self._log.stat()
        except FileNotFoundError:
            return None
        if self._file is not None:
            mine = os.fstat(self._file)
            if (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino):
                return self._file
            os.close(self._file)
        self._file = os.open(self._log, os.O_RDWR | getattr(os, "O_BINARY", 0))
        return self._file

    def _over(self, result: Future[int]) -> None:
        self._syncing = False
        error = result.exception()
        if error is None:
            self._synced = max(self._synced, result.result())
        else:
            # The system may take the pages it could not write for written: a second sync would say yes to nothing.
            self._broken = f"the disk failed to keep the last changes ({error}). Check it, then start First Call again."
        waiting, self._waiting = self._waiting, []
        for number, done in waiting:
            if done.done():
                continue
            if self._broken is not None:
                done.set_exception(Unwritable(self._broken))
            elif number <= self._synced:
                done.set_result(None)
            else:
                self._waiting.append((number, done))
        if self._waiting:
            self._start()
