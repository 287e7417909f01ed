"""Names that several cards and files show."""

from __future__ import annotations

from storage.reference import instruments


def chair(role: str) -> str:
    """The name of a chair; of one that the table no longer has, its id."""
    try:
        return instruments.chair(role).name
    except KeyError:
        return role
