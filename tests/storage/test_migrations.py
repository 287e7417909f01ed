"""The steps lead to the tables of today and back, with rows in them, on both engines."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import op
from alembic.autogenerate import compare_metadata
from sqlalchemy import Connection, Table, insert, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import connections, engine, upkeep
from storage.faults import NewerDatabase, Unreachable
from storage.migrations import HEAD, draft, running
from storage.migrations.revision import revision_of
from storage.tables.base import METADATA, is_search_index
from tests.storage.rows import one_of_each


def plain_engine(url: str) -> AsyncEngine:
    parsed = connections.read_url(url)
    file = connections.sqlite_file(parsed)
    if file is None:
        return connections.postgres_engine(parsed, pool_size=None)
    return connections.sqlite_engine(parsed, str(file))


async def ask(url: str, question: Any) -> Any:
    opened = plain_engine(url)
    async with opened.connect() as connection:
        answer = await connection.run_sync(question)
    await opened.dispose()
    return answer


async def test_the_steps_make_the_tables_that_the_stores_use(empty_url: str) -> None:
    await running.migrate(connections.read_url(empty_url))

    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(draft.differences(connection), METADATA))

    assert await ask(empty_url, differences) == []


async def test_ids_are_numbered_by_the_database_and_never_again(empty_url: str) -> None:
    """What the comparison does not see: SQLite's AUTOINCREMENT and PostgreSQL's sequences."""
    await running.migrate(connections.read_url(empty_url))

    def numbered(connection: Connection) -> set[str]:
        if connection.dialect.name == "sqlite":
            statement = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
        else:
            statement = "SELECT table_name FROM information_schema.columns WHERE column_default LIKE 'nextval%'"
        return set(connection.execute(text(statement)).scalars())

    wanted = {table.name for table in METADATA.sorted_tables if table.primary_key.columns.keys() == ["id"]}
    assert await ask(empty_url, numbered) == wanted
    assert wanted >= {"people", "communities", "channels", "postings", "undos", "notices"}


async def test_every_step_goes_up_and_down_and_up_with_rows_in_it(empty_url: str) -> None:
    url = connections.read_url(empty_url)
    at = "base"
    for step in running.steps():
        await running.migrate(url, to=step)
        if step == HEAD:
            await fill(empty_url)
        await running.migrate(url, to=at)
        assert await ask(empty_url, revision_of) == (None if at == "base" else at)
        await running.migrate(url, to=step)
        at = step
    assert await ask(empty_url, revision_of) == HEAD


async def test_the_last_step_keeps_rows_of_tables_it_does_not_take_away(empty_url: str) -> None:
    url = connections.read_url(empty_url)
    steps = ["base", *running.steps()]
    await running.migrate(url)
    await fill(empty_url)
    before = await counts(empty_url)
    await running.migrate(url, to=steps[-2])

    def left(connection: Connection) -> set[str]:
        return set(inspect(connection).get_table_names())

    kept = await ask(empty_url, left)
    await running.migrate(url)
    after = await counts(empty_url)
    assert {name: count for name, count in after.items() if name in kept} == {
        name: count for name, count in before.items() if name in kept
    }


async def test_words_of_chairs_name_their_community_from_the_ninth_step_on(empty_url: str) -> None:
    url = connections.read_url(empty_url)
    await running.migrate(url)
    await fill(empty_url)
    new, old = "xc1 xc1rdrums xkfunction xr18 leeds", "xc1 xrdrums xkfunction xr18 leeds"
    await ask(empty_url, lambda connection: _commit(connection, "UPDATE gigs SET words = :words", words=new))
    kept = "SELECT words FROM gigs"
    await running.migrate(url, to="0008")
    assert await ask(empty_url, lambda connection: connection.execute(text(kept)).scalars().all()) == [old]
    await running.migrate(url)
    assert await ask(empty_url, lambda connection: connection.execute(text(kept)).scalars().all()) == [new]


def _commit(connection: Connection, statement: str, **values: object) -> None:
    connection.execute(text(statement), values)
    connection.commit()


async def fill(url: str) -> None:
    opened = plain_engine(url)
    async with opened.begin() as connection:
        for table, values in one_of_each().items():
            await connection.execute(insert(table), values)
    await opened.dispose()


async def counts(url: str) -> dict[str, int]:
    def count(connection: Connection) -> dict[str, int]:
        return {
            table.name: len(connection.execute(select(table)).all())
            for table in METADATA.sorted_tables
            if not is_search_index(table.name)
        }

    found: dict[str, int] = await ask(url, count)
    return found


async def test_rows_that_point_at_a_rebuilt_table_survive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batch mode drops the old table, and with foreign keys on every ON DELETE CASCADE child would go with it."""
    file = tmp_path / "t.db"
    url = connections.read_url(f"sqlite:///{file}")
    await running.migrate(url)
    with sqlite3.connect(file) as connection:
        connection.executescript(
            "CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT);"
            "CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent ON DELETE CASCADE);"
            "INSERT INTO parent VALUES (1, 'a'); INSERT INTO child VALUES (1, 1);"
        )
    connection.close()

    def rebuild(*_: object) -> None:
        with op.batch_alter_table("parent", recreate="always") as batch:
            batch.alter_column("name", nullable=False)

    use_step(tmp_path, monkeypatch, rebuild)
    await running.migrate(url, to="9001")
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT * FROM child").fetchall() == [(1, 1)]
        assert "NOT NULL" in connection.execute("SELECT sql FROM sqlite_master WHERE name = 'parent'").fetchone()[0]
    connection.close()


