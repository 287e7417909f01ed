"""What happened to a fleet, what is wrong with it, and the evidence: to be read without a second run.

Checks are plain functions over what was seen, each of which gives what is wrong as `Wrong`: none, when all is well.
Times are seconds on the steady clock of the test's own process, unless said otherwise.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from bot.desk.budgets import Pace

#: A pause of the test's own loop that is remembered, in seconds: what came meanwhile is seen all at once.
STALL = 0.05

#: Events so close to an arrival are told with it, in seconds.
AROUND = 4.0


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivered note, as the fake saw it. again: marked as sent again. place: its number among all, for order."""

    at: float
    platform: str
    who: str
    note: str
    again: bool
    place: int


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that must not be. notes: which ones it is about; at: when, where that is one moment."""

    what: str
    notes: tuple[str, ...] = ()
    at: float | None = None


@dataclass(slots=True)
class Story:
    """Events as they are told, and the pauses of the test's own loop."""

    seed: int
    began: float = field(default_factory=time.monotonic)
    events: list[tuple[float, str]] = field(default_factory=list)
    stalls: list[tuple[float, float]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def note(self, kind: str, what: str = "") -> None:
        """Something happens now. kind: one word or two, by which it is counted."""
        self.counts[kind] += 1
        self.events.append((time.monotonic(), f"{kind} {what}".rstrip()))

    def since(self, at: float) -> str:
        return f"{at - self.began:+8.2f} s"

    def summary(self, arrivals: Sequence[Arrival]) -> str:
        """All of it in two lines, for whoever wants to know what a good run has seen."""
        counts = ", ".join(f"{count} x {kind}" for kind, count in self.counts.items()) or "none"
        sent = []
        for platform in sorted({one.platform for one in arrivals}):
            mine = [one for one in arrivals if one.platform == platform]
            again = len(mine) - len({one.note for one in mine})
            most = most_in_a_second([at for at, _ in {(one.at, one.who) for one in mine}])
            sent.append(f"{len(mine)} on {platform} ({again} again, {most} messages in the busiest second)")
        longest = max((long for _, long in self.stalls), default=0.0)
        return f"SEED={self.seed}; {counts}\n{', '.join(sent)}; the test itself stood still for {longest:.2f} s at most"

    def around(self, at: float) -> list[str]:
        return [f"{self.since(when)} {what}" for when, what in self.events if abs(when - at) <= AROUND]


# --- what may be wrong ------------------------------------------------------------------------------------------------


def wrongly_kept(told: set[str], refused: Mapping[str, str], kept: Mapping[str, int], wanted: int) -> list[Wrong]:
    """What people were told against what is kept. wanted: for how many notes they asked until they were kept."""
    found = []
    if lost := told - kept.keys():
        found.append(Wrong("somebody was told of what is not kept, or a pushed update was lost", _few(lost)))
    if unasked := kept.keys() - told - refused.keys():
        found.append(Wrong("something is kept that nobody asked for", _few(unasked)))
    if double := [note for note, count in kept.items() if count > 1]:
        found.append(Wrong("something was done twice", _few(double)))
    if len(told) != wanted:
        found.append(Wrong(f"{wanted} notes were to be kept, {len(told)} are"))
    return found


def wrongly_sent(
    kept: Iterable[str], arrivals: Sequence[Arrival], dues: Mapping[str, int], most_again: int
) -> list[Wrong]:
    """What arrived against what was kept. dues: when each was due. most_again: repetitions that trouble explains."""
    found, asked = [], set(kept)
    if lost := asked - {one.note for one in arrivals}:
        found.append(Wrong("never arrived", _few(lost)))
    if strange := {one.note for one in arrivals} - asked:
        found.append(Wrong("arrived, and is not kept", _few(strange)))
    plain = Counter(one.note for one in arrivals if not one.again)
    if double := [note for note, count in plain.items() if count > 1]:
        found.append(Wrong("came twice, unmarked", _few(double)))
    if marked := {one.note for one in arrivals if one.again and one.platform == "discord"}:
        found.append(Wrong("marked as sent again on Discord, which knows a message by its nonce", _few(marked)))
    if (again := len(arrivals) - len(asked)) > most_again:
        repeated = {one.note for one in arrivals if one.again}
        found.append(Wrong(f"{again} messages came again, trouble explains {most_again}", _few(repeated)))
    for who in sorted({one.who for one in arrivals}):
        mine = [one for one in sorted(arrivals, key=lambda one: one.place) if one.who == who and not one.again]
        for one, then in pairwise(mine):
            if dues.get(one.note, 0) > dues.get(then.note, 0):
                found.append(Wrong("out of order", (one.note, then.note), then.at))
    return found


def too_fast(
    platform: str, times: Sequence[float], pace: Pace, stalls: Sequence[tuple[float, float]], within: float = 1.0
) -> list[Wrong]:
    """Stretches of `within` seconds in which all processes together sent more than is allowed there.

    times: of the deliveries; people's replies never wait. What came while this process stood still (`stalls`: from
    when, for how long) was seen at its end, so such a stretch is taken to be longer by that.
    """
    if pace.per_second is None:
        return []
    found: list[Wrong] = []
    ordered = sorted(times)
    first = 0
    for last, at in enumerate(ordered):
        while ordered[first] < at - within:
            first += 1
        begun = ordered[first]
        seen_late = sum(long for when, long in stalls if when <= at and when + long >= begun)
        allowed = pace.per_second * (within + seen_late) + pace.burst - pace.reserve + 1
        count = last - first + 1
        if count > allowed and (not found or found[-1].at is None or at > found[-1].at + within):
            found.append(Wrong(f"{count} messages within {within:g} s on {platform}, {allowed:.0f} are allowed", at=at))
    return found


def most_in_a_second(times: Sequence[float]) -> int:
    """The most deliveries that any second saw."""
    ordered, first, most = sorted(times), 0, 0
    for last, at in enumerate(ordered):
        while ordered[first] < at - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


def _few(notes: Iterable[str], most: int = 12) -> tuple[str, ...]:
    return tuple(sorted(notes)[:most])


# --- the evidence -----------------------------------------------------------------------------------------------------


def evidence(
    story: Story,
    wrong: Sequence[Wrong],
    arrivals: Sequence[Arrival],
    rows: Mapping[str, Mapping[str, Any]],
    said: Mapping[str, str],
    logs: Sequence[str],
) -> str:
    """All of it as text. rows: notices by note. said: refusals by note. logs: lines of interest, from anywhere."""
    counts = ", ".join(f"{count} x {kind}" for kind, count in story.counts.items()) or "none"
    stalls = ", ".join(f"{long:.1f} s at {story.since(at)}" for at, long in story.stalls if long > 0.5) or "never"
    lines = ["", f"SEED={story.seed}; trouble: {counts}", f"the test itself stood still: {stalls}"]
    for one in wrong:
        lines += [f"* {one.what}: {', '.join(one.notes)}" if one.notes else f"* {one.what}"]
        if one.at is not None:
            lines += [f"      at {story.since(one.at)}", *(f"      {event}" for event in story.around(one.at))]
        for note in one.notes:
            lines += _of_note(story, note, arrivals, rows.get(note), said.get(note))
    lines += ["everything that happened:", *(f"  {story.since(at)} {what}" for at, what in story.events)]
    if logs:
        lines += ["seen besides:", *(f"  {line}" for line in logs)]
    return "\n".join(lines)


def _of_note(
    story: Story, note: str, arrivals: Sequence[Arrival], row: Mapping[str, Any] | None, said: str | None
) -> list[str]:
    lines = [f"    {note} {row_as_text(row)}"]
    if said is not None:
        lines.append(f"      asked for, and answered: {said!r}")
    for one in (one for one in arrivals if one.note == note):
        lines.append(f"      {story.since(one.at)} arrived on {one.platform}{', marked as again' if one.again else ''}")
        lines += [f"        {event}" for event in story.around(one.at)]
    return lines


def row_as_text(row: Mapping[str, Any] | None) -> str:
    """A notice as it is kept, for people: times of day in UTC, and nothing that is empty."""
    if row is None:
        return "(no notice)"
    shown = {
        name: datetime.fromtimestamp(value / 1000, UTC).strftime("%H:%M:%S.%f")[:-3] if name in _MOMENTS else value
        for name, value in row.items()
        if value is not None
    }
    return ", ".join(f"{name} {value}" for name, value in shown.items())


_MOMENTS = frozenset({"due_at", "next_at", "made_at", "ended_at"})
