"""Deeds that can be taken back: the offer is kept in the very transaction that does the deed.

    async with self._open_work() as work:
        gig = await work.gigs.add(new)
        await offer_undo(work, call, f"Gig {gig.ref} posted", action("gigs.unpost", gig.id))
        await work.commit()

So there is no deed without its offer and no offer without its deed, whatever ends the program in between. The reply
need not mention it: under what a handler answers the desk draws the button of the offer that came to be meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta

from cogs.kit.call import Call
from storage.work import Work

#: Product rule 6: what is destroyed can be undone for this long.
UNDO_FOR = timedelta(minutes=10)


@dataclass(slots=True)
class Offered:
    """What a handler that is running has offered to take back. undo_id: None until a transaction has kept an offer."""

    undo_id: int | None = None


_offered: ContextVar[Offered | None] = ContextVar("offered", default=None)


@contextmanager
def offers() -> Iterator[Offered]:
    """Hear of the offer that is kept while this is open; of several, of the last one."""
    mine = Offered()
    before = _offered.set(mine)
    try:
        yield mine
    finally:
        _offered.reset(before)


async def offer_undo(work: Work, call: Call, label: str, way_back: str) -> None:
    """Let the caller take back what this Work does, once, within ten minutes of the call.

    label: names the deed ("Gig G12 posted"). way_back: the encoded action that takes it back; it checks rights and
    state anew. Nothing is offered when the Work is not committed.
    """
    undo = await work.drafts.offer(call.person_id, label, way_back, call.now + UNDO_FOR)
    mine = _offered.get()
    if mine is not None:
        work.after_commit(lambda: setattr(mine, "undo_id", undo.id))
