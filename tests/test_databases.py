"""A test that gets a database which another has used sees nothing of it."""

from __future__ import annotations

import asyncpg
from sqlalchemy import insert

from storage import engine
from tests.databases import Postgres
from tests.storage.rows import one_of_each


async def whole(postgres: Postgres, name: str) -> dict[str, list[asyncpg.Record]]:
    """Every row of every table, and where the ids go on."""
    connection = await asyncpg.connect(postgres.url(name))
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    found = {one: await connection.fetch(f'SELECT * FROM "{one}"') for (one,) in tables}
    for (one,) in await connection.fetch("SELECT sequencename FROM pg_sequences"):
        found[one] = await connection.fetch(f'SELECT last_value, is_called FROM "{one}"')
    await connection.close()
    return found


async def test_a_borrowed_database_is_handed_on_like_a_new_one(postgres: Postgres) -> None:
    new = await whole(postgres, await postgres.migrated())
    name = await postgres.borrow()
    storage = await engine.open(postgres.url(name))
    async with storage.open_work() as work:
        for table, values in one_of_each().items():
            counted = table.autoincrement_column
            given = {name: value for name, value in values.items() if counted is None or name != counted.name}
            await work.connection.execute(insert(table), given)
        await work.commit()
    used = await whole(postgres, name)
    assert not [one for one in new if used[one] == new[one] and one != "alembic_version"]
    async with storage.open_work() as work:  # and it is still at work
        await work.app.set_value("a", "1")
        await postgres.hand_back(name)
    await storage.close()
    assert await postgres.borrow() == name
    assert await whole(postgres, name) == new
    await postgres.hand_back(name)


async def test_a_database_with_other_tables_is_not_handed_on(postgres: Postgres) -> None:
    name = await postgres.borrow()
    connection = await asyncpg.connect(postgres.url(name))
    await connection.execute("CREATE TABLE songs (id INTEGER)")
    await connection.close()
    await postgres.hand_back(name)
    assert await postgres.borrow() != name
