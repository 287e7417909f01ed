"""Several real processes of the program on one PostgreSQL, beside fakes of both platforms that outlive them all.

Telegram here is the fake Bot API and a pusher: like the real one it pushes an update again until somebody answers, to
whichever process a load balancer would choose. Processes are started as an operator starts them, and killed without a
word. What people did and were told is on the fakes; what was kept, in the database; the two are compared at the end.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.conftest import Postgres
from tests.fakes.discord import FakeDiscord
from tests.fakes.discord.world import Channel, Message, User
from tests.fakes.telegram.server import TOKEN, BotApi
from tests.fakes.telegram.world import Account
from tests.many.processes import Nursery, Process
from tests.many.story import STALL, Arrival, Story, Wrong, evidence, row_as_text

SECRET = "a-secret-of-the-tests"

#: For how long Telegram waits for the answer to a push here, in seconds; the real one waits for a minute.
PATIENCE = 12.0

#: The parts each of the four runs: any mix will do.
PARTS = ("telegram,web,courier", "telegram,web", "courier", "discord,courier")


class Observed(FakeDiscord):
    """A Discord that remembers when each delivery came."""

    def __init__(self) -> None:
        super().__init__()
        self.came: list[tuple[float, Message]] = []

    def heard(self, message: Message, channel: Channel) -> None:
        super().heard(message, channel)
        self.came.append((time.monotonic(), message))


class Fleet:
    """Several processes, the two platforms, and the people on them. parts: what each process runs."""

    def __init__(
        self,
        nursery: Nursery,
        postgres: Postgres,
        name: str,
        api: BotApi,
        discord: Observed,
        folder: Path,
        seed: int,
        parts: Sequence[str] = PARTS,
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
        self.processes = [Process(n, each, environ, folder) for n, each in enumerate(parts)]
        self.story = Story(seed)
        self.wrong: list[Wrong] = []
        self.closer: list[str] = []
        #: Notes that must be kept: "kept" was answered, or a push was taken that no living process answered.
        self.told: set[str] = set()
        #: Notes that somebody was refused, or not answered about, with what was said: they may be kept or not, once.
        self.refused: dict[str, str] = {}
        self.waits: list[float] = []

    async def __aenter__(self) -> Fleet:
        self._watching = [asyncio.create_task(self._restart()), asyncio.create_task(self._feel_stalls())]
        for one in self.processes:
            await one.start(self.nursery)
        async with asyncio.timeout(60):
            for one in self.processes:
                while one.takes_pushes and not await self._listens(one):  # noqa: ASYNC110  # it is another process
                    await asyncio.sleep(0.05)
            if any("discord" in one.parts for one in self.processes):
                await self.discord.gateway.ready.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """End all processes as an operator would; what they had under way is finished then."""
        for task in self._watching:
            task.cancel()
        await asyncio.gather(*self._watching, return_exceptions=True)
        await asyncio.gather(*(one.end(signal.SIGTERM) for one in self.processes))

    async def _restart(self) -> None:
        """As a service manager does with what ended by itself."""
        while True:
            await asyncio.sleep(0.2)
            for one in self.processes:
                if one.has_ended():
                    self.story.note("ended by itself", str(one))
                    await one.start(self.nursery)

    async def _feel_stalls(self) -> None:
        """Know when this very process stood still: then nothing can be said about when things came."""
        while True:
            slept_at = time.monotonic()
            await asyncio.sleep(STALL / 5)
            late = time.monotonic() - slept_at - STALL / 5
            if late > STALL:
                self.story.stalls.append((slept_at, late))

    async def _listens(self, one: Process) -> bool:
        url = f"http://127.0.0.1:{one.port}/telegram/updates"
        with contextlib.suppress(ClientError, TimeoutError):
            async with ClientSession(timeout=ClientTimeout(1)) as session, session.post(url) as answer:
                return answer.status == 403
        return False

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
        async with ClientSession(timeout=ClientTimeout(PATIENCE)) as session:
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
            for once_more in range(100):
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

    async def notices(self) -> dict[str, dict[str, Any]]:
        """What became of each note, by note: rows as they are, with times in milliseconds since 1970."""
        found = await self.rows(
            "SELECT text, n.id, kind, n.platform, due_at, n.next_at, attempt, owner, doubtful, n.ended_at, result, "
            "trouble, message_id, bundle FROM notices n JOIN reminders r ON n.subject = 'reminder_id=' || r.id"
        )
        rows = [dict(row) for row in found]
        return {row.pop("text").removeprefix("Note "): row for row in rows}

    async def bring_forward(self) -> None:
        """Have what waits fall due from now on, as far apart as it was asked for.

        Only what nobody has claimed, or may have sent: the moment it is due is part of the key by which Discord knows
        a message again. What a process has in hand this instant is looked at once more a moment later.
        """
        connection = await asyncpg.connect(self.postgres.url(self.name))
        try:
            early = await connection.fetchval(f"SELECT min(due_at) FROM notices WHERE {_UNTOUCHED}")
            sooner = max(0, (early or 0) - int(time.time() * 1000) - 300)
            moved: set[int] = set()
            for _ in range(5):
                moved |= await _moved(connection, sooner, besides=moved)
                await asyncio.sleep(0.05)
            await connection.execute("SELECT pg_notify('firstcall_notices', '')")
        finally:
            await connection.close()
        self.story.note("brought forward", f"{len(moved)} by {sooner / 1000:.1f} s")

    async def waiting(self) -> int:
        return int((await self.rows("SELECT count(*) AS n FROM notices WHERE ended_at IS NULL"))[0]["n"])

    async def look_closer(self) -> None:
        """Keep what can be seen only now: what the server is busy with, and what is still waiting."""
        self.story.note("looked closer")
        try:
            sessions = await self.rows(_SESSIONS)
            self.closer += [", ".join(f"{name} {value}" for name, value in row.items()) for row in sessions]
            waiting = {note: row for note, row in (await self.notices()).items() if row["ended_at"] is None}
        except Exception as error:  # noqa: BLE001  # whatever it is, the failure itself is told
            self.closer.append(f"no evidence from the database: {error!r}")
        else:
            self.closer.append(f"{len(waiting)} waiting, now {datetime.now(UTC):%H:%M:%S.%f}")
            self.closer += [f"{note} {row_as_text(row)}" for note, row in list(waiting.items())[:30]]

    def arrived(self) -> list[Arrival]:
        """Every note that was delivered, in the order in which that happened."""
        found: list[Arrival] = []
        for call in self.api.calls:
            if call.ok and call.method == "sendMessage":
                who = self.api.world.accounts[call.given["chat_id"]].name
                _delivered(found, call.at, "telegram", who, str(call.given["text"]))
        for at, message in self.discord.came:
            who = message.channel.recipient.name if message.channel.recipient is not None else message.channel.name
            _delivered(found, at, "discord", who, message.text)
        return found

    async def evidence(self) -> str:
        """What happened, for somebody who was not there; never raises."""
        rows: dict[str, dict[str, Any]] = {}
        with contextlib.suppress(Exception):
            await self.postgres.start()
        if not self.closer:
            await self.look_closer()
        with contextlib.suppress(Exception):
            rows = await self.notices()
        logs = [
            f"process {one.number}: {line}"
            for one in self.processes
            if one.log.exists()
            for line in one.log.read_text(errors="replace").splitlines()
            if _LOUD.search(line)
        ]
        seen = self.closer + logs[-60:]
        waits = f"longest wait for the answer to a push {max(self.waits, default=0.0):.1f} s; "
        waits += f"told {len(self.told)}, refused {len(self.refused)}; logs in {self.processes[0].log.parent}"
        return evidence(self.story, self.wrong, self.arrived(), rows, self.refused, seen) + "\n" + waits


#: What nobody has claimed, and what certainly was not sent.
_UNTOUCHED = "ended_at IS NULL AND owner IS NULL AND attempt = 0 AND NOT doubtful"
_SESSIONS = (
    "SELECT pid, state, wait_event_type, wait_event, pg_blocking_pids(pid) AS waits_for, xact_start::time AS since, "
    "left(query, 160) AS query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND state <> 'idle'"
)
_NOTE = re.compile(r"Note (\w+\.\d+\.\d+\.)")
_LOUD = re.compile(r"\b(ERROR|CRITICAL)\b")


async def _moved(connection: Any, sooner: int, *, besides: set[int]) -> set[int]:
    """Move what is untouched, with the reminders behind it, by so many milliseconds; their ids.

    Rows are taken in one order and without waiting: other transactions hold some of them, in orders of their own.
    """
    async with connection.transaction():
        rows = await connection.fetch(
            f"SELECT id, subject FROM notices WHERE {_UNTOUCHED} AND NOT id = ANY($1::bigint[]) "
            "ORDER BY id FOR UPDATE SKIP LOCKED",
            list(besides),
        )
        ids = [row["id"] for row in rows]
        subjects = [int(row["subject"].removeprefix("reminder_id=")) for row in rows]
        await connection.execute(
            "UPDATE notices SET due_at = due_at - $1, next_at = next_at - $1 WHERE id = ANY($2::bigint[])", sooner, ids
        )
        await connection.execute(
            "UPDATE reminders SET at = at - $1, next_at = next_at - $1 WHERE id = ANY($2::bigint[])", sooner, subjects
        )
    return set(ids)


def _delivered(found: list[Arrival], at: float, platform: str, who: str, words: str) -> None:
    if "Kept:" in words or "reminder" not in words:
        return
    for note in _NOTE.findall(words):
        found.append(Arrival(at, platform, who, note, "Sent again" in words, len(found)))


@contextlib.asynccontextmanager
async def fleet(postgres: Postgres, folder: Path, seed: int, parts: Sequence[str] = PARTS) -> AsyncIterator[Fleet]:
    """The fleet, running; everything is stopped in the end. What goes wrong is told with the evidence."""
    name = await postgres.migrated()
    nursery = await Nursery.open()
    discord = Observed()
    async with BotApi() as api, discord:
        running = Fleet(nursery, postgres, name, api, discord, folder, seed, parts)
        try:
            async with running:
                try:
                    yield running
                except BaseException as error:
                    error.add_note(await running.evidence())
                    raise
        finally:
            for one in running.processes:
                await one.end(signal.SIGKILL)
            await nursery.close()
            await postgres.start()
    await postgres.drop(name)
