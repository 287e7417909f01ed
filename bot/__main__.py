"""From arguments to a command, and from whatever happens in it to an exit code; nothing else.

Everything is imported by the command that needs it: `--help` must answer at once, and a console must not pay for
discord.py. While much is loaded nothing is thrown away, and looking for it would take a tenth of the start: `bot.app`
turns the collector on again once everything is there. Exit codes: 0 good, 1 bug, 2 wrong usage, 69 database or
platform unreachable, 78 bad configuration (the last two as in BSD's sysexits.h), 130 interrupted from the keyboard.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Any

from bot import arguments, later, unwritten

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Mapping

    from bot.settings import ConsoleOptions, Secret, Settings

GOOD, BUG, USAGE, UNREACHABLE, BAD_CONFIGURATION, INTERRUPTED = 0, 1, 2, 69, 78, 130


#: Commands that use more than the one database: which file or server refuses is in the reason.
_DEEDS = frozenset({"db backup", "db restore", "db copy"})


class WrongUsage(Exception):
    """An argument is wrong in a way that only the settings could tell. The text completes "firstcall: error: "."""


def start() -> int:
    """Be the program of this process, which loads nothing before it is used; its exit code."""
    os.umask(0o077)  # what is kept of people is for nobody else on this machine
    later.install()
    unwritten.install()
    return main()


def main(typed: list[str] | None = None) -> int:
    """Run one command and return its exit code. typed: the arguments; None: the process's own."""
    chosen = arguments.parse(typed)
    try:
        code = _guarded(chosen)
        sys.stdout.flush()
        return code
    except WrongUsage as error:
        _say(f"firstcall: error: {error}")
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone (`firstcall tour | head`); Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GOOD
    finally:
        gc.enable()


def _guarded(chosen: argparse.Namespace) -> int:
    """Load the settings, do the command, and give every way of failing its exit code."""
    from bot.settings import SettingsFault, load

    try:
        settings = load(chosen.config)
    except SettingsFault as fault:
        _say("First Call cannot use this configuration:")
        for problem in fault.problems:
            _say(f"  {problem}")
        _say("config.example.toml explains every key.")
        return BAD_CONFIGURATION

    import logging

    from bot import logs
    from storage.faults import NewerDatabase, NotSafe, Unreachable

    serving = chosen.command == "run" and not _is_console(chosen, settings)
    # Where a person reads the answers, progress in the log would be in the way.
    logs.set_up(settings.app, secrets=settings.secrets(), at_least=logging.DEBUG if serving else logging.WARNING)
    try:
        return _COMMANDS[chosen.command](chosen, settings)
    except Unreachable as fault:
        what = "That cannot be done" if chosen.command in _DEEDS else "The database cannot be used"
        _say(f"{what}: {_clean(fault.reason, settings)}")
        return UNREACHABLE
    except NewerDatabase as fault:
        _say(f"This program is older than its data: {fault}.")
        _say("Install the newer First Call again, or restore the backup made before it was installed.")
        return BAD_CONFIGURATION
    except NotSafe as fault:
        raise WrongUsage(_clean(fault.reason, settings)) from None
    except (WrongUsage, BrokenPipeError):
        raise
    except Exception as error:  # noqa: BLE001  # the last place before the door: a bug gets its reference here
        reference = logs.report_bug(logging.getLogger("bot"), error, command=chosen.command)
        _say(f"That is a bug in First Call, not your doing. Reference {reference}; the details are in the log above.")
        return BUG


def _is_console(chosen: argparse.Namespace, settings: Settings) -> bool:
    """Whether `run` has nothing to serve and becomes the local console."""
    return chosen.only is None and not settings.has_platform


def _run(chosen: argparse.Namespace, settings: Settings) -> int:
    if _is_console(chosen, settings):
        from bot.settings import ConsoleOptions

        return _open_console(settings, ConsoleOptions())
    gc.disable()
    from bot import app

    return app.run(settings, chosen.only)


def _console(chosen: argparse.Namespace, settings: Settings) -> int:
    return _open_console(settings, _console_options(chosen, settings))


def _open_console(settings: Settings, options: ConsoleOptions) -> int:
    gc.disable()
    from bot import app

    return app.console(settings, options)


