"""What Tab offers: meta lines, commands, their options, and the values that a feature suggests."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncGenerator, Iterable, Iterator

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from bot.desk.own_words import OWN_WORDS
from bot.on_console.meta import META_LINES
from bot.on_console.shell import Shell
from cogs.kit.ask import Kind
from cogs.kit.cog import Command
from cogs.kit.form import Choice

log = logging.getLogger(__name__)

#: The last name=value of a line; a value without quotes runs on over blanks, up to the next name.
_NAMED = re.compile(r'(?:^|\s)([a-z_]+)=("?)((?:(?!\s[a-z_]+=)[^"])*)$', re.IGNORECASE)


class ShellCompleter(Completer):
    """Completes for whoever speaks, so that nobody is offered what is not theirs."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Nothing: values need the database, which answers asynchronously only."""
        return ()

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        """What fits at the end of what was typed."""
        typed = document.text_before_cursor
        try:
            found = [one async for one in self._fitting(typed)]
        except Exception:  # whatever a suggestion stumbles over, the person can still type
            log.exception("no completion for what was typed")
            return
        for one in found:
            yield one

    async def _fitting(self, typed: str) -> AsyncGenerator[Completion, None]:
        if typed.startswith("!"):
            async for one in self._meta(typed):
                yield one
            return
        spelled = self._shell.program.desk.speller.read(typed)
        beyond_name = (spelled.command is not None and typed != typed.rstrip()) or "=" in typed
        if spelled.command is not None and beyond_name:
            async for one in self._values(spelled.command, typed):
                yield one
            return
        for one in self._names(typed):
            yield one

    async def _meta(self, typed: str) -> AsyncGenerator[Completion, None]:
        word, blank, rest = typed.partition(" ")
        if not blank:
            for name in META_LINES:
                if name.startswith(word):
                    yield Completion(name, start_position=-len(word))
            return
        if word == "!in":
            for place in ["dm", *await self._shell.local.channels()]:
                if place.startswith(rest):
                    yield Completion(place, start_position=-len(rest))
        elif word == "!press":
            for label in await self._shell.labels():
                if label.casefold().startswith(rest.casefold()):
                    yield Completion(label, start_position=-len(rest))

    def _names(self, typed: str) -> Iterator[Completion]:
        slash = "/" if typed.startswith("/") else ""
        bare = typed.removeprefix("/").casefold()
        commands = self._shell.program.desk.index.commands
        for name in sorted({*self._shell.program.desk.speller.names(), *OWN_WORDS}):
            if (bare and name.startswith(bare)) or (slash and not bare):
                summary = commands[name].summary if name in commands else OWN_WORDS.get(name, "")
                yield Completion(f"{slash}{name}", start_position=-len(typed), display_meta=summary)

    async def _values(self, command: Command, typed: str) -> AsyncGenerator[Completion, None]:
        named = _NAMED.search(typed)
        if named is not None:
            for choice in await self._suggested(command, named[1].casefold(), named[3]):
                value = _typable(choice)
                text = f'"{value}"' if " " in value or named[2] else value
                yield Completion(text, start_position=-len(named[2] + named[3]), display=choice.label)
            if named[2] or " " not in named[3]:
                return
        else:
            async for one in self._things(command, typed.rpartition(" ")[2]):
                yield one
        word = typed.rpartition(" ")[2]
        for parameter in command.parameters:
            if not parameter.ask.hidden and f"{parameter.name}=" not in typed and parameter.name.startswith(word):
                yield Completion(f"{parameter.name}=", start_position=-len(word), display_meta=parameter.ask.question)

    async def _things(self, command: Command, word: str) -> AsyncGenerator[Completion, None]:
        """Ids and names that can stand in the line as they are."""
        for parameter in command.parameters:
            if parameter.kind is Kind.REF or (parameter.kind is Kind.PERSON and word.startswith("@")):
                for choice in await self._suggested(command, parameter.name, word):
                    at = "@" if parameter.kind is Kind.PERSON else ""
                    yield Completion(
                        f"{at}{_typable(choice)}",
                        start_position=-len(word),
                        display=choice.label,
                        display_meta=parameter.label,
                    )

    async def _suggested(self, command: Command, name: str, typed: str) -> tuple[Choice, ...]:
        call = await self._shell.call(await self._shell.speaker())
        return await self._shell.program.desk.suggest(call, command.name, name, typed)


def _typable(choice: Choice) -> str:
    """What to type for a choice: its value, unless that is an inner name of a person."""
    return choice.label if choice.value.startswith("person:") else choice.value
