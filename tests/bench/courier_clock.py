"""What a race of deliveries is measured with."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator


class Race:
    """`n` deliveries due at one instant, `ahead` seconds from now."""

    def __init__(self, n: int, ahead: float) -> None:
        self.n = n
        self.due = time.time() + ahead
        self.late: list[float] = []
        #: Seconds during which the event loop did nothing else, at worst.
        self.stall = 0.0
        self.seconds_to_add_one = 0.0
        self._done = asyncio.Event()

    async def send(self) -> None:
        """The sender that costs nothing."""
        self.late.append(time.time() - self.due)
        if len(self.late) >= self.n:
            self._done.set()

    async def over(self, within: float) -> None:
        """Wait until all were sent, or nothing came for three seconds, or `within` seconds after they were due."""
        last_count, since = -1, time.time()
        while len(self.late) < self.n and time.time() < self.due + within:
            if len(self.late) != last_count or time.time() < self.due:
                last_count, since = len(self.late), time.time()
            elif time.time() - since > 3:
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.25):
                    await self._done.wait()

    @contextlib.asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Measure inside how long the event loop stalls once the deliveries are due."""

        async def watch() -> None:
            while True:
                before = time.perf_counter()
                await asyncio.sleep(0.001)
                if time.time() > self.due + 0.001:
                    self.stall = max(self.stall, time.perf_counter() - before - 0.001)

        watcher = asyncio.create_task(watch())
        try:
            yield
        finally:
            watcher.cancel()

    def results(self) -> dict[str, float]:
        """Deliveries a second, lateness in seconds, the worst stall in milliseconds, how many were sent."""
        late = sorted(self.late)
        last = late[-1] if late else float("inf")
        return {
            "sent": len(late),
            "a second": len(late) / max(last, 1e-9),
            "p99 late": late[int(len(late) * 0.99) - 1] if late else float("inf"),
            "stall ms": self.stall * 1000,
            "seconds to add one": self.seconds_to_add_one,
        }
