"""What the service hands to the cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from storage.records.call_list import Listed
from storage.records.people import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class CallList:
    """One list for one chair, in order, with the people who are on it."""

    role: str
    name: str
    entries: tuple[Listed, ...]
    people: Mapping[int, Person]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a player stands now. place: from 1. new: they were not on the list before."""

    calls: CallList
    entry: Listed
    place: int
    new: bool
