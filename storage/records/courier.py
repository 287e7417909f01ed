"""What processes that send through one account share: how much of its rate is taken, and who of them is there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Taken:
    """How much of a platform's rate is taken. Times: seconds since 1970 on the clock that all processes share.

    until: the places before it belong to somebody. closed_until: nothing is sent before.
    speed: share of the full rate, up to 1, as it was at `speed_at`.
    """

    until: float = 0.0
    closed_until: float = 0.0
    speed: float = 1.0
    speed_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Colleague:
    """Another process that sends, or sent, on a platform."""

    platform: str
    owner: str
