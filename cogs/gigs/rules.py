"""What may follow what on the board, and what a gig's time and fee mean. Pure.

One table says which answer may become which, by whose deed. A gig's own state follows from its answers until it is
closed by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from storage.records.answer import ENGAGED, INTERESTED, Answer, AnswerKind, AnswerState
from storage.records.fee import Basis, Unit
from storage.records.gig import LISTED, Gig, GigState, KindOfWork, folded_words
from storage.records.rate import RateFloor
from storage.records.times import Span
from storage.records.watch import Watch

#: A post leaves the board at gig time, or this long after it was put up.
POST_FOR = timedelta(days=30)
#: What is destroyed can be taken back for this long; a little more than the button is offered, for the press itself.
UNDO_FOR = timedelta(minutes=10)
#: Further ahead than this a date is more likely a slip than a booking.
FURTHEST = timedelta(days=3 * 366)
#: A gig this close may wake people: what concerns it is urgent.
SOON = timedelta(hours=48)
#: One person passes a gig to so many people at most; more would be a mailing.
REFERRALS_A_GIG = 5
#: Watches one person may have.
WATCHES = 20
#: Product: rows on a page of a list.
PAGE = 8


class Deed(Enum):
    """What somebody does to an answer; the player's own deeds first, then the poster's."""

    SAY = "say"  # I'm in, Pencil me, Counter
    PASS = "pass"  # noqa: S105  # a musician's pass, not a password
    WITHDRAW = "withdraw"
    PENCIL = "pencil"
    INK = "ink"
    DECLINE = "decline"
    RELEASE = "release"
    UNPENCIL = "unpencil"  # the last chair went to somebody else


_S = AnswerState
_OUT = (_S.PASSED, _S.WITHDRAWN, _S.DECLINED, _S.RELEASED)

#: Which state follows, by deed and present state; None is "has not answered". What is not here may not be done.
MOVES: Mapping[Deed, Mapping[AnswerState | None, AnswerState]] = {
    Deed.SAY: {None: _S.WAITING, _S.WAITING: _S.WAITING, _S.PENCILLED: _S.PENCILLED, **dict.fromkeys(_OUT, _S.WAITING)},
    Deed.PASS: {
        None: _S.PASSED,
        _S.WAITING: _S.PASSED,
        _S.PENCILLED: _S.WITHDRAWN,
        _S.INKED: _S.WITHDRAWN,
        **dict.fromkeys(_OUT, _S.PASSED),
    },
    Deed.WITHDRAW: dict.fromkeys((_S.WAITING, _S.PENCILLED, _S.INKED), _S.WITHDRAWN),
    Deed.PENCIL: {_S.WAITING: _S.PENCILLED},
    Deed.INK: {_S.WAITING: _S.INKED, _S.PENCILLED: _S.INKED},
    Deed.DECLINE: {_S.WAITING: _S.DECLINED},
    Deed.RELEASE: {_S.PENCILLED: _S.RELEASED, _S.INKED: _S.RELEASED},
    Deed.UNPENCIL: {_S.PENCILLED: _S.WAITING},
}

#: States that can be taken back while the undo lasts, to the one before.
RESTORABLE = frozenset({_S.WITHDRAWN, _S.DECLINED, _S.RELEASED})

#: As which a gig may be closed by hand, from each state.
CLOSINGS: Mapping[GigState, frozenset[GigState]] = {
    GigState.OPEN: frozenset({GigState.FILLED, GigState.POSTPONED, GigState.CANCELLED}),
    GigState.HELD: frozenset({GigState.FILLED, GigState.POSTPONED, GigState.CANCELLED}),
    GigState.FILLED: frozenset({GigState.POSTPONED, GigState.CANCELLED}),
    GigState.POSTPONED: frozenset({GigState.CANCELLED}),
    GigState.EXPIRED: frozenset({GigState.FILLED, GigState.CANCELLED}),
    GigState.CANCELLED: frozenset(),
    GigState.REVIEW: frozenset({GigState.CANCELLED}),
    GigState.REMOVED: frozenset(),
}


def follows(deed: Deed, state: AnswerState | None) -> AnswerState | None:
    """The state after a deed, or None when that deed does not fit the present state."""
    return MOVES[deed].get(state)


def from_states(deed: Deed) -> frozenset[AnswerState]:
    """The states of an answer in which the deed may be done."""
    return frozenset(state for state in MOVES[deed] if state is not None)


def can_restore(answer: Answer, now: datetime) -> bool:
    """Whether the last move of an answer may be taken back."""
    return (
        answer.state in RESTORABLE
        and answer.before is not None
        and answer.before in INTERESTED
        and now - answer.state_at <= UNDO_FOR
    )


def state_of(seats: int, inked: int, pencilled: int) -> GigState:
    """How a gig stands by its answers alone. `GigStore.settle` says the same in SQL."""
    if inked >= seats:
        return GigState.FILLED
    return GigState.HELD if inked + pencilled >= seats else GigState.OPEN


def wants_answers(gig: Gig, now: datetime) -> bool:
    """Whether a player may still say something to it."""
    return gig.standing(now) in LISTED


def is_soon(gig: Gig, now: datetime) -> bool:
    """Whether what happens to the gig is worth a sound at night."""
    return gig.span.start - now <= SOON


def told_of_end(answers: Iterable[Answer]) -> list[Answer]:
    """Whose day changes when a gig is cancelled, postponed or filled elsewhere."""
    return [answer for answer in answers if answer.state in INTERESTED]


def asked_again(answers: Iterable[Answer]) -> list[Answer]:
    """Who must say "got it" again when time, place or fee of a gig changes."""
    return [answer for answer in answers if answer.state in ENGAGED]


# --- time ---------------------------------------------------------------------------------------------------------


def gig_time(span: Span) -> datetime:
    """When a post is of no use any more: at the start, or at the end of the first day when no clock was said."""
    if not span.whole_days:
        return span.start
    midnight = datetime.combine(span.first_day + timedelta(days=1), time(0), ZoneInfo(span.zone))
    return midnight.astimezone(span.start.tzinfo)


def expiry(span: Span, posted_at: datetime, days: int | None = None) -> datetime:
    """When a post leaves the board by itself. days: how long the community keeps posts up; None: the usual time."""
    return min(gig_time(span), posted_at + (POST_FOR if days is None else timedelta(days=days)))


def is_over(span: Span, now: datetime) -> bool:
    """Whether it is too late to look for anybody."""
    return gig_time(span) <= now


def at_clock(span: Span, clock: time, zone: str, *, spoken: bool) -> datetime:
    """The moment a call time means on the day of the gig.

    spoken: neither am nor pm was said, so that 5.30 may be either; the later one that is not after the start is meant.
    """
    day = span.start.astimezone(ZoneInfo(zone)).date()
    readings = [clock]
    if spoken and 1 <= clock.hour < 12:
        readings.append(clock.replace(hour=clock.hour + 12))
    moments = [datetime.combine(day, reading, ZoneInfo(zone)).astimezone(span.start.tzinfo) for reading in readings]
    before = [moment for moment in moments if moment <= span.start]
    return max(before) if before and not span.whole_days else moments[-1]


def in_zone(span: Span, said_in: str, zone: str, *, same_clock: bool) -> Span:
    """The span with the venue's zone. same_clock: the wall clock that was said is the venue's, not the poster's."""
    if span.whole_days:
        return Span.of_days(span.first_day, span.last_day, zone)
    if not same_clock:
        return Span(span.start, span.end, zone)
    start = _moved(span.start, said_in, zone)
    return Span(start, None if span.end is None else max(start, _moved(span.end, said_in, zone)), zone)


