"""Logs: one entry a line or one object a line, nothing secret in any of them, quiet libraries kept quiet."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import logs
from bot.settings import App, LogFormat, LogLevel
from tests.bot.test_settings import DISCORD_TOKEN, TELEGRAM_TOKEN


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Logging is the process's own: put it back as it was for whoever is tested next."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.FLOORS}
    hooks = threading.excepthook, sys.unraisablehook
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    threading.excepthook, sys.unraisablehook = hooks


def open_log(
    log_format: LogFormat = LogFormat.TEXT, *, level: LogLevel = LogLevel.INFO, secrets: tuple[str, ...] = ()
) -> io.StringIO:
    stream = io.StringIO()
    logs.set_up(App(log_format=log_format, log_level=level), secrets=secrets, stream=stream)
    return stream


def fail_with(text: str) -> Exception:
    try:
        raise RuntimeError(text)
    except RuntimeError as error:
        return error


def test_a_text_line_has_moment_level_logger_message_and_ids() -> None:
    stream = open_log()
    logging.getLogger("bot.app").info("gig %s posted", "G12", extra={"person_id": 7})
    moment, rest = stream.getvalue().split(" ", 1)
    assert moment.endswith("Z")
    assert "T" in moment
    assert rest == "info    bot.app: gig G12 posted person_id=7\n"


def test_a_json_line_is_one_object() -> None:
    stream = open_log(LogFormat.JSON)
    logging.getLogger("bot.app").warning("first\nsecond", extra={"person_id": 7, "late": float("nan"), "what": None})
    logging.getLogger("bot.app").info("third")
    first, second = (json.loads(line, parse_constant=pytest.fail) for line in stream.getvalue().splitlines())
    assert first.pop("time").endswith("Z")
    assert first == {
        "level": "warning",
        "logger": "bot.app",
        "message": "first\nsecond",
        "person_id": 7,
        "late": "nan",
        "what": None,
    }
    assert second["message"] == "third"


def test_a_message_cannot_pass_for_another_entry_or_move_the_cursor() -> None:
    stream = open_log()
    logging.getLogger("bot").info("one\n2026-01-01T00:00:00.000Z error   bot: two\r\x1b[2J")
    assert stream.getvalue().count("\n    2026-01-01") == 1
    assert "\x1b" not in stream.getvalue()
    assert "\r" not in stream.getvalue()


@pytest.mark.parametrize("log_format", list(LogFormat))
def test_no_token_in_message_arguments_extras_or_traceback(log_format: LogFormat) -> None:
    known = "an ordinary-looking password"
    stream = open_log(log_format, secrets=(known,))
    log = logging.getLogger("telegram.ext")
    for secret in (TELEGRAM_TOKEN, DISCORD_TOKEN, known):
        log.error(f"message {secret}")
        log.error("arguments %s", [secret])
        log.error("extras", extra={"url": f"https://api.telegram.org/bot{secret}/getMe", f"k{secret}": 1})
        log.error("trace", exc_info=fail_with(f"rejected: {secret}"))
        log.error("stack", stack_info=True)
        logs.report_bug(log, fail_with(secret), what=secret)
    text = stream.getvalue()
    assert text.count("rejected: ***") == 3
    assert "Traceback" in text
    for secret in (TELEGRAM_TOKEN, DISCORD_TOKEN, known):
        assert secret not in text


@pytest.mark.parametrize("log_format", list(LogFormat))
@given(secret=st.text(min_size=4, max_size=20), around=st.text(max_size=10))
def test_a_known_secret_is_blanked_whatever_it_is_made_of(log_format: LogFormat, secret: str, around: str) -> None:
    formatter = (logs.JsonLines if log_format is LogFormat.JSON else logs.TextLines)((secret,))
    record = logging.makeLogRecord({"name": "bot", "levelname": "INFO", "msg": f"@{secret}@{around}"})
    text = formatter.format(record)
    # Not "secret not in text": a secret such as "0000" may be part of the year, or of what stands around it.
    assert ("***" in text) or secret in "@***@"


def test_a_traceback_kept_by_another_formatter_is_not_taken_over() -> None:
    stream = open_log()
    record = logging.makeLogRecord({"msg": "x", "levelno": 40, "levelname": "ERROR"})
    record.exc_info = (RuntimeError, fail_with("boom"), None)
    logging.Formatter().format(record)
    record.exc_text = f"leaked {TELEGRAM_TOKEN}"
    logging.getLogger().handle(record)
    assert "boom" in stream.getvalue()
    assert "leaked" not in stream.getvalue()


def test_a_slip_in_a_log_call_costs_only_its_wording() -> None:
    stream = open_log()
    logging.getLogger("bot").info("%d gigs", "many")
    assert "'%d gigs' (could not be filled in: TypeError)" in stream.getvalue()


def test_talkative_libraries_are_held_back_even_at_debug() -> None:
    stream = open_log(level=LogLevel.DEBUG)
    for name in ("httpx", "httpcore", "aiohttp.access", "sqlalchemy.engine"):
        logging.getLogger(name).info("a line for every request")
    for name in ("telegram.ext.ExtBot", "discord.gateway", "discord.webhook.async_"):
        logging.getLogger(name).debug("a token, or what people wrote")
    assert stream.getvalue() == ""
    logging.getLogger("bot.desk").debug("seen")
    logging.getLogger("discord.client").info("seen")
    logging.getLogger("httpx").warning("seen")
    assert stream.getvalue().count("seen") == 3


def test_the_level_counts_for_libraries_too() -> None:
    stream = open_log(level=LogLevel.ERROR)
    logging.getLogger("discord").warning("not seen")
    logging.getLogger("bot").warning("not seen")
    assert stream.getvalue() == ""


def test_setting_up_twice_keeps_one_handler() -> None:
    first, second = open_log(), open_log()
    logging.getLogger("bot").info("once")
    assert first.getvalue() == ""
    assert second.getvalue().count("once") == 1


def test_a_bug_has_the_same_reference_for_the_person_and_the_log() -> None:
    stream = open_log(LogFormat.JSON)
    reference = logs.report_bug(logging.getLogger("bot.desk"), fail_with("boom"), person_id=7, gig=None)
    entry = json.loads(stream.getvalue())
    assert entry["ref"] == reference
    assert entry["about_person_id"] == 7
    assert "RuntimeError: boom" in entry["trace"]
    assert entry["level"] == "error"


def test_references_can_be_read_out_over_a_phone() -> None:
    references = {logs.bug_reference() for _ in range(200)}
    assert len(references) > 190
    assert all(len(reference) == 7 and not set(reference[2:]) & set("01ILO") for reference in references)


def test_errors_in_threads_and_warnings_go_through_the_same_formatter() -> None:
    stream = open_log()

    def die() -> None:
        raise RuntimeError(TELEGRAM_TOKEN)

    thread = threading.Thread(target=die, name="payer")
    thread.start()
    thread.join()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"careful: {TELEGRAM_TOKEN}", UserWarning, stacklevel=1)
    text = stream.getvalue()
    assert "a thread died" in text
    assert "about_thread=payer" in text
    assert "careful: ***" in text
    assert TELEGRAM_TOKEN not in text
