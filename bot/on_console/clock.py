"""A clock that can be set: real until somebody says what time it is, then standing still until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage.records.times import utc


class MovableClock:
    """The console's `Clock`. It does not tick once it was set, so that a script says the same every time."""

    def __init__(self, now: datetime | None = None) -> None:
        """now: the moment to stand at; None: the real time."""
        self._stands_at = utc(now) if now is not None else None

    @property
    def is_real(self) -> bool:
        """Whether it still goes with the world's time."""
        return self._stands_at is None

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        return self._stands_at or datetime.now(UTC)

    def set(self, now: datetime) -> None:
        """Stand at this moment from now on, earlier or later than before."""
        self._stands_at = utc(now)

    def move(self, by: timedelta) -> None:
        """Stand this much later than now."""
        self.set(self.now() + by)