def on_another_day(span: Span, day: date) -> Span:
    """The same wall clock, and as long, on another day of the span's own zone."""
    wall = span.start.astimezone(ZoneInfo(span.zone))
    start = datetime.combine(day, wall.time(), ZoneInfo(span.zone)).astimezone(UTC)
    return replace(span, start=start, end=None if span.end is None else start + (span.end - span.start))


def _moved(at: datetime, said_in: str, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(said_in)).replace(tzinfo=ZoneInfo(zone)).astimezone(at.tzinfo)


# --- what was left unsaid -------------------------------------------------------------------------------------------

_RECORDED = {KindOfWork.SESSION, KindOfWork.REMOTE, KindOfWork.DEMO, KindOfWork.ADVERTISING}
#: More than four questions and nobody reads any.
UNSAID_SHOWN = 4


def unsaid(gig: Gig) -> tuple[str, ...]:
    """The usual terms that a player would ask for next, the most useful first, at most four."""
    terms = gig.terms
    recorded = gig.kind in _RECORDED
    paid = gig.fee.basis is not Basis.UNPAID
    missing = (
        ("start time", gig.span.whole_days and gig.kind is not KindOfWork.TOUR),
        ("usage", recorded and terms.usage is None),
        ("who pays", paid and terms.pays is None),
        ("when it is paid", paid and terms.pay_by is None),
        ("how long", gig.span.end is None),
        ("cancellation", terms.cancellation is None and paid),
        ("travel and extras", terms.extras is None and not recorded),
        ("credit", recorded and terms.credit is None),
    )
    return tuple(name for name, is_missing in missing if is_missing)[:UNSAID_SHOWN]


# --- watches ----------------------------------------------------------------------------------------------------------


def fits(watch: Watch, gig: Gig) -> bool:
    """Whether a watch whose chair fits wants this gig: place, pay and kind.

    A minimum is compared in its own currency only; quotes and fees by the song are no match for one, since nobody can
    say what they come to. A minimum of nothing is none, and says that one's floor is not wanted here (`holds`).
    """
    if watch.kind is not None and watch.kind is not gig.kind:
        return False
    if watch.words and not set(watch.words) <= set(folded_words(gig.where or "")):
        return False
    if watch.at_least is not None and watch.at_least.minor > 0:
        worth = gig.worth()
        return worth is not None and worth.currency == watch.at_least.currency and worth.minor >= watch.at_least.minor
    return True


def holds(watch: Watch, gig: Gig, floors: Iterable[RateFloor]) -> bool:
    """Whether a gig that fits is worth telling somebody with these floors; a minimum said with the watch comes first.

    A floor is compared with a fee of its own unit and currency, and one for a whole gig with what the gig comes to.
    What cannot be compared is told.
    """
    if watch.at_least is not None:
        return True
    for floor in floors:
        paid = gig.fee.money if floor.unit is gig.fee.unit else gig.worth() if floor.unit is Unit.FLAT else None
        if paid is not None and paid.currency == floor.least.currency and paid.minor < floor.least.minor:
            return False
    return True


def next_morning(now: datetime, zone: str) -> datetime:
    """The next nine o'clock in a zone: when digests are read."""
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() if local.time() < time(9) else local.date() + timedelta(days=1)
    return datetime.combine(day, time(9), ZoneInfo(zone)).astimezone(now.tzinfo)


_LEADING = re.compile(r"^(?:in|at|@)\s+(?=\S)", re.IGNORECASE)


def bare_place(text: str) -> str:
    """A place without the "in" or "at" that led to it."""
    return _LEADING.sub("", text)


def is_offer(reply: AnswerKind) -> bool:
    """Whether a reply says yes in one way or another."""
    return reply is not AnswerKind.PASS
