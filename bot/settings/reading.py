"""Finding what was set, and turning it into `Settings`, with every problem told at once.

Strongest first: `FIRSTCALL_<SECTION>__<KEY>` in the environment (for secrets also `…_FILE`, the path of a file that
holds the value), the TOML file, the short names that hosts set by custom (DISCORD_TOKEN, DATABASE_URL …), the default.
The customary names are weakest because they are set for everything on a machine, the file for this program alone.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.settings.kinds import Unreadable
from bot.settings.model import KEYS, SECTIONS, Key, Settings, TelegramMode
from bot.settings.secret import redact

CONFIG_VARIABLE = "FIRSTCALL_CONFIG"
PREFIX = "FIRSTCALL_"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, and a sentence that says what was read, what was expected, and an example."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class SettingsFault(Exception):
    """The configuration cannot be used. `problems` are all that were found, in the order of the keys."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class _Given:
    """A value as it was written. raw: text from the environment, any TOML value from the file."""

    raw: object
    origin: str
    is_toml: bool


def load(config: Path | None = None, *, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this start.

    config: the file named on the command line; else `$FIRSTCALL_CONFIG`, else `config.toml` here if there is one.
    environ: stands in for the process's environment.
    Raises SettingsFault, also when a file that was named cannot be read.
    """
    environ = os.environ if environ is None else environ
    named = config or (Path(environ[CONFIG_VARIABLE]) if environ.get(CONFIG_VARIABLE) else None)
    path = named or Path("config.toml")
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if named:
            missing = Problem(str(path), "there is no such file; copy config.example.toml to begin")
            raise SettingsFault([missing]) from None
        text = ""
    except (OSError, ValueError) as error:
        raise SettingsFault([Problem(str(path), f"cannot be read: {_reason(error)}")]) from None
    return parse(text, environ=environ, origin=str(path))


def parse(text: str, *, environ: Mapping[str, str], origin: str = "config.toml") -> Settings:
    """Settings from TOML `text` and an environment. origin: what to call the text in problems. Raises SettingsFault."""
    problems: list[Problem] = []
    try:
        table = tomllib.loads(text)
    except RecursionError:
        raise SettingsFault([Problem(origin, "is nested too deeply to be a configuration")]) from None
    except ValueError as error:  # TOMLDecodeError, and a number of thousands of digits
        raise SettingsFault([Problem(origin, f"is not TOML: {redact(str(error))[:200]}")]) from None
    given = dict(_from_customary(environ))
    given.update(_from_file(table, origin, problems))
    given.update(_from_environment(environ, problems))
    values: dict[str, object] = {}
    for name, written in given.items():
        try:
            values[name] = _read(KEYS[name], written)
        except Unreadable as unreadable:
            problems.append(_misread(KEYS[name], written, unreadable))
    if not problems:
        settings = _build(values, given)
        problems.extend(_contradictions(settings))
        if not problems:
            return settings
    order = {name: number for number, name in enumerate(KEYS)}
    raise SettingsFault(sorted(problems, key=lambda problem: order.get(problem.where.split(" ")[0], len(order))))


def _from_customary(environ: Mapping[str, str]) -> Iterator[tuple[str, _Given]]:
    for key in KEYS.values():
        if key.alias and environ.get(key.alias, "").strip():
            yield key.name, _Given(environ[key.alias], key.alias, is_toml=False)
        elif key.alias and key.secret and environ.get(f"{key.alias}_FILE", "").strip():
            variable = f"{key.alias}_FILE"
            yield key.name, _Given(Path(environ[variable].strip()), variable, is_toml=False)


def _from_file(table: dict[str, Any], origin: str, problems: list[Problem]) -> Iterator[tuple[str, _Given]]:
    for section, entries in table.items():
        if section not in SECTIONS:
            names = [f"{section}.{key}" for key in entries] if isinstance(entries, dict) and entries else [section]
            problems.extend(Problem(f"{_shown(name)} (in {origin})", _unknown(name)) for name in names)
        elif not isinstance(entries, dict):
            what = f"is a section; write [{section}] and its keys below it."
            problems.append(Problem(f"{section} (in {origin})", what))
        else:
            for key, raw in entries.items():
                name = f"{section}.{key}"
                if name in KEYS:
                    yield name, _Given(raw, origin, is_toml=True)
                else:
                    problems.append(Problem(f"{_shown(name)} (in {origin})", _unknown(name)))


def _from_environment(environ: Mapping[str, str], problems: list[Problem]) -> Iterator[tuple[str, _Given]]:
    known = set()
    for key in KEYS.values():
        variable, file_variable = key.variable, f"{key.variable}_FILE"
        known.add(variable)
        if variable in environ:
            yield key.name, _Given(environ[variable], variable, is_toml=False)
        if key.secret:
            known.add(file_variable)
            if file_variable in environ and variable in environ:
                problems.append(Problem(key.name, f"is set by {variable} and by {file_variable}; keep one of them."))
            elif environ.get(file_variable, "").strip():
                yield key.name, _Given(Path(environ[file_variable].strip()), file_variable, is_toml=False)
    # One underscore too few is the usual slip. Other FIRSTCALL_ names are none of our business (a test database, say).
    slips = {variable.replace("__", "_") for variable in known}
    for variable in environ:
        if variable.startswith(PREFIX) and variable not in known and ("__" in variable or variable in slips):
            near = difflib.get_close_matches(variable, known, n=1)
            what = f" Did you mean {near[0]}?" if near else ""
            problems.append(Problem(_shown(variable), f"is not a setting.{what}"))


def _read(key: Key, written: _Given) -> object:
    if isinstance(written.raw, Path):
        return key.kind.of_text(_content(written.raw))
    if written.is_toml:
        return key.kind.of_toml(written.raw)
    text = str(written.raw).strip()
    if not text and not key.optional:
        raise Unreadable(key.kind.expected)
    return key.kind.of_text(text)


def _content(path: Path) -> str:
    """The one value in a file, as secret mounts write it. Raises Unreadable."""
    try:
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise Unreadable(f"a readable file at {_shown(str(path))} ({_reason(error)})") from None
    if not text:
        raise Unreadable(f"the value in the file {_shown(str(path))}, which is empty")
    return text


def _build(values: Mapping[str, object], given: Mapping[str, _Given]) -> Settings:
    sections: dict[str, Any] = {}
    for section, kind in SECTIONS.items():
        start = f"{section}."
        sections[section] = kind(**{n.removeprefix(start): v for n, v in values.items() if n.startswith(start)})
    return Settings(**sections, origins={name: written.origin for name, written in given.items()})


def _contradictions(settings: Settings) -> Iterator[Problem]:
    """Values that are good alone and make no sense together."""
    telegram, discord = settings.telegram, settings.discord
    if telegram.mode is TelegramMode.WEBHOOK:
        needed = {
            "telegram.webhook_url": telegram.webhook_url,
            "telegram.webhook_secret": telegram.webhook_secret,
            "web.listen": settings.web.listen,
        }
        for name, value in needed.items():
            if value is None:
                yield Problem(name, f"telegram.mode = webhook needs it, for example {KEYS[name].example}.")
    if discord.shard_ids is not None:
        if discord.shards is None:
            yield Problem("discord.shards", "discord.shard_ids needs the number of all shards, for example 8.")
        elif discord.shard_ids[-1] >= discord.shards:
            what = f"names shard {discord.shard_ids[-1]}; the last of {discord.shards} is {discord.shards - 1}."
            yield Problem("discord.shard_ids", what)


def _misread(key: Key, written: _Given, unreadable: Unreadable) -> Problem:
    read = ""
    if not isinstance(written.raw, Path):
        read = "the value, which is not shown, is not right; " if key.secret else f"read {_quoted(written.raw)}; "
    hint = f" Did you mean {unreadable.hint}?" if unreadable.hint else ""
    what = f"{read}expected {unreadable.expected}. Example: {key.example}.{hint}"
    place = f"in {written.origin}" if written.is_toml else f"from {written.origin}"
    return Problem(f"{key.name} ({place})", what)


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, KEYS, n=1)
    if not near:
        last = name.rpartition(".")[2]
        near = [known for known in KEYS if known.rpartition(".")[2] == last][:1]
    return "is not a setting." + (f" Did you mean {near[0]}?" if near else " config.example.toml lists all of them.")


def _quoted(raw: object) -> str:
    try:
        return _shown(repr(raw))
    except ValueError:  # Python writes no integer of more than 4300 digits, yet TOML may hold one in hexadecimal
        return "a number of thousands of digits"


def _shown(text: str) -> str:
    """Something a person wrote, short, without control characters, and without what looks like a token."""
    text = redact(text if text.isprintable() and text else repr(text))
    return text if len(text) <= 80 else text[:77] + "…"


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return error.strerror or "unknown reason"
    return "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else "its name is not a path"
