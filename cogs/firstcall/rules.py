"""Places on a list. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

#: Players on one list for one chair, and on all lists of one person.
MOST = 50
MOST_OF_ALL = 500
#: Characters of a list's name.
NAME = 30
#: What was taken off can be brought back by undo until then; a little longer than the button is offered.
KEPT_REMOVED = timedelta(hours=1)


def placed(person_ids: Sequence[int], person_id: int, rank: int | None) -> list[int]:
    """The list with somebody at that place, counted from 1; the others keep their order.

    rank: past the end means the end, and None where they stand already, or the end for somebody new.
    """
    if rank is None and person_id in person_ids:
        return list(person_ids)
    others = [one for one in person_ids if one != person_id]
    at = len(others) if rank is None else min(max(rank - 1, 0), len(others))
    return [*others[:at], person_id, *others[at:]]


def list_name(typed: str | None) -> str:
    """A list's name as it is kept and compared: "Weddings" and " weddings " are one; the usual list has none."""
    return " ".join((typed or "").split()).casefold()


_RANK = re.compile(r"\s(?:#|no\.? ?)?(\d{1,2})(?:st|nd|rd|th)?\s*$", re.IGNORECASE)


def find_rank(typed: str) -> tuple[int, int, str] | None:
    """The place at the end of one line: "keys @sam 1", "@sam keys 2nd". Elsewhere a number belongs to the chair."""
    found = _RANK.search(typed)
    return (*found.span(), found[1]) if found is not None else None
