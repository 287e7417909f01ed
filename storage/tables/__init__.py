"""Tables: what SQLAlchemy knows of the database, one file per family. Only stores, copying and migrations open them.

A new family is one file here that declares its tables on `base.METADATA`, and one migration that writes it. A store
loads the families it works with; who wants all of them asks `METADATA.sorted_tables`, which loads the rest. People and
communities are always there, since nearly everything points at them; a family that points at another one imports it.

A full-text index is not a table: it is written by a migration alone, filled by triggers, and has `_fts` in its name,
by which comparing and copying pass it over (`base.is_search_index`).
"""

from storage.tables import communities, people

__all__ = ["communities", "people"]
