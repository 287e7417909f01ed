"""Whether a process may send: only while the others see it, and know that claims in its name are somebody's."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

from bot.desk.drawing import Drawer
from bot.desk.presence import Presence
from bot.desk.round import Desk
from storage.engine import Storage
from storage.work import Work


class Line:
    """Shows what it is asked to show, until it is cut."""

    def __init__(self) -> None:
        self.shown: set[str] = set()

    async def show(self, name: str) -> bool:
        self.shown.add(name)
        return True

    def shows(self, name: str) -> bool:
        return name in self.shown

    async def hide(self, name: str) -> None:
        self.shown.discard(name)

    async def seen(self, names: Sequence[str]) -> set[str]:
        return self.shown & {*names}


async def test_after_a_cut_it_is_here_again_only_once_it_is_written_down(storage: Storage) -> None:
    here_while_writing, changes = [], []

    @contextlib.asynccontextmanager
    async def watched(*, reading: bool = False) -> AsyncIterator[Work]:
        if not reading:
            here_while_writing.append(presence.here)
        async with storage.open_work(reading=reading) as work:
            yield work

    line, chance = Line(), random.Random(1)
    desk = Desk(watched, Drawer(watched, {}, {}, chance), {}, "me", timedelta(minutes=1), 200, chance, time.monotonic)
    presence = Presence(desk, ["telegram"], line=line, changed=lambda: changes.append(presence.here))
    await presence.look()
    assert presence.here
    line.shown.clear()
    async with storage.open_work() as work:
        assert await work.couriers.leave("telegram", "me")  # another process has struck it off meanwhile
        await work.commit()
    assert not presence.here
    await presence.look()
    assert presence.here
    assert here_while_writing == [False, False]
    assert changes == [True, False, True]
    async with storage.open_work(reading=True) as work:
        assert [one.owner for one in await work.couriers.colleagues("somebody")] == ["me"]
