"""Hears everything that a program writes to its log while a story is told, to see that nobody can read it there."""

from __future__ import annotations

import io
import logging
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot import logs
from bot.settings import App, LogFormat, LogLevel, Settings

#: A story with names, places, fees and reminders in it, which must be nowhere in the log.
STORY = (Path(__file__).parents[1] / "stories/first_call.script").read_text("utf-8")

#: A few lines of it, for a log that grows by pages with every request.
BEGINNING = STORY.partition("!as Bob")[0]


@contextmanager
def listening(settings: Settings, *, lifted: bool) -> Iterator[io.StringIO]:
    """The log at DEBUG, as the program sets it up. lifted: with every library at DEBUG too, which it never allows."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, {name: logging.getLogger(name).level for name in logs.FLOORS}
    hooks = threading.excepthook, sys.unraisablehook
    heard = io.StringIO()
    try:
        app = App(log_level=LogLevel.DEBUG, log_format=LogFormat.JSON)
        logs.set_up(app, secrets=settings.secrets(), stream=heard)
        if lifted:
            for name in logs.FLOORS:
                logging.getLogger(name).setLevel(logging.DEBUG)
        yield heard
    finally:
        logging.captureWarnings(False)
        root.handlers[:], level, levels = before
        root.setLevel(level)
        for name, was in levels.items():
            logging.getLogger(name).setLevel(was)
        threading.excepthook, sys.unraisablehook = hooks


def personal_words(text: str) -> set[str]:
    """What of the story stands in a log that is nobody's business: names of people, and what they wrote."""
    names = set(re.findall(r"^!as (\w+)", STORY, re.MULTILINE))
    assert names
    words = {*names, "£220", "220", "Leeds", "spare strings", "strings"}
    return {word for word in words if re.search(rf"(?<![\w.]){re.escape(word)}(?![\w.])", text)}
