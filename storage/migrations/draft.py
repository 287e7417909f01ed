"""Draft the next step from what the tables say: `python -m storage.migrations.draft "Keep gigs"`.

What it writes is a proposal. Read it, add what no comparison sees (full-text indexes, rows to carry over), format it,
and run the tests of the migrations.
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from sqlalchemy import BigInteger, Connection, Integer, Text
from sqlalchemy.types import TypeDecorator

from storage import connections
from storage.migrations import HEAD, VERSIONS, running
from storage.tables.base import METADATA, for_postgres, is_search_index
from storage.tables.columns import Choice


def plain_type(kind: str, thing: Any, _context: AutogenContext) -> str | Literal[False]:
    """A column type as steps write it: in SQLAlchemy's own words, ours may change."""
    if kind != "type":
        return False
    if isinstance(thing, Choice):
        return "sa.Integer()" if thing.numbers else "sa.Text()"
    if isinstance(thing, TypeDecorator):
        return f"sa.{type(thing.impl_instance).__name__}()"
    variants = getattr(thing, "_variant_mapping", {})
    if isinstance(thing, BigInteger) and isinstance(variants.get("sqlite"), Integer):
        return "ID"
    if isinstance(thing, Text) and "postgresql" in variants:
        return "KEY"
    return False


def differences(connection: Connection) -> MigrationContext:
    """What Alembic needs to compare a database with the tables."""
    METADATA.complete()
    return MigrationContext.configure(
        connection,
        opts={
            "target_metadata": METADATA,
            "compare_type": True,
            "render_item": plain_type,
            "user_module_prefix": None,
            "include_object": lambda _thing, name, kind, _reflected, _other: not (
                kind == "table" and name is not None and is_search_index(name)
            ),
        },
    )


def _drafted(connection: Connection, message: str, revision: str, before: str | None) -> str:
    for_postgres()
    context = differences(connection)
    found = produce_migrations(context, METADATA)
    assert found.upgrade_ops is not None and found.downgrade_ops is not None
    forward, back = (
        render_python_code(ops, render_as_batch=True, migration_context=context, render_item=plain_type)
        for ops in (found.upgrade_ops, found.downgrade_ops)
    )
    return _STEP.format(message=message, revision=revision, before=before, forward=forward, back=back)


async def draft(message: str, before: str | None = HEAD) -> Path:
    """Write the step that leads from revision `before` to the tables of today; where it was put."""
    revision = f"{int(before or 0) + 1:04}"
    url = connections.read_url("sqlite://")
    name = connections.memory_name()
    engine = connections.sqlite_engine(url, name, uri=True)
    async with engine.connect() as connection:
        if before is not None:
            await running.migrate(url, database=name, to=before)
        text = await connection.run_sync(_drafted, message, revision, before)
    await engine.dispose()
    slug = re.sub(r"\W+", "_", message.lower()).strip("_")
    file = VERSIONS / f"{revision}_{slug}.py"
    file.write_text(text, encoding="utf-8")
    return file


_STEP = '''"""{message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {before!r}
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Forward."""
    {forward}


def downgrade() -> None:
    """Back."""
    {back}
'''

if __name__ == "__main__":
    print(asyncio.run(draft(" ".join(sys.argv[1:]) or "Change tables")))  # noqa: T201  # a developer's tool
