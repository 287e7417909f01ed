"""Starting and being there: what it costs to have the program idle, beside what its libraries cost alone.

Each side is a process of its own, in turns, and the best of several counts: machines are shared, and nothing makes a
start quicker than it is. Processor time is compared rather than the clock, for the same reason; memory is what is
resident once nothing happens any more.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from tests.bench.table import Row, row
from tests.fakes.discord import FakeDiscord
from tests.fakes.telegram.server import TOKEN, BotApi

RUNS = {"small": 3, "full": 9}
#: How long an idle process is left alone before its memory is read, in seconds: it tidies up once after its start.
SETTLED = {"small": 4.0, "full": 10.0}

_READY = "\nimport sys\nprint('ready', flush=True)\nsys.stdin.read()"
_PLATFORMS = "import discord, telegram, telegram.ext, sqlalchemy.ext.asyncio"
_TERMINAL = "import sqlalchemy.ext.asyncio, prompt_toolkit"
_CHART = """
import time
start = time.process_time()
from cogs.wellness.charts import dose_chart
dose_chart([12, 340, 45, 0, 80, 101, 3], ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
print((time.process_time() - start) * 1000)
"""


def rows(scale: str) -> list[Row]:
    """Memory and start of both platforms, the console's first answer, the first chart."""
    with tempfile.TemporaryDirectory() as folder:
        ours, bare = asyncio.run(_platforms(Path(folder), RUNS[scale], SETTLED[scale]))
        answer, terminal = _console(Path(folder), RUNS[scale])
    chart = min(float(_output(_CHART)) for _ in range(RUNS[scale]))
    return [
        row("both platforms idle, memory", ours[1], "MB", beside="their imports and SQLAlchemy's",
            beside_value=bare[1], at_most=1.2, of="ratio"),
        row("both platforms up and listening, processor time", ours[0], "s", beside="their imports and SQLAlchemy's",
            beside_value=bare[0], at_most=1.2, of="ratio"),
        row("console, second start to the first answer and out", answer, "s",
            beside="importing SQLAlchemy and prompt_toolkit", beside_value=terminal, at_most=1.5, of="ratio"),
        row("first chart of a process, processor time", chart, "ms", at_most=50),
    ]  # fmt: skip


async def _platforms(folder: Path, runs: int, settled: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """(seconds of processor time, MB) of the idle program and of the bare imports; the least of all runs."""
    ours: list[tuple[float, float]] = []
    bare: list[tuple[float, float]] = []
    async with FakeDiscord() as discord, BotApi() as telegram:
        discord.add_guild("The Band", "gigs")
        settings = {
            "FIRSTCALL_APP__DATA_DIR": str(folder),
            "FIRSTCALL_DISCORD__TOKEN": discord.token,
            "FIRSTCALL_DISCORD__API_BASE_URL": discord.api_url,
            "FIRSTCALL_TELEGRAM__TOKEN": TOKEN,
            "FIRSTCALL_TELEGRAM__API_BASE_URL": telegram.api_url,
            "FIRSTCALL_TELEGRAM__FILE_BASE_URL": telegram.file_url,
            "FIRSTCALL_WEB__LISTEN": "127.0.0.1:0",
        }
        for number in range(runs + 1):  # the first one makes the database and the commands
            discord.gateway.ready.clear()
            found = await _program(settings, discord, settled if number else 1.0)
            if number:
                ours.append(found)
                bare.append(await asyncio.to_thread(_imports))
    return _least(ours), _least(bare)


def _least(found: list[tuple[float, float]]) -> tuple[float, float]:
    return min(seconds for seconds, _ in found), min(memory for _, memory in found)


async def _program(settings: Mapping[str, str], discord: FakeDiscord, settled: float) -> tuple[float, float]:
    """The program until it listens to both; its processor time then, and its memory once it has settled."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env={**_environment(), **settings}, stderr=asyncio.subprocess.PIPE
    )
    assert child.stderr is not None
    try:
        async with asyncio.timeout(120):
            while b"listening as bot" not in (line := await child.stderr.readline()):
                if not line:
                    raise RuntimeError("the program ended before it listened")
            await discord.gateway.ready.wait()
            reading = asyncio.create_task(child.stderr.read())  # so that it never waits for us to read its log
            seconds = _processor(child.pid)
            await asyncio.sleep(settled)
            memory = _memory(child.pid)
            child.terminate()
            await child.wait()
            await reading
    finally:
        if child.returncode is None:
            child.kill()
    return seconds, memory


def _imports() -> tuple[float, float]:
    """Processor time and memory of importing what both platforms need at the least."""
    with subprocess.Popen(
        [sys.executable, "-c", _PLATFORMS + _READY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        found = _processor(child.pid), _memory(child.pid)
        child.communicate()
    return found


def _console(folder: Path, runs: int) -> tuple[float, float]:
    """Processor seconds of a console that answers one line, and of importing what it needs at the least."""
    console = [sys.executable, "-m", "bot", "console", "--db", f"sqlite:///{folder}/console.db", "--as", "Ada"]
    settings = {"FIRSTCALL_APP__DATA_DIR": str(folder)}
    _spent(console, settings, "/help\n")  # the first start makes the database
    ours, bare = [], []
    for _ in range(runs):
        ours.append(_spent(console, settings, "/help\n"))
        bare.append(_spent([sys.executable, "-c", _TERMINAL], {}, ""))
    return min(ours), min(bare)


def _spent(command: list[str], settings: Mapping[str, str], typed: str) -> float:
    """Processor seconds of a whole process and its threads."""
    environ = {**_environment(), **settings}
    before = os.times()
    subprocess.run(command, input=typed, text=True, capture_output=True, check=True, timeout=120, env=environ)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def _output(script: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60, env=_environment()
    ).stdout


def _environment() -> dict[str, str]:
    """This process's environment without settings of ours; a second start finds everything compiled."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTCALL_")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept


def _processor(pid: int) -> float:
    """Processor seconds of a running process, user and system. proc(5), /proc/pid/stat: fields 14 and 15."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    """Resident memory of a running process, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no such line")


if __name__ == "__main__":
    began = time.perf_counter()
    for one in rows("small"):
        print(one)
    print(f"{time.perf_counter() - began:.0f} s")
