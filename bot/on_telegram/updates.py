"""Updates in order: one at a time for each person in each chat, any number side by side, and none of them twice.

Telegram repeats updates after a restart and when a webhook's answer is lost. Which ones were taken is kept in the
database, because the repetition may come to another process. Updates that wait at the same moment are noted in one
transaction: each of its own would cost a sync to disk at every press.

One that is pushed is answered when it is done, and marked as done in the transaction that does it (`bot.desk.closing`):
a process that is killed in the middle has not answered, Telegram pushes again, and another process does it, once. While
the database is away Telegram is asked to come again. A person's updates keep their order over all processes as far as
Telegram keeps it: who takes a later one waits for what another process has in hand.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import timedelta

from telegram import Update

from bot.desk.closing import taking
from bot.logs import report_bug
from bot.on_telegram.callers import TELEGRAM
from cogs.kit.faults import Stale
from cogs.kit.tools import Tools
from storage.faults import StorageFault

log = logging.getLogger(__name__)

#: Updates in hand at once; more of them wait in memory, and Telegram keeps the rest.
MOST_AT_ONCE = 256
#: Update ids known without asking the database.
_REMEMBERED = 2048
#: How long Telegram waits for the answer to a push that is still being done, in seconds; it gives up at about a minute.
_ANSWER_WITHIN = 20.0
#: How long an earlier update of the same person is waited for that another process has, and how often it is looked for.
#: Longer than any command takes: what is not done by then was taken by a process that was killed. In seconds.
_OTHERS_WITHIN, _LOOK_EVERY = 5.0, 0.05


class Unready(Exception):
    """An update could not even be noted; it should come again."""


class Updates:
    """Takes updates in and hands each to `handle`, in its turn.

    pushed: they are pushed, perhaps to several processes, and repeated until they are answered; otherwise polled.
    """

    def __init__(self, tools: Tools, handle: Callable[[Update], Awaitable[None]], *, pushed: bool = False) -> None:
        self._tools = tools
        self._handle = handle
        self.pushed = pushed
        self._seen = Seen(tools)
        self._tails: dict[tuple[int | None, int | None], asyncio.Task[bool]] = {}
        self._tasks: dict[int, asyncio.Task[bool]] = {}
        self._room = asyncio.Semaphore(MOST_AT_ONCE)

    async def put(self, update: Update) -> None:
        """Take one in; returns as soon as it has its place, or is done where it was pushed, and waits for one while too
        many are in hand. Raises Unready for one that was pushed while the database is away.
        """
        task = self._tasks.get(update.update_id)
        if task is None:
            await self._room.acquire()
            key = _key(update)
            task = asyncio.create_task(self._take(update, self._tails.get(key)))
            self._tails[key] = self._tasks[update.update_id] = task
            task.add_done_callback(lambda done: self._done(key, update.update_id, done))
        if self.pushed:
            await asyncio.wait({task}, timeout=_ANSWER_WITHIN)
            if task.done() and (task.cancelled() or not task.result()):
                raise Unready

    async def settled(self) -> None:
        """Until nothing is in hand."""
        while self._tasks:
            await asyncio.wait(set(self._tasks.values()))

    async def finish(self, within: float) -> None:
        """Let what is in hand end, for so many seconds."""
        if self._tasks:
            await asyncio.wait(set(self._tasks.values()), timeout=within)
        for task in self._tasks.values():
            task.cancel()

    def _done(self, key: tuple[int | None, int | None], update_id: int, task: asyncio.Task[bool]) -> None:
        self._room.release()
        del self._tasks[update_id]
        if self._tails.get(key) is task:
            del self._tails[key]

    async def _take(self, update: Update, before: asyncio.Task[bool] | None) -> bool:
        """Do it in its turn, unless it was done; False when it could not be noted and should come again."""
        stream = ":".join(map(str, _key(update))) if self.pushed else None
        try:
            to_do = await self._seen.first(update.update_id, stream)
        except StorageFault as fault:
            log.warning("could not note an update, which will be pushed again: %s", type(fault).__name__)
            return False
        if before is not None:
            await asyncio.wait({before})
        if not to_do:
            return True
        if stream is None:
            await self._do(update)
            return True
        await self._others(update.update_id, stream)
        number = str(update.update_id)
        with taking(lambda work: work.app.finish_update(TELEGRAM, number, self._tools.clock.now())) as taken:
            if not await self._do(update):
                return False
            if not taken.kept:  # nothing was changed: a list shown, a question answered
                await self._finish()
        return True

    async def _do(self, update: Update) -> bool:
        """Whether it was done, well or badly; not, when the database went away before the person was told anything."""
        try:
            await self._handle(update)
        except Stale:
            log.info("an update was done by another process meanwhile")
        except StorageFault as fault:
            log.warning("an update could not be done: %s", type(fault).__name__)
            return False
        except Exception as error:  # noqa: BLE001  # one update must not cost the others; the trace goes to the log
            report_bug(log, error, "bug while taking an update", surface=TELEGRAM)
        return True

    async def _finish(self) -> None:
        try:
            async with self._tools.open_work() as work:
                await work.commit()
        except (StorageFault, Stale) as fault:  # the person was told what could not be done, or somebody else did it
            log.info("an update could not be marked as done: %s", type(fault).__name__)

    async def _others(self, update_id: int, stream: str) -> None:
        """Wait for earlier doings of the same person that another process has in hand."""
        since = self._tools.clock.now() - timedelta(seconds=_OTHERS_WITHIN)
        with contextlib.suppress(TimeoutError, StorageFault):
            async with asyncio.timeout(_OTHERS_WITHIN):
                while True:
                    async with self._tools.open_work(reading=True) as work:
                        found = await work.app.under_way(TELEGRAM, stream, since)
                    if not any(int(one) < update_id for one in found):
                        return
                    await asyncio.sleep(_LOOK_EVERY)


class Seen:
    """Which updates were taken. All that ask while a transaction runs share the next one."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._known: OrderedDict[int, None] = OrderedDict()
        self._waiting: list[tuple[int, str | None, asyncio.Future[bool]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def first(self, update_id: int, stream: str | None = None) -> bool:
        """Whether an update is to be done. stream: of one that was pushed; see `AppStore.take_updates`.

        Polled ones are done when the database cannot say: a repetition is rarer than an update. For pushed ones that
        raises StorageFault.
        """
        if stream is None:
            if update_id in self._known:
                return False
            self._known[update_id] = None
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((update_id, stream, answer))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await answer

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                now, fault, to_do = self._tools.clock.now(), None, {}
                try:
                    async with self._tools.open_work() as work:
                        to_do = await work.app.take_updates(TELEGRAM, {str(n): stream for n, stream, _ in batch}, now)
                        await work.commit()
                except StorageFault as error:
                    fault = error
                    log.warning("could not note which updates were taken: %s", type(fault).__name__)
                for update_id, stream, answer in batch:
                    if answer.done():
                        continue
                    if fault is not None and stream is not None:
                        answer.set_exception(fault)
                    else:
                        answer.set_result(to_do.get(str(update_id), True))
        finally:
            self._writing = None


def _key(update: Update) -> tuple[int | None, int | None]:
    """What must stay in order: a person's doings in one chat."""
    chat, user = update.effective_chat, update.effective_user
    return chat.id if chat else None, user.id if user else None
