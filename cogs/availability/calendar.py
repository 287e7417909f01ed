"""Arithmetic of stretches of time: what lies on what, and what it comes to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storage.records.availability import Diary, Entry, Free, Stretch
from storage.records.packs import Hit
from storage.records.times import Span


class Verdict(StrEnum):
    """What somebody's time comes to for a stretch that is asked about."""

    FREE = "free"
    MAYBE = "maybe"
    UNKNOWN = "unknown"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch that is one thing throughout. state: None for not known. gig_id: the gig that makes it so.

    busy: an imported calendar makes it so.
    """

    start: datetime
    end: datetime
    state: Free | None
    gig_id: int | None = None
    busy: bool = False


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same moments as few stretches, in order; what touches is one."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(stretches: Iterable[Stretch], taken: Iterable[Stretch]) -> list[Stretch]:
    """What is left of the stretches when the others are taken out."""
    left = joined(stretches)
    for begins, ends in joined(taken):
        left = [
            part
            for start, end in left
            for part in ((start, min(end, begins)), (max(start, ends), end))
            if part[0] < part[1]
        ]
    return left


def common(stretches: Iterable[Stretch], others: Iterable[Stretch]) -> list[Stretch]:
    """The moments that lie in both."""
    return joined(
        (max(start, begins), min(end, ends))
        for start, end in joined(stretches)
        for begins, ends in joined(others)
        if start < ends and begins < end
    )


def trusted(entries: Iterable[Entry], now: datetime) -> tuple[Entry, ...]:
    """The entries that have not gone stale."""
    return tuple(entry for entry in entries if entry.stale_at() > now)


def pieces(diary: Diary, start: datetime, end: datetime) -> list[Piece]:
    """[start, end) cut into pieces, in order, without gaps.

    Inked gigs and imported events come before everything, then what was said, the last first; a pencil turns what is
    free or not known into a maybe.
    """
    whole = (start, end)
    cut: list[Piece] = []
    left = [whole]

    def take(stretches: Iterable[Stretch], state: Free | None, gig_id: int | None = None, busy: bool = False) -> None:
        nonlocal left
        found = joined(stretches)
        cut.extend(Piece(a, b, state, gig_id, busy) for a, b in common(found, left))
        left = without(left, found)

    for booking in diary.bookings:
        if booking.inked:
            take([booking.stretch()], Free.NO, booking.gig_id)
    take(diary.busy, Free.NO, busy=True)
    noes: list[Stretch] = []
    said: list[tuple[Free, list[Stretch]]] = []
    open_ = list(left)
    for entry in reversed(diary.entries):
        if not open_:
            break
        mine = common(entry.stretches(start, end), open_)
        open_ = without(open_, mine)
        said.append((entry.state, mine))
        if entry.state is Free.NO:
            noes += mine
    for booking in diary.bookings:
        if not booking.inked:
            take(without([booking.stretch()], noes), Free.MAYBE, booking.gig_id)
    for state, stretches in said:
        take(stretches, state)
    take([whole], None)
    return sorted(cut, key=lambda piece: piece.start)


def verdict(diary: Diary, span: Span) -> Verdict:
    """What the diary says about a time.

    With a clock: any part that is taken makes it no, any maybe makes it maybe, and it is free when all of it is. Of
    whole days it is no when all of them are taken, and maybe when a part is known to be free or taken.
    """
    return _judged({piece.state for piece in pieces(diary, span.start, span.until())}, span.whole_days)


def verdict_of(hits: Iterable[Hit], span: Span) -> Verdict:
    """`verdict` for somebody whom nothing keeps but their own words: hits, the last said first."""
    left = [(span.start, span.until())]
    states: set[Free | None] = set()
    for hit in hits:
        rest: list[Stretch] = []
        for start, end in left:
            if hit.end <= start or end <= hit.start:
                rest.append((start, end))
                continue
            states.add(hit.state)
            if start < hit.start:
                rest.append((start, hit.start))
            if hit.end < end:
                rest.append((hit.end, end))
        left = rest
        if not left:
            break
    if left:
        states.add(None)
    return _judged(states, span.whole_days)


def _judged(states: set[Free | None], whole_days: bool) -> Verdict:
    if whole_days:
        if states == {None}:
            return Verdict.UNKNOWN
        if states == {Free.NO}:
            return Verdict.NO
        return Verdict.FREE if states == {Free.FREE} else Verdict.MAYBE
    if Free.NO in states:
        return Verdict.NO
    if Free.MAYBE in states:
        return Verdict.MAYBE
    return Verdict.UNKNOWN if None in states or not states else Verdict.FREE


def lasting(stretch: Stretch) -> timedelta:
    """How long it is."""
    return stretch[1] - stretch[0]


def merged(found: Sequence[Piece]) -> list[Piece]:
    """Neighbours that are the same thing made one."""
    together: list[Piece] = []
    for piece in found:
        last = together[-1] if together else None
        if (
            last is not None
            and last.end == piece.start
            and (last.state, last.gig_id, last.busy)
            == (
                piece.state,
                piece.gig_id,
                piece.busy,
            )
        ):
            together[-1] = Piece(last.start, piece.end, piece.state, piece.gig_id, piece.busy)
        else:
            together.append(piece)
    return together
