"""Too much at once: what one person, or one shared place, may ask for, so that nobody can keep the others waiting.

Each has a bucket that a burst may empty and that fills again steadily. Whoever finds it empty is told so once, kindly;
after that nothing is said for a while, since an answer to every message of a flood would be a flood of our own. It is
kept in memory, per process: it protects this process.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

#: A third of a minute's worth may come at once: filling in a form by buttons is a dozen presses in a few seconds.
_BURST = 3
#: The same word is not said again within so many seconds.
WORD_EVERY = 60.0
#: Buckets remembered; the ones longest unused are forgotten, so that a flood costs no memory.
_REMEMBERED = 20_000


@dataclass(slots=True)
class _Bucket:
    """tokens: what is left. at: when that was counted. told_at: when the word was said last."""

    tokens: float
    at: float
    told_at: float = float("-inf")


@dataclass(frozen=True, slots=True)
class Held:
    """A request that is not done. seconds: until one will be taken again. told: the person has heard that just now."""

    seconds: float
    told: bool


class Flood:
    """Counts requests. per_person, per_chat: how many a minute, for ever; 0: any number."""

    def __init__(self, per_person: int, per_chat: int, *, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._person = _Buckets(per_person)
        self._chat = _Buckets(per_chat)

    def enter(self, person_id: int, chat: str | None) -> Held | None:
        """Count one request of a person, in a shared place or (None) a private one; None: it may go on.

        One that is held back costs its person nothing more, and its chat nothing at all.
        """
        now = self._steady()
        return self._person.take(str(person_id), now) or (self._chat.take(chat, now) if chat is not None else None)

    def is_full(self, person_id: int) -> bool:
        """Whether the person's next request would be held back; counts nothing."""
        return self._person.is_empty(str(person_id), self._steady())


class _Buckets:
    """One for each key that was here lately."""

    def __init__(self, per_minute: int) -> None:
        self._rate = per_minute / 60
        self._size = max(1.0, per_minute / _BURST)
        self._known: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str, now: float) -> Held | None:
        """Take a token; what happens when there is none."""
        if not self._rate:
            return None
        bucket = self._filled(key, now)
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return None
        told = now - bucket.told_at < WORD_EVERY
        if not told:
            bucket.told_at = now
        return Held((1 - bucket.tokens) / self._rate, told)

    def is_empty(self, key: str, now: float) -> bool:
        """Whether `take` would find nothing."""
        return bool(self._rate) and self._filled(key, now).tokens < 1

    def _filled(self, key: str, now: float) -> _Bucket:
        bucket = self._known.pop(key, None) or _Bucket(self._size, now)
        bucket.tokens = min(self._size, bucket.tokens + (now - bucket.at) * self._rate)
        bucket.at = now
        self._known[key] = bucket
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return bucket
