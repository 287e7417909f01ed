"""Callers and parameters for the kit's tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cogs.kit.ask import Parameter, parameters_of
from cogs.kit.call import Call, Place

#: Monday 23 November 2026, ten in the morning in London.
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

LONDON = Call(
    person_id=1,
    name="Player One",
    community_id=1,
    surface="console",
    place=Place("console:dm", shared=False),
    now=NOW,
    zone="Europe/London",
)
NEW_YORK = replace(LONDON, zone="America/New_York", locale="en-US", currency="USD")
BERLIN = replace(LONDON, zone="Europe/Berlin", locale="de-DE", currency="EUR")


def parameter(handler: Callable[..., Any], name: str) -> Parameter:
    """The parameter of a handler that is typed as `name`."""
    return next(p for p in parameters_of(handler) if p.name == name)
