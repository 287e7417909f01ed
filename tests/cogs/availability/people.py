"""Entries, diaries and callers for tests of time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from cogs.kit.call import Call, Place
from storage.records.availability import Entry, Free

#: Monday morning in a week in which nothing odd happens.
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)


def caller(zone: str | None = "Europe/London", **changes: Any) -> Call:
    call = Call(
        person_id=1, name="Ada", community_id=1, surface="console", place=Place("console:dm", False), now=MONDAY,
        zone=zone,
    )  # fmt: skip
    return replace(call, **changes)


def entry(state: Free = Free.FREE, **fields: Any) -> Entry:
    given: dict[str, Any] = {
        "id": 1,
        "person_id": 1,
        "state": state,
        "zone": "Europe/London",
        "first": date(2026, 11, 23),
        "last": None,
        "made_at": MONDAY,
        "said_at": MONDAY,
    }
    return Entry(**{**given, **fields})
