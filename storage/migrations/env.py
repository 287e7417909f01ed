"""Alembic's way in. The connection is handed over by `storage.migrations.running`, already in a transaction."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection

from storage.tables.base import METADATA, is_search_index


def worth_comparing(_thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """Whether a table found in the database, or an index on it, is one that METADATA should know."""
    return not (kind == "table" and name is not None and is_search_index(name))


def migrate(connection: Connection) -> None:
    """Run the steps asked for."""
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=True,
        compare_type=True,
        include_object=worth_comparing,
        # SQLite can change tables inside a transaction; Alembic assumes that it cannot.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


METADATA.complete()
migrate(context.config.attributes["connection"])
