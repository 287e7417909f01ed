"""Backups, restoring and moving between engines: nothing lost, nothing overwritten, everything checked."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from storage import connections, engine, upkeep
from storage.faults import NewerDatabase, NotSafe, Unreachable
from storage.migrations import HEAD, running
from storage.tables.base import METADATA
from tests.conftest import MovableClock, Postgres
from tests.databases import new_file
from tests.storage.test_migrations import ask, counts, fill


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "firstcall.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


async def people_named(url: str) -> list[str]:
    storage = await engine.open(url)
    async with storage.open_work(reading=True) as work:
        found = await work.people.many(range(1, 2000))
    await storage.close()
    return [person.name for person in found.values()]


def damage(file: Path) -> None:
    file.write_bytes(b"\0" * 4096)


def exists(file: Path) -> bool:
    file.parent.mkdir(exist_ok=True)
    return file.exists()


async def add(url: str, *names: str) -> None:
    file = connections.sqlite_file(connections.read_url(url))
    if file is not None and not exists(file):
        await new_file(file)
    storage = await engine.open(url)
    async with storage.open_work() as work:
        for name in names:
            await work.people.add(name, MovableClock().now())
        await work.commit()
    await storage.close()


async def test_looking_makes_nothing(file: Path, url: str) -> None:
    status = await upkeep.status(url)
    assert status.revision is None
    assert not status.current
    assert "first start" in str(status)
    assert not file.parent.exists()


async def test_status_says_where_it_stands(url: str) -> None:
    assert (await upkeep.upgrade(url)).before is None
    status = await upkeep.status(url)
    assert status.current
    assert status.size_bytes is not None
    assert status.size_bytes % 4096 == 0
    assert str(status).startswith(f"at revision {HEAD}, up to date")
    assert "up to date" in str(await upkeep.upgrade(url))


async def test_an_upgrade_copies_the_file_first(file: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    await add(url, "Sam")
    folder = file.parent / "versions"
    folder.mkdir()
    newest = f"{int(HEAD) + 1:04}"
    (folder / f"{newest}_test.py").write_text(
        f"from alembic import op\nrevision = {newest!r}\ndown_revision = {HEAD!r}\n"
        "def upgrade(): op.execute('DELETE FROM people')\n"
    )
    settings = running.config

    def with_step() -> object:
        made = settings()
        standard = str(Path(running.__file__).parent / "versions")
        made.set_main_option("version_locations", f"{standard}\n{folder}")
        made.set_main_option("path_separator", "newline")
        return made

    monkeypatch.setattr(running, "config", with_step)
    for module in ("migrations.revision", "migrations.running", "upkeep.condition", "upkeep.upgrading"):
        monkeypatch.setattr(f"storage.{module}.HEAD", newest)
    status = await upkeep.status(url)
    assert not status.current
    assert f"{newest} is newer" in str(status)
    done = await upkeep.upgrade(url)
    assert (done.before, done.after) == (HEAD, newest)
    assert done.copy is not None
    assert str(done.copy) in str(done)
    with sqlite3.connect(done.copy) as kept:
        assert kept.execute("SELECT name FROM people").fetchall() == [("Sam",)]
    kept.close()


async def test_a_backup_made_at_work_holds_what_was_committed(file: Path, url: str, tmp_path: Path) -> None:
    await add(url, "Sam")
    storage = await engine.open(url)
    async with storage.open_work() as work:
        await work.people.add("Not yet", MovableClock().now())
        kept = await upkeep.backup(url, tmp_path / "deep" / "b.db")
    await storage.close()
    assert kept.revision == HEAD
    assert str(tmp_path / "deep" / "b.db") in str(kept)
    assert await people_named(f"sqlite:///{kept.file}") == ["Sam"]


async def test_a_backup_never_overwrites(url: str, tmp_path: Path) -> None:
    await add(url, "Sam")
    target = tmp_path / "b.db"
    target.write_text("precious")
    with pytest.raises(NotSafe, match="exists already"):
        await upkeep.backup(url, target)
    assert target.read_text() == "precious"


async def test_nothing_makes_no_backup(url: str, tmp_path: Path) -> None:
    with pytest.raises(NotSafe, match="empty"):
        await upkeep.backup(url, tmp_path / "b.db")
    assert not (tmp_path / "b.db").exists()


async def test_restoring_brings_back_what_was_and_keeps_what_is(url: str, tmp_path: Path) -> None:
    await add(url, "Sam")
    await upkeep.backup(url, tmp_path / "b.db")
    await add(url, "Kim")
    done = await upkeep.restore(url, tmp_path / "b.db")
    assert await people_named(url) == ["Sam"]
    assert done.before is not None
    assert str(done.before) in str(done)
    assert await people_named(f"sqlite:///{done.before}") == ["Sam", "Kim"]
    await add(url, "Next")  # and it goes on from there
    assert await people_named(url) == ["Sam", "Next"]


async def test_a_program_that_has_the_file_open_sees_the_restored_one(url: str, tmp_path: Path) -> None:
    await add(url, "Sam")
    await upkeep.backup(url, tmp_path / "b.db")
    await add(url, "Kim")
    storage = await engine.open(url)
    async with storage.open_work(reading=True) as work:
        assert len(await work.people.many([1, 2])) == 2
    await upkeep.restore(url, tmp_path / "b.db")
    async with storage.open_work() as work:
        assert len(await work.people.many([1, 2])) == 1
        await work.people.add("Next", MovableClock().now())
        await work.commit()
    await storage.close()
    assert await people_named(url) == ["Sam", "Next"]


async def test_a_lost_file_is_restored(file: Path, url: str, tmp_path: Path) -> None:
    await add(url, "Sam")
    await upkeep.backup(url, tmp_path / "b.db")
    for part in file.parent.iterdir():
        part.unlink()
    done = await upkeep.restore(url, tmp_path / "b.db")
    assert done.before is None
    assert await people_named(url) == ["Sam"]


async def test_the_log_of_a_lost_file_is_not_replayed_onto_the_restored_one(
    file: Path, url: str, tmp_path: Path
) -> None:
    await add(url, "Sam")
    await upkeep.backup(url, tmp_path / "b.db")
    storage = await engine.open(url)
    async with storage.open_work() as work:
        await work.people.add("Kim", MovableClock().now())
        await work.commit()
    log = file.with_name(file.name + "-wal")
    left_behind = copy_of(log)
    await storage.close()
    bring_back(log, left_behind, instead_of=file)
    await upkeep.restore(url, tmp_path / "b.db")
    assert await people_named(url) == ["Sam"]


def copy_of(log: Path) -> bytes:
    written = log.read_bytes()
    assert b"Kim" in written
    return written


def bring_back(log: Path, written: bytes, *, instead_of: Path) -> None:
    instead_of.unlink()
    log.write_bytes(written)


async def test_a_damaged_file_is_put_aside_and_restored(file: Path, url: str, tmp_path: Path) -> None:
    await add(url, "Sam")
    await upkeep.backup(url, tmp_path / "b.db")
    damage(file)
    done = await upkeep.restore(url, tmp_path / "b.db")
    assert await people_named(url) == ["Sam"]
    assert done.before is not None
    assert done.before.read_bytes() == b"\0" * 4096


@pytest.mark.parametrize("kind", ["missing", "garbage", "truncated", "foreign", "newer"])
async def test_what_is_no_backup_is_refused_and_changes_nothing(url: str, tmp_path: Path, kind: str) -> None:
    await add(url, "Sam", *(f"Player {number}" for number in range(500)))
    bad = tmp_path / "b.db"
    expected: type[Exception] = NotSafe
    if kind == "garbage":
        bad.write_bytes(b"nothing" * 1000)
    elif kind == "truncated":
        await upkeep.backup(url, bad)
        bad.write_bytes(bad.read_bytes()[: bad.stat().st_size // 2 // 4096 * 4096])
    elif kind == "foreign":
        other = sqlite3.connect(bad)
        other.execute("CREATE TABLE songs (id)")
        other.close()
    elif kind == "newer":
        await upkeep.backup(url, bad)
        other = sqlite3.connect(bad)
        other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.commit()
        other.close()
        expected = NewerDatabase
    with pytest.raises(expected):
        await upkeep.restore(url, bad)
    assert len(await people_named(url)) == 501


async def test_a_database_is_not_its_own_backup(file: Path, url: str) -> None:
    await add(url, "Sam")
    with pytest.raises(NotSafe, match="itself"):
        await upkeep.restore(url, file)
    assert await people_named(url) == ["Sam"]


async def test_everything_goes_to_postgresql_and_back(url: str, postgres_url: str, tmp_path: Path) -> None:
    await upkeep.upgrade(url)
    await fill(url)
    storage = await engine.open(url)
    clock = MovableClock()
    async with storage.open_work() as work:
        for number in range(700):  # more than one batch
            await work.people.greet("telegram", f"t{number}", f"Übung {number}", clock.move(timedelta(seconds=1)))
        gone = await work.people.add("Gone", clock.now())
        await work.forget(gone.id)
        await work.commit()
    await storage.close()
    before = await contents(url)
    there = await upkeep.copy(url, postgres_url)
    assert there.rows == await counts(postgres_url)
    assert str(sum(there.rows.values())) in str(there)
    assert await contents(postgres_url) == before
    back = f"sqlite:///{tmp_path}/back.db"
    assert (await upkeep.copy(postgres_url, back)).rows == there.rows
    assert await contents(back) == before
    for moved in (postgres_url, back):  # numbers go on after the last one ever given
        storage = await engine.open(moved)
        async with storage.open_work() as work:
            assert (await work.people.add("Next", clock.now())).id == gone.id + 1
        await storage.close()


async def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    def read(connection: object) -> dict[str, list[tuple[object, ...]]]:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))  # type: ignore[attr-defined]
            ]
            for table in METADATA.sorted_tables
        }

    found: dict[str, list[tuple[object, ...]]] = await ask(url, read)
    return found


async def test_a_copy_never_mixes_two_databases(url: str, tmp_path: Path) -> None:
    await add(url, "Sam")
    other = f"sqlite:///{tmp_path}/other.db"
    await add(other, "Kim")
    with pytest.raises(NotSafe, match="already holds rows"):
        await upkeep.copy(url, other)
    assert await people_named(other) == ["Kim"]


async def test_a_copy_that_arrived_changed_is_not_kept(url: str, tmp_path: Path) -> None:
    await add(url, "Sam")
    target = f"sqlite:///{tmp_path}/other.db"
    await upkeep.upgrade(target)
    with sqlite3.connect(tmp_path / "other.db") as connection:
        connection.execute("CREATE TRIGGER meddle AFTER INSERT ON people BEGIN UPDATE people SET name = 'Kim'; END")
    connection.close()
    with pytest.raises(NotSafe, match="people is not what was read"):
        await upkeep.copy(url, target)
    assert (await counts(target))["people"] == 0


async def test_what_is_not_there_or_old_is_not_copied(url: str, tmp_path: Path) -> None:
    target = f"sqlite:///{tmp_path}/other.db"
    with pytest.raises(NotSafe, match="empty"):
        await upkeep.copy(url, target)
    for first, second in (("sqlite://", target), (url, "sqlite://")):
        with pytest.raises(NotSafe, match="memory"):
            await upkeep.copy(first, second)
    assert not (tmp_path / "other.db").exists()


async def test_a_backup_of_postgresql_is_a_file_that_restores_into_either(
    postgres_url: str, postgres: Postgres, tmp_path: Path
) -> None:
    await add(postgres_url, "Sam")
    kept = await upkeep.backup(postgres_url, tmp_path / "b.db")
    with pytest.raises(NotSafe, match="empty PostgreSQL"):
        await upkeep.restore(postgres_url, kept.file)
    fresh = await postgres.empty()
    try:
        for target in (postgres.url(fresh), f"sqlite:///{tmp_path}/new.db"):
            await upkeep.restore(target, kept.file)
            assert await people_named(target) == ["Sam"]
    finally:
        await postgres.drop(fresh)


async def test_a_server_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    for address in (f"postgresql://postgres@/postgres?host={tmp_path}", "postgresql://postgres@127.0.0.1:1/postgres"):
        for deed in (upkeep.status(address), upkeep.upgrade(address), upkeep.backup(address, tmp_path / "b.db")):
            with pytest.raises(Unreachable):
                await deed
