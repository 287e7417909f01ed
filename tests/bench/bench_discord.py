"""Discord: a press among fifty people beside a bare bot that echoes, and a start in many servers beside a bare client.

Both sides talk to the same fake on loopback, in the same run. Presses: fake and bot share one process and its loop, so
the figures are of the two together. Starts: the fake is here, each client in a process of its own.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from cogs.kit.action import action as action_id
from cogs.kit.ask import Ask
from cogs.kit.call import Call
from cogs.kit.cog import Cog, action, command
from cogs.kit.reply import PUBLIC, Button, Reply, say
from tests.bench.table import Row, as_text, row
from tests.fakes.discord import FakeDiscord, schema
from tests.fakes.discord.program import Program
from tests.fakes.discord.world import Channel, Message, User, role

PEOPLE = 50
ROUNDS = {"small": 8, "full": 40}
SERVERS = {"small": 1000, "full": 10_000}


class _EchoCog(Cog, name="echo"):
    """A card whose button answers."""

    @command("echo card", "Show the card", replies=PUBLIC)
    async def card(self, call: Call, text: Annotated[str | None, Ask("What?")] = None) -> Reply:
        return say("Press.", buttons=(Button("Press", action_id("echo.press")),))

    @action("press")
    async def press(self, call: Call) -> Reply:
        return say("Pressed.")


def rows(scale: str) -> list[Row]:
    """Measure; see the module."""
    logging.disable(logging.WARNING)
    schema.SPEC = Path("/nowhere")  # the check of every request is the fake's own work
    with tempfile.TemporaryDirectory() as folder:
        ours, bare = asyncio.run(_presses(Path(folder), ROUNDS[scale]))
        started = asyncio.run(_starts(Path(folder), SERVERS[scale]))
    servers = f"{SERVERS[scale]:,} servers"
    return [
        row(
            f"press, {PEOPLE} at once, first answer p99",
            ours.p99 * 1000,
            "ms",
            beside="bare echo",
            beside_value=bare.p99 * 1000,
            at_most=250,
        ),
        row(
            f"presses a second, {PEOPLE} at once",
            ours.a_second,
            "1/s",
            beside="bare echo",
            beside_value=bare.a_second,
            at_least=0.6,
            of="ratio",
        ),
        row(
            f"start in {servers}",
            started["ours"]["seconds"],
            "s",
            beside="bare client",
            beside_value=started["bare"]["seconds"],
            at_most=1.1,
            of="ratio",
        ),
        row(
            f"memory of {servers}",
            started["ours"]["memory"],
            "MB",
            beside="bare client",
            beside_value=started["bare"]["memory"],
            at_most=1.1,
            of="ratio",
        ),
    ]


class _Measured:
    def __init__(self, waits: list[float], seconds: float) -> None:
        waits.sort()
        self.p99 = waits[int(len(waits) * 0.99)]
        self.a_second = len(waits) / seconds


async def _presses(folder: Path, rounds: int) -> tuple[_Measured, _Measured]:
    async with FakeDiscord() as fake:
        users = [fake.add_user(f"Player {n}") for n in range(PEOPLE)]
        guild = fake.add_guild("The Band", "gigs")
        channel = fake.channel("gigs")
        async with Program(fake, folder, furnish=lambda tools: (_EchoCog(),), url=f"sqlite:///{folder}/a.db"):
            card = (await (await fake.slash(users[0], channel, "echo card")).settled()).said[0]
            await _round(fake, users, card)  # everybody is signed in
            ours = await _measure(fake, users, card, rounds)
        async with _Bare(fake):
            await _round(fake, users, card)
            bare = await _measure(fake, users, card, rounds)
        assert guild.id
    return ours, bare


async def _measure(fake: FakeDiscord, users: list[User], card: Message, rounds: int) -> _Measured:
    waits: list[float] = []
    began = time.perf_counter()
    for _ in range(rounds):
        waits += await _round(fake, users, card)
    return _Measured(waits, time.perf_counter() - began)


async def _round(fake: FakeDiscord, users: list[User], card: Message) -> list[float]:
    pressed = [await fake.press(user, card, "Press") for user in users]
    await asyncio.gather(*(one.settled(30) for one in pressed))
    return [one.first_after or 0.0 for one in pressed]


class _Echo(discord.AutoShardedClient):
    """The least that a bot can be, with the same settings."""

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message("Pressed.", ephemeral=True)


class _Bare:
    """The echo, running."""

    def __init__(self, fake: FakeDiscord) -> None:
        self._fake = fake
        self._client = _Echo()

    async def __aenter__(self) -> None:
        Route.BASE = self._fake.api_url
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self._fake.gateway_url)
        self._fake.gateway.ready.clear()
        self._running = asyncio.create_task(self._client.start(self._fake.token))
        await self._fake.gateway.ready.wait()

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()
        await asyncio.gather(self._running, return_exceptions=True)


# --- starts -----------------------------------------------------------------------------------------------------------


async def _starts(folder: Path, servers: int) -> dict[str, dict[str, float]]:
    """Seconds and megabytes of each client until it knows every server."""
    found: dict[str, dict[str, float]] = {}
    async with FakeDiscord() as fake:
        for n in range(servers):
            guild = fake.add_guild(f"Server {n}")
            guild.roles = [role(guild.id + k, f"role {k}") for k in range(1, 4)]
            guild.channels = [Channel(f"channel {k}", guild.id) for k in range(6)]
        last = str(guild.id)
        for kind in ("ours", "bare"):
            best: dict[str, float] | None = None
            for attempt in range(2):
                child = await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "tests.bench.bench_discord", kind, fake.api_url, fake.token, last,
                    str(folder / f"{kind}{attempt}"), stdout=asyncio.subprocess.PIPE,
                )  # fmt: skip
                said, _ = await child.communicate()
                got: dict[str, float] = json.loads(said.splitlines()[-1])
                best = got if best is None or got["seconds"] < best["seconds"] else best
            assert best is not None
            found[kind] = best
    return found


async def _start(kind: str, api: str, token: str, last: int, folder: Path) -> dict[str, float]:
    """In a process of its own: connect, and wait until the last server is known."""
    logging.disable(logging.WARNING)
    fake = FakeDiscord()
    fake.token = token
    fake.port = int(api.split(":")[2].split("/")[0])
    program: Program | None = None
    running: asyncio.Task[Any] | None = None
    if kind == "ours":
        # What the program is without Discord is measured elsewhere; here it is what so many servers add.
        program = await Program(fake, folder, furnish=lambda tools: (_EchoCog(),)).prepare()
        began, before = time.perf_counter(), _memory()
        await program.listen(wait=False)
    else:
        Route.BASE = api
        echo = _Echo()
        began, before = time.perf_counter(), _memory()
        running = asyncio.create_task(echo.start(token))
    while True:
        client: discord.Client | None = program.surface._client if program is not None else echo
        guild = client.get_guild(last) if client is not None else None
        if guild is not None and not guild.unavailable:
            break
        await asyncio.sleep(0.005)
    measured = {"seconds": time.perf_counter() - began, "memory": _memory() - before}
    if program is not None:
        await program.close()
    if running is not None:
        await echo.close()
        await asyncio.gather(running, return_exceptions=True)
    return measured


def _memory() -> float:
    """Megabytes in use by this process; Linux only, else nothing is compared."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6
    except OSError:
        return 1.0


if __name__ == "__main__":
    if len(sys.argv) > 2:
        kind, api, token, last, folder = sys.argv[1:]
        print(json.dumps(asyncio.run(_start(kind, api, token, int(last), Path(folder)))))
    else:
        print(as_text({"discord": rows("small")}))
