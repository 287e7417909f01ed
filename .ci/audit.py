"""Asks a vulnerability service about every locked library, and fails on what it knows and on nothing else.

A machine without a way to such a service must still be able to check a change, and whether a service answers says
nothing about the change: what could not be asked is said, and is no failure. `make lint AUDIT=no` leaves it out, as
`.ci/run` does; what is found there from one day to the next is the business of whoever keeps the locks.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMAND = [
    *(sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--requirement", "requirements.lock"),
    *("--format", "json", "--progress-spinner", "off", "--timeout", "10"),
]
#: Seconds for all libraries together.
WITHIN = 120


def judge(answer: str) -> tuple[list[str], int]:
    """What to say about pip-audit's answer in JSON, and the exit code: 1 for known vulnerabilities, else 0."""
    try:
        libraries = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return ["audit: no service could be asked"], 0
    asked = [one for one in libraries if "vulns" in one]
    found = [
        f"{one['name']} {one['version']}: {known['id']}, mended in {', '.join(known['fix_versions']) or 'no version'}"
        for one in asked
        for known in one["vulns"]
    ]
    silent = len(libraries) - len(asked)
    summary = f"audit: {len(asked)} libraries, {len(found) or 'nothing'} found"
    if silent:
        summary += f"; {silent} could not be asked about"
    return [*found, summary], 1 if found else 0


def main() -> int:
    """Ask, print, and return the exit code."""
    try:
        done = subprocess.run(COMMAND, cwd=ROOT, capture_output=True, text=True, timeout=WITHIN, check=False)
        lines, code = judge(done.stdout)
    except subprocess.TimeoutExpired:
        lines, code = [f"audit: no service answered within {WITHIN} s"], 0
    print("\n".join(lines))
    return code


if __name__ == "__main__":
    sys.exit(main())
