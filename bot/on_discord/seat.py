"""One process for each token and shards: two that listen to the same presses would answer each other's.

A lock on a file of the data folder, which the system lets go of when the process ends in whatever way.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

from storage.locks import lock

log = logging.getLogger(__name__)

#: How often the seat is asked for while another process has it, in seconds.
_AGAIN = 0.5


@asynccontextmanager
async def seat(folder: Path, name: str, stop: asyncio.Event) -> AsyncIterator[bool]:
    """Wait for the seat and keep it; False when `stop` was set before it was free.

    Where files cannot be locked (Windows, some network folders) the seat is always free.
    """
    file = await asyncio.to_thread(_opened, folder / f"{name}.lock")
    try:
        waited = False
        while file is not None and lock(file) is False:
            if not waited:
                log.warning("another process is using this Discord token (%s); waiting for it to end", name)
                waited = True
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_AGAIN):
                    await stop.wait()
            if stop.is_set():
                yield False
                return
        yield True
    finally:
        if file is not None:
            file.close()


def _opened(path: Path) -> IO[bytes] | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("ab")
    except OSError:
        return None
