"""What is offered while somebody types an id, a repeat or a channel; both cogs of the room offer it."""

from __future__ import annotations

from collections.abc import Sequence

from cogs.kit.call import Call
from cogs.kit.form import Choice
from cogs.kit.tools import Tools
from cogs.reminders import cards, rules
from cogs.reminders.service import ReminderService


class Suggestions:
    """The methods that `Ask.suggest` names."""

    def __init__(self, tools: Tools) -> None:
        self._service = ReminderService(tools.open_work)

    async def suggest_reminders(self, call: Call, typed: str) -> Sequence[Choice]:
        """The caller's reminders, by id or words."""
        return [Choice(cards.choice(one), one.ref) for one in await self._service.suggested(call, typed)]

    async def suggest_repeats(self, call: Call, typed: str) -> Sequence[Choice]:
        """The usual ways to repeat."""
        return [Choice(one.capitalize(), one) for one in rules.REPEATS if typed.casefold() in one]

    async def suggest_channels(self, call: Call, typed: str) -> Sequence[Choice]:
        """The community's channels."""
        return [Choice(one.label[:100], one.address) for one in await self._service.channels(call, typed)][:25]
