"""Tables: what SQLAlchemy knows of the database, one file per family. Only stores, copying and migrations open them.

A new family is one file here that declares its tables on `base.METADATA`, imported in the list below so that
migrations and copies see it, and one migration that writes it.

A full-text index is not a table: it is written by a migration alone, filled by triggers, and has `_fts` in its name,
by which comparing and copying pass it over (`base.is_search_index`).
"""

from storage.tables import (
    answers,
    app_state,
    availability,
    call_lists,
    communities,
    couriers,
    date_polls,
    drafts,
    gigs,
    invoices,
    links,
    moderation,
    notices,
    people,
    postings,
    rates,
    referrals,
    reminders,
    said,
    watches,
    wellness,
)

__all__ = [
    "answers",
    "app_state",
    "availability",
    "call_lists",
    "communities",
    "couriers",
    "date_polls",
    "drafts",
    "gigs",
    "invoices",
    "links",
    "moderation",
    "notices",
    "people",
    "postings",
    "rates",
    "referrals",
    "reminders",
    "said",
    "watches",
    "wellness",
]
