"""What First Call writes about itself: text or JSON lines, with secrets blanked out of every one of them.

The blanking sits in the formatter, not in a filter, because only the formatter sees the traceback; and it covers known
secrets as well as token shapes, because httpx, discord.py and python-telegram-bot put tokens into addresses and texts
of their own making. Lines hold ids, never names, fees, health notes or what people wrote.
"""

from __future__ import annotations

import json
import logging
import math
import secrets as randomness
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from bot.settings.model import App, LogFormat
from bot.settings.secret import redact

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

#: Libraries that say too much: each loses what is below its level, whatever `app.log_level` is. Reasons in order:
#: a line with the token for every request; a line for every scrape; message texts at DEBUG; SQL with people's words in
#: it; a line for every callback that took 100 ms, which the loop's own watch reports better.
FLOORS = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "aiohttp.access": logging.WARNING,
    "telegram": logging.INFO,
    "discord": logging.INFO,
    "sqlalchemy": logging.WARNING,
    "aiosqlite": logging.INFO,
    "alembic": logging.WARNING,
    "asyncio": logging.INFO,
    "PIL": logging.INFO,
    "tzlocal": logging.INFO,
}

#: No 0, 1, I, L, O: the reference is read out over a phone and typed back.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
#: Control characters as `\xNN`: a message must not move the cursor or start a line that looks like another entry.
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}


class Redacting(logging.Formatter):
    """A formatter whose finished line, traceback included, has no secret in it. `known`: secrets in the clear."""

    def __init__(self, known: Sequence[str] = ()) -> None:
        super().__init__()
        self._known = tuple(known)

    def format(self, record: logging.LogRecord) -> str:
        """The finished line, blanked."""
        raise NotImplementedError

    def blank(self, text: str) -> str:
        """`text` without secrets. To be called before anything quotes or escapes, which could hide one."""
        return redact(text, self._known)

    def trace(self, record: logging.LogRecord) -> str:
        """The record's traceback and stack as text, or nothing."""
        # Not record.exc_text: another formatter's text may be kept there.
        parts = [self.formatException(record.exc_info)] if record.exc_info and record.exc_info[0] else []
        if record.stack_info:
            parts.append(record.stack_info)
        return "\n".join(parts)


class TextLines(Redacting):
    """`2026-11-23T10:00:00.123Z info    bot.app: message key=value`, a traceback indented below."""

    def format(self, record: logging.LogRecord) -> str:
        """One entry; every line of it after the first is indented."""
        extras = "".join(f" {name}={value}" for name, value in _extras(record).items())
        start = f"{_moment(record)} {record.levelname.lower():<8}{record.name}: {_message(record)}{extras}"
        text = "\n".join(part for part in (start, self.trace(record)) if part)
        return self.blank(text).translate(_CONTROLS).replace("\n", "\n    ")


class JsonLines(Redacting):
    """One object a line: `time`, `level`, `logger`, `message`, `trace` when there is one, and the extras."""

    def format(self, record: logging.LogRecord) -> str:
        """The object, as JSON."""
        entry: dict[str, object] = {
            "time": _moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        trace = self.trace(record)
        if trace:
            entry["trace"] = trace
        entry = _extras(record) | entry
        return json.dumps({self.blank(name): self._clean(value) for name, value in entry.items()})

    def _clean(self, value: object) -> object:
        if value is None or isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
            return value
        return self.blank(str(value))


def set_up(
    app: App,
    *,
    secrets: Sequence[str] = (),
    stream: TextIO | None = None,
    at_least: int = logging.DEBUG,
) -> None:
    """Send the whole process's log to `stream` (None: standard error), and only there.

    secrets: every secret in the clear (`Settings.secrets()`). at_least: raises the level, for a console that people
    type into. Also catches what would be printed past logging: warnings, and errors in threads and destructors.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter((JsonLines if app.log_format is LogFormat.JSON else TextLines)(secrets))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    level = max(logging.getLevelNamesMapping()[app.log_level.upper()], at_least)
    root.setLevel(level)
    for name, floor in FLOORS.items():
        logging.getLogger(name).setLevel(max(level, floor))
    logging.captureWarnings(True)
    threading.excepthook = _thread_died
    sys.unraisablehook = _destructor_failed


def bug_reference() -> str:
    """A short name for one bug as it happened, such as `B-7KQ2M`, told to the person and written in the log."""
    return "B-" + "".join(randomness.choice(_ALPHABET) for _ in range(5))


def report_bug(
    log: logging.Logger,
    error: BaseException,
    message: str = "unexpected error",
    **ids: int | str | None,
) -> str:
    """Log `error` with its traceback under a new reference, and return the reference. ids: what it was about."""
    reference = bug_reference()
    trace: tuple[type[BaseException], BaseException, TracebackType | None] = (type(error), error, error.__traceback__)
    log.error("%s", message, exc_info=trace, extra={**{f"about_{k}": v for k, v in ids.items()}, "ref": reference})
    return reference


def _moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception as error:  # noqa: BLE001  # a slip in a log call must cost that line's wording, not the work
        return f"{record.msg!r} (could not be filled in: {type(error).__name__})"


def _extras(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


def _thread_died(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and args.exc_type is not SystemExit:
        name = args.thread.name if args.thread else "unknown"
        report_bug(logging.getLogger("bot.threads"), args.exc_value, "a thread died", thread=name)


def _destructor_failed(args: UnraisableHookArgs) -> None:
    if args.exc_value is not None:
        report_bug(logging.getLogger("bot.unraisable"), args.exc_value, args.err_msg or "an error nobody could catch")
