"""Which process sends on a platform when several share one database: the one that has the platform's seat.

One sender for each bot account, and any number that wait. A platform takes 28 to 45 messages a second from a bot and
one process sends thousands, so a second sender would win nothing and lose what only one can know: how long ago a chat
was written to, and in which order a person's messages go out. What people press is answered by every process, at any
time; answers given elsewhere are told to the one that sends, which counts them in its budget.

On PostgreSQL the seat is held on the line between processes (`storage.line`), and the server lets go of it when the
process dies: another one sends within two seconds. On SQLite it is a row that has to be renewed; a file that two
processes share waits for half a minute.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Protocol

from bot.desk.round import Desk
from cogs.kit.tools import Clock

#: How often a seat is asked for, and one that is held is made sure of, in seconds.
ASK_EVERY, SURE_EVERY = 1.0, 5.0

#: The same for a seat that is a row, and for how long such a seat is taken.
ROW_EVERY = 10.0
ROW_FOR = timedelta(seconds=30)

#: A process that lost its seat may still be sending. Where a message sent twice arrives twice, its reports are waited
#: for so long before what it had claimed is taken up. In seconds.
GRACE = 3.0

#: The topic on which processes tell how often they answered people.
ANSWERED = "answered"


class Line(Protocol):
    """The line between processes; see `storage.line`."""

    async def hold(self, name: str) -> bool | None:
        """Be, or stay, the only one that holds a name; None where there is no line."""

    def holds(self, name: str) -> bool:
        """Whether it is held, as far as is known without asking."""

    async def let_go(self, name: str) -> None:
        """Let another one hold it."""

    async def tell(self, topic: str, words: str) -> None:
        """Say a few words to every process."""


class Seats:
    """The seats on the platforms in `names`.

    alone: no other process sends, so all seats are this one's. line: to the other processes; None: seats are rows.
    changed: called with the name of a platform on which this process began or ceased to be the one that sends.
    """

    def __init__(
        self,
        desk: Desk,
        clock: Clock,
        names: Iterable[str],
        *,
        alone: bool,
        line: Line | None,
        steady: Callable[[], float],
        changed: Callable[[str], object],
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._names = tuple(names)
        self._alone = alone
        self._line = line
        self._steady = steady
        self._changed = changed
        self._since: dict[str, float] = dict.fromkeys(self._names, steady() - GRACE) if alone else {}
        self._sure_at: dict[str, float] = {}
        self._answered: Counter[str] = Counter()

    @property
    def every(self) -> float:
        """How often `sit_down` is to be called, in seconds."""
        return ASK_EVERY if self._line is not None else ROW_EVERY

    def mine(self, name: str) -> bool:
        """Whether this process is the one that sends on a platform."""
        if name not in self._since:
            return False
        return self._alone or self._line is None or self._line.holds(_hold(name))

    def alone_for(self, name: str) -> float | None:
        """How many seconds nobody else can have been sending; None while that cannot be known."""
        if not self.mine(name) or not (self._alone or self._line is not None):
            return None
        return self._steady() - self._since[name]

    def answered(self, name: str) -> None:
        """A person was answered by this process, which is not the one that sends there: tell it at the next look."""
        self._answered[name] += 1

    async def sit_down(self) -> None:
        """Be the one that sends, platform by platform, where nobody else is. Raises StorageFault."""
        if self._alone:
            return
        self._notice_loss()  # one that was lost and is had again is a new one: others may have sent meanwhile
        try:
            await (self._ask_rows() if self._line is None else self._ask(self._line))
        finally:
            self._notice_loss()

    async def leave(self) -> None:
        """Let another process send at once. Raises StorageFault."""
        if self._alone:
            return
        if self._line is not None:
            for name in self._names:
                await self._line.let_go(_hold(name))
            return
        async with self._desk.open_work() as work:
            for name in self._names:
                await work.notices.leave_seat(name, self._desk.owner)
            await work.commit()

    async def _ask(self, line: Line) -> None:
        for name in self._names:
            if line.holds(_hold(name)) and self._steady() - self._sure_at.get(name, 0.0) < SURE_EVERY:
                continue
            if await line.hold(_hold(name)):
                self._sure_at[name] = self._steady()
                self._sat_down(name)
        answered, self._answered = self._answered, Counter()
        for name, count in answered.items():
            if not self.mine(name):
                await line.tell(ANSWERED, f"{name} {count}")

    async def _ask_rows(self) -> None:
        now = self._clock.now()
        async with self._desk.open_work() as work:
            got = [n for n in self._names if await work.notices.take_seat(n, self._desk.owner, now, now + ROW_FOR)]
            await work.commit()
        for name in self._names:
            if name in got:
                self._sat_down(name)
            elif name in self._since:
                self._stood_up(name)

    def _notice_loss(self) -> None:
        for name in [name for name in self._since if not self.mine(name)]:
            self._stood_up(name)

    def _sat_down(self, name: str) -> None:
        if name not in self._since:
            self._since[name] = self._steady()
            self._changed(name)

    def _stood_up(self, name: str) -> None:
        del self._since[name]
        self._changed(name)


def said(words: str) -> tuple[str, int]:
    """Platform and number of answers, as `Seats` tells them; ("", 0) for what cannot be read."""
    name, _, count = words.partition(" ")
    return (name, int(count)) if count.isdigit() else ("", 0)


def _hold(name: str) -> str:
    return f"courier {name}"
