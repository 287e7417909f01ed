"""Which processes send on a platform: any number, together, and nobody first.

Each shows that it is there, and looks after the others (`storage.line` says how). Claims of one that is gone are taken
up within a second or two, and those of one that hangs when its lease ends; in the meantime nothing is sent to the chats
it had claimed something for, and everything else goes on. A process that may not be seen any more, because its line to
the database is cut, begins no send, for others may take up what it claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from bot.desk.round import Desk
from storage.records.courier import Colleague
from storage.stores.notices import TOPIC

#: How often a process looks after others, and after none, and makes sure that it is seen itself, in seconds.
LOOK_EVERY, LONELY_EVERY, SURE_EVERY = 1.0, 5.0, 5.0

#: A process that did not make sure for so long has stood still, and asks before it sends. In seconds.
SURE_FOR = 15.0

#: A process that is not seen may still be sending. Where a message sent twice arrives twice, its reports are waited
#: for so long before what it had claimed is taken up. In seconds.
GRACE = 3.0


class Line(Protocol):
    """The line between processes; see `storage.line`."""

    async def show(self, name: str) -> bool:
        """Be, or stay, seen under a name; False when the line was closed."""

    def shows(self, name: str) -> bool:
        """Whether others see it, as far as is known without asking."""

    async def hide(self, name: str) -> None:
        """Be there no longer."""

    async def seen(self, names: Sequence[str]) -> set[str]:
        """Those of the names that somebody shows."""


class Presence:
    """This process among those that send on the platforms in `names`.

    line: to the other processes; None: there are none, so there is nothing to show.
    changed: called when this process began or ceased to be seen, and when another one is gone for good.
    """

    def __init__(
        self,
        desk: Desk,
        names: Iterable[str],
        *,
        line: Line | None,
        changed: Callable[[], object],
    ) -> None:
        self._desk = desk
        self._names = tuple(names)
        self._line = line
        self._changed = changed
        self._sure_at: float | None = None
        self._written = False
        self._was_here = line is None
        self._known: set[tuple[str, str]] = set()
        self._missed_since: dict[tuple[str, str], float] = {}
        #: Whether others send through the same accounts, as far as was seen.
        self.has_company = False

    @property
    def alone(self) -> bool:
        """Whether no other process can send."""
        return self._line is None

    @property
    def every(self) -> float:
        """How often `look` is to be called, in seconds."""
        return LOOK_EVERY if self._known else LONELY_EVERY

    @property
    def here(self) -> bool:
        """Whether the others see this process, so that it may claim and send."""
        if self._line is None:
            return True
        sure = self._sure_at is not None and self._desk.steady() - self._sure_at < SURE_FOR
        return sure and self._line.shows(self._desk.owner)

    async def look(self) -> list[Colleague]:
        """Be seen, and look after the others: those that are known to be gone. Raises StorageFault."""
        if self._line is None or not self._names:
            return []
        self._notice()  # it may have been cut off, and its pump gone to sleep, since the last time
        try:
            await self._make_sure(self._line)
        finally:
            self._notice()
        async with self._desk.open_work(reading=True) as work:
            others = await work.couriers.colleagues(self._desk.owner)
        others = [one for one in others if one.platform in self._names]
        if not self._known <= (known := set(map(_key, others))):
            self._changed()  # somebody left, and gave back what it had claimed
        self._known = known
        # Asked afterwards: who is written down was there before.
        there = await self._line.seen(sorted({one.owner for one in others}))
        self.has_company = bool(there)
        now, gone = self._desk.steady(), [one for one in others if one.owner not in there]
        self._missed_since = {key: self._missed_since.get(key, now) for key in map(_key, gone)}
        return gone

    def missed_for(self, one: Colleague) -> float:
        """For how many seconds a process has been known to be gone."""
        return self._desk.steady() - self._missed_since.get(_key(one), self._desk.steady())

    async def leave(self, finished: Iterable[str]) -> None:
        """Be there no longer. finished: platforms on which nothing is claimed. Raises StorageFault."""
        if self._line is None:
            return
        async with self._desk.open_work() as work:
            for name in finished:
                await work.couriers.leave(name, self._desk.owner)
            work.announce(TOPIC)  # for others to send what was given back
            await work.commit()
        await self._line.hide(self._desk.owner)

    async def _make_sure(self, line: Line) -> None:
        sure = self._sure_at is not None and self._desk.steady() - self._sure_at < SURE_EVERY
        if not line.shows(self._desk.owner):
            # Others may have struck it off meanwhile, so it is here again only once it is written down again.
            sure, self._written, self._sure_at = False, False, None
        if sure and self._written:
            return
        asked_at = self._desk.steady()
        if not await line.show(self._desk.owner):
            return
        if not self._written:
            async with self._desk.open_work() as work:
                for name in self._names:
                    await work.couriers.show(name, self._desk.owner)
                await work.commit()
            self._written = True
        self._sure_at = asked_at

    def _notice(self) -> None:
        if self.here != self._was_here:
            self._was_here = not self._was_here
            self._changed()


def _key(one: Colleague) -> tuple[str, str]:
    return one.platform, one.owner
