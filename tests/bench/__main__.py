"""Run the benches: `python -m tests.bench [--scale small|full] [names]`. SCALE in the environment is the default."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sqlite3
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench.table import Row, as_page, as_text, growth, picture

HERE = Path(__file__).parent


def main(arguments: list[str] | None = None) -> int:
    """Run, print one table, write results.json, results.md and pictures; with --strict 1 when a target was missed."""
    known = sorted(file.stem.removeprefix("bench_") for file in HERE.glob("bench_*.py"))
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure, beside peers and floors.")
    parser.add_argument("names", nargs="*", help=f"which: {', '.join(known)} (all)")
    parser.add_argument("--scale", choices=("small", "full"), default=os.environ.get("SCALE") or "small")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the results and pictures")
    parser.add_argument("--strict", action="store_true", help="fail when a target is missed; for a quiet machine")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(known):
        parser.error(f"no such bench: {', '.join(sorted(unknown))}. There are: {', '.join(known)}")
    results: dict[str, list[Row]] = {}
    for name in chosen.names or known:
        began = time.perf_counter()
        print(f"{name} ...", file=sys.stderr, flush=True)
        results[name] = importlib.import_module(f"tests.bench.bench_{name}").rows(chosen.scale)
        print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    print(as_text(results))
    keep(results, chosen.scale, chosen.out)
    missed = any(one["met"] is False for rows in results.values() for one in rows)
    return 1 if chosen.strict and missed else 0


def keep(results: Mapping[str, Sequence[Row]], scale: str, folder: Path) -> None:
    """Write the results into `folder`; those of benches that did not run stay."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "results.json"
    kept = json.loads(file.read_text()) if file.exists() else {}
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    for name, rows in results.items():
        kept[name] = {"scale": scale, "machine": machine, "sqlite": sqlite3.sqlite_version, "rows": rows}
        picture(name, rows, folder / f"{name}.png")
        growth(name, rows, folder / f"{name}-growth.png")
    (folder / "results.md").write_text(as_page(kept))
    file.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
