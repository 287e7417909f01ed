"""A courier that is killed at random instants, on a real file, with a platform that survives.

The platform is a file to which every accepted message is appended and synced: what it holds, a person has seen. Each
life of the courier is a forked process that is sent SIGKILL; a life takes milliseconds to begin, since everything is
imported already. `python -m tests.bot.desk.killing FOLDER NOTICES KILLS SEED KEYS` prints what became of it.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.desk.budgets import Pace
from bot.desk.courier import Courier
from bot.desk.lateness import AGAIN
from bot.desk.surface import Sent, Target
from cogs.kit.reply import Reply
from storage import engine
from storage.records.notice import Lane, NewNotice
from tests.bot.desk.courier_parts import draw_number

#: Two pages of readers, so that some get several at a time and those travel together.
READERS = 17


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class SurvivingPlatform:
    """Appends what it accepts to a file, synced; with keys it accepts each key once."""

    name = "telegram"

    def __init__(self, file: Path, knows_keys: bool) -> None:
        self.knows_keys = knows_keys
        self._known = {json.loads(line)["key"] for line in file.read_text().splitlines()} if file.exists() else set()
        self._file = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def deliver(self, target: Target, reply: Reply, *, key: str, silent: bool) -> Sent:
        await asyncio.sleep(random.random() * 0.002)
        if not (self.knows_keys and key in self._known):
            self._known.add(key)
            numbers = [line[-1].text for line in (*reply.lines, *(row.line for row in reply.rows))]
            said = {"key": key, "said": numbers, "again": AGAIN in reply.also, "life": os.getpid()}
            os.write(self._file, (json.dumps(said) + "\n").encode())
            os.fsync(self._file)
        await asyncio.sleep(random.random() * 0.002)
        return Sent(key, target.dest or "d")

    async def redraw(self, posting: object, reply: Reply) -> None:
        raise AssertionError


async def prepare(folder: Path, notices: int) -> None:
    """A database with notices due now, in all lanes, for a few readers."""
    storage = await engine.open(f"sqlite:///{folder}/kill.db")
    now = datetime.now(UTC)
    async with storage.open_work() as work:
        for n in range(READERS):
            person = await work.people.greet("telegram", str(n), f"P{n}", now, dm=f"c{n}")
            await work.people.change(person.id, quiet_from=person.quiet_to)
        new = [
            NewNotice(
                kind="t.say",
                due_at=now - timedelta(seconds=1),
                person_id=n % READERS + 1,
                args={"n": n},
                lane=Lane(n % 2),
                key=str(n),
            )
            for n in range(notices)
        ]
        await work.notices.add_many(new, now)
        await work.commit()
    await storage.close()


async def live(folder: Path, knows_keys: bool) -> None:
    """One life of the courier: until killed, or until nothing is left."""
    storage = await engine.open(f"sqlite:///{folder}/kill.db")
    sender = SurvivingPlatform(folder / "platform.jsonl", knows_keys)
    pace = {"telegram": Pace(per_second=3000, reserve=0, burst=50)}
    post = Courier(storage.open_work, WallClock(), [sender], {"t.say": draw_number}, paces=pace, batch=40)
    stop = asyncio.Event()
    running = asyncio.create_task(post.run(stop))
    while await post.next_due() is not None:  # noqa: ASYNC110  # the only end of it is in the database
        await asyncio.sleep(0.01)
    stop.set()
    await running
    await storage.close()


def kill_and_kill(folder: Path, notices: int, kills: int, seed: int, knows_keys: bool) -> dict[str, int]:
    """Run lives and kill them; then let the last one finish. How often each notice reached its reader."""
    chance = random.Random(seed)
    asyncio.run(prepare(folder, notices))
    killed = 0
    while True:
        child = os.fork()
        if child == 0:
            random.seed(chance.random())
            try:
                asyncio.run(live(folder, knows_keys))
                os._exit(0)
            except BaseException:  # noqa: BLE001  # whatever it is, the forked process must not go on as the test
                sys.excepthook(*sys.exc_info())
                os._exit(1)
        if killed < kills:
            time.sleep(chance.uniform(0.02, 0.12))
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            killed += 1
        elif status:
            raise RuntimeError("a courier failed by itself")
        else:
            break
    return outcome(folder, notices, killed)


def outcome(folder: Path, notices: int, killed: int) -> dict[str, int]:
    """What the readers saw.

    lost, doubled, strange: notices. worst: most messages of one life that had to be repeated in a later one.
    unmarked: repetitions that did not say so.
    """
    said: dict[str, tuple[int, int]] = {}
    repeated: dict[int, set[int]] = {}
    doubled = unmarked = 0
    messages = [json.loads(line) for line in (folder / "platform.jsonl").read_text().splitlines()]
    for place, message in enumerate(messages):
        earlier = [said[number] for number in message["said"] if number in said]
        doubled += len(earlier)
        unmarked += bool(earlier) and not message["again"]
        for life, first in earlier:
            repeated.setdefault(life, set()).add(first)
        said.update(dict.fromkeys(message["said"], (message["life"], place)))
    numbers = {f"number {n}" for n in range(notices)}
    return {
        "killed": killed,
        "lost": len(numbers - said.keys()),
        "doubled": doubled,
        "worst": max(map(len, repeated.values()), default=0),
        "unmarked": unmarked,
        "messages": len(messages),
        "strange": len(said.keys() - numbers),
    }


if __name__ == "__main__":
    where, how_many, how_often, start, keys = sys.argv[1:]
    print(json.dumps(kill_and_kill(Path(where), int(how_many), int(how_often), int(start), keys == "keys")))
