"""One account's rate, shared by every process that sends through it, with nobody in charge of it.

The rate is a row of places in time, as far apart as the rate asks. A process books places when it claims, at most
`AHEAD` seconds of them, and each message it sends takes one, at its time or a moment later; a place that was missed is
lost. So whatever processes do, hang or die of, no stretch of time holds more than its own places and those of the
moment before: over t seconds rate x t + burst - reserve + 1 deliveries. People's replies never wait: each process
counts those it made, and the next places begin later by as many.

`book`, `answered` and `closed` are the arithmetic of the row (`storage.stores.couriers`), `SharedBudget` is one
process's purse. Times of the row are of the clock that all share, times of the purse of this process's steady one.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from bot.desk.budgets import RECOVERY_A_MINUTE, SLOWER, Budget, Pace
from storage.records.courier import Taken

#: How far ahead places are booked, in seconds: what a process that hangs has booked is lost, and no more than this.
AHEAD = 1.0

#: A place can be used for at least this long, in seconds, on a machine that is busy otherwise.
SHORTEST_USE = 0.05

#: Longest time for which replies can push deliveries back; also what a clock that was set back costs. In seconds.
LONGEST_DEBT = 60.0

#: When places are short, it is waited until so many can be booked: each booking is a transaction.
_WORTH_ASKING = 4

#: Where a process is too slow to use what it booked, it books places that begin later, up to this. In seconds.
_LATEST_START = 0.5


def saved(pace: Pace) -> float:
    """Places of the past that can still be booked; the other half of what may burst is for using places late."""
    return max(0.0, pace.burst - pace.reserve) / 2


def usable(pace: Pace) -> float:
    """For how many seconds after its time, or its booking, a place can be used."""
    return max(SHORTEST_USE, saved(pace) / pace.per_second) if pace.per_second else 0.0


def rate_at(taken: Taken, pace: Pace, now: float) -> float:
    """Places a second: the full rate, or less for some minutes after a refusal for haste."""
    speed = taken.speed + RECOVERY_A_MINUTE * max(0.0, now - taken.speed_at) / 60
    return (pace.per_second or 0.0) * min(1.0, speed)


def begins(taken: Taken, pace: Pace, now: float, *, lead: float = 0.0) -> float:
    """The first place that is free. lead: not sooner than so many seconds from now."""
    earliest = now + lead if lead else now - saved(pace) / rate_at(taken, pace, now)
    return max(earliest, min(taken.until, now + LONGEST_DEBT))


def free(taken: Taken, pace: Pace, now: float, *, lead: float = 0.0) -> int:
    """How many places can be booked now."""
    if taken.closed_until > now:
        return 0
    first, last = begins(taken, pace, now, lead=lead), now + AHEAD
    return int((last - first) * rate_at(taken, pace, now)) + 1 if first <= last else 0


def book(taken: Taken, pace: Pace, now: float, count: int, *, lead: float = 0.0) -> tuple[Taken, list[float]]:
    """Take up to `count` places; what is taken then, and their times."""
    count = min(count, free(taken, pace, now, lead=lead))
    if count <= 0:
        return taken, []
    first, apart = begins(taken, pace, now, lead=lead), 1 / rate_at(taken, pace, now)
    return replace(taken, until=first + count * apart), [first + n * apart for n in range(count)]


def answered(taken: Taken, pace: Pace, now: float, count: int) -> Taken:
    """People were answered: the places begin later."""
    if not count or pace.per_second is None:
        return taken
    until = begins(taken, pace, now) + count / rate_at(taken, pace, now)
    return replace(taken, until=min(until, now + LONGEST_DEBT))


def closed(taken: Taken, pace: Pace, now: float, until: float, *, slower: bool) -> Taken:
    """Nothing may be sent until then. slower: the rate was too high, unless that has just been noticed by another."""
    if slower and taken.closed_until <= now and pace.per_second:
        speed = max(rate_at(taken, pace, now) * SLOWER, min(1.0, pace.per_second)) / pace.per_second
        taken = replace(taken, speed=speed, speed_at=now)
    return replace(taken, closed_until=max(taken.closed_until, until))


@dataclass(slots=True)
class Turn:
    """One process's turn at the row: what is taken, and what this one adds to it. Kept by `SharedBudget.settle`.

    offset: shared time minus steady time.
    """

    taken: Taken
    now: float
    offset: float
    lead: float
    owed: int
    closing: tuple[float, bool] | None
    places: list[float]


class SharedBudget(Budget):
    """What one process may spend on a platform to which others send too."""

    def __init__(self, pace: Pace, now: float) -> None:
        super().__init__(pace, now)
        self._places: deque[tuple[float, float]] = deque()
        self._owed = 0
        self._closing: tuple[float, bool] | None = None
        self._full_until = now
        self._lead = 0.0
        self._offset = 0.0
        self._learned: dict[str, float] = {}
        #: Messages taken from the queue that have no place yet.
        self.without = 0

    # --- what the hands ask -------------------------------------------------------------------------------------------

    def spare(self, now: float) -> int:
        """How many deliveries may go out at once."""
        if now < self._closed_until:
            return 0
        if self.pace.per_second is None:
            return 1_000_000
        return sum(at <= now <= until for at, until in self._places)

    def wait(self, now: float) -> float:
        """Seconds until the next delivery may go out; a long time when there is no place for it (`short`)."""
        if self.pace.per_second is None or now < self._closed_until:
            return max(0.0, self._closed_until - now)
        self._forget_missed(now)
        return max(0.0, self._places[0][0] - now) if self._places else 1.0

    def spend(self, now: float) -> None:
        """One delivery goes out."""
        if self._places:
            self._places.popleft()
            self._lead = 0.0 if self._lead < 0.01 else self._lead * 0.9

    def reply(self, now: float, dest: str | None = None) -> None:
        """A person is answered; the others hear of it with the next turn."""
        self._owed += self.pace.per_second is not None
        if dest is not None and (step := self.step(dest)):
            self.hold(dest, max(now, self._free_at.get(dest, now)) + step)

    def ahead(self, seconds: float) -> int:
        """How many deliveries can go out in the next `seconds`, of which no more than `AHEAD` are booked."""
        return super().ahead(min(seconds, AHEAD))

    # --- what others should know --------------------------------------------------------------------------------------

    def use(self, dest: str, now: float, *, step: float | None = None) -> None:
        """A message goes there now: the next one keeps its distance, whoever sends it."""
        super().use(dest, now, step=step)
        if dest in self._free_at:
            self._learned[dest] = self._free_at[dest]

    def hold(self, dest: str, until: float) -> None:
        """The platform asked to leave this destination alone until then."""
        super().hold(dest, until)
        self._learned[dest] = self._free_at[dest]

    def close(self, until: float, *, slower: bool = False) -> None:
        """Send nothing at all until then; when it was the platform that asked for it (`slower`), nobody does."""
        super().close(until)
        if slower:
            self._closing = (until, True)

    @property
    def owes(self) -> bool:
        """Whether others should know of answers given here, or that the platform asked to wait."""
        return bool(self._owed or self._closing)

    def learned(self, now: float) -> dict[str, float]:
        """When chats written to here are free again, in shared time; those that are not by now. Each once."""
        found = {dest: at + self._offset for dest, at in self._learned.items() if at > now}
        self._learned = {}
        return found

    def shared_time(self, now: float) -> float:
        """The time on the clock that all share, as it was at the last turn."""
        return now + self._offset

    def told(self, free_at: dict[str, float]) -> None:
        """When chats are free as others know, in shared time."""
        for dest, at in free_at.items():
            super().hold(dest, at - self._offset)

    # --- turns --------------------------------------------------------------------------------------------------------

    def short(self, queued: int, now: float) -> int:
        """How many messages there are that have no place, when some can be asked for."""
        if self.pace.per_second is None or now < self._closed_until or now < self._full_until:
            return 0
        self._forget_missed(now)
        return max(0, queued + self.without - len(self._places))

    @property
    def full_until(self) -> float:
        """Until when there is no use in asking for places; steady time."""
        return self._full_until

    def turn(self, taken: Taken, shared: float, now: float) -> Turn:
        """Begin a turn: what this process did since the last one comes first."""
        offset = shared - now
        taken = answered(taken, self.pace, shared, self._owed)
        if self._closing is not None:
            until, slower = self._closing
            taken = closed(taken, self.pace, shared, until + offset, slower=slower)
        return Turn(taken, shared, offset, self._lead, self._owed, self._closing, [])

    def room(self, turn: Turn, queued: int, now: float) -> int:
        """How many messages may be claimed: those for which there are places, here or to be booked."""
        if turn.taken.closed_until > turn.now:
            return 0
        if self.pace.per_second is None:
            return 1_000_000
        self._forget_missed(now)
        here = len(self._places) - queued - self.without
        return max(0, free(turn.taken, self.pace, turn.now, lead=turn.lead) + here)

    def book(self, turn: Turn, messages: int, now: float) -> None:
        """Book places for so many messages, those that are here used first."""
        if self.pace.per_second is None:
            return
        self._forget_missed(now)
        turn.taken, turn.places = book(turn.taken, self.pace, turn.now, messages - len(self._places), lead=turn.lead)

    def settle(self, turn: Turn, messages: int) -> None:
        """The turn was committed. messages: for how many there should be a place now."""
        self._offset = turn.offset
        self._owed -= turn.owed
        if self._closing is turn.closing:
            self._closing = None
        super().close(turn.taken.closed_until - turn.offset)
        if self.pace.per_second is None:
            return
        # What was missed here is not what is booked now, and its order in time is kept.
        use, booked_at = usable(self.pace), turn.now - turn.offset
        for place in turn.places:
            at = place - turn.offset
            self._places.append((at, max(at, booked_at) + use))
        if len(self._places) < messages:
            rate = rate_at(turn.taken, self.pace, turn.now)
            worth = max(1, min(_WORTH_ASKING, messages - len(self._places), int(rate * AHEAD / 2)))
            opens = begins(turn.taken, self.pace, turn.now) + (worth - 1) / rate - AHEAD
            self._full_until = max(opens, turn.now) - turn.offset

    def _forget_missed(self, now: float) -> None:
        missed = False
        while self._places and self._places[0][1] < now:
            self._places.popleft()
            missed = True
        if missed and not self._places and self.without:
            self._lead = min(_LATEST_START, max(0.05, self._lead * 2))
