"""Work that must not block the event loop: PDF, charts, slow parsing, long counts. A small pool of threads.

Python runs one thread at a time, so a long count beside the loop still slows it: it gives way of itself, in `Rests`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")

#: Two at a time: enough that one slow picture does not hold up another, few enough for a small host.
_THREADS = 2
#: Seconds of work between two rests, and of each rest.
_WORK, _REST = 0.0005, 0.001


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="offline")


async def offline(work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Run `work` on the pool and wait for its result without holding up anybody else."""
    return await asyncio.get_running_loop().run_in_executor(_pool(), partial(work, *args, **kwargs))


class Rests:
    """A breath for a thread at a long count: called often, it sleeps whenever enough was done."""

    def __init__(self) -> None:
        self._since = time.perf_counter()

    def __call__(self) -> None:
        """Sleep, if it is time to."""
        if time.perf_counter() - self._since > _WORK:
            time.sleep(_REST)
            self._since = time.perf_counter()


async def let_others() -> None:
    """Let everybody else go first between two pieces of a long piece of work on the loop."""
    await asyncio.sleep(_REST)
