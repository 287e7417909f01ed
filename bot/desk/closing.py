"""Handing a form in exactly once: its draft goes in the same transaction as what the form did.

Two presses of the last button, on one process or two, both run the handler. The transaction that commits first takes
the draft with it; the other finds it gone when it wants to commit, and is rolled back. A kill in between leaves the
draft, so that the form goes on. The same holds for an update that a platform may push to two processes: whoever does it
marks it done in the transaction that does it. Features need not know: the `open_work` in their `Tools` is wrapped
once, at the start.

Of two transactions that wait for each other the database undoes one; `once_more` does that deed anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from cogs.kit.faults import Stale
from storage.faults import Crossed
from storage.work import OpenWork, Work

log = logging.getLogger(__name__)

R = TypeVar("R")

#: The one that was let through needs this long to get on, in seconds: done at once, a deed could meet it again.
_OUT_OF_THE_WAY = 0.1


@dataclass(slots=True)
class _Closing:
    """The draft being handed in by this task, and whether a transaction has taken it along."""

    token: str
    person_id: int
    closed: bool = False


_closing: ContextVar[_Closing | None] = ContextVar("closing", default=None)


@dataclass(slots=True)
class _Taking:
    """What this task is about to do once, and whether a transaction has marked it done."""

    mark: Callable[[Work], Awaitable[bool]]
    kept: bool = False


_taking: ContextVar[_Taking | None] = ContextVar("taking", default=None)


@contextmanager
def taking(mark: Callable[[Work], Awaitable[bool]]) -> Iterator[_Taking]:
    """While this is open, the first transaction that commits also calls `mark`, and is undone when that says False."""
    mine = _Taking(mark)
    before = _taking.set(mine)
    try:
        yield mine
    finally:
        _taking.reset(before)


@contextmanager
def besides() -> Iterator[None]:
    """What is committed while this is open is not yet what was asked for."""
    before = _taking.set(None)
    try:
        yield
    finally:
        _taking.reset(before)


@contextmanager
def handing_in(token: str, person_id: int) -> Iterator[_Closing]:
    """While this is open, the first transaction that commits also removes the draft."""
    closing = _Closing(token, person_id)
    mark = _closing.set(closing)
    try:
        yield closing
    finally:
        _closing.reset(mark)


@dataclass(slots=True)
class _Trying:
    """A deed under way, and whether a transaction has kept something of it."""

    kept: bool = False


_trying: ContextVar[_Trying | None] = ContextVar("trying", default=None)


async def once_more(deed: Callable[[], Awaitable[R]]) -> R:
    """What `deed` gives. When the database undid it in favour of another one, it is done anew, once.

    Not when a transaction before that one was kept: it would be done twice.
    """
    trying = _Trying()
    mark = _trying.set(trying)
    try:
        return await deed()
    except Crossed:
        if trying.kept:
            raise
        log.info("two deeds were in each other's way; this one is done anew")
    finally:
        _trying.reset(mark)
    await asyncio.sleep(_OUT_OF_THE_WAY)
    return await deed()


def once_only(open_work: OpenWork) -> OpenWork:
    """The same opener, whose transactions take along the draft that is being handed in, if one is."""

    @asynccontextmanager
    async def opened(reading: bool) -> AsyncIterator[Work]:
        async with open_work(reading=reading) as work:
            closing = _closing.get()
            if closing is not None and not reading and not closing.closed:
                work.before_commit(lambda: _take(work, closing))
                work.after_commit(lambda: setattr(closing, "closed", True))
            mine = _taking.get()
            if mine is not None and not reading and not mine.kept:
                work.before_commit(lambda: _mark(work, mine))
                work.after_commit(lambda: setattr(mine, "kept", True))
            trying = _trying.get()
            if trying is not None and not reading:
                work.after_commit(lambda: setattr(trying, "kept", True))
            yield work

    def opener(*, reading: bool = False) -> AbstractAsyncContextManager[Work]:
        return opened(reading)

    return opener


async def _mark(work: Work, mine: _Taking) -> None:
    if not await mine.mark(work):
        raise Stale("That was already done a moment ago. Nothing was done twice.")


async def _take(work: Work, closing: _Closing) -> None:
    if not await work.drafts.drop(closing.token, closing.person_id):
        raise Stale("That was already sent a moment ago. Nothing was done twice.")
