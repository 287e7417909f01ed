"""Backups, copies, restores and upgrades that are stopped in the middle: what is left is whole, or not there."""

from __future__ import annotations

import asyncio
import errno
import os
import sys
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import connections, copying, engine, sqlite, upkeep, whole
from storage.faults import NotSafe, Unreachable
from storage.migrations import HEAD, running
from storage.migrations.revision import revision_of
from tests.conftest import Postgres
from tests.storage.test_migrations import ask, fill
from tests.storage.test_upkeep import add, contents, people_named

ROOT = Path(__file__).parents[2]

#: Steps after this one are to be taken by an upgrade.
OLD = "0012"

#: Does a deed of `storage.upkeep`, and stands still where it is told to: after a table, or once a file is written.
_STANDS_STILL = """
import asyncio, sys, time
from storage import copying, sqlite, upkeep
from storage.migrations import HEAD, running

def here():
    print("here", flush=True)
    time.sleep(600)

across, lead = copying._across, running.lead

async def after_people(old, new, table):
    count = await across(old, new, table)
    if table.name == "people":
        here()
    return count

def after_a_step(connection, to):
    lead(connection, to)
    if to == HEAD:  # not when what is kept before is given its tables
        here()

deed, where, *arguments = sys.argv[1:]
if where == "rows":
    copying._across = after_people
elif where == "steps":
    running.lead = after_a_step
else:
    sqlite.finish = lambda file: here()
print(asyncio.run(getattr(upkeep, deed)(*arguments)))
"""


