"""What somebody writes in private that is no command: "bass, Sat 28 Nov 19:30, Leeds, £220" without the slash.

Nothing is done with it unasked. Where it reads like what a command wants, the command is offered as a button; the text
waits in a draft of an hour, as an action id has no room for it, and is read again when the button is pressed.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta

from cogs.kit.action import action
from cogs.kit.ask import Kind, Parameter
from cogs.kit.call import Call
from cogs.kit.cog import Command
from cogs.kit.faults import Misread
from cogs.kit.oneline import read_line
from cogs.kit.reading import read
from cogs.kit.reply import PRIVATE, Button, Reply
from cogs.kit.words import line
from storage.records.draft import Draft
from storage.reference import instruments
from storage.work import OpenWork

#: The target under which such a text is kept; no cog has this name, so /resume passes it by.
TARGET = "desk.overheard"
_KEPT = timedelta(hours=1)
_LONGEST = 1000


class Overheard:
    """Knows which commands a plain text may be meant for."""

    def __init__(self, commands: Iterable[Command], open_work: OpenWork) -> None:
        self._commands = [command for command in commands if command.overheard is not None]
        self._open_work = open_work

    async def offer(self, call: Call, text: str) -> Reply | None:
        """Buttons for what the text may be meant for; None where it reads like nothing that can be done."""
        likely = [command for command in self._commands if self._fits(command, text, call)]
        if not likely:
            return None
        draft = Draft(
            token=secrets.token_urlsafe(9),
            person_id=call.person_id,
            place=call.place.key,
            target=TARGET,
            values={"text": text},
            made_at=call.now,
            expires_at=call.now + _KEPT,
        )
        async with self._open_work() as work:
            await work.drafts.keep(draft)
            await work.commit()
        return Reply(
            lines=(line("What shall I do with that? Nothing is posted or kept yet."),),
            buttons=tuple(
                Button(command.overheard.label, action("desk.meant", draft.token, command.key))
                for command in likely
                if command.overheard is not None
            ),
            replies=PRIVATE,
        )

    async def text_of(self, call: Call, token: str) -> str | None:
        """The text behind a button; None when it is gone, expired or somebody else's."""
        async with self._open_work(reading=True) as work:
            draft = await work.drafts.get(token, call.person_id)
        if draft is None or draft.target != TARGET or draft.expires_at <= call.now:
            return None
        return draft.values["text"]

    def _fits(self, command: Command, text: str, call: Call) -> bool:
        if command.overheard is None or len(text) > _LONGEST:
            return False
        values = read_line(command.parameters, text, call).values
        needed = [parameter for parameter in command.parameters if parameter.name in command.overheard.needs]
        return all(parameter.name in values and _reads(parameter, values[parameter.name], call) for parameter in needed)


def _reads(parameter: Parameter, value: str, call: Call) -> bool:
    """Whether a value is what the parameter wants, or leaves only a question with answers to tap."""
    if parameter.kind is Kind.ROLE and not instruments.scan(value):
        return False  # any word has an instrument that is spelled a little like it
    try:
        read(parameter, value, call)
    except Misread as fault:
        return bool(fault.choices)
    return True
