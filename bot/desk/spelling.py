"""A typed command line to a command and its values, as Telegram and the console take it.

`/gig post role=drums when="sat 19:30"`, `/gig_post …`, `gig post …` and `/gig bass, Sat …` all lead to "gig post".
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cogs.kit.cog import Command

_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "'": "'", "‘": "’"}


@dataclass(frozen=True, slots=True)
class Spelled:
    """What a line asks for.

    command: None when only a group was named ("gig") or nothing is known by that name.
    group: the first word when commands start with it. near: known names that are spelled alike.
    given: values named in the line, by parameter. line: the free text.
    """

    command: Command | None
    group: str | None = None
    given: Mapping[str, str] = field(default_factory=dict)
    line: str = ""
    near: tuple[str, ...] = ()


class Speller:
    """Knows every spelling of every command."""

    def __init__(self, commands: Sequence[Command], group_aliases: Mapping[str, str]) -> None:
        self._group_aliases = dict(group_aliases)
        self._exact: dict[str, Command] = {}
        self._one_line: dict[str, Command] = {}
        for command in commands:
            self._exact[command.name] = command
            for alias in command.aliases:
                self._exact[alias] = command
            for word in command.one_line:
                self._one_line[word] = command
        self._groups = {name.split()[0] for name in self._exact if " " in name}

    def names(self) -> list[str]:
        """Every spelling that leads somewhere, for completion."""
        return sorted({*self._exact, *self._one_line, *self._groups})

    def knows(self, word: str) -> bool:
        """Whether a line that starts with `word` is a command at all."""
        head = self._word(word)
        return head in self._exact or head in self._one_line or head in self._groups or "_" in head

    def read(self, text: str) -> Spelled:
        """Take a line apart; the leading slash and the @name of the bot are optional."""
        text = text.strip().removeprefix("/")
        head, _, rest = text.partition(" ") if "\n" not in text.split(" ")[0] else text.partition("\n")
        first = self._word(head.split("@")[0])
        rest = rest.strip()
        second, _, tail = rest.partition(" ")
        if "_" in first and first not in self._exact and first not in self._one_line:
            group, _, sub = first.partition("_")
            first, second, tail = self._group_aliases.get(group, group), sub, rest
            rest = f"{sub} {rest}".strip()
        if "=" not in second:
            two = self._exact.get(f"{first} {second.casefold()}")
            if two is not None:
                return self._filled(two, tail.strip(), first)
        one = self._exact.get(first)
        if one is not None:
            return self._filled(one, rest, first)
        line = self._one_line.get(first)
        if line is not None and (rest or first not in self._groups):
            return self._filled(line, rest, first)
        if first in self._groups:
            near = difflib.get_close_matches(f"{first} {second.casefold()}", self._exact, n=3, cutoff=0.6)
            return Spelled(None, group=first, line=rest, near=tuple(near) if rest else ())
        return Spelled(None, line=rest, near=self._near(first))

    def _near(self, word: str) -> tuple[str, ...]:
        """Names somebody may have meant: a slip of the finger, or a longer word for one ("availability")."""
        names = self.names()
        alike = difflib.get_close_matches(word, names, n=3, cutoff=0.7)
        begun = [name for name in (*self._groups, *self._one_line) if len(name) > 3 and word.startswith(name)]
        return tuple(dict.fromkeys((*sorted(begun, key=len, reverse=True)[:1], *alike)))[:3]

    def _word(self, word: str) -> str:
        word = word.removeprefix("/").casefold()
        return self._group_aliases.get(word, word)

    def _filled(self, command: Command, rest: str, group: str) -> Spelled:
        given, line = named_values(rest, [p.name for p in command.parameters])
        return Spelled(command, group=group, given=given, line=line)


def named_values(text: str, names: Iterable[str]) -> tuple[dict[str, str], str]:
    """Values written as name=value or name="several words"; returns them and the text around them.

    An unquoted value runs to the next known name or the end, so `when=sat 19:30 fee=£250` needs no quotes.
    """
    pattern = re.compile(r"(?<!\S)(" + "|".join(map(re.escape, names)) + r")\s*=\s*", re.IGNORECASE) if names else None
    if pattern is None:
        return {}, text
    given: dict[str, str] = {}
    around, position = [], 0
    while match := pattern.search(text, position):
        around.append(text[position : match.start()])
        start = match.end()
        closing = _QUOTES.get(text[start : start + 1])
        end = text.find(closing, start + 1) if closing else -1
        if closing and end != -1:
            value, position = text[start + 1 : end], end + 1
        else:
            following = pattern.search(text, start)
            position = following.start() if following else len(text)
            value = text[start:position].strip()
        given[match[1].casefold()] = value
    around.append(text[position:])
    return given, " ".join(" ".join(around).split())
