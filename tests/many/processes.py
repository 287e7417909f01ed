"""The processes of a fleet: started as an operator starts them, ended, and made to stand still."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


class Nursery:
    """Starts processes; see `tests.many.nursery`."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self._child = child
        self._one_at_a_time = asyncio.Lock()

    @classmethod
    async def open(cls) -> Nursery:
        bare = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTCALL_")}
        pipe = asyncio.subprocess.PIPE
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.many.nursery", cwd=ROOT, env=bare, stdin=pipe, stdout=pipe
        )
        made = cls(child)
        async with asyncio.timeout(60):
            assert await made._line() == "ready"
        return made

    async def start(self, **asked: Any) -> int:
        async with self._one_at_a_time:
            assert self._child.stdin is not None
            self._child.stdin.write(json.dumps(asked).encode() + b"\n")
            return int(await self._line())

    async def close(self) -> None:
        self._child.kill()
        await self._child.wait()

    async def _line(self) -> str:
        assert self._child.stdout is not None
        return (await self._child.stdout.readline()).decode().strip()


class Process:
    """One place in the fleet; `start` after `end` is a new process there. hung: it stands still at the moment."""

    def __init__(self, number: int, parts: str, environ: dict[str, str], folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.number, self.parts = number, parts
        self.log = folder / f"process{number}.log"
        self.hung = False
        self._environ = environ | {"FIRSTCALL_WEB__LISTEN": f"127.0.0.1:{self.port}"}
        self._id: int | None = None

    def __str__(self) -> str:
        return f"process {self.number} ({self.parts})"

    @property
    def takes_pushes(self) -> bool:
        return "telegram" in self.parts

    async def start(self, nursery: Nursery) -> None:
        self._id = await nursery.start(
            arguments=["run", "--only", self.parts], environ=self._environ, log=str(self.log)
        )

    async def end(self, how: signal.Signals) -> None:
        if self._id is None:
            return
        self.go_on()
        ending, self._id = self._id, None
        with contextlib.suppress(ProcessLookupError):
            os.kill(ending, how)
            async with asyncio.timeout(25):
                while True:
                    os.kill(ending, 0)
                    await asyncio.sleep(0.01)

    def has_ended(self) -> bool:
        """Whether it ended by itself, as when there was no database at its start."""
        if self._id is None:
            return False
        try:
            os.kill(self._id, 0)
        except ProcessLookupError:
            self._id, self.hung = None, False
            return True
        return False

    def hang(self) -> None:
        """Stand still, as on a machine that was suspended, or under a debugger."""
        if self._id is not None:
            os.kill(self._id, signal.SIGSTOP)
            self.hung = True

    def go_on(self) -> None:
        if self.hung and self._id is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._id, signal.SIGCONT)
        self.hung = False
