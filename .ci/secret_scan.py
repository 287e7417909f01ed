"""Looks through every file of the repository for what must not be there: tokens, keys, passwords in addresses.

A find is a line with a string shaped like a secret. Made-up ones, as tests need them, are told from real ones by their
poverty: a real token hardly repeats itself. A line that is meant to look like one says "not a secret" in a comment.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

SHAPES = {
    "a Telegram bot token": r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}",
    "a Discord bot token": r"[MNO][\w-]{23,28}\.[\w-]{6}\.[\w-]{27,}",
    "a Discord webhook": r"discord(?:app)?\.com/api/webhooks/\d+/[\w-]{20,}",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{40,})",
    "an AWS key": r"\bAKIA[0-9A-Z]{16}\b",
    "a Slack token": r"\bxox[abprs]-[A-Za-z0-9-]{20,}",
}
PATTERNS = {what: re.compile(shape) for what, shape in SHAPES.items()}
EXCUSE = "not a secret"

#: Different characters in a row of letters and digits below which nobody's random generator made it.
FEWEST_DIFFERENT = 15


def finds(text: str) -> list[tuple[int, str]]:
    """Line numbers and what was found there. A private key's first line counts however poor it is."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if EXCUSE in line:
            continue
        for what, pattern in PATTERNS.items():
            for match in pattern.finditer(line):
                if what == "a private key" or len(set(match[0])) >= FEWEST_DIFFERENT:
                    found.append((number, what))
    return found


def files() -> list[Path]:
    """What git has or would take: tracked files, and new ones that are not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.decode("utf-8", "surrogateescape").split("\0") if name]


def main() -> int:
    """Print what was found; 1 when something was."""
    count = 0
    try:
        chosen = files()
    except (OSError, subprocess.CalledProcessError):
        print("secret scan: skipped, this is not a git checkout")
        return 0
    for path in chosen:
        if path.suffix == ".lock" or not path.is_file():
            continue
        for number, what in finds(path.read_text(encoding="utf-8", errors="replace")):
            print(f"{path.relative_to(ROOT)}:{number}: looks like {what}")
            count += 1
    print(f"secret scan: {len(chosen)} files, {count or 'nothing'} found")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
