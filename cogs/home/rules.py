"""What is true of the tour, of receipts and of the words for what is kept. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storage.records.people import Topic
from storage.records.times import milliseconds, utc

#: Product: forget has a grace of ten minutes.
GRACE = timedelta(minutes=10)
#: After these the wish is tried again, should erasing have failed the first time.
AGAIN = (timedelta(0), timedelta(hours=1), timedelta(days=1))
#: The proof is given up after this, and with it the address.
PROOF_WITHIN = timedelta(days=1)

#: The tour: zone, roles, region, messages. `Person.tour_step` counts from 1; this is what it says afterwards.
STEPS = 4
DONE = STEPS + 1


def next_step(tour_step: int) -> int:
    """The step of the tour that comes next; the first for somebody who has done them all or none."""
    return tour_step if 1 <= tour_step <= STEPS else 1


def under_way(tour_step: int) -> bool:
    """Whether the tour was begun and left in the middle."""
    return 2 <= tour_step <= STEPS


class Hear(StrEnum):
    """How much somebody wants to hear: the last step of the tour."""

    ALL = "all"
    WORK = "work"
    ASKED = "asked"

    @property
    def label(self) -> str:
        """As it is tapped."""
        return {"all": "Tell me everything", "work": "Only offers and gigs", "asked": "Only what I ask for"}[self]

    @property
    def silenced(self) -> frozenset[Topic]:
        """Kinds of messages that are switched off by it. What somebody set up for themselves always arrives."""
        if self is Hear.ALL:
            return frozenset()
        work = frozenset({Topic.BREAKS, Topic.DIGESTS})
        return work if self is Hear.WORK else work | {Topic.OFFERS, Topic.GIGS}


# --- what is kept -----------------------------------------------------------------------------------------------------

_TABLES = {
    "people": "profile and settings",
    "identities": "accounts",
    "person_roles": "roles you play",
    "person_settings": "switches",
    "memberships": "communities",
    "drafts": "half-filled forms",
    "undos": "deeds to undo",
    "notices": "messages waiting or sent",
    "postings": "cards in your chat",
    "console_messages": "messages in the console",
    "gigs": "gigs you posted",
    "gig_filters": "lists of gigs",
    "gig_changes": "changes of your gigs",
    "answers": "answers to gigs",
    "referrals": "gigs passed on",
    "watches": "watches",
    "watch_roles": "roles you watch",
    "reminders": "reminders",
}


def table_name(table: str) -> str:
    """What a table holds, in the reader's words."""
    return _TABLES.get(table, table.replace("_", " "))


def counts_text(rows: Mapping[str, int]) -> str:
    """ "3 answers to gigs · 1 accounts", the most first; tables without a row are left out."""
    found = sorted(((count, table_name(table)) for table, count in rows.items() if count), key=lambda one: -one[0])
    return " · ".join(f"{name}: {count}" for count, name in found)


# --- the receipt ------------------------------------------------------------------------------------------------------

# Letters and digits that cannot be mistaken for one another when read out.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that somebody was erased, without saying who: when, and how many rows of which table went."""

    code: str
    at: datetime
    rows: Mapping[str, int]

    @property
    def total(self) -> int:
        """Rows altogether."""
        return sum(self.rows.values())


def receipt(at: datetime, rows: Mapping[str, int], salt: str) -> Receipt:
    """The receipt for an erasure. salt: random, so that a code cannot be worked out from the time and the counts."""
    kept = {table: count for table, count in rows.items() if count}
    said = json.dumps([milliseconds(at), sorted(kept.items()), salt], separators=(",", ":"))
    number = int.from_bytes(hashlib.sha256(said.encode()).digest())
    digits = ""
    for _ in range(_CHARACTERS):
        number, digit = divmod(number, len(_ALPHABET))
        digits += _ALPHABET[digit]
    return Receipt("-".join(digits[at : at + 4] for at in range(0, _CHARACTERS, 4)), utc(at), kept)


def receipt_text(one: Receipt) -> str:
    """The receipt as it is kept."""
    return json.dumps({"at": one.at.isoformat(), "rows": dict(sorted(one.rows.items()))}, separators=(",", ":"))


def receipt_of(code: str, text: str) -> Receipt:
    """What `receipt_text` wrote."""
    kept = json.loads(text)
    return Receipt(code, datetime.fromisoformat(kept["at"]), {str(k): int(v) for k, v in kept["rows"].items()})