async def killed(deed: str, where: str, *arguments: object, folder: Path = ROOT) -> None:
    """Begin a deed in another process and kill that in the middle of it. folder: where that process is."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _STANDS_STILL, deed, where, *map(str, arguments)),
        cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert await process.stdout.readline() == b"here\n"
    process.kill()
    await process.wait()


def left(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


#: The name of the database that `old` made on a server, to be copied from then on.
_old_database: dict[Postgres, str] = {}


async def old(url: str, postgres: Postgres) -> dict[str, Any]:
    """Make the database as a program of some time ago left it, with a row in every table; what is in some of them.

    postgres: the server, for a database that is on it.
    """
    if not url.startswith("postgresql:"):
        await _age(url)
        return await there(url)
    if postgres not in _old_database:
        _old_database[postgres] = await postgres.empty()
        await _age(postgres.url(_old_database[postgres]))
    name = connections.read_url(url).database
    await postgres.drop(str(name))
    await postgres.run(f'CREATE DATABASE "{name}" TEMPLATE "{_old_database[postgres]}" STRATEGY FILE_COPY')
    return await there(url)


async def _age(url: str) -> None:
    parsed = connections.read_url(url)
    await running.migrate(parsed)
    await fill(url)
    await running.migrate(parsed, to=OLD)


async def there(url: str) -> dict[str, Any]:
    """What an old program keeps of some tables: as the engine sees it, for the tables are not those of today."""

    def rows(connection: Any) -> dict[str, Any]:
        return {
            table: [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1")]
            for table in ("people", "gigs", "notices", "seen_updates", "invoices", "availability_packs", "check_ins")
        }

    found: dict[str, Any] = await ask(url, rows)
    return found


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_a_backup_that_is_killed_leaves_nothing_that_could_be_taken_for_one(
    kind: str, postgres: Postgres, borrowed: str, tmp_path: Path
) -> None:
    url = postgres.url(borrowed) if kind == "postgres" else f"sqlite:///{tmp_path}/t.db"
    await add(url, "Sam")
    folder = tmp_path / "backups"
    folder.mkdir()
    await killed("backup", "rows" if kind == "postgres" else "file", url, folder / "b.db")
    assert not (folder / "b.db").exists()
    (half,) = {file for file in folder.iterdir() if whole.is_unfinished(file)}
    with pytest.raises(NotSafe, match="never finished"):
        await upkeep.restore(f"sqlite:///{tmp_path}/new.db", half)
    if kind == "postgres":  # whatever somebody calls it, it holds nothing
        half.rename(folder / "b.db")
        with pytest.raises(NotSafe, match="never finished"):
            await upkeep.restore(f"sqlite:///{tmp_path}/new.db", folder / "b.db")
        (folder / "b.db").unlink()
    assert not (tmp_path / "new.db").exists()
    await upkeep.backup(url, folder / "b.db")  # and the next one is a backup
    await upkeep.restore(f"sqlite:///{tmp_path}/new.db", folder / "b.db")
    assert await people_named(f"sqlite:///{tmp_path}/new.db") == ["Sam"]


async def test_a_finished_backup_is_one_file_that_can_be_read_where_nothing_can_be_written(
    postgres: Postgres, borrowed: str, tmp_path: Path
) -> None:
    await add(postgres.url(borrowed), "Sam")
    (tmp_path / "backups").mkdir()
    file = (await upkeep.backup(postgres.url(borrowed), tmp_path / "backups" / "b.db")).file
    assert left(file.parent) == ["b.db"]
    assert file.read_bytes()[18:20] == b"\x01\x01"  # no log is wanted beside it (sqlite.org, "Database File Format")


async def test_a_copy_that_is_killed_leaves_the_target_as_it_was(empty_url: str, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/t.db"
    await add(url, "Sam")
    await killed("copy", "rows", url, empty_url)
    assert (await upkeep.status(empty_url)).revision is None
    await upkeep.copy(url, empty_url)
    assert await people_named(empty_url) == ["Sam"]


async def test_a_restore_that_is_killed_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/t.db"
    await add(url, "Sam")
    await upkeep.backup(url, tmp_path / "b.db")
    await add(url, "Kim")
    await killed("restore", "file", url, tmp_path / "b.db")
    assert await people_named(url) == ["Sam", "Kim"]
    (tmp_path / "t.db").write_bytes(b"\0" * 4096)
    for ending in whole.BESIDE:
        (tmp_path / f"t.db{ending}").unlink(missing_ok=True)
    await killed("restore", "file", url, tmp_path / "b.db")
    assert (tmp_path / "t.db").read_bytes() == b"\0" * 4096
    await upkeep.restore(url, tmp_path / "b.db")
    assert await people_named(url) == ["Sam"]


async def test_an_upgrade_that_is_killed_leaves_the_database_and_a_backup(
    empty_url: str, postgres: Postgres, tmp_path: Path
) -> None:
    url = empty_url
    before = await old(url, postgres)
    await killed("upgrade", "steps", url, folder=tmp_path)
    assert (await upkeep.status(url)).revision == OLD
    (kept,) = await asyncio.to_thread(lambda: list(tmp_path.rglob(f"*.at-{OLD}-*")))
    assert not whole.is_unfinished(kept)
    backup = await there(f"sqlite:///{kept}")  # the engines read dates in ways of their own
    assert {table: len(rows) for table, rows in backup.items()} == {table: len(rows) for table, rows in before.items()}
    assert await there(url) == before
    await (await engine.open(url, backups=tmp_path)).close()
    assert (await upkeep.status(url)).current


async def test_postgresql_is_kept_in_a_file_before_it_is_brought_up_to_date(
    postgres_url: str, postgres: Postgres, tmp_path: Path
) -> None:
    before = await old(postgres_url, postgres)
    folder = tmp_path / "data"
    await (await engine.open(postgres_url, backups=folder)).close()
    (file,) = folder.iterdir()
    assert f".at-{OLD}-" in file.name
    kept = f"sqlite:///{file}"
    assert (await upkeep.status(kept)).revision == OLD
    assert await counted(kept) == {table: len(rows) for table, rows in before.items()}
    assert await there(kept) == as_sqlite_says(before)
    now = await contents(postgres_url)
    fresh = await postgres.empty()
    try:
        await upkeep.restore(postgres.url(fresh), file)  # and a backup of old is brought up to date on the way
        assert await contents(postgres.url(fresh)) == now
    finally:
        await postgres.drop(fresh)


async def counted(url: str) -> dict[str, int]:
    return {table: len(rows) for table, rows in (await there(url)).items()}


def as_sqlite_says(found: dict[str, Any]) -> dict[str, Any]:
    """Rows of PostgreSQL as SQLite has them, where yes and no are numbers, and days and clocks are text."""

    def said(value: object) -> object:
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, time):
            return value.isoformat("microseconds")
        return value.isoformat() if isinstance(value, date) else value

    return {table: [tuple(map(said, row)) for row in rows] for table, rows in found.items()}


async def test_of_two_that_start_together_one_keeps_and_upgrades_and_the_other_waits(
    postgres_url: str, postgres: Postgres, tmp_path: Path
) -> None:
    await old(postgres_url, postgres)
    program = "import asyncio, sys; from pathlib import Path; from storage import engine\n"
    program += "asyncio.run(engine.open(sys.argv[1], backups=Path(sys.argv[2])))"
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", program, postgres_url, str(tmp_path / "data")),
            cwd=ROOT, stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    for process in processes:
        _, said = await process.communicate()
        assert process.returncode == 0, said.decode()
    assert len(left(tmp_path / "data")) == 1
    assert (await upkeep.status(postgres_url)).current


async def test_a_table_that_a_copy_does_not_know_of_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add(f"sqlite:///{tmp_path}/t.db", "Sam")
    plain = copying._plain
    monkeypatch.setattr(copying, "_plain", lambda known: [one for one in plain(known) if one.name != "people"])
    with pytest.raises(RuntimeError, match=r"in silence.*people"):
        await upkeep.copy(f"sqlite:///{tmp_path}/t.db", f"sqlite:///{tmp_path}/copy.db")
    assert not (tmp_path / "copy.db").exists()


async def test_a_server_that_is_set_to_be_impatient_waits_for_the_backup(
    postgres_url: str, postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await old(postgres_url, postgres)
    name = connections.read_url(postgres_url).database
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        await postgres.run(f"ALTER DATABASE \"{name}\" SET {limit} = '200ms'")
    across = copying._across

    async def slowly(old: AsyncConnection, new: AsyncConnection, table: Table) -> int:
        if table.name == "people":
            await asyncio.sleep(0.5)
        return await across(old, new, table)

    monkeypatch.setattr(copying, "_across", slowly)
    done = await upkeep.upgrade(postgres_url, backups=tmp_path)
    assert done.after == HEAD
    assert done.copy is not None


async def test_without_its_backup_postgresql_is_not_upgraded(
    postgres_url: str, postgres: Postgres, tmp_path: Path
) -> None:
    before = await old(postgres_url, postgres)
    (tmp_path / "file").write_text("in the way of the folder")
    for deed in (
        engine.open(postgres_url, backups=tmp_path / "file"),
        upkeep.upgrade(postgres_url, backups=tmp_path / "file"),
    ):
        with pytest.raises(Unreachable, match=f"at revision {OLD} and has to be brought to {HEAD}.*cannot be used"):
            await deed
    assert await ask(postgres_url, revision_of) == OLD
    assert await there(postgres_url) == before


async def test_an_upgrade_that_fails_and_is_tried_again_and_again_does_not_fill_the_disk(
    empty_url: str, postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await old(empty_url, postgres)
    lead = running.lead

    def fails(connection: Connection, to: str) -> None:
        lead(connection, to)
        raise RuntimeError("a bug in a step")

    with monkeypatch.context() as patched:
        patched.setattr(running, "lead", fails)
        for _ in range(2):
            with pytest.raises(RuntimeError, match="a bug"):
                await engine.open(empty_url, backups=tmp_path)
    assert [name for name in left(tmp_path) if f".at-{OLD}-" in name] == []
    assert await there(empty_url) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
async def test_what_may_not_be_read_is_said_in_words(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/t.db"
    program = """
