"""What claimed notices say today: each is drawn by the feature it belongs to, from today's data."""

from __future__ import annotations

import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.desk.delivery import failed_to_draw
from bot.desk.parcels import Drawn
from cogs.kit.reply import Reply
from storage.faults import Unreachable
from storage.records.notice import REFRESH, Ended, Notice, Outcome, PutBack
from storage.work import OpenWork, Work

log = logging.getLogger(__name__)

Builder = Callable[[Notice, Work], Awaitable[Reply | None]]
CardBuilder = Callable[[int, Work], Awaitable[Reply | None]]

#: How long a notice waits whose kind nobody in this program draws: another version of it may run beside.
UNKNOWN_KIND_WAIT = timedelta(minutes=5)


@dataclass(slots=True)
class Drawing:
    """What was drawn, what is no longer true and ends, and what is tried again later."""

    drawn: list[Drawn] = field(default_factory=list)
    ended: list[tuple[Notice, Ended]] = field(default_factory=list)
    back: list[PutBack] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Drawer:
    """Draws notices; it only reads. builders, cards: see `Courier`."""

    open_work: OpenWork
    builders: Mapping[str, Builder]
    cards: Mapping[str, CardBuilder]
    chance: random.Random

    async def draw(self, ready: Sequence[Notice], now: datetime) -> Drawing:
        """Today's words for each. Raises StorageFault when the database does not answer."""
        drawing = Drawing()
        waiting = deque(ready)
        while waiting:
            async with self.open_work(reading=True) as work:
                while waiting:
                    notice = waiting.popleft()
                    try:
                        await self._draw_one(notice, work, now, drawing)
                    except Unreachable:
                        raise
                    except Exception as error:  # a bug in one builder must cost one message, not the courier
                        log.exception("notice %s (%s) could not be drawn", notice.id, notice.kind)
                        verdict = failed_to_draw(notice, error, now, self.chance)
                        drawing.ended += verdict.ended
                        drawing.back += verdict.back
                        break  # the transaction may be broken too
        return drawing

    async def _draw_one(self, notice: Notice, work: Work, now: datetime, drawing: Drawing) -> None:
        posting = None
        if notice.kind == REFRESH:
            posting = await work.postings.get(int(notice.args["posting_id"] or 0))
            build_card = self.cards.get(str(notice.args["card"]))
            if build_card is None:
                drawing.back.append(_nobody_draws(notice, now))
                return
            reply = None if posting is None else await build_card(posting.subject_id, work)
        else:
            build = self.builders.get(notice.kind)
            if build is None:
                drawing.back.append(_nobody_draws(notice, now))
                return
            reply = await build(notice, work)
        if reply is None:
            drawing.ended.append((notice, Ended(notice.id, notice.attempt, Outcome.DROPPED)))
        else:
            drawing.drawn.append(Drawn(notice, reply, posting))


def _nobody_draws(notice: Notice, now: datetime) -> PutBack:
    log.warning("notice %s: nobody here draws %s", notice.id, notice.kind)
    later = now + UNKNOWN_KIND_WAIT
    return PutBack(notice.id, notice.attempt, later, counted=False, trouble="nobody draws this kind")
