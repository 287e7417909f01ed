"""What a start loads and what it leaves for when it is wanted, asked of whole processes."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from storage import engine
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram.server import TOKEN, BotApi

ROOT = Path(__file__).parents[2]

#: The program, telling at its end which modules it had run by then. One that waits is not of the ordinary kind yet.
PROGRAM = """
import atexit, sys, types
def tell():
    modules = list(sys.modules.items())
    print("ran:", *(name for name, module in modules if type(module) is types.ModuleType))
    records = [module for name, module in modules if name.startswith("storage.records.")]
    records = [vars(module) for module in records if type(module) is types.ModuleType]
    records = [one for names in records for one in names.values() if isinstance(one, type)]
    print("written:", *(one.__name__ for one in records if isinstance(vars(one).get("__init__"), types.FunctionType)))
atexit.register(tell)
from bot.__main__ import start
sys.exit(start())
"""

#: Big, and wanted by few deeds or by none.
HEAVY = {
    "PIL", "alembic", "apscheduler", "asyncpg", "babel", "dateparser", "httpx._main", "icalendar", "pygments",
    "recurring_ical_events", "rich", "segno", "sqlalchemy.dialects.postgresql", "sqlalchemy.ext.asyncio",
    "sqlalchemy.orm", "telegram.ext", "typst",
}  # fmt: skip


def environment(folder: Path, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTCALL_")}
    return {**kept, "FIRSTCALL_APP__DATA_DIR": str(folder), **settings}


def told(output: str, what: str = "ran:") -> set[str]:
    line = next(line for line in output.splitlines() if line.startswith(what))
    return set(line.split())


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A data folder with a database in it: a start that has to make one loads what makes it."""
    await (await engine.open(f"sqlite:///{tmp_path}/firstcall.db")).close()
    return tmp_path


async def test_a_console_loads_little(folder: Path) -> None:
    console = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, "console", cwd=ROOT, env=environment(folder),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, _ = await console.communicate(b"/help\n")
    assert console.returncode == 0
    found = told(output.decode())
    assert {"bot.app", "sqlalchemy", "cogs.gigs.cog", "storage.stores.people"} <= found
    assert not found & (HEAVY | {"discord", "telegram", "aiohttp", "httpx", "prompt_toolkit"})
    assert not found & {f"storage.stores.{name}" for name in ("gigs", "invoices", "merging", "rates", "wellness")}
    assert {"storage.tables.people", "storage.tables.drafts"} <= found
    assert not found & {f"storage.tables.{name}" for name in ("invoices", "rates", "wellness", "watches")}
    written = told(output.decode(), "written:")
    assert "Person" in written
    assert not written & {"Invoice", "Gig", "Reminder", "Payment"}


async def test_both_platforms_load_what_they_need_to_listen(folder: Path) -> None:
    async with FakeDiscord() as discord, BotApi() as telegram:
        discord.add_guild("The Band", "gigs")
        settings = environment(
            folder,
            FIRSTCALL_DISCORD__TOKEN=discord.token,
            FIRSTCALL_DISCORD__API_BASE_URL=discord.api_url,
            FIRSTCALL_TELEGRAM__TOKEN=TOKEN,
            FIRSTCALL_TELEGRAM__API_BASE_URL=telegram.api_url,
            FIRSTCALL_TELEGRAM__FILE_BASE_URL=telegram.file_url,
            FIRSTCALL_WEB__LISTEN="127.0.0.1:0",
        )
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROGRAM, "run", cwd=ROOT, env=settings,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert program.stderr is not None
        async with asyncio.timeout(60):
            while b"listening as bot" not in (line := await program.stderr.readline()):
                assert line, "it ended before it listened"
            await discord.gateway.ready.wait()
        program.terminate()
        output, _ = await program.communicate()
    found = told(output.decode())
    assert program.returncode == 0
    assert {"discord", "telegram", "aiohttp.web", "bot.on_web.server", "cogs.gigs.cog"} <= found
    assert not found & HEAVY


async def test_a_copy_knows_every_table_whatever_else_was_loaded(folder: Path) -> None:
    """Its process uses nothing that would have brought the tables along."""
    storage = await engine.open(f"sqlite:///{folder}/firstcall.db")
    async with storage.open_work() as work:
        await work.app.set_value("kept", "yes")
        await work.commit()
    await storage.close()
    copy = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "db", "copy", f"sqlite:///{folder}/firstcall.db", f"sqlite:///{folder}/copy.db",
        cwd=ROOT, env=environment(folder), stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, _ = await copy.communicate()
    assert copy.returncode == 0
    assert b" 0 tables" not in said
    copied = await engine.open(f"sqlite:///{folder}/copy.db")
    async with copied.open_work(reading=True) as work:
        assert await work.app.value("kept") == "yes"
    await copied.close()


#: What the reader of times knows, in the order in which it would try it.
WORDS = """
import sys
if "late" in sys.argv:
    from bot import later
    later.install()
from bot import app
app.House
from cogs.kit.when import words
print(list(words.WORDS.items()), list(words.PHRASES))
"""


async def test_times_are_read_with_the_same_words_however_the_program_was_loaded() -> None:
    said = []
    for how in ("late", "now"):
        reader = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WORDS, how, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "0"},
            stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        said.append((await reader.communicate())[0])
        assert reader.returncode == 0
    assert len(said[0]) > 1000
    assert said[0] == said[1]
