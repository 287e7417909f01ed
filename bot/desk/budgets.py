"""How fast a platform may be written to: one bucket for the bot's account, and a pace for each destination.

Times are seconds on a steady clock (`time.monotonic`, or any other that only goes forward).
Every question is answered in constant time, and destinations that fell silent are forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """What one platform allows.

    per_second: messages a second for the whole bot; None: no limit.
    reserve: tokens that deliveries leave for people's replies.
    burst: most tokens that can be saved up.
    apart: seconds between two messages to one destination; apart_in_groups: where several people read.
    edits_apart: seconds between two redraws of one message.
    unacked: most messages sent and not yet recorded, which is what a crash can double on a platform without keys.
    """

    per_second: float | None = None
    reserve: int = 4
    burst: int = 10
    apart: float = 0.0
    apart_in_groups: float = 0.0
    edits_apart: float = 0.0
    unacked: int = 8


#: Telegram: about 30 a second over all chats, 1 a second in a chat, 20 a minute in a group (Bots FAQ, "My bot is
#: hitting limits", read November 2026). Discord: 50 requests a second for a bot, 5 in 5 seconds in a channel as its
#: headers say, and edits of one message slowed beyond one in 5 seconds (Developer docs, Rate limits, read November
#: 2026). The rates stay a little under both.
PACES = {
    "telegram": Pace(per_second=28, apart=1.0, apart_in_groups=3.0, edits_apart=3.0),
    "discord": Pace(per_second=45, apart=1.0, apart_in_groups=1.0, edits_apart=5.0),
}

#: A terminal takes what comes, and nothing sent to it can be doubled by a platform.
UNLIMITED = Pace(unacked=256)

#: After a refusal for haste the rate is lowered by this factor, and recovers by this share of the full rate a minute.
SLOWER = 0.7
RECOVERY_A_MINUTE = 0.1

#: Destinations remembered before those that are free again are forgotten.
_REMEMBERED = 4096


class Budget:
    """What is left to spend on one platform.

    It starts nearly empty: the run before this one may have spent everything a moment ago.
    """

    def __init__(self, pace: Pace, now: float) -> None:
        self.pace = pace
        self._rate = pace.per_second or 0.0
        self._tokens = float(pace.reserve)
        self._counted_at = now
        self._closed_until = now
        self._free_at: dict[str, float] = {}

    def spare(self, now: float) -> int:
        """How many deliveries may go out at once, the reserve left alone."""
        if now < self._closed_until:
            return 0
        if self.pace.per_second is None:
            return 1_000_000
        self._count(now)
        return max(0, int(self._tokens - self.pace.reserve + 1e-9))

    def wait(self, now: float) -> float:
        """Seconds until the next delivery may go out; 0 when it may now."""
        closed = max(0.0, self._closed_until - now)
        if self.pace.per_second is None or closed:
            return closed
        self._count(now)
        return max(0.0, (self.pace.reserve + 1 - self._tokens - 1e-9) / self._rate)

    def spend(self, now: float) -> None:
        """One delivery goes out."""
        if self.pace.per_second is not None:
            self._count(now)
            self._tokens -= 1

    def reply(self, now: float, dest: str | None = None) -> None:
        """A person is answered: it counts, and never waits. dest: where; deliveries there keep their distance."""
        self.spend(now)
        if dest is not None:
            self._free_at[dest] = max(now, self._free_at.get(dest, now)) + self.step(dest)

    def ahead(self, seconds: float) -> int:
        """How many deliveries can go out in the next `seconds`."""
        return 1_000_000 if self.pace.per_second is None else max(1, int(self._rate * seconds))

    def takes(self, messages: int) -> float:
        """Seconds until so many more have gone out."""
        return 0.0 if self.pace.per_second is None else messages / self._rate

    def step(self, dest: str) -> float:
        """Seconds between two messages there. Telegram's groups and channels have addresses with a minus sign."""
        return self.pace.apart_in_groups if dest.startswith("-") else self.pace.apart

    def free_at(self, dest: str) -> float:
        """When the destination takes the next message; a time past or present means now."""
        return self._free_at.get(dest, 0.0)

    def use(self, dest: str, now: float, *, step: float | None = None) -> None:
        """A message goes there now: the next one keeps its distance."""
        apart = self.step(dest) if step is None else step
        if apart:
            self._free_at[dest] = now + apart
            if len(self._free_at) > _REMEMBERED:
                self._forget(now)

    def hold(self, dest: str, until: float) -> None:
        """The platform asked to leave this destination alone until then."""
        self._free_at[dest] = max(until, self._free_at.get(dest, 0.0))

    def close(self, until: float, *, slower: bool = False) -> None:
        """Send nothing at all until then. slower: the rate was too high; it is lowered and recovers in minutes."""
        self._closed_until = max(until, self._closed_until)
        if slower and self.pace.per_second is not None:
            self._rate = max(1.0, self._rate * SLOWER)
            self._tokens = min(self._tokens, float(self.pace.reserve))

    @property
    def closed_until(self) -> float:
        """Until when nothing at all is sent."""
        return self._closed_until

    def _count(self, now: float) -> None:
        full = self.pace.per_second or 0.0
        passed = max(0.0, now - self._counted_at)
        self._counted_at = max(now, self._counted_at)
        self._rate = min(full, self._rate + full * RECOVERY_A_MINUTE * passed / 60)
        self._tokens = min(float(self.pace.burst), self._tokens + passed * self._rate)

    def _forget(self, now: float) -> None:
        self._free_at = {dest: at for dest, at in self._free_at.items() if at > now}
