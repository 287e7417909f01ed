"""The few things every cog may take, handed in by hand at the start."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from cogs.kit.places import Nowhere, Places
from storage.records.people import Words
from storage.work import OpenWork


class Clock(Protocol):
    """Tells the time; a test or the console may stand on any day."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """For communities and people who set none (`defaults.*` in the settings)."""

    zone: str = "UTC"
    currency: str = "GBP"
    locale: str = "en-GB"
    words: Words = Words.UK


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """open_work opens a transaction; clock tells the time; defaults are the program's.

    public_url: the address at which people reach the web surface; None: none is configured.
    places: what the platforms themselves say of channels and people at this moment.
    """

    open_work: OpenWork
    clock: Clock
    defaults: Defaults = Defaults()
    public_url: str | None = None
    places: Places = field(default_factory=Nowhere)
