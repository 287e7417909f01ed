"""What the web surface asks of the house: one question at a time, however many want to know, with an end to waiting.

Whoever watches a program asks most when it is in trouble, and a database that hangs must not hang its watchers: they
hear within two seconds that there is no answer, and a thousand of them cost the database one question.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")

#: How long an answer serves, and how long anybody waits for one, in seconds. `firstcall health` waits for three.
FRESH, PATIENCE = 0.5, 2.0


class Asking(Generic[T]):
    """A question and its latest answer."""

    def __init__(
        self,
        question: Callable[[], Awaitable[T]],
        *,
        fresh: float = FRESH,
        patience: float = PATIENCE,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._question = question
        self._fresh = fresh
        self._patience = patience
        self._steady = steady
        self._task: asyncio.Task[T] | None = None
        self._known: tuple[T, float] | None = None

    async def answer(self) -> T | None:
        """The answer, or None when there is none in time; the question then goes on, and is not asked again meanwhile.

        Raises what the question raised.
        """
        if self._known is not None and self._steady() - self._known[1] < self._fresh:
            return self._known[0]
        if self._task is None:
            self._task = asyncio.create_task(self._ask())
        task = self._task
        await asyncio.wait({task}, timeout=self._patience)
        return task.result() if task.done() and not task.cancelled() else None

    async def _ask(self) -> T:
        try:
            found = await self._question()
            self._known = (found, self._steady())
            return found
        finally:
            self._task = None

    async def close(self) -> None:
        """Give the question up that is still under way."""
        if (task := self._task) is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait({task}, timeout=self._patience)