async def test_a_step_that_leaves_rows_pointing_at_nothing_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "t.db"
    url = connections.read_url(f"sqlite:///{file}")
    await running.migrate(url)
    await fill(f"sqlite:///{file}")

    def break_it() -> None:
        op.execute("DELETE FROM communities")

    use_step(tmp_path, monkeypatch, break_it)
    with pytest.raises(RuntimeError, match="pointing at nothing"):
        await running.migrate(url, to="9001")
    assert await ask(f"sqlite:///{file}", revision_of) == HEAD
    assert (await counts(f"sqlite:///{file}"))["communities"] == 1


def use_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deed: Any) -> None:
    """Let a step after the newest do `deed`."""
    folder = tmp_path / "versions"
    folder.mkdir()
    (folder / "9001_test.py").write_text(
        f"import sys\nrevision = '9001'\ndown_revision = {HEAD!r}\n"
        "def upgrade(): sys.modules['tests.storage.test_migrations'].deed()\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(sys.modules[__name__], "deed", deed, raising=False)
    settings = running.config

    def with_step() -> Any:
        made = settings()
        standard = str(Path(running.__file__).parent / "versions")
        made.set_main_option("version_locations", f"{standard}\n{folder}")
        made.set_main_option("path_separator", "newline")
        return made

    monkeypatch.setattr(running, "config", with_step)


async def test_a_newer_database_is_left_alone(empty_url: str) -> None:
    await running.migrate(connections.read_url(empty_url))
    opened = plain_engine(empty_url)
    async with opened.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await opened.dispose()
    with pytest.raises(NewerDatabase, match="9999"):
        await engine.open(empty_url)
    with pytest.raises(NewerDatabase, match="9999"):
        await upkeep.status(empty_url)
    with pytest.raises(NewerDatabase, match="9999"):
        await upkeep.upgrade(empty_url)
    with pytest.raises(NewerDatabase, match="9999"):
        await running.migrate(connections.read_url(empty_url))


async def test_a_database_of_another_program_that_uses_alembic_is_left_alone(empty_url: str) -> None:
    await running.migrate(connections.read_url(empty_url))
    opened = plain_engine(empty_url)
    async with opened.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '3f2a90c1b7de'"))
    await opened.dispose()
    with pytest.raises(Unreachable, match="another program"):
        await engine.open(empty_url)


async def test_somebody_elses_file_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "music.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE songs (id INTEGER)")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(Unreachable, match="another program"):
        await engine.open(f"sqlite:///{file}")
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("songs",)]
    connection.close()
    assert len(file.read_bytes()) == len(before)


async def test_two_processes_that_start_together_migrate_once(empty_url: str) -> None:
    program = (
        "import asyncio, sys\n"
        "from datetime import UTC, datetime\n"
        "from storage import engine\n"
        "async def main():\n"
        "    storage = await engine.open(sys.argv[1])\n"
        "    async with storage.open_work() as work:\n"
        "        await work.app.seen_update('test', sys.argv[2], datetime.now(UTC))\n"
        "        await work.commit()\n"
        "    await storage.close()\n"
        "asyncio.run(main())\n"
    )
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, empty_url, str(number), cwd=Path(__file__).parents[2],
            stderr=asyncio.subprocess.PIPE,
        )
        for number in range(3)
    ]  # fmt: skip
    for process in processes:
        _, said = await process.communicate()
        assert process.returncode == 0, said.decode()
    assert (await counts(empty_url))["seen_updates"] == 3


async def test_who_comes_second_waits_for_the_first(empty_url: str) -> None:
    parsed = connections.read_url(empty_url)
    file = connections.sqlite_file(parsed)
    first = plain_engine(empty_url)
    async with first.connect() as connection:
        lock = f"SELECT pg_advisory_xact_lock({running.LOCK})" if file is None else "CREATE TABLE IF NOT EXISTS x (y)"
        await connection.execute(text(lock))
        second = asyncio.create_task(running.migrate(parsed))
        done, _ = await asyncio.wait({second}, timeout=0.3)
        assert not done
        await connection.rollback()
        await asyncio.wait_for(second, 20)
    await first.dispose()
    assert await ask(empty_url, revision_of) == HEAD


async def test_nothing_new_means_an_empty_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "VERSIONS", tmp_path)
    file = await draft.draft("Nothing new")
    assert file.name == f"{int(HEAD) + 1:04}_nothing_new.py"
    assert "op." not in file.read_text(encoding="utf-8")
    extra = Table("extra_test_table", METADATA)
    try:
        file = await draft.draft("Something new")
    finally:
        METADATA.remove(extra)
    assert 'op.create_table("extra_test_table"' in file.read_text(encoding="utf-8").replace("'", '"')


def test_the_newest_step_is_found_by_its_name() -> None:
    assert running.steps()[-1] == HEAD
    assert running.steps() == [f"{number:04}" for number in range(1, len(running.steps()) + 1)]
