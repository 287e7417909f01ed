"""What First Call is told before it starts: a TOML file and the environment, read once into frozen dataclasses.

`model` declares every key beside its default, its kind and its reason, so that reading, `config.example.toml` and
`firstcall check` cannot drift apart. `kinds` turns what was written into values. `reading` finds the sources, applies
them in order and collects every problem: a person fixing a configuration should not have to start eleven times.
`secret` keeps tokens out of anything that prints.
"""

from __future__ import annotations

from bot.settings.model import (
    KEYS,
    App,
    ConsoleOptions,
    Courier,
    Database,
    Defaults,
    Discord,
    Key,
    Limits,
    LogFormat,
    LogLevel,
    Settings,
    Telegram,
    TelegramMode,
    Web,
)
from bot.settings.reading import Problem, SettingsFault, load, parse
from bot.settings.secret import Secret, redact

__all__ = [
    "KEYS",
    "App",
    "ConsoleOptions",
    "Courier",
    "Database",
    "Defaults",
    "Discord",
    "Key",
    "Limits",
    "LogFormat",
    "LogLevel",
    "Problem",
    "Secret",
    "Settings",
    "SettingsFault",
    "Telegram",
    "TelegramMode",
    "Web",
    "load",
    "parse",
    "redact",
]
