"""Several real processes of the program on one PostgreSQL, beside fakes of both platforms that outlive them all.

Telegram here is the fake Bot API and a pusher: like the real one it pushes an update again until somebody answers, to
whichever process a load balancer would choose. Processes are started as an operator starts them, and killed without a
word. What people did and were told is on the fakes; what was kept, in the database; the two are compared at the end.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.conftest import Postgres
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.world import User
from tests.fakes.telegram.server import TOKEN, BotApi
from tests.fakes.telegram.world import Account

ROOT = Path(__file__).parents[2]
SECRET = "a-secret-of-the-tests"

#: The parts each of the four runs: any mix will do.
PARTS = ("telegram,web,courier", "telegram,web", "courier", "discord,courier")


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
    """One place in the fleet; `start` after `kill` is a new process there."""

    def __init__(self, number: int, parts: str, environ: dict[str, str], folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.parts = parts
        self.log = folder / f"process{number}.log"
        self.kills = 0
        self._environ = environ | {"FIRSTCALL_WEB__LISTEN": f"127.0.0.1:{self.port}"}
        self._id: int | None = None

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
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._id, how)
            self.kills += how == signal.SIGKILL
            async with asyncio.timeout(25):
                while True:
                    os.kill(self._id, 0)
                    await asyncio.sleep(0.01)
        self._id = None


class Fleet:
    """Four processes, the two platforms, and the people on them."""

    def __init__(
        self,
        nursery: Nursery,
        postgres: Postgres,
        name: str,
        api: BotApi,
        discord: FakeDiscord,
        folder: Path,
        seed: int,
    ) -> None:
        self.nursery, self.postgres, self.name, self.api, self.discord = nursery, postgres, name, api, discord
        self.chance = random.Random(seed)
        environ = {
            "FIRSTCALL_APP__DATA_DIR": str(folder),
            "FIRSTCALL_DATABASE__URL": postgres.url(name),
            "FIRSTCALL_TELEGRAM__TOKEN": TOKEN,
            "FIRSTCALL_TELEGRAM__API_BASE_URL": api.api_url,
            "FIRSTCALL_TELEGRAM__FILE_BASE_URL": api.file_url,
            "FIRSTCALL_TELEGRAM__MODE": "webhook",
            "FIRSTCALL_TELEGRAM__WEBHOOK_URL": "https://bot.example.org/telegram/updates",
            "FIRSTCALL_TELEGRAM__WEBHOOK_SECRET": SECRET,
            "FIRSTCALL_DISCORD__TOKEN": discord.token,
            "FIRSTCALL_DISCORD__API_BASE_URL": discord.api_url,
            "FIRSTCALL_DISCORD__SHARDS": "1",
            "FIRSTCALL_DISCORD__SHARD_IDS": "0",
        }
        self.processes = [Process(n, parts, environ, folder) for n, parts in enumerate(PARTS)]
        self.cuts = 0
        #: Notes that must be kept: "kept" was answered, or a push was taken that no living process answered.
        self.told: set[str] = set()
        #: Notes that somebody was refused, or not answered about, with what was said: they may be kept or not, once.
        self.refused: dict[str, str] = {}
        self.waits: list[float] = []

    async def __aenter__(self) -> Fleet:
        for one in self.processes:
            await one.start(self.nursery)
        async with asyncio.timeout(30):
            for one in self.processes:
                while one.takes_pushes and not await self._listens(one):  # noqa: ASYNC110  # it is another process
                    await asyncio.sleep(0.05)
            await self.discord.gateway.ready.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(one.end(signal.SIGTERM) for one in self.processes))

    async def _listens(self, one: Process) -> bool:
        url = f"http://127.0.0.1:{one.port}/telegram/updates"
        with contextlib.suppress(ClientError, TimeoutError):
            async with ClientSession(timeout=ClientTimeout(1)) as session, session.post(url) as answer:
                return answer.status == 403
        return False

    # Trouble

    async def kill_one(self) -> None:
        """Any of them, at once, and another in its place."""
        one = self.chance.choice(self.processes)
        await one.end(signal.SIGKILL)
        await asyncio.sleep(self.chance.uniform(0, 0.3))
        await one.start(self.nursery)

    async def cut(self) -> None:
        """The database is taken away from everybody, in the middle of whatever they do, and is there again."""
        self.cuts += 1
        await self.postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{self.name}'")

    # People

    async def push(self, session: ClientSession, update: dict[str, Any]) -> None:
        """As Telegram does: again and again until somebody says that it has it."""
        began = time.monotonic()
        while True:
            port = self.chance.choice([one.port for one in self.processes if one.takes_pushes])
            with contextlib.suppress(ClientError, TimeoutError):
                async with session.post(
                    f"http://127.0.0.1:{port}/telegram/updates",
                    json=update,
                    headers={"X-Telegram-Bot-Api-Secret-Token": SECRET},
                ) as answer:
                    if answer.status == 200:
                        self.waits.append(time.monotonic() - began)
                        return
            await asyncio.sleep(self.chance.uniform(0.02, 0.2))

    async def on_telegram(self, who: Account, notes: int) -> None:
        """Somebody who asks for reminders, one after the other, and once more where the answer is no."""
        async with ClientSession(timeout=ClientTimeout(30)) as session:
            while not any("Europe/London" in post.words for post in self.api.world.posted(who)):
                await self.push(session, await self.api.world.say(who, "/tz Europe/London"))
            for n in range(notes):
                for once_more in range(20):
                    note = f"{who.name}.{n}.{once_more}."
                    before = len(self.api.world.posted(who))
                    await self.push(session, await self.api.world.say(who, f"/remind me in 1 minute Note {note}"))
                    answers = " / ".join(post.words for post in self.api.world.posted(who)[before:])
                    if not answers or f"Kept: Note {note}" in answers:  # or done, and killed before it could say so
                        self.told.add(note)
                        break
                    self.refused[note] = answers
                    await asyncio.sleep(0.3)
                else:
                    raise AssertionError(f"never kept: {answers}")
                await asyncio.sleep(self.chance.uniform(0, 0.1))

    async def on_discord(self, who: User, notes: int) -> None:
        """The same on Discord, where what meets no living process is not repeated by anybody but the person."""
        dm, said = self.discord.dm(who), ""
        while "Europe/London" not in said:
            asked = await self.discord.slash(who, dm, "me zone", {"zone": "Europe/London"})
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asked.answered(), 2)
                said = asked.original.text if asked.original is not None else ""
        for n in range(notes):
            for once_more in range(40):
                note = f"{who.name}.{n}.{once_more}."
                self.refused[note] = "no answer"
                asked = await self.discord.slash(who, dm, "remind me", {"when": "in 1 minute", "what": f"Note {note}"})
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(asked.answered(), 2)
                    self.refused[note] = said = asked.original.text if asked.original is not None else ""
                    if "Kept:" in said and note in said:
                        self.told.add(note)
                        break
                await asyncio.sleep(0.3)
            else:
                raise AssertionError(f"never kept: {self.refused[note]}")

    # What is kept, and what arrived

    async def rows(self, statement: str) -> list[Any]:
        connection = await asyncpg.connect(self.postgres.url(self.name))
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()

    async def kept(self) -> Counter[str]:
        """Reminders by their note."""
        return Counter(row["text"].removeprefix("Note ") for row in await self.rows("SELECT text FROM reminders"))

    async def dues(self) -> dict[str, int]:
        """When each note was to be told, in milliseconds."""
        found = await self.rows(
            "SELECT text, due_at FROM notices JOIN reminders ON subject = 'reminder_id=' || reminders.id"
        )
        return {row["text"].removeprefix("Note "): row["due_at"] for row in found}

    async def bring_forward(self) -> None:
        """Have everything that waits fall due from now on, as far apart as it was asked for."""
        early = (await self.rows("SELECT min(due_at) AS at FROM notices WHERE ended_at IS NULL"))[0]["at"]
        sooner = early - int(time.time() * 1000) - 300
        await self.rows(f"UPDATE reminders SET at = at - {sooner}, next_at = next_at - {sooner}")
        await self.rows(
            f"UPDATE notices SET due_at = due_at - {sooner}, next_at = next_at - {sooner} WHERE ended_at IS NULL"
        )
        await self.rows("SELECT pg_notify('firstcall_notices', '')")

    async def waiting(self) -> int:
        return int((await self.rows("SELECT count(*) AS n FROM notices WHERE ended_at IS NULL"))[0]["n"])

    def arrived(self) -> dict[str, list[str]]:
        """By person, the notes in the order in which they were delivered, those marked as sent again left out."""
        found: dict[str, list[str]] = {}
        for who in self.api.world.accounts.values():
            for post in self.api.world.posted(who):
                _delivered(found, who.name, post.words)
        for user in self.discord.users.values():
            messages = sorted(
                (m for m in self.discord.messages.values() if m.channel.recipient is user), key=lambda m: m.number
            )
            for message in messages:
                if message.nonce is not None:
                    _delivered(found, user.name, message.text)
        return found


def _delivered(found: dict[str, list[str]], name: str, words: str) -> None:
    if "Kept:" in words or "Note " not in words or "reminder" not in words:
        return
    again = "Sent again" in words
    for piece in words.split("Note ")[1:]:
        note = piece.split()[0].strip("*")
        found.setdefault(name, []).append(f"again {note}" if again else note)


@contextlib.asynccontextmanager
async def fleet(postgres: Postgres, folder: Path, seed: int) -> AsyncIterator[Fleet]:
    """The fleet, running; everything is stopped in the end."""
    name = await postgres.migrated()
    nursery = await Nursery.open()
    async with BotApi() as api, FakeDiscord() as discord:
        running = Fleet(nursery, postgres, name, api, discord, folder, seed)
        try:
            async with running:
                yield running
        finally:
            for one in running.processes:
                await one.end(signal.SIGKILL)
            await nursery.close()
    await postgres.drop(name)
