"""The program killed at any instant, in the middle of commands, forms and deliveries, and started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import re
import sys
from collections import Counter
from pathlib import Path

from tests.bot.on_console.conftest import market
from tests.house import House

ROOT = Path(__file__).parents[3]
#: How often it is killed. One life takes about two seconds, most of them spent on starting.
LIVES = 4

#: What is typed over and over: a command, a press, a form of three answers, a reminder.
LINES = (
    "!as Ada",
    "!in #gigs",
    '/stall post role=bass when="Sat 28 Nov 19:30" fee=£220',
    "!as Bob",
    "!in #gigs",
    "!press I'm in",
    "/stall remind after=1h",
    "!advance 2 h",
    "/stall post",
    "drums",
    "Sun 29 Nov 20:00",
    "£90",
)


async def test_nothing_is_lost_doubled_or_half_done_when_it_is_killed_at_any_instant(tmp_path: Path) -> None:
    chance = random.Random(7)
    for _ in range(LIVES):
        await _one_life(tmp_path, chance)

    house = await House.open(tmp_path, url=f"sqlite:///{tmp_path / 'fc.db'}", zone="UTC", furnish=market)
    try:
        await house.play("!as Ada\n!advance 30 days")
        async with house.shell.program.tools.open_work(reading=True) as work:
            said = await work.said.visible_to(1, limit=100_000) + await work.said.visible_to(2, limit=100_000)
            community = await work.communities.get(1)
            open_notices = [one for person in (1, 2) for one in await work.notices.of_person(person)]
        assert community is not None
        stalls = community.settings["stalls"]
        assert isinstance(stalls, dict)
        assert len(stalls) > LIVES

        cards = Counter(one.subject_id for one in {one.id: one for one in said}.values() if one.card)
        assert cards == {int(number): 1 for number in stalls}, "every stall hangs once"
        assert open_notices == []
        keys = [one.key for one in {one.id: one for one in said}.values() if one.key is not None]
        assert len(keys) == len(set(keys))

        asked = await house.play("!as Bob\n/stall post\n!restart\nbass\n!restart\ntomorrow 19:30\n£50\n!expect Posted")
        assert re.search(r"Posted S\d+", asked), "a form goes on"
    finally:
        await house.stop()


async def _one_life(folder: Path, chance: random.Random) -> None:
    """Start a console, type as fast as it takes, kill it at a random instant."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("child.py")),
        str(folder),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert child.stdin is not None
    assert child.stdout is not None
    # What the last life left undelivered may be said first.
    while (said := await child.stdout.readline()).strip() != b"ready":
        assert said, "it ended before it was ready"
    typing = asyncio.create_task(_type(child.stdin))
    # Counted in what it said, and not in seconds: a busy machine lives as much as an idle one.
    for _ in range(chance.randint(20, 150)):
        assert await child.stdout.readline(), "it ended by itself"
    reading = asyncio.create_task(child.stdout.read())
    await asyncio.wait([reading], timeout=chance.uniform(0, 0.02))
    child.kill()
    await asyncio.gather(reading, typing)
    assert await child.wait() == -9


async def _type(keyboard: asyncio.StreamWriter) -> None:
    """Type until nobody reads any more. What was typed and not read yet dies with the program, as with a terminal."""
    with contextlib.suppress(ConnectionResetError, BrokenPipeError):
        while True:
            for one in LINES:
                keyboard.write(f"{one}\n".encode())
            await keyboard.drain()


async def test_sigterm_ends_a_waiting_console_well(tmp_path: Path) -> None:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "console",
        "--db",
        "sqlite://",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "FIRSTCALL_APP__DATA_DIR": str(tmp_path)},
    )
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(b"!as Ada\n!now 2026-11-23T10:00Z\n!now\n")
    assert (await child.stdout.readline()).startswith(b"[dm Ada] bot: Mon 23 Nov")
    child.terminate()
    out, err = await child.communicate()
    assert (child.returncode, out, err) == (0, b"", b"")
