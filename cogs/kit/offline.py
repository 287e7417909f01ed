"""Work that must not block the event loop: PDF, charts, slow parsing. A small pool of threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")

#: Two at a time: enough that one slow picture does not hold up another, few enough for a small host.
_THREADS = 2


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, thread_name_prefix="offline")


async def offline(work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Run `work` on the pool and wait for its result without holding up anybody else."""
    return await asyncio.get_running_loop().run_in_executor(_pool(), partial(work, *args, **kwargs))