import asyncio, os, sys
from storage import faults, upkeep
url, backup = sys.argv[1:]
deeds = upkeep.status(url), upkeep.upgrade(url), upkeep.backup(url, "b.db"), upkeep.copy(url, "sqlite:///c.db")
os.setuid(65534)
for deed in (*deeds, upkeep.restore("sqlite:///new.db", backup)):
    try:
        asyncio.run(deed)
    except faults.Unreachable as fault:
        print(fault.reason)
"""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, url, str(tmp_path / "b.db")), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said = (await process.communicate())[0].decode().splitlines()
    assert [("Permission denied" in line, str(tmp_path) in line) for line in said] == [(True, True)] * 5


async def test_a_file_never_takes_the_place_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    for _ in range(2):
        with pytest.raises(FileExistsError), whole.written_whole(tmp_path / "a") as half:
            half.write_text("late")
            (tmp_path / "a").write_text("first")
        assert (tmp_path / "a").read_text() == "first"
        (tmp_path / "a").unlink()
        with whole.written_whole(tmp_path / "a") as half:
            half.write_text("whole")
        assert left(tmp_path) == ["a"]
        assert (tmp_path / "a").read_text() == "whole"
        monkeypatch.setattr(os, "link", no_links)  # a stick with another file system


async def test_a_file_that_was_not_written_to_its_end_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), whole.written_whole(tmp_path / "a") as half:
        half.write_text("half")
        half.with_name(half.name + "-wal").write_text("log")
        raise KeyboardInterrupt
    assert left(tmp_path) == []


async def test_a_damaged_page_is_found_before_a_backup_is_believed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/t.db"
    await add(url, *(f"Player {number}" for number in range(300)))
    await upkeep.backup(url, tmp_path / "b.db")
    hurt(tmp_path / "b.db")
    with pytest.raises(NotSafe, match="not a sound backup"):
        await upkeep.restore(url, tmp_path / "b.db")
    assert len(await people_named(url)) == 300


async def test_a_damaged_page_is_said_when_it_is_backed_up_and_is_mended_by_a_backup(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/t.db"
    await add(url, *(f"Player {number}" for number in range(300)))
    await upkeep.backup(url, tmp_path / "b.db")
    hurt(tmp_path / "t.db")
    with pytest.raises(Unreachable, match="damaged"):
        await upkeep.backup(url, tmp_path / "c.db")
    assert [name for name in left(tmp_path) if name.startswith("c.db")] == []
    done = await upkeep.restore(url, tmp_path / "b.db")
    assert done.before is not None
    assert ".damaged-" in done.before.name
    assert len(await people_named(url)) == 300


async def test_damage_that_sqlite_takes_for_a_full_disk_is_called_damage(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/t.db"
    await add(url, *(f"Player {number}" for number in range(300)))
    hurt(tmp_path / "t.db", with_=b"\xff" * 900, at=100)
    with pytest.raises(Unreachable, match="damaged"):
        await upkeep.backup(url, tmp_path / "b.db")


def hurt(file: Path, *, with_: bytes = bytes(4096), at: int = 0) -> None:
    """Write over a page in the middle of the people."""
    with sqlite.sqlite3.connect(file) as connection:
        (page,) = connection.execute(
            "SELECT pageno FROM dbstat WHERE name = 'people' AND pagetype = 'leaf' LIMIT 1 OFFSET 1"
        ).fetchone()
    connection.close()
    with file.open("r+b") as opened:
        opened.seek((page - 1) * 4096 + at)
        opened.write(with_)
