"""How the house is, for those who watch it: whether the database keeps what it is given, and how much waits there."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.on_web.asking import PATIENCE, Asking
from cogs.kit.tools import Clock
from storage.engine import Storage
from storage.faults import Unreachable, Unwritable
from storage.records.notice import NOWHERE
from storage.work import OpenWork

log = logging.getLogger(__name__)

#: A database that answers is asked to keep something this often at most, in seconds.
TRY_EVERY = 10.0

#: Up to here notices are counted when somebody asks.
MOST = 10_000
#: Beyond, all are counted this often at most, in seconds: a million take SQLite 35 ms and PostgreSQL 0.2 s.
ALL_EVERY = 900.0

#: Under what name something is kept, only to see whether it can be.
_TRIED = "ready"

#: How far the counts look ahead, by label.
_AHEAD = {"now": timedelta(0), "hour": timedelta(hours=1)}


class Platform(Protocol):
    """A surface, as far as its health goes."""

    name: str

    def healthy(self) -> bool:
        """Whether the platform has answered lately."""


class Condition:
    """The state of each part, in words that a stranger may read; reasons go to the log, once for each change."""

    def __init__(
        self,
        storage: Storage,
        platforms: Iterable[Platform],
        *,
        patience: float = PATIENCE,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._storage = storage
        self._steady = steady
        self._tried_at: float | None = None
        self._platforms = tuple(platforms)
        self._patience = patience
        self._database = Asking(self._ask, patience=patience, steady=steady)
        self._trouble = ""

    async def states(self) -> dict[str, str]:
        """By part: "ok", "no answer", or for a database that answers and refuses to keep anything "keeps nothing"."""
        state = await self._database.answer()
        if state is None:
            self._note(f"no answer within {self._patience:g} s")
        return {
            "database": state or "no answer",
            **{one.name: "ok" if one.healthy() else "no answer" for one in self._platforms},
        }

    async def _ask(self) -> str:
        try:
            async with self._storage.open_work(reading=True) as work:
                await work.app.value(_TRIED)
            await self._try_to_keep()
        except Unwritable:
            pass  # `trouble` says so
        except Unreachable as fault:
            self._note(fault.reason)
            return "no answer"
        trouble = self._storage.trouble
        self._note(trouble or "")
        return "keeps nothing" if trouble else "ok"

    async def _try_to_keep(self) -> None:
        """An idle program writes nothing for hours, and its disk may have filled up meanwhile."""
        if self._tried_at is None or self._steady() - self._tried_at >= TRY_EVERY:
            self._tried_at = self._steady()
            async with self._storage.open_work() as work:
                await work.app.set_value(_TRIED, secrets.token_hex(4))
                await work.commit()

    def _note(self, trouble: str) -> None:
        if trouble != self._trouble:
            log.warning("the database: %s", trouble or "well again")
        self._trouble = trouble


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits to be said. due: by (platform, "now" or "hour"), counted up to `MOST`. open: everything, whenever."""

    due: dict[tuple[str, str], int]
    open: int


class Backlog:
    """Counts it. platforms: those that messages go to from here."""

    def __init__(
        self,
        open_work: OpenWork,
        clock: Clock,
        platforms: Iterable[str],
        *,
        most: int = MOST,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_work = open_work
        self._clock = clock
        self._platforms = {name: name for name in platforms} | {"nowhere": NOWHERE}
        self._most = most
        self._steady = steady
        self._all: tuple[int, float] | None = None

    async def count(self) -> Waiting | None:
        """How it stands; None when the database does not answer."""
        now = self._clock.now()
        try:
            async with self._open_work(reading=True) as work:
                due = {
                    (label, ahead): await work.backlog.due(name, now + far, self._most)
                    for label, name in self._platforms.items()
                    for ahead, far in _AHEAD.items()
                }
                count = await work.backlog.open(self._most)
                if count < self._most:
                    self._all = None
                    return Waiting(due, count)
                if self._all is None or self._steady() - self._all[1] >= ALL_EVERY:
                    self._all = (await work.backlog.open(), self._steady())
                return Waiting(due, self._all[0])
        except Unreachable:
            return None
