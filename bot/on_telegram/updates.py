"""Updates in order: one at a time for each person in each chat, any number side by side, and none of them twice.

Telegram repeats updates after a restart and when a webhook's answer is lost. Which ones were taken is kept in the
database, because the repetition may come to another process. Updates that wait at the same moment are noted in one
transaction: each of its own would cost a sync to disk at every press.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from telegram import Update

from bot.logs import report_bug
from bot.on_telegram.callers import TELEGRAM
from cogs.kit.tools import Tools
from storage.faults import StorageFault

log = logging.getLogger(__name__)

#: Updates in hand at once; more of them wait in memory, and Telegram keeps the rest.
MOST_AT_ONCE = 256
#: Update ids known without asking the database.
_REMEMBERED = 2048


class Updates:
    """Takes updates in and hands each to `handle`, in its turn."""

    def __init__(self, tools: Tools, handle: Callable[[Update], Awaitable[None]]) -> None:
        self._handle = handle
        self._seen = Seen(tools)
        self._tails: dict[tuple[int | None, int | None], asyncio.Task[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(MOST_AT_ONCE)

    async def put(self, update: Update) -> None:
        """Take one in; returns as soon as it has its place, and waits for one while too many are in hand."""
        await self._room.acquire()
        key = _key(update)
        task = asyncio.create_task(self._take(update, self._tails.get(key)))
        self._tails[key] = task
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._done(key, done))

    async def settled(self) -> None:
        """Until nothing is in hand."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def finish(self, within: float) -> None:
        """Let what is in hand end, for so many seconds."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=within)
        for task in self._tasks:
            task.cancel()

    def _done(self, key: tuple[int | None, int | None], task: asyncio.Task[None]) -> None:
        self._room.release()
        self._tasks.discard(task)
        if self._tails.get(key) is task:
            del self._tails[key]

    async def _take(self, update: Update, before: asyncio.Task[None] | None) -> None:
        is_new = await self._seen.first(update.update_id)
        if before is not None:
            await asyncio.wait({before})
        if not is_new:
            return
        try:
            await self._handle(update)
        except Exception as error:  # noqa: BLE001  # one update must not cost the others; the trace goes to the log
            report_bug(log, error, "bug while taking an update", surface=TELEGRAM)


class Seen:
    """Which updates were taken. All that ask while a transaction runs share the next one."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._known: OrderedDict[int, None] = OrderedDict()
        self._waiting: list[tuple[int, asyncio.Future[bool]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def first(self, update_id: int) -> bool:
        """Whether an update is new. True when the database cannot say: a repetition is rarer than an update."""
        if update_id in self._known:
            return False
        self._known[update_id] = None
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((update_id, answer))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await answer

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                new = await self._note([update_id for update_id, _ in batch])
                for update_id, answer in batch:
                    if not answer.done():
                        answer.set_result(update_id in new)
        finally:
            self._writing = None

    async def _note(self, update_ids: list[int]) -> set[int]:
        now = self._tools.clock.now()
        try:
            async with self._tools.open_work() as work:
                new = {int(one) for one in await work.app.new_updates(TELEGRAM, update_ids, now)}
                await work.commit()
        except StorageFault as fault:
            log.warning("could not note which updates were taken: %s", type(fault).__name__)
            return set(update_ids)
        return new


def _key(update: Update) -> tuple[int | None, int | None]:
    """What must stay in order: a person's doings in one chat."""
    chat, user = update.effective_chat, update.effective_user
    return chat.id if chat else None, user.id if user else None
