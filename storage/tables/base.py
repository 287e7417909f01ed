"""The one collection of tables, and how their keys and constraints are named."""

from __future__ import annotations

from sqlalchemy import MetaData

#: Constraints need names from the first migration on: SQLite rebuilds a table to change one, and must find it.
METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def is_search_index(name: str) -> bool:
    """Whether the name is that of a full-text index or one of the tables it keeps itself in."""
    return "_fts" in name
