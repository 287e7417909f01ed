"""The shape of the command line: every command, its options, and what `--help` says about them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

#: What `run` can be split into over processes, and what `tour` can draw.
PARTS = ("discord", "telegram", "web", "courier")
DRAWN = ("discord", "telegram", "console")

_EPILOG = """\
With no command it does `run`; with no token configured either, that is the local console.
Settings come from config.toml and FIRSTCALL_… variables: see config.example.toml, and `firstcall check`.
Exit codes: 0 good, 1 bug, 2 wrong usage, 69 database or platform unreachable, 78 bad configuration.
"""


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """The arguments, read; `command` is the command's whole name, such as "db backup". None: the process's own.

    Ends the process, with the exit code 2 and a word on standard error, when they are wrong; with 0 after `--help`.
    """
    return _parser().parse_args(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="firstcall",
        description="The chat assistant for communities of session musicians.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--config", type=Path, metavar="F", help="settings file; else $FIRSTCALL_CONFIG, ./config.toml")
    parser.set_defaults(command="run", only=None)
    commands = parser.add_subparsers(metavar="command", title="commands")

    run = _add(commands, "run", "everything that is configured, in one process")
    run.add_argument("--only", type=_some_of(PARTS), metavar="P", help=f"parts, with commas: {', '.join(PARTS)}")

    console = _add(commands, "console", "the local chat, without any account")
    console.add_argument("--db", metavar="URL", help="another database, for example sqlite:///try.db")
    console.add_argument("--as", dest="speaker", metavar="NAME", help="who speaks at first")
    console.add_argument("--now", metavar="ISO", help="the moment to begin at, for example 2026-11-23T10:00Z")
    console.add_argument("--zone", metavar="Z", help="time zone of people who set none, for example Europe/London")
    console.add_argument("--script", type=Path, metavar="F", help="play the lines of a file (or pipe them in)")

    _add(commands, "check", "what is configured, what is missing, and whether the database answers")
    tour = _add(commands, "tour", "every command, card and form, drawn as text")
    tour.add_argument("--only", type=_some_of(DRAWN), metavar="S", help=f"surfaces, with commas: {', '.join(DRAWN)}")
    _add(commands, "invite", "the link that brings the bot into a Discord server; what to set at Telegram")
    _add(commands, "unit", "a hardened systemd unit for this installation")
    _add(commands, "health", "whether the running one is well (exit code 0)")

    database = commands.add_parser("db", help="the database: upgrade, status, backup, restore, copy")
    deeds = database.add_subparsers(metavar="deed", title="deeds", required=True)
    _add(deeds, "upgrade", "bring the database to this version's shape", name="db upgrade")
    _add(deeds, "status", "which migration it is at", name="db status")
    backup = _add(deeds, "backup", "copy it to a file while it is in use", name="db backup")
    backup.add_argument("file", type=Path, metavar="F", help="the file to write; must not exist yet")
    restore = _add(deeds, "restore", "put a backup back, after checking it", name="db restore")
    restore.add_argument("file", type=Path, metavar="F", help="a file that `backup` wrote")
    copy = _add(deeds, "copy", "copy everything to an empty database, SQLite or PostgreSQL", name="db copy")
    copy.add_argument("source", metavar="FROM", help="URL to read")
    copy.add_argument("target", metavar="TO", help="URL to write")

    references = commands.add_parser("references", help="the published figures shipped with the program: check")
    deeds = references.add_subparsers(metavar="deed", title="deeds", required=True)
    _add(deeds, "check", "whether they are complete, and which have run out", name="references check")
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], word: str, purpose: str, *, name: str | None = None
) -> argparse.ArgumentParser:
    parser = commands.add_parser(word, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
    # After the command as well as before it; SUPPRESS keeps an absent one from hiding the one before.
    parser.add_argument("--config", type=Path, metavar="F", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    parser.set_defaults(command=name or word)
    return parser


def _some_of(words: tuple[str, ...]) -> Callable[[str], frozenset[str]]:
    """A reader of words with commas between them."""

    def read(text: str) -> frozenset[str]:
        chosen = frozenset(word.strip() for word in text.lower().split(",") if word.strip())
        unknown = sorted(chosen - set(words))
        if unknown or not chosen:
            what = f"{', '.join(unknown)}: not one of" if unknown else "expected some of"
            raise argparse.ArgumentTypeError(f"{what} {', '.join(words)}")
        return chosen

    return read