def _tour(chosen: argparse.Namespace, settings: Settings) -> int:
    from bot import app

    return app.tour(settings, chosen.only)


def _check(_: argparse.Namespace, settings: Settings) -> int:
    from bot.doctor import check

    return _print(*check(settings))


def _invite(_: argparse.Namespace, settings: Settings) -> int:
    from bot.invite import invite

    return _print(*invite(settings))


def _health(_: argparse.Namespace, settings: Settings) -> int:
    from bot.health import health

    return _print(*health(settings))


def _unit(chosen: argparse.Namespace, _: Settings) -> int:
    from bot.unit import unit

    return _print(*unit(chosen.config))


def _upgrade(_: argparse.Namespace, settings: Settings) -> int:
    from bot import database

    return _print(database.upgrade(settings.database_url, settings.app.data_dir), GOOD)


def _status(_: argparse.Namespace, settings: Settings) -> int:
    from bot import database

    return _print(database.status(settings.database_url), GOOD)


def _backup(chosen: argparse.Namespace, settings: Settings) -> int:
    from bot import database

    return _print(database.backup(settings.database_url, chosen.file), GOOD)


def _restore(chosen: argparse.Namespace, settings: Settings) -> int:
    from bot import database

    return _print(database.restore(settings.database_url, chosen.file), GOOD)


def _copy(chosen: argparse.Namespace, settings: Settings) -> int:
    source, target = _address("FROM", chosen.source, settings), _address("TO", chosen.target, settings)
    from bot import database

    return _print(database.copy(source, target), GOOD)


def _references(_: argparse.Namespace, __: Settings) -> int:
    from datetime import UTC, datetime

    from bot.references import check

    return _print(*check(datetime.now(UTC).date()))


def _print(lines: Iterable[str], code: int) -> int:
    for line in lines:
        print(line)  # noqa: T201  # these commands answer on standard output
    return code


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201  # for the person who typed, whatever becomes of the log


def _clean(text: str, settings: Settings) -> str:
    from bot.settings import redact

    return redact(text, settings.secrets())


def _console_options(chosen: argparse.Namespace, settings: Settings) -> ConsoleOptions:
    """The console's arguments, read. Raises WrongUsage."""
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from bot.settings import ConsoleOptions

    zone: str | None = _argument("--zone", "defaults.zone", chosen.zone) if chosen.zone else None
    moment = None
    if chosen.now:
        try:
            moment = datetime.fromisoformat(chosen.now)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=ZoneInfo(zone or settings.defaults.zone))
            moment = moment.astimezone(UTC)
        except (ValueError, OverflowError):
            raise WrongUsage(f"--now: read {chosen.now!r}, expected a moment such as 2026-11-23T10:00Z") from None
    if chosen.script is not None and not chosen.script.is_file():
        raise WrongUsage(f"--script: there is no file {chosen.script}")
    return ConsoleOptions(
        database=_address("--db", chosen.db, settings) if chosen.db else None,
        speaker=chosen.speaker,
        now=moment,
        zone=zone,
        script=chosen.script,
    )


def _address(option: str, text: str, settings: Settings) -> Secret:
    """A database's address given as an argument, `{data_dir}` filled in. Raises WrongUsage."""
    address: Secret = _argument(option, "database.url", text)
    return settings.database_at(address)


def _argument(option: str, key: str, text: str) -> Any:
    """An argument read as the setting `key` would be. Raises WrongUsage."""
    from bot.settings import KEYS
    from bot.settings.kinds import Unreadable

    about = KEYS[key]
    try:
        return about.kind.of_text(text.strip())
    except Unreadable as error:
        read = "" if about.secret else f"read {text!r}, "
        near = f"; did you mean {error.hint}?" if error.hint else ""
        raise WrongUsage(f"{option}: {read}expected {error.expected}{near}") from None


_COMMANDS: Mapping[str, Callable[[argparse.Namespace, Settings], int]] = {
    "run": _run,
    "console": _console,
    "tour": _tour,
    "check": _check,
    "invite": _invite,
    "unit": _unit,
    "health": _health,
    "db upgrade": _upgrade,
    "db status": _status,
    "db backup": _backup,
    "db restore": _restore,
    "db copy": _copy,
    "references check": _references,
}

if __name__ == "__main__":
    sys.exit(start())
