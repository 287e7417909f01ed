"""One measurement in a process of its own: `python -m tests.bench.courier_measure NAME FOLDER N ...` prints JSON."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import sys
from pathlib import Path
from typing import Any

from tests.bench import courier_ours, courier_peers, courier_shared


def main() -> None:
    """Run what is named. Every engine starts with a tidy heap, as the program itself does."""
    name, folder, n, *rest = sys.argv[1:]
    runner: Any = asyncio.run
    with contextlib.suppress(ImportError):  # not on every platform
        import uvloop

        runner = uvloop.run
    where, count = Path(folder), int(n)
    measured = {
        "floor": lambda: courier_peers.run_floor(where, count),
        "floor in batches": lambda: courier_peers.run_floor(where, count, wave=courier_peers.BATCH),
        "one next timer": lambda: courier_peers.run_one_next_timer(where, count),
        "row by row": lambda: courier_peers.run_row_by_row(where, count),
        "apscheduler": lambda: courier_peers.run_apscheduler(where, count),
        "apscheduler untuned": lambda: courier_peers.run_apscheduler(where, count, tuned=False),
        "ptb": lambda: courier_peers.run_ptb(where, count),
        "ours": lambda: courier_ours.run_ours(where, count),
        "ours in waves": lambda: courier_ours.run_ours(where, count, paces={"console": courier_ours.Pace()}),
        "trickle": lambda: courier_ours.trickle(where, count),
        "fill": lambda: courier_ours.fill(where, count),
        "start": lambda: courier_ours.start(where, count),
        "six hundred": lambda: courier_ours.six_hundred(where, count),
        "one minute": lambda: courier_ours.one_minute(where, count),
        "one by one": lambda: courier_ours.one_by_one(where, count),
        "bulk": lambda: courier_ours.bulk(where, count),
        "card": lambda: courier_ours.card_reader(where, count),
        "fill postgres": lambda: courier_ours.fill_postgres(folder, count),
        "at one rate": lambda: courier_shared.at_one_rate(folder, count, int(rest[0])),
        "claims": lambda: courier_ours.claim_on_postgres(folder, count, int(rest[0]), rest[1]),
    }
    gc.collect()
    gc.freeze()
    found = runner(measured[name]())
    print(json.dumps(found.results() if isinstance(found, courier_peers.Race) else found))


if __name__ == "__main__":
    main()
